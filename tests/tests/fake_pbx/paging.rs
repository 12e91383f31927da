//! How a server may page, and what others do to its rows meanwhile.

use serde_json::{Value, json};
use tests::fake_pbx::{FakePbx, Links};

use crate::{Bench, text};

const LIST: &str = "/Recordings?$filter=Id%20gt%200&$top=10";

#[tokio::test]
async fn links_are_of_the_kind_that_is_set() {
    let foreign = Links::Foreign("http://other.example".to_owned());
    for (links, target, wanted) in [
        (Links::Absolute, LIST, "{url}/xapi/v1/Recordings?$filter=Id%20gt%200&$top=7&$skip=3"),
        (Links::Relative, LIST, "Recordings?$filter=Id%20gt%200&$top=7&$skip=3"),
        (Links::Query, LIST, "?$filter=Id%20gt%200&$top=7&$skip=3"),
        (foreign, "/Recordings", "http://other.example/xapi/v1/Recordings?$skip=3"),
        (Links::Loop, "/Recordings", "{url}/xapi/v1/Recordings?$skip=0"),
        (Links::Loop, "/Recordings?$skip=0", "{url}/xapi/v1/Recordings?$skip=3"),
        (Links::Loop, "/Recordings?$skip=3", "{url}/xapi/v1/Recordings?$skip=0"),
    ] {
        let builder = FakePbx::builder().recordings(20, 1).page_size(3).links(links);
        let bench = Bench::new(builder).await;
        let link = bench.get(target).await.json()["@odata.nextLink"].clone();
        assert_eq!(link, wanted.replace("{url}", bench.pbx.url()));
    }
}

#[tokio::test]
async fn a_cap_is_named_or_kept_silent() {
    let bench = Bench::new(FakePbx::builder().recordings(20, 1).cap(5)).await;
    let refused = bench.get(LIST).await;
    let said = "The limit of '5' for Top query has been exceeded.";
    assert!(refused.status == 400 && text(&refused).contains(said), "{}", text(&refused));
    assert_eq!(bench.get("/Recordings?$top=5").await.status, 200);

    let bench = Bench::new(FakePbx::builder().recordings(20, 1).silent_cap(5)).await;
    for (target, wanted) in [
        (LIST, vec![981, 982, 983, 984, 985]),
        ("/Recordings?$skip=17", vec![998, 999, 1000]),
        ("/Recordings?$top=2&$skip=5", vec![986, 987]),
    ] {
        assert_eq!(bench.column(target, "Id").await, wanted);
        assert_eq!(bench.get(target).await.json().get("@odata.nextLink"), None);
    }
}

#[tokio::test]
async fn skip_can_be_ignored() {
    let bench = Bench::new(FakePbx::builder().recordings(20, 1).ignores_skip()).await;
    for skip in [0, 2, 100] {
        let target = format!("/Recordings?$top=2&$skip={skip}");
        assert_eq!(bench.column(&target, "Id").await, [981, 982]);
    }
}

#[tokio::test]
async fn rows_come_and_go_at_a_place() {
    let bench = Bench::new(FakePbx::builder().recordings(3, 1)).await;
    bench.pbx.insert("Recordings", 1, json!({ "Id": 7 }));
    bench.pbx.insert("Recordings", 99, json!({ "Id": 8 }));
    assert_eq!(bench.pbx.remove("Recordings", 2)["Id"], 982);
    assert_eq!(bench.column("/Recordings", "Id").await, [981, 7, 983, 8].map(Value::from));
}
