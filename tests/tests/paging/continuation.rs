//! Walks that go on later, in another process too.

use std::process::Command;

use serde_json::json;
use tests::fake_pbx::Links;
use threecx_xapi::paging::Continuation;

use super::meanwhile::recording;
use super::*;

/// What the child is told: where the PBX is, and where to go on.
const URL: &str = "THREECX_TEST_PAGING_URL";
const STORED: &str = "THREECX_TEST_PAGING_STORED";

fn stored(items: &Items<Recording>) -> Continuation {
    let text = items.continuation().to_string();
    assert!(!text.contains('\n') && !text.to_lowercase().contains("bearer"), "{text}");
    text.parse().unwrap()
}

#[tokio::test]
async fn a_stored_continuation_is_resumed_by_another_process() {
    let bench = Bench::new(ROWS).await;
    let mut items = bench.list().items();
    let mut found = some(&mut items, 300).await;
    let text = items.continuation().to_string();
    // Meanwhile the rows move: what stood at the seam is not given again.
    bench.pbx.insert("Recordings", 0, recording(1));
    let url = bench.pbx.url().to_owned();
    let child = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "continuation::the_process_that_resumes", "--ignored", "--nocapture"])
            .env(URL, url)
            .env(STORED, text)
            .output()
            .unwrap()
    });
    let child = child.await.unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{output}{}", String::from_utf8_lossy(&child.stderr));
    let line = output.lines().find_map(|line| line.split_once("resumed: ")).unwrap().1;
    found.extend(line.split(' ').map(|id| id.parse::<i32>().unwrap()));
    assert_eq!(found, ids(ROWS));
}

#[tokio::test]
#[ignore = "run by a_stored_continuation_is_resumed_by_another_process"]
async fn the_process_that_resumes() {
    let (Ok(url), Ok(stored)) = (std::env::var(URL), std::env::var(STORED)) else {
        tests::skipped("a continuation in a process of its own", "this is a part of another test");
        return;
    };
    let items = client(&url).recordings().list().items().resume(stored.parse().unwrap());
    let ids: Vec<_> = whole(items).await.iter().map(ToString::to_string).collect();
    println!("resumed: {}", ids.join(" "));
}

#[tokio::test]
async fn every_place_of_a_walk_can_be_gone_on_from() {
    const ROWS: usize = 23;
    for (name, builder) in [
        ("plain", recordings(ROWS)),
        ("capped", recordings(ROWS).cap(3)),
        ("silently capped", recordings(ROWS).silent_cap(3)),
        ("linked", recordings(ROWS).page_size(2)),
        ("linked relatively", recordings(ROWS).page_size(4).links(Links::Relative)),
    ] {
        let bench = Bench::of(builder).await;
        for by_key in [false, true] {
            let list = || if by_key { bench.list().by_key() } else { bench.list() };
            for at in 0..=ROWS {
                let mut items = list().items().page_size(5);
                some(&mut items, at).await;
                let place = stored(&items);
                let items = list().items().page_size(5).resume(place.clone());
                assert_eq!(items.continuation(), place, "nothing has moved yet");
                assert_eq!(whole(items).await, ids(ROWS)[at..], "{name} by key {by_key} at {at}");
            }
        }
    }
}

#[tokio::test]
async fn every_page_can_be_gone_on_from() {
    let bench = Bench::new(23).await;
    let mut pages = bench.list().pages().page_size(5);
    let mut read = 0;
    while let Some(page) = pages.next().await {
        read += page.unwrap().len();
        let place: Continuation = pages.continuation().to_string().parse().unwrap();
        assert_eq!(whole(bench.list().items().resume(place)).await, ids(23)[read..]);
    }
    assert_eq!(read, 23);
}

#[tokio::test]
async fn the_end_of_a_walk_leads_to_what_is_added_later() {
    let bench = Bench::new(150).await;
    for by_key in [false, true] {
        let list = || if by_key { bench.list().by_key() } else { bench.list() };
        let mut items = list().items();
        rest(&mut items).await;
        let rows = bench.pbx.rows("Recordings").len();
        let id = 3_000 + i64::from(by_key);
        bench.pbx.insert("Recordings", rows, recording(id));
        let more = whole(list().items().resume(stored(&items))).await;
        assert_eq!(more, [i32::try_from(id).unwrap()]);
    }
}

#[tokio::test]
async fn what_was_given_counts_towards_top() {
    let bench = Bench::new(500).await;
    let mut items = bench.list().top(120).items();
    some(&mut items, 70).await;
    let items = bench.list().top(120).items().resume(stored(&items));
    assert_eq!(whole(items).await, ids(120)[70..]);
    let mut items = bench.list().top(120).items();
    rest(&mut items).await;
    let requests = bench.queries().len();
    assert_eq!(whole(bench.list().top(120).items().resume(stored(&items))).await, ids(0));
    assert_eq!(bench.queries().len(), requests);
}

#[tokio::test]
async fn a_repeat_at_the_seam_is_recognised() {
    let bench = Bench::new(500).await;
    let mut items = bench.list().items();
    some(&mut items, 130).await;
    let place = stored(&items);
    (1..40).for_each(|id| bench.pbx.insert("Recordings", 0, recording(id)));
    assert_eq!(whole(bench.list().items().resume(place)).await, ids(500)[130..]);
}

#[tokio::test]
async fn a_continuation_of_another_request_is_refused_unsent() {
    let bench = Bench::new(250).await;
    let mut items = bench.list().items();
    some(&mut items, 120).await;
    let place = stored(&items);
    let requests = bench.queries().len();
    let others = [
        bench.list().filter(Recording::ID.gt(5)),
        bench.list().select(Recording::ID),
        bench.list().order_by(Recording::ID),
        bench.list().search("a"),
        bench.list().top(9),
        bench.list().skip(9),
        bench.list().by_key(),
    ];
    for other in others {
        let error = other.items().resume(place.clone()).next().await.unwrap().unwrap_err();
        assert!(
            error.is_usage() && error.to_string().contains("other values or options"),
            "{error}"
        );
    }
    let error = bench.client.users().list().items().resume(place.clone()).next().await;
    let error = error.unwrap().unwrap_err();
    assert!(
        error.is_usage() && error.to_string().contains("belongs to `ListRecording`"),
        "{error}"
    );
    assert_eq!(bench.queries().len(), requests);
    // How it is read may be another matter.
    let same = bench.list().count(true).items().page_size(7).read_ahead(1).resume(place);
    assert_eq!(whole(same).await, ids(250)[120..]);
    let mut begun = bench.list().items();
    some(&mut begun, 1).await;
    let place = begun.continuation();
    let error = begun.resume(place);
    assert_eq!(whole_error(error).await, "before the first item");
}

/// The part of the message that is known, of the error that must come after the rows at hand.
async fn whole_error(mut items: Items<Recording>) -> &'static str {
    let error = rest(&mut items).await.1.unwrap();
    assert!(error.is_usage(), "{error}");
    let known = "before the first item";
    assert!(error.to_string().contains(known), "{error}");
    known
}

#[tokio::test]
async fn a_link_of_a_continuation_stays_with_the_pbx() {
    let bench = Bench::of(recordings(500).page_size(30)).await;
    let mut items = bench.list().items();
    some(&mut items, 40).await;
    let mut place: serde_json::Value =
        serde_json::from_str(&items.continuation().to_string()).unwrap();
    let requests = bench.queries().len();
    let stored = place["link"].as_str().unwrap().to_owned();
    let resumed = |link: String| {
        place["link"] = json!(link);
        let place: Continuation = place.to_string().parse().unwrap();
        bench.list().items().resume(place)
    };
    let mut resumed = resumed;
    for (link, part) in [
        (stored.replace(bench.pbx.url(), "https://canary.example"), "leads away"),
        (stored.replace("/Recordings", "/Users"), "to something else than this request"),
        (stored.replace("/Recordings", "/Recordings(1)/canary"), "to something else"),
        (stored.replace("/Recordings", "/../Users/canary"), "to something else"),
        ("/".to_owned(), "to something else"),
    ] {
        let error = resumed(link).next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
    assert_eq!(bench.queries().len(), requests);
    // The same path in other bytes is the same path.
    let items = resumed(stored.replace("/Recordings", "/%52ecordings"));
    assert!(whole(items).await.len() > 400);
}
