//! What is under way when the reader goes away, and rows that have no key.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tests::server::{Answer, Play, Recorded, Server};
use threecx_xapi::Client;

/// A client of a server that does as the script says.
async fn pbx(script: impl Fn(&Recorded) -> Play + Send + Sync + 'static) -> (Server, Client) {
    let server = Server::play(move |request, _| script(request)).await.unwrap();
    let client = Client::builder(server.url()).token("t").max_concurrent_requests(1);
    (server, client.build().unwrap())
}

fn page(rows: &[String]) -> Play {
    let text = format!("{{\"value\":[{}]}}", rows.join(","));
    Answer::typed(200, "application/json", text).into()
}

fn skip(request: &Recorded) -> usize {
    let skip = request.target.split_once("$skip=").map(|(_, rest)| rest.split('&').next());
    skip.flatten().map_or(0, |skip| skip.parse().unwrap())
}

/// Pages of two of so many users.
fn users(request: &Recorded, rows: usize) -> Play {
    let first = skip(request);
    page(&(first..rows.min(first + 2)).map(|id| format!("{{\"Id\":{id}}}")).collect::<Vec<_>>())
}

#[tokio::test]
async fn dropping_the_stream_ends_what_is_fetched_ahead() {
    let (server, client) = pbx(|request| match skip(request) {
        2 => Play::Stall(Vec::new()),
        _ => users(request, 10),
    })
    .await;
    let mut items = client.users().list().items().page_size(2).read_ahead(1);
    assert_eq!(items.next().await.unwrap().unwrap().id, Some(0));
    while server.calls().len() < 2 {
        tokio::task::yield_now().await;
    }
    // The page after that is on its way and has the only permit.
    let waits = client.users().list().top(2).timeout(Duration::from_millis(20));
    let error = waits.await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 0, "{error}");
    assert_eq!(server.calls().len(), 2);
    drop(items);
    // It would never get the permit that the page held.
    client.users().list().top(2).await.unwrap();
}

#[tokio::test]
async fn a_page_of_other_rows_ends_the_walk_and_what_is_fetched_ahead() {
    let (_server, client) = pbx(|request| match skip(request) {
        2 => page(&[r#"{"Id":2}"#.to_owned(), r#""three""#.to_owned()]),
        4 => Play::Stall(Vec::new()),
        _ => users(request, 10),
    })
    .await;
    let mut items = client.users().list().items().page_size(2).read_ahead(1);
    for id in [0, 1] {
        assert_eq!(items.next().await.unwrap().unwrap().id, Some(id));
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert_eq!(error.json_path(), Some("$.value[1]"), "{error}");
    assert!(items.next().await.is_none());
    assert!(items.continuation().to_string().contains(r#""skip":2"#), "the page that failed");
    client.users().list().top(2).await.unwrap();
}

#[tokio::test]
async fn a_dropped_next_loses_nothing() {
    let (_server, client) = pbx(|request| users(request, 5)).await;
    for read_ahead in [false, true] {
        let mut items = client.users().list().items().page_size(2);
        if read_ahead {
            items = items.read_ahead(1);
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
    let (_server, client) = pbx(|request| {
        let rows = ["a", "b", "b", "a", "b", "c"].iter().skip(skip(request)).take(2);
        page(&rows.map(|row| format!("\"{row}\"")).collect::<Vec<_>>())
    })
    .await;
    let names = || client.network_settings().get_ifaces();
    // The second page has the rows of the first in another order, and the third others.
    let mut items = names().items().page_size(2);
    for wanted in ["a", "b"] {
        assert_eq!(items.next().await.unwrap().unwrap(), wanted);
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("does not page here"), "{error}");
    // A row that comes again is another one, for all that is known.
    let mut items = names().skip(1).top(5).items().page_size(2);
    let mut rows = Vec::new();
    while let Some(row) = items.next().await {
        rows.push(row.unwrap());
    }
    assert_eq!(rows, ["b", "b", "a", "b", "c"]);
}
