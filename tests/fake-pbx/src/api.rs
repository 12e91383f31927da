//! The API as one document has it: its types, its operations, its collections.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::facts::{self, Call, Facts};

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// One of Edm's own, without the namespace.
    Primitive(Primitive),
    /// An entity or an enumeration, `Pbx.User`.
    Named(String),
    Collection(Box<Type>),
}

/// The types of Edm that the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Boolean,
    Byte,
    Int32,
    Int64,
    Decimal,
    Single,
    Double,
    String,
    DateTimeOffset,
    Duration,
    Date,
    TimeOfDay,
    Guid,
    Binary,
}

const PRIMITIVES: [(&str, Primitive); 14] = [
    ("Boolean", Primitive::Boolean),
    ("Byte", Primitive::Byte),
    ("Int32", Primitive::Int32),
    ("Int64", Primitive::Int64),
    ("Decimal", Primitive::Decimal),
    ("Single", Primitive::Single),
    ("Double", Primitive::Double),
    ("String", Primitive::String),
    ("DateTimeOffset", Primitive::DateTimeOffset),
    ("Duration", Primitive::Duration),
    ("Date", Primitive::Date),
    ("TimeOfDay", Primitive::TimeOfDay),
    ("Guid", Primitive::Guid),
    ("Binary", Primitive::Binary),
];

impl Type {
    fn parse(text: &str) -> Self {
        if let Some(of) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            return Self::Collection(Box::new(Self::parse(of)));
        }
        match PRIMITIVES.iter().find(|(name, _)| *name == text) {
            Some((_, primitive)) => Self::Primitive(*primitive),
            None => Self::Named(text.to_owned()),
        }
    }

    /// The type of an element: itself unless it is a collection.
    pub(super) fn element(&self) -> &Self {
        match self {
            Self::Collection(of) => of.element(),
            other => other,
        }
    }

    /// OData's name: `Edm.Int32`, `Collection(Pbx.User)`.
    pub(super) fn edm(&self) -> String {
        match self {
            Self::Primitive(it) => {
                let found = PRIMITIVES.iter().find(|(_, known)| known == it);
                format!("Edm.{}", found.map_or("Untyped", |(name, _)| name))
            }
            Self::Named(name) => name.clone(),
            Self::Collection(of) => format!("Collection({})", of.edm()),
        }
    }
}

/// A property of an entity, or a parameter.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) ty: Type,
    /// Whether it may be null.
    pub(super) nullable: bool,
    /// Whether it is absent unless expanded.
    pub(super) navigation: bool,
}

impl Property {
    /// Reads `[Pbx.UserGroup]~` or `String?`.
    fn parse(text: &str) -> Self {
        let (text, navigation) = match text.strip_suffix('~') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (text, nullable) = match text.strip_suffix('?') {
            Some(text) => (text, true),
            None => (text, false),
        };
        Self { ty: Type::parse(text), nullable, navigation }
    }
}

/// Properties or parameters by name.
pub(super) type Properties = BTreeMap<String, Property>;

#[derive(Debug)]
pub(super) struct Entity {
    /// `Pbx.User`
    pub(super) name: String,
    pub(super) properties: Properties,
    /// Whether it takes properties beside these.
    pub(super) open: bool,
}

impl Entity {
    /// What the PBX says of a property that it doesn't know.
    pub(super) fn unknown(&self, name: &str) -> String {
        format!("Could not find a property named '{name}' on type '{}'.", self.name)
    }
}

#[derive(Debug)]
pub(super) struct Enumeration {
    values: BTreeSet<String>,
    flags: bool,
}

impl Enumeration {
    /// Whether a text is one of its values, or several where that is allowed.
    pub(super) fn has(&self, text: &str) -> bool {
        match self.flags {
            true => text.split(',').all(|value| self.values.contains(value.trim())),
            false => self.values.contains(text),
        }
    }
}

/// A part of a route: a name, and what stands in its parentheses.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    /// The names before the `=` and the parameters behind it; none if there are no parentheses.
    pub(super) arguments: Option<Vec<(Option<String>, String)>>,
}

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    List,
    Get,
    Create,
    Update,
    Replace,
    Delete,
    Navigation,
    Function,
    Action,
}

const KINDS: [(&str, Kind); 9] = [
    ("list", Kind::List),
    ("get", Kind::Get),
    ("create", Kind::Create),
    ("update", Kind::Update),
    ("replace", Kind::Replace),
    ("delete", Kind::Delete),
    ("navigation", Kind::Navigation),
    ("function", Kind::Function),
    ("action", Kind::Action),
];

/// What an operation answers with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Nothing,
    Object(String),
    Collection(Type),
    Value,
    File,
}

#[derive(Debug)]
pub(super) struct Operation {
    pub(super) method: String,
    /// `/Users({Id})/Pbx.Regenerate`
    pub(super) route: String,
    pub(super) parts: Vec<Part>,
    pub(super) kind: Kind,
    pub(super) parameters: Properties,
    /// The entity that a call carries.
    pub(super) body: Option<String>,
    /// The parameters of an action; none if it has no body.
    pub(super) arguments: Option<Properties>,
    pub(super) answer: Answer,
}

impl Operation {
    /// None if what the operation does is not known here.
    fn of(call: &Call) -> Option<Self> {
        let (method, route) = call.call.split_once(' ')?;
        let properties = |all: &BTreeMap<String, String>| {
            all.iter().map(|(name, text)| (name.clone(), Property::parse(text))).collect()
        };
        Some(Self {
            method: method.to_owned(),
            route: route.to_owned(),
            parts: route.trim_start_matches('/').split('/').map(part).collect(),
            kind: KINDS.iter().find(|(name, _)| *name == call.kind)?.1,
            parameters: properties(&call.parameters),
            body: call.body.clone(),
            arguments: call.arguments.as_ref().map(properties),
            answer: answer(call.answer.as_deref()),
        })
    }

    /// The first part's name: `Users`.
    pub(super) fn resource(&self) -> &str {
        self.parts.first().map_or("", |part| part.name.as_str())
    }

    /// The name of its function or action without the namespace: `MakeCall`.
    pub(super) fn function(&self) -> &str {
        let last = self.parts.last().map_or("", |part| part.name.as_str());
        last.strip_prefix("Pbx.").unwrap_or(last)
    }
}

fn part(text: &str) -> Part {
    let Some((name, inside)) = text.split_once('(') else {
        return Part { name: text.to_owned(), arguments: None };
    };
    let inside = inside.trim_end_matches(')').split(',').filter(|it| !it.is_empty());
    let arguments = inside.map(|argument| {
        let (name, parameter) = match argument.split_once('=') {
            Some((name, parameter)) => (Some(name.to_owned()), parameter),
            None => (None, argument),
        };
        (name, parameter.trim_matches(['{', '}']).to_owned())
    });
    Part { name: name.to_owned(), arguments: Some(arguments.collect()) }
}

fn answer(text: Option<&str>) -> Answer {
    match text.map(|text| text.trim_end_matches('?')) {
        None => Answer::Nothing,
        Some("file") => Answer::File,
        Some(text) if text.starts_with("value ") || text.starts_with("bare ") => Answer::Value,
        Some(text) => match Type::parse(text) {
            Type::Collection(of) => Answer::Collection(*of),
            _ => Answer::Object(text.to_owned()),
        },
    }
}

/// A collection of entities.
#[derive(Debug, Default)]
pub(super) struct Set {
    pub(super) entity: String,
    /// The property that is its key; none if no operation names one.
    pub(super) key: Option<String>,
}

/// The API of one document.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) entities: BTreeMap<String, Entity>,
    pub(super) enumerations: BTreeMap<String, Enumeration>,
    pub(super) operations: Vec<Operation>,
    pub(super) sets: BTreeMap<String, Set>,
    /// The entities of singletons.
    pub(super) singletons: BTreeMap<String, String>,
}

impl Api {
    /// The API of the document at a place, made once.
    pub(super) fn at(place: usize) -> io::Result<Arc<Self>> {
        static MADE: Mutex<BTreeMap<usize, Arc<Api>>> = Mutex::new(BTreeMap::new());
        let facts = facts::facts()?;
        let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
        let api = made.entry(place).or_insert_with(|| Arc::new(Self::of(facts, place)));
        Ok(Arc::clone(api))
    }

    fn of(facts: &Facts, place: usize) -> Self {
        let entities = facts.entities.iter().map(|(name, properties)| {
            let properties = properties.iter().filter_map(|(name, variants)| {
                let text = variants.split(" | ").find_map(|variant| facts::at(variant, place))?;
                Some((name.clone(), Property::parse(text)))
            });
            let open = facts.open.contains(name);
            let entity = Entity { name: name.clone(), properties: properties.collect(), open };
            (name.clone(), entity)
        });
        let enumerations = facts.enumerations.iter().map(|(name, values)| {
            let values = values.iter().filter_map(|value| facts::at(value, place));
            let values = values.map(str::to_owned).collect();
            (name.clone(), Enumeration { values, flags: facts.flags.contains(name) })
        });
        let calls = facts.operations.values().flatten();
        let calls = calls.filter(|call| facts::has(&call.documents, place));
        let mut api = Self {
            entities: entities.collect(),
            enumerations: enumerations.collect(),
            operations: calls.filter_map(Operation::of).collect(),
            sets: BTreeMap::new(),
            singletons: BTreeMap::new(),
        };
        api.find_collections();
        api
    }

    /// Learns from the operations what the collections and singletons hold.
    fn find_collections(&mut self) {
        for operation in &self.operations {
            let [part, rest @ ..] = operation.parts.as_slice() else { continue };
            let key = match part.arguments.as_deref() {
                Some([(None, parameter)]) => Some(parameter),
                _ => None,
            };
            let entity = match (&operation.answer, operation.kind) {
                (Answer::Collection(Type::Named(entity)), Kind::List) => Some(entity),
                (Answer::Object(entity), Kind::Get) if part.arguments.is_some() => Some(entity),
                (Answer::Object(entity), Kind::Get) => {
                    self.singletons.insert(part.name.clone(), entity.clone());
                    None
                }
                (_, Kind::Create) => operation.body.as_ref(),
                _ => None,
            };
            if entity.is_none() && key.is_none() {
                continue;
            }
            let set = self.sets.entry(part.name.clone()).or_default();
            if let Some(entity) = entity.filter(|_| rest.is_empty()) {
                set.entity.clone_from(entity);
            }
            set.key = set.key.take().or(key.cloned());
        }
        self.sets.retain(|_, set| self.entities.contains_key(&set.entity));
    }

    /// A type with the API around it.
    pub(super) fn scope(&self, entity: &str) -> Option<Scope<'_>> {
        Some(Scope { api: self, entity: self.entities.get(entity)? })
    }
}

/// An entity with the API around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scope<'a> {
    pub(super) api: &'a Api,
    pub(super) entity: &'a Entity,
}

impl<'a> Scope<'a> {
    pub(super) fn property(self, name: &str) -> Option<&'a Property> {
        self.entity.properties.get(name)
    }

    /// The type behind a navigation property.
    pub(super) fn behind(self, name: &str) -> Option<Self> {
        let property = self.property(name).filter(|it| it.navigation)?;
        self.within(property)
    }

    /// The entity that a property holds.
    pub(super) fn within(self, property: &Property) -> Option<Self> {
        match property.ty.element() {
            Type::Named(name) => self.api.scope(name),
            _ => None,
        }
    }
}
