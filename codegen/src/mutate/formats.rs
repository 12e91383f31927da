//! OpenAPI that no document had.

use serde_json::{Value, json};

use super::add::{body, property};
use super::draft::{
    BODY, Draft, SCHEMAS, action, answer, is, member, path_parameters, place, refers, schema, text,
};
use super::retype::is_string;
use super::shape::{Shape, newest, none, some};

pub(super) const SHAPES: &[Shape] = &[
    some("format date", |it| format(it, "string", "date")),
    some("format byte", |it| format(it, "string", "byte")),
    some("format binary", |it| format(it, "string", "binary")),
    some("format uri", |it| format(it, "string", "uri")),
    some("format email", |it| format(it, "string", "email")),
    some("format password", |it| format(it, "string", "password")),
    some("format base64url", |it| format(it, "string", "base64url")),
    some("format of ours", |it| format(it, "string", "3cx-number")),
    some("int16", |it| format(it, "integer", "int16")),
    some("int8", |it| format(it, "integer", "int8")),
    some("uint32", |it| format(it, "integer", "uint32")),
    some("integer without a format", |it| property(it, json!({ "type": "integer" }))),
    some("number without a format", |it| property(it, json!({ "type": "number" }))),
    some("float without oneOf", |it| format(it, "number", "float")),
    some("double without oneOf", |it| format(it, "number", "double")),
    some("boolean with a format", |it| format(it, "boolean", "flag")),
    some("schema without anything", |it| property(it, json!({}))),
    some("object without properties", |it| property(it, json!({ "type": "object" }))),
    newest("additionalProperties: true", |it| open(it, json!(true))),
    newest("additionalProperties of strings", |it| open(it, json!({ "type": "string" }))),
    newest("additionalProperties of entities", |it| {
        let of = refers(&it.entity()?);
        open(it, of)
    }),
    none("additionalProperties: false", |it| open(it, json!(false))),
    some("list without items", |it| property(it, json!({ "type": "array" }))),
    some("list with bounds", |it| {
        property(it, json!({ "type": "array", "items": { "type": "string" }, "maxItems": 3 }))
    }),
    some("list of unique items", |it| {
        property(it, json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true }))
    }),
    some("enumeration in place", |it| {
        property(it, json!({ "type": "string", "enum": ["One", "Two"] }))
    }),
    some("enumeration of integers", |it| {
        enumeration(it, json!({ "type": "integer", "format": "int32", "enum": [0, 1, 5] }))
    }),
    some("enumeration of integers without a type", |it| enumeration(it, json!({ "enum": [0, 1] }))),
    some("enumeration of mixed values", |it| enumeration(it, json!({ "enum": [1, true] }))),
    some("enumeration of booleans", |it| {
        enumeration(it, json!({ "type": "boolean", "enum": [true] }))
    }),
    some("enumeration with null", |it| {
        enumeration(it, json!({ "type": "string", "nullable": true, "enum": ["One", null] }))
    }),
    some("enumeration with a value twice", |it| {
        enumeration(it, json!({ "type": "string", "enum": ["One", "One"] }))
    }),
    some("enumeration without values", |it| {
        enumeration(it, json!({ "type": "string", "enum": [] }))
    }),
    some("enumeration with a default", |it| {
        enumeration(it, json!({ "type": "string", "enum": ["One"], "default": "One" }))
    }),
    some("discriminator", |it| {
        let name = it.entity()?;
        it.put(&schema(&name), "discriminator", json!({ "propertyName": "@odata.type" }))?;
        Some(name)
    }),
    some("oneOf of entities", |it| {
        let (one, other) = (it.entity()?, it.entity()?);
        property(it, json!({ "oneOf": [refers(&one), refers(&other)] }))
    }),
    some("anyOf of string and integer", |it| {
        property(it, json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] }))
    }),
    some("not", |it| property(it, json!({ "not": { "type": "string" } }))),
    some("pattern and minLength", |it| {
        let (entity, name) = it.property(is_string)?;
        it.put(&member(&entity, &name), "minLength", json!(1))?;
        Some(format!("{entity}/{name}"))
    }),
    some("reference to a file", |it| property(it, json!({ "$ref": "other.yaml#/Thing" }))),
    some("reference with keys beside it", |it| {
        let (entity, name) = it.property(|it| it.get("$ref").is_some())?;
        it.put(&member(&entity, &name), "nullable", json!(true))?;
        Some(format!("{entity}/{name}"))
    }),
    some("extension of ours on a property", |it| {
        let (entity, name) = it.property(is_string)?;
        it.put(&member(&entity, &name), "x-brand-new", json!({ "a": 1 }))?;
        Some(format!("{entity}/{name}"))
    }),
    some("extension on an operation", |it| on_operation(it, "x-brand-new", json!(true))),
    some("extension of our own tracked document", |it| {
        on_operation(it, "x-since", json!("20.0.8"))
    }),
    some("PUT", |it| {
        let at = it.operation(|it| it.pointer(BODY).is_some_and(|it| it.get("$ref").is_some()))?;
        let (path, method) = place(&at)?;
        (method == "patch").then_some(())?;
        let (_, _, operation) = it.take_operation(&at)?;
        it.put_operation(&path, "put", operation)?;
        Some(path)
    }),
    some("HEAD", |it| method(it, "head")),
    some("OPTIONS", |it| method(it, "options")),
    some("TRACE", |it| method(it, "trace")),
    // With a body it is read like 200.
    none("2XX", |it| status(it, "2XX")),
    some("202", |it| status(it, "202")),
    some("404 beside 200", |it| {
        let at = it.operation(|it| it.pointer("/responses/200").is_some())?;
        it.put(&format!("{at}/responses"), "404", json!({ "description": "Not found" }))?;
        Some(it.id(&at))
    }),
    some("two answers of success", |it| {
        let at = it.operation(|it| it.pointer("/responses/200").is_some())?;
        let own = it.get(&format!("{at}/responses/200"))?.clone();
        it.put(&format!("{at}/responses"), "201", own)?;
        Some(it.id(&at))
    }),
    some("204 beside 200", |it| {
        let at = it.operation(|it| it.pointer("/responses/200").is_some())?;
        it.put(&format!("{at}/responses"), "204", json!({ "description": "Nothing" }))?;
        Some(it.id(&at))
    }),
    some("answer as plain text", |it| media(it, "text/plain")),
    some("answer as bytes", |it| media(it, "application/octet-stream")),
    some("answer as anything", |it| media(it, "*/*")),
    some("answer in two media types", |it| {
        let at = it.operation(|it| answer(it).is_some())?;
        let pointer = format!("{at}{}", answer(it.get(&at)?)?);
        let (content, _) = pointer.split_once("/application~1json")?;
        it.put(content, "text/plain", json!({ "schema": { "type": "string" } }))?;
        Some(it.id(&at))
    }),
    some("header of an answer", |it| {
        let at = it.operation(|it| it.pointer("/responses/200/description").is_some())?;
        it.put(
            &format!("{at}/responses/200"),
            "headers",
            json!({ "X-Total": { "schema": { "type": "string" } } }),
        )?;
        Some(it.id(&at))
    }),
    some("body as a form", |it| {
        let at = it.operation(|it| it.get("requestBody").is_some())?;
        it.rename(&format!("{at}/requestBody/content"), "application/json", "multipart/form-data")?;
        Some(it.id(&at))
    }),
    some("open body of an action", |it| {
        let mut new = action("BrandNewId", "Users");
        new["requestBody"] = body(&json!({ "a": { "type": "string" } }));
        new["requestBody"]["content"]["application/json"]["schema"]["additionalProperties"] =
            json!({ "type": "object" });
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some("BrandNewId".to_owned())
    }),
    some("callbacks", |it| {
        on_operation(
            it,
            "callbacks",
            json!({ "done": { "{$request.body#/url}": { "post": { "responses": { "200": { "description": "ok" } } } } } }),
        )
    }),
    some("security of an operation", |it| on_operation(it, "security", json!([]))),
    some("servers of an operation", |it| on_operation(it, "servers", json!([{ "url": "/other" }]))),
    some("cookie parameter", |it| {
        extra(it, json!({ "name": "session", "in": "cookie", "schema": { "type": "string" } }))
    }),
    some("header parameter", |it| {
        extra(it, json!({ "name": "X-Reason", "in": "header", "schema": { "type": "string" } }))
    }),
    some("required header If-Match", |it| {
        extra(
            it,
            json!({ "name": "If-Match", "in": "header", "required": true, "schema": { "type": "string" } }),
        )
    }),
    some("query parameter of another name", |it| {
        extra(it, json!({ "name": "api-version", "in": "query", "schema": { "type": "string" } }))
    }),
    some("required query option", |it| {
        extra(
            it,
            json!({ "name": "$search", "in": "query", "required": true, "schema": { "type": "string" } }),
        )
    }),
    some("placeholder in quotes", |it| placeholder(it, |name| format!("('{{{name}}}')"))),
    some("key as a segment", |it| placeholder(it, |name| format!("/{{{name}}}"))),
    some("route with a query", |it| {
        let at = it.operation(|it| path_parameters(it).is_empty())?;
        let (path, method, operation) = it.take_operation(&at)?;
        it.put_operation(&format!("{path}?all=true"), &method, operation)?;
        Some(path)
    }),
    some("route with a slash at its end", |it| {
        let at = it.operation(|it| path_parameters(it).is_empty())?;
        let (path, method, operation) = it.take_operation(&at)?;
        it.put_operation(&format!("{path}/"), &method, operation)?;
        Some(path)
    }),
    some("route with an open brace", |it| {
        let at = it.operation(|it| path_parameters(it).is_empty())?;
        let (path, method, operation) = it.take_operation(&at)?;
        it.put_operation(&format!("{path}({{Id"), &method, operation)?;
        Some(path)
    }),
    some("path item that refers", |it| {
        it.put("/paths", "/Elsewhere", json!({ "$ref": "#/paths/~1Users" }))?;
        Some("/Elsewhere".to_owned())
    }),
    none("path without operations", |it| {
        it.put("/paths", "/Empty", json!({ "description": "Nothing here" }))?;
        Some("/Empty".to_owned())
    }),
    some("OpenAPI 3.1 with a list of types", |it| {
        it.put("", "openapi", json!("3.1.0"))?;
        property(it, json!({ "type": ["string", "null"] }))
    }),
    some("OpenAPI 3.1 with const", |it| {
        it.put("", "openapi", json!("3.1.1"))?;
        property(it, json!({ "type": "string", "const": "Fixed" }))
    }),
    some("OpenAPI 3.0 with a list of types", |it| {
        property(it, json!({ "type": ["string", "null"] }))
    }),
    some("OpenAPI 2", |it| {
        it.take("", "openapi")?;
        it.put("", "swagger", json!("2.0"))?;
        Some("swagger".to_owned())
    }),
    some("OpenAPI 4", |it| {
        it.put("", "openapi", json!("4.0.0"))?;
        Some("openapi".to_owned())
    }),
    some("webhooks", |it| {
        it.put(
            "",
            "webhooks",
            json!({ "new": { "post": { "responses": { "200": { "description": "ok" } } } } }),
        )?;
        Some("webhooks".to_owned())
    }),
    newest("another service root", |it| {
        it.put("", "servers", json!([{ "url": "/xapi/v2" }]))?;
        Some("/xapi/v2".to_owned())
    }),
    newest("two servers", |it| {
        it.put("", "servers", json!([{ "url": "/xapi/v1" }, { "url": "/xapi/v2" }]))?;
        Some("servers".to_owned())
    }),
    newest("server with a variable", |it| {
        it.put("", "servers", json!([{ "url": "https://{host}/xapi/v1", "variables": { "host": { "default": "a" } } }]))?;
        Some("servers".to_owned())
    }),
    newest("another scheme of security", |it| {
        it.put(
            "/components/securitySchemes",
            "Key",
            json!({ "type": "apiKey", "in": "header", "name": "X-Key" }),
        )?;
        it.put("", "security", json!([{ "Key": [] }]))?;
        Some("Key".to_owned())
    }),
    newest("another token path", |it| {
        it.put(
            "/components/securitySchemes/Application/flows/clientCredentials",
            "tokenUrl",
            json!("/auth/token"),
        )?;
        Some("/auth/token".to_owned())
    }),
    some("release that is none", |it| {
        it.put("/info", "x-pbx-version", json!("soon"))?;
        Some("soon".to_owned())
    }),
    some("keys that are no text", |it| {
        it.put("/paths", "no-slash", json!({ "get": 5 }))?;
        Some("no-slash".to_owned())
    }),
    some("schema that is a list", |it| {
        it.put(SCHEMAS, "Own.List", json!([1, 2]))?;
        property(it, refers("Own.List"))
    }),
    some("required that names no property", |it| {
        let name =
            it.schema(|it| it.get("properties").is_some() && it.get("required").is_none())?;
        it.put(&schema(&name), "required", json!(["NotThere"]))?;
        Some(name)
    }),
];

fn format(draft: &mut Draft, ty: &str, format: &str) -> Option<String> {
    property(draft, json!({ "type": ty, "format": format }))
}

fn open(draft: &mut Draft, value: Value) -> Option<String> {
    let name = draft
        .schema(|it| it.get("properties").is_some() && it.get("additionalProperties").is_none())?;
    draft.put(&schema(&name), "additionalProperties", value)?;
    Some(name)
}

fn enumeration(draft: &mut Draft, new: Value) -> Option<String> {
    draft.put(SCHEMAS, "Pbx.BrandNew", new)?;
    property(draft, refers("Pbx.BrandNew"))
}

fn on_operation(draft: &mut Draft, key: &str, value: Value) -> Option<String> {
    let at = draft.operation(|_| true)?;
    draft.put(&at, key, value)?;
    Some(draft.id(&at))
}

/// A copy of a GET by another method.
fn method(draft: &mut Draft, method: &str) -> Option<String> {
    let at = draft.operation(|_| true)?;
    let (path, _) = place(&at)?;
    let mut new = draft.get(&at)?.clone();
    new["operationId"] = json!("BrandNewId");
    draft.put_operation(&path, method, new)?;
    Some(path)
}

fn status(draft: &mut Draft, status: &str) -> Option<String> {
    let at = draft.operation(|it| it.pointer("/responses/200").is_some())?;
    draft.rename(&format!("{at}/responses"), "200", status)?;
    Some(draft.id(&at))
}

fn media(draft: &mut Draft, media: &str) -> Option<String> {
    let at = draft.operation(|it| answer(it).is_some())?;
    let pointer = format!("{at}{}", answer(draft.get(&at)?)?);
    let (content, _) = pointer.split_once("/application~1json")?;
    draft.rename(content, "application/json", media)?;
    Some(draft.id(&at))
}

fn extra(draft: &mut Draft, parameter: Value) -> Option<String> {
    let at = draft.operation(|it| text(it.pointer("/parameters/0"), "name").is_empty())?;
    let mut list = draft.get(&at)?.get("parameters").cloned().unwrap_or_else(|| json!([]));
    list.as_array_mut()?.push(parameter);
    draft.put(&at, "parameters", list)?;
    Some(draft.id(&at))
}

/// A key in another form of the route.
fn placeholder(draft: &mut Draft, form: fn(&str) -> String) -> Option<String> {
    let single = |it: &Value| {
        path_parameters(it).len() == 1
            && it["parameters"]
                .as_array()
                .is_some_and(|it| it.iter().any(|it| is(&it["schema"], "string", "")))
    };
    let at = draft.operation(single)?;
    let (path, method, operation) = draft.take_operation(&at)?;
    let index = path_parameters(&operation).first().copied()?;
    let name = text(operation["parameters"].get(index), "name");
    let new = path.replace(&format!("({{{name}}})"), &form(&name));
    (new != path).then_some(())?;
    draft.put_operation(&new, &method, operation)?;
    Some(new)
}
