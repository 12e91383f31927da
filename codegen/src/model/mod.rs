//! The model: the API in a small vocabulary of our own, in the terms of Edm, OData's entity data model.
//!
//! Only this module and the ones below it know OpenAPI, and [`crate::track`], which writes the model
//! back as a document. [`read()`] makes the model from a document.

use std::collections::BTreeMap;

mod changes;
mod key;
mod kind;
mod marks;
mod named;
mod newest;
mod operation;
mod primitive;
mod read;
mod route;
mod schema;
mod seen;
mod service;
#[cfg(test)]
mod tests;
mod typed;
mod types;
mod value;

pub(crate) use marks::{ABSENT, ALIAS, BASE, FORMER, PREDECESSORS, RELEASES, SINCE, UNTIL, VALUES};
pub use read::{Summary, read};
pub use route::{Route, RoutePart};
pub use seen::{Bounds, DocumentId, History, Seen};
pub use types::{Access, Limits, Notes, Others, Type, local_name};

/// Everything that a client needs to know of the XAPI, as one document or a union has it. Where the
/// documents of a union differ, the newest leads and the former variants stand beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// The documents that the API was made from, the oldest first. A vendor document doesn't say its
    /// release, so this is empty when only one was read.
    pub documents: Vec<DocumentId>,
    /// The path below the host: `/xapi/v1`.
    pub service_root: String,
    /// The path below the host where the client asks for tokens: `/connect/token`.
    pub token_path: String,
    /// The OAuth2 flows as the document has them, without their prose.
    pub security_schemes: BTreeMap<String, serde_json::Value>,
    /// All operations, by operationId.
    pub operations: BTreeMap<String, History<Operation>>,
    /// Entity and complex types, by wire name.
    pub entities: BTreeMap<String, Entity>,
    /// Enumerations, by wire name.
    pub enumerations: BTreeMap<String, Enumeration>,
    /// Other names of types that are no entities of their own, by wire name.
    pub aliases: BTreeMap<String, History<Type>>,
}

/// One operation of the API, in one of its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The operationId.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// Where it is, and what of it is a parameter.
    pub route: Route,
    /// The first segment of the route; the tag for imports at the root.
    pub resource: String,
    /// What it does.
    pub kind: OperationKind,
    /// The parameters of its route, in the route's order.
    pub parameters: Vec<Parameter>,
    /// The OData query options it declares.
    pub options: Vec<QueryOption>,
    /// Whether it declares the `If-Match` header.
    pub if_match: bool,
    /// What a call carries.
    pub body: Option<Body>,
    /// What a call returns.
    pub answer: Answer,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
}

impl Operation {
    /// The wire names of its route's parameters and of its action's, each with its type and whether it
    /// may be left out.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Type, bool)> {
        let path = self.parameters.iter();
        let path = path.map(|it| (it.name.as_str(), &it.ty, self.is_optional(it)));
        let body = match &self.body {
            Some(Body::Parameters { properties, .. }) => properties.as_slice(),
            _ => &[],
        };
        path.chain(body.iter().map(|it| (it.name.as_str(), &it.ty, it.nullable)))
    }

    /// Whether a parameter may be left out: it is nullable, and no key.
    pub fn is_optional(&self, parameter: &Parameter) -> bool {
        let first = self.route.segments().next().unwrap_or_default();
        let is_key = self.kind != OperationKind::Function || self.route.segments().count() > 1;
        let mut parameters = first.split(['{', '}']).skip(1).step_by(2);
        let in_key = is_key && parameters.any(|name| name == parameter.name);
        parameter.nullable && !in_key
    }

    /// Whether it returns a file: a GET function that returns `Pbx.IActionResult` or is named
    /// Download… or Export…, or whose answer is declared as bytes.
    pub fn is_file(&self) -> bool {
        if self.answer == Answer::File {
            return true;
        }
        let result =
            matches!(&self.answer, Answer::Object { entity, .. } if entity == "Pbx.IActionResult");
        let name = self.route.function().unwrap_or_default();
        self.method == Method::Get
            && self.kind == OperationKind::Function
            && (result || name.starts_with("Download") || name.starts_with("Export"))
    }
}

/// The HTTP methods that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PATCH
    Patch,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Method {
    /// Every method, in the order in which a path has them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Put, Self::Post, Self::Delete, Self::Patch];

    /// As it stands in a request.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What an operation does; for all but functions and actions, read from the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OperationKind {
    /// `GET /X` that returns a collection.
    List,
    /// `GET /X(key)`, or `GET /X` of a singleton.
    Get,
    /// `POST /X`
    Create,
    /// `PATCH /X(key)`, or `PATCH /X` of a singleton.
    Update,
    /// `PUT /X(key)`, or `PUT /X` of a singleton.
    Replace,
    /// `DELETE /X(key)`
    Delete,
    /// `GET /X(key)/Y`
    Navigation,
    /// An OData function: GET, changes nothing.
    Function,
    /// An OData action: POST.
    Action,
}

impl OperationKind {
    /// As it is listed.
    pub fn as_str(self) -> &'static str {
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

/// A parameter of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The wire name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be left out; a string is then written `''`.
    pub nullable: bool,
    /// The limits of its values.
    pub limits: Limits,
    /// What the document tells its readers of it.
    pub notes: Notes,
    /// The entity that it is the key of, without its namespace.
    pub key_of: Option<String>,
}

/// An OData query option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum QueryOption {
    /// `$filter`
    Filter,
    /// `$search`
    Search,
    /// `$orderby`
    OrderBy,
    /// `$select`
    Select,
    /// `$expand`
    Expand,
    /// `$count`
    Count,
    /// `$top`
    Top,
    /// `$skip`
    Skip,
}

impl QueryOption {
    /// Every option, in the order in which documents are written.
    pub const ALL: [Self; 8] = [
        Self::Filter,
        Self::Search,
        Self::OrderBy,
        Self::Select,
        Self::Expand,
        Self::Count,
        Self::Top,
        Self::Skip,
    ];

    /// As it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Filter => "$filter",
            Self::Search => "$search",
            Self::OrderBy => "$orderby",
            Self::Select => "$select",
            Self::Expand => "$expand",
            Self::Count => "$count",
            Self::Top => "$top",
            Self::Skip => "$skip",
        }
    }
}

/// What a call of an operation carries.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// An entity.
    Entity {
        /// Its wire name.
        entity: String,
        /// Whether the document requires it.
        required: bool,
    },
    /// The parameters of an action.
    Parameters {
        /// In the document's order.
        properties: Vec<Property>,
        /// Whether the document requires it.
        required: bool,
    },
}

/// What a call of an operation returns when all went well.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Nothing (204).
    Nothing,
    /// One entity or complex value, flat.
    Object {
        /// Its wire name.
        entity: String,
        /// Whether the PBX may return nothing instead.
        nullable: bool,
        /// 200 or 201.
        status: u16,
    },
    /// `{"value": […]}`
    Collection {
        /// The type of each.
        of: Type,
    },
    /// `{"value": …}`
    Value {
        /// The type of the value.
        ty: Type,
        /// Whether it may be null.
        nullable: bool,
        /// The limits of the value.
        limits: Limits,
        /// Whether the document declares the value without the object around it. Documents do so for
        /// enumerations, although OData puts every value into `{"value": …}`.
        bare: bool,
    },
    /// Bytes, of whatever media type.
    File,
}

/// An entity or complex type, flattened: with the properties of all its bases.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// The wire name, `Pbx.User`.
    pub name: String,
    /// The type it derives from.
    pub base: Option<String>,
    /// All properties by wire name.
    pub properties: BTreeMap<String, History<Property>>,
    /// The properties beside these that it takes.
    pub others: Others,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// The documents that have it.
    pub seen: Seen,
    /// The wire names that it had before; only [`crate::renamed`] finds them.
    pub former_names: Vec<String>,
}

/// A property of an entity or of an action's body.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The wire name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it leads to other entities, and is absent unless expanded.
    pub navigation: bool,
    /// Whether every answer has it.
    pub required: bool,
    /// The limits of its values.
    pub limits: Limits,
    /// What the document tells its readers of it.
    pub notes: Notes,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// The wire name, `Pbx.PeerType`.
    pub name: String,
    /// Its values, each with the documents that have it.
    pub values: BTreeMap<String, Seen>,
    /// Whether a value may be several of them, joined by commas.
    pub flags: bool,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// The documents that have it.
    pub seen: Seen,
    /// The wire names that it had before; only [`crate::renamed`] finds them.
    pub former_names: Vec<String>,
}
