//! The same in another order or spelling.

use serde_json::{Map, Value, json};

use super::draft::{Draft, SCHEMAS, Spelling, schema};
use super::shape::{Shape, none};

pub(super) const SHAPES: &[Shape] = &[
    none("paths", |it| keys(it, "/paths")),
    none("methods of all paths", |it| below(it, "/paths")),
    none("named schemas", |it| keys(it, SCHEMAS)),
    none("properties of all entities", |it| {
        for name in it.schemas(|it| it.get("properties").is_some()) {
            keys(it, &format!("{}/properties", schema(&name)))?;
        }
        Some("properties".to_owned())
    }),
    none("keys of all schemas", |it| below(it, SCHEMAS)),
    none("all keys of the document", |it| {
        let mut value = std::mem::take(&mut it.value);
        let security = value.pointer("/components/securitySchemes").cloned();
        shuffled(it, &mut value);
        it.value = value;
        it.put("/components", "securitySchemes", security?)?;
        Some("all".to_owned())
    }),
    none("scopes of the security schemes", |it| {
        let flows = "/components/securitySchemes/Application/flows";
        let names: Vec<String> = it.map(flows)?.keys().cloned().collect();
        let flow = it.one(&names)?;
        keys(it, &format!("{flows}/{flow}/scopes"))
    }),
    none("values of all enumerations", |it| {
        for name in it.schemas(|it| it.get("enum").is_some()) {
            list(it, &format!("{}/enum", schema(&name)))?;
        }
        Some("enum".to_owned())
    }),
    none("parameters of all operations", |it| {
        for at in it.operations(|it| it.get("parameters").is_some()) {
            list(it, &format!("{at}/parameters"))?;
        }
        Some("parameters".to_owned())
    }),
    none("components", |it| below(it, "/components")),
    none("JSON", |it| spelled(it, Spelling::Json)),
    none("byte order mark", |it| spelled(it, Spelling::Text(|text| format!("\u{feff}{text}")))),
    none("CRLF at the end of each line", |it| {
        spelled(it, Spelling::Text(|text| text.replace('\n', "\r\n")))
    }),
    none("comments and empty lines", |it| {
        spelled(it, Spelling::Text(|text| text.replace("\npaths:", "\n\n# The paths\n\npaths:")))
    }),
    none("the mark of a YAML document", |it| {
        spelled(it, Spelling::Text(|text| format!("---\n{text}")))
    }),
    none("defaults written out", |it| {
        for at in it.operations(|it| it.get("deprecated").is_none()) {
            it.put(&at, "deprecated", json!(false))?;
        }
        Some("deprecated: false".to_owned())
    }),
    none("title, version and descriptions", |it| {
        it.put("", "info", json!({ "title": "Another", "version": "7", "description": "What" }))?;
        Some("info".to_owned())
    }),
];

/// Shuffles the keys at a pointer.
fn keys(draft: &mut Draft, pointer: &str) -> Option<String> {
    let mut all: Vec<(String, Value)> = std::mem::take(draft.map(pointer)?).into_iter().collect();
    draft.shuffle(&mut all);
    *draft.map(pointer)? = all.into_iter().collect::<Map<_, _>>();
    Some(pointer.to_owned())
}

/// Shuffles the keys of each map directly below a pointer.
fn below(draft: &mut Draft, pointer: &str) -> Option<String> {
    let names: Vec<String> = draft.map(pointer)?.keys().cloned().collect();
    for name in names {
        keys(draft, &format!("{pointer}/{}", crate::pointer::escape(&name)))?;
    }
    Some(pointer.to_owned())
}

fn list(draft: &mut Draft, pointer: &str) -> Option<()> {
    let mut all = std::mem::take(draft.at(pointer)?.as_array_mut()?);
    draft.shuffle(&mut all);
    *draft.at(pointer)?.as_array_mut()? = all;
    Some(())
}

/// Shuffles the keys of a value and of all below it.
fn shuffled(draft: &mut Draft, value: &mut Value) {
    match value {
        Value::Object(map) => {
            let mut all: Vec<(String, Value)> = std::mem::take(map).into_iter().collect();
            draft.shuffle(&mut all);
            all.iter_mut().for_each(|(_, it)| shuffled(draft, it));
            *map = all.into_iter().collect();
        }
        Value::Array(list) => list.iter_mut().for_each(|it| shuffled(draft, it)),
        _ => {}
    }
}

fn spelled(draft: &mut Draft, spelling: Spelling) -> Option<String> {
    draft.spelling = spelling;
    Some("the whole".to_owned())
}
