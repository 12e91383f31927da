//! Which operation has which query option, counted against the documents: the generated code is read
//! as text, and the documents without our own reader.

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Value;
use tests::root;

/// The traits of the options, by the options' names.
const MARKS: [(&str, &str); 8] = [
    ("$filter", "Filterable"),
    ("$search", "Searchable"),
    ("$select", "Selectable"),
    ("$expand", "Expandable"),
    ("$orderby", "Orderable"),
    ("$count", "Countable"),
    ("$top", "Pageable"),
    ("$skip", "Pageable"),
];

type Declared = BTreeMap<&'static str, BTreeSet<String>>;

/// For each option the operations that declare it in some variant, by operationId.
fn declared(document: &Value) -> Declared {
    let mut declared: Declared =
        MARKS.iter().map(|(option, _)| (*option, BTreeSet::new())).collect();
    let operations = document["paths"].as_mapping().unwrap().values();
    for operation in operations.flat_map(|item| item.as_mapping().unwrap().values()) {
        let Some(id) = operation.get("operationId") else { continue };
        let former = operation["x-former"].as_sequence().into_iter().flatten();
        let variants = std::iter::once(operation).chain(former.map(|it| &it["operation"]));
        let parameters = variants.filter_map(|it| it["parameters"].as_sequence()).flatten();
        for parameter in parameters {
            let parameter = match parameter["$ref"].as_str() {
                Some(reference) => {
                    let name = reference.rsplit('/').next().unwrap();
                    &document["components"]["parameters"][name]
                }
                None => parameter,
            };
            let name = parameter["name"].as_str().unwrap();
            if let Some(ids) = declared.get_mut(name) {
                ids.insert(id.as_str().unwrap().to_owned());
            }
        }
    }
    declared
}

/// For each trait the operations that the generated code gives it.
fn implemented() -> BTreeMap<String, BTreeSet<String>> {
    let mut implemented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let folder = root().join("generated-client/src/generated/resources");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            let Some((mark, rest)) =
                line.strip_prefix("impl ").and_then(|line| line.split_once(" for "))
            else {
                continue;
            };
            let operation = rest.split([' ', '{']).next().unwrap();
            implemented.entry(mark.to_owned()).or_default().insert(operation.to_owned());
        }
    }
    implemented
}

fn read(path: &std::path::Path) -> Value {
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_operation_has_just_the_options_that_it_declares() {
    let declared = declared(&read(&root().join("spec/xapi.yaml")));
    let implemented = implemented();
    for (option, mark) in MARKS {
        let ids: BTreeSet<&String> = declared[option].iter().collect();
        assert!(!ids.is_empty(), "{option}");
        assert_eq!(ids, implemented[mark].iter().collect(), "{option}");
    }
}

#[test]
fn the_newest_document_declares_what_we_count() {
    let Some(documents) = tests::vendor_documents("the options of the newest document") else {
        return;
    };
    let newest = documents.iter().find(|path| path.ends_with("20.0.10_2026-09-19.yaml")).unwrap();
    let implemented = implemented();
    let declared = declared(&read(newest));
    assert_eq!(declared["$filter"].difference(&declared["$select"]).count(), 9);
    for (option, ids) in declared {
        let (_, mark) = MARKS.iter().find(|(name, _)| *name == option).unwrap();
        let missing: Vec<_> = ids.difference(&implemented[*mark]).collect();
        assert!(missing.is_empty(), "{option}: {missing:?}");
    }
}
