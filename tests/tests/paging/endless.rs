//! Servers whose pages have no end: each walk ends with an error that says why.

use serde_json::{Value, json};
use tests::server::{Answer, Play, Recorded, Server};
use threecx_xapi::Reply;
use threecx_xapi::entities::Queue;
use threecx_xapi::operation::Operation;
use threecx_xapi::resources::queues::GetQueue;
use threecx_xapi::resources::report_breaches_sla::GetBreachesSlaData;

use super::call_log::moment;
use super::*;

/// A server that answers the nth request with this body.
async fn server(body: impl Fn(&Recorded, usize) -> Value + Send + Sync + 'static) -> Server {
    let answer = move |request: &Recorded, number| {
        Play::Answer(Answer::json(200, &body(request, number)).bytes())
    };
    Server::play(answer).await.unwrap()
}

fn plain(server: &Server) -> Client {
    Client::builder(server.url()).token("t").build().unwrap()
}

/// The value of a query option, as a number.
fn option(request: &Recorded, name: &str) -> u64 {
    let query = request.target.split_once('?').map_or("", |(_, query)| query);
    let mut options = query.split('&').filter_map(|it| it.split_once('='));
    let found = options.find(|(known, _)| *known == name);
    found.map_or(0, |(_, value)| value.parse().unwrap())
}

/// A queue of whose agents the PBX has sent none and a link.
fn cut_queue() -> Queue {
    let body =
        r#"{"Id":7,"Agents":[],"Agents@odata.nextLink":"/xapi/v1/Queues(7)/Agents?$skip=1"}"#;
    Reply::new(GetQueue::INFO, 200).with_body(body).json().unwrap().unwrap()
}

#[tokio::test]
async fn pages_without_rows_that_lead_on_and_on_are_an_error() {
    let endless = |_: &Recorded, number: usize| {
        let link = format!("/xapi/v1/Recordings?$skiptoken={number}");
        json!({ "value": [], "@odata.nextLink": link })
    };
    let server = server(endless).await;
    let client = plain(&server);
    let list = || client.recordings().list();
    for items in [list().items(), list().by_key().items(), list().items().read_ahead(1)] {
        let before = server.recorded().len();
        let (rows, error) = rest(&mut { items }).await;
        assert!(rows.is_empty());
        assert!(error.unwrap().to_string().contains("have brought no new row"));
        assert_eq!(server.recorded().len() - before, 100);
    }
    let mut pages = list().pages();
    let mut last = None;
    while let Some(page) = pages.next().await {
        last = Some(page);
    }
    assert!(last.unwrap().unwrap_err().to_string().contains("have brought no new row"));

    let error = client.complete(cut_queue(), Queue::AGENTS).await.unwrap_err();
    assert!(error.to_string().contains("have brought no new row"), "{error}");
}

#[tokio::test]
async fn an_endless_list_inside_of_an_entity_is_an_error() {
    let endless = |_: &Recorded, number: usize| {
        let rows: Vec<Value> = (0..20_000).map(|id| json!({ "Id": id })).collect();
        let link = format!("/xapi/v1/Queues(7)/Agents?$skiptoken={number}");
        json!({ "value": rows, "@odata.nextLink": link })
    };
    let server = server(endless).await;
    let client = plain(&server);
    let error = client.complete(cut_queue(), Queue::AGENTS).await.unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert_eq!(server.recorded().len(), 6);
}

fn report(client: &Client) -> Request<GetBreachesSlaData> {
    let day = moment("2026-01-01T00:00:00Z");
    client.report_breaches_sla().get_breaches_sla_data(day, day)
}

/// Rows without a key, which differ each time.
fn changing(rows: u64, number: usize) -> Value {
    let rows: Vec<Value> =
        (0..rows).map(|row| json!({ "CallerId": format!("{number}-{row}") })).collect();
    json!({ "value": rows })
}

#[tokio::test]
async fn a_function_that_takes_no_notice_of_skip_is_an_error() {
    for cap in [1_000, 700] {
        let answer =
            move |request: &Recorded, number| changing(option(request, "$top").min(cap), number);
        let server = server(answer).await;
        let client = plain(&server);
        let mut items = report(&client).items();
        let mut rows = 0;
        let error = loop {
            match items.next().await.unwrap() {
                Ok(_) => rows += 1,
                Err(error) => break error,
            }
        };
        assert!(error.to_string().contains("takes no notice of `$skip`"), "{error}");
        assert!(items.next().await.is_none());
        assert!(rows < 6_000 && server.recorded().len() < 12, "{rows}");
    }
}

#[tokio::test]
async fn a_long_report_is_asked_once_for_what_is_behind_it() {
    const ROWS: u64 = 12_345;
    let honest = |request: &Recorded, _: usize| {
        let (top, skip) = (option(request, "$top"), option(request, "$skip"));
        let rows = ROWS.saturating_sub(skip).min(top);
        let rows: Vec<Value> =
            (skip..skip + rows).map(|row| json!({ "CallerId": row.to_string() })).collect();
        json!({ "value": rows })
    };
    let refusing = move |request: &Recorded, number| {
        let is_behind = option(request, "$skip") > ROWS;
        let error = json!({ "error": { "code": "", "message": "too large" } });
        let (status, body) = if is_behind { (400, error) } else { (200, honest(request, number)) };
        Play::Answer(Answer::json(status, &body).bytes())
    };
    for server in [server(honest).await, Server::play(refusing).await.unwrap()] {
        let client = plain(&server);
        let rows = report(&client).all(20_000).await.unwrap();
        let found: Vec<String> = rows.into_iter().map(|row| row.caller_id.unwrap()).collect();
        assert_eq!(found, (0..ROWS).map(|row| row.to_string()).collect::<Vec<_>>());
        assert_eq!(server.recorded().len(), 13 + 1);
    }
}

#[tokio::test]
async fn many_rows_at_the_border_of_two_windows_come_once() {
    // Compared one by one, these would be 800 million comparisons.
    const ROWS: u64 = 40_000;
    let answer = |request: &Recorded, _: usize| {
        let (top, skip) = (option(request, "$top"), option(request, "$skip"));
        // Everything begins at the border, which belongs to both windows.
        let row = |id: u64| json!({ "SegmentId": id, "StartTime": "2026-01-02T00:00:00Z" });
        let last = ROWS.min(skip.saturating_add(top));
        let rows: Vec<Value> = (skip..last).rev().map(row).collect();
        json!({ "value": rows })
    };
    let server = server(answer).await;
    let period = moment("2026-01-01T00:00:00Z")..moment("2026-01-03T00:00:00Z");
    let rows = plain(&server).call_log(period).all(100_000).await.unwrap();
    assert_eq!(rows.len() as u64, ROWS);
}
