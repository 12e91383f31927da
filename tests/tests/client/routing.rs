//! Operations that have changed over the releases: what is sent to which PBX, and what comes back.

use tests::server::{Play, Server};
use threecx_xapi::entities::{CreateTicket, User};
use threecx_xapi::resources::report_call_log_data::GetCallQualityReport;
use threecx_xapi::resources::users::GetUserByNumber;
use threecx_xapi::{
    Client, Entity, Property, Release, Request, Value,
    answer::Retyped,
    operation::{
        Filterable, Method, Operation, OperationInfo, OperationKind, RequestParts, Variant,
    },
    release::Releases,
};

use crate::{always, builder, client, empty, json, play};

const fn release(update: u16) -> Release {
    Release::new(20, 0, update)
}

/// No operation of the API has two forms of a GET that take the same values in one release, so this
/// one stands in: it moved between two documents of 20.0.6.
struct GetMoved;

impl GetMoved {
    const VARIANTS: &[Variant] = &[
        Self::variant("/New", Releases::ALL.since(release(6))),
        Self::variant("/Old", Releases::ALL.until(release(6))),
    ];

    const fn variant(route: &'static str, releases: Releases) -> Variant {
        let mut variant = GetUserByNumber::INFO.variants[0];
        (variant.route, variant.releases) = (route, releases);
        variant.undeclared = &[];
        variant
    }

    const fn info() -> OperationInfo {
        let (kind, method) = (OperationKind::Get, Method::Get);
        let mut info = OperationInfo::new("GetMoved", "New", kind, method, "/New");
        info.variants = Self::VARIANTS;
        info
    }
}

impl Operation for GetMoved {
    type Output = User;
    const INFO: OperationInfo = Self::info();

    fn write(&self, request: &mut RequestParts) {
        request.path(if request.variant() == 0 { "/New" } else { "/Old" });
    }
}

fn by_number(pbx: &Client) -> Request<GetUserByNumber> {
    pbx.users().get_by_number("101")
}

/// Two documents of 20.0.6 differ in what tells the call: `cdrId`, or `call_id` before.
fn report(pbx: &Client) -> Request<GetCallQualityReport> {
    pbx.report_call_log_data().get_call_quality_report(7, "1", "2")
}

/// No operation of the API has lost an option and nothing else, so this one stands in: `$filter` was last in
/// 20.0.7.
struct GetNarrowed;

impl GetNarrowed {
    const VARIANTS: &[Variant] = &[
        Self::variant(Releases::ALL.since(release(8)), &["$filter"]),
        Self::variant(Releases::ALL.until(release(7)), &[]),
    ];

    const fn variant(releases: Releases, undeclared: &'static [&'static str]) -> Variant {
        let mut variant = GetMoved::variant("/Narrowed", releases);
        variant.undeclared = undeclared;
        variant
    }

    const fn info() -> OperationInfo {
        let mut info = GetMoved::info();
        info.variants = Self::VARIANTS;
        info
    }
}

impl Operation for GetNarrowed {
    type Output = User;
    const INFO: OperationInfo = Self::info();

    fn write(&self, request: &mut RequestParts) {
        request.path("/Narrowed");
    }
}

impl Filterable for GetNarrowed {
    type Entity = User;
}

/// A PBX that names its release in every answer to a call below /xapi/v1, and answers `status` where
/// the target has `part`.
async fn pbx(version: &'static str, part: &'static str, status: u16, body: &'static str) -> Server {
    play(move |request, _| {
        let answer =
            if request.line().contains(part) { json(status, body) } else { json(200, body) };
        let text = String::from_utf8(answer).unwrap();
        let named = text.replacen("\r\n", &format!("\r\nX-3CX-Version: {version}\r\n"), 1);
        Play::Answer(named.into_bytes())
    })
    .await
}

/// The paths that were asked for, below `/xapi/v1`.
fn lines(server: &Server) -> Vec<String> {
    let targets = server.recorded().into_iter().map(|request| request.target);
    targets.map(|target| target.replace("/xapi/v1", "")).collect()
}

const USER: &str = r#"{"Id":12}"#;

#[tokio::test]
async fn the_pbx_is_asked_for_its_release_once_and_gets_its_variant() {
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
async fn a_release_that_is_known_is_not_asked_for() {
    let server = pbx("20.0.7.1", "never", 404, USER).await;
    let learning = client(&server);
    learning.users().get(12).await.unwrap();
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
async fn a_pbx_of_unknown_release_gets_the_newest_variant() {
    let server = play(|request, _| {
        Play::Answer(if request.line().contains("Defs") { empty(403) } else { json(200, USER) })
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
        play(move |request, _| match request.line().contains(part) {
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
    assert_eq!(server.calls().len(), 0);
}

#[tokio::test]
async fn where_a_release_had_both_variants_a_404_falls_back_once() {
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
async fn of_two_variants_the_one_that_takes_the_values_is_sent() {
    let server = pbx("20.0.6.1", "never", 404, r#"{"@odata.context":"x","value":true}"#).await;
    let client = builder(&server).token("t").release(release(6)).build().unwrap();
    report(&client).cdr_id("7").await.unwrap();
    report(&client).await.unwrap();
    let lines = lines(&server);
    let [cdr_id, call_id] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(cdr_id.contains("GetCallQualityReport(cdrId='7',srcNumber='1',"), "{cdr_id}");
    assert!(call_id.contains("GetCallQualityReport(call_id=7,srcNumber='1',"), "{call_id}");
    let later = builder(&server).token("t").release(release(7)).build().unwrap();
    let error = report(&later).await.unwrap_err();
    assert!(error.to_string().contains("needs `cdrId`"), "{error}");
}

#[tokio::test]
async fn a_dropped_argument_is_sent_to_those_that_know_it_alone() {
    for (update, expected) in [(9, r#"{"number":"1"}"#), (10, "{}")] {
        let server = always(json(200, "{}")).await;
        let client = builder(&server).token("t").release(release(update)).build().unwrap();
        let request = client.crm_integration().test("1").prepare().unwrap();
        let body = String::from_utf8(request.body().unwrap().to_vec()).unwrap();
        assert_eq!(body, expected, "{update}");
    }
}

#[tokio::test]
async fn an_option_that_the_release_lacks_is_refused_unsent() {
    const PROBE: &str = "/Defs?$select=Id";
    let filtered = |client: &Client| client.request(GetNarrowed).filter(User::ID.eq(1));
    let server = pbx("20.0.7.1", "never", 404, USER).await;
    filtered(&client(&server)).await.unwrap();
    assert_eq!(lines(&server), [PROBE, "/Narrowed?$filter=Id%20eq%201"]);
    let server = pbx("20.0.8.1", "never", 404, USER).await;
    let error = filtered(&client(&server)).await.unwrap_err();
    let expected = "`$filter` was set, which this PBX's release does not take";
    assert!(error.is_usage() && error.to_string().contains(expected), "{error}");
    assert_eq!(lines(&server), [PROBE]);
}

#[tokio::test]
async fn a_release_that_makes_no_difference_is_not_asked_for() {
    for version in ["20.0.7.1", "20.0.8.1"] {
        let server = pbx(version, "never", 404, USER).await;
        client(&server).request(GetNarrowed).await.unwrap();
        assert_eq!(lines(&server), ["/Narrowed"], "{version}");
    }
}

#[tokio::test]
async fn options_are_those_of_all_releases_that_have_the_call() {
    const TAKEN: Result<(), &str> = Ok(());
    // The converters came with 20.0.8. Nothing is blocked that might work before.
    for (update, by_number, converters) in
        [(7, Err("`$select`"), TAKEN), (9, TAKEN, TAKEN), (10, TAKEN, Err("`$top`"))]
    {
        let server = always(json(200, "{}")).await;
        let client = builder(&server).token("t").release(release(update)).build().unwrap();
        let selected = self::by_number(&client).select(User::ID).prepare().map(drop);
        let page = client.voicemail_settings().get_configured_converters().top(5);
        let page = page.prepare().map(drop);
        for (found, expected) in [(selected, by_number), (page, converters)] {
            match (found, expected) {
                (Ok(()), Ok(())) => {}
                (Err(error), Err(part)) if error.to_string().contains(part) => {}
                (found, expected) => panic!("{update}: {found:?}, not {expected:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_value_that_the_release_does_not_take_is_named() {
    let server = pbx("20.0.5.1", "never", 404, r#"{"@odata.context":"x","value":true}"#).await;
    let client = client(&server);
    let rows = [(report(&client).cdr_id("7"), "`cdrId` was given, which")];
    for (request, expected) in rows {
        let error = request.await.unwrap_err();
        assert!(error.is_usage() && error.to_string().contains(expected), "{error}");
    }
    assert_eq!(lines(&server), ["/Defs?$select=Id"], "nothing else was sent");
    // Without it the call is sent, and the answer of that release is read.
    report(&client).await.unwrap();
    let answer = client.system_status().is_request_help_enabled().await.unwrap();
    assert_eq!(answer, Retyped::Former(Value::from(true)));
}

#[tokio::test]
#[allow(deprecated, reason = "it asks for what is gone")]
async fn a_refusal_outside_of_the_releases_says_so() {
    const NEW: threecx_xapi::Property<User, bool> =
        threecx_xapi::Property::new("New").since(release(9));
    let rows = [
        ("20.0.4.1", "`DownloadRecordingByName` was added in 20.0.7; this PBX is 20.0.4.1"),
        ("20.0.10.1", "`DownloadRecordingByName` was last in 20.0.9; this PBX is 20.0.10.1"),
    ];
    for (version, expected) in rows {
        let server = pbx(version, "Recording", 404, "{}").await;
        let request = client(&server).recordings().download_recording_by_name("a.wav");
        let error = request.await.unwrap_err();
        assert_eq!(error.status(), Some(404));
        assert!(error.to_string().ends_with(expected), "{error}");
    }
    let server = pbx("20.0.7.1", "select", 400, "{}").await;
    let error = client(&server).users().list().select((User::ID, NEW)).await.unwrap_err();
    assert!(
        error.to_string().ends_with("`New` was added in 20.0.9; this PBX is 20.0.7.1"),
        "{error}"
    );
    // What the release has is not explained by it.
    let error = client(&server).users().list().select(User::ID).await.unwrap_err();
    assert!(!error.to_string().contains("this PBX is"), "{error}");
}

#[tokio::test]
async fn a_changed_answer_is_told_by_the_release_or_else_by_its_keys() {
    let flag = Retyped::Former(Value::from(true));
    let ticket = || Retyped::Current(CreateTicket::default().fix_url("A"));
    let other = |name, value| {
        let property = Property::<CreateTicket, serde_json::Value>::new(name);
        Retyped::Current(CreateTicket::default().set(property, value).unwrap())
    };
    let named = r#"{"FixUrl":"A"}"#;
    let value = r#"{"value":true}"#;
    for (told, body, expected) in [
        (None, value, flag.clone()),
        (None, named, ticket()),
        (None, r#"{"New":1,"@odata.context":"x"}"#, other("New", 1.into())),
        (Some(release(5)), value, flag),
        (Some(release(6)), named, ticket()),
        // A newer PBX may have added any key.
        (Some(release(6)), r#"{"@odata.context":"x","value":true}"#, other("value", true.into())),
    ] {
        let server = always(json(200, body)).await;
        let mut builder = builder(&server).token("t");
        if let Some(release) = told {
            builder = builder.release(release);
        }
        let client = builder.build().unwrap();
        let found = client.system_status().is_request_help_enabled().await.unwrap();
        assert_eq!(found, expected, "{told:?} {body}");
    }
}
