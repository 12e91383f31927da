//! What generated code uses of the runtime. Programs use the same items by the paths that the
//! documentation of this crate shows.

#![allow(unused_imports, reason = "a document needs some of these, and another one others")]

pub(crate) use threecx_xapi_runtime::answer::{Page, Retyped, Value};
pub(crate) use threecx_xapi_runtime::download::Download;
pub(crate) use threecx_xapi_runtime::edm::{
    Date, DateTimeOffset, Decimal, Double, Duration, Guid, Single, TimeOfDay,
};
pub(crate) use threecx_xapi_runtime::entity::{
    EntityInfo, Kept, Keyed, Properties, PropertyReader, Table,
};
pub(crate) use threecx_xapi_runtime::entity_serde;
pub(crate) use threecx_xapi_runtime::enumeration::{Enumeration, Flags};
pub(crate) use threecx_xapi_runtime::enumeration_serde;
pub(crate) use threecx_xapi_runtime::message::RequestParts;
pub(crate) use threecx_xapi_runtime::operation::{
    Conditional, Countable, Expandable, Filterable, Method, Operation, OperationInfo,
    OperationKind, Orderable, Pageable, Searchable, Selectable, Updatable, Variant,
};
pub(crate) use threecx_xapi_runtime::property::{Navigation, Property};
pub(crate) use threecx_xapi_runtime::release::{Release, Releases};

pub(crate) use crate::client::Client;
pub(crate) use crate::request::Request;

/// The list of items that a caller gives, each as what converts into it.
pub(crate) fn list<T>(items: impl IntoIterator<Item: Into<T>>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}
