//! Transfers that break off: the client asks for the rest where the server offers it.

use tests::server::{Play, Recorded, Server};
use threecx_xapi::RetryPolicy;

use crate::{answer_with, builder, empty, json, play};

const LENGTH: usize = 400_000;
const OFFER: &str = "Accept-Ranges: bytes\r\nETag: \"v1\"\r\n";

fn content() -> Vec<u8> {
    (0..LENGTH).map(|at| (at % 251) as u8).collect()
}

/// Where a request wants the file to begin.
fn wanted(request: &Recorded) -> Option<usize> {
    request.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// The file from there on, in an answer with these headers.
fn from(begin: usize, headers: &str) -> Vec<u8> {
    let range = format!("{headers}Content-Range: bytes {begin}-{}/{LENGTH}\r\n", LENGTH - 1);
    answer_with(206, &range, &content()[begin..])
}

/// So many bytes of the body, and then the end of the connection.
fn cut(answer: &[u8], bytes: usize) -> Play {
    let head = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
    Play::Cut(answer[..head + bytes].to_vec())
}

/// What comes of the file: its length if it is right, or the error's text.
async fn download(server: &Server, retry: RetryPolicy) -> Result<usize, String> {
    let client = builder(server).token("t").retry(retry).build().unwrap();
    let file = client.recordings().download_recording(1).await.unwrap();
    let mut whole = Vec::new();
    file.write_to(&mut whole).await.map_err(|error| error.to_string())?;
    assert!(whole == content(), "{} bytes", whole.len());
    Ok(whole.len())
}

fn quick() -> RetryPolicy {
    RetryPolicy::default().base_delay(std::time::Duration::from_millis(1))
}

#[tokio::test]
async fn a_transfer_goes_on_wherever_it_breaks_off() {
    let last_modified = "Accept-Ranges: bytes\r\nLast-Modified: Thu, 20 Aug 2026 09:00:00 GMT\r\n";
    for (headers, validator) in
        [(OFFER, "\"v1\""), (last_modified, "Thu, 20 Aug 2026 09:00:00 GMT")]
    {
        for pieces in [1, 7, LENGTH / 2, LENGTH - 1, LENGTH] {
            let server = play(move |request: &Recorded, _| match wanted(request) {
                None => cut(&answer_with(200, headers, content()), LENGTH.min(pieces)),
                Some(begin) if begin < LENGTH / 2 => cut(&from(begin, headers), LENGTH / 3),
                Some(begin) => Play::Answer(from(begin, headers)),
            })
            .await;
            assert_eq!(download(&server, quick()).await, Ok(LENGTH), "{pieces}");
            let sent = server.recorded();
            assert!(pieces == LENGTH || sent.len() > 1, "{pieces}");
            assert_eq!(sent[0].header("if-range"), None);
            for again in &sent[1..] {
                assert_eq!(again.line(), sent[0].line());
                assert_eq!(again.header("if-range"), Some(validator));
                assert_eq!(again.header("authorization"), Some("Bearer t"));
            }
        }
    }
}

#[tokio::test]
async fn a_transfer_that_cannot_go_on_is_the_error_that_it_was() {
    let offer = |other: &'static str| answer_with(200, other, content());
    let rows: [(&str, Vec<u8>, Vec<u8>, usize); 8] = [
        ("no offer", offer("ETag: \"v1\"\r\n"), empty(500), 1),
        ("no ranges", offer("Accept-Ranges: none\r\nETag: \"v1\"\r\n"), empty(500), 1),
        ("nothing to tell it by", offer("Accept-Ranges: bytes\r\n"), empty(500), 1),
        ("a weak ETag", offer("Accept-Ranges: bytes\r\nETag: W/\"v1\"\r\n"), empty(500), 1),
        ("the whole file again", offer(OFFER), offer(OFFER), 2),
        ("another file", offer(OFFER), from(1_000, "ETag: \"v2\"\r\n"), 2),
        ("another place", offer(OFFER), from(999, OFFER), 2),
        ("gone", offer(OFFER), empty(404), 2),
    ];
    for (name, first, second, requests) in rows {
        let server = play(move |request: &Recorded, _| match wanted(request) {
            None => cut(&first, 1_000),
            Some(_) => Play::Answer(second.clone()),
        })
        .await;
        let error = download(&server, quick()).await.unwrap_err();
        assert!(error.contains("before message length reached"), "{name}: {error}");
        assert_eq!(server.recorded().len(), requests, "{name}");
    }
}

#[tokio::test]
async fn a_transfer_goes_on_as_often_as_the_policy_allows() {
    // Each answer brings some of the file, so that none of them counts as a failure in a row.
    let drip = |request: &Recorded, _: usize| match wanted(request) {
        None => cut(&answer_with(200, OFFER, content()), LENGTH / 10),
        Some(begin) => cut(&from(begin, OFFER), (LENGTH / 10).min(LENGTH - begin)),
    };
    let server = play(drip).await;
    assert_eq!(download(&server, quick()).await, Ok(LENGTH));
    assert_eq!(server.recorded().len(), 10);

    let stuck = |request: &Recorded, _: usize| match wanted(request) {
        None => cut(&answer_with(200, OFFER, content()), 1_000),
        Some(begin) => cut(&from(begin, OFFER), 0),
    };
    for (attempts, requests) in [(1, 1), (2, 2), (4, 4)] {
        let server = play(stuck).await;
        let error = download(&server, quick().attempts(attempts)).await.unwrap_err();
        assert!(error.contains("before message length reached"), "{error}");
        assert_eq!(server.recorded().len(), requests);
    }

    let busy = |request: &Recorded, number: usize| match (wanted(request), number) {
        (None, _) => cut(&answer_with(200, OFFER, content()), 1_000),
        (Some(_), 1) => Play::Answer(empty(503)),
        (Some(begin), _) => Play::Answer(from(begin, OFFER)),
    };
    let server = play(busy).await;
    assert_eq!(download(&server, quick()).await, Ok(LENGTH));
    assert_eq!(server.recorded().len(), 3);
}

/// Another call found out that a new token is refused too. Then the transfer sends its own once, and none
/// without a token.
#[tokio::test]
async fn a_transfer_whose_token_is_refused_sends_none_without_one() {
    let server = play(|request, _| {
        if request.is_sign_in() {
            return Play::Answer(json(200, r#"{"access_token":"t","expires_in":60}"#));
        }
        if request.target.contains("Trunks") || wanted(request).is_some() {
            return Play::Answer(empty(401));
        }
        cut(&answer_with(200, OFFER, content()), 1_000)
    })
    .await;
    let client = builder(&server).service_principal("id", "secret").build().unwrap();
    let file = client.recordings().download_recording(1).await.unwrap();
    client.trunks().delete(1).await.unwrap_err();
    let error = file.write_to(&mut Vec::new()).await.unwrap_err().to_string();
    assert!(error.contains("before message length reached"), "{error}");
    let calls = server.calls();
    assert_eq!(calls.len(), 4, "the file, twice the trunk, and the rest");
    assert!(calls.iter().all(|call| call.header("authorization") == Some("Bearer t")));
    assert_eq!(server.sign_ins(), 2);
}
