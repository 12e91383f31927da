//! The types of values, their limits, and what documents tell of them.

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
    /// `Edm.Date`
    Date,
    /// `Edm.TimeOfDay`
    TimeOfDay,
    /// `Edm.Guid`
    Guid,
    /// `Edm.Binary`: Base64 as text.
    Binary,
    /// One value of an enumeration, by wire name.
    Enumeration(String),
    /// Values of an enumeration of flags, by wire name.
    Flags(String),
    /// An entity or complex type, by wire name.
    Entity(String),
    /// A collection.
    Collection(Box<Type>),
    /// An item of a collection that may be null.
    Nullable(Box<Type>),
    /// The type that came later, and the one that was there first. Only a union has it ([`Type::over`]).
    Changed(Box<Type>, Box<Type>),
}

impl Type {
    /// The type of an element: itself unless it is a collection.
    pub fn element(&self) -> &Self {
        match self {
            Self::Collection(of) | Self::Nullable(of) => of.element(),
            other => other,
        }
    }

    /// The number of collections in each other.
    pub(crate) fn lists(&self) -> usize {
        match self {
            Self::Collection(of) => 1 + of.lists(),
            Self::Nullable(of) => of.lists(),
            _ => 0,
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
            Self::Date => "Edm.Date",
            Self::TimeOfDay => "Edm.TimeOfDay",
            Self::Guid => "Edm.Guid",
            Self::Binary => "Edm.Binary",
            Self::Enumeration(name) | Self::Flags(name) | Self::Entity(name) => name,
            Self::Collection(of) => return format!("Collection({})", of.edm()),
            Self::Nullable(of) => return of.edm(),
            Self::Changed(current, former) => {
                return format!("{} or {}", current.edm(), former.edm());
            }
        };
        name.to_owned()
    }
}

/// The limits that a document sets to the values of a type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The longest string.
    pub max_length: Option<usize>,
    /// The value that the PBX takes if none is given.
    pub default: Option<serde_json::Value>,
}

/// What a document tells its readers of a value. None of it changes what is sent or read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    /// Whether callers should do without it.
    pub deprecated: bool,
    /// Whether it is read or written alone.
    pub access: Access,
    /// The values that the document lists for it.
    pub listed: Vec<String>,
}

/// The direction in which a value goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// In answers and in requests.
    #[default]
    Both,
    /// In answers alone.
    Read,
    /// In requests alone.
    Write,
}

/// The properties of an entity that the document does not name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Others {
    /// It has none.
    None,
    /// Any.
    Any,
    /// Properties of this type.
    Of(Type),
}

/// The name of a type without its namespace.
pub fn local_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
