//! Several pages on their way at once.

use std::time::Duration;

use fastrand::Rng;
use tests::fake_pbx::{Fault, Gate};
use threecx_xapi::RetryPolicy;

use super::*;

const TABLE: &str = "/xapi/v1/Recordings";

/// What may go wrong with a page.
fn fault(rng: &mut Rng) -> Fault {
    let fault = Fault::at(TABLE).nth(rng.usize(1..40)).times(rng.usize(1..3));
    let late = Duration::from_millis(rng.u64(0..30));
    match rng.u8(0..8) {
        0 => fault.answers(503).header("Retry-After", "0"),
        1 => fault.answers(429).header("Retry-After", "0"),
        2 => fault.resets_before(),
        3 => fault.closes_unanswered(),
        4 => fault.ends_early(50),
        5 => fault.revokes_tokens(),
        _ => fault.late(late),
    }
}

#[tokio::test]
async fn rows_are_the_same_through_delays_and_faults() {
    for seed in 0..12 {
        let mut rng = Rng::with_seed(seed);
        let rows = rng.usize(0..3_000);
        let mut builder = recordings(rows);
        if rng.bool() {
            builder = builder.silent_cap(rng.usize(20..100));
        }
        let bench = Bench::of(builder).await;
        for _ in 0..rng.usize(0..12) {
            bench.pbx.fault(fault(&mut rng));
        }
        let policy = RetryPolicy::default().base_delay(Duration::from_millis(1)).attempts(9);
        let mut found = Vec::new();
        let mut place = None;
        // Where the walk breaks off, another one goes on.
        loop {
            let request = bench.list().count(rng.bool()).retry(policy);
            let mut items = request.items().read_ahead(8).page_size(rng.u32(30..=100));
            if let Some(place) = place.take() {
                items = items.resume(place);
            }
            let (ids, error) = rest(&mut items).await;
            found.extend(ids);
            match error {
                None => break,
                Some(error) => assert!(error.is_retryable(), "seed {seed}: {error}"),
            }
            place = Some(items.continuation());
        }
        assert_eq!(found, ids(rows), "seed {seed}");
    }
}

#[tokio::test]
async fn so_many_pages_are_on_their_way_and_no_more() {
    for (pages, expected) in [(0, 1), (1, 1), (2, 2), (8, 8)] {
        let (bench, gate) = (Bench::new(2_000).await, Gate::new());
        bench.pbx.fault(Fault::at(TABLE).nth(2).always().waits_for(&gate));
        let mut items = bench.list().items().read_ahead(pages);
        let mut found = some(&mut items, 100).await;
        let read = async {
            gate.reached(expected).await;
            // What is asked for next waits behind them.
            assert_eq!(bench.queries().len(), 1 + expected);
            gate.open();
        };
        let (rest, ()) = tokio::join!(rest(&mut items), read);
        found.extend(rest.0);
        assert_eq!(found, ids(2_000));
    }
}

#[tokio::test]
async fn nothing_is_asked_for_behind_the_end_that_is_known() {
    for (count, top, expected) in [(true, None, 10), (false, Some(950), 10), (true, Some(150), 2)] {
        let bench = Bench::new(1_000).await;
        let mut list = bench.list().count(count);
        if let Some(top) = top {
            list = list.top(top);
        }
        let found = whole(list.items().read_ahead(4)).await;
        assert_eq!(found.len(), top.map_or(1_000, |top| usize::try_from(top).unwrap()));
        // With a whole last page, one more request tells that it was the last.
        let last = usize::from(top.is_none());
        assert_eq!(bench.queries().len(), expected + last, "{count}, {top:?}");
    }
}

#[tokio::test]
async fn an_early_page_that_fails_is_asked_for_again_in_its_turn() {
    let bench = Bench::new(500).await;
    bench.pbx.fault(Fault::at(TABLE).nth(4).answers(500));
    assert_eq!(whole(bench.list().items().read_ahead(4)).await, ids(500));
    let failed = bench.queries().into_iter().filter(|query| query.ends_with("$skip=300"));
    assert_eq!(failed.count(), 2);
}

#[tokio::test]
async fn an_error_comes_where_it_would_without_early_pages() {
    let bench = Bench::new(500).await;
    bench.pbx.fault(Fault::at(TABLE).nth(4).always().answers(403));
    let mut items = bench.list().items().read_ahead(4);
    let (found, error) = rest(&mut items).await;
    assert_eq!(found, ids(300));
    assert!(error.unwrap().is_forbidden());
    assert!(items.continuation().to_string().contains(r#""skip":300"#));
}

#[tokio::test]
async fn windows_of_the_call_log_are_asked_for_at_once() {
    let hour = Duration::from_secs(3600);
    let (start, end) = ("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z");
    // A row each minute, and pages that the windows fill or don't.
    for (window, cap) in [(hour, None), (hour, Some(25)), (24 * hour, None), (12 * hour, Some(100))]
    {
        let builder = || {
            let builder = FakePbx::builder().call_log(1_000_000);
            cap.into_iter().fold(builder, Builder::silent_cap)
        };
        let (one, many) = (Bench::of(builder()).await, Bench::of(builder()).await);
        let log = |bench: &Bench| {
            let period = call_log::moment(start)..call_log::moment(end);
            bench.client.call_log(period).window(window)
        };
        let expected = log(&one).all(9_999).await.unwrap();
        assert_eq!(expected.len(), 2_880);
        for nth in [1, 3, 5] {
            let late = Duration::from_millis(20);
            many.pbx.fault(Fault::at("/xapi/v1/ReportCallLogData").nth(nth).late(late));
        }
        let found = log(&many).read_ahead(6).all(9_999).await.unwrap();
        assert_eq!(found, expected, "{window:?}, {cap:?}");
        // The windows are the same, whatever is asked for in vain behind them.
        let first = |bench: &Bench| {
            let queries = bench.queries().into_iter();
            queries.filter(|query| !query.contains("$skip")).count()
        };
        assert_eq!(first(&many), first(&one));
    }
}

#[tokio::test]
async fn no_more_windows_than_pages_are_on_their_way() {
    let (bench, gate) = (Bench::of(FakePbx::builder().call_log(1_000_000)).await, Gate::new());
    // The first window and the look whether there is more come before.
    bench.pbx.fault(Fault::at("/xapi/v1/ReportCallLogData").nth(3).always().waits_for(&gate));
    let period = call_log::moment("2026-01-01T00:00:00Z")..call_log::moment("2026-01-02T00:00:00Z");
    let log = bench.client.call_log(period).window(Duration::from_secs(3600)).read_ahead(6);
    let read = async {
        gate.reached(6).await;
        assert_eq!(bench.queries().len(), 2 + 6);
        gate.open();
    };
    let (rows, ()) = tokio::join!(log.all(1_440), read);
    assert_eq!(rows.unwrap().len(), 1_440);
}
