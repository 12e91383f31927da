//! The model: the API in a small vocabulary of our own, in the terms of Edm, OData's entity data model.
//!
//! Only this module and the ones below it know OpenAPI, and [`crate::track`], which writes the model
//! back as a document. [`read()`] makes the model from a document.

use std::collections::BTreeMap;

mod changes;
mod key;
mod marks;
mod named;
mod operation;
mod primitive;
mod read;
mod schema;
mod seen;

pub(crate) use marks::{ABSENT, FORMER, PREDECESSORS, RELEASES, SINCE, UNTIL, VALUES};
pub use read::{Summary, read};
pub use seen::{Bounds, DocumentId, History, Seen};

/// Everything that a client needs to know of the XAPI, as one document or a union has it. Where the
/// documents of a union differ, the newest leads and the former variants stand beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Api {
    /// The documents that the API was made from, the oldest first. A vendor document doesn't say its
    /// release, so this is empty when only one was read.
    pub documents: Vec<DocumentId>,
    /// The path below the host: `/xapi/v1`.
    pub service_root: String,
    /// The OAuth2 flows as the document has them, without their prose.
    pub security_schemes: BTreeMap<String, serde_json::Value>,
    /// All operations, by operationId.
    pub operations: BTreeMap<String, History<Operation>>,
    /// Entity and complex types, by wire name.
    pub entities: BTreeMap<String, Entity>,
    /// Enumerations, by wire name.
    pub enumerations: BTreeMap<String, Enumeration>,
    /// Named primitive types, by wire name.
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
        let in_key = is_key && first.contains(&format!("{{{}}}", parameter.name));
        parameter.nullable && !in_key
    }

    /// Whether it returns a file: a GET function that returns `Pbx.IActionResult` or is named
    /// Download… or Export….
    pub fn is_file(&self) -> bool {
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
            Self::Delete => "delete",
            Self::Navigation => "navigation",
            Self::Function => "function",
            Self::Action => "action",
        }
    }
}

/// A route: text with the places of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// As the document writes it: `/Users({Id})/Pbx.Regenerate`.
    pub template: String,
    /// The template taken apart.
    pub parts: Vec<RoutePart>,
}

/// A piece of a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoutePart {
    /// Sent as it is.
    Text(String),
    /// The literal of the parameter with this name.
    Parameter(String),
}

impl Route {
    /// The segments of the path: `Users({Id})`, `Pbx.Regenerate`.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.template.split('/').filter(|segment| !segment.is_empty())
    }

    /// The name of the OData function or action at its end, without namespace and parameters.
    pub fn function(&self) -> Option<&str> {
        let last = self.segments().next_back()?;
        let name = last.split('(').next()?;
        name.strip_prefix("Pbx.").or((self.segments().count() == 1).then_some(name))
    }

    /// The names of the alternate key of its first segment: `Number` in `/Users(Number={Number})`.
    pub fn alternate_key(&self) -> Vec<&str> {
        let first = self.segments().next().unwrap_or_default();
        let arguments = first.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        arguments.split(',').filter_map(|one| Some(one.split_once('=')?.0)).collect()
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
    /// The longest string it takes.
    pub max_length: Option<usize>,
    /// The default that the document states.
    pub default: Option<bool>,
    /// The entity that it is the key of.
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
        /// The default that the document states.
        default: Option<bool>,
        /// Whether the document declares the value without the object around it. Documents do so for
        /// enumerations, although OData puts every value into `{"value": …}`.
        bare: bool,
    },
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
    /// Whether it takes properties that the document does not name.
    pub open: bool,
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
    /// The longest string it takes.
    pub max_length: Option<usize>,
    /// The default that the document states.
    pub default: Option<bool>,
}

/// A type in Edm's terms. Integers are in the order of their width.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `Edm.Boolean`
    Boolean,
    /// `Edm.Byte`
    Byte,
    /// `Edm.Int32`
    Int32,
    /// `Edm.Int64`
    Int64,
    /// `Edm.Decimal`
    Decimal,
    /// `Edm.Single`, with infinities and NaN
    Single,
    /// `Edm.Double`, with infinities and NaN
    Double,
    /// `Edm.String`
    String,
    /// `Edm.DateTimeOffset`
    DateTimeOffset,
    /// `Edm.Duration`
    Duration,
    /// `Edm.TimeOfDay`
    TimeOfDay,
    /// `Edm.Guid`
    Guid,
    /// One value of an enumeration, by wire name.
    Enumeration(String),
    /// Values of an enumeration of flags, by wire name.
    Flags(String),
    /// An entity or complex type, by wire name.
    Entity(String),
    /// A collection.
    Collection(Box<Type>),
    /// The type that came later, and the one that was there first. Only a union has it ([`Type::over`]).
    Changed(Box<Type>, Box<Type>),
}

impl Type {
    /// The type of an element: itself unless it is a collection.
    pub fn element(&self) -> &Self {
        match self {
            Self::Collection(of) => of.element(),
            other => other,
        }
    }

    /// The name that OData has for it: `Edm.Int32`, `Collection(Pbx.User)`.
    pub fn edm(&self) -> String {
        let name = match self {
            Self::Boolean => "Edm.Boolean",
            Self::Byte => "Edm.Byte",
            Self::Int32 => "Edm.Int32",
            Self::Int64 => "Edm.Int64",
            Self::Decimal => "Edm.Decimal",
            Self::Single => "Edm.Single",
            Self::Double => "Edm.Double",
            Self::String => "Edm.String",
            Self::DateTimeOffset => "Edm.DateTimeOffset",
            Self::Duration => "Edm.Duration",
            Self::TimeOfDay => "Edm.TimeOfDay",
            Self::Guid => "Edm.Guid",
            Self::Enumeration(name) | Self::Flags(name) | Self::Entity(name) => name,
            Self::Collection(of) => return format!("Collection({})", of.edm()),
            Self::Changed(current, former) => {
                return format!("{} or {}", current.edm(), former.edm());
            }
        };
        name.to_owned()
    }
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
    /// The documents that have it.
    pub seen: Seen,
    /// The wire names that it had before; only [`crate::renamed`] finds them.
    pub former_names: Vec<String>,
}
