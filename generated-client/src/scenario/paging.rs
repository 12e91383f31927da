//! Pages: what is under way when the reader goes away, and rows that have no key.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use super::miniature::*;
use super::server::{Play, Received, Server, json};
use super::{builder, client};
use crate::operation::{Operation, Pageable};

impl Pageable for GetCallLog {}

fn skip(request: &Received) -> usize {
    let skip = request.line.split_once("$skip=").map(|(_, rest)| rest.split([' ', '&']).next());
    skip.flatten().map_or(0, |skip| skip.parse().unwrap())
}

/// Pages of two of so many users.
fn users(request: &Received, rows: usize) -> Vec<u8> {
    let first = skip(request);
    let users = (first..rows.min(first + 2)).map(|id| format!("{{\"Id\":{id}}}"));
    json(200, format!("{{\"value\":[{}]}}", users.collect::<Vec<_>>().join(",")))
}

#[tokio::test]
async fn dropping_the_stream_ends_what_is_fetched_ahead() {
    let server = Server::start(|request: &Received, _| match skip(request) {
        2 => Play::Stall(Vec::new()),
        _ => Play::Answer(users(request, 10)),
    })
    .await;
    let client = builder(&server).token("t").max_concurrent_requests(1).build().unwrap();
    let mut items = client.mini_users().list().items().page_size(2).read_ahead();
    assert_eq!(items.next().await.unwrap().unwrap().id, Some(0));
    while server.calls() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.free_permits(), Some(0), "the page after that is on its way");
    drop(items);
    // It would never get the permit that the page held.
    client.mini_users().list().top(2).await.unwrap();
}

#[tokio::test]
async fn a_page_of_other_rows_ends_the_walk_and_what_is_fetched_ahead() {
    let server = Server::start(|request: &Received, _| match skip(request) {
        2 => Play::Answer(json(200, r#"{"value":[{"Id":2},{"Id":"three"}]}"#)),
        4 => Play::Stall(Vec::new()),
        _ => Play::Answer(users(request, 10)),
    })
    .await;
    let client = builder(&server).token("t").max_concurrent_requests(1).build().unwrap();
    let mut items = client.mini_users().list().items().page_size(2).read_ahead();
    for id in [0, 1] {
        assert_eq!(items.next().await.unwrap().unwrap().id, Some(id));
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.json_path(), Some("$.value[1].Id"), "{error}");
    assert!(items.next().await.is_none());
    assert!(items.continuation().to_string().contains(r#""skip":2"#), "the page that failed");
    client.mini_users().list().top(2).await.unwrap();
}

#[tokio::test]
async fn a_dropped_next_loses_nothing() {
    let server = Server::start(|request: &Received, _| Play::Answer(users(request, 5))).await;
    for read_ahead in [false, true] {
        let mut items = client(&server).mini_users().list().items().page_size(2);
        if read_ahead {
            items = items.read_ahead();
        }
        let mut found = Vec::new();
        loop {
            {
                let mut next = pin!(items.next());
                let once = poll_fn(|context| Poll::Ready(next.as_mut().poll(context)));
                match once.await {
                    Poll::Ready(None) => break,
                    Poll::Ready(Some(row)) => found.push(row.unwrap().id.unwrap()),
                    Poll::Pending => {}
                }
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(found, [0, 1, 2, 3, 4], "read ahead: {read_ahead}");
    }
}

#[tokio::test]
async fn rows_without_a_key_are_compared_page_by_page_as_a_whole() {
    let server = Server::start(|request: &Received, _| {
        let rows = ["a", "b", "b", "a", "b", "c"].iter().skip(skip(request)).take(2);
        let rows: Vec<_> = rows.map(|row| format!("\"{row}\"")).collect();
        Play::Answer(json(200, format!("{{\"value\":[{}]}}", rows.join(","))))
    })
    .await;
    let log = || client(&server).request(GetCallLog { top: 1 });
    // The second page has the rows of the first in another order, and the third others.
    let mut items = log().items().page_size(2);
    for wanted in ["a", "b"] {
        assert_eq!(items.next().await.unwrap().unwrap(), wanted);
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("does not page here"), "{error}");
    // A row that comes again is another one, for all that is known.
    let rows = log().skip(1).top(5).items().page_size(2);
    let rows = crate::paging::All::new(GetCallLog::INFO, 9, rows).await.unwrap();
    assert_eq!(rows, ["b", "b", "a", "b", "c"]);
}
