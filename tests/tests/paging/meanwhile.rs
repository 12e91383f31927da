//! Walks while others write.

use super::*;

/// At how many rows what is done to the PBX.
pub(crate) type Change<'a> = (usize, &'a dyn Fn(&FakePbx));

/// Walks, and changes the PBX as the walk comes to the given places.
pub(crate) async fn while_others_write(
    bench: &Bench,
    mut items: Items<Recording>,
    changes: &[Change<'_>],
) -> Vec<i32> {
    let mut found = Vec::new();
    for (at, change) in changes {
        found.extend(some(&mut items, at - found.len()).await);
        change(&bench.pbx);
    }
    let (more, error) = rest(&mut items).await;
    assert!(error.is_none(), "{error:?}");
    found.extend(more);
    found
}

pub(crate) fn recording(id: i64) -> serde_json::Value {
    serde_json::json!({ "Id": id, "FromDn": "101" })
}

#[tokio::test]
async fn a_row_inserted_midway_makes_none_come_twice() {
    let bench = Bench::new(ROWS).await;
    let inserted: [Change<'_>; 3] = [
        (300, &|pbx| pbx.insert("Recordings", 0, recording(1))),
        (5_000, &|pbx| (2..52).for_each(|id| pbx.insert("Recordings", 10, recording(id)))),
        (10_500, &|pbx| pbx.insert("Recordings", 20, recording(60))),
    ];
    let found = while_others_write(&bench, bench.list().items(), &inserted).await;
    assert_eq!(found, ids(ROWS), "each once, and none of what came behind the reader");
}

#[tokio::test]
async fn the_last_page_may_hold_only_what_others_have_moved() {
    for rows in [200, 100] {
        let bench = Bench::new(rows).await;
        let inserted: [Change<'_>; 1] = [(rows, &|pbx| pbx.insert("Recordings", 0, recording(1)))];
        let found = while_others_write(&bench, bench.list().items(), &inserted).await;
        assert_eq!(found, ids(rows));
    }
}

#[tokio::test]
async fn rows_that_come_and_go_midway_come_at_most_once_with_skip() {
    let bench = Bench::new(ROWS).await;
    let changes: [Change<'_>; 2] = [
        (300, &|pbx| pbx.insert("Recordings", 0, recording(1))),
        (400, &|pbx| drop(pbx.remove("Recordings", 50))),
    ];
    let found = while_others_write(&bench, bench.list().items(), &changes).await;
    let mut sorted = found.clone();
    sorted.dedup();
    assert_eq!(sorted, found, "no row twice");
    assert!(found.len() >= ROWS - 1, "what slips by is no more than what was deleted");
}
