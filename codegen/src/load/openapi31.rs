//! OpenAPI 3.1 as OpenAPI 3.0: the same facts in the older words, so that one reader reads both.
//!
//! What 3.0 has no words for is left as it is; the check for keys that are gone reports it.

use serde_yaml::{Mapping, Value};

use super::schemas;
use crate::problem::{At, Problem};

/// The dialect of schemas that OpenAPI 3.1 has unless a document names another one.
const DIALECT: &str = "https://spec.openapis.org/oas/3.1/dialect/base";

/// The version that the document says it has after [`downgrade`].
const VERSION: &str = "3.0.4";

/// Puts a document of OpenAPI 3.1 into the words of 3.0.
pub(super) fn downgrade(document: &mut Value) -> Result<(), Vec<Problem>> {
    let Some(root) = document.as_mapping_mut() else { return Ok(()) };
    root.insert("openapi".into(), VERSION.into());
    if root.get("jsonSchemaDialect").and_then(Value::as_str) == Some(DIALECT) {
        root.remove("jsonSchemaDialect");
    }
    // Prose.
    if let Some(info) = root.get_mut("info").and_then(Value::as_mapping_mut) {
        info.remove("summary");
        if let Some(license) = info.get_mut("license").and_then(Value::as_mapping_mut) {
            license.remove("identifier");
        }
    }
    let mut problems: Vec<Problem> = Vec::new();
    schemas::each(document, &mut |schema, at| {
        if let Some(keys) = schema.as_mapping_mut()
            && let Err(problem) = self::schema(keys, at)
            // A document of 3.0 that calls itself 3.1 has the same mistake everywhere.
            && problems.iter().all(|it| it.message != problem.message)
        {
            problems.push(problem);
        }
    });
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn schema(keys: &mut Mapping, at: &At<'_>) -> Result<(), Problem> {
    if keys.contains_key("nullable") {
        let message = "OpenAPI 3.1 has no `nullable`; write `type: [string, 'null']`, or call the \
                       document 3.0";
        return Err(at.key("nullable").problem(message));
    }
    // Prose.
    keys.remove("examples");
    keys.remove("$comment");
    union_with_null(keys);
    types(keys, at)?;
    if let Some(value) = keys.remove("const") {
        keys.insert("enum".into(), Value::Sequence(vec![value]));
    }
    if let Some(values) = keys.get_mut("enum").and_then(Value::as_sequence_mut) {
        let all = values.len();
        values.retain(|value| !value.is_null());
        if values.len() < all {
            keys.insert("nullable".into(), true.into());
        }
    }
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")]
    {
        if keys.get(exclusive).is_some_and(Value::is_number)
            && let Some(bound) = keys.insert(exclusive.into(), true.into())
        {
            keys.insert(inclusive.into(), bound);
        }
    }
    encoding(keys);
    beside_reference(keys);
    Ok(())
}

/// `oneOf: [$ref, {type: 'null'}]` is a nullable reference.
fn union_with_null(keys: &mut Mapping) {
    for key in ["oneOf", "anyOf"] {
        let Some(members) = keys.get_mut(key).and_then(Value::as_sequence_mut) else { continue };
        let all = members.len();
        members.retain(|member| member.get("type").and_then(Value::as_str) != Some("null"));
        if members.len() == all {
            continue;
        }
        let rest = members.clone();
        if rest.len() == 1 {
            keys.remove(key);
            keys.insert("allOf".into(), Value::Sequence(rest));
        }
        keys.insert("nullable".into(), true.into());
    }
}

/// `type: [string, 'null']` is a nullable string.
fn types(keys: &mut Mapping, at: &At<'_>) -> Result<(), Problem> {
    let at = at.key("type");
    let types = match keys.get("type") {
        Some(Value::Sequence(types)) => types.clone(),
        Some(Value::String(one)) if one == "null" => {
            return Err(at.refused("is nothing but null"));
        }
        _ => return Ok(()),
    };
    let all = types.len();
    let types: Vec<Value> = types.into_iter().filter(|it| it.as_str() != Some("null")).collect();
    if types.len() < all {
        keys.insert("nullable".into(), true.into());
    }
    let [one] = types.as_slice() else {
        return Err(at.refused(format!("names {} types beside null", types.len())));
    };
    keys.insert("type".into(), one.clone());
    Ok(())
}

/// `contentEncoding: base64` is the format `byte`; a media type of bytes alone is `binary`.
fn encoding(keys: &mut Mapping) {
    let word = |key: &str| keys.get(key).and_then(Value::as_str);
    let format = match (word("contentEncoding"), word("contentMediaType")) {
        (Some("base64" | "base64url"), _) => "byte",
        (None, Some("application/octet-stream")) => "binary",
        _ => return,
    };
    keys.remove("contentEncoding");
    keys.remove("contentMediaType");
    keys.insert("format".into(), format.into());
    keys.insert("type".into(), "string".into());
}

/// In 3.1 other keys may stand beside `$ref`, in 3.0 beside `allOf` alone.
fn beside_reference(keys: &mut Mapping) {
    if keys.len() < 2 {
        return;
    }
    let Some(reference) = keys.remove("$ref") else { return };
    // Prose.
    keys.remove("description");
    keys.remove("summary");
    let reference: Mapping = [("$ref".into(), reference)].into_iter().collect();
    if keys.is_empty() {
        *keys = reference;
    } else {
        keys.insert("allOf".into(), Value::Sequence(vec![Value::Mapping(reference)]));
    }
}
