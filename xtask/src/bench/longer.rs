//! The tracked API several times: copies of all its types and operations under names of their own.

use std::path::PathBuf;

use serde_yaml::{Mapping, Value};
use xapi_codegen::client::Rows;

use super::tools::{self, folder};
use crate::workspace::{row_texts, spec};

/// How many times.
pub(super) const TIMES: [usize; 3] = [1, 2, 4];

/// The document of the same API as the vendor would write it, below such a workspace's root.
pub(super) const DOCUMENT: &str = "document.yaml";

/// A union that the document can be imported into: the tracked API.
pub(super) const UNION: &str = "union.yaml";

/// Writes a workspace with a tracked API of so many times the length, and gives its root.
pub(super) fn write(times: usize) -> Result<PathBuf, String> {
    let root = folder().join(format!("times-{times}"));
    let text = std::fs::read_to_string(spec()).map_err(|error| error.to_string())?;
    let mut document: Value = parse(&text)?;
    let paths = mapping(&mut document, &["paths"])?.clone();
    let schemas = mapping(&mut document, &["components", "schemas"])?.clone();
    for number in 1..times {
        let end = format!("Copy{number}");
        let copies = mapping(&mut document, &["paths"])?;
        for (route, item) in &paths {
            copies.insert(renamed_route(route, &end), renamed(item, None, &end));
        }
        let copies = mapping(&mut document, &["components", "schemas"])?;
        for (name, schema) in &schemas {
            // Numbers and errors are shared.
            if let Some(name) = name.as_str().filter(|it| it.starts_with("Pbx.")) {
                copies.insert(format!("{name}{end}").into(), renamed(schema, None, &end));
            }
        }
    }
    let text = serde_yaml::to_string(&document).map_err(|error| error.to_string())?;
    tools::write(&root.join("spec/xapi.yaml"), &text)?;
    tools::write(&root.join(UNION), &text)?;
    drop_marks(&mut document);
    let text = serde_yaml::to_string(&document).map_err(|error| error.to_string())?;
    tools::write(&root.join(DOCUMENT), &text)?;
    for (file, text) in Rows::FILES.iter().zip(row_texts()?) {
        let mut rows: Value = parse(&text)?;
        repeat_rows(&mut rows, times);
        let text = serde_yaml::to_string(&rows).map_err(|error| error.to_string())?;
        tools::write(&root.join(file), &text)?;
    }
    Ok(root)
}

/// Takes out what a union says beyond its documents. 3CX's extensions that carry facts begin with `x-ms-`.
fn drop_marks(value: &mut Value) {
    match value {
        Value::Mapping(entries) => {
            let is_mark = |key: &Value| {
                key.as_str().is_some_and(|it| it.starts_with("x-") && !it.starts_with("x-ms-"))
            };
            entries.retain(|key, _| !is_mark(key));
            entries.values_mut().for_each(drop_marks);
        }
        Value::Sequence(items) => items.iter_mut().for_each(drop_marks),
        _ => {}
    }
}

fn parse(text: &str) -> Result<Value, String> {
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

fn mapping<'v>(value: &'v mut Value, path: &[&str]) -> Result<&'v mut Mapping, String> {
    let found = path.iter().try_fold(value, |value, name| value.get_mut(name));
    let found = found.and_then(Value::as_mapping_mut);
    found.ok_or_else(|| format!("the tracked API has no `{}`", path.join("/")))
}

/// A copy that leads to other copies; `key` is where it stands.
fn renamed(value: &Value, key: Option<&str>, end: &str) -> Value {
    match value {
        Value::Mapping(entries) => {
            let entries = entries.iter();
            Value::Mapping(entries.map(|(k, v)| (k.clone(), renamed(v, k.as_str(), end))).collect())
        }
        Value::Sequence(items) => items.iter().map(|it| renamed(it, key, end)).collect(),
        Value::String(text) => match key {
            Some("operationId" | "tags" | "x-base") => format!("{text}{end}").into(),
            Some("$ref") if text.starts_with("#/components/schemas/Pbx.") => {
                format!("{text}{end}").into()
            }
            Some("path") => renamed_route(value, end),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// `/Users({Id})` becomes `/UsersCopy1({Id})`.
fn renamed_route(route: &Value, end: &str) -> Value {
    let Some(text) = route.as_str() else { return route.clone() };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rest = text.trim_start_matches('/').trim_start_matches(is_name);
    let (first, rest) = text.split_at(text.len() - rest.len());
    format!("{first}{end}{rest}").into()
}

/// The rows for the copies: each that names something by its name on the wire or its operationId.
fn repeat_rows(rows: &mut Value, times: usize) {
    match rows {
        Value::Mapping(kinds) => kinds.values_mut().for_each(|it| repeat_rows(it, times)),
        Value::Sequence(rows) => {
            let copies = (1..times).flat_map(|number| {
                let end = format!("Copy{number}");
                rows.iter().filter_map(|row| row_of_copy(row, &end)).collect::<Vec<_>>()
            });
            let copies: Vec<Value> = copies.collect();
            rows.extend(copies);
        }
        _ => {}
    }
}

fn row_of_copy(row: &Value, end: &str) -> Option<Value> {
    let mut row = row.as_mapping()?.clone();
    let mut is_of_copy = false;
    for key in ["wire", "former", "id"] {
        if let Some(Value::String(text)) = row.get_mut(key) {
            let (owner, member) = text.split_once('/').unwrap_or((text, ""));
            let slash = if member.is_empty() { "" } else { "/" };
            is_of_copy |= !owner.starts_with("Reference");
            *text = format!("{owner}{end}{slash}{member}");
        }
    }
    // A member may be called like the original's, a resource may not.
    let is_member = row.get("wire").and_then(Value::as_str).is_some_and(|it| it.contains('/'));
    if let (Some(Value::String(name)), false) = (row.get_mut("rust"), is_member) {
        name.push_str(end);
    }
    is_of_copy.then_some(Value::Mapping(row))
}
