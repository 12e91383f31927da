//! Every operation of the API, in every release that has it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::fake_pbx::{DEMO_USER, FakePbx};
use tests::raw::{Response, send};
use tests::sample::{Maker, STRING, api, only, snapshots};
use tests::wire::{Line, calls_in};
use threecx_xapi::Client;
use xapi_codegen::model::{Answer, Api, Body, Method, Operation, OperationKind, RoutePart, Type};

use crate::{Bench, access, text};

/// A PBX of each document, for who may do everything.
async fn bench(document: &str) -> Bench {
    let pbx = FakePbx::builder().release(document).token("token").start().await.unwrap();
    Bench { pbx, token: "token".to_owned() }
}

/// The path of an operation, with values for its parameters.
fn path(operation: &Operation) -> String {
    let parts = operation.route.parts.iter().map(|part| match part {
        RoutePart::Text(text) => text.clone(),
        RoutePart::Parameter(name) => {
            let parameter = operation.parameters.iter().find(|it| it.name == *name).unwrap();
            match Maker::plain().value(&parameter.ty) {
                Value::String(text) if parameter.ty == Type::String => {
                    assert!(!text.is_empty());
                    "'x'".to_owned()
                }
                Value::String(text) => text,
                other => other.to_string(),
            }
        }
    });
    parts.collect()
}

fn body(operation: &Operation, api: &'static Api) -> Value {
    let maker = Maker::plain().of(api);
    match &operation.body {
        None => Value::Null,
        Some(Body::Entity { entity, .. }) => maker.entity(entity),
        Some(Body::Parameters { properties, .. }) => {
            let of = properties.iter().map(|it| (it.name.clone(), maker.value(&it.ty)));
            Value::Object(of.collect())
        }
    }
}

/// Whether an answer is one that the operation may have; an error must say what is wrong.
fn is_right(operation: &Operation, answer: &Response) -> bool {
    let json = answer.json();
    let is_call = matches!(operation.kind, OperationKind::Function | OperationKind::Action);
    match (answer.status, &operation.answer) {
        (204, Answer::Nothing) => true,
        (204, _) => operation.kind != OperationKind::List,
        (200, Answer::Collection { .. }) => json["value"].is_array(),
        (200 | 201, Answer::Object { .. }) => json["@odata.context"].is_string(),
        (200, Answer::Value { .. }) => !json["value"].is_null(),
        (200, Answer::File) => true,
        (501, _) => is_call && has_message(&json),
        (400 | 404, _) => has_message(&json),
        _ => false,
    }
}

fn has_message(json: &Value) -> bool {
    json["error"]["message"].as_str().is_some_and(|it| it.len() > 5)
}

#[tokio::test]
async fn each_release_answers_each_of_its_operations_and_no_other() {
    for (document, own) in snapshots() {
        let bench = bench(&document.full()).await;
        for (id, history) in &api().operations {
            let Some(operation) = own.operations.get(id).map(|it| &it.newest) else {
                let gone = &history.newest;
                let is_taken = own
                    .operations
                    .values()
                    .any(|it| it.method == gone.method && it.route.template == gone.route.template);
                let answer = bench.send(gone.method.as_str(), &path(gone), &Value::Null).await;
                let is_gone = matches!(answer.status, 400 | 403 | 404 | 405);
                assert!(is_taken || is_gone, "{id} in {}: {}", document.full(), answer.status);
                continue;
            };
            let own_user = ["MyUser", "MyGroup"].contains(&operation.resource.as_str());
            let method = operation.method.as_str();
            let answer = bench.send(method, &path(operation), &body(operation, own)).await;
            let right = match own_user {
                true => answer.status == 403,
                false => is_right(operation, &answer),
            };
            assert!(right, "{id} in {}: {} {}", document.full(), answer.status, text(&answer));
            let plain = operation.parameters.is_empty() && operation.method == Method::Get;
            if plain && !own_user && operation.kind != OperationKind::Function {
                assert_eq!(answer.status, 200, "{id} in {}: {}", document.full(), text(&answer));
            }
        }
    }
}

/// Puts a row with everything in it where the driver reads one, under the key that it asks for.
fn insert_full_row(bench: &Bench, api: &'static Api, operation: &Operation) {
    let (OperationKind::Get, [key], Answer::Object { entity, .. }) =
        (operation.kind, operation.parameters.as_slice(), &operation.answer)
    else {
        return;
    };
    let mut row = Maker::full().of(api).entity(entity);
    row[&key.name] = match &key.ty {
        Type::String => json!(STRING),
        _ => json!(i32::MIN),
    };
    bench.pbx.insert(&operation.resource, 0, row);
}

/// How the client fared with each operation of the newest document.
async fn wire(client: &Client, api: &'static Api) -> Vec<Line> {
    let release = "20.0.10.1621".parse().unwrap();
    let mut calls = calls_in(api, release);
    // What is deleted can't be read any more.
    let order = [Method::Get, Method::Patch, Method::Put, Method::Post, Method::Delete];
    calls.sort_by_key(|(id, _)| order.iter().position(|it| *it == api.operations[*id].method));
    let mut lines = Vec::new();
    for (_, call) in calls {
        lines.push(call(client).await);
    }
    lines
}

#[tokio::test]
async fn the_client_understands_the_answer_of_every_operation() {
    let newest = only("20.0.10/2026-09-19").unwrap();
    let bench = bench("20.0.10/2026-09-19").await;
    for operation in newest.operations.values() {
        insert_full_row(&bench, newest, operation);
    }
    let login = json!({ "Username": DEMO_USER.0, "Password": DEMO_USER.1, "SecurityCode": "" });
    let target = "/webclient/api/Login/GetAccessToken";
    let login = login.to_string().into_bytes();
    let login = send(bench.pbx.url(), "POST", target, &[], &login).await.unwrap().json();
    let own = |line: &Line| line.target.contains("/MyUser") || line.target.contains("/MyGroup");
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for (token, is_user) in [("token".to_owned(), false), (access(&login["Token"]), true)] {
        let client = Client::builder(bench.pbx.url()).token(token).build().unwrap();
        for line in wire(&client, newest).await.into_iter().filter(|line| own(line) == is_user) {
            let said =
                format!("{} {}: {:?} {}", line.method, line.target, line.status, line.outcome);
            let status = line.status.unwrap_or_else(|| panic!("{said}"));
            let operation = &newest.operations[&line.operation_id];
            let is_call = matches!(operation.kind, OperationKind::Function | OperationKind::Action);
            match status {
                200 | 201 | 204 => assert_eq!(line.outcome, "decoded", "{said}"),
                501 => assert!(is_call && line.outcome.contains("not what it does"), "{said}"),
                400 | 404 => assert!(line.outcome.len() > 40, "{said}"),
                _ => panic!("{said}"),
            }
            *statuses.entry(status).or_default() += 1;
        }
    }
    eprintln!("{statuses:?}");
    // The calls of the driver that try every character in a name come on top.
    let all: usize = statuses.values().sum();
    assert!(all >= newest.operations.len(), "{all} of {}: {statuses:?}", newest.operations.len());
}
