//! An operation is a plain struct that knows its facts ([`OperationInfo`]) and
//! writes its path and body.
//!
//! The query options of an operation are traits: only the operations that declare an option implement
//! its trait, so a wrong option does not compile. If only some releases declare it, a call with it to a PBX of
//! another release fails before it is sent.

use crate::answer::Answer;

#[doc(inline)]
pub use crate::info::{Method, OperationInfo, OperationKind, Variant};
#[doc(inline)]
pub use crate::message::RequestParts;

/// One operation of the XAPI with the values it needs, ready to be sent through
/// [`Client::request`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.request).
///
/// Every operation in this crate is generated. Implement the trait yourself for a route that the
/// crate does not know yet.
pub trait Operation: Send + Sync + 'static {
    /// What a successful call yields.
    type Output: Answer;

    /// The facts of the operation that don't depend on its values.
    const INFO: OperationInfo;

    /// Writes path and body. Called once for every request that is prepared.
    ///
    /// The generated ones are `#[inline]`: what a body takes to write is compiled where an operation is
    /// used, and not for all of them here.
    fn write(&self, request: &mut RequestParts);
}

/// The operation declares `$filter`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query option `$filter`",
    label = "3CX does not declare `$filter` for `{Self}`"
)]
pub trait Filterable: Operation {
    /// The entity whose properties the filter may name.
    type Entity;
}

/// The operation declares `$select`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query option `$select`",
    label = "3CX does not declare `$select` for `{Self}`"
)]
pub trait Selectable: Operation {
    /// The entity whose properties may be selected.
    type Entity;
}

/// The operation declares `$expand`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query option `$expand`",
    label = "3CX does not declare `$expand` for `{Self}`"
)]
pub trait Expandable: Operation {
    /// The entity whose navigation properties may be expanded.
    type Entity;
}

/// The operation declares `$orderby`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query option `$orderby`",
    label = "3CX does not declare `$orderby` for `{Self}`"
)]
pub trait Orderable: Operation {
    /// The entity whose properties the answer may be ordered by.
    type Entity;
}

/// The operation declares `$search`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query option `$search`",
    label = "3CX does not declare `$search` for `{Self}`"
)]
pub trait Searchable: Operation {}

/// The operation declares `$count`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query option `$count`",
    label = "3CX does not declare `$count` for `{Self}`"
)]
pub trait Countable: Operation {}

/// The operation declares `$top` and `$skip`.
#[diagnostic::on_unimplemented(
    message = "the operation `{Self}` does not have the query options `$top` and `$skip`",
    label = "3CX does not declare `$top` and `$skip` for `{Self}`"
)]
pub trait Pageable: Operation {}

/// The operation declares the header `If-Match`.
pub trait Conditional: Operation {}

/// The operation is a PATCH of an entity: what is absent stays, what is `null` is cleared.
pub trait Updatable: Operation {
    /// The entity whose properties may be cleared.
    type Entity;
}
