//! The rows of a diff.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::model::{Access, Limits, Notes};

/// The differences of two documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Every change, by what changed and where.
    pub rows: Vec<Row>,
    /// The number of differences that change nothing on the wire, by kind.
    pub noise: Noise,
}

/// Counts by kind.
pub type Noise = BTreeMap<&'static str, usize>;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    /// The kind of fact that changed.
    pub what: What,
    /// What happened to it.
    pub change: Change,
    /// The place: `Pbx.User/Number`, or an operationId and a part of the operation.
    pub at: String,
    /// The old value; none if the fact was added.
    pub old: Option<String>,
    /// The new value; none if the fact was removed.
    pub new: Option<String>,
}

/// A line of a list in Markdown.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (change, at) = (self.change.as_str(), &self.at);
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => writeln!(f, "- {change} `{at}`: `{old}` → `{new}`"),
            // The value of an option is its name, which the place has already.
            (Some(only), None) | (None, Some(only)) if !at.ends_with(only.as_str()) => {
                writeln!(f, "- {change} `{at}`: `{only}`")
            }
            _ => writeln!(f, "- {change} `{at}`"),
        }
    }
}

/// The facts that change, in the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An operation, by its id.
    Operation,
    /// The method and route of an operation.
    Route,
    /// The resource of an operation whose route stayed.
    Resource,
    /// A parameter of a route.
    Parameter,
    /// The body of an operation.
    Body,
    /// A parameter in the body of an action.
    BodyParameter,
    /// The answer of an operation.
    Answer,
    /// A query option or header that an operation declares.
    Option,
    /// An entity or complex type.
    Entity,
    /// A property of an entity.
    Property,
    /// An enumeration.
    Enumeration,
    /// A value of an enumeration.
    Value,
    /// A named primitive type.
    PrimitiveType,
    /// The path below the host, or a way to sign in.
    Service,
}

impl What {
    /// Every kind of fact, in the order of a report.
    pub const ALL: [Self; 14] = [
        Self::Operation,
        Self::Route,
        Self::Resource,
        Self::Parameter,
        Self::Body,
        Self::BodyParameter,
        Self::Answer,
        Self::Option,
        Self::Entity,
        Self::Property,
        Self::Enumeration,
        Self::Value,
        Self::PrimitiveType,
        Self::Service,
    ];

    /// The plural, for headings.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Route => "routes",
            Self::Resource => "resources",
            Self::Parameter => "parameters",
            Self::Body => "bodies",
            Self::BodyParameter => "body parameters",
            Self::Answer => "answers",
            Self::Option => "options",
            Self::Entity => "entities",
            Self::Property => "properties",
            Self::Enumeration => "enumerations",
            Self::Value => "enumeration values",
            Self::PrimitiveType => "primitive types",
            Self::Service => "service",
        }
    }
}

/// What can happen to a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is the same under another name.
    Renamed,
    /// It is somewhere else.
    Moved,
    /// It has another type.
    Retyped,
    /// It has the same type within other limits: nullability, length, default.
    Constraint,
}

impl Change {
    /// Every change, in the order of a report.
    pub const ALL: [Self; 6] =
        [Self::Added, Self::Removed, Self::Renamed, Self::Moved, Self::Retyped, Self::Constraint];

    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed => "renamed",
            Self::Moved => "moved",
            Self::Retyped => "retyped",
            Self::Constraint => "constraint",
        }
    }
}

#[derive(Default)]
pub(super) struct Rows(pub(super) Vec<Row>);

impl Rows {
    pub(super) fn add(
        &mut self,
        what: What,
        change: Change,
        at: &str,
        old: Option<String>,
        new: Option<String>,
    ) {
        self.0.push(Row { what, change, at: at.to_owned(), old, new });
    }

    /// Adds a row if two texts of one fact differ.
    pub(super) fn differ(&mut self, what: What, change: Change, at: &str, old: &str, new: &str) {
        if old != new {
            self.add(what, change, at, Some(old.to_owned()), Some(new.to_owned()));
        }
    }

    /// Adds a row if a fact came, went, or changed its text.
    pub(super) fn texts(
        &mut self,
        what: What,
        change: Change,
        at: &str,
        old: Option<String>,
        new: Option<String>,
    ) {
        match (old, new) {
            (Some(old), Some(new)) => self.differ(what, change, at, &old, &new),
            (None, Some(new)) => self.add(what, Change::Added, at, None, Some(new)),
            (Some(old), None) => self.add(what, Change::Removed, at, Some(old), None),
            (None, None) => {}
        }
    }

    /// Compares the values that an owner has by name.
    pub(super) fn values(&mut self, what: What, owner: &str, old: &[Value], new: &[Value]) {
        let same = |name: &str, list: &[Value]| list.iter().find(|it| it.name == name).cloned();
        let names: BTreeSet<&str> = old.iter().chain(new).map(|it| it.name.as_str()).collect();
        for name in names {
            let at = format!("{owner}/{name}");
            let (was, is) = (same(name, old), same(name, new));
            if let (Some(was), Some(is)) = (&was, &is)
                && was.ty == is.ty
            {
                self.differ(what, Change::Constraint, &at, &was.constraints, &is.constraints);
                continue;
            }
            self.texts(what, Change::Retyped, &at, was.map(|it| it.ty), is.map(|it| it.ty));
        }
    }
}

/// A parameter or property, in words.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) constraints: String,
}

/// Every name in two maps, with the values that they have for it.
pub(super) fn paired<'a, T>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a str, Option<&'a T>, Option<&'a T>)> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names.into_iter().map(|name| (name.as_str(), old.get(name), new.get(name)))
}

/// Limits and notes in words: `nullable, at most 50 characters`.
pub(super) fn limits(nullable: bool, limits: &Limits, notes: &Notes) -> String {
    let mut text = if nullable { "nullable" } else { "not null" }.to_owned();
    if let Some(max_length) = limits.max_length {
        text += &format!(", at most {max_length} characters");
    }
    if let Some(default) = &limits.default {
        text += &format!(", by default {default}");
    }
    if !notes.listed.is_empty() {
        text += &format!(", one of {}", notes.listed.join(", "));
    }
    text += match notes.access {
        Access::Both => "",
        Access::Read => ", read-only",
        Access::Write => ", write-only",
    };
    if notes.deprecated { text + ", deprecated" } else { text }
}

/// Whether something is deprecated, in a word.
pub(super) fn deprecated(it: bool) -> &'static str {
    if it { "deprecated" } else { "current" }
}
