//! Every fault that a network, a gateway or a PBX makes: its kind, how often the request arrived
//! when it may be repeated, and that a POST is carried out at most once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::server::{Play, nobody};
use threecx_xapi::entities::User;
use threecx_xapi::{Client, Error, RetryPolicy};

use crate::tls;
use crate::{AGENT, answer_with, builder, empty, json, play};

type Kind = fn(&Error) -> bool;

/// The bytes of the requests.
const SIGN_IN: usize = AGENT + 227;
const GET: usize = AGENT + 122;
const POST: usize = AGENT + 173;

/// What the server does with the first call and with those after it.
struct Row {
    name: &'static str,
    plays: Arc<dyn Fn(usize) -> Play + Send + Sync>,
    /// None: the GET, or the POST, succeeds.
    get: Option<Kind>,
    post: Option<Kind>,
    /// How often GET and POST arrive.
    arrivals: (usize, usize),
}

fn row(
    name: &'static str,
    kind: Kind,
    arrivals: (usize, usize),
    play: impl Fn(usize) -> Play + Send + Sync + 'static,
) -> Row {
    Row { name, plays: Arc::new(play), get: Some(kind), post: Some(kind), arrivals }
}

fn each_time(answer: Vec<u8>) -> impl Fn(usize) -> Play {
    move |_| Play::Answer(answer.clone())
}

fn good() -> Play {
    Play::Answer(json(200, r#"{"Id":1}"#))
}

const HALF: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":";
const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"Id\"\r\n";
const PAST: &str =
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:30 GMT\r\n";
const IN_AN_HOUR: &str =
    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 09:49:37 GMT\r\n";

fn rows() -> Vec<Row> {
    let then_good = |first: Vec<u8>| {
        move |number| if number == 0 { Play::Answer(first.clone()) } else { good() }
    };
    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let mut rows = vec![
        row("401 twice", Error::is_unauthorized, (2, 2), each_time(empty(401))),
        row("403 empty", Error::is_forbidden, (1, 1), each_time(empty(403))),
        row("404", Error::is_not_found, (1, 1), each_time(empty(404))),
        row("409", Error::is_conflict, (1, 1), each_time(empty(409))),
        row("412", Error::is_conflict, (1, 1), each_time(empty(412))),
        row(
            "429",
            Error::is_rate_limited,
            (3, 1),
            each_time(answer_with(429, "Retry-After: 0\r\n", "")),
        ),
        row(
            "429, for longer than the call may take",
            Error::is_rate_limited,
            (1, 1),
            each_time(answer_with(429, "Retry-After: 30\r\n", "")),
        ),
        row(
            "503 until a date",
            Error::is_server_error,
            (3, 1),
            each_time(answer_with(503, PAST, "")),
        ),
        row(
            "503 until a date that is too late",
            Error::is_server_error,
            (1, 1),
            each_time(answer_with(503, IN_AN_HOUR, "")),
        ),
        row("500 empty", Error::is_server_error, (1, 1), each_time(empty(500))),
        row(
            "502 HTML",
            Error::is_server_error,
            (3, 1),
            each_time(answer_with(502, "Content-Type: text/html\r\n", page)),
        ),
        row("close before the answer", Error::is_interrupted, (3, 1), |_| Play::Cut(Vec::new())),
        row("reset before the answer", Error::is_interrupted, (3, 1), |_| Play::Reset(Vec::new())),
        row("reset midway", Error::is_interrupted, (3, 1), |_| Play::Reset(HALF.to_vec())),
        row("early EOF", Error::is_interrupted, (3, 1), |_| Play::Cut(HALF.to_vec())),
        row("early EOF, chunked", Error::is_interrupted, (3, 1), |_| Play::Cut(CHUNKED.to_vec())),
        row("no answer", Error::is_timeout, (3, 1), |_| Play::Stall(Vec::new())),
        row("stalled body", Error::is_timeout, (3, 1), |_| Play::Stall(HALF.to_vec())),
        row("truncated JSON", Error::is_decode, (1, 1), each_time(json(200, r#"{"Id":"#))),
        row(
            "wrong content type",
            Error::is_decode,
            (1, 1),
            each_time(answer_with(200, "Content-Type: text/html\r\n", "<html>sign in</html>")),
        ),
        row("over the limit", Error::is_too_large, (1, 1), each_time(json(200, [b' '; 2000]))),
        row("not HTTP", Error::is_interrupted, (3, 1), |_| Play::Cut(b"SSH-2.0-x\r\n".to_vec())),
    ];
    for (name, get, post, arrivals, first) in [
        ("401 then good", None, None, (2, 2), empty(401)),
        (
            "503 then good",
            None,
            Some(Error::is_server_error as Kind),
            (2, 1),
            answer_with(503, "Retry-After: 0\r\n", ""),
        ),
    ] {
        rows.push(Row { name, plays: Arc::new(then_good(first)), get, post, arrivals });
    }
    rows
}

fn patient(builder: threecx_xapi::ClientBuilder, stalls: bool) -> Client {
    let limit = Duration::from_millis(if stalls { 150 } else { 15_000 });
    builder
        .service_principal("id", "secret")
        .timeout(Duration::from_secs(20))
        .attempt_timeout(limit)
        .response_limit(1000)
        .build()
        .unwrap()
}

fn check(name: &str, kind: Option<Kind>, outcome: Result<User, Error>) {
    match (kind, outcome) {
        (None, Ok(user)) => assert_eq!(user.id, Some(1), "{name}"),
        (Some(kind), Err(error)) => {
            assert!(
                kind(&error) && !error.is_connect() && !error.is_sign_in(),
                "{name}: {error:?}"
            );
        }
        (_, outcome) => panic!("{name}: {outcome:?}"),
    }
}

#[tokio::test]
async fn faults_have_their_kind_and_never_repeat_a_post() {
    for row in rows() {
        for post in [false, true] {
            let (plays, number) = (Arc::clone(&row.plays), AtomicUsize::new(0));
            let server = play(move |request, _| match request.is_sign_in() {
                true => Play::Answer(json(200, r#"{"access_token":"t","expires_in":60}"#)),
                false => plays(number.fetch_add(1, Ordering::SeqCst)),
            })
            .await;
            let stalls = matches!((row.plays)(0), Play::Stall(_));
            let client = patient(builder(&server), stalls);
            let (outcome, kind, arrivals) = if post {
                let call = client.users().create(User::default());
                (call.await, row.post, row.arrivals.1)
            } else {
                (client.users().get(1).await, row.get, row.arrivals.0)
            };
            if let Err(error) = &outcome
                && !error.is_decode()
            {
                assert_eq!(error.attempts() as usize, arrivals, "{}: {error}", row.name);
            }
            check(row.name, kind, outcome);
            assert_eq!(server.calls().len(), arrivals, "{} (POST: {post})", row.name);
            // A call signs in once more if its token is refused.
            let sign_ins = if row.name.starts_with("401") { 2 } else { 1 };
            assert_eq!(server.sign_ins(), sign_ins, "{} (POST: {post})", row.name);
            let bytes = sign_ins * SIGN_IN + arrivals * if post { POST } else { GET };
            assert_eq!(server.bytes(), bytes, "{} (POST: {post})", row.name);
        }
    }
}

#[tokio::test]
async fn a_redirect_takes_the_token_nowhere() {
    let other = crate::always(empty(204)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: http://{}/xapi/v1/Users(1)\r\n", other.address());
        let server = crate::always(answer_with(status, &location, "")).await;
        let client = builder(&server).token("t").build().unwrap();
        for error in [
            client.users().get(1).await.unwrap_err(),
            client.users().create(User::default()).await.unwrap_err(),
        ] {
            assert!(error.is_redirect() && !error.is_retryable(), "{error:?}");
        }
        assert_eq!(server.recorded().len(), 2);
    }
    assert!(other.recorded().is_empty());
}

#[tokio::test]
async fn without_a_connection_every_request_is_repeated() {
    let (address, _held) = nobody().unwrap();
    let url = format!("http://{address}");
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    let client = Client::builder(&url).token("t").retry(policy).build().unwrap();
    for error in [
        client.users().get(1).await.unwrap_err(),
        client.users().create(User::default()).await.unwrap_err(),
        client.users().update(1, User::default()).await.unwrap_err(),
    ] {
        assert!(error.is_connect() && !error.is_tls() && error.is_retryable(), "{error:?}");
        assert_eq!(error.attempts(), 3);
        assert!(error.to_string().contains(&format!("cannot reach {url}: ")), "{error}");
        assert!(error.to_string().contains("(after 3 attempts)"), "{error}");
    }
    let client = Client::builder(&url).service_principal("id", "s").retry(policy).build().unwrap();
    let error = client.users().create(User::default()).await.unwrap_err();
    assert!(error.is_sign_in() && error.is_connect() && error.attempts() == 0, "{error:?}");
}

#[tokio::test]
async fn an_unknown_root_ends_the_call_before_the_request() {
    let (url, arrived) = tls::serve();
    let client = Client::builder(&url).token("t").build().unwrap();
    for error in [
        client.users().get(1).await.unwrap_err(),
        client.users().create(User::default()).await.unwrap_err(),
    ] {
        assert!(error.is_tls() && error.is_connect() && !error.is_retryable(), "{error:?}");
        assert_eq!(error.attempts(), 1);
    }
    assert_eq!(arrived.load(Ordering::SeqCst), 0);
}
