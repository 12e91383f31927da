//! A client over a function: what users test their own code with.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use threecx_xapi::entities::User;
use threecx_xapi::error::Fault;
use threecx_xapi::operation::Operation;
use threecx_xapi::resources::users::ListUser;
use threecx_xapi::{Client, Error, Page, PreparedRequest, Reply, RetryPolicy};

const BASE: &str = "https://pbx.example.com:5001";

fn client(
    function: impl Fn(&PreparedRequest) -> Result<Reply, Error> + Send + Sync + 'static,
) -> Client {
    let policy = RetryPolicy::default().base_delay(Duration::from_millis(1));
    // Credentials have no effect: a function signs nobody in.
    let builder = Client::builder(BASE).service_principal("id", "secret").retry(policy);
    builder.answered_by(function).build().unwrap()
}

#[tokio::test]
async fn the_function_gets_the_request_and_its_reply_is_decoded() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    let pbx = client(move |request| {
        let body = request.body().map(|body| String::from_utf8_lossy(body).into_owned());
        noted.lock().unwrap().push((request.to_string(), body));
        let reply = Reply::new(request.info(), 200).with_header("X-3CX-Version", "20.0.9.995")?;
        match request.info().id {
            "ListUser" if request.target().contains("$skip") => {
                reply.with_json(&Page::<User>::default())
            }
            "ListUser" => reply.with_json(&Page::from(vec![User::default().number("101")])),
            "CreateUser" => reply.with_body(r#"{"Id":7,"Number":"101"}"#).with_header("etag", "1"),
            _ => Ok(Reply::new(request.info(), 204)),
        }
    });
    let page = pbx.users().list().select(User::NUMBER).top(5).await.unwrap();
    assert_eq!(page.value[0].number.as_deref(), Some("101"));
    assert!(page.asked_for(User::NUMBER) && !page.asked_for(User::ID));
    assert_eq!(pbx.release(), "20.0.9.995".parse().ok());
    let made = pbx.users().create(User::default().number("101")).send().await.unwrap();
    assert_eq!((made.value.id, made.status(), made.header("etag")), (Some(7), 200, Some("1")));
    pbx.users().delete(7).await.unwrap();
    let numbers: Vec<_> = pbx.users().list().all(9).await.unwrap();
    assert_eq!(numbers.len(), 1);

    let seen = seen.lock().unwrap();
    let lines: Vec<&str> = seen.iter().filter_map(|(text, _)| text.lines().next()).collect();
    assert_eq!(lines[0], "GET /xapi/v1/Users?$select=Number&$top=5");
    assert_eq!(lines[1..3], ["POST /xapi/v1/Users", "DELETE /xapi/v1/Users(7)"]);
    assert_eq!(seen[1].1.as_deref(), Some(r#"{"Number":"101"}"#));
}

#[tokio::test]
async fn a_status_that_is_no_success_becomes_an_error() {
    let odata = r#"{"error":{"code":"","message":"Number:\nWARNINGS.XAPI.ALREADY_IN_USE","details":[{"code":"","message":"WARNINGS.XAPI.ALREADY_IN_USE","target":"Number"}]}}"#;
    let rows = [(400, odata, true), (403, "", false), (404, r#"{"error":"Not here"}"#, false)];
    for (status, body, has_details) in rows {
        let pbx = client(move |request| Ok(Reply::new(request.info(), status).with_body(body)));
        let error = pbx.users().list().await.unwrap_err();
        assert_eq!((error.status(), error.operation()), (Some(status), Some("ListUser")));
        assert_eq!(!error.details().is_empty(), has_details, "{error}");
        let file = pbx.recordings().download_recording(1).await.unwrap_err();
        assert_eq!(file.status(), Some(status));
    }
}

#[tokio::test]
async fn a_fault_has_its_kind_and_is_repeated_as_on_the_network() {
    type Is = fn(&Error) -> bool;
    let rows: [(Fault, Is, u32); 4] = [
        (Fault::Connect, Error::is_connect, 3),
        (Fault::Tls, Error::is_tls, 1),
        (Fault::Timeout, Error::is_timeout, 3),
        (Fault::Interrupted, Error::is_interrupted, 3),
    ];
    for (fault, is, attempts) in rows {
        let calls = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&calls);
        let pbx = client(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Err(fault.into())
        });
        let error = pbx.users().list().await.unwrap_err();
        assert!(is(&error), "{fault:?}: {error}");
        assert_eq!((error.attempts(), calls.load(Ordering::Relaxed)), (attempts, attempts));
    }
}

#[tokio::test]
async fn a_download_of_a_function_is_its_body() {
    let pbx = client(|request| {
        let disposition = "attachment; filename=call.wav";
        let reply = Reply::new(request.info(), 200).with_body("RIFF");
        reply.with_header("content-disposition", disposition)
    });
    let file = pbx.recordings().download_recording(981).await.unwrap();
    assert_eq!(file.file_name().as_deref(), Some("call.wav"));
    assert_eq!(&file.bytes().await.unwrap()[..], b"RIFF");
}

#[test]
fn a_header_that_http_does_not_allow_is_refused() {
    for (name, value) in [("a b", "x"), ("x", "a\nb")] {
        let reply = Reply::new(ListUser::INFO, 200);
        assert!(reply.with_header(name, value).unwrap_err().is_usage(), "{name}");
    }
}
