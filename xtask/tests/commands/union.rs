//! The union over releases against the vendor's documents: nothing is lost, and how it came about
//! can't be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

use serde_yaml::Value;
use xapi_codegen::model::{self, Answer, Api, Body, DocumentId, Others, Type};
use xapi_codegen::{history, load, track};

use crate::common::{root, vendor_documents};

/// The vendor's documents, each read once for all tests.
pub(crate) fn documents(check: &str) -> &'static BTreeMap<DocumentId, Api> {
    static DOCUMENTS: OnceLock<BTreeMap<DocumentId, Api>> = OnceLock::new();
    let files = vendor_documents(check);
    DOCUMENTS.get_or_init(|| {
        std::thread::scope(|scope| {
            let reads = files.iter().map(|file| {
                scope.spawn(|| {
                    let read = load::load(file).and_then(model::read);
                    (release_of(file), read.unwrap_or_else(|problems| panic!("{problems}")).0)
                })
            });
            let reads: Vec<_> = reads.collect();
            reads.into_iter().map(|read| read.join().unwrap()).collect()
        })
    })
}

fn release_of(file: &Path) -> DocumentId {
    let name = file.file_stem().unwrap().to_str().unwrap();
    let (release, date) = name.split_once('_').unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let stated = text.lines().take(20).find_map(|it| it.trim().strip_prefix("x-pbx-version: "));
    let build = stated.and_then(|it| it.rsplit('.').next()?.parse().ok());
    DocumentId { release: release.to_owned(), date: date.to_owned(), build }
}

fn united(documents: &BTreeMap<DocumentId, Api>) -> Api {
    history::unite(documents).unwrap_or_else(|problems| panic!("{problems}"))
}

fn merged(union: &Api, release: &DocumentId, document: &Api) -> Api {
    let union = history::merge(union, release.clone(), document.clone());
    union.unwrap_or_else(|problems| panic!("{problems}"))
}

fn committed() -> (String, Api) {
    let text = std::fs::read_to_string(root().join("spec/xapi.yaml")).unwrap();
    let read = load::parse("spec/xapi.yaml".to_owned(), text.clone()).and_then(model::read);
    (text, read.unwrap_or_else(|problems| panic!("{problems}")).0)
}

#[test]
fn the_committed_union_is_a_rebuild_from_the_documents() {
    let documents = documents("the committed union against a rebuild");
    if documents.is_empty() {
        return;
    }
    let union = united(documents);
    let (text, read) = committed();
    assert!(track::write(&union).unwrap() == text, "import the documents into spec/xapi.yaml");
    assert!(read == union, "the committed union reads back to something else");
}

#[test]
fn importing_a_document_twice_changes_nothing() {
    let documents = documents("imports done twice");
    if documents.is_empty() {
        return;
    }
    let union = united(documents);
    for (release, document) in documents {
        assert!(merged(&union, release, document) == union, "{}", release.full());
    }
}

#[test]
fn the_order_of_imports_cant_be_seen() {
    let documents = documents("imports in ten orders");
    if documents.is_empty() {
        return;
    }
    let union = united(documents);
    let shuffled = |seed: u64| {
        let mut order: Vec<_> = documents.iter().collect();
        fastrand::Rng::with_seed(seed).shuffle(&mut order);
        let names: Vec<String> = order.iter().map(|(release, _)| release.full()).collect();
        let none = united(&BTreeMap::new());
        let made = order.iter().fold(none, |union, (release, it)| merged(&union, release, it));
        assert!(made == union, "seed {seed}: {}", names.join(", "));
    };
    std::thread::scope(|scope| {
        let halves = [0..5, 5..10].map(|seeds| scope.spawn(|| seeds.for_each(shuffled)));
        halves.into_iter().for_each(|half| half.join().unwrap());
    });
}

/// Without what is not recorded of former documents.
fn recorded(mut api: Api) -> Api {
    api.service_root.clear();
    api.token_path.clear();
    api.security_schemes.clear();
    for history in api.operations.values_mut() {
        let operation = &mut history.newest;
        match &mut operation.body {
            Some(Body::Entity { required, .. }) => *required = false,
            Some(Body::Parameters { required, properties }) => {
                *required = false;
                properties.iter_mut().for_each(|it| without_null(&mut it.ty));
            }
            None => {}
        }
        if let Answer::Collection { of: ty } | Answer::Value { ty, .. } = &mut operation.answer {
            without_null(ty);
        }
    }
    for entity in api.entities.values_mut() {
        (entity.base, entity.others, entity.deprecated) = (None, Others::None, false);
        entity.properties.values_mut().for_each(|it| without_null(&mut it.newest.ty));
    }
    api.enumerations.values_mut().for_each(|it| it.deprecated = false);
    api
}

/// The type with items that are never null.
fn without_null(ty: &mut Type) {
    match ty {
        Type::Collection(of) => without_null(of),
        Type::Nullable(of) => {
            let of = (**of).clone();
            *ty = of;
        }
        _ => {}
    }
}

#[test]
fn each_document_is_in_the_union_as_it_was() {
    let documents = documents("each document against the union");
    if documents.is_empty() {
        return;
    }
    let union = united(documents);
    for (release, document) in documents {
        let of_union = history::at(&union, &release.full()).unwrap();
        let alone = united(&[(release.clone(), document.clone())].into());
        assert!(recorded(of_union) == recorded(alone), "{}", release.full());
    }
    // The newest leads: of it, all is recorded.
    let (release, newest) = documents.last_key_value().unwrap();
    let alone = united(&[(release.clone(), newest.clone())].into());
    assert!(history::at(&union, &release.full()).unwrap() == alone);
}

#[test]
fn a_release_alone_means_its_newest_document() {
    let (_, union) = committed();
    let (named, dated) = (history::at(&union, "20.0.7"), history::at(&union, "20.0.7/2025-07-08"));
    assert!(named.unwrap() == dated.unwrap());
    let error = history::at(&union, "20.0.11").unwrap_err();
    assert!(error.contains("20.0.11") && error.contains("20.0.10/2026-09-19"), "{error}");
}

/// The names of the properties of a schema and of all that it is made of.
fn properties<'v>(schemas: &'v Value, schema: &'v Value, found: &mut BTreeSet<&'v str>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap();
        properties(schemas, &schemas[name], found);
    }
    for part in schema.get("allOf").and_then(Value::as_sequence).into_iter().flatten() {
        properties(schemas, part, found);
    }
    let own = schema.get("properties").and_then(Value::as_mapping).into_iter().flatten();
    found.extend(own.map(|(name, _)| name.as_str().unwrap()));
}

#[test]
fn the_union_has_every_entity_property_and_value() {
    let (_, union) = committed();
    let mut counted = [0, 0, 0];
    for file in vendor_documents("the documents' entities, properties and values") {
        // Read without our own reader.
        let text = std::fs::read_to_string(&file).unwrap();
        let document: Value = serde_yaml::from_str(&text).unwrap();
        let release = release_of(&file);
        let place = union.documents.iter().position(|it| *it == release).unwrap();
        let schemas = &document["components"]["schemas"];
        for (name, schema) in schemas.as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            let at = || format!("{}: {name}", release.full());
            if let Some(values) = schema.get("enum").and_then(Value::as_sequence) {
                let known = &union.enumerations[name].values;
                for value in values.iter().map(|it| it.as_str().unwrap()) {
                    let seen = known.get(value).is_some_and(|it| it.contains(place));
                    assert!(seen, "{}/{value}", at());
                    counted[2] += 1;
                }
                continue;
            }
            let mut names = BTreeSet::new();
            properties(schemas, schema, &mut names);
            // A page of a list is no entity: the operations that answer with one say so.
            if names == BTreeSet::from(["@odata.count", "value"])
                || names == BTreeSet::from(["@odata.count"])
            {
                continue;
            }
            let Some(entity) = union.entities.get(name) else {
                assert!(union.aliases.contains_key(name), "{}", at());
                continue;
            };
            assert!(entity.seen.contains(place), "{}", at());
            counted[0] += 1;
            for property in names {
                let seen =
                    entity.properties.get(property).is_some_and(|it| it.seen.contains(place));
                assert!(seen, "{}/{property}", at());
                counted[1] += 1;
            }
        }
    }
    let enough = counted == [0, 0, 0] || counted.iter().all(|count| *count > 3000);
    assert!(enough, "too little was compared: {counted:?}");
}
