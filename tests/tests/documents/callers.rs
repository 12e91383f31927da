//! Callers who know one release alone: they make each call that its document has, and send nothing that it
//! hasn't.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use tests::document::{Understood, understand_in};
use tests::sample::snapshots;
use tests::server::Recorded;
use xapi_codegen::model::{Answer, Api, Body, Type};

#[test]
fn a_caller_of_one_release_sends_only_what_it_has() {
    let mut left_out = BTreeSet::new();
    for (document, api) in snapshots() {
        let mut called = BTreeSet::new();
        for (id, request) in record(&document.full()) {
            let check = understand_in(api, &request).and_then(|understood| {
                called.insert(understood.operation.id.clone());
                check_names(api, &understood)?;
                check_body(api, &understood, &request.json())
            });
            assert_eq!(check, Ok(()), "{} {id}: {}", document.full(), request.line());
        }
        let known: BTreeSet<_> = api.operations.values().map(|it| it.id.clone()).collect();
        left_out.extend(known.difference(&called).cloned());
    }
    // Two documents of one release have it on different routes.
    assert_eq!(left_out, BTreeSet::from(["PurgeLocalBackups".to_owned()]));
}

/// The requests of the wire driver as a caller of a document's release.
fn record(document: &str) -> Vec<(String, Recorded)> {
    let mut wire = Command::new(env!("CARGO_BIN_EXE_wire"));
    let output = wire.args(["--record", "--release", document]).output().unwrap();
    assert!(output.status.success(), "{document}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let requests = text.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        let request = Recorded {
            method: text("method"),
            target: text("target"),
            headers: serde_json::from_value(line["headers"].clone()).unwrap(),
            body: text("body").into_bytes(),
            size: 0,
        };
        (text("operationId"), request)
    });
    requests.collect()
}

/// The names in the query options are of properties that the document has.
fn check_names(api: &Api, understood: &Understood) -> Result<(), String> {
    let entity = match &understood.operation.answer {
        Answer::Object { entity, .. } | Answer::Collection { of: Type::Entity(entity) } => entity,
        _ => return Ok(()),
    };
    let properties = &api.entities[entity].properties;
    for option in ["$select", "$orderby", "$expand"] {
        let Some(value) = understood.query.get(option) else { continue };
        // What stands in parentheses is of another entity; the driver sends it with one expansion alone.
        let value = value.split('(').next().unwrap_or_default();
        for name in value.split(',').map(|it| it.trim_end_matches(" desc")) {
            if name != "*" && !properties.contains_key(name) {
                return Err(format!("{option}: {entity} has no {name}"));
            }
        }
    }
    Ok(())
}

fn check_body(api: &Api, understood: &Understood, body: &Value) -> Result<(), String> {
    match &understood.operation.body {
        None if body.is_null() => Ok(()),
        None => Err("a body".to_owned()),
        Some(Body::Entity { entity, .. }) => check(api, &Type::Entity(entity.clone()), body),
        Some(Body::Parameters { properties, .. }) => {
            for (name, value) in body.as_object().ok_or("no object")? {
                let property = properties.iter().find(|it| it.name == *name);
                let property = property.ok_or_else(|| format!("the action has no {name}"))?;
                check(api, &property.ty, value)?;
            }
            Ok(())
        }
    }
}

/// Everything in a value is something that the document has.
fn check(api: &Api, ty: &Type, value: &Value) -> Result<(), String> {
    match (ty, value) {
        (Type::Nullable(of), _) => check(api, of, value),
        (Type::Collection(of), Value::Array(items)) => {
            items.iter().try_for_each(|item| check(api, of, item))
        }
        (Type::Entity(name), Value::Object(object)) => {
            let properties = &api.entities[name].properties;
            object.iter().try_for_each(|(wire, value)| match properties.get(wire) {
                Some(property) => check(api, &property.ty, value),
                None => Err(format!("{name} has no {wire}")),
            })
        }
        (Type::Enumeration(name) | Type::Flags(name), Value::String(text)) => {
            let known = &api.enumerations[name].values;
            let unknown = text.split(',').find(|it| !known.contains_key(*it));
            unknown.map_or(Ok(()), |it| Err(format!("{name} has no {it}")))
        }
        (Type::Collection(_) | Type::Entity(_) | Type::Enumeration(_) | Type::Flags(_), _) => {
            Err(format!("{value} is no {}", ty.edm()))
        }
        _ => Ok(()),
    }
}
