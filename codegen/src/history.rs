//! The union: every fact of every imported document, with the documents that have it.
//!
//! The union depends on its documents alone. [`unite`] makes it of any number of documents, and [`at`]
//! gives each of them back. [`merge`] takes a union apart and unites its documents with one more. So a
//! union shows neither the order of imports nor their repetition.
//!
//! The union records some facts only as the newest document has them, because they say nothing of single
//! releases: whether a body is required and the items of a list may be null, what an entity derives from,
//! whether a type is open or deprecated, how one signs in, and the path below the host. [`at`] gives an
//! older document back with the newest values of these.

use std::collections::BTreeMap;

use crate::model::{Api, DocumentId, Entity, Enumeration, History, Seen};
use crate::problem::{Problem, Problems};

/// The union with one more document. A document of the same release and date is replaced.
pub fn merge(union: &Api, id: DocumentId, document: Api) -> Result<Api, Problems> {
    let mut documents = documents(union);
    documents.retain(|known, _| known.full() != id.full());
    documents.insert(id, document);
    unite(&documents)
}

/// The documents a union was made from.
pub fn documents(union: &Api) -> BTreeMap<DocumentId, Api> {
    let places = union.documents.iter().enumerate();
    places.map(|(place, id)| (id.clone(), project(union, place))).collect()
}

/// A union as one of its documents has it: `20.0.7/2025-05-06`, or `20.0.7` for the newest document
/// of that release.
pub fn at(union: &Api, name: &str) -> Result<Api, String> {
    Ok(project(union, place(union, name)?))
}

/// The union of a union's documents up to and including the named one.
pub fn up_to(union: &Api, name: &str) -> Result<Api, String> {
    let last = &union.documents[place(union, name)?];
    let mut documents = documents(union);
    documents.retain(|id, _| id <= last);
    unite(&documents).map_err(|it| it.to_string())
}

fn place(union: &Api, name: &str) -> Result<usize, String> {
    let is = |it: &DocumentId| it.release == name || it.full() == name;
    union.documents.iter().rposition(is).ok_or_else(|| {
        let known: Vec<String> = union.documents.iter().map(DocumentId::full).collect();
        format!("`{name}` is not among the releases: {}", known.join(", "))
    })
}

fn project(union: &Api, place: usize) -> Api {
    let seen = Seen::one(0);
    let entities = union.entities.values().filter(|it| it.seen.contains(place)).map(|entity| {
        let properties = facts(&entity.properties, place);
        // The union knows the base of the newest document, which this document may not have yet.
        let has =
            |base: &&String| union.entities.get(*base).is_some_and(|it| it.seen.contains(place));
        let (name, base) = (entity.name.clone(), entity.base.as_ref().filter(has).cloned());
        let former_names = Vec::new();
        let of = Entity { name, base, properties, seen, former_names, ..entity.clone() };
        (entity.name.clone(), of)
    });
    let enumerations = union.enumerations.values().filter(|it| it.seen.contains(place));
    let enumerations = enumerations.map(|it| {
        let values = it.values.iter().filter(|(_, seen)| seen.contains(place));
        let values = values.map(|(value, _)| (value.clone(), seen)).collect();
        let former_names = Vec::new();
        (it.name.clone(), Enumeration { values, seen, former_names, ..it.clone() })
    });
    Api {
        documents: vec![union.documents[place].clone()],
        service_root: union.service_root.clone(),
        token_path: union.token_path.clone(),
        security_schemes: union.security_schemes.clone(),
        operations: facts(&union.operations, place),
        entities: entities.collect(),
        enumerations: enumerations.collect(),
        aliases: facts(&union.aliases, place),
    }
}

/// The facts that a document has, each in the document's variant.
fn facts<T: Clone>(
    all: &BTreeMap<String, History<T>>,
    place: usize,
) -> BTreeMap<String, History<T>> {
    let there = all.iter().filter_map(|(name, it)| Some((name, it.at(place)?)));
    there.map(|(name, it)| (name.clone(), History::new(it.clone(), Seen::one(0)))).collect()
}

/// The union of documents.
pub fn unite(documents: &BTreeMap<DocumentId, Api>) -> Result<Api, Problems> {
    if documents.len() > Seen::MOST {
        return Err(Problems::whole(
            "the union",
            format!("holds {} documents at most", Seen::MOST),
        ));
    }
    let newest = documents.values().next_back();
    let mut union = Api {
        documents: documents.keys().cloned().collect(),
        service_root: newest.map(|it| it.service_root.clone()).unwrap_or_default(),
        token_path: newest.map(|it| it.token_path.clone()).unwrap_or_default(),
        security_schemes: newest.map(|it| it.security_schemes.clone()).unwrap_or_default(),
        operations: BTreeMap::new(),
        entities: BTreeMap::new(),
        enumerations: BTreeMap::new(),
        aliases: BTreeMap::new(),
    };
    // The newest document comes first, so its variants lead.
    for (place, document) in documents.values().enumerate().rev() {
        add(&mut union, document, Seen::one(place));
    }
    let problems = problems(documents);
    if problems.is_empty() {
        return Ok(union);
    }
    let list = problems.into_iter().map(|problem| (problem, None)).collect();
    Err(Problems { source: "the union".to_owned(), list })
}

/// Adds a document that is older than all that were added before.
fn add(union: &mut Api, document: &Api, seen: Seen) {
    for operation in document.operations.values() {
        let mut variant = operation.newest.clone();
        if let Some(known) = union.operations.get(&variant.id) {
            // The newest comes last, and decides.
            let variants: Vec<_> = known.variants().collect();
            variants.iter().rev().for_each(|(newer, _)| variant.follow(newer));
        }
        add_variant(&mut union.operations, &operation.id, variant, seen);
    }
    for entity in document.entities.values() {
        let known = union.entities.entry(entity.name.clone()).or_insert_with(|| Entity {
            properties: BTreeMap::new(),
            seen,
            ..entity.clone()
        });
        known.seen = known.seen.or(seen);
        for (name, property) in &entity.properties {
            let mut variant = property.newest.clone();
            if let Some(known) = known.properties.get(name) {
                let variants: Vec<_> = known.variants().collect();
                variants.iter().rev().for_each(|(newer, _)| variant.follow(newer));
            }
            add_variant(&mut known.properties, name, variant, seen);
        }
    }
    for enumeration in document.enumerations.values() {
        let known = union.enumerations.entry(enumeration.name.clone());
        let known = known.or_insert_with(|| Enumeration {
            values: BTreeMap::new(),
            seen,
            ..enumeration.clone()
        });
        known.seen = known.seen.or(seen);
        for value in enumeration.values.keys() {
            let known = known.values.entry(value.clone()).or_default();
            *known = known.or(seen);
        }
    }
    for (name, alias) in &document.aliases {
        let mut variant = alias.newest.clone();
        if let Some(known) = union.aliases.get(name) {
            variant.follow(&known.newest);
        }
        add_variant(&mut union.aliases, name, variant, seen);
    }
}

/// Adds a variant that is older than those that are there.
pub(crate) fn add_variant<T: PartialEq>(
    all: &mut BTreeMap<String, History<T>>,
    name: &str,
    variant: T,
    seen: Seen,
) {
    let Some(known) = all.get_mut(name) else {
        all.insert(name.to_owned(), History::new(variant, seen));
        return;
    };
    known.seen = known.seen.or(seen);
    if known.newest == variant {
        return;
    }
    match known.former.iter_mut().find(|(former, _)| *former == variant) {
        Some((_, former)) => *former = former.or(seen),
        None => known.former.push((variant, seen)),
    }
}

/// Reports what a union cannot hold: one name for things of two kinds.
fn problems(documents: &BTreeMap<DocumentId, Api>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut kinds: BTreeMap<&str, (&str, &DocumentId)> = BTreeMap::new();
    for (id, document) in documents {
        let entities = document.entities.keys().map(|name| (name, "an entity"));
        let enumerations = document.enumerations.values().map(|it| {
            (&it.name, if it.flags { "an enumeration of flags" } else { "an enumeration" })
        });
        let aliases = document.aliases.keys().map(|name| (name, "another name of a type"));
        for (name, kind) in entities.chain(enumerations).chain(aliases) {
            let (other, since) = *kinds.entry(name).or_insert((kind, id));
            if other != kind {
                let (since, here) = (since.full(), id.full());
                problems.push(Problem {
                    pointer: format!("/components/schemas/{name}"),
                    message: format!(
                        "is {other} in {since} and {kind} in {here}; teach `history` how one \
                         name is two types"
                    ),
                });
            }
        }
    }
    problems
}
