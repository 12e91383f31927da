//! The schemas of a document before `openapiv3` reads them: where they are, and whether their keys have
//! values of the right form. `openapiv3` says only that nothing matched.

use serde_yaml::{Mapping, Value};

use super::words::{brief, scalar};
use crate::problem::{At, Problem};

/// What is to be done with a schema.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&mut Value, &At<'_>);

/// Calls [`Visit`] with every schema of a part of the document.
pub(super) type Each = fn(&mut Value, &At<'_>, Visit<'_>);

/// Calls `visit` with every schema that is written in place, the outer one first.
pub(super) fn each(document: &mut Value, visit: Visit<'_>) {
    if let Some(paths) = document.get_mut("paths") {
        entries(paths, &At::top("paths"), &mut |path, at| in_path(path, at, visit));
    }
    let Some(components) = document.get_mut("components") else { return };
    let top = At::top("components");
    below(components, &top, "schemas", &mut |all, at| {
        entries(all, at, &mut |schema, at| in_schema(schema, at, visit));
    });
    below(components, &top, "parameters", &mut |all, at| {
        entries(all, at, &mut |parameter, at| in_holder(parameter, at, visit));
    });
    for key in ["responses", "requestBodies"] {
        below(components, &top, key, &mut |all, at| {
            entries(all, at, &mut |it, at| in_holder(it, at, visit));
        });
    }
}

pub(super) fn in_path(path: &mut Value, at: &At<'_>, visit: Visit<'_>) {
    entries(path, at, &mut |operation, at| in_operation(operation, at, visit));
}

fn in_operation(operation: &mut Value, at: &At<'_>, visit: Visit<'_>) {
    below(operation, at, "parameters", &mut |list, at| {
        items(list, at, &mut |parameter, at| in_holder(parameter, at, visit));
    });
    below(operation, at, "requestBody", &mut |body, at| in_holder(body, at, visit));
    below(operation, at, "responses", &mut |all, at| {
        entries(all, at, &mut |response, at| in_holder(response, at, visit));
    });
}

/// What has a schema itself or in the media types of its content.
fn in_holder(holder: &mut Value, at: &At<'_>, visit: Visit<'_>) {
    below(holder, at, "schema", &mut |schema, at| in_schema(schema, at, visit));
    below(holder, at, "content", &mut |content, at| {
        entries(content, at, &mut |media, at| {
            below(media, at, "schema", &mut |schema, at| in_schema(schema, at, visit));
        });
    });
}

pub(super) fn in_schema(schema: &mut Value, at: &At<'_>, visit: Visit<'_>) {
    visit(schema, at);
    below(schema, at, "properties", &mut |all, at| {
        entries(all, at, &mut |property, at| in_schema(property, at, visit));
    });
    for key in ["items", "additionalProperties", "not"] {
        below(schema, at, key, &mut |it, at| {
            if it.is_mapping() {
                in_schema(it, at, visit);
            }
        });
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        below(schema, at, key, &mut |list, at| {
            items(list, at, &mut |member, at| in_schema(member, at, visit));
        });
    }
}

fn below(value: &mut Value, at: &At<'_>, key: &str, visit: Visit<'_>) {
    if let Some(value) = value.get_mut(key) {
        visit(value, &at.key(key));
    }
}

fn entries(value: &mut Value, at: &At<'_>, visit: Visit<'_>) {
    for (key, value) in value.as_mapping_mut().into_iter().flatten() {
        visit(value, &at.key(&scalar(key)));
    }
}

fn items(value: &mut Value, at: &At<'_>, visit: Visit<'_>) {
    for (index, value) in value.as_sequence_mut().into_iter().flatten().enumerate() {
        visit(value, &at.index(index));
    }
}

/// What the value of a key must be.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Flag,
    Number,
    Map,
    List,
}

/// The keys of a schema that have values of one form.
const FORMS: &[(&str, Form)] = &[
    ("$ref", Form::Text),
    ("type", Form::Text),
    ("format", Form::Text),
    ("pattern", Form::Text),
    ("nullable", Form::Flag),
    ("readOnly", Form::Flag),
    ("writeOnly", Form::Flag),
    ("deprecated", Form::Flag),
    ("uniqueItems", Form::Flag),
    ("maxLength", Form::Number),
    ("minLength", Form::Number),
    ("properties", Form::Map),
    ("items", Form::Map),
    ("required", Form::List),
    ("enum", Form::List),
    ("allOf", Form::List),
    ("anyOf", Form::List),
    ("oneOf", Form::List),
];

/// Reports the keys whose values have another form than OpenAPI 3.0 asks for, of every schema that `each` visits.
pub(super) fn check(each: impl FnOnce(Visit<'_>)) -> Vec<Problem> {
    let mut problems = Vec::new();
    each(&mut |schema, at| match schema {
        Value::Mapping(schema) => keys(schema, at, &mut problems),
        other => {
            let message = format!("a schema is expected here, and {} was found", brief(other));
            problems.push(at.problem(message));
        }
    });
    problems
}

fn keys(schema: &Mapping, at: &At<'_>, problems: &mut Vec<Problem>) {
    for (key, form) in FORMS {
        let Some(value) = schema.get(key) else { continue };
        let (is_right, expected) = match form {
            Form::Text => (value.is_string(), "a text"),
            Form::Flag => (value.is_bool(), "true or false"),
            Form::Number => (value.is_u64(), "a number"),
            Form::Map => (value.is_mapping(), "a mapping"),
            Form::List => (value.is_sequence(), "a list"),
        };
        if !is_right {
            let message = format!("{expected} is expected here, and {} was found", brief(value));
            problems.push(at.key(key).problem(message));
        }
    }
    let Some(values) = schema.get("enum").and_then(Value::as_sequence) else { return };
    let ty = schema.get("type").and_then(Value::as_str);
    let list = at.key("enum");
    for (index, value) in values.iter().enumerate() {
        let fits = match (ty, value) {
            (_, Value::Null) => true,
            (Some("string") | None, Value::String(_)) => true,
            (Some("integer") | None, Value::Number(number)) => !number.is_f64(),
            _ => false,
        };
        let is_like_first = values.first().is_some_and(|it| it.is_string() == value.is_string());
        if !fits || !(is_like_first || value.is_null()) {
            let message = format!(
                "lists {}; write texts of a string or whole numbers of an integer alone",
                brief(value)
            );
            problems.push(list.index(index).problem(message));
            return;
        }
    }
}
