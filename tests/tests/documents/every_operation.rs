//! Every operation of the client over a real socket: what it sends is understood by a reader that
//! knows nothing of the client, what it is answered is decoded and loses nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::document::{self, full_body, is_read_whole, understand, without_control};
use tests::sample::{api, text};
use tests::server::Server;
use tests::wire::CALLS;
use threecx_xapi::Client;
use xapi_codegen::model::{Operation, QueryOption, Type};

#[test]
fn the_driver_calls_every_operation_of_the_tracked_api() {
    let called: BTreeSet<&str> = CALLS.iter().map(|(id, _)| *id).collect();
    let tracked: BTreeSet<&str> = api().operations.keys().map(String::as_str).collect();
    assert_eq!(called, tracked);
    assert_eq!(CALLS.len(), 632, "an operation more or less: is the number known?");
}

#[tokio::test]
async fn every_operation_is_understood_and_its_answer_read_whole() {
    let server = Server::start(document::answer).await.unwrap();
    let newest = api().documents.last().unwrap().release.parse().unwrap();
    let client = Client::builder(server.url()).token("token").release(newest).build().unwrap();
    let mut problems = BTreeMap::new();
    for (id, call) in CALLS {
        let before = server.recorded().len();
        let line = call(&client).await;
        let operation = &api().operations[*id];
        let requests = server.recorded().split_off(before);
        let check = || -> Result<(), String> {
            let [request] = requests.as_slice() else {
                return Err(format!("{} requests came: {}", requests.len(), line.outcome));
            };
            if line.outcome != "decoded" {
                return Err(line.outcome.clone());
            }
            if request.target != line.target || request.method != line.method {
                return Err(format!(
                    "told {} {}, sent {}",
                    line.method, line.target, request.target
                ));
            }
            let understood = understand(request)?;
            if understood.operation.id != *id {
                return Err(format!("was understood as {}", understood.operation.id));
            }
            check_parameters(operation, &understood.parameters)?;
            check_query(operation, &understood.query)?;
            check_headers(operation, request)?;
            check_value(operation, line.value.clone())
        };
        if let Err(problem) = check() {
            problems.insert(*id, problem);
        }
    }
    assert!(problems.is_empty(), "{} of {}: {problems:#?}", problems.len(), CALLS.len());
}

fn check_parameters(operation: &Operation, read: &BTreeMap<String, String>) -> Result<(), String> {
    for parameter in &operation.parameters {
        let value = &read[&parameter.name];
        let sent = match parameter.ty {
            Type::String => text(parameter.limits.max_length.unwrap_or(usize::MAX)),
            Type::Boolean => "true".to_owned(),
            Type::Int32 => "-2147483648".to_owned(),
            Type::DateTimeOffset => "2026-02-01T00:00:00+02:00".to_owned(),
            Type::Guid => "01234567-89ab-cdef-0123-456789abcdef".to_owned(),
            _ => return Err(format!("{}: no known sample", parameter.name)),
        };
        if *value != sent {
            return Err(format!("{}: sent {sent}, read {value}", parameter.name));
        }
    }
    Ok(())
}

fn check_query(operation: &Operation, read: &BTreeMap<String, String>) -> Result<(), String> {
    let declared: BTreeSet<&str> = operation.options.iter().map(|it| it.as_str()).collect();
    let sent: BTreeSet<&str> = read.keys().map(String::as_str).collect();
    if declared != sent {
        return Err(format!("declared {declared:?}, sent {sent:?}"));
    }
    match read.get(QueryOption::Filter.as_str()) {
        Some(filter) if filter != tests::sample::FILTER => Err(format!("filter: {filter}")),
        _ => Ok(()),
    }
}

fn check_headers(operation: &Operation, request: &tests::server::Recorded) -> Result<(), String> {
    let expected = [
        ("authorization", Some("Bearer token")),
        ("if-match", operation.if_match.then_some("W/\"1\"")),
        ("content-type", operation.body.is_some().then_some("application/json")),
    ];
    for (name, value) in expected {
        if request.header(name) != value {
            return Err(format!("{name}: {:?}", request.header(name)));
        }
    }
    match (&operation.body, request.json()) {
        (Some(_), Value::Object(_)) => Ok(()),
        (None, Value::Null) => Ok(()),
        (_, body) => Err(format!("body: {body}")),
    }
}

fn check_value(operation: &Operation, value: Option<Value>) -> Result<(), String> {
    if operation.is_file() {
        return Ok(());
    }
    let (_, sent) = full_body(operation);
    let (sent, value) = (without_control(sent), without_control(value.unwrap_or_default()));
    match is_read_whole(&sent, &value) {
        true => Ok(()),
        false => Err(format!("answered {sent}\nwritten again {value}")),
    }
}
