//! Things that get another type.

use serde_json::{Value, json};

use super::draft::{
    BODY, Draft, SCHEMAS, answer, answering, answers_collection, is, member, nothing,
    path_parameters, properties, refers, schema, target, text,
};
use super::shape::{Shape, some};

pub(super) const SHAPES: &[Shape] = &[
    some("string to boolean", |it| property(it, is_string, json!({ "type": "boolean" }))),
    some("string to enumeration", string_to_enumeration),
    some("string to date-time", |it| property(it, is_string, of("string", "date-time"))),
    some("string to uuid", |it| property(it, is_string, of("string", "uuid"))),
    some("string to list", |it| property(it, is_string, list(json!({ "type": "string" })))),
    some("enumeration to string", enumeration_to_string),
    some("int32 to int64", |it| {
        property(it, |it| is(it, "integer", "int32"), of("integer", "int64"))
    }),
    some("int64 to int32", |it| {
        property(it, |it| is(it, "integer", "int64"), of("integer", "int32"))
    }),
    some("integer to string", |it| property(it, is_integer, json!({ "type": "string" }))),
    some("boolean to integer", |it| property(it, is_boolean, of("integer", "int32"))),
    some("boolean to string", |it| property(it, is_boolean, json!({ "type": "string" }))),
    some("date-time to string", |it| property(it, is_date_time, json!({ "type": "string" }))),
    some("date-time to integer", |it| property(it, is_date_time, of("integer", "int64"))),
    some("entity to string", |it| property(it, refers_only, json!({ "type": "string" }))),
    some("string to entity", string_to_entity),
    some("list to its item", list_to_item),
    some("single to list", single_to_list),
    some("items of a list", items),
    some("property to another entity", other_entity),
    some("nullable", nullable),
    some("maxLength", |it| {
        let (entity, name) = it.property(is_string)?;
        it.put(&member(&entity, &name), "maxLength", json!(77))?;
        Some(format!("{entity}/{name}"))
    }),
    some("entity becomes an enumeration", |it| {
        let name = it.entity()?;
        it.put(SCHEMAS, &name, json!({ "type": "string", "enum": ["One", "Two"] }))?;
        Some(name)
    }),
    some("enumeration becomes an entity", |it| {
        let name = it.enumeration()?;
        let one = json!({ "type": "object", "properties": { "Name": { "type": "string" } } });
        it.put(SCHEMAS, &name, one)?;
        Some(name)
    }),
    some("enumeration becomes flags", flags),
    some("enumeration becomes an alias of a string", |it| {
        let name = it.enumeration()?;
        it.put(SCHEMAS, &name, json!({ "type": "string" }))?;
        Some(name)
    }),
    some("key to string", |it| path_parameter(it, true, json!({ "type": "string" }))),
    some("parameter to string", |it| path_parameter(it, false, json!({ "type": "string" }))),
    some("parameter to boolean", |it| path_parameter(it, false, json!({ "type": "boolean" }))),
    some("parameter to int64", |it| path_parameter(it, false, of("integer", "int64"))),
    some("parameter nullable or not", parameter_nullable),
    some("parameter of an action", body_parameter),
    some("answer to nothing", |it| answers(it, |_| true, |_| Some(nothing()))),
    some("answer to another entity", |it| {
        answers(
            it,
            |old| target_of_answer(old).is_some(),
            |it| Some(answering(&refers(&it.entity()?))),
        )
    }),
    some("answer from a collection to an entity", |it| {
        answers(it, answers_collection, |it| Some(answering(&refers(&it.entity()?))))
    }),
    some("answer from an entity to a collection", |it| {
        answers(
            it,
            |old| target_of_answer(old).is_some(),
            |it| Some(answering(&collection(&it.entity()?))),
        )
    }),
    some("answer to a value", |it| {
        let value = json!({ "type": "object", "properties": { "value": { "type": "boolean" } } });
        answers(it, |_| true, |_| Some(answering(&value)))
    }),
    some("answer from 200 to 201", |it| {
        let at = it.operation(|old| {
            target_of_answer(old).is_some() && old.pointer("/responses/200").is_some()
        })?;
        it.rename(&format!("{at}/responses"), "200", "201")?;
        Some(it.id(&at))
    }),
    some("body of an action to an entity", |it| {
        let at =
            it.operation(|old| old.pointer(BODY).is_some_and(|it| it.get("properties").is_some()))?;
        *it.at(&format!("{at}{BODY}"))? = refers(&it.entity()?);
        Some(it.id(&at))
    }),
    some("body to another entity", |it| {
        let at = it.operation(|old| old.pointer(BODY).is_some_and(|it| target(it).is_some()))?;
        let old = it.get(&format!("{at}{BODY}"))?.clone();
        let new = refers(&it.entity()?);
        (old != new).then_some(())?;
        *it.at(&format!("{at}{BODY}"))? = new;
        Some(it.id(&at))
    }),
];

fn of(ty: &str, format: &str) -> Value {
    json!({ "type": ty, "format": format })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

pub(super) fn collection(entity: &str) -> Value {
    json!({ "type": "object", "properties": {
        "@odata.count": { "type": "integer", "format": "int64", "nullable": true },
        "value": list(refers(entity)),
    } })
}

pub(super) fn is_string(schema: &Value) -> bool {
    is(schema, "string", "") && schema.get("enum").is_none()
}

fn is_integer(schema: &Value) -> bool {
    text(Some(schema), "type") == "integer"
}

pub(super) fn is_boolean(schema: &Value) -> bool {
    text(Some(schema), "type") == "boolean"
}

fn is_date_time(schema: &Value) -> bool {
    is(schema, "string", "date-time")
}

fn refers_only(schema: &Value) -> bool {
    target(schema).is_some()
}

pub(super) fn is_list(schema: &Value) -> bool {
    schema.get("items").is_some()
}

/// Gives a property that passes another schema. Whether it is nullable stays.
fn property(draft: &mut Draft, passes: fn(&Value) -> bool, mut new: Value) -> Option<String> {
    let (entity, name) = draft.property(passes)?;
    let old = draft.at(&member(&entity, &name))?;
    if let Some(nullable) = old.get("nullable") {
        new["nullable"] = nullable.clone();
    }
    *old = new;
    Some(format!("{entity}/{name}"))
}

fn string_to_enumeration(draft: &mut Draft) -> Option<String> {
    let enumeration = draft.enumeration()?;
    let said = property(draft, is_string, json!({ "allOf": [refers(&enumeration)] }))?;
    Some(format!("{said}: {enumeration}"))
}

fn to_what_it_refers(draft: &mut Draft, is_enumeration: bool) -> Option<(String, String)> {
    let all = draft.schemas(|it| it.get("enum").is_some() == is_enumeration);
    draft.property(|it| target(it).is_some_and(|name| all.iter().any(|it| it == name)))
}

fn enumeration_to_string(draft: &mut Draft) -> Option<String> {
    let (entity, name) = to_what_it_refers(draft, true)?;
    *draft.at(&member(&entity, &name))? = json!({ "type": "string", "nullable": true });
    Some(format!("{entity}/{name}"))
}

fn string_to_entity(draft: &mut Draft) -> Option<String> {
    let other = draft.entity()?;
    let said = property(draft, is_string, json!({ "allOf": [refers(&other)] }))?;
    Some(format!("{said}: {other}"))
}

fn list_to_item(draft: &mut Draft) -> Option<String> {
    let (entity, name) = draft.property(is_list)?;
    let property = draft.at(&member(&entity, &name))?;
    *property = property["items"].clone();
    Some(format!("{entity}/{name}"))
}

fn single_to_list(draft: &mut Draft) -> Option<String> {
    let (entity, name) = draft.property(|it| !is_list(it))?;
    let property = draft.at(&member(&entity, &name))?;
    let mut items = property.clone();
    if let Some(items) = items.as_object_mut() {
        for key in ["nullable", "default", "x-ms-navigationProperty"] {
            items.shift_remove(key);
        }
    }
    *property = list(items);
    Some(format!("{entity}/{name}"))
}

fn items(draft: &mut Draft) -> Option<String> {
    let (entity, name) = draft.property(is_list)?;
    let new = match draft.below(3) {
        0 => json!({ "type": "boolean" }),
        1 => of("integer", "int64"),
        _ => refers(&draft.entity()?),
    };
    let items = draft.at(&format!("{}/items", member(&entity, &name)))?;
    (*items != new).then_some(())?;
    *items = new;
    Some(format!("{entity}/{name}"))
}

fn other_entity(draft: &mut Draft) -> Option<String> {
    let (entity, name) = to_what_it_refers(draft, false)?;
    let other = draft.entity()?;
    let property = draft.at(&member(&entity, &name))?;
    (target(property) != Some(&other)).then_some(())?;
    *property = refers(&other);
    Some(format!("{entity}/{name}: {other}"))
}

fn nullable(draft: &mut Draft) -> Option<String> {
    let (entity, name) = draft.property(|it| it.get("$ref").is_none())?;
    let at = member(&entity, &name);
    if draft.take(&at, "nullable").is_none() {
        draft.put(&at, "nullable", json!(true))?;
    }
    Some(format!("{entity}/{name}"))
}

fn flags(draft: &mut Draft) -> Option<String> {
    let name = draft.enumeration()?;
    if draft.take(&schema(&name), "x-ms-enum-flags").is_none() {
        draft.put(&schema(&name), "x-ms-enum-flags", json!({ "isFlags": true }))?;
    }
    Some(name)
}

fn path_parameter(draft: &mut Draft, is_key: bool, new: Value) -> Option<String> {
    let fits = |it: &Value, index: &usize| {
        let parameter = &it["parameters"][*index];
        parameter.get("x-ms-docs-key-type").is_some() == is_key
            && parameter["schema"]["type"] != new["type"]
    };
    let at = draft.operation(|it| path_parameters(it).iter().any(|index| fits(it, index)))?;
    let operation = draft.at(&at)?;
    let index = path_parameters(operation).into_iter().find(|index| fits(operation, index))?;
    operation["parameters"][index]["schema"] = new;
    Some(format!("{}: {}", draft.id(&at), draft.get(&at)?["parameters"][index]["name"]))
}

fn parameter_nullable(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|it| !path_parameters(it).is_empty())?;
    let all = path_parameters(draft.get(&at)?);
    let index = draft.one(&all)?;
    let at_schema = format!("{at}/parameters/{index}/schema");
    if draft.take(&at_schema, "nullable").is_none() {
        draft.put(&at_schema, "nullable", json!(true))?;
    }
    Some(format!("{}: {}", draft.id(&at), draft.get(&at)?["parameters"][index]["name"]))
}

fn body_parameter(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|it| it.pointer(BODY).is_some_and(|it| properties(it).count() > 0))?;
    let body = draft.get(&format!("{at}{BODY}"))?;
    let all: Vec<String> = properties(body).map(|(name, _)| name.clone()).collect();
    let name = draft.one(&all)?;
    let new = match draft.below(4) {
        0 => json!({ "type": "boolean" }),
        1 => list(refers(&draft.entity()?)),
        2 => refers(&draft.enumeration()?),
        _ => of("string", "date-time"),
    };
    let properties = format!("{at}{BODY}/properties");
    (draft.get(&properties)?.get(&name)? != &new).then_some(())?;
    draft.put(&properties, &name, new)?;
    Some(format!("{}: {name}", draft.id(&at)))
}

fn target_of_answer(operation: &Value) -> Option<&str> {
    target(operation.pointer(&answer(operation)?)?)
}

fn answers(
    draft: &mut Draft,
    passes: fn(&Value) -> bool,
    new: impl Fn(&mut Draft) -> Option<Value>,
) -> Option<String> {
    let at = draft.operation(passes)?;
    let new = new(draft)?;
    (draft.get(&at)?.get("responses")? != &new).then_some(())?;
    draft.put(&at, "responses", new)?;
    Some(draft.id(&at))
}
