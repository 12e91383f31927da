//! What an operation is: a plain struct that knows its facts ([`OperationInfo`]) and writes its
//! path and body.

mod parts;

use std::fmt;

use crate::answer::Answer;
use crate::release::Releases;

pub(crate) use parts::Options;
pub use parts::RequestParts;

/// One operation of the XAPI with the values it needs, ready to be sent through
/// [`Client::request`](crate::Client::request).
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

/// The facts of an operation as the API document declares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The operationId, e.g. `ListUser`.
    pub id: &'static str,
    /// The resource the operation belongs to, e.g. `Users`.
    pub resource: &'static str,
    /// What the operation does to the resource.
    pub kind: OperationKind,
    /// The HTTP method.
    pub method: Method,
    /// The route template below `/xapi/v1`, e.g. `/Users({Id})`.
    pub route: &'static str,
    /// Whether the answer is a file: it is then handed out as a [`Download`](crate::Download).
    pub file: bool,
    /// The releases that have the operation.
    pub releases: Releases,
    /// The forms that the operation has had, the newest first; empty where it never changed. The PBX's
    /// release decides which of them is sent.
    pub forms: &'static [Form],
}

/// How an operation is called in some releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Form {
    /// The HTTP method.
    pub method: Method,
    /// The route template below `/xapi/v1`.
    pub route: &'static str,
    /// The releases that take this form. Where two documents of one release differ, two forms may
    /// have it.
    pub releases: Releases,
    /// Whether it is answered as older releases do: with the second type of a
    /// [`Retyped`](crate::Retyped) answer.
    pub former_answer: bool,
}

impl OperationInfo {
    /// Facts for an operation of every release, whose answer is not a file.
    #[must_use]
    pub const fn new(
        id: &'static str,
        resource: &'static str,
        kind: OperationKind,
        method: Method,
        route: &'static str,
    ) -> Self {
        Self { id, resource, kind, method, route, file: false, releases: Releases::ALL, forms: &[] }
    }

    /// The same facts for an operation that answers with a file.
    #[must_use]
    pub const fn with_file(mut self) -> Self {
        self.file = true;
        self
    }
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationKind {
    /// Reads a collection.
    List,
    /// Reads one entity.
    Get,
    /// Creates an entity.
    Create,
    /// Changes the properties that are sent.
    Update,
    /// Removes an entity.
    Delete,
    /// Reads what an entity refers to.
    Navigation,
    /// An OData function: reads, with its parameters in the path.
    Function,
    /// An OData action: may change something, with its parameters in the body.
    Action,
}

impl OperationKind {
    /// The kind in lower case, as the catalog shows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Navigation => "navigation",
            Self::Function => "function",
            Self::Action => "action",
        }
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An HTTP method that the XAPI uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PATCH`
    Patch,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// The method as it stands in the request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether the method only reads, so that sending it twice changes nothing.
    #[must_use]
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }

    /// Whether HTTP defines that sending it twice has the effect of sending it once: all but POST
    /// and PATCH.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
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
    message = "the operation `{Self}` does not have the query option `$top` and `$skip`",
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
