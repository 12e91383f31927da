//! Faults on demand.

use std::time::Duration;

use serde_json::json;
use tests::fake_pbx::{FakePbx, Fault, Gate, file_byte};
use tests::raw::send;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Bench;

#[tokio::test]
async fn each_fault_does_what_its_name_says() {
    struct Row {
        fault: Fault,
        status: u16,
        whole: bool,
        orderly: bool,
        handled: usize,
        json: bool,
    }
    let row = |fault, status, [whole, orderly, json]: [bool; 3], handled| Row {
        fault,
        status,
        whole,
        orderly,
        handled,
        json,
    };
    let at = || Fault::at("/xapi/v1/Users");
    for Row { fault, status, whole, orderly, handled, json } in [
        row(at(), 201, [true, true, true], 1),
        row(at().answers(503).header("Retry-After", "2"), 503, [true, true, false], 0),
        row(at().answers(409).json(&json!({ "error": {} })), 409, [true, true, true], 0),
        row(at().html(502), 502, [true, true, false], 0),
        row(at().redirects(307, "http://other.example/"), 307, [true, true, false], 0),
        row(at().resets_before(), 0, [true, false, false], 0),
        row(at().resets_unanswered(), 0, [true, false, false], 1),
        row(at().closes_unanswered(), 0, [true, true, false], 1),
        row(at().ends_early(50), 201, [false, true, false], 1),
        row(at().truncates_json(), 201, [true, true, false], 1),
        row(at().content_type("text/html"), 201, [true, true, true], 1),
        row(at().revokes_tokens(), 401, [true, true, false], 0),
    ] {
        let bench = Bench::new(FakePbx::builder()).await;
        let name = format!("{fault:?}");
        bench.pbx.fault(fault);
        let answer = bench.send("POST", "/Users", &json!({ "Number": "900" })).await;
        assert_eq!(answer.status, status, "{name}");
        assert_eq!((answer.is_whole(), answer.orderly), (whole, orderly), "{name}");
        assert_eq!(bench.pbx.handled("POST /Users"), handled, "{name}");
        assert_eq!(bench.pbx.rows("Users").len(), 10 + handled, "{name}");
        assert_eq!(bench.pbx.calls().len(), 1, "{name}");
        let content = answer.header("content-type").unwrap_or_default();
        assert_eq!(content.starts_with("text/html"), name.contains("text/html"), "{name}");
        assert_eq!(answer.json().is_object(), json, "{name}");
    }
}

#[tokio::test]
async fn a_reset_midway_leaves_a_part_or_nothing() {
    let bench = Bench::new(FakePbx::builder().recordings(1, 10_000_000)).await;
    bench.pbx.fault(Fault::at("/xapi/v1/Recordings").resets_midway(70));
    let file = bench.get("/Recordings/Pbx.DownloadRecording(recId=981)").await;
    assert!(!file.orderly && file.body.len() <= 7_000_000);
    let whole = bench.get("/Recordings/Pbx.DownloadRecording(recId=981)").await;
    assert!(whole.is_whole() && whole.orderly, "a rule is for one request");
}

#[tokio::test]
async fn rules_choose_by_path_method_and_number() {
    let bench = Bench::new(FakePbx::builder()).await;
    bench.pbx.fault(Fault::at("/xapi/v1/Users").method("GET").nth(2).times(2).answers(503));
    bench.pbx.fault(Fault::at("/xapi/v1/Groups").always().answers(500));
    let mut seen = Vec::new();
    for target in ["/Users", "/Queues", "/Users", "/Users(1001)", "/Users", "/Groups", "/Groups"] {
        seen.push(bench.get(target).await.status);
        if target == "/Queues" {
            let other = bench.send("PATCH", "/Users(1001)", &json!({})).await;
            assert_eq!(other.status, 204, "another method");
        }
    }
    assert_eq!(seen, [200, 200, 503, 503, 200, 500, 500]);
    bench.pbx.no_faults();
    assert_eq!(bench.get("/Groups").await.status, 200);
}

#[tokio::test]
async fn a_request_waits_at_its_gate() {
    let bench = Bench::new(FakePbx::builder()).await;
    let gate = Gate::new();
    bench.pbx.fault(Fault::at("/xapi/v1/Users").always().waits_for(&gate));
    let look_and_open = async {
        gate.reached(2).await;
        bench.pbx.arrived(3).await;
        assert_eq!(bench.pbx.handled("GET /Users"), 0);
        gate.open();
    };
    let (first, second, ()) = tokio::join!(bench.get("/Users"), bench.get("/Users"), look_and_open);
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(bench.pbx.handled("GET /Users"), 2);
}

/// Reads a head and so many bytes of the body.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

#[tokio::test]
async fn a_stalled_body_stays_open_until_the_other_side_leaves() {
    let bench = Bench::new(FakePbx::builder().recordings(1, 1000)).await;
    bench.pbx.fault(Fault::at("/xapi/v1/Recordings").stalls(50));
    let mut stream =
        TcpStream::connect(bench.pbx.url().trim_start_matches("http://")).await.unwrap();
    let request = format!(
        "GET /xapi/v1/Recordings/Pbx.DownloadRecording(recId=981) HTTP/1.1\r\nHost: x\r\n\
         Authorization: Bearer {}\r\n\r\n",
        bench.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(read_head(&mut stream).await.contains("Content-Length: 1000"));
    let mut half = [0; 500];
    stream.read_exact(&mut half).await.unwrap();
    let mut more = [0; 1];
    // Nothing more has come, and nothing says that it won't.
    assert_eq!(stream.try_read(&mut more).unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    stream.shutdown().await.unwrap();
    assert_eq!(stream.read(&mut more).await.unwrap(), 0);
}

#[tokio::test]
async fn a_connection_serves_many_requests_and_bodies_in_chunks() {
    let bench = Bench::new(FakePbx::builder()).await;
    let mut stream =
        TcpStream::connect(bench.pbx.url().trim_start_matches("http://")).await.unwrap();
    let body = json!({ "FirstName": "Grace" }).to_string();
    let (left, right) = body.split_at(7);
    let request = format!(
        "PATCH /xapi/v1/Users(1001) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
         Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{left}\r\n{:X}\r\n{right}\r\n0\r\n\r\n",
        bench.token,
        left.len(),
        right.len()
    );
    stream.write_all(request.repeat(2).as_bytes()).await.unwrap();
    for _ in 0..2 {
        assert!(read_head(&mut stream).await.starts_with("HTTP/1.1 204 "));
    }
    assert_eq!(bench.pbx.rows("Users")[0]["FirstName"], "Grace");
    assert_eq!(bench.pbx.calls()[1].json(), json!({ "FirstName": "Grace" }));
}

#[tokio::test]
async fn nobody_answers_once_it_is_dropped() {
    let bench = Bench::new(FakePbx::builder()).await;
    let url = bench.pbx.url().to_owned();
    let mut open = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    drop(bench);
    // The connection ends with the PBX, and with it the listener.
    assert!(matches!(open.read(&mut [0; 1]).await, Ok(0) | Err(_)));
    assert!(send(&url, "GET", "/", &[], b"").await.is_err());
}

#[tokio::test]
async fn a_plan_decides_where_no_rule_does() {
    let bench = Bench::new(FakePbx::builder()).await;
    bench.pbx.plan(|request| {
        let is_read = request.method == "GET" && request.target.contains("Users");
        is_read.then(|| Fault::at("").answers(503))
    });
    bench.pbx.fault(Fault::at("/xapi/v1/Users").answers(500));
    let mut seen = Vec::new();
    for target in ["/Users", "/Users", "/Groups", "/Users"] {
        seen.push(bench.get(target).await.status);
    }
    assert_eq!(seen, [500, 503, 200, 503]);
    bench.pbx.no_faults();
    assert_eq!(bench.get("/Users").await.status, 200);
}

#[tokio::test]
async fn what_is_late_is_carried_out_before_the_pbx_is_idle() {
    let bench = Bench::new(FakePbx::builder().forgetful()).await;
    bench.pbx.fault(Fault::at("/xapi/v1/Users").late(Duration::from_millis(1)).resets_unanswered());
    let body = json!({ "destination": "7" });
    assert_eq!(bench.send("POST", "/Users/Pbx.MakeCall", &body).await.status, 0);
    bench.pbx.idle().await;
    assert_eq!(bench.pbx.take_actions(), [("MakeCall".to_owned(), body)]);
    assert_eq!(bench.pbx.take_actions(), []);
    assert!(bench.pbx.requests().is_empty(), "none are kept");
}

#[tokio::test]
async fn files_are_given_from_any_place_on_if_that_is_offered() {
    let file = "/xapi/v1/Recordings/Pbx.DownloadRecording(recId=981)";
    for (is_offered, range, status, from) in [
        (false, "bytes=7-", 200, 0),
        (true, "", 200, 0),
        (true, "bytes=7-", 206, 7),
        (true, "bytes=99999-", 206, 99_999),
        (true, "bytes=100000-", 200, 0),
        (true, "bytes=x-", 200, 0),
    ] {
        let mut builder = FakePbx::builder();
        if is_offered {
            builder = builder.offers_ranges();
        }
        let bench = Bench::new(builder).await;
        let authorization = format!("Bearer {}", bench.token);
        let headers = [("Authorization", authorization.as_str()), ("Range", range)];
        let answer = send(bench.pbx.url(), "GET", file, &headers, b"").await.unwrap();
        assert_eq!(answer.status, status, "{range}");
        let wanted = (from..100_000).map(|at| file_byte(981, at));
        assert!(answer.body.iter().copied().eq(wanted), "{range}: {}", answer.body.len());
        let content_range = (status == 206).then(|| format!("bytes {from}-99999/100000"));
        assert_eq!(answer.header("content-range"), content_range.as_deref());
        assert_eq!(answer.header("accept-ranges"), is_offered.then_some("bytes"));
    }
}
