//! The call log of a period, window by window.

use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tests::fake_pbx::Fault;
use tests::server::{Answer, Server};
use threecx_xapi::edm::DateTimeOffset;
use threecx_xapi::entities::CallLogData;
use threecx_xapi::recipes::call_log::{CallLogContinuation, CallLogItems};

use super::*;

pub(crate) fn moment(text: &str) -> DateTimeOffset {
    text.parse().unwrap()
}

fn period(from: &str, to: &str) -> Range<DateTimeOffset> {
    moment(from)..moment(to)
}

const NEW_YEAR: &str = "2026-01-01T00:00:00Z";

/// The path of a request with the periods' ends in place of its parameters, and the query.
fn windows(targets: impl IntoIterator<Item = String>) -> Vec<String> {
    let value = |target: &str, name: &str| {
        let rest = target.split_once(&format!("{name}=")).unwrap().1;
        rest.split([',', ')']).next().unwrap().to_owned()
    };
    let window = |target: String| {
        let query = target.split_once('?').map_or("", |(_, query)| query).to_owned();
        format!("{} {} {query}", value(&target, "periodFrom"), value(&target, "periodTo"))
    };
    targets.into_iter().map(window).collect()
}

#[tokio::test]
async fn the_call_log_comes_in_windows_of_a_day() {
    let bench = Bench::of(FakePbx::builder().call_log(1_000_000)).await;
    let mut calls = bench.client.call_log(period(NEW_YEAR, "2026-01-03T12:00:00Z")).items();
    let mut found = Vec::new();
    while let Some(call) = calls.next().await {
        found.push(call.unwrap().call_id.unwrap());
    }
    assert_eq!(found, (1..=3_600).collect::<Vec<_>>());
    let targets: Vec<_> = bench.pbx.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(
        targets[0],
        "/xapi/v1/ReportCallLogData/Pbx.GetCallLogData(periodFrom=2026-01-01T00:00:00Z,\
         periodTo=2026-01-02T00:00:00Z,sourceType=0,sourceFilter='',destinationType=0,\
         destinationFilter='',callsType=0,callTimeFilterType=0,callTimeFilterFrom='0%3A00%3A0',\
         callTimeFilterTo='0%3A00%3A0',hidePcalls=false)?$top=1000"
    );
    assert_eq!(
        windows(targets),
        [
            "2026-01-01T00:00:00Z 2026-01-02T00:00:00Z $top=1000",
            "2026-01-01T00:00:00Z 2026-01-02T00:00:00Z $top=1000&$skip=1000",
            "2026-01-02T00:00:00Z 2026-01-03T00:00:00Z $top=1000",
            "2026-01-02T00:00:00Z 2026-01-03T00:00:00Z $top=1000&$skip=1000",
            // The last one ends where the period does; that its pages are not capped is not known.
            "2026-01-03T00:00:00Z 2026-01-03T12:00:00Z $top=1000",
            "2026-01-03T00:00:00Z 2026-01-03T12:00:00Z $top=1000&$skip=720",
        ]
    );
}

#[tokio::test]
async fn a_server_without_a_cap_is_asked_once_in_each_window() {
    let bench = Bench::of(FakePbx::builder().call_log(1_000_000)).await;
    let hour = Duration::from_secs(3600);
    let log = bench.client.call_log(period(NEW_YEAR, "2026-01-02T00:00:00Z")).window(hour);
    assert_eq!(log.all(1_440).await.unwrap().len(), 1_440);
    assert_eq!(bench.queries().len(), 25, "24 windows, and one look whether there is more");
    let bench = Bench::of(FakePbx::builder().call_log(1_000_000).silent_cap(25)).await;
    let log = bench.client.call_log(period(NEW_YEAR, "2026-01-02T00:00:00Z")).window(hour);
    assert_eq!(log.all(1_440).await.unwrap().len(), 1_440);
    assert_eq!(bench.queries().len(), 24 * 3);
}

#[tokio::test]
async fn windows_have_the_length_that_is_set_and_keep_the_offset() {
    let bench = Bench::of(FakePbx::builder().call_log(10_000)).await;
    let log =
        bench.client.call_log(period("2026-01-01T01:00:00+01:00", "2026-01-01T03:30:00+02:00"));
    let rows = log.window(Duration::from_secs(40 * 60)).all(1_000).await.unwrap();
    assert_eq!(rows.len(), 90);
    let targets = bench.pbx.calls().into_iter().map(|call| call.target.replace("%2B", "+"));
    let first: Vec<_> = windows(targets).into_iter().filter(|it| !it.contains("skip")).collect();
    assert_eq!(
        first,
        [
            "2026-01-01T01:00:00+01:00 2026-01-01T01:40:00+01:00 $top=1000",
            "2026-01-01T01:40:00+01:00 2026-01-01T02:20:00+01:00 $top=1000",
            "2026-01-01T02:20:00+01:00 2026-01-01T03:30:00+02:00 $top=1000",
        ]
    );
}

#[tokio::test]
async fn the_parameters_of_the_operation_can_be_set() {
    let bench = Bench::of(FakePbx::builder().call_log(1_000)).await;
    let log = || bench.client.call_log(period(NEW_YEAR, "2026-01-01T10:00:00Z"));
    let rows = log().source_filter("103").destination_filter("101").all(600).await.unwrap();
    assert!(!rows.is_empty() && rows.len() < 100);
    assert!(rows.iter().all(|row| row.source_dn.as_deref() == Some("103")));
    log()
        .source_type(1)
        .destination_type(2)
        .calls_type(3)
        .call_time_filter(4, "0:00:5", "0:01:0")
        .hide_pcalls(true)
        .source_filter("O'Brien/1")
        .with(|call| call.filter(CallLogData::CALL_ID.gt(5)).top(3))
        .all(3)
        .await
        .unwrap();
    let target = bench.pbx.calls().pop().unwrap().target;
    for part in [
        "sourceType=1,sourceFilter='O''Brien%2F1',destinationType=2,destinationFilter='',callsType=3",
        "callTimeFilterType=4,callTimeFilterFrom='0%3A00%3A5',callTimeFilterTo='0%3A01%3A0'",
        "hidePcalls=true",
        "?$filter=CallId%20gt%205&$top=3",
    ] {
        let plain = |text: &str| text.replace("%3A", ":");
        assert!(plain(&target).contains(&plain(part)), "{target}");
    }
}

#[tokio::test]
async fn the_call_log_read_ahead_has_the_same_rows() {
    let bench = Bench::of(FakePbx::builder().call_log(1_000_000)).await;
    let log = || bench.client.call_log(period(NEW_YEAR, "2026-01-03T00:00:00Z"));
    let (off, on) = (log().all(9_999).await.unwrap(), log().read_ahead().all(9_999).await.unwrap());
    assert_eq!(off.len(), 2_880);
    assert!(on == off);
    assert!(log().all(2_879).await.unwrap_err().is_too_large());
}

#[tokio::test]
async fn an_empty_period_asks_nothing_and_a_reversed_one_is_an_error() {
    let bench = Bench::of(FakePbx::builder().call_log(10)).await;
    let log = |from: &str, to: &str| bench.client.call_log(period(from, to));
    assert_eq!(log(NEW_YEAR, NEW_YEAR).all(9).await.unwrap(), []);
    assert_eq!(log(NEW_YEAR, "2026-01-01T01:00:00+01:00").all(9).await.unwrap(), []);
    let error = log(NEW_YEAR, "2025-12-31T23:59:59Z").all(9).await.unwrap_err();
    assert!(error.is_usage() && error.operation() == Some("GetCallLogData"), "{error}");
    assert!(error.to_string().contains("ends before it begins"), "{error}");
    for window in [Duration::ZERO, Duration::from_millis(999), Duration::from_millis(1_500)] {
        let mut items = log(NEW_YEAR, "2026-01-02T00:00:00Z").window(window).items();
        let error = items.next().await.unwrap().unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("whole seconds"), "{error}");
        assert!(items.next().await.is_none());
    }
    assert_eq!(bench.queries().len(), 0);
    // The calendar's last window.
    let end = "9999-12-31T23:59:59.9999999Z";
    assert_eq!(log("9999-12-31T00:00:01Z", end).all(9).await.unwrap(), []);
    assert_eq!(bench.queries().len(), 1);
}

/// Answers the windows from these rows, each the minute of the call and who called; `counts` says whether
/// a moment belongs to a window.
async fn log(
    rows: &'static [(u32, &'static str)],
    counts: fn(&Range<u32>, u32) -> bool,
) -> (Server, Arc<Mutex<Vec<Range<u32>>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let server = Server::start(move |request| {
        if request.target == "/connect/token" {
            return Answer::json(200, &json!({ "access_token": "t", "expires_in": 3600 }));
        }
        let minute = |name: &str| -> u32 {
            let rest = request.target.split_once(&format!("{name}=2026-01-01T00:")).unwrap().1;
            rest[..2].parse().unwrap()
        };
        let window = minute("periodFrom")..minute("periodTo");
        let rows = rows.iter().filter(|(minute, _)| counts(&window, *minute));
        let rows = rows.map(|(minute, who)| {
            json!({ "StartTime": format!("2026-01-01T00:{minute:02}:00Z"), "SourceDn": who })
        });
        let rows: Vec<Value> =
            if request.target.contains("$skip") { vec![] } else { rows.collect() };
        log.lock().unwrap().push(window);
        Answer::json(200, &json!({ "value": rows }))
    })
    .await;
    (server.unwrap(), asked)
}

#[tokio::test]
async fn a_row_at_the_border_of_two_windows_is_given_once() {
    static ROWS: [(u32, &str); 8] =
        [(0, "a"), (5, "b"), (5, "b"), (10, "c"), (10, "c"), (10, "d"), (15, "e"), (20, "f")];
    type Counts = fn(&Range<u32>, u32) -> bool;
    let half_open: Counts = |window, minute| window.contains(&minute);
    let closed: Counts = |window, minute| (window.start..=window.end).contains(&minute);
    for (counts, last) in [(half_open, 7), (closed, 8)] {
        let (server, asked) = log(&ROWS, counts).await;
        let calls = client(&server.url())
            .call_log(period(NEW_YEAR, "2026-01-01T00:20:00Z"))
            .window(Duration::from_secs(600));
        let rows = calls.all(100).await.unwrap();
        let found: Vec<_> = rows.iter().map(|row| row.source_dn.as_deref().unwrap()).collect();
        let wanted: Vec<_> = ROWS.iter().take(last).map(|(_, who)| *who).collect();
        assert_eq!(found, wanted);
        let mut windows = asked.lock().unwrap().clone();
        windows.dedup();
        assert_eq!(windows, [0..10, 10..20]);
    }
}

/// So many rows, by their ids.
async fn take(calls: &mut CallLogItems, count: usize) -> Vec<i32> {
    let mut found = Vec::new();
    while found.len() < count {
        found.push(calls.next().await.unwrap().unwrap().call_id.unwrap());
    }
    found
}

async fn remaining(calls: CallLogItems) -> Vec<i32> {
    let mut calls = calls;
    let mut found = Vec::new();
    while let Some(call) = calls.next().await {
        found.push(call.unwrap().call_id.unwrap());
    }
    found
}

/// Through its text, as a program stores it.
fn stored(calls: &CallLogItems) -> CallLogContinuation {
    calls.continuation().to_string().parse().unwrap()
}

#[tokio::test]
async fn a_call_log_goes_on_from_every_place() {
    let bench = Bench::of(FakePbx::builder().call_log(1_000).silent_cap(7)).await;
    let hour = Duration::from_secs(3600);
    let log = || bench.client.call_log(period(NEW_YEAR, "2026-01-01T02:30:00Z")).window(hour);
    let all = remaining(log().items()).await;
    assert_eq!(all.len(), 150);
    for at in (0..=150).step_by(10).chain([59, 61, 119, 121, 149]) {
        let mut calls = log().items();
        assert_eq!(take(&mut calls, at).await, all[..at]);
        let place = stored(&calls);
        let resumed = log().items().resume(place.clone());
        assert_eq!((resumed.continuation(), resumed.progress()), (place, calls.progress()));
        assert_eq!(remaining(resumed).await, all[at..], "at {at}");
    }
}

#[tokio::test]
async fn the_progress_of_a_call_log_counts_rows_and_windows() {
    let bench = Bench::of(FakePbx::builder().call_log(10_000)).await;
    let log = || bench.client.call_log(period(NEW_YEAR, "2026-01-03T12:00:00Z"));
    let mut calls = log().items();
    let progress = |calls: &CallLogItems| {
        let progress = calls.progress();
        (progress.rows, progress.windows, progress.of_windows)
    };
    assert_eq!(progress(&calls), (0, 0, 3));
    for (count, expected) in [(1, (1, 0, 3)), (1_439, (1_440, 0, 3)), (1, (1_441, 1, 3))] {
        take(&mut calls, count).await;
        assert_eq!(progress(&calls), expected);
    }
    let place = stored(&calls);
    while calls.next().await.is_some() {}
    assert_eq!(progress(&calls), (3_600, 3, 3));
    let mut resumed = log().items().resume(place);
    assert_eq!(progress(&resumed), (1_441, 1, 3));
    take(&mut resumed, 1).await;
    assert_eq!(progress(&resumed), (1_442, 1, 3));
}

#[tokio::test]
async fn a_call_log_behind_its_end_goes_on_with_what_came_since() {
    static ROWS: [(u32, &str); 6] =
        [(0, "a"), (5, "b"), (10, "c"), (10, "c"), (15, "d"), (20, "e")];
    // Both ends of a window count, so the rows of 10 come twice.
    let (server, asked) = log(&ROWS, |window, it| (window.start..=window.end).contains(&it)).await;
    let pbx = client(&server.url());
    let until = |end: &str| pbx.call_log(period(NEW_YEAR, &format!("2026-01-01T00:{end}:00Z")));
    let sources = |rows: Vec<CallLogData>| -> Vec<String> {
        rows.into_iter().map(|row| row.source_dn.unwrap()).collect()
    };
    let mut calls = until("10").items();
    let mut rows = Vec::new();
    while let Some(row) = calls.next().await {
        rows.push(row.unwrap());
    }
    assert_eq!(sources(rows), ["a", "b", "c", "c"]);
    let place = stored(&calls);
    assert!(!place.to_string().contains("SourceDn"), "{place}");
    let mut calls = until("20").items().resume(place);
    let mut rows = Vec::new();
    while let Some(row) = calls.next().await {
        rows.push(row.unwrap());
    }
    assert_eq!(sources(rows), ["d", "e"]);
    let mut windows = asked.lock().unwrap().clone();
    windows.dedup();
    assert_eq!(windows, [0..10, 10..20]);
}

#[tokio::test]
async fn a_place_of_another_call_log_is_refused() {
    let bench = Bench::of(FakePbx::builder().call_log(10_000)).await;
    let log = |from: &str, to: &str| bench.client.call_log(period(from, to));
    let end = "2026-01-03T00:00:00Z";
    let mut calls = log(NEW_YEAR, end).items();
    take(&mut calls, 2_000).await;
    let (place, sent) = (stored(&calls), bench.queries().len());
    let other_window = Duration::from_secs(7);
    for (name, other, part) in [
        ("start", log("2026-01-01T00:00:01Z", end), "another start or other options"),
        ("option", log(NEW_YEAR, end).calls_type(1), "another start or other options"),
        ("end", log(NEW_YEAR, "2026-01-01T12:00:00Z"), "behind the end of the period"),
        ("window", log(NEW_YEAR, end).window(other_window), "other values or options"),
    ] {
        let mut calls = other.items().resume(place.clone());
        let error = calls.next().await.unwrap().unwrap_err();
        assert!(error.is_usage() && error.to_string().contains(part), "{name}: {error}");
        assert!(calls.next().await.is_none());
    }
    assert_eq!(bench.queries().len(), sent);
    let mut late = calls.resume(place);
    let error = late.next().await.unwrap().unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("before the first row"), "{error}");
    assert!(late.next().await.is_none());
}

#[tokio::test]
async fn a_call_log_goes_on_with_the_page_that_failed() {
    let bench = Bench::of(FakePbx::builder().call_log(1_000_000)).await;
    let log = || bench.client.call_log(period(NEW_YEAR, "2026-01-03T00:00:00Z"));
    let mut calls = log().items();
    let mut found = take(&mut calls, 2_440).await;
    bench.pbx.fault(Fault::at("/xapi/v1/ReportCallLogData").answers(500));
    assert!(calls.next().await.unwrap().is_err());
    bench.pbx.no_faults();
    found.extend(remaining(log().items().resume(stored(&calls))).await);
    assert_eq!(found, (1..=2_880).collect::<Vec<_>>());
}
