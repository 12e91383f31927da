//! `api.json` of the fake PBX: the facts of the API as data, each with the documents that have it.
//!
//! The fake PBX plays any release without this crate, so it reads the facts in a form of their own. It
//! writes documents as places in the list of all, the oldest first: `3-7,9-` are the fourth to the eighth and
//! all from the tenth on. A fact without them is in all documents that have its owner, so that a new
//! document changes few lines.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::{
    Answer, Api, Body, DocumentId, Entity, Enumeration, History, Operation, Others, Property, Seen,
    Type,
};

/// Everything that the fake PBX knows of the API.
#[derive(Serialize)]
struct Facts {
    /// The documents, the oldest first: `20.0.10.1621/2026-09-19`.
    documents: Vec<String>,
    /// The entities that take properties beside their own.
    open: Vec<String>,
    /// The enumerations whose values may be several, joined by commas.
    flags: Vec<String>,
    /// The values of enumerations: `LoggedIn`, `Custom @8-`.
    enumerations: BTreeMap<String, Vec<String>>,
    /// The properties of entities, as [`property`] writes them.
    entities: BTreeMap<String, BTreeMap<String, String>>,
    /// The variants of operations, by operationId.
    operations: BTreeMap<String, Vec<Call>>,
}

/// An operation in one of its variants.
#[derive(Serialize)]
struct Call {
    /// Method and route: `GET /Users({Id})`.
    call: String,
    kind: &'static str,
    /// The parameters of the route with their types.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, String>,
    /// The entity that a call carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// The parameters of an action with their types.
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<BTreeMap<String, String>>,
    /// `Pbx.User`, `[Pbx.User]`, `value Int32`, `bare Pbx.PeerType`, `file`; none for nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// The documents that have the variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<String>,
}

/// The text of `api.json`.
pub fn text(api: &Api) -> Result<String, serde_json::Error> {
    let all = Seen::all(api.documents.len());
    let open = api.entities.values().filter(|it| it.others != Others::None);
    let flags = api.enumerations.values().filter(|it| it.flags);
    let facts = Facts {
        documents: api.documents.iter().map(document).collect(),
        open: open.map(|it| it.name.clone()).collect(),
        flags: flags.map(|it| it.name.clone()).collect(),
        enumerations: named(&api.enumerations, |it| values(it, api)),
        entities: named(&api.entities, |it| properties(it, api)),
        operations: named(&api.operations, |it| {
            it.variants().map(|(variant, seen)| call(variant, range(seen, all, api))).collect()
        }),
    };
    serde_json::to_string_pretty(&facts).map(|text| text + "\n")
}

fn named<T, U>(all: &BTreeMap<String, T>, of: impl Fn(&T) -> U) -> BTreeMap<String, U> {
    all.iter().map(|(name, it)| (name.clone(), of(it))).collect()
}

fn document(id: &DocumentId) -> String {
    let build = id.build.map(|build| format!(".{build}")).unwrap_or_default();
    format!("{}{build}/{}", id.release, id.date)
}

fn values(enumeration: &Enumeration, api: &Api) -> Vec<String> {
    let mark = |seen| mark(seen, enumeration.seen, api);
    enumeration.values.iter().map(|(value, seen)| format!("{value}{}", mark(*seen))).collect()
}

fn properties(entity: &Entity, api: &Api) -> BTreeMap<String, String> {
    named(&entity.properties, |it| property(it, entity.seen, api))
}

/// `String?`, `[Pbx.UserGroup]~ @8-`: the type, whether it may be null, whether it is a navigation property,
/// the documents; and so for each variant, with ` | ` between.
fn property(property: &History<Property>, within: Seen, api: &Api) -> String {
    let variant = |(it, seen): (&Property, Seen)| {
        let navigation = if it.navigation { "~" } else { "" };
        format!("{}{navigation}{}", typed(&it.ty, it.nullable), mark(seen, within, api))
    };
    property.variants().map(variant).collect::<Vec<_>>().join(" | ")
}

fn call(operation: &Operation, documents: Option<String>) -> Call {
    let (body, arguments) = match &operation.body {
        None => (None, None),
        Some(Body::Entity { entity, .. }) => (Some(entity.clone()), None),
        Some(Body::Parameters { properties, .. }) => {
            let of = properties.iter().map(|it| (it.name.clone(), typed(&it.ty, it.nullable)));
            (None, Some(of.collect()))
        }
    };
    let parameters = operation.parameters.iter();
    Call {
        call: format!("{} {}", operation.method.as_str(), operation.route.template),
        kind: operation.kind.as_str(),
        parameters: parameters.map(|it| (it.name.clone(), typed(&it.ty, it.nullable))).collect(),
        body,
        arguments,
        answer: answer(operation),
        documents,
    }
}

fn answer(operation: &Operation) -> Option<String> {
    if operation.is_file() {
        return Some("file".to_owned());
    }
    match &operation.answer {
        Answer::Nothing => None,
        Answer::File => Some("file".to_owned()),
        Answer::Object { entity, nullable, .. } => Some(nulled(entity.clone(), *nullable)),
        Answer::Collection { of } => Some(format!("[{}]", typed(of, false))),
        Answer::Value { ty, nullable, bare, .. } => {
            let kind = if *bare { "bare" } else { "value" };
            Some(format!("{kind} {}", typed(ty, *nullable)))
        }
    }
}

/// The name of a type without its namespace if that is Edm's, lists in brackets.
fn typed(ty: &Type, nullable: bool) -> String {
    let text = match ty {
        Type::Collection(of) => format!("[{}]", typed(of, false)),
        Type::Nullable(of) | Type::Changed(of, _) => typed(of, false),
        other => other.edm().trim_start_matches("Edm.").to_owned(),
    };
    nulled(text, nullable)
}

fn nulled(text: String, nullable: bool) -> String {
    if nullable { text + "?" } else { text }
}

/// The documents of a fact, as they stand behind it; nothing if its owner is in no others.
fn mark(seen: Seen, within: Seen, api: &Api) -> String {
    range(seen, within, api).map(|range| format!(" @{range}")).unwrap_or_default()
}

fn range(seen: Seen, within: Seen, api: &Api) -> Option<String> {
    if within.without(seen) == Seen::default() {
        return None;
    }
    let newest = api.documents.len().saturating_sub(1);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in seen.places() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == place => *last = place,
            _ => runs.push((place, place)),
        }
    }
    let run = |(first, last): (usize, usize)| match last {
        last if last == newest => format!("{first}-"),
        last if last == first => format!("{first}"),
        last => format!("{first}-{last}"),
    };
    Some(runs.into_iter().map(run).collect::<Vec<_>>().join(","))
}
