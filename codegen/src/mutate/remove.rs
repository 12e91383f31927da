//! Things that are gone.

use serde_json::{Value, json};

use super::draft::{
    BODY, Draft, SCHEMAS, action, member, path_parameters, place, properties, schema, text,
};
use super::shape::{Shape, newest, none, some};

pub(super) const SHAPES: &[Shape] = &[
    some("operation", |it| {
        let at = it.operation(|_| true)?;
        let said = it.id(&at);
        it.take_operation(&at)?;
        Some(said)
    }),
    some("path", |it| {
        let (path, _) = place(&it.operation(|_| true)?)?;
        it.take("/paths", &path)?;
        Some(path)
    }),
    some("property", |it| {
        let (entity, name) = it.property(|_| true)?;
        it.take(&format!("{}/properties", schema(&entity)), &name)?;
        Some(format!("{entity}/{name}"))
    }),
    some("all properties of an entity", |it| {
        let entity = it.entity()?;
        it.take(&schema(&entity), "properties")?;
        Some(entity)
    }),
    some("value of an enumeration", |it| {
        let name = it.enumeration()?;
        let values = it.get(&schema(&name))?["enum"].as_array()?.len();
        (values > 1).then_some(())?;
        let index = it.below(values);
        let value = it.at(&schema(&name))?.get_mut("enum")?.as_array_mut()?.remove(index);
        Some(format!("{name}/{value}"))
    }),
    some("required properties", |it| {
        let all = it.get(SCHEMAS)?.as_object()?.iter();
        let all: Vec<String> = all
            .filter(|(_, it)| it.get("required").is_some())
            .map(|(name, _)| name.clone())
            .collect();
        let name = it.one(&all)?;
        it.take(&schema(&name), "required")?;
        Some(name)
    }),
    some("query option", |it| {
        let is_option = |it: &Value| text(Some(it), "$ref").starts_with("#/components/parameters/");
        let has = move |it: &Value| {
            it["parameters"].as_array().is_some_and(|it| it.iter().any(is_option))
        };
        let at = it.operation(has)?;
        let list = it.at(&at)?.get_mut("parameters")?.as_array_mut()?;
        let index = list.iter().position(is_option)?;
        let gone = list.remove(index);
        Some(format!("{}: {gone}", it.id(&at)))
    }),
    some("all query options", |it| {
        let has = |it: &Value| it.get("parameters").is_some() && path_parameters(it).is_empty();
        let at = it.operation(has)?;
        it.take(&at, "parameters")?;
        Some(it.id(&at))
    }),
    some("nullable of a property", |it| {
        let (entity, name) = it.property(|it| it.get("nullable").is_some())?;
        it.take(&member(&entity, &name), "nullable")?;
        Some(format!("{entity}/{name}"))
    }),
    some("parameter of a function", |it| {
        let at = it.operation(|it| path_parameters(it).len() > 1)?;
        let (path, method, mut operation) = it.take_operation(&at)?;
        let index = path_parameters(&operation).pop()?;
        let gone = operation["parameters"].as_array_mut()?.remove(index);
        let name = text(Some(&gone), "name");
        let path = path.replace(&format!(",{name}={{{name}}}"), "");
        it.put_operation(&path, &method, operation)?;
        Some(format!("{path}: {name}"))
    }),
    some("parameter that the route still has", |it| {
        let at = it.operation(|it| !path_parameters(it).is_empty())?;
        let all = path_parameters(it.get(&at)?);
        let index = it.one(&all)?;
        it.at(&at)?.get_mut("parameters")?.as_array_mut()?.remove(index);
        Some(it.id(&at))
    }),
    some("parameter of an action", |it| {
        let at =
            it.operation(|it| it.pointer(BODY).is_some_and(|it| properties(it).count() > 0))?;
        let body = it.get(&format!("{at}{BODY}"))?;
        let all: Vec<String> = properties(body).map(|(name, _)| name.clone()).collect();
        let name = it.one(&all)?;
        it.take(&format!("{at}{BODY}/properties"), &name)?;
        Some(format!("{}: {name}", it.id(&at)))
    }),
    some("body", |it| {
        let at = it.operation(|it| it.get("requestBody").is_some())?;
        it.take(&at, "requestBody")?;
        Some(it.id(&at))
    }),
    some("entity that others refer to", |it| {
        let name = it.entity()?;
        it.take(SCHEMAS, &name)?;
        Some(name)
    }),
    some("query option's component", |it| {
        it.take("/components/parameters", "filter")?;
        Some("filter".to_owned())
    }),
    some("kind of an operation", |it| {
        let at = it.operation(|it| it.get("x-ms-docs-operation-type").is_some())?;
        it.take(&at, "x-ms-docs-operation-type")?;
        Some(it.id(&at))
    }),
    some("key's mark", |it| {
        let marked = |it: &Value| it.get("x-ms-docs-key-type").is_some();
        let at =
            it.operation(|it| it["parameters"].as_array().is_some_and(|it| it.iter().any(marked)))?;
        for parameter in it.at(&at)?.get_mut("parameters")?.as_array_mut()? {
            if let Some(parameter) = parameter.as_object_mut() {
                parameter.shift_remove("x-ms-docs-key-type");
            }
        }
        Some(it.id(&at))
    }),
    some("operationId", |it| without(it, "operationId")),
    some("tags", |it| without(it, "tags")),
    some("answers", |it| without(it, "responses")),
    some("answer for errors", |it| {
        let at = it.operation(|_| true)?;
        it.take(&format!("{at}/responses"), "default")?;
        Some(it.id(&at))
    }),
    newest("security", |it| top(it, "security")),
    newest("servers", |it| top(it, "servers")),
    some("components", |it| top(it, "components")),
    some("type of a property", |it| {
        let (entity, name) = it.property(|it| it.get("type").is_some())?;
        it.take(&member(&entity, &name), "type")?;
        Some(format!("{entity}/{name}"))
    }),
    none("type of an entity", |it| {
        let name = it.entity()?;
        it.take(&schema(&name), "type")?;
        Some(name)
    }),
    some("items of a list", |it| {
        let (entity, name) = it.property(|it| it.get("items").is_some())?;
        it.take(&member(&entity, &name), "items")?;
        Some(format!("{entity}/{name}"))
    }),
    some("all but one operation", |it| {
        it.put("", "paths", json!({}))?;
        it.put_operation("/Users/Pbx.OnlyOne", "post", action("OnlyOne", "Users"))?;
        Some("OnlyOne".to_owned())
    }),
    some("all operations", |it| {
        it.put("", "paths", json!({}))?;
        Some("paths".to_owned())
    }),
];

fn without(draft: &mut Draft, key: &str) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let said = draft.id(&at);
    draft.take(&at, key)?;
    Some(said)
}

fn top(draft: &mut Draft, key: &str) -> Option<String> {
    draft.take("", key)?;
    Some(key.to_owned())
}
