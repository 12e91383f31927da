//! The same without an async runtime.

use threecx_xapi::blocking::Wait;
use tokio::runtime::Runtime;

use super::*;

fn bench(builder: Builder) -> (Runtime, Bench) {
    let home = Runtime::new().unwrap();
    let bench = home.block_on(Bench::of(builder));
    (home, bench)
}

fn of(rows: impl Iterator<Item = Result<Recording, Error>>) -> Vec<i32> {
    rows.map(|row| row.unwrap().id.unwrap()).collect()
}

#[test]
fn blocking_iterators_give_the_same_rows() {
    let (_home, bench) = bench(recordings(1_050));
    assert_eq!(of(bench.list().items().wait()), ids(1_050));
    assert_eq!(of(bench.list().items().read_ahead(1).wait()), ids(1_050));
    assert_eq!(of(bench.list().by_key().items().wait()), ids(1_050));
    let pages: Vec<_> = bench.list().pages().wait().map(|page| page.unwrap().len()).collect();
    assert_eq!(pages, [100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 50]);
    assert_eq!(bench.list().all(1_050).wait().unwrap().len(), 1_050);
    assert!(bench.list().all(1_049).wait().unwrap_err().is_too_large());
}

#[test]
fn blocking_iterators_keep_the_continuation_and_the_total() {
    let (_home, bench) = bench(recordings(250));
    let mut items = bench.list().count(true).items().wait();
    assert_eq!(of(items.by_ref().take(130)), ids(130));
    assert_eq!(items.total(), Some(250));
    let rest = bench.list().items().resume(items.continuation()).wait();
    assert_eq!(of(rest), ids(250)[130..]);
    let mut pages = bench.list().pages().wait();
    pages.next().unwrap().unwrap();
    assert_eq!(pages.total(), None);
    let rest = bench.list().pages().resume(pages.continuation()).wait();
    assert_eq!(rest.map(|page| page.unwrap().len()).sum::<usize>(), 150);
}

#[test]
fn a_blocking_iterator_ends_after_an_error() {
    let (_home, bench) = bench(recordings(250).ignores_skip());
    let mut items = bench.list().items().wait();
    assert_eq!(items.by_ref().filter(Result::is_err).count(), 1);
    assert!(items.next().is_none());
}

#[test]
fn a_blocking_iterator_on_an_async_thread_sends_nothing() {
    let (home, bench) = bench(recordings(250));
    home.block_on(async {
        let from = call_log::moment("2026-01-01T00:00:00Z");
        let to = call_log::moment("2026-01-02T00:00:00Z");
        let errors = [
            bench.list().items().wait().next().unwrap().unwrap_err(),
            bench.list().pages().wait().next().unwrap().unwrap_err(),
            bench.list().all(9).wait().unwrap_err(),
            bench.client.call_log(from..to).items().wait().next().unwrap().unwrap_err(),
        ];
        for error in errors {
            assert!(error.is_usage() && error.to_string().contains("spawn_blocking"), "{error}");
        }
        assert_eq!(bench.list().items().wait().count(), 1, "the error, and then nothing");
    });
    assert_eq!(bench.pbx.requests(), []);
}

#[test]
fn the_call_log_can_be_waited_for() {
    let (_home, bench) = bench(FakePbx::builder().call_log(3_000));
    let from = call_log::moment("2026-01-01T00:00:00Z");
    let to = call_log::moment("2026-01-03T00:00:00Z");
    let calls = bench.client.call_log(from..to).items().wait();
    let ids: Vec<_> = calls.map(|row| row.unwrap().call_id.unwrap()).collect();
    assert_eq!(ids, (1..=2_880).collect::<Vec<_>>());
    assert_eq!(bench.client.call_log(from..to).all(2_880).wait().unwrap().len(), 2_880);
}
