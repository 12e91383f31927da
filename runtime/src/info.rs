//! The facts of operations and entities, as plain data.

use std::fmt;

use crate::release::Releases;

/// Where the service is, as the API document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The path of the service below the host, such as `/xapi/v1`.
    pub root: &'static str,
    /// The path below the host where the client asks for tokens, such as `/connect/token`.
    pub token_path: &'static str,
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
    /// The variants of the operation, the newest first; empty if it never changed. The PBX's release
    /// decides which of them the client sends.
    pub variants: &'static [Variant],
}

/// One way in which an operation is called in some releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variant {
    /// The HTTP method.
    pub method: Method,
    /// The route template below `/xapi/v1`.
    pub route: &'static str,
    /// The releases that take this variant. If two documents of one release differ, two variants may
    /// have that release.
    pub releases: Releases,
    /// Whether the PBX answers this variant with the second type of a
    /// [`Retyped`](crate::answer::Retyped) answer, as older releases do.
    pub former_answer: bool,
    /// The query options, and `If-Match`, that other variants declare and this one does not. A call that
    /// sets one of them is refused before it is sent.
    pub undeclared: &'static [&'static str],
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
        Self {
            id,
            resource,
            kind,
            method,
            route,
            file: false,
            releases: Releases::ALL,
            variants: &[],
        }
    }

    /// The same facts for an operation that answers with a file.
    #[must_use]
    pub const fn with_file(mut self) -> Self {
        self.file = true;
        self
    }

    /// The same facts for an operation that only these releases have.
    #[must_use]
    pub const fn in_releases(mut self, releases: Releases) -> Self {
        self.releases = releases;
        self
    }

    /// The same facts for an operation that has changed: its variants, the newest first.
    #[must_use]
    pub const fn with_variants(mut self, variants: &'static [Variant]) -> Self {
        self.variants = variants;
        self
    }
}

impl Variant {
    /// A variant with the answer of the newest one, which declares all query options of the others.
    #[must_use]
    pub const fn new(method: Method, route: &'static str, releases: Releases) -> Self {
        Self { method, route, releases, former_answer: false, undeclared: &[] }
    }

    /// The same variant, answered with the second type of a [`Retyped`](crate::answer::Retyped) answer.
    #[must_use]
    pub const fn with_former_answer(mut self) -> Self {
        self.former_answer = true;
        self
    }

    /// The same variant, without these query options of the others.
    #[must_use]
    pub const fn without(mut self, undeclared: &'static [&'static str]) -> Self {
        self.undeclared = undeclared;
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
    /// Replaces the whole entity: properties that are not sent get their defaults.
    Replace,
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
            Self::Replace => "replace",
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

/// The facts of an entity as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EntityInfo {
    /// The name in the API's schema, such as `Pbx.User`.
    pub name: &'static str,
    /// The wire names of all properties, sorted by their bytes.
    pub properties: &'static [&'static str],
    /// The wire name of the key property, for what is in a set of its own.
    pub key: Option<&'static str>,
    /// The wire names of the properties whose values `Debug` does not show.
    pub secrets: &'static [&'static str],
    /// Whether the API lets the entity have properties of any name, so that none is mistyped.
    pub is_open: bool,
}

impl EntityInfo {
    /// Facts for an entity without a key and secrets, which has these properties alone.
    #[must_use]
    pub const fn new(name: &'static str, properties: &'static [&'static str]) -> Self {
        Self { name, properties, key: None, secrets: &[], is_open: false }
    }

    /// The same facts for an entity with this key.
    #[must_use]
    pub const fn with_key(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// The same facts for an entity with these secrets.
    #[must_use]
    pub const fn with_secrets(mut self, secrets: &'static [&'static str]) -> Self {
        self.secrets = secrets;
        self
    }

    /// The same facts for an entity that may have properties of any name.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.is_open = true;
        self
    }
}
