//! Every operation of every release is in the client, and tells which releases have it.

use std::collections::{BTreeMap, BTreeSet};

use tests::fake_pbx::{DEMO_CLIENT, FakePbx};
use tests::sample::api;
use tests::wire::CALLS;
use threecx_xapi::resources::OPERATIONS;
use threecx_xapi::{Client, Release, operation::OperationInfo};
use xapi_codegen::model::{Bounds, Seen};

/// The operationIds that the client's calls stand for: a present one stands for its former ones too.
fn callable() -> BTreeSet<&'static str> {
    let called: BTreeSet<&str> = CALLS.iter().map(|(id, _)| *id).collect();
    let operations = api().operations.values().filter(|it| called.contains(it.id.as_str()));
    operations.flat_map(|it| it.variants().map(|(form, _)| form.id.as_str())).collect()
}

#[test]
fn every_operation_of_every_document_is_callable() {
    let callable = callable();
    assert_eq!(callable.len(), 633, "an operation more or less: is the number known?");
    let documents = tests::vendor_documents("every operation of the documents as a call");
    for document in documents.into_iter().flatten() {
        // Read without our own reader.
        let text = std::fs::read_to_string(&document).unwrap();
        let ids = text.lines().filter_map(|line| line.trim().strip_prefix("operationId: "));
        let missing: Vec<&str> = ids.filter(|id| !callable.contains(id)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", document.display());
    }
}

#[test]
fn an_operations_facts_tell_its_releases() {
    let infos: BTreeMap<&str, &OperationInfo> = OPERATIONS.iter().map(|it| (it.id, it)).collect();
    let all = Seen::all(api().documents.len());
    let mut bounded = 0;
    for operation in api().operations.values() {
        let bounds = Bounds::of(&api().documents, operation.seen, all);
        // Without the dates of their documents.
        let [since, until] = [bounds.since, bounds.until]
            .map(|bound| bound.map(|bound| bound.split('/').next().unwrap_or_default().to_owned()));
        let releases = infos[operation.id.as_str()].releases;
        // A build says more than the release; `lower` has the tests of it.
        let shown = |it: Release| {
            let text = it.to_string();
            text.split('.').take(3).collect::<Vec<_>>().join(".")
        };
        assert_eq!(releases.first().map(shown), since, "{}", operation.id);
        assert_eq!(releases.last().map(shown), until, "{}", operation.id);
        bounded += usize::from(since.is_some() || until.is_some());
    }
    assert!(bounded > 90, "too few have bounds: {bounded}");
}

#[test]
fn what_3cx_dropped_is_deprecated_and_nothing_else() {
    let folder = tests::root().join("generated-client/src/generated/resources");
    let mut deprecated = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let mut alias = "";
        for line in text.lines().map(str::trim) {
            if let Some(id) = line.strip_prefix("#[doc(alias = \"") {
                // Others are words to search for, such as "create user".
                let id = id.trim_end_matches("\")]");
                alias = if id.contains(' ') { alias } else { id };
            } else if let Some(note) =
                line.strip_prefix("#[deprecated(note = \"3CX dropped it: last in ")
            {
                let until = note.trim_end_matches("\")]").to_owned();
                deprecated.insert((alias.to_owned(), until));
            }
        }
    }
    let all = Seen::all(api().documents.len());
    let gone = api()
        .operations
        .values()
        .filter_map(|it| Some((it.id.clone(), Bounds::of(&api().documents, it.seen, all).until?)));
    assert_eq!(deprecated, gone.collect());
    assert_eq!(deprecated.len(), 29, "an operation more or less that 3CX dropped: which?");
}

#[test]
fn a_missing_parameter_that_some_releases_need_is_named() {
    let client = Client::builder("https://pbx.example.com").token("t");
    let client = client.release(threecx_xapi::Release::new(20, 0, 7)).build().unwrap();
    let report = || client.report_call_log_data().get_call_quality_report(7, "100", "101");
    let error = report().prepare().unwrap_err();
    assert!(error.is_usage(), "{error:?}");
    assert!(error.to_string().contains("`cdrId`: give it with `.cdr_id(…)`"), "{error}");
    let prepared = report().cdr_id("1").prepare().unwrap();
    assert!(
        prepared
            .target()
            .ends_with("(cdrId='1',srcNumber='100',dstNumber='101',srcCallerId='',dstCallerId='')")
    );
}

/// What identifies a row, whatever it is.
type Found = Result<(Option<i32>, Option<String>), threecx_xapi::Error>;

/// A row of each resource that finds its rows by number, with how it was found.
async fn by_number(client: &Client) -> Vec<(&'static str, Found)> {
    macro_rules! find {
        ($($resource:ident $number:literal),*) => {
            vec![$({
                let found = client.$resource().get_by_number($number).await;
                (stringify!($resource), found.map(|row| (row.id, row.number)))
            }),*]
        };
    }
    find!(users "101", fax "88801", parkings "SP0", peers "101", queues "80001",
        receptionists "80002", ring_groups "80003", trunks "90001")
}

#[tokio::test]
async fn get_by_number_works_on_eight_resources_of_both_releases() {
    let mut answers = Vec::new();
    for (release, written) in [("20.0.7", "ByNumber(number="), ("20.0.8", "(Number=")] {
        let pbx = FakePbx::builder().release(release).start().await.unwrap();
        let (id, secret) = DEMO_CLIENT;
        // Nobody tells the client which release it talks to.
        let client = Client::builder(pbx.url()).service_principal(id, secret).build().unwrap();
        let found = by_number(&client).await;
        let rows: Vec<_> = found.into_iter().map(|(name, found)| (name, found.unwrap())).collect();
        assert_eq!(rows.len(), 8);
        let calls = pbx.calls();
        assert!(calls.iter().all(|call| call.target.contains(written)), "{release}: {calls:#?}");
        assert_eq!(calls.len(), 8, "{release}: the sign-in has named the release");
        answers.push(rows);
    }
    assert_eq!(answers[0], answers[1]);
}
