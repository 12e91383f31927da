//! Pages by key.

use serde_json::{Value, json};
use tests::fake_pbx::Links;
use tests::server::{Answer, Server};

use super::meanwhile::{Change, recording, while_others_write};
use super::*;

#[tokio::test]
async fn by_key_asks_for_what_comes_after_the_last_key() {
    let bench = Bench::new(250).await;
    assert_eq!(whole(bench.list().by_key().items()).await, ids(250));
    let wanted = [
        "$orderby=Id&$top=100",
        "$filter=Id gt 1080&$orderby=Id&$top=100",
        "$filter=Id gt 1180&$orderby=Id&$top=100",
    ];
    assert_eq!(bench.queries(), wanted);
}

#[tokio::test]
async fn by_key_keeps_filter_select_top_and_skip() {
    let bench = Bench::new(450).await;
    let request = bench
        .list()
        .filter(Recording::ID.lt(1300).or(Recording::ID.gt(1400)))
        .select(Recording::FROM_DN);
    let items = request.top(200).skip(10).by_key().items();
    assert_eq!(whole(items).await, ids(210)[10..]);
    let wanted = [
        "$filter=Id lt 1300 or Id gt 1400&$select=FromDn,Id&$orderby=Id&$top=100&$skip=10",
        "$filter=(Id lt 1300 or Id gt 1400) and Id gt 1090&$select=FromDn,Id&$orderby=Id&$top=100",
    ];
    assert_eq!(bench.queries(), wanted);
}

#[tokio::test]
async fn by_key_misses_no_row_and_gives_none_twice_while_others_write() {
    let bench = Bench::new(ROWS).await;
    let changes: [Change<'_>; 4] = [
        (300, &|pbx| pbx.insert("Recordings", 0, recording(1))),
        (400, &|pbx| (0..70).for_each(|_| drop(pbx.remove("Recordings", 20)))),
        (5_050, &|pbx| drop(pbx.remove("Recordings", 0))),
        (10_000, &|pbx| pbx.insert("Recordings", 0, recording(20_000))),
    ];
    let found = while_others_write(&bench, bench.list().by_key().items(), &changes).await;
    let mut wanted = ids(ROWS);
    wanted.push(20_000);
    assert_eq!(found, wanted, "what was deleted behind the reader was given before");
    // By `$skip` the same deletions make rows slip by.
    let bench = Bench::new(ROWS).await;
    let found = while_others_write(&bench, bench.list().items(), &changes[1..3]).await;
    assert!(found.len() < ROWS, "{}", found.len());
}

#[tokio::test]
async fn by_key_goes_on_where_the_server_caps_or_links() {
    for builder in [
        recordings(1_050).cap(40),
        recordings(1_050).silent_cap(40),
        recordings(1_050).page_size(30),
        recordings(1_050).page_size(30).links(Links::Loop),
        recordings(1_050).page_size(30).links(Links::Foreign("http://canary.example".to_owned())),
    ] {
        let bench = Bench::of(builder).await;
        assert_eq!(whole(bench.list().by_key().items()).await, ids(1_050));
    }
}

#[tokio::test]
async fn by_key_and_order_by_together_are_an_error() {
    let bench = Bench::new(3).await;
    let by = || bench.list().order_by(Recording::START_TIME.desc()).by_key();
    let errors = [
        by().items().next().await.unwrap().unwrap_err(),
        by().pages().next().await.unwrap().unwrap_err(),
        by().all(9).await.unwrap_err(),
        by().await.unwrap_err(),
        by().prepare().unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_usage() && error.to_string().contains("leave `order_by` out"), "{error}");
    }
    assert_eq!(bench.queries().len(), 0);
    // Without pages it is an order like any.
    assert_eq!(bench.list().by_key().top(2).await.unwrap().len(), 2);
    assert_eq!(bench.queries(), ["$orderby=Id&$top=2"]);
}

/// Rows with these keys, ordered and filtered by key as OData does.
async fn keys(keys: &'static [i64]) -> Server {
    Server::start(move |request| {
        if request.target == "/connect/token" {
            return Answer::json(200, &json!({ "access_token": "t", "expires_in": 3600 }));
        }
        let after =
            request.target.split_once("gt%20").map(|(_, rest)| rest.split('&').next().unwrap());
        let after: i64 = after.map_or(i64::MIN, |after| after.parse().unwrap());
        let first = !request.target.contains("gt%20");
        let rows: Vec<Value> = keys
            .iter()
            .filter(|key| first || **key > after)
            .take(2)
            .map(|key| json!({ "Id": key }))
            .collect();
        Answer::json(200, &json!({ "value": rows }))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn negative_and_large_keys_are_keys() {
    static KEYS: [i64; 5] = [i32::MIN as i64, -1, 0, 1, i32::MAX as i64];
    let server = keys(&KEYS).await;
    let items = client(&server.url()).recordings().list().by_key().items().page_size(2);
    let found: Vec<i64> = whole(items).await.into_iter().map(i64::from).collect();
    assert_eq!(found, KEYS);
    let last = server.calls().pop().unwrap().target;
    assert!(last.contains("$filter=Id%20gt%201&"), "{last}");
}

#[tokio::test]
async fn a_server_that_ignores_the_order_or_the_filter_is_an_error() {
    for (rows, said) in [
        (json!([{ "Id": 3 }, { "Id": 2 }]), "not in the order of their keys"),
        (json!([{ "Id": 3 }, { "FromDn": "101" }]), "a row has no key"),
        (json!([{ "Id": 3 }, { "Id": 4 }]), "repeats the rows"),
    ] {
        let server = Server::start(move |request| {
            let token = json!({ "access_token": "t", "expires_in": 3600 });
            let is_token = request.target == "/connect/token";
            Answer::json(200, &if is_token { token } else { json!({ "value": rows }) })
        })
        .await
        .unwrap();
        let mut items = client(&server.url()).recordings().list().by_key().items().page_size(2);
        let error = rest(&mut items).await.1.unwrap();
        assert!(error.is_decode() && error.to_string().contains(said), "{error}");
        assert!(server.calls().len() <= 2);
    }
}
