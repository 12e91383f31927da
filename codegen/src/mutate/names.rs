//! Names that become one name in Rust, and names that Rust, std or the client has.

use serde_json::{Value, json};

use super::add::{body, parameter};
use super::draft::{Draft, SCHEMAS, action, function, member, place, refers, schema};
use super::shape::{Shape, some};
use crate::model::local_name;

pub(super) const COLLIDE: &[Shape] = &[
    some("property in other capitals", |it| twin(it, swapped)),
    some("property with punctuation", |it| twin(it, |name| format!("{name}."))),
    some("property with an underscore in front", |it| twin(it, |name| format!("_{name}"))),
    some("property with an underscore behind", |it| twin(it, |name| format!("{name}_"))),
    some("property with a space", |it| twin(it, |name| format!("{} {}", &name[..1], &name[1..]))),
    some("property with a slash and a tilde", |it| twin(it, |name| format!("{name}/~"))),
    some("two properties of symbols", |it| two_properties(it, "*", "#")),
    some("a property with an empty name", |it| two_properties(it, "", "Unnamed")),
    some("names in another script", |it| two_properties(it, "Größe", "Имя")),
    some("names with quotes and backslashes", |it| two_properties(it, "a\"b", "c\\d")),
    some("names with line ends and comment ends", |it| two_properties(it, "a\nb", "c*/d")),
    some("names with braces", |it| two_properties(it, "{x}", "a{0}b")),
    some("a very long name", |it| two_properties(it, &"VeryLongName".repeat(60), "Short")),
    some("values in other capitals", |it| two_values(it, "newValue", "NewValue")),
    some("values with punctuation", |it| two_values(it, "New.Value", "New-Value")),
    some("values of symbols", |it| two_values(it, "*", "-")),
    some("an empty value", |it| two_values(it, "", "Empty")),
    some("values of numbers", |it| two_values(it, "1", "-1")),
    some("values in another script", |it| two_values(it, "да", "нет")),
    some("values with quotes", |it| two_values(it, "a\"b", "a\\b")),
    some("values like booleans of YAML", |it| two_values(it, "on", "Off")),
    some("entity in other capitals", |it| {
        let name = it.entity()?;
        let (space, own) = name.split_once('.')?;
        entity(it, &format!("{space}.{}", swapped(own)))
    }),
    some("entity of another namespace", |it| {
        let name = it.entity()?;
        entity(it, &format!("Api.{}", local_name(&name)))
    }),
    some("entity and enumeration of one name", |it| {
        let name = it.enumeration()?;
        entity(it, &format!("Api.{}", local_name(&name)))
    }),
    some("entity without a namespace", |it| {
        let name = it.entity()?;
        entity(it, local_name(&name))
    }),
    some("operationId in other capitals", |it| {
        let at = it.operation(|_| true)?;
        let id = swapped(&it.id(&at));
        operation(it, &id, "Users", "BrandNew")
    }),
    some("operationId twice", |it| {
        let at = it.operation(|_| true)?;
        let id = it.id(&at);
        operation(it, &id, "Users", "BrandNew")
    }),
    some("operationId with punctuation", |it| {
        let at = it.operation(|_| true)?;
        let id = format!("{}.", it.id(&at));
        operation(it, &id, "Users", "BrandNew")
    }),
    some("operationId with a slash and a space", |it| {
        operation(it, "Users/Brand New", "Users", "BrandNew")
    }),
    some("functions of one name", |it| {
        let at = it.operation(|it| it.get("x-ms-docs-operation-type").is_some())?;
        let (path, _) = place(&at)?;
        let resource = path.trim_start_matches('/').split(['/', '(']).next()?.to_owned();
        let own = path.rsplit_once('.')?.1.split('(').next()?.to_owned();
        let new = action("BrandNewId", &resource);
        it.put_operation(&format!("/{resource}/Api.{own}"), "post", new)?;
        Some(path)
    }),
    some("resource in other capitals", |it| {
        let at = it.operation(|_| true)?;
        let (path, _) = place(&at)?;
        let resource = swapped(path.trim_start_matches('/').split(['/', '(']).next()?);
        operation(it, "BrandNewId", &resource, "BrandNew")
    }),
    some("parameters in other capitals", |it| {
        let mut new = action("BrandNewId", "Users");
        new["requestBody"] =
            body(&json!({ "brandNew": text(), "BrandNew": text(), "brand_new": text() }));
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some("BrandNewId".to_owned())
    }),
    some("path parameter and parameter of one name", |it| {
        let mut new = action("BrandNewId", "Users");
        new["parameters"] = json!([{ "name": "Id", "in": "path", "required": true, "schema": { "type": "integer", "format": "int32" }, "x-ms-docs-key-type": "User" }]);
        new["requestBody"] = body(&json!({ "id": text(), "Id": text() }));
        it.put_operation("/Users({Id})/Pbx.BrandNew", "post", new)?;
        Some("BrandNewId".to_owned())
    }),
    some("path parameters in other capitals", |it| {
        let mut new = function(
            "BrandNewId",
            "Users",
            &json!({ "type": "object", "properties": { "value": text() } }),
        );
        new["parameters"] = json!([parameter("from", &text()), parameter("From", &text())]);
        it.put_operation("/Users/Pbx.BrandNew(from={from},From={From})", "get", new)?;
        Some("BrandNewId".to_owned())
    }),
    some("path parameter twice", |it| {
        let mut new = function(
            "BrandNewId",
            "Users",
            &json!({ "type": "object", "properties": { "value": text() } }),
        );
        new["parameters"] = json!([parameter("from", &text()), parameter("from", &text())]);
        it.put_operation("/Users/Pbx.BrandNew(from={from})", "get", new)?;
        Some("BrandNewId".to_owned())
    }),
];

fn text() -> Value {
    json!({ "type": "string", "nullable": true })
}

/// With the first letter in the other case, and all that follow small.
fn swapped(name: &str) -> String {
    let (first, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
    let first =
        if first.to_uppercase() == first { first.to_lowercase() } else { first.to_uppercase() };
    first + &rest.to_lowercase()
}

/// A property beside one with almost the same name.
fn twin(draft: &mut Draft, name: fn(&str) -> String) -> Option<String> {
    let (entity, own) = draft.property(|_| true)?;
    let new = name(&own);
    draft.get(&member(&entity, &new)).is_none().then_some(())?;
    draft.put(&format!("{}/properties", schema(&entity)), &new, text())?;
    Some(format!("{entity}: {own} and {new}"))
}

fn two_properties(draft: &mut Draft, one: &str, other: &str) -> Option<String> {
    let entity = draft.entity()?;
    for name in [one, other] {
        draft.put(&format!("{}/properties", schema(&entity)), name, text())?;
    }
    Some(format!("{entity}: {one:?} and {other:?}"))
}

fn two_values(draft: &mut Draft, one: &str, other: &str) -> Option<String> {
    let name = draft.enumeration()?;
    let values = draft.at(&schema(&name))?.get_mut("enum")?.as_array_mut()?;
    for value in [one, other] {
        values.push(json!(value));
    }
    Some(format!("{name}: {one:?} and {other:?}"))
}

/// An entity, used by a property of another.
fn entity(draft: &mut Draft, name: &str) -> Option<String> {
    draft.get(&schema(name)).is_none().then_some(())?;
    draft.put(SCHEMAS, name, json!({ "type": "object", "properties": { "Name": text() } }))?;
    let user = draft.entity()?;
    draft.put(&format!("{}/properties", schema(&user)), "BrandNewProperty", refers(name))?;
    Some(format!("{name} in {user}"))
}

fn operation(draft: &mut Draft, id: &str, resource: &str, name: &str) -> Option<String> {
    draft.put_operation(&format!("/{resource}/Pbx.{name}"), "post", action(id, resource))?;
    Some(format!("{id}: /{resource}/Pbx.{name}"))
}

pub(super) const KEYWORD: &[Shape] = &[
    some("property", |it| {
        let word = word(it)?;
        let (one, other) = (it.entity()?, it.entity()?);
        it.put(&format!("{}/properties", schema(&one)), &word, text())?;
        it.put(
            &format!("{}/properties", schema(&other)),
            &word,
            json!({ "type": "array", "items": refers(&one) }),
        )?;
        Some(format!("{one} and {other}: {word}"))
    }),
    some("value", |it| {
        let (word, name) = (word(it)?, it.enumeration()?);
        let values = it.at(&schema(&name))?.get_mut("enum")?.as_array_mut()?;
        values.iter().all(|it| *it != json!(word)).then_some(())?;
        values.push(json!(word));
        Some(format!("{name}/{word}"))
    }),
    some("entity", |it| {
        let word = word(it)?;
        entity(it, &format!("Pbx.{word}"))
    }),
    some("entity that stands for another", |it| {
        let (word, old) = (word(it)?, it.entity()?);
        it.rename_schema(&old, &format!("Pbx.{word}"))?;
        Some(format!("{old} → Pbx.{word}"))
    }),
    some("enumeration", |it| {
        let (word, user) = (word(it)?, it.entity()?);
        let name = format!("Pbx.{word}");
        it.get(&schema(&name)).is_none().then_some(())?;
        it.put(SCHEMAS, &name, json!({ "type": "string", "enum": ["One", word] }))?;
        it.put(&format!("{}/properties", schema(&user)), "BrandNewProperty", refers(&name))?;
        Some(name)
    }),
    some("operation", |it| {
        let word = word(it)?;
        operation(it, &word, "Users", "BrandNew")
    }),
    some("function", |it| {
        let word = word(it)?;
        operation(it, "BrandNewId", "Users", &word)
    }),
    some("resource", |it| {
        let word = word(it)?;
        operation(it, "BrandNewId", &word, &word)
    }),
    some("parameter of an action", |it| {
        let word = word(it)?;
        let mut new = action("BrandNewId", "Users");
        new["requestBody"] = body(&json!({ &word: text(), "other": refers(&it.entity()?) }));
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some(word)
    }),
    some("required parameter of an action", |it| {
        let word = word(it)?;
        let mut new = action("BrandNewId", "Users");
        new["requestBody"] = body(&json!({ &word: { "type": "boolean" } }));
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some(word)
    }),
    some("parameter of an action that is a list", |it| {
        let word = word(it)?;
        let mut new = action("BrandNewId", "Users");
        new["requestBody"] = body(&json!({ &word: { "type": "array", "items": text() } }));
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some(word)
    }),
    some("path parameter", |it| {
        let word = word(it)?;
        let mut new = function(
            "BrandNewId",
            "Users",
            &json!({ "type": "object", "properties": { "value": text() } }),
        );
        new["parameters"] =
            json!([parameter(&word, &text()), parameter("other", &json!({ "type": "boolean" }))]);
        it.put_operation(
            &format!("/Users/Pbx.BrandNew({word}={{{word}}},other={{other}})"),
            "get",
            new,
        )?;
        Some(word)
    }),
    some("key of a resource", |it| {
        let word = word(it)?;
        let mut new = function("BrandNewId", "Users", &refers(&it.entity()?));
        new["parameters"] =
            json!([parameter(&word, &json!({ "type": "integer", "format": "int64" }))]);
        new.as_object_mut()?.shift_remove("x-ms-docs-operation-type");
        it.put_operation(&format!("/Gadgets({word}={{{word}}})"), "get", new)?;
        Some(word)
    }),
    some("namespace", |it| {
        let (word, old) = (word(it)?, it.entity()?);
        let new = format!("{word}.{}Of{word}", local_name(&old));
        it.rename_schema(&old, &new)?;
        Some(format!("{old} → {new}"))
    }),
];

/// A word that Rust, std, serde or the client has, in one of its spellings.
fn word(draft: &mut Draft) -> Option<String> {
    let all: Vec<&str> = WORDS.iter().flat_map(|line| line.split_whitespace()).collect();
    let word = draft.one(&all)?;
    let (first, rest) = word.split_at(1);
    Some(match draft.below(3) {
        0 => first.to_uppercase() + rest,
        _ => word.to_owned(),
    })
}

const WORDS: &[&str] = &[
    "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen",
    "if impl in let loop macro match mod move mut override priv pub ref return self Self static struct super trait",
    "true try type typeof union unsafe unsized use virtual where while yield macro_rules raw safe auto default",
    "Option Some None Result Ok Err String Vec Box Rc Arc Cow Default Clone Copy Debug Display Send Sync Sized Drop",
    "From Into TryFrom TryInto AsRef Iterator IntoIterator IntoFuture Future Pin Fn FnOnce ToString ToOwned str u8",
    "i32 i64 f64 bool char usize std core alloc serde serde_json fmt vec format println panic assert matches derive",
    "Serialize Deserialize Serializer Deserializer Client ClientBuilder Request RequestParts Operation OperationInfo",
    "Page Value Entity Enumeration Flags Filter Filterable Pageable Selectable Property Navigation Release Retyped",
    "Download Error Kind Method Variant Secrets SECRETS INFO KEYS entities enums resources support generated prelude",
    "new from into clone eq ne cmp hash fmt drop deref borrow to_string to_owned as_str unrecognized Unrecognized body",
    "filter select expand top skip count search order_by wait send clear with set get list create update delete",
    "additional_properties properties wire name value values is_empty len iter next read write test cfg doc inline pbx",
];
