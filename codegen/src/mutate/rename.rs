//! Renamed and moved things.

use serde_json::{Value, json};

use super::draft::{
    BODY, Draft, SCHEMAS, path_parameters, place, properties, refers, schema, text,
};
use super::shape::{Shape, some};
use crate::model::local_name;

pub(super) const RENAME: &[Shape] = &[
    some("operationId", operation),
    some("last segment of a route", route),
    some("resource", resource),
    some("entity", entity),
    some("namespace of an entity", namespace),
    some("enumeration", enumeration),
    some("property", property),
    some("enumeration's value", value),
    some("path parameter", parameter),
    some("parameter of an action", body_property),
    some("spelling of a property", spelling),
];

fn operation(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let old = draft.id(&at);
    let new = format!("Perform{old}");
    draft.put(&at, "operationId", json!(new))?;
    Some(format!("{old} → {new}"))
}

fn route(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let (path, method) = place(&at)?;
    let cut = path.rfind(['/', '.'])? + 1;
    let new = format!("{}New{}", &path[..cut], &path[cut..]);
    let (_, _, operation) = draft.take_operation(&at)?;
    draft.put_operation(&new, &method, operation)?;
    Some(format!("{path} → {new}"))
}

/// All paths of a resource, and its tag.
fn resource(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let (path, _) = place(&at)?;
    let old = path.trim_start_matches('/').split(['/', '(']).next()?.to_owned();
    let new = format!("{old}Next");
    for at in draft.operations(|_| true) {
        let (path, method) = place(&at)?;
        let rest = path.trim_start_matches('/').strip_prefix(&old);
        let Some(rest) = rest.filter(|it| it.is_empty() || it.starts_with(['/', '('])) else {
            continue;
        };
        let path = format!("/{new}{rest}");
        let (_, _, mut operation) = draft.take_operation(&at)?;
        operation["tags"] = json!([new]);
        draft.put_operation(&path, &method, operation)?;
    }
    Some(format!("{old} → {new}"))
}

fn entity(draft: &mut Draft) -> Option<String> {
    let old = draft.entity()?;
    let new = format!("{old}Item");
    draft.rename_schema(&old, &new)?;
    Some(format!("{old} → {new}"))
}

fn namespace(draft: &mut Draft) -> Option<String> {
    let old = draft.schema(|it| it.get("properties").is_some() || it.get("enum").is_some())?;
    let new = format!("Api.{}", local_name(&old));
    draft.rename_schema(&old, &new)?;
    Some(format!("{old} → {new}"))
}

fn enumeration(draft: &mut Draft) -> Option<String> {
    let old = draft.enumeration()?;
    let new = format!("{old}Kind");
    draft.rename_schema(&old, &new)?;
    Some(format!("{old} → {new}"))
}

fn property(draft: &mut Draft) -> Option<String> {
    let (entity, old) = draft.property(|_| true)?;
    let new = format!("{old}Name");
    draft.rename(&format!("{}/properties", schema(&entity)), &old, &new)?;
    Some(format!("{entity}/{old} → {new}"))
}

fn spelling(draft: &mut Draft) -> Option<String> {
    let (entity, old) = draft.property(|_| true)?;
    let new = old[..1].to_lowercase() + &old[1..];
    draft.rename(&format!("{}/properties", schema(&entity)), &old, &new)?;
    Some(format!("{entity}/{old} → {new}"))
}

fn value(draft: &mut Draft) -> Option<String> {
    let name = draft.enumeration()?;
    let values = draft.get(&schema(&name))?.get("enum")?.as_array()?.len();
    let index = draft.below(values);
    let old = draft.get(&schema(&name))?["enum"][index].as_str()?.to_owned();
    let new = format!("{old}Value");
    draft.at(&schema(&name))?["enum"][index] = json!(new);
    Some(format!("{name}/{old} → {new}"))
}

fn parameter(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|it| !path_parameters(it).is_empty())?;
    let (path, method) = place(&at)?;
    let (_, _, mut operation) = draft.take_operation(&at)?;
    let index = path_parameters(&operation);
    let index = draft.one(&index)?;
    let old = text(operation["parameters"].get(index), "name");
    let new = format!("new{old}");
    operation["parameters"][index]["name"] = json!(new);
    let path = path
        .replace(&format!("{old}={{{old}}}"), &format!("{new}={{{new}}}"))
        .replace(&format!("({{{old}}})"), &format!("({{{new}}})"));
    draft.put_operation(&path, &method, operation)?;
    Some(format!("{path}: {old} → {new}"))
}

fn body_property(draft: &mut Draft) -> Option<String> {
    let body = format!("{BODY}/properties");
    let has = |it: &Value| {
        it.pointer(&body).is_some_and(|it| it.as_object().is_some_and(|it| !it.is_empty()))
    };
    let at = draft.operation(has)?;
    let pointer = format!("{at}{body}");
    let names: Vec<String> = draft.map(&pointer)?.keys().cloned().collect();
    let old = draft.one(&names)?;
    let new = format!("new{old}");
    draft.rename(&pointer, &old, &new)?;
    Some(format!("{}: {old} → {new}", draft.id(&at)))
}

pub(super) const MOVE: &[Shape] = &[
    some("operation to another resource", to_resource),
    some("tag", tag),
    some("property to another entity", to_entity),
    some("properties to a new base", to_base),
    some("method", method),
    some("routes of two operations exchanged", routes_exchanged),
    some("ids of two operations exchanged", ids_exchanged),
    some("function to the whole set", to_set),
    some("values to another enumeration", values),
    some("path parameter to the body", to_body),
    some("properties exchanged by two entities", entities_exchanged),
];

fn to_resource(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let other = draft.operation(|_| true)?;
    let (path, method, mut operation) = draft.take_operation(&at)?;
    let (other, _) = place(&other)?;
    let resource = other.trim_start_matches('/').split(['/', '(']).next()?.to_owned();
    let own = path.trim_start_matches('/').split(['/', '(']).next()?;
    let new = path.replacen(own, &resource, 1);
    operation["tags"] = json!([resource]);
    (new != path).then_some(())?;
    draft.put_operation(&new, &method, operation)?;
    Some(format!("{path} → {new}"))
}

/// The tag counts for functions and actions that stand alone.
fn tag(draft: &mut Draft) -> Option<String> {
    let alone = |it: &Value| text(Some(it), "x-ms-docs-operation-type").ends_with("Import");
    let at = draft.operation(alone)?;
    let other = draft.operation(|_| true)?;
    let tags = draft.get(&other)?.get("tags")?.clone();
    (draft.get(&at)?["tags"] != tags).then_some(())?;
    let said = format!("{} → {tags}", draft.id(&at));
    draft.put(&at, "tags", tags)?;
    Some(said)
}

fn to_entity(draft: &mut Draft) -> Option<String> {
    let (entity, name) = draft.property(|_| true)?;
    let other = draft.entity()?;
    let into = format!("{}/properties", schema(&other));
    (draft.get(&format!("{into}/{name}")).is_none()).then_some(())?;
    let property = draft.take(&format!("{}/properties", schema(&entity)), &name)?;
    draft.put(&into, &name, property)?;
    Some(format!("{entity}/{name} → {other}"))
}

fn to_base(draft: &mut Draft) -> Option<String> {
    let entity = draft.entity()?;
    let base = format!("{entity}Base");
    draft.get(&schema(&base)).is_none().then_some(())?;
    let mut own = draft.take(SCHEMAS, &entity)?;
    own.as_object_mut()?.shift_remove("x-base");
    let all: Vec<String> = properties(&own).map(|(name, _)| name.clone()).collect();
    let mut inherited = json!({ "type": "object", "properties": {} });
    for name in &all[..all.len() / 2] {
        inherited["properties"][name] = own["properties"].as_object_mut()?.shift_remove(name)?;
    }
    draft.put(SCHEMAS, &base, inherited)?;
    draft.put(SCHEMAS, &entity, json!({ "allOf": [refers(&base), own] }))?;
    Some(format!("{entity}: {} properties → {base}", all.len() / 2))
}

fn method(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let (path, old, operation) = draft.take_operation(&at)?;
    let new = match old.as_str() {
        "get" => "post",
        "patch" => "put",
        "put" => "patch",
        _ => "get",
    };
    draft.put_operation(&path, new, operation)?;
    Some(format!("{path}: {old} → {new}"))
}

fn routes_exchanged(draft: &mut Draft) -> Option<String> {
    let is_plain = |it: &Value| path_parameters(it).is_empty();
    let (one, other) = (draft.operation(is_plain)?, draft.operation(is_plain)?);
    (one != other).then_some(())?;
    let first = draft.get(&one)?.clone();
    let second = std::mem::replace(draft.at(&other)?, first);
    *draft.at(&one)? = second;
    Some(format!("{} ↔ {}", draft.id(&one), draft.id(&other)))
}

fn ids_exchanged(draft: &mut Draft) -> Option<String> {
    let (one, other) = (draft.operation(|_| true)?, draft.operation(|_| true)?);
    (one != other).then_some(())?;
    let (first, second) = (draft.id(&one), draft.id(&other));
    draft.put(&one, "operationId", json!(second))?;
    draft.put(&other, "operationId", json!(first))?;
    Some(format!("{first} ↔ {second}"))
}

/// From `/Things({Id})/Pbx.Act` to `/Things/Pbx.Act`.
fn to_set(draft: &mut Draft) -> Option<String> {
    let bound =
        |it: &Value| path_parameters(it).len() == 1 && it.get("x-ms-docs-operation-type").is_some();
    let at = draft.operation(bound)?;
    let (path, method, mut operation) = draft.take_operation(&at)?;
    let (before, rest) = path.split_once('(')?;
    let (_, after) = rest.split_once(')')?;
    let index = path_parameters(&operation).first().copied()?;
    operation["parameters"].as_array_mut()?.remove(index);
    let new = format!("{before}{after}");
    (!new.contains('{')).then_some(())?;
    draft.put_operation(&new, &method, operation)?;
    Some(format!("{path} → {new}"))
}

fn values(draft: &mut Draft) -> Option<String> {
    let (one, other) = (draft.enumeration()?, draft.enumeration()?);
    let taken = draft.at(&schema(&one))?.get_mut("enum")?.as_array_mut()?;
    (taken.len() > 1).then_some(())?;
    let value = taken.pop()?;
    let into = draft.at(&schema(&other))?.get_mut("enum")?.as_array_mut()?;
    (!into.contains(&value)).then_some(())?;
    into.push(value.clone());
    Some(format!("{one}/{value} → {other}"))
}

fn to_body(draft: &mut Draft) -> Option<String> {
    let is_action = |it: &Value| {
        text(Some(it), "x-ms-docs-operation-type") == "action" && path_parameters(it).len() == 1
    };
    let at = draft.operation(is_action)?;
    let (path, method, mut operation) = draft.take_operation(&at)?;
    let (before, rest) = path.split_once('(')?;
    let new = format!("{before}{}", rest.split_once(')')?.1);
    let index = path_parameters(&operation).first().copied()?;
    let parameter = operation["parameters"].as_array_mut()?.remove(index);
    let name = text(Some(&parameter), "name");
    draft.put_operation(&new, &method, operation)?;
    let body = format!(
        "/paths/{}/{method}/requestBody/content/application~1json",
        crate::pointer::escape(&new)
    );
    if draft.get(&format!("{body}/schema")).is_none() {
        draft.put(&body, "schema", json!({ "type": "object", "properties": {} }))?;
    }
    draft.put(&format!("{body}/schema/properties"), &name, parameter["schema"].clone())?;
    Some(format!("{path}: {name}"))
}

fn entities_exchanged(draft: &mut Draft) -> Option<String> {
    let (one, other) = (draft.entity()?, draft.entity()?);
    (one != other).then_some(())?;
    let first = draft.get(&schema(&one))?.clone();
    (draft.get(&schema(&other))? != &first).then_some(())?;
    let second = std::mem::replace(draft.at(&schema(&other))?, first);
    *draft.at(&schema(&one))? = second;
    Some(format!("{one} ↔ {other}"))
}
