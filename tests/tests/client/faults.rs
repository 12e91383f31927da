//! What goes wrong, one row each, and what the caller sees.

use std::time::Duration;

use tests::server::{Play, nobody};
use threecx_xapi::entities::User;
use threecx_xapi::{Client, Error, RetryPolicy};

use crate::observability::Recorder;
use crate::{always, answer_with, assert_punctuated, builder, client, empty, json, play};

async fn refused(answer: Vec<u8>) -> Error {
    let server = always(answer).await;
    let error = client(&server).users().create(User::default()).await.unwrap_err();
    assert_eq!(server.recorded().len(), 1, "a POST is sent once: {error}");
    assert_punctuated(&error);
    error
}

#[tokio::test]
async fn an_odata_error_is_read_into_its_parts() {
    let error = refused(json(
        400,
        r#"{"error":{"code":"","message":"EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE","details":[{"code":"","message":"WARNINGS.XAPI.ALREADY_IN_USE","target":"EmailAddress"},{"code":"c","message":"WARNINGS.XAPI.REQUIRED","target":"Number"}]}}"#,
    ))
    .await;
    assert!(error.is_validation() && !error.is_retryable() && !error.is_unauthorized());
    assert_eq!(
        (error.status(), error.operation(), error.code()),
        (Some(400), Some("CreateUser"), None)
    );
    assert_eq!(error.message(), Some("EmailAddress:\nWARNINGS.XAPI.ALREADY_IN_USE"));
    assert_eq!(error.details()[0].target, "EmailAddress");
    assert_eq!(error.details()[1].code, "c");
    assert_eq!(error.warnings(), ["WARNINGS.XAPI.ALREADY_IN_USE", "WARNINGS.XAPI.REQUIRED"]);
    assert_eq!(
        error.to_string(),
        "CreateUser (POST /Users): 400 Bad Request: EmailAddress: WARNINGS.XAPI.ALREADY_IN_USE; Number: WARNINGS.XAPI.REQUIRED"
    );
}

#[tokio::test]
async fn errors_have_a_kind_and_advice_for_every_status() {
    type Kind = fn(&Error) -> bool;
    let top = r#"{"error":{"code":"","message":"The query specified in the URI is not valid. The limit of '100' for Top query has been exceeded. The value from the incoming request is '500'."}}"#;
    let name = r#"{"error":{"code":"","message":"The query specified in the URI is not valid. Could not find a property named 'Nope' on type 'Pbx.User'."}}"#;
    let problem = r#"{"title":"One or more validation errors occurred.","status":400,"errors":{"delta":["The delta field is required."]}}"#;
    let page = "<html><head><style>p{}</style><title>502</title></head><body><h1>Bad\n Gateway</h1><script>x('<p>')</script>nginx</body></html>";
    let rows: [(Vec<u8>, Kind, bool, &str); 18] = [
        (json(400, top), Error::is_validation, false, "at most 100 items"),
        (json(400, name), Error::is_validation, false, "release does not know that name"),
        (json(400, problem), Error::is_validation, false, "delta: The delta field is required."),
        (empty(401), Error::is_unauthorized, false, "does not accept the token"),
        (empty(403), Error::is_forbidden, false, "role"),
        (empty(404), Error::is_not_found, false, "release does not have"),
        (empty(409), Error::is_conflict, false, "409 Conflict"),
        (empty(412), Error::is_conflict, false, "read it again"),
        (
            answer_with(429, "Retry-After: 7\r\n", ""),
            Error::is_rate_limited,
            true,
            "retry after 7 s",
        ),
        (empty(500), Error::is_server_error, false, "500 Internal Server Error"),
        (
            answer_with(502, "Content-Type: text/html\r\n", page),
            Error::is_server_error,
            true,
            "502 Bad Gateway: 502 Bad Gateway nginx. A gateway",
        ),
        (
            answer_with(503, "Retry-After: 1\r\n", "busy"),
            Error::is_server_error,
            true,
            "busy (retry after 1 s)",
        ),
        (empty(504), Error::is_server_error, true, "gateway"),
        (
            answer_with(302, "Location: https://other.example/x?secret=1\r\n", ""),
            Error::is_redirect,
            false,
            "redirects to https://other.example.",
        ),
        (
            json(400, r#"{"error":{"message":17,"details":[7,null,{}]}}"#),
            Error::is_validation,
            false,
            "400 Bad Request",
        ),
        (json(400, "[1"), Error::is_validation, false, "400 Bad Request: [1"),
        (json(400, "\"text\""), Error::is_validation, false, "400 Bad Request"),
        (
            answer_with(400, "", [0xff, 0xfe, b'<', b'a']),
            Error::is_validation,
            false,
            "400 Bad Request",
        ),
    ];
    for (answer, kind, retryable, part) in rows {
        let error = refused(answer).await;
        assert!(kind(&error), "{error:?}");
        assert_eq!(error.is_retryable(), retryable, "{error}");
        assert!(error.to_string().contains(part), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}

#[tokio::test]
async fn retry_after_is_read_as_seconds_or_as_a_date() {
    for (headers, expected) in [
        ("Retry-After: 120\r\n", Some(120)),
        ("Retry-After: +120\r\n", None),
        (
            "Date: Sun, 06 Nov 1994 08:49:07 GMT\r\nRetry-After: Sun, +6 Nov 1994 08:49:37 GMT\r\n",
            None,
        ),
        (
            "Date: Sun, 06 Nov 1994 08:49:07 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
            Some(30),
        ),
        (
            "Date: Sat, 31 Dec 2033 23:59:59 GMT\r\nRetry-After: Sun, 01 Jan 2034 00:00:04 GMT\r\n",
            Some(5),
        ),
        ("Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", Some(0)),
        ("Retry-After: soon\r\n", None),
        ("Retry-After: Sun, 06 Nov 1994 08:49:37 CET\r\n", None),
        ("", None),
    ] {
        let error = refused(answer_with(503, headers, "")).await;
        assert_eq!(error.retry_after(), expected.map(Duration::from_secs), "{headers}");
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_located_without_its_values() {
    for (body, path) in [
        // A value inside of an entity costs itself alone; what is no entity costs the answer.
        (r#"{"value":[{"Id":"canary"},{"Groups":[{"Id":"canary"}]},"canary"]}"#, "$.value[2]"),
        (r#"{"value":[{"AuthPassword":"canary"},["canary"]]}"#, "$.value[1]"),
        (r#"{"value":"canary"}"#, "$.value"),
        (r#"{"value":[{"Id":1},{"Number":"canary"#, "$.value[1].Number"),
        (r#"["canary"]"#, "$"),
    ] {
        let server = always(json(200, body)).await;
        let error = client(&server).users().list().await.unwrap_err();
        assert!(error.is_decode() && !error.is_retryable(), "{error}");
        assert_eq!(
            (error.json_path(), error.operation()),
            (Some(path), Some("ListUser")),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let server =
        always(answer_with(200, "Content-Type: text/html\r\n", "<html>login</html>")).await;
    let error = client(&server).users().list().await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("web page"), "{error}");
}

#[tokio::test]
async fn a_broken_connection_has_its_own_kind() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"value\":[".to_vec();
    for bytes in [Vec::new(), b"HTTP/1.1 200 OK\r\n".to_vec(), cut.clone()] {
        let server = play(move |_, _| Play::Cut(bytes.clone())).await;
        let error = client(&server).users().create(User::default()).await.unwrap_err();
        assert!(error.is_interrupted() && error.is_retryable() && !error.is_connect(), "{error:?}");
        assert_eq!(server.recorded().len(), 1, "a POST is sent once");
    }
    let server = play(move |_, _| Play::Cut(cut.clone())).await;
    let error = client(&server)
        .recordings()
        .download_recording(1)
        .await
        .unwrap()
        .bytes()
        .await
        .unwrap_err();
    assert!(error.is_interrupted() && error.operation() == Some("DownloadRecording"), "{error}");
}

#[tokio::test]
async fn a_silent_server_is_a_timeout() {
    let limit = Duration::from_millis(50);
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".to_vec();
    for bytes in [Vec::new(), head.clone()] {
        let server = play(move |_, _| Play::Stall(bytes.clone())).await;
        let client = builder(&server).timeout(limit).build().unwrap();
        let error = client.users().get(1).await.unwrap_err();
        assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
        assert!(error.to_string().contains(&server.address().to_string()), "{error}");
    }
    let server = play(move |_, _| Play::Stall(head.clone())).await;
    let mut file = client(&server).recordings().download_recording(1).timeout(limit).await.unwrap();
    assert_eq!(&file.chunk().await.unwrap().unwrap()[..], b"{");
    assert!(file.chunk().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_host_that_is_not_there_is_named() {
    let (address, _held) = nobody().unwrap();
    let client = Client::builder(format!("http://{address}")).build().unwrap();
    let error = client.users().get(1).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable() && !error.is_tls(), "{error:?}");
    assert!(error.to_string().contains(&format!("cannot reach http://{address}: ")), "{error}");
    let refused = std::error::Error::source(&error).is_some();
    assert!(refused, "the cause is kept");
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let chunked = |_: &_, _| {
        Play::Answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n6\r\n678901\r\n0\r\n\r\n".to_vec())
    };
    let server = play(chunked).await;
    let with = |limit| builder(&server).response_limit(limit).build().unwrap();
    for error in [
        with(10).users().get(1).await.unwrap_err(),
        with(10).recordings().download_recording(1).await.unwrap().bytes().await.unwrap_err(),
    ] {
        assert!(error.is_too_large() && !error.is_retryable(), "{error}");
    }
    assert_eq!(
        &with(11).recordings().download_recording(1).await.unwrap().bytes().await.unwrap()[..],
        b"12345678901"
    );
    let server = always(json(200, "{}         ")).await;
    let client = builder(&server).response_limit(10).build().unwrap();
    assert!(client.users().get(1).await.unwrap_err().is_too_large());
}

#[tokio::test]
async fn an_echoed_token_is_blotted_out() {
    let body = r#"{"error":{"code":"canary","message":"x canary","details":[{"message":"canary","target":"canary"}]}}"#;
    for answer in [json(400, body), answer_with(500, "", "Bearer canary"), json(401, body)] {
        let server = always(answer).await;
        let client = builder(&server).token("canary").build().unwrap();
        let error = client.users().get(1).await.unwrap_err();
        assert!(
            !format!("{error} {error:?} {:?} {:?}", error.details(), error.excerpt())
                .contains("canary"),
            "{error}"
        );
    }
}

#[test]
fn the_error_is_small_and_can_go_anywhere() {
    fn bounds<T: std::error::Error + Send + Sync + Clone + 'static>() {}
    bounds::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[tokio::test]
async fn hidden_characters_of_the_pbx_reach_no_display_and_no_span() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let hidden = [
        '\u{0}',
        '\u{7}',
        '\u{8}',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{feff}',
        '\u{e0041}',
        '\n',
        '\r',
        '\t',
    ];
    let evil: String = hidden.iter().map(|it| format!("a{it}b")).collect();
    let json = |value: serde_json::Value| value.to_string();
    let detail = serde_json::json!({ "code": evil, "message": evil, "target": evil });
    let odata = json(serde_json::json!({ "error": {
        "code": evil, "message": evil, "target": evil, "details": [detail, { "message": evil }],
    } }));
    let problem = json(serde_json::json!({ "title": evil, "errors": { evil.clone(): [evil] } }));
    let oauth = json(serde_json::json!({ "error": evil, "error_description": evil }));
    // The key is in the path of a decoding error.
    let misfit = json(serde_json::json!({ "value": [{ evil.clone(): 1, "Id": "x" }, 1] }));
    let answers = [
        answer_with(400, "", &odata),
        answer_with(400, "", &problem),
        answer_with(401, "", &oauth),
        answer_with(502, "", format!("<p>{evil}</p>")),
        answer_with(200, "Content-Type: application/json\r\n", &odata),
        answer_with(200, "Content-Type: application/json\r\n", &misfit),
    ];
    for (nth, answer) in answers.into_iter().enumerate() {
        let server = always(answer).await;
        let builder = || builder(&server).retry(RetryPolicy::none());
        for client in [builder().token("token"), builder().service_principal("id", "secret")] {
            let error = client.build().unwrap().users().list().await.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(hidden), "{nth}: {shown:?}");
            assert!(shown.contains("List"), "{nth}: {shown:?}");
        }
    }
    for traced in recorder.all() {
        assert!(!traced.fields.contains(hidden), "{traced:?}");
    }
}

#[tokio::test]
async fn a_message_of_several_lines_reads_as_one_and_stays_as_it_came() {
    for (message, shown) in [
        ("EmailAddress:\nWARNINGS.XAPI.REQUIRED", "EmailAddress: WARNINGS.XAPI.REQUIRED"),
        ("not valid.\r\n\r\ndelta:\r\n  needed", "not valid; delta: needed"),
        ("one\u{2028}two\u{85}three\tfour", "one; two; three four"),
        ("\u{1b}[2Jcleared", "\\u{1b}[2Jcleared"),
        ("\u{202e}gnp.exe", "\\u{202e}gnp.exe"),
    ] {
        let body = serde_json::json!({ "error": { "message": message } }).to_string();
        let error = refused(json(400, body)).await;
        let start = "CreateUser (POST /Users): 400 Bad Request: ";
        assert_eq!(error.to_string(), format!("{start}{shown}"));
        assert_eq!(error.message(), Some(message));
    }
}

#[tokio::test]
async fn a_long_error_is_shown_shortened() {
    let long = "x y\n".repeat(600);
    let details: Vec<_> =
        (0..10).map(|nth| serde_json::json!({ "message": format!("{nth} {long}") })).collect();
    let body =
        serde_json::json!({ "error": { "message": long, "code": long, "details": details } });
    let error = refused(json(400, body.to_string())).await;
    assert!(error.to_string().chars().count() < 2_200, "{}", error.to_string().len());
    assert!(error.to_string().contains('…'));
    assert_eq!(error.details().len(), 10);
}
