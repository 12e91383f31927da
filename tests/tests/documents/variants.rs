//! What changed from release to release: what is sent to a PBX of each release, and what is read from
//! it. Which operations these are is derived from the union, and each document is played by a server
//! that knows it alone.

use std::collections::{BTreeMap, BTreeSet};

use tests::document::{answer_in, full_body_in, is_read_whole, understand_in, without_control};
use tests::sample::{api, snapshots};
use tests::server::{Recorded, Server};
use tests::variants::{is_undecided, number, variants};
use tests::wire::{Call, Line, VARIANTS};
use threecx_xapi::resources::OPERATIONS;
use threecx_xapi::{Client, operation::OperationInfo};
use xapi_codegen::model::{Api, Body, Operation};

/// The variants of every operation that has several.
fn infos() -> BTreeMap<&'static str, &'static OperationInfo> {
    OPERATIONS.iter().filter(|info| !info.variants.is_empty()).map(|info| (info.id, info)).collect()
}

#[test]
fn every_operation_that_has_changed_has_variants() {
    let changed = api().operations.values().filter(|it| variants(&it.id).len() > 1);
    let changed: BTreeSet<&str> = changed.map(|it| it.id.as_str()).collect();
    let infos: BTreeSet<&str> = infos().into_keys().collect();
    assert_eq!(changed, infos);
    assert_eq!(infos.len(), 25, "an operation more or less that has changed: {infos:?}");
    let called: BTreeSet<&str> = VARIANTS.iter().map(|(id, ..)| *id).collect();
    assert_eq!(called, infos);
}

#[tokio::test]
async fn each_release_is_sent_what_it_takes_and_its_answer_is_read() {
    let infos = infos();
    let mut checked = 0;
    let mut problems = Vec::new();
    let mut undecided = BTreeSet::new();
    for (release, known) in snapshots() {
        let version = format!("{}.{}", release.release, release.build.unwrap_or(995));
        let release_number = version.parse().unwrap();
        let server = Server::start(move |request| {
            answer_in(known, 404, request).with("X-3CX-Version", &version)
        });
        let server = server.await.unwrap();
        let client = Client::builder(server.url()).token("token").build().unwrap();
        for (id, variant, call) in VARIANTS {
            let Some(operation) = in_variant(known, id, *variant) else { continue };
            if is_undecided(infos[id], operation, *variant, release_number) {
                undecided.insert(*id);
                continue;
            }
            checked += 1;
            if let Err(problem) = check(&server, &client, known, operation, *call).await {
                problems.push(format!("{} {id} variant {variant}: {problem}", release.full()));
            }
        }
    }
    assert_eq!(undecided, BTreeSet::from(["PurgeLocalBackups"]));
    assert!(problems.is_empty(), "{} of {checked}: {problems:#?}", problems.len());
    // Each of them in each of the documents that have it, and no variant in none.
    assert!(checked > 200, "{checked}");
}

/// The operation as a document has it, if it has it in this variant.
fn in_variant(known: &'static Api, id: &str, variant: usize) -> Option<&'static Operation> {
    let operation = known.operations.get(id)?;
    (number(id, operation) == Some(variant)).then_some(&operation.newest)
}

async fn check(
    server: &Server,
    client: &Client,
    known: &'static Api,
    operation: &'static Operation,
    call: Call,
) -> Result<(), String> {
    let before = server.recorded().len();
    let line: Line = call(client).await;
    let requests = server.recorded().split_off(before);
    // The release is asked for once, and a GET may have been tried in a later variant.
    let request = requests.last().ok_or_else(|| format!("nothing was sent: {}", line.outcome))?;
    let idle = requests.iter().filter(|it| it.target.starts_with("/xapi/v1/Defs?")).count();
    let most = if request.method == "GET" { 2 } else { 1 };
    if requests.len() - idle > most {
        return Err(format!("{} requests: {}", requests.len(), line.outcome));
    }
    let understood = understand_in(known, request)?;
    if understood.operation.id != operation.id {
        return Err(format!("was understood as {}", understood.operation.id));
    }
    check_body(operation, request)?;
    if line.outcome != "decoded" {
        return Err(line.outcome);
    }
    let (_, sent) = full_body_in(known, operation);
    let [sent, value] = [sent, line.value.unwrap_or_default()].map(without_control);
    if operation.is_file() || is_read_whole(&sent, &value) {
        return Ok(());
    }
    Err(format!("answered {sent}\nwritten again {value}"))
}

/// Nothing is sent that the document's form doesn't have.
fn check_body(operation: &Operation, request: &Recorded) -> Result<(), String> {
    let Some(Body::Parameters { properties, .. }) = &operation.body else { return Ok(()) };
    let body = request.json();
    let sent = body.as_object().ok_or("no object was sent")?;
    let unknown = sent.keys().find(|key| properties.iter().all(|it| it.name != **key));
    match unknown {
        Some(key) => Err(format!("`{key}` was sent")),
        None => Ok(()),
    }
}
