//! Answers with a status of success that are none: each is an error with that status, and never an
//! empty list or an entity with nothing set.

use tests::server::Answer;
use threecx_xapi::Error;
use threecx_xapi::entities::User;

use crate::{always, client};

/// What the caller sees.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seen {
    /// An answer: such a body is one, or may be.
    Fine,
    /// What the PBX says went wrong.
    Told,
    /// An answer that is not what was declared.
    Undeclared,
}
use Seen::{Fine, Told, Undeclared};

struct Row {
    body: &'static str,
    media_type: &'static str,
    status: u16,
    /// A page, an entity, an entity that was made, a value, nothing, a file.
    seen: [Seen; 6],
}

fn row(body: &'static str, media_type: &'static str, status: u16, seen: [Seen; 6]) -> Row {
    Row { body, media_type, status, seen }
}

const JSON: &str = "application/json; odata.metadata=minimal";
const HTML: &str = "text/html; charset=utf-8";
const PAGE: &str = "<!DOCTYPE html><html><body>Sign in</body></html>";

fn rows() -> Vec<Row> {
    let all = |seen| [seen; 6];
    let but_nothing_and_file = |seen| [seen, seen, seen, seen, Fine, Fine];
    vec![
        row(r#"{"error":{"code":"","message":"No canary here"}}"#, JSON, 200, all(Told)),
        row(r#"{"error":{"details":[{"message":"No canary here"}]}}"#, JSON, 201, all(Told)),
        row(r#"{"error":"No canary here"}"#, JSON, 200, all(Told)),
        row(
            r#"{"error":"unauthorized","error_description":"No canary here"}"#,
            "application/json",
            200,
            all(Told),
        ),
        row(
            " \r\n{ \"@odata.context\": \"x\", \"error\": {\"message\": \"No canary here\"} }",
            JSON,
            202,
            all(Told),
        ),
        row(
            r#"{"type":"x","title":"No canary here","status":400}"#,
            "application/problem+json",
            200,
            all(Told),
        ),
        row(PAGE, HTML, 200, all(Undeclared)),
        row(PAGE, HTML, 201, all(Undeclared)),
        row("please sign in", HTML, 200, all(Undeclared)),
        // Under a type that files have, a page is a file.
        row(
            PAGE,
            "text/plain",
            200,
            [Undeclared, Undeclared, Undeclared, Undeclared, Undeclared, Fine],
        ),
        row(
            "<?xml version=\"1.0\"?><a/>",
            "text/xml",
            200,
            [Undeclared, Undeclared, Undeclared, Undeclared, Undeclared, Fine],
        ),
        row("{}", JSON, 200, but_nothing_and_file(Undeclared)),
        row("{}", JSON, 201, but_nothing_and_file(Undeclared)),
        row(r#"{"AddedLater":1}"#, JSON, 200, but_nothing_and_file(Undeclared)),
        row(r#"{"@odata.etag":"x"}"#, JSON, 200, but_nothing_and_file(Undeclared)),
        row("[]", JSON, 200, but_nothing_and_file(Undeclared)),
        row("17", JSON, 200, but_nothing_and_file(Undeclared)),
        row(
            r#"{"Id":"#,
            JSON,
            200,
            [Undeclared, Undeclared, Undeclared, Undeclared, Undeclared, Fine],
        ),
        // What a page must have: a null is no list.
        row(
            r#"{"@odata.context":"x","value":null}"#,
            JSON,
            200,
            [Undeclared, Fine, Fine, Fine, Fine, Fine],
        ),
        row(r#"{"@odata.context":"x"}"#, JSON, 200, [Undeclared, Fine, Fine, Fine, Fine, Fine]),
        row(
            r#"{"@odata.context":"x","@odata.count":0}"#,
            JSON,
            200,
            [Undeclared, Fine, Fine, Fine, Fine, Fine],
        ),
        // A read has a body; a write may do without, though it would answer with an entity.
        row("", JSON, 200, [Undeclared, Undeclared, Fine, Fine, Fine, Fine]),
        row("", JSON, 204, [Undeclared, Undeclared, Fine, Fine, Fine, Undeclared]),
        row("null", JSON, 200, [Undeclared, Undeclared, Fine, Fine, Fine, Fine]),
        // And what is right.
        row(r#"{"value":[]}"#, JSON, 200, [Fine, Undeclared, Undeclared, Undeclared, Fine, Fine]),
        row(r#"{"Id":null}"#, JSON, 201, [Undeclared, Fine, Fine, Undeclared, Fine, Fine]),
        row(
            r#"{"AddedLater":1,"Id":7}"#,
            JSON,
            201,
            [Undeclared, Fine, Fine, Undeclared, Fine, Fine],
        ),
        row("OK", "text/plain", 200, [Undeclared, Undeclared, Undeclared, Undeclared, Fine, Fine]),
    ]
}

fn seen<T: std::fmt::Debug>(row: &Row, outcome: Result<T, Error>) -> Seen {
    let Err(error) = outcome else { return Fine };
    assert_eq!(error.status(), Some(row.status), "{}: {error}", row.body);
    assert!(error.operation().is_some() && !error.is_retryable(), "{error:?}");
    if error.is_decode() {
        return Undeclared;
    }
    assert!(error.to_string().contains("No canary here"), "{error}");
    assert!(error.to_string().contains("under a status of success"), "{error}");
    Told
}

#[tokio::test]
async fn a_success_that_is_none_is_an_error_with_its_status() {
    for row in rows() {
        let answer = Answer::typed(row.status, row.media_type, row.body);
        let server = always(answer.bytes()).await;
        let pbx = client(&server);
        let (page, items) = (pbx.users().list().await, pbx.users().list().all(9).await);
        assert_eq!(page.is_ok(), items.is_ok(), "{}: {items:?}", row.body);
        let file = match pbx.recordings().download_recording(1).await {
            Ok(file) => file.bytes().await,
            Err(error) => Err(error),
        };
        if let Ok(file) = &file {
            assert_eq!(&file[..], row.body.as_bytes());
        }
        let found = [
            seen(&row, page),
            seen(&row, pbx.users().get(1).await),
            seen(&row, pbx.users().create(User::default()).await),
            seen(&row, pbx.users().has_duplicated_email(1).await),
            seen(&row, pbx.users().delete(1).await),
            seen(&row, file),
        ];
        assert_eq!(found, row.seen, "{} ({}, {})", row.body, row.media_type, row.status);
    }
}

#[tokio::test]
async fn a_file_is_known_by_its_name_whatever_is_in_it() {
    let error = r#"{"error":{"message":"in a log"}}"#;
    for (media_type, body) in [(HTML, PAGE), (JSON, error)] {
        let answer = Answer::typed(200, media_type, body)
            .with("Content-Disposition", "attachment; filename=a.txt");
        let server = always(answer.bytes()).await;
        let file = client(&server).recordings().download_recording(1).await.unwrap();
        assert_eq!(&file.bytes().await.unwrap()[..], body.as_bytes());
    }
    // The client has read some of this one to know what it is, and loses nothing of it.
    let body = format!(r#"{{"value":["{}"]}}"#, "x".repeat(200_000));
    let server = always(Answer::typed(200, JSON, body.as_str()).bytes()).await;
    let file = client(&server).recordings().download_recording(1).await.unwrap();
    assert_eq!(file.bytes().await.unwrap(), body.as_bytes());
}

#[tokio::test]
async fn a_secret_in_an_error_under_a_success_is_blotted_out() {
    let body = r#"{"error":{"message":"Bearer canary-1 of canary-1"}}"#;
    let server = always(crate::json(200, body)).await;
    let pbx = crate::builder(&server).token("canary-1").build().unwrap();
    for error in [
        pbx.users().list().await.unwrap_err(),
        pbx.users().delete(1).await.unwrap_err(),
        pbx.recordings().download_recording(1).await.unwrap_err(),
    ] {
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
}
