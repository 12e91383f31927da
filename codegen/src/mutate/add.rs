//! New things.

use serde_json::{Value, json};

use super::draft::{
    BODY, Draft, SCHEMAS, action, answering, function, is, member, nothing, path_parameters, place,
    refers, schema, text,
};
use super::retype::{collection, is_boolean, is_list};
use super::shape::{Shape, newest, none, some};

pub(super) const SHAPES: &[Shape] = &[
    some("action", |it| {
        let resource = resource(it)?;
        let mut new = action("PerformNewAction", &resource);
        new["requestBody"] =
            body(&json!({ "first": { "type": "string" }, "second": refers(&it.enumeration()?) }));
        it.put_operation(&format!("/{resource}/Pbx.PerformNewAction"), "post", new)?;
        Some(resource)
    }),
    some("function with parameters", |it| {
        let resource = resource(it)?;
        let mut new = function("FindNewThings", &resource, &collection(&it.entity()?));
        new["parameters"] = json!([
            parameter("from", &json!({ "type": "string", "format": "date-time" })),
            parameter("text", &json!({ "type": "string", "nullable": true }))
        ]);
        it.put_operation(
            &format!("/{resource}/Pbx.FindNewThings(from={{from}},text={{text}})"),
            "get",
            new,
        )?;
        Some(resource)
    }),
    some("resource of a new entity", new_resource),
    some("operation at a known path", |it| {
        let at = it.operation(|_| true)?;
        let (path, _) = place(&at)?;
        let mut new = json!({ "tags": it.get(&at)?["tags"], "operationId": "DeleteTheNewThing", "responses": nothing() });
        if let Some(parameters) = it.get(&at)?.get("parameters") {
            new["parameters"] =
                parameters.as_array()?.iter().filter(|it| it["in"] == "path").cloned().collect();
        }
        it.put_operation(&path, "delete", new)?;
        Some(path)
    }),
    some("property", |it| property(it, json!({ "type": "string" }))),
    some("nullable property", |it| property(it, json!({ "type": "boolean", "nullable": true }))),
    some("property of an entity", |it| {
        let other = it.entity()?;
        property(it, json!({ "allOf": [refers(&other)], "nullable": true }))
    }),
    some("property with a list of entities", |it| {
        let other = it.entity()?;
        property(
            it,
            json!({ "type": "array", "items": refers(&other), "x-ms-navigationProperty": true }),
        )
    }),
    some("property of a new enumeration", |it| {
        it.put(SCHEMAS, "Pbx.BrandNew", json!({ "type": "string", "enum": ["First", "Second"] }))?;
        property(it, refers("Pbx.BrandNew"))
    }),
    some("property of a new entity", |it| {
        let of = json!({ "type": "object", "properties": { "Name": { "type": "string" }, "More": refers("Pbx.BrandNew") } });
        it.put(SCHEMAS, "Pbx.BrandNew", of)?;
        property(it, refers("Pbx.BrandNew"))
    }),
    some("property with a default of a boolean", |it| {
        property(it, json!({ "type": "boolean", "default": true }))
    }),
    some("property with a default of a string", |it| {
        property(it, json!({ "type": "string", "default": "none" }))
    }),
    some("property with a default of a number", |it| {
        property(it, json!({ "type": "integer", "format": "int32", "default": 5 }))
    }),
    some("default", |it| {
        let (entity, name) = it.property(is_boolean)?;
        it.put(&member(&entity, &name), "default", json!(true))?;
        Some(format!("{entity}/{name}"))
    }),
    some("value of an enumeration", |it| {
        let name = it.enumeration()?;
        it.at(&schema(&name))?.get_mut("enum")?.as_array_mut()?.push(json!("BrandNew"));
        Some(name)
    }),
    some("query option $search", |it| option(it, "$search", "search")),
    some("query option $count", |it| option(it, "$count", "count")),
    some("query option $filter", |it| option(it, "$filter", "filter")),
    some("query option $top", |it| option(it, "$top", "top")),
    some("header If-Match", |it| option(it, "If-Match", "ifMatch")),
    newest("nullable items of a list", |it| {
        let (entity, name) = it.property(|it| is_list(it) && it["items"].get("type").is_some())?;
        it.put(&format!("{}/items", member(&entity, &name)), "nullable", json!(true))?;
        Some(format!("{entity}/{name}"))
    }),
    some("deprecated operation", |it| {
        let at = it.operation(|_| true)?;
        it.put(&at, "deprecated", json!(true))?;
        Some(it.id(&at))
    }),
    some("deprecated property", |it| marked(it, "deprecated")),
    some("readOnly property", |it| marked(it, "readOnly")),
    some("writeOnly property", |it| marked(it, "writeOnly")),
    some("required property", |it| {
        let (entity, name) = it.property(|_| true)?;
        let at = schema(&entity);
        let mut list = it.get(&at)?.get("required").cloned().unwrap_or_else(|| json!([]));
        (!list.as_array()?.contains(&json!(name))).then_some(())?;
        list.as_array_mut()?.push(json!(name));
        it.put(&at, "required", list)?;
        Some(format!("{entity}/{name}"))
    }),
    some("parameter of a function", |it| {
        let at = it.operation(|it| path_parameters(it).len() > 1)?;
        let (path, method, mut operation) = it.take_operation(&at)?;
        let cut = path.rfind(')')?;
        let path = format!("{},brandNew={{brandNew}}{}", &path[..cut], &path[cut..]);
        let index = path_parameters(&operation).len();
        let new = parameter("brandNew", &json!({ "type": "string", "nullable": true }));
        operation["parameters"].as_array_mut()?.insert(index, new);
        it.put_operation(&path, &method, operation)?;
        Some(path)
    }),
    some("parameter of an action", |it| {
        let at =
            it.operation(|it| it.pointer(BODY).is_some_and(|it| it.get("properties").is_some()))?;
        it.put(&format!("{at}{BODY}/properties"), "brandNew", json!({ "type": "string" }))?;
        Some(it.id(&at))
    }),
    some("required parameter of an action", |it| {
        let at =
            it.operation(|it| it.pointer(BODY).is_some_and(|it| it.get("properties").is_some()))?;
        it.put(&format!("{at}{BODY}/properties"), "brandNew", json!({ "type": "string" }))?;
        it.put(&format!("{at}{BODY}"), "required", json!(["brandNew"]))?;
        Some(it.id(&at))
    }),
    some("body of an action", |it| {
        let has_none = |it: &Value| {
            text(Some(it), "x-ms-docs-operation-type") == "action"
                && it.get("requestBody").is_none()
        };
        let at = it.operation(has_none)?;
        it.put(&at, "requestBody", body(&json!({ "what": { "type": "string" } })))?;
        Some(it.id(&at))
    }),
    some("second tag", |it| {
        let at = it.operation(|_| true)?;
        it.at(&at)?.get_mut("tags")?.as_array_mut()?.push(json!("More"));
        Some(it.id(&at))
    }),
    none("description of a property", |it| {
        prose(it, "description", json!("What it is: a \"thing\".\n\n# Head"))
    }),
    none("example of a property", |it| prose(it, "example", json!({ "a": [1, null] }))),
    none("title of an entity", |it| {
        let name = it.entity()?;
        it.put(&schema(&name), "title", json!("*/ A title"))?;
        Some(name)
    }),
    none("summary and description of an operation", |it| {
        let at = it.operation(|_| true)?;
        it.put(&at, "summary", json!("Does it"))?;
        it.put(&at, "description", json!("```\nloop {}\n"))?;
        it.put(&at, "externalDocs", json!({ "url": "https://example.com" }))?;
        Some(it.id(&at))
    }),
    // It is a type of the client all the same.
    some("entity that nothing uses", |it| {
        let of = json!({ "type": "object", "properties": { "Name": { "type": "string" } } });
        it.put(SCHEMAS, "Pbx.NobodyUsesMe", of)?;
        Some("Pbx.NobodyUsesMe".to_owned())
    }),
    none("list of tags", |it| {
        it.put("", "tags", json!([{ "name": "Users", "description": "The users" }]))?;
        Some("tags".to_owned())
    }),
    none("licence and contact", |it| {
        it.put("/info", "license", json!({ "name": "MIT" }))?;
        it.put("/info", "contact", json!({ "email": "a@example.com" }))?;
        Some("info".to_owned())
    }),
];

/// A resource that the document has.
fn resource(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let (path, _) = place(&at)?;
    Some(path.trim_start_matches('/').split(['/', '(']).next()?.to_owned())
}

pub(super) fn body(properties: &Value) -> Value {
    let schema = json!({ "type": "object", "properties": properties });
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

pub(super) fn parameter(name: &str, schema: &Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn new_resource(draft: &mut Draft) -> Option<String> {
    let of = json!({ "type": "object", "properties": {
        "Id": { "type": "integer", "format": "int32" },
        "Name": { "type": "string", "nullable": true },
        "Owner": { "allOf": [refers(&draft.entity()?)], "nullable": true },
    } });
    draft.put(SCHEMAS, "Pbx.Gadget", of)?;
    let key = json!({ "name": "Id", "in": "path", "required": true,
        "schema": { "type": "integer", "format": "int32" }, "x-ms-docs-key-type": "Gadget" });
    let operation = |id: &str, answers: Value| json!({ "tags": ["Gadgets"], "operationId": id, "responses": answers });
    let mut list = operation("ListGadget", answering(&collection("Pbx.Gadget")));
    let options = ["top", "skip", "filter", "count", "orderby", "select", "expand"];
    list["parameters"] = options
        .iter()
        .map(|it| json!({ "$ref": format!("#/components/parameters/{it}") }))
        .collect();
    let mut get = operation("GetGadget", answering(&refers("Pbx.Gadget")));
    get["parameters"] = json!([key]);
    let mut update = operation("UpdateGadget", nothing());
    update["parameters"] = json!([key]);
    update["requestBody"] =
        json!({ "content": { "application/json": { "schema": refers("Pbx.Gadget") } } });
    draft.put_operation("/Gadgets", "get", list)?;
    draft.put_operation("/Gadgets({Id})", "get", get)?;
    draft.put_operation("/Gadgets({Id})", "patch", update)?;
    Some("Gadgets".to_owned())
}

/// Adds a property to an entity.
pub(super) fn property(draft: &mut Draft, new: Value) -> Option<String> {
    let entity = draft.entity()?;
    draft.put(&format!("{}/properties", schema(&entity)), "BrandNewProperty", new)?;
    Some(entity)
}

/// Adds a query option to an operation that lacks it.
fn option(draft: &mut Draft, option: &str, component: &str) -> Option<String> {
    let reference = json!({ "$ref": format!("#/components/parameters/{component}") });
    let lacks = |it: &Value| {
        let all = it.get("parameters").and_then(Value::as_array).into_iter().flatten();
        all.filter(|it| **it == reference).count() == 0
    };
    let at = draft.operation(lacks)?;
    let mut list = draft.get(&at)?.get("parameters").cloned().unwrap_or_else(|| json!([]));
    list.as_array_mut()?.push(reference.clone());
    draft.put(&at, "parameters", list)?;
    Some(format!("{}: {option}", draft.id(&at)))
}

fn marked(draft: &mut Draft, mark: &str) -> Option<String> {
    let (entity, name) = draft.property(|it| it.get("$ref").is_none())?;
    draft.put(&member(&entity, &name), mark, json!(true))?;
    Some(format!("{entity}/{name}"))
}

fn prose(draft: &mut Draft, key: &str, value: Value) -> Option<String> {
    let (entity, name) = draft.property(|it| is(it, "string", ""))?;
    draft.put(&member(&entity, &name), key, value)?;
    Some(format!("{entity}/{name}"))
}
