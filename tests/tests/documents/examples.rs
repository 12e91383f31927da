//! The examples that the vendor's documents give of their types.

use serde_json::Value;
use tests::round_trip::ENTITIES;
use tests::sample::api;
use xapi_codegen::model::Entity;

/// What the documents' writers put where they have no example of a type. `AA==` is theirs for one byte.
const STAND_INS: &[&str] = &["string", "String", "Duration", "TimeOfDay (timestamp)", "AA=="];
/// What the writers append to the value of a key.
const KEY_MARK: &str = " (identifier)";

#[test]
fn every_example_of_every_document_is_read() {
    let Some(documents) = tests::vendor_documents("the examples of the documents") else { return };
    let (mut read, mut problems) = (0, Vec::new());
    for path in documents {
        let text = std::fs::read_to_string(&path).unwrap();
        let document: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
        for (name, example) in document["components"]["examples"].as_mapping().unwrap() {
            let name = name.as_str().unwrap();
            let mut value: Value = serde_yaml::from_value(example["value"].clone()).unwrap();
            without_key_marks(&mut value);
            let Some(known) = present_name(name) else {
                // Some documents give examples of types that they do not have.
                assert!(document["components"]["schemas"].get(name).is_none(), "{name}");
                continue;
            };
            let (_, through) = ENTITIES.iter().find(|(name, _)| *name == known).unwrap();
            read += 1;
            match through(&value.to_string()) {
                Ok(outcome) if outcome.unread.iter().all(|path| is_stand_in(&value[path])) => {}
                outcome => problems.push(format!("{}: {name}: {outcome:?}", path.display())),
            }
        }
    }
    assert!(read > 3000, "{read} examples");
    assert!(problems.is_empty(), "{} of {read}: {problems:#?}", problems.len());
}

/// The name that the entity has in the newest document that has it.
fn present_name(name: &str) -> Option<&'static str> {
    let is_meant = |(known, entity): &(&'static String, &Entity)| {
        *known == name || entity.former_names.iter().any(|it| it == name)
    };
    api().entities.iter().find(is_meant).map(|(known, _)| known.as_str())
}

fn is_stand_in(value: &Value) -> bool {
    match value {
        Value::String(text) => STAND_INS.contains(&text.as_str()),
        Value::Array(items) => items.iter().all(is_stand_in),
        // The name of an enumeration or entity stands for its value.
        Value::Object(properties) => properties.keys().eq(["@odata.type"]),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn without_key_marks(value: &mut Value) {
    match value {
        Value::String(text) => text.truncate(text.strip_suffix(KEY_MARK).unwrap_or(text).len()),
        Value::Array(items) => items.iter_mut().for_each(without_key_marks),
        Value::Object(properties) => properties.values_mut().for_each(without_key_marks),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
