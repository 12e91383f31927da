//! Things that contain themselves, or others many times over.

use serde_json::{Value, json};

use super::add::{body, property};
use super::draft::{
    Draft, SCHEMAS, action, answer, answering, answers_collection, function, refers, schema,
};
use super::shape::{Shape, none, some};

pub(super) const SHAPES: &[Shape] = &[
    some("list of lists", |it| lists(it, 2)),
    some("list of lists of lists", |it| lists(it, 3)),
    some("list of 40 lists", |it| lists(it, 40)),
    some("list of 300 lists", |it| lists(it, 300)),
    some("objects in place, 2 deep", |it| objects(it, 2)),
    some("objects in place, 100 deep", |it| objects(it, 100)),
    some("allOf chain of 3", |it| chain(it, 3)),
    some("allOf chain of 15", |it| chain(it, 15)),
    some("allOf chain of 40", |it| chain(it, 40)),
    some("allOf chain of 5000", |it| chain(it, 5000)),
    some("allOf of itself", |it| {
        let name = it.entity()?;
        let own = it.take(SCHEMAS, &name)?;
        it.put(SCHEMAS, &name, json!({ "allOf": [refers(&name), own] }))?;
        Some(name)
    }),
    some("allOf of each other", |it| {
        let (one, other) = (it.entity()?, it.entity()?);
        for (name, base) in [(&one, &other), (&other, &one)] {
            let own = it.get(&schema(name))?.clone();
            it.put(SCHEMAS, name, json!({ "allOf": [refers(base), own] }))?;
        }
        Some(format!("{one} and {other}"))
    }),
    some("allOf of the same base twice", |it| {
        let (name, base) = (it.entity()?, it.entity()?);
        (name != base).then_some(())?;
        let own = it.take(SCHEMAS, &name)?;
        it.put(SCHEMAS, &name, json!({ "allOf": [refers(&base), refers(&base), own] }))?;
        Some(format!("{name}: {base}"))
    }),
    some("list schema that contains itself", |it| {
        it.put(SCHEMAS, "Own.List", json!({ "type": "array", "items": refers("Own.List") }))?;
        property(it, refers("Own.List"))
    }),
    some("list schemas that contain each other", |it| {
        it.put(SCHEMAS, "Own.One", json!({ "type": "array", "items": refers("Own.Other") }))?;
        it.put(SCHEMAS, "Own.Other", json!({ "type": "array", "items": refers("Own.One") }))?;
        property(it, refers("Own.One"))
    }),
    some("schema that is itself", |it| {
        it.put(SCHEMAS, "Own.Self", refers("Own.Self"))?;
        property(it, refers("Own.Self"))
    }),
    some("schemas that are each other", |it| {
        it.put(SCHEMAS, "Own.One", refers("Own.Other"))?;
        it.put(SCHEMAS, "Own.Other", refers("Own.One"))?;
        property(it, refers("Own.One"))
    }),
    some("alias that is itself through allOf", |it| {
        it.put(SCHEMAS, "Own.Self", json!({ "allOf": [refers("Own.Self")], "nullable": true }))?;
        property(it, refers("Own.Self"))
    }),
    some("anyOf of itself", |it| {
        it.put(
            SCHEMAS,
            "Own.Self",
            json!({ "anyOf": [refers("Own.Self"), { "type": "string" }] }),
        )?;
        property(it, refers("Own.Self"))
    }),
    some("additionalProperties of itself", |it| {
        it.put(
            SCHEMAS,
            "Own.Map",
            json!({ "type": "object", "additionalProperties": refers("Own.Map") }),
        )?;
        property(it, refers("Own.Map"))
    }),
    some("chain of 200 aliases", |it| {
        for number in 0..200 {
            it.put(
                SCHEMAS,
                &format!("Own.A{number}"),
                json!({ "allOf": [refers(&format!("Own.A{}", number + 1))] }),
            )?;
        }
        it.put(
            SCHEMAS,
            "Own.A200",
            json!({ "type": "object", "properties": { "Name": { "type": "string" } } }),
        )?;
        property(it, refers("Own.A0"))
    }),
    some("chain of 3000 lists", |it| {
        for number in 0..3000 {
            it.put(
                SCHEMAS,
                &format!("Own.A{number}"),
                json!({ "type": "array", "items": refers(&format!("Own.A{}", number + 1)) }),
            )?;
        }
        it.put(SCHEMAS, "Own.A3000", json!({ "type": "string" }))?;
        property(it, refers("Own.A0"))
    }),
    some("entity that contains itself", |it| contains(it, false)),
    some("entity that must contain itself", |it| contains(it, true)),
    some("circle of 20 entities", |it| {
        for number in 0..20 {
            let next = refers(&format!("Own.E{}", (number + 1) % 20));
            it.put(SCHEMAS, &format!("Own.E{number}"), json!({ "type": "object", "properties": { "Next": next, "Name": { "type": "string" } } }))?;
        }
        property(it, refers("Own.E0"))
    }),
    some("parameter of an action that contains itself", |it| {
        let mut own = body(&json!({ "inner": refers("Own.Parameters") }));
        own["content"]["application/json"]["schema"] = refers("Own.Parameters");
        it.put(
            SCHEMAS,
            "Own.Parameters",
            json!({ "type": "object", "properties": { "inner": refers("Own.Parameters") } }),
        )?;
        let mut new = action("BrandNewId", "Users");
        new["requestBody"] = own;
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some("Own.Parameters".to_owned())
    }),
    some("collection of itself", |it| {
        let page = json!({ "type": "object", "properties": { "@odata.count": { "type": "integer", "format": "int64" }, "value": { "type": "array", "items": refers("Own.Page") } } });
        it.put(SCHEMAS, "Own.Page", page)?;
        answers(it, refers("Own.Page"))
    }),
    some("collection of lists", |it| {
        let items = json!({ "type": "array", "items": { "type": "string" } });
        answers(
            it,
            json!({ "type": "object", "properties": { "value": { "type": "array", "items": items } } }),
        )
    }),
    some("collection of a collection", |it| {
        let at = it.operation(answers_collection)?;
        let pointer = format!("{at}{}", answer(it.get(&at)?)?);
        let own = it.get(&pointer)?.clone();
        *it.at(&format!("{pointer}/properties/value/items"))? = own;
        Some(it.id(&at))
    }),
    some("response that refers to itself", |it| {
        let own = json!({ "$ref": "#/components/responses/Own" });
        it.put("/components/responses", "Own", own.clone())?;
        let at = it.operation(answers_collection)?;
        it.put(&format!("{at}/responses"), "200", own)?;
        Some(it.id(&at))
    }),
    some("parameter that refers to itself", |it| {
        let own = json!({ "$ref": "#/components/parameters/own" });
        it.put("/components/parameters", "own", own.clone())?;
        let at = it.operation(answers_collection)?;
        it.put(&at, "parameters", json!([own]))?;
        Some(it.id(&at))
    }),
    none("example of 400 lists", |it| {
        let name = it.entity()?;
        it.put(&schema(&name), "example", nested(400, json!(1), |it| json!([it])))?;
        Some(name)
    }),
    some("a thousand properties", |it| {
        let name = it.entity()?;
        for number in 0..1000 {
            it.put(
                &format!("{}/properties", schema(&name)),
                &format!("Property{number}"),
                json!({ "type": "string", "nullable": true }),
            )?;
        }
        Some(name)
    }),
    some("an action with a hundred parameters", |it| {
        let mut new = action("BrandNewId", "Users");
        let all = (0..100).map(|it| (format!("p{it}"), json!({ "type": "boolean" })));
        new["requestBody"] = body(&all.collect::<serde_json::Map<_, _>>().into());
        it.put_operation("/Users/Pbx.BrandNew", "post", new)?;
        Some("BrandNewId".to_owned())
    }),
];

fn nested(depth: usize, inner: Value, around: fn(Value) -> Value) -> Value {
    (0..depth).fold(inner, |it, _| around(it))
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn lists(draft: &mut Draft, depth: usize) -> Option<String> {
    let inner = match draft.below(2) {
        0 => json!({ "type": "string" }),
        _ => refers(&draft.entity()?),
    };
    property(draft, nested(depth, inner, list))
}

fn objects(draft: &mut Draft, depth: usize) -> Option<String> {
    let around = |it| json!({ "type": "object", "properties": { "Inner": it } });
    property(draft, nested(depth, json!({ "type": "string" }), around))
}

/// An entity that derives from another, and so on.
fn chain(draft: &mut Draft, length: usize) -> Option<String> {
    for number in 0..length {
        let own = json!({ "type": "object", "properties": { format!("P{number}"): { "type": "string" } } });
        let base = refers(&format!("Own.B{}", number + 1));
        draft.put(SCHEMAS, &format!("Own.B{number}"), json!({ "allOf": [base, own] }))?;
    }
    draft.put(
        SCHEMAS,
        &format!("Own.B{length}"),
        json!({ "type": "object", "properties": { "Root": { "type": "string" } } }),
    )?;
    property(draft, refers("Own.B0"))
}

fn contains(draft: &mut Draft, required: bool) -> Option<String> {
    let name = draft.schema(|it| it.get("properties").is_some() && it.get("required").is_none())?;
    draft.put(&format!("{}/properties", schema(&name)), "Itself", refers(&name))?;
    if required {
        draft.put(&schema(&name), "required", json!(["Itself"]))?;
    }
    Some(name)
}

fn answers(draft: &mut Draft, schema: Value) -> Option<String> {
    let mut new = function("BrandNewId", "Users", &schema);
    new["responses"] = answering(&schema);
    draft.put_operation("/Users/Pbx.BrandNew()", "get", new)?;
    Some("BrandNewId".to_owned())
}
