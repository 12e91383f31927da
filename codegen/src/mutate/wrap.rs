//! The same said through other schemas: wrappers of collections, and parts that get a name.

use serde_json::{Value, json};

use super::draft::{
    BODY, Draft, SCHEMAS, answer, answers_collection, member, refers, schema, target, text,
};
use super::shape::{Shape, none, some};

pub(super) const SHAPES: &[Shape] = &[
    none("collection through a named schema", |it| named(it, &[COUNT])),
    none("collection through a named schema without a count", |it| named(it, &[])),
    none("collection through a named schema with count and nextLink", |it| {
        named(it, &[COUNT, NEXT])
    }),
    none("collection through a named schema with nextLink alone", |it| named(it, &[NEXT])),
    none("collection through a named schema with a context", |it| named(it, &[CONTEXT, COUNT])),
    none("collection through a named schema with everything", |it| {
        named(it, &[CONTEXT, COUNT, NEXT, DELTA])
    }),
    none("collection in place with nextLink", |it| in_place(it, &[COUNT, NEXT])),
    none("collection in place without a count", |it| in_place(it, &[])),
    none("collection in place with a context", |it| in_place(it, &[CONTEXT, COUNT])),
    none("collection through allOf of a base", |it| through_base(it, &[COUNT])),
    none("collection through allOf of a base with nextLink", |it| through_base(it, &[COUNT, NEXT])),
    none("all collections through allOf of a base", all_through_base),
    none("collection through a named response", response),
    none("nullable entity as anyOf with an object", |it| {
        nullable(it, |to| json!({ "anyOf": [to, { "type": "object", "nullable": true }] }))
    }),
    none("nullable entity as oneOf with an object", |it| {
        nullable(it, |to| json!({ "oneOf": [to, { "type": "object", "nullable": true }] }))
    }),
    none("nullable entity as anyOf of one", |it| {
        nullable(it, |to| json!({ "anyOf": [to], "nullable": true }))
    }),
    none("reference through allOf", |it| {
        let (entity, name) = it.property(|it| it.get("$ref").is_some())?;
        let property = it.at(&member(&entity, &name))?;
        *property = json!({ "allOf": [property.clone()] });
        Some(format!("{entity}/{name}"))
    }),
    none("parameter through a component", |it| {
        let at = it.operation(|it| it.pointer("/parameters/0/in").is_some())?;
        let parameter = it.at(&format!("{at}/parameters/0"))?;
        let own = std::mem::replace(parameter, json!({ "$ref": "#/components/parameters/own" }));
        it.put("/components/parameters", "own", own)?;
        Some(it.id(&at))
    }),
    none("parameters of the whole path", |it| {
        let at = it.operation(|it| it.get("parameters").is_some())?;
        let (item, _) = at.rsplit_once('/')?;
        (it.map(item)?.len() == 1).then_some(())?;
        let own = it.take(&at, "parameters")?;
        it.put(item, "parameters", own)?;
        Some(it.id(&at))
    }),
    none("query option in place", |it| {
        let has =
            |it: &Value| text(it.pointer("/parameters/0"), "$ref").ends_with("parameters/filter");
        let at = it.operation(has)?;
        let own = it.get("/components/parameters/filter")?.clone();
        *it.at(&format!("{at}/parameters/0"))? = own;
        Some(it.id(&at))
    }),
    none("body through a component", |it| {
        let at = it.operation(|it| it.get("requestBody").is_some())?;
        let own = it.take(&at, "requestBody")?;
        it.put("/components/requestBodies", "own", own)?;
        it.put(&at, "requestBody", json!({ "$ref": "#/components/requestBodies/own" }))?;
        Some(it.id(&at))
    }),
    // The schema is an entity of the union, as those that some documents have are.
    some("parameters of an action through a named schema", |it| {
        let at =
            it.operation(|it| it.pointer(BODY).is_some_and(|it| it.get("properties").is_some()))?;
        let own = std::mem::replace(it.at(&format!("{at}{BODY}"))?, refers("Own.Parameters"));
        it.put(SCHEMAS, "Own.Parameters", own)?;
        Some(it.id(&at))
    }),
    none("answer for errors in place", |it| {
        let own = it.get("/components/responses/error")?.clone();
        let at = it.operation(|_| true)?;
        it.put(&format!("{at}/responses"), "default", own)?;
        Some(it.id(&at))
    }),
    none("value through a named schema", |it| {
        let plain = |it: &Value| {
            it.pointer("/properties/value").is_some_and(|it| it.get("items").is_none())
        };
        let at =
            it.operation(move |it| answer(it).and_then(|at| it.pointer(&at)).is_some_and(plain))?;
        let pointer = format!("{at}{}", answer(it.get(&at)?)?);
        let own = std::mem::replace(it.at(&pointer)?, refers("Own.Value"));
        it.put(SCHEMAS, "Own.Value", own)?;
        Some(it.id(&at))
    }),
    none("value with a context", |it| {
        let plain = |it: &Value| {
            it.pointer("/properties/value").is_some_and(|it| it.get("items").is_none())
        };
        let at =
            it.operation(move |it| answer(it).and_then(|at| it.pointer(&at)).is_some_and(plain))?;
        let pointer = format!("{at}{}/properties", answer(it.get(&at)?)?);
        it.put(&pointer, "@odata.context", json!({ "type": "string" }))?;
        Some(it.id(&at))
    }),
    // An alias is a type of the client.
    some("string through an alias", |it| {
        let (entity, name) = it.property(|it| *it == json!({ "type": "string" }))?;
        *it.at(&member(&entity, &name))? = refers("Own.Text");
        it.put(SCHEMAS, "Own.Text", json!({ "type": "string" }))?;
        Some(format!("{entity}/{name}"))
    }),
    some("list through an alias", |it| {
        let (entity, name) = it.property(|it| {
            it.get("items").is_some() && it.get("x-ms-navigationProperty").is_none()
        })?;
        let own = std::mem::replace(it.at(&member(&entity, &name))?, refers("Own.List"));
        it.put(SCHEMAS, "Own.List", own)?;
        Some(format!("{entity}/{name}"))
    }),
    some("schema that only refers to another", |it| {
        let (entity, name) = it.property(|it| it.get("$ref").is_some())?;
        let own = std::mem::replace(it.at(&member(&entity, &name))?, refers("Own.Alias"));
        it.put(SCHEMAS, "Own.Alias", own)?;
        Some(format!("{entity}/{name}"))
    }),
    some("entity in place", |it| {
        let (entity, name) = it.property(|it| target(it).is_some())?;
        let of = target(it.get(&member(&entity, &name))?)?.to_owned();
        let own = it.get(&schema(&of))?.clone();
        own.get("properties")?;
        *it.at(&member(&entity, &name))? = own;
        Some(format!("{entity}/{name}"))
    }),
    none("entity through allOf with an empty object", |it| {
        let name = it.entity()?;
        let own = it.take(SCHEMAS, &name)?;
        it.put(SCHEMAS, &name, json!({ "allOf": [own, { "type": "object" }] }))?;
        Some(name)
    }),
    none("entity's properties in two parts of allOf", |it| {
        let name = it.schema(|it| {
            it.get("properties").is_some()
                && it.get("x-base").is_none()
                && it.get("required").is_none()
        })?;
        let own = it.take(SCHEMAS, &name)?;
        let all: Vec<Value> = own["properties"]
            .as_object()?
            .iter()
            .map(|(name, property)| json!({ "type": "object", "properties": { name: property } }))
            .collect();
        (own.as_object()?.len() == 2 && all.len() > 1).then_some(())?;
        it.put(SCHEMAS, &name, json!({ "allOf": all }))?;
        Some(name)
    }),
    none("media type with a parameter", |it| {
        let at = it.operation(|it| answer(it).is_some())?;
        let pointer = format!("{at}{}", answer(it.get(&at)?)?);
        let (media, _) = pointer.rsplit_once('/')?;
        let (content, _) = media.rsplit_once('/')?;
        it.rename(content, "application/json", "application/json;odata.metadata=minimal")?;
        Some(it.id(&at))
    }),
];

/// A property beside `value`.
type Beside = &'static str;

const COUNT: Beside = "@odata.count";
const NEXT: Beside = "@odata.nextLink";
const CONTEXT: Beside = "@odata.context";
const DELTA: Beside = "@odata.deltaLink";

fn beside(all: &[Beside]) -> Value {
    let schema = |name: Beside| match name {
        COUNT => json!({ "type": "integer", "format": "int64", "nullable": true }),
        _ => json!({ "type": "string", "nullable": true }),
    };
    all.iter()
        .map(|name| ((*name).to_owned(), schema(name)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn wrapper(items: Value, all: &[Beside]) -> Value {
    let mut properties = beside(all);
    properties["value"] = json!({ "type": "array", "items": items });
    json!({ "type": "object", "properties": properties })
}

/// An operation that answers a collection: the pointer of the answer's schema, and of the items.
fn collection(draft: &mut Draft) -> Option<(String, Value)> {
    let at = draft.operation(answers_collection)?;
    let pointer = format!("{at}{}", answer(draft.get(&at)?)?);
    let items = draft.get(&pointer)?.pointer("/properties/value/items")?.clone();
    Some((pointer, items))
}

fn said(pointer: &str) -> String {
    pointer.split("/responses").next().unwrap_or(pointer).to_owned()
}

fn named(draft: &mut Draft, all: &[Beside]) -> Option<String> {
    let (at, items) = collection(draft)?;
    draft.put(SCHEMAS, "Own.ThingCollectionResponse", wrapper(items, all))?;
    *draft.at(&at)? = refers("Own.ThingCollectionResponse");
    Some(said(&at))
}

fn in_place(draft: &mut Draft, all: &[Beside]) -> Option<String> {
    let (at, items) = collection(draft)?;
    *draft.at(&at)? = wrapper(items, all);
    Some(said(&at))
}

fn through_base(draft: &mut Draft, all: &[Beside]) -> Option<String> {
    let (at, items) = collection(draft)?;
    draft.put(
        SCHEMAS,
        "Own.BaseCollection",
        json!({ "type": "object", "properties": beside(all) }),
    )?;
    draft.put(SCHEMAS, "Own.ThingCollectionResponse", based(&items))?;
    *draft.at(&at)? = refers("Own.ThingCollectionResponse");
    Some(said(&at))
}

fn based(items: &Value) -> Value {
    let own =
        json!({ "type": "object", "properties": { "value": { "type": "array", "items": items } } });
    json!({ "title": "Collection", "type": "object", "allOf": [refers("Own.BaseCollection"), own] })
}

fn all_through_base(draft: &mut Draft) -> Option<String> {
    draft.put(
        SCHEMAS,
        "Own.BaseCollection",
        json!({ "type": "object", "properties": beside(&[COUNT]) }),
    )?;
    let all = draft.operations(answers_collection);
    for (number, at) in all.iter().enumerate() {
        let pointer = format!("{at}{}", answer(draft.get(at)?)?);
        let items = draft.get(&pointer)?.pointer("/properties/value/items")?.clone();
        let name = format!("Own.Thing{number}CollectionResponse");
        draft.put(SCHEMAS, &name, based(&items))?;
        *draft.at(&pointer)? = refers(&name);
    }
    Some(format!("{} collections", all.len()))
}

fn response(draft: &mut Draft) -> Option<String> {
    let at = draft.operation(answers_collection)?;
    let own = draft.take(&format!("{at}/responses"), "200")?;
    draft.put("/components/responses", "Own.Things", own)?;
    draft.put(
        &format!("{at}/responses"),
        "200",
        json!({ "$ref": "#/components/responses/Own.Things" }),
    )?;
    Some(draft.id(&at))
}

/// A nullable property that refers to another schema gets another form.
fn nullable(draft: &mut Draft, form: fn(Value) -> Value) -> Option<String> {
    let fits = |it: &Value| {
        it.pointer("/allOf/0/$ref").is_some()
            && it.get("nullable").is_some()
            && it.as_object().is_some_and(|it| it.len() == 2)
    };
    let (entity, name) = draft.property(fits)?;
    let property = draft.at(&member(&entity, &name))?;
    *property = form(property["allOf"][0].clone());
    Some(format!("{entity}/{name}"))
}
