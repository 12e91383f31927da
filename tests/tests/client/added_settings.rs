//! What callers add to the client's own settings: headers, and an HTTP client's builder.

use tests::server::{Play, Recorded};
use threecx_xapi::entities::User;
use threecx_xapi::{Client, reqwest};

use crate::{always, answer_with, builder, empty, json, only, play};

#[tokio::test]
async fn added_headers_go_with_every_request() {
    let server = play(|request: &Recorded, _| {
        Play::Answer(match request.is_sign_in() {
            true => json(200, r#"{"access_token":"t"}"#),
            false => json(200, r#"{"Id":1}"#),
        })
    })
    .await;
    let client = builder(&server)
        .service_principal("id", "secret")
        .default_header("X-Gateway-Key", "canary")
        .default_header("X-Trace", "one")
        .default_header("x-trace", "two")
        .build()
        .unwrap();
    client.users().get(1).await.unwrap();
    let request = client.users().get(1).header("X-Trace", "three").header("X-Own", "o");
    let prepared = request.prepare().unwrap();
    assert_eq!(prepared.headers()[1..], [("x-trace", "three"), ("x-own", "o")]);
    assert!(prepared.to_string().ends_with("x-trace: [not shown]\nx-own: [not shown]"));
    request.await.unwrap();
    let sent = server.recorded();
    let values = |name: &str| sent.iter().map(|it| it.header(name)).collect::<Vec<_>>();
    assert_eq!(values("x-gateway-key"), [Some("canary"); 3]);
    assert_eq!(values("x-trace"), [Some("two"), Some("two"), Some("three")]);
    assert_eq!(values("x-own"), [None, None, Some("o")]);
    assert_eq!(values("authorization"), [None, Some("Bearer t"), Some("Bearer t")]);
}

#[tokio::test]
async fn the_value_of_an_added_header_is_a_secret() {
    let echo = r#"{"error":{"code":"","message":"no canary-one or canary-two &#99;anary-one"}}"#;
    for refuses_sign_in in [true, false] {
        let server = play(move |request: &Recorded, _| {
            Play::Answer(match request.is_sign_in() && !refuses_sign_in {
                true => json(200, r#"{"access_token":"t"}"#),
                false => json(400, echo),
            })
        })
        .await;
        let client = builder(&server)
            .service_principal("id", "secret")
            .default_header("X-Gateway-Key", "canary-one");
        assert!(!format!("{client:?}").contains("canary"));
        let request = client.build().unwrap().users().get(1).header("X-Own", "canary-two");
        let error = request.await.unwrap_err();
        assert!(error.status() == Some(400) && error.is_sign_in() == refuses_sign_in);
        let hidden = if refuses_sign_in { "canary-one" } else { "canary" };
        assert!(!format!("{error}{error:?}").contains(hidden), "{error}");
    }
}

#[tokio::test]
async fn a_header_of_the_clients_own_is_refused_unsent() {
    let server = always(json(200, r#"{"Id":1}"#)).await;
    for name in ["Authorization", "host", "Content-Length", "Range", "a b"] {
        let error = builder(&server).default_header(name, "canary").build().unwrap_err();
        assert!(error.is_usage(), "{error}");
        let client = builder(&server).token("t").build().unwrap();
        let error = client.users().get(1).header(name, "canary").await.unwrap_err();
        assert!(error.is_usage() && error.operation() == Some("GetUser"), "{error}");
        assert!(!format!("{error}{error:?}").contains("canary"));
    }
    assert!(server.recorded().is_empty());
}

#[tokio::test]
async fn an_http_client_of_the_callers_follows_no_redirect_either() {
    let elsewhere = always(json(200, r#"{"Id":1}"#)).await;
    let location = format!("Location: {}/xapi/v1/Users(1)\r\n", elsewhere.url());
    let server = always(answer_with(307, &location, "")).await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::limited(5))
        .user_agent("the caller's")
        .pool_max_idle_per_host(1);
    let client = Client::builder(server.url()).token("t").http(http).build().unwrap();
    assert!(client.users().get(1).await.unwrap_err().is_redirect());
    assert!(elsewhere.recorded().is_empty());
    let sent = only(&server);
    assert!(sent.header("user-agent").unwrap().starts_with("threecx-xapi/"));
}

/// A repeated POST may do twice what was wanted once. Only the client's own policy knows which may be sent again.
#[tokio::test]
async fn an_http_client_of_the_callers_repeats_nothing() {
    let always_again = reqwest::retry::for_host("127.0.0.1")
        .no_budget()
        .classify_fn(|request| request.retryable());
    let server = always(empty(503)).await;
    let http = reqwest::Client::builder().retry(always_again);
    let client = Client::builder(server.url()).token("t").http(http).build().unwrap();
    let error = client.users().create(User::default()).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1));
    only(&server);
}

#[tokio::test]
async fn a_compressed_answer_is_read_or_said_to_be_one() {
    for (coding, part) in [
        ("gzip", "feature `compression`"),
        ("DEFLATE", "feature `compression`"),
        ("br", "in a way that this crate does not read"),
    ] {
        let server =
            always(answer_with(200, &format!("Content-Encoding: {coding}\r\n"), "\x1f\u{8b}"))
                .await;
        let client = crate::client(&server);
        let error = client.users().get(1).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        let error = client.recordings().download_recording(1).await.unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(error.status(), Some(200));
    }
    let plain = answer_with(200, "Content-Encoding: identity\r\n", r#"{"Id":1}"#);
    let server = always(plain).await;
    assert_eq!(crate::client(&server).users().get(1).await.unwrap().id, Some(1));
    let server = always(empty(204)).await;
    crate::client(&server).users().delete(1).await.unwrap();
}
