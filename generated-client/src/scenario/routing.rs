//! Operations that have changed over the releases: what is sent to which PBX, and what comes back.

use super::miniature::User;
use super::server::{Play, Server, empty, json};
use super::{builder, client};
use crate::operation::{Form, Method, Operation, OperationInfo, OperationKind, RequestParts};
use crate::{Client, Release, Releases, Request, Retyped, Value};

const fn release(update: u16) -> Release {
    Release::new(20, 0, update)
}

const fn get(route: &'static str, releases: Releases) -> Form {
    Form { method: Method::Get, route, releases, former_answer: false }
}

/// As `get`, with the answer of older releases.
const fn former(route: &'static str, releases: Releases) -> Form {
    Form { former_answer: true, ..get(route, releases) }
}

/// An alternate key since 20.0.8, a function before.
struct GetUserByNumber {
    number: String,
}

impl Operation for GetUserByNumber {
    type Output = User;
    const INFO: OperationInfo = OperationInfo {
        forms: &[
            get("/Users(Number={Number})", Releases::ALL.since(release(8))),
            get("/Users/Pbx.GetByNumber(number={number})", Releases::ALL.until(release(7))),
        ],
        ..OperationInfo::new(
            "GetUserByNumber",
            "Users",
            OperationKind::Get,
            Method::Get,
            "/Users(Number={Number})",
        )
    };

    fn write(&self, request: &mut RequestParts) {
        match request.form() {
            0 => request.path("/Users(Number="),
            _ => request.path("/Users/Pbx.GetByNumber(number="),
        }
        request.literal(&self.number);
        request.path(")");
    }
}

/// Two documents of 20.0.6 differ, in a parameter and in the answer.
struct GetReport;

impl Operation for GetReport {
    type Output = Retyped<User, Value<bool>>;
    const INFO: OperationInfo = OperationInfo {
        releases: Releases::ALL.since(release(5)).until(release(8)),
        forms: &[
            get("/Report(cdrId={cdrId})", Releases::ALL.since(release(6)).until(release(8))),
            former("/Report(call_id={call_id})", Releases::ALL.since(release(5)).until(release(6))),
        ],
        ..OperationInfo::new(
            "GetReport",
            "Report",
            OperationKind::Function,
            Method::Get,
            "/Report(cdrId={cdrId})",
        )
    };

    fn write(&self, request: &mut RequestParts) {
        if request.form() == 0 {
            request.path("/Report(cdrId=");
            request.given_literal("cdrId", "cdr_id");
        } else {
            request.path("/Report(call_id=");
            request.given_literal("call_id", "call_id");
        }
        request.path(")");
    }
}

/// Answers something else since 20.0.6.
struct IsEnabled;

impl Operation for IsEnabled {
    type Output = Retyped<User, Value<bool>>;
    const INFO: OperationInfo = OperationInfo {
        forms: &[
            get("/IsEnabled()", Releases::ALL.since(release(6))),
            former("/IsEnabled()", Releases::ALL.until(release(5))),
        ],
        ..OperationInfo::new("IsEnabled", "X", OperationKind::Function, Method::Get, "/IsEnabled()")
    };

    fn write(&self, request: &mut RequestParts) {
        request.path("/IsEnabled()");
    }
}

/// Moved between two documents of 20.0.6.
struct GetMoved;

impl Operation for GetMoved {
    type Output = User;
    const INFO: OperationInfo = OperationInfo {
        forms: &[
            get("/New", Releases::ALL.since(release(6))),
            get("/Old", Releases::ALL.until(release(6))),
        ],
        ..OperationInfo::new("GetMoved", "New", OperationKind::Get, Method::Get, "/New")
    };

    fn write(&self, request: &mut RequestParts) {
        request.path(if request.form() == 0 { "/New" } else { "/Old" });
    }
}

impl Request<GetReport> {
    fn cdr_id(self, value: &str) -> Self {
        self.set_literal("cdrId", value)
    }

    fn call_id(self, value: i32) -> Self {
        self.set_literal("call_id", &value)
    }
}

fn by_number(pbx: &Client) -> Request<GetUserByNumber> {
    pbx.request(GetUserByNumber { number: "101".to_owned() })
}

/// A PBX that names its release in every answer to a call below /xapi/v1, and answers `status` where
/// the target has `part`.
async fn pbx(version: &'static str, part: &'static str, status: u16, body: &'static str) -> Server {
    Server::start(move |request, _| {
        let answer = if request.line.contains(part) { json(status, body) } else { json(200, body) };
        let text = String::from_utf8(answer).unwrap();
        let named = text.replacen("\r\n", &format!("\r\nX-3CX-Version: {version}\r\n"), 1);
        Play::Answer(named.into_bytes())
    })
    .await
}

fn lines(server: &Server) -> Vec<String> {
    let lines = server.received().into_iter().map(|request| request.line);
    lines.map(|line| line.replace(" HTTP/1.1", "").replace("GET /xapi/v1", "")).collect()
}

const USER: &str = r#"{"Id":12}"#;

#[tokio::test]
async fn the_pbx_is_asked_for_its_release_once_and_then_gets_its_form() {
    for (version, expected) in [
        ("20.0.7.121", "/Users/Pbx.GetByNumber(number='101')"),
        ("20.0.8.995", "/Users(Number='101')"),
        ("20.0.99.1", "/Users(Number='101')"),
    ] {
        let server = pbx(version, "never", 404, USER).await;
        let client = client(&server);
        assert_eq!(client.release(), None);
        let calls: Vec<_> =
            (0..8).map(|_| tokio::spawn(by_number(&client).into_future())).collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap().id, Some(12));
        }
        let mut lines = lines(&server);
        assert_eq!(lines.remove(0), "/Defs?$select=Id");
        assert_eq!(lines, vec![expected; 8], "{version}");
        assert_eq!(client.release(), Some(version.parse().unwrap()));
    }
}

#[tokio::test]
async fn a_release_learnt_from_any_answer_or_given_to_the_builder_spares_the_question() {
    let server = pbx("20.0.7.1", "never", 404, USER).await;
    let learning = client(&server);
    learning.mini_users().get(12).await.unwrap();
    by_number(&learning).await.unwrap();
    let told = builder(&server).token("t").release(release(7)).build().unwrap();
    assert_eq!(
        by_number(&told).prepare().unwrap().target(),
        "/xapi/v1/Users/Pbx.GetByNumber(number='101')"
    );
    by_number(&told).await.unwrap();
    let function = "/Users/Pbx.GetByNumber(number='101')";
    assert_eq!(lines(&server), ["/Users(12)", function, function]);
}

#[tokio::test]
async fn a_pbx_that_does_not_say_its_release_gets_the_newest_form_and_is_asked_once() {
    let server = Server::start(|request, _| {
        Play::Answer(if request.line.contains("Defs") { empty(403) } else { json(200, USER) })
    })
    .await;
    let client = client(&server);
    by_number(&client).await.unwrap();
    by_number(&client).await.unwrap();
    let newest = "/Users(Number='101')";
    assert_eq!(lines(&server), ["/Defs?$select=Id", newest, newest]);
}

#[tokio::test]
async fn asking_for_the_release_is_within_the_calls_own_time() {
    let silent = |part: &'static str| {
        Server::start(move |request, _| match request.line.contains(part) {
            true => Play::Stall(Vec::new()),
            false => Play::Answer(json(200, USER)),
        })
    };
    let moment = std::time::Duration::from_millis(50);
    let server = silent("Defs").await;
    let error = by_number(&client(&server)).timeout(moment).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_sign_in(), "{error}");
    assert_eq!(lines(&server), ["/Defs?$select=Id"], "the call itself had no time left");

    let server = silent("token").await;
    let client = builder(&server).service_principal("id", "secret").build().unwrap();
    let error = by_number(&client).timeout(moment).await.unwrap_err();
    assert!(error.is_timeout() && error.is_sign_in(), "{error}");
    assert_eq!(server.calls(), 0);
}

#[tokio::test]
async fn where_a_release_held_both_forms_a_404_falls_back_once() {
    for (missing, status, expected, sent) in [
        ("nothing", 200, Ok(()), vec!["/New"]),
        ("New", 404, Ok(()), vec!["/New", "/Old"]),
        ("/", 404, Err(Some(404)), vec!["/New", "/Old"]),
        ("New", 400, Err(Some(400)), vec!["/New"]),
    ] {
        let server = pbx("20.0.6.1", missing, status, USER).await;
        let client = builder(&server).token("t").release(release(6)).build().unwrap();
        let outcome = client.request(GetMoved).await.map(drop);
        assert_eq!(outcome.map_err(|error| error.status()), expected, "{missing}");
        assert_eq!(lines(&server), sent, "{missing}");
    }
}

#[tokio::test]
async fn of_two_forms_the_one_that_takes_the_given_values_is_sent() {
    let server = pbx("20.0.6.1", "never", 404, r#"{"value":true}"#).await;
    let client = builder(&server).token("t").release(release(6)).build().unwrap();
    client.request(GetReport).cdr_id("7").await.unwrap();
    client.request(GetReport).call_id(7).await.unwrap();
    assert_eq!(lines(&server), ["/Report(cdrId='7')", "/Report(call_id=7)"]);
    let error = client.request(GetReport).await.unwrap_err();
    assert!(error.to_string().contains("needs `cdrId`"), "{error}");
}

#[tokio::test]
async fn a_value_that_the_release_does_not_take_is_an_error_that_names_it() {
    let server = pbx("20.0.5.1", "never", 404, r#"{"value":true}"#).await;
    let client = client(&server);
    let rows = [
        (client.request(GetReport), "needs `call_id`: give it with `.call_id(…)`"),
        (client.request(GetReport).call_id(7).cdr_id("7"), "`cdrId` was given, which"),
    ];
    for (request, expected) in rows {
        let error = request.await.unwrap_err();
        assert!(error.is_usage() && error.to_string().contains(expected), "{error}");
    }
    assert_eq!(lines(&server), ["/Defs?$select=Id"], "nothing else was sent");
    // With the right one it is sent, and the answer of that release is read.
    let answer = client.request(GetReport).call_id(7).await.unwrap();
    assert_eq!(answer, Retyped::Former(Value::from(true)));
}

#[tokio::test]
async fn a_refusal_outside_of_the_releases_says_so() {
    const NEW: crate::Property<User, bool> = crate::Property::new("New").since(release(9));
    let rows = [
        ("20.0.4.1", "`GetReport` was added in 20.0.5; this PBX is 20.0.4"),
        ("20.0.9.1", "`GetReport` was last in 20.0.8; this PBX is 20.0.9"),
    ];
    for (version, expected) in rows {
        let server = pbx(version, "Report", 404, "{}").await;
        let client = client(&server);
        let request = client.request(GetReport);
        let request =
            if version.contains("4.1") { request.call_id(7) } else { request.cdr_id("7") };
        let error = request.await.unwrap_err();
        assert_eq!(error.status(), Some(404));
        assert!(error.to_string().ends_with(expected), "{error}");
    }
    let server = pbx("20.0.7.1", "select", 400, "{}").await;
    let error = client(&server).mini_users().list().select((User::ID, NEW)).await.unwrap_err();
    assert!(
        error.to_string().ends_with("`New` was added in 20.0.9; this PBX is 20.0.7"),
        "{error}"
    );
    // What the release has is not explained by it.
    let error = client(&server).mini_users().list().select(User::ID).await.unwrap_err();
    assert!(!error.to_string().contains("this PBX is"), "{error}");
}

#[tokio::test]
async fn a_changed_answer_is_told_by_the_release_or_else_by_its_keys() {
    let flag = Retyped::Former(Value::from(true));
    let user = || Retyped::Current(User { id: Some(12), ..User::default() });
    let value = r#"{"value":true}"#;
    for (told, body, expected) in [
        (None, value, flag.clone()),
        (None, USER, user()),
        (None, r#"{"New":1}"#, Retyped::Current(User::default())),
        (Some(release(5)), value, flag),
        (Some(release(6)), USER, user()),
        // A newer PBX may have added any key.
        (Some(release(6)), value, Retyped::Current(User::default())),
    ] {
        let server = Server::always(json(200, body)).await;
        let mut builder = builder(&server).token("t");
        if let Some(release) = told {
            builder = builder.release(release);
        }
        let found = builder.build().unwrap().request(IsEnabled).await.unwrap();
        assert_eq!(found, expected, "{told:?} {body}");
    }
}
