//! Collections of any length, page by page, against the fake PBX.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use tests::fake_pbx::{Builder, DEMO_CLIENT, FakePbx, Links};
use threecx_xapi::entities::Recording;
use threecx_xapi::resources::recordings::ListRecording;
use threecx_xapi::{Client, Error, Page, Request, paging::Items};

mod ahead;
mod blocking;
mod by_key;
mod call_log;
mod continuation;
mod endless;
mod meanwhile;
mod memory;
mod under_way;

/// As many rows as the pages of 100 don't divide.
const ROWS: usize = 10_507;
/// The id of the first recording.
const FIRST: i32 = 981;

/// A PBX with recordings, which have short rows.
struct Bench {
    pbx: FakePbx,
    client: Client,
}

impl Bench {
    async fn of(builder: Builder) -> Self {
        let pbx = builder.start().await.unwrap();
        Self { client: client(pbx.url()), pbx }
    }

    async fn new(rows: usize) -> Self {
        Self::of(recordings(rows)).await
    }

    fn list(&self) -> Request<ListRecording> {
        self.client.recordings().list()
    }

    /// The queries of the requests for recordings, decoded as far as is good to read.
    fn queries(&self) -> Vec<String> {
        let targets = self.pbx.calls().into_iter().map(|call| call.target);
        targets.map(|it| it.split_once('?').map_or("", |it| it.1).replace("%20", " ")).collect()
    }
}

fn recordings(rows: usize) -> Builder {
    FakePbx::builder().recordings(rows, 1)
}

fn client(url: &str) -> Client {
    Client::builder(url).service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1).build().unwrap()
}

/// The ids of so many recordings, in order.
fn ids(rows: usize) -> Vec<i32> {
    (FIRST..).take(rows).collect()
}

/// The ids of what is left, and the error at the end if there is one.
async fn rest(items: &mut Items<Recording>) -> (Vec<i32>, Option<Error>) {
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(row) => ids.push(row.id.unwrap()),
            Err(error) => {
                assert!(items.next().await.is_none(), "it ends after an error");
                return (ids, Some(error));
            }
        }
    }
    assert!(items.next().await.is_none(), "it stays at its end");
    (ids, None)
}

/// The ids of all.
async fn whole(mut items: Items<Recording>) -> Vec<i32> {
    let (ids, error) = rest(&mut items).await;
    assert!(error.is_none(), "{error:?}");
    ids
}

/// The next so many ids.
async fn some(items: &mut Items<Recording>, rows: usize) -> Vec<i32> {
    let mut ids = Vec::new();
    while ids.len() < rows {
        ids.push(items.next().await.unwrap().unwrap().id.unwrap());
    }
    ids
}

#[tokio::test]
async fn items_come_in_pages_of_100() {
    let bench = Bench::new(ROWS).await;
    assert_eq!(whole(bench.list().items()).await, ids(ROWS));
    let queries = bench.queries();
    assert_eq!(queries.len(), 106);
    assert_eq!(queries[0], "$top=100");
    assert_eq!(queries[1], "$top=100&$skip=100");
    assert_eq!(queries[105], "$top=100&$skip=10500");
}

#[tokio::test]
async fn pages_have_the_same_rows_as_items() {
    let bench = Bench::new(ROWS).await;
    let mut pages = bench.list().pages();
    let (mut lengths, mut found) = (Vec::new(), Vec::new());
    while let Some(page) = pages.next().await {
        let page: Page<Recording> = page.unwrap();
        lengths.push(page.len());
        found.extend(page.into_iter().map(|row| row.id.unwrap()));
    }
    assert_eq!(found, ids(ROWS));
    assert_eq!((lengths.len(), lengths[0], lengths[105]), (106, 100, 7));
}

#[tokio::test]
async fn read_ahead_on_and_off_give_the_same_rows() {
    for builder in [
        recordings(ROWS),
        recordings(ROWS).silent_cap(40),
        recordings(1_000).page_size(30),
        recordings(250).ignores_skip(),
    ] {
        let bench = Bench::of(builder).await;
        let off = rest(&mut bench.list().items()).await;
        let on = rest(&mut bench.list().items().read_ahead(1)).await;
        assert_eq!(on.0, off.0);
        let text = |error: Option<Error>| error.map(|error| error.to_string());
        assert_eq!(text(on.1), text(off.1));
        let queries = bench.queries();
        let (first, second) = queries.split_at(queries.len() / 2);
        assert_eq!(first, second, "the same requests");
    }
}

#[tokio::test]
async fn read_ahead_asks_for_one_page_more_than_is_read() {
    let bench = Bench::new(1_000).await;
    let mut items = bench.list().items().read_ahead(1);
    assert!(bench.queries().is_empty(), "nothing is sent before the first item is asked for");
    for page in 1..4 {
        some(&mut items, 100).await;
        bench.pbx.arrived(1 + page + 1).await;
        assert_eq!(bench.queries().len(), page + 1);
    }
}

#[tokio::test]
async fn top_is_the_most_over_all_pages_and_skip_where_they_begin() {
    let bench = Bench::new(1_000).await;
    let items = bench.list().top(250).skip(30).items();
    assert_eq!(whole(items).await, ids(280)[30..]);
    assert_eq!(bench.queries(), ["$top=100&$skip=30", "$top=100&$skip=130", "$top=50&$skip=230"]);
    assert_eq!(whole(bench.list().top(0).items()).await, ids(0));
    assert_eq!(whole(bench.list().top(100).items()).await, ids(100));
    assert_eq!(bench.queries().len(), 4);
}

#[tokio::test]
async fn the_page_size_is_what_the_operation_allows() {
    let bench = Bench::of(recordings(250).call_log(2_500)).await;
    whole(bench.list().items()).await;
    assert_eq!(
        bench.client.queues().list_agents(71).items().next().await.unwrap().unwrap().id,
        None
    );
    let day = call_log::moment("2026-01-01T00:00:00Z")..call_log::moment("2026-01-02T00:00:00Z");
    assert_eq!(bench.client.call_log(day).all(1_440).await.unwrap().len(), 1_440);
    let tops = |query: &String| query.split('&').next().unwrap().to_owned();
    let tops: Vec<_> = bench.queries().iter().map(tops).collect();
    let hundred = "$top=100";
    assert_eq!(tops, [hundred, hundred, hundred, hundred, "$top=1000", "$top=1000"]);

    let bench = Bench::new(250).await;
    assert_eq!(whole(bench.list().items().page_size(90)).await, ids(250));
    assert_eq!(bench.queries(), ["$top=90", "$top=90&$skip=90", "$top=90&$skip=180"]);
    let error = bench.list().items().page_size(0).next().await.unwrap().unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("at least 1"), "{error}");
    assert_eq!(bench.queries().len(), 3);
}

#[tokio::test]
async fn a_server_that_names_a_lower_limit_gets_what_it_allows() {
    let bench = Bench::of(recordings(ROWS).cap(40)).await;
    assert_eq!(whole(bench.list().items()).await, ids(ROWS));
    let queries = bench.queries();
    assert_eq!(queries[..3], ["$top=100", "$top=40", "$top=40&$skip=40"]);
    assert_eq!(queries.len(), 1 + 263, "it is refused once");
    // The page size that is asked for too.
    let bench = Bench::new(250).await;
    assert_eq!(whole(bench.list().items().page_size(1_000)).await, ids(250));
    assert_eq!(bench.queries()[..2], ["$top=1000", "$top=100"]);
}

#[tokio::test]
async fn a_limit_is_taken_over_once_and_other_refusals_are_errors() {
    use tests::fake_pbx::Fault;
    let limit = |limit: usize| {
        let message = format!(
            "The query specified in the URI is not valid. The limit of '{limit}' for Top query has been \
             exceeded. The value from the incoming request is '100'."
        );
        let error = serde_json::json!({ "error": { "code": "", "message": message } });
        Fault::at("/xapi/v1/Recordings").always().answers(400).json(&error)
    };
    for (limits, requests) in [(50, 2), (100, 1), (500, 1), (0, 1)] {
        let bench = Bench::new(250).await;
        bench.pbx.fault(limit(limits));
        let (given, error) = rest(&mut bench.list().items()).await;
        assert_eq!((given, error.unwrap().status()), (vec![], Some(400)));
        assert_eq!(bench.queries().len(), requests, "a limit of {limits}");
    }
}

#[tokio::test]
async fn a_server_that_caps_silently_is_read_to_its_end() {
    for (rows, cap, requests) in
        [(ROWS, 40, 263), (120, 40, 4), (30, 40, 2), (100, 200, 2), (0, 40, 1), (40, 40, 2)]
    {
        let bench = Bench::of(recordings(rows).silent_cap(cap)).await;
        assert_eq!(whole(bench.list().items()).await, ids(rows));
        assert_eq!(bench.queries().len(), requests, "{rows} rows in pages of {cap}");
    }
}

#[tokio::test]
async fn next_links_are_followed() {
    for links in [Links::Absolute, Links::Relative, Links::Query] {
        let builder = recordings(ROWS).page_size(30).links(links.clone());
        let bench = Bench::of(builder).await;
        assert_eq!(whole(bench.list().items()).await, ids(ROWS), "{links:?}");
        let queries = bench.queries();
        let wanted = ["$top=100", "$top=70&$skip=30", "$top=40&$skip=60", "$top=10&$skip=90"];
        assert_eq!(queries[..4], wanted, "{links:?}");
        assert_eq!(queries[4], "$top=100&$skip=100");
    }
    // Where the answer to `$top` ends with a link's page.
    for rows in [99, 100, 101, 200] {
        let bench = Bench::of(recordings(rows).page_size(50)).await;
        assert_eq!(whole(bench.list().items()).await, ids(rows), "{rows}");
    }
    let bench = Bench::of(recordings(500).page_size(30)).await;
    assert_eq!(whole(bench.list().top(45).items()).await, ids(45));
    assert_eq!(bench.queries().len(), 2);
}

#[tokio::test]
async fn a_next_link_never_leads_to_another_origin() {
    let other = FakePbx::builder().recordings(500, 1).start().await.unwrap();
    for origin in [other.url(), "https://127.0.0.1:1", "//canary.example", "http://u:p@127.0.0.1"] {
        let foreign = Links::Foreign(origin.to_owned());
        let bench = Bench::of(recordings(500).page_size(30).links(foreign)).await;
        for items in [bench.list().items(), bench.list().items().read_ahead(1)] {
            let mut items = items;
            let (given, error) = rest(&mut items).await;
            assert_eq!(given, ids(30), "what came before is given");
            let error = error.unwrap();
            assert!(error.is_decode() && error.operation() == Some("ListRecording"), "{error}");
            let text = error.to_string();
            assert!(text.contains("@odata.nextLink") && text.contains("leads away"), "{text}");
            assert!(!text.contains("canary"), "{text}");
        }
        assert_eq!(bench.queries().len(), 2);
    }
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_next_link_that_leads_back_is_an_error() {
    let bench = Bench::of(recordings(500).page_size(10).links(Links::Loop)).await;
    let (_, error) = rest(&mut bench.list().skip(10).items()).await;
    let error = error.unwrap();
    assert!(error.is_decode() && error.operation() == Some("ListRecording"), "{error}");
    assert!(error.to_string().contains("leads back"), "{error}");
    assert_eq!(bench.queries(), ["$top=100&$skip=10", "$skip=0", "$skip=10"]);
}

#[tokio::test]
async fn a_server_that_ignores_skip_is_an_error_and_no_endless_list() {
    // A last page that is only asked for in part, a first one that is short, one row.
    for (rows, top, given) in
        [(ROWS, None, 100), (ROWS, Some(150), 100), (30, None, 30), (1, None, 1)]
    {
        let bench = Bench::of(recordings(rows).ignores_skip()).await;
        let mut request = bench.list();
        if let Some(top) = top {
            request = request.top(top);
        }
        let (found, error) = rest(&mut request.items()).await;
        assert_eq!(found, ids(given));
        let error = error.unwrap();
        assert!(error.is_decode() && error.operation() == Some("ListRecording"), "{error}");
        assert!(error.to_string().contains("does not page here by `$skip`"), "{error}");
        assert_eq!(bench.queries().len(), 2);
    }
    // Rows without a key are compared as a whole.
    let bench = Bench::of(FakePbx::builder().call_log(5_000).ignores_skip()).await;
    let day = call_log::moment("2026-01-01T00:00:00Z")..call_log::moment("2026-01-02T00:00:00Z");
    let error = bench.client.call_log(day).all(10_000).await.unwrap_err();
    assert!(error.to_string().contains("does not page here by `$skip`"), "{error}");
    assert_eq!(bench.queries().len(), 2);
}

#[tokio::test]
async fn count_is_sent_only_if_asked_for_and_once() {
    let bench = Bench::new(250).await;
    let mut items = bench.list().count(true).items();
    assert_eq!(items.total(), None);
    some(&mut items, 1).await;
    assert_eq!(items.total(), Some(250));
    assert_eq!(rest(&mut items).await.0.len(), 249);
    assert_eq!(items.total(), Some(250));
    whole(bench.list().items()).await;
    let counts = bench.queries().iter().filter(|it| it.contains("$count")).count();
    assert_eq!((bench.queries()[0].as_str(), counts), ("$top=100&$count=true", 1));
    let mut pages = bench.list().count(true).pages();
    assert_eq!(pages.next().await.unwrap().unwrap().count, Some(250));
    assert_eq!(pages.total(), Some(250));
}

#[tokio::test]
async fn the_key_is_selected_too_so_that_rows_can_be_told_apart() {
    let bench = Bench::new(150).await;
    let one = bench.list().select(Recording::FROM_DN).all(150).await.unwrap();
    assert!(one.iter().all(|row| row.id.is_some() && row.to_dn.is_none()));
    bench.list().select("FromDn, Id").all(150).await.unwrap();
    bench.list().select("*").all(150).await.unwrap();
    let selects: Vec<_> =
        bench.queries().iter().map(|it| it.split('&').next().unwrap().to_owned()).collect();
    let wanted = ["$select=FromDn,Id", "$select=FromDn, Id", "$select=*"];
    assert_eq!([&selects[0], &selects[2], &selects[4]], wanted);
}

#[tokio::test]
async fn all_has_a_bound_and_asks_for_one_more_at_most() {
    let bench = Bench::new(1_000).await;
    let error = bench.list().all(50).await.unwrap_err();
    assert!(error.is_too_large() && error.operation() == Some("ListRecording"), "{error}");
    let text = error.to_string();
    assert!(text.contains("more than 50 items") && text.contains("narrow the `filter`"), "{text}");
    assert_eq!(bench.queries(), ["$top=51"]);
    assert_eq!(bench.list().all(1_000).await.unwrap().len(), 1_000);
    assert!(bench.list().all(999).await.unwrap_err().is_too_large());
    assert_eq!(bench.list().top(50).all(50).await.unwrap().len(), 50);
    assert!(bench.list().top(50).all(49).await.unwrap_err().is_too_large());
    assert!(bench.list().all(0).await.unwrap_err().is_too_large());
    assert_eq!(bench.list().filter(Recording::ID.lt(0)).all(0).await.unwrap(), []);
    assert_eq!(bench.list().all(usize::MAX).await.unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_stream_of_another_crate_can_be_made_of_it() {
    use futures_core::Stream;
    fn is_stream<S: Stream<Item = Result<T, Error>> + Send + Unpin + 'static, T>(stream: S) -> S {
        stream
    }
    let bench = Bench::new(3).await;
    let mut items = is_stream(bench.list().items());
    let pages = is_stream(bench.list().pages());
    let log = bench.client.call_log(
        call_log::moment("2026-01-01T00:00:00Z")..call_log::moment("2026-01-01T00:00:00Z"),
    );
    drop((pages, is_stream(log.items())));
    let next = std::future::poll_fn(|context| std::pin::Pin::new(&mut items).poll_next(context));
    assert_eq!(next.await.unwrap().unwrap().id, Some(FIRST));
    let items = tokio::spawn(async move { rest(&mut items).await.0 }).await.unwrap();
    assert_eq!(items, ids(3)[1..]);
}

#[tokio::test]
async fn after_an_error_the_continuation_leads_to_where_it_was() {
    use tests::fake_pbx::Fault;
    for read_ahead in [false, true] {
        let bench = Bench::new(500).await;
        bench.pbx.fault(Fault::at("/xapi/v1/Recordings?$top=100&$skip=200").answers(500));
        bench.pbx.fault(Fault::at("/xapi/v1/Recordings?$top=100&$skip=300").truncates_json());
        let mut items = bench.list().items();
        if read_ahead {
            items = items.read_ahead(1);
        }
        let (given, error) = rest(&mut items).await;
        assert_eq!((given, error.unwrap().status()), (ids(200), Some(500)));
        let mut items = bench.list().items().resume(items.continuation());
        let (given, error) = rest(&mut items).await;
        assert_eq!(given, ids(300)[200..]);
        assert!(error.unwrap().is_decode());
        let items = bench.list().items().resume(items.continuation());
        assert_eq!(whole(items).await, ids(500)[300..]);
    }
}

#[tokio::test]
async fn debug_names_the_operation_and_no_value() {
    let bench = Bench::new(1).await;
    let shown = format!("{:?}", bench.list().filter(Recording::FROM_DN.eq("canary")).items());
    assert!(shown.contains("ListRecording") && !shown.contains("canary"), "{shown}");
}
