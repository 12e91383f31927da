//! What generated code uses of the runtime. Programs use the same items by the paths that the
//! documentation of this crate shows.

pub use crate::answer::{Page, Retyped, Value};
pub use crate::client::Client;
pub use crate::download::Download;
pub use crate::edm::{Date, DateTimeOffset, Decimal, Double, Duration, Guid, Single, TimeOfDay};
pub(crate) use crate::entity::entity_serde;
pub use crate::entity::{Kept, Keyed, Properties, PropertyReader, Table};
pub(crate) use crate::enumeration::enumeration_serde;
pub use crate::enumeration::{Enumeration, Flags};
pub use crate::info::{EntityInfo, Method, OperationInfo, OperationKind, Variant};
pub use crate::message::RequestParts;
pub use crate::operation::{
    Conditional, Countable, Expandable, Filterable, Operation, Orderable, Pageable, Searchable,
    Selectable, Updatable,
};
pub use crate::property::{Navigation, Property};
pub use crate::release::{Release, Releases};
pub use crate::request::Request;

/// The list of items that a caller gives, each as what converts into it.
pub fn list<T>(items: impl IntoIterator<Item: Into<T>>) -> Vec<T> {
    items.into_iter().map(Into::into).collect()
}
