//! The fake PBX keeps to what is known of a real one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tests::fake_pbx::{
    Builder, DEMO_ADMIN, DEMO_APP, DEMO_CLIENT, DEMO_NOBODY, DEMO_SECOND_FACTOR, DEMO_USER,
    FakePbx, Renewals,
};
use tests::raw::{Response, send};

mod changes;
mod faults;
mod paging;
mod whole_api;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// A PBX with somebody who is signed in.
struct Bench {
    pbx: FakePbx,
    token: String,
}

impl Bench {
    async fn new(builder: Builder) -> Self {
        Self::of(builder, DEMO_CLIENT).await
    }

    async fn of(builder: Builder, who: (&str, &str)) -> Self {
        let pbx = builder.start().await.unwrap();
        let token = access(&sign_in(&pbx, who).await);
        Self { pbx, token }
    }

    /// Sends a request below /xapi/v1, with a body unless it is null.
    async fn send(&self, method: &str, target: &str, body: &Value) -> Response {
        let authorization = format!("Bearer {}", self.token);
        let headers =
            [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let target = format!("/xapi/v1{target}");
        send(self.pbx.url(), method, &target, &headers, body.as_bytes()).await.unwrap()
    }

    async fn get(&self, target: &str) -> Response {
        self.send("GET", target, &Value::Null).await
    }

    /// What a property of each row of a list is.
    async fn column(&self, target: &str, property: &str) -> Vec<Value> {
        let answer = self.get(target).await;
        assert_eq!(answer.status, 200, "{target}: {}", text(&answer));
        answer.json()["value"].as_array().unwrap().iter().map(|row| row[property].clone()).collect()
    }
}

fn text(answer: &Response) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn token(pbx: &FakePbx, form: &str) -> Response {
    send(pbx.url(), "POST", "/connect/token", &[FORM], form.as_bytes()).await.unwrap()
}

async fn sign_in(pbx: &FakePbx, (id, secret): (&str, &str)) -> Value {
    let form = format!("client_id={id}&client_secret={secret}&grant_type=client_credentials");
    token(pbx, &form).await.json()
}

fn access(answer: &Value) -> String {
    answer["access_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn probe(pbx: &FakePbx, token: &str) -> u16 {
    let authorization = format!("Bearer {token}");
    let headers = [("Authorization", authorization.as_str())];
    send(pbx.url(), "GET", "/xapi/v1/Defs?$select=Id", &headers, b"").await.unwrap().status
}

#[tokio::test]
async fn only_the_newest_token_of_a_client_is_good_and_it_expires() {
    let pbx = FakePbx::builder().token_life(Duration::from_secs(600)).start().await.unwrap();
    let [first, second] = [sign_in(&pbx, DEMO_CLIENT).await, sign_in(&pbx, DEMO_CLIENT).await];
    let other = access(&sign_in(&pbx, DEMO_ADMIN).await);
    let (first, second) = (access(&first), access(&second));
    assert_eq!([probe(&pbx, &first).await, probe(&pbx, &second).await], [401, 200]);
    assert_eq!(probe(&pbx, &other).await, 200);
    pbx.advance(Duration::from_secs(601));
    assert_eq!(probe(&pbx, &second).await, 401);
    let third = access(&sign_in(&pbx, DEMO_CLIENT).await);
    pbx.revoke_tokens();
    assert_eq!(probe(&pbx, &third).await, 401);
    assert_eq!((pbx.sign_ins(), pbx.calls().len()), (4, 5));
}

#[tokio::test]
async fn a_tokens_life_is_in_minutes_before_20_0_9_and_in_its_claims() {
    for (release, expires_in) in [("20.0.8", 60), ("20.0.9", 3600), ("20.0.10.5", 3600)] {
        let pbx = FakePbx::builder().release(release).clock_ahead(7200).start().await.unwrap();
        let answer = sign_in(&pbx, DEMO_CLIENT).await;
        assert_eq!(answer["expires_in"], expires_in, "{release}");
        assert_eq!(answer["refresh_token"], Value::Null);
        let token = access(&answer);
        let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(life, 3600);
        assert_eq!(probe(&pbx, &token).await, 200);
    }
    let pbx = FakePbx::builder().opaque_tokens().start().await.unwrap();
    assert!(!access(&sign_in(&pbx, DEMO_CLIENT).await).contains('.'));
    assert!(FakePbx::builder().release("19.0.1").start().await.is_err());
}

#[tokio::test]
async fn a_sign_in_is_judged_by_its_form() {
    let pbx = FakePbx::builder().start().await.unwrap();
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"client_id\"\r\n\r\ndemo\r\n\
        --b\r\nContent-Disposition: form-data; name=\"client_secret\"\r\n\r\ndemo-secret\r\n\
        --b\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\nclient_credentials\r\n--b--";
    let part = ("Content-Type", "multipart/form-data; boundary=b");
    for (header, body, error) in [
        (part, multipart, None),
        (
            FORM,
            "client_id=demo&client_secret=no&grant_type=client_credentials",
            Some("invalid_client"),
        ),
        (FORM, "client_id=x&client_secret=x&grant_type=client_credentials", Some("invalid_client")),
        (FORM, "client_id=demo&client_secret=demo-secret", Some("unsupported_grant_type")),
        (FORM, "client_id=demo&refresh_token=x&grant_type=refresh_token", Some("invalid_grant")),
        (("Content-Type", "application/json"), "{}", Some("invalid_request")),
    ] {
        let answer = send(pbx.url(), "POST", "/connect/token", &[header], body.as_bytes()).await;
        let answer = answer.unwrap();
        assert_eq!(answer.status, if error.is_none() { 200 } else { 400 }, "{body}");
        assert_eq!(answer.json()["error"].as_str(), error, "{body}");
    }
    assert_eq!(pbx.handled("POST /connect/token"), 6);
}

#[tokio::test]
async fn a_login_says_in_its_status_whether_it_succeeded() {
    let pbx = FakePbx::builder().start().await.unwrap();
    let (number, password, code) = DEMO_SECOND_FACTOR;
    for (name, password, code, status, factor) in [
        (DEMO_USER.0, DEMO_USER.1, "", "AuthSuccess", false),
        (DEMO_USER.0, "wrong", "", "AuthFailed", false),
        (number, password, "", "AuthFailed", true),
        (number, password, "000000", "AuthFailed", true),
        (number, "wrong", code, "AuthFailed", false),
        (number, password, code, "AuthSuccess", false),
    ] {
        let body = json!({ "Username": name, "Password": password, "SecurityCode": code });
        let path = "/webclient/api/Login/GetAccessToken";
        let answer = send(pbx.url(), "POST", path, &[], body.to_string().as_bytes()).await.unwrap();
        let json = answer.json();
        assert_eq!((answer.status, json["Status"].as_str()), (200, Some(status)), "{name}");
        assert_eq!(json["TwoFactorAuth"]["Type"].is_string(), factor, "{name}");
        if status == "AuthSuccess" {
            assert_eq!(probe(&pbx, &access(&json["Token"])).await, 200);
        }
    }
    assert_eq!(pbx.sign_ins(), 6);
}

#[tokio::test]
async fn a_users_token_lasts_a_minute_and_is_renewed_as_set() {
    for (renewals, by_cookie, by_field) in [
        (Renewals::ByCookie, 200, 400),
        (Renewals::ByField, 400, 200),
        (Renewals::Refused, 400, 400),
    ] {
        let pbx = FakePbx::builder().renewals(renewals).start().await.unwrap();
        let body = json!({ "Username": DEMO_USER.0, "Password": DEMO_USER.1 }).to_string();
        for (with_cookie, status) in [(true, by_cookie), (false, by_field)] {
            let path = "/webclient/api/Login/GetAccessToken";
            let answer = send(pbx.url(), "POST", path, &[], body.as_bytes()).await.unwrap().json();
            assert_eq!(answer["Token"]["expires_in"], 60);
            let token = answer["Token"]["refresh_token"].as_str().unwrap();
            let form = "client_id=Webclient&grant_type=refresh_token";
            let cookie = format!("a=b; RefreshTokenCookie={token}");
            let (headers, form) = if with_cookie {
                (vec![FORM, ("Cookie", &*cookie)], form.to_owned())
            } else {
                (vec![FORM], format!("{form}&refresh_token={token}"))
            };
            for status in [status, 400] {
                let answer = send(pbx.url(), "POST", "/connect/token", &headers, form.as_bytes());
                let answer = answer.await.unwrap();
                assert_eq!(answer.status, status, "{renewals:?} {with_cookie}");
                if status == 200 {
                    assert_eq!(probe(&pbx, &access(&answer.json())).await, 200);
                    pbx.advance(Duration::from_secs(60));
                    assert_eq!(probe(&pbx, &access(&answer.json())).await, 401);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_code_is_proven_by_its_verifier_and_refresh_tokens_rotate() {
    let pbx = FakePbx::builder().start().await.unwrap();
    // The pair of RFC 7636, appendix B.
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let redirect = "http%3A%2F%2F127.0.0.1%3A8000%2Fcallback";
    let query = format!(
        "/connect/authorize?response_type=code&client_id={}&redirect_uri={redirect}\
         &scope=openid%20offline_access&state=a%2Fb&code_challenge={challenge}\
         &code_challenge_method=S256",
        DEMO_APP.0
    );
    let mut refresh = String::new();
    for (verifier, spent, status) in
        [(verifier, false, 200), ("wrong", false, 400), (verifier, true, 400)]
    {
        let answer = send(pbx.url(), "GET", &query, &[], b"").await.unwrap();
        let location = answer.header("location").unwrap();
        let (address, back) = location.split_once('?').unwrap();
        assert_eq!((answer.status, address), (302, DEMO_APP.1));
        let (code, state) = back.split_once('&').unwrap();
        assert_eq!(state, "state=a%2Fb");
        let form = format!(
            "grant_type=authorization_code&client_id={}&{code}&redirect_uri={redirect}&code_verifier={verifier}",
            DEMO_APP.0
        );
        if spent {
            token(&pbx, &form).await;
        }
        let answer = token(&pbx, &form).await;
        assert_eq!(answer.status, status, "{}", text(&answer));
        if let Some(token) = answer.json()["refresh_token"].as_str() {
            refresh = token.to_owned();
        }
    }
    let form = |refresh: &str| {
        format!("grant_type=refresh_token&client_id={}&refresh_token={refresh}", DEMO_APP.0)
    };
    let renewed = token(&pbx, &form(&refresh)).await.json();
    assert_ne!(renewed["refresh_token"], json!(refresh));
    assert_eq!(probe(&pbx, &access(&renewed)).await, 200);
    assert_eq!(token(&pbx, &form(&refresh)).await.json()["error"], "invalid_grant");
    let wrong = query.replace("127.0.0.1", "evil.example");
    assert_eq!(send(pbx.url(), "GET", &wrong, &[], b"").await.unwrap().status, 400);
    let old = FakePbx::builder().release("20.0.9").start().await.unwrap();
    assert_eq!(send(old.url(), "GET", &query, &[], b"").await.unwrap().status, 404);
}

#[tokio::test]
async fn every_answer_names_the_version() {
    let bench = Bench::new(FakePbx::builder().release("20.0.9")).await;
    for (target, status) in [("/Defs?$select=Id", 200), ("/Nope", 404), ("/Users(Id", 400)] {
        let answer = bench.get(target).await;
        assert_eq!(answer.status, status, "{target}");
        assert_eq!(answer.header("x-3cx-version"), Some("20.0.9.995"), "{target}");
    }
    let probe = bench.get("/Defs?$select=Id").await.json();
    assert!(probe["@odata.context"].is_string() && probe["Id"] == 0, "{probe}");
}

#[tokio::test]
async fn roles_are_refused_without_a_word() {
    for (who, target, status) in [
        (DEMO_CLIENT, "/Recordings", 200),
        (DEMO_CLIENT, "/MyUser", 403),
        (DEMO_CLIENT, "/MyGroup", 403),
        (DEMO_ADMIN, "/Users", 200),
        (DEMO_ADMIN, "/Recordings/Pbx.DownloadRecording(recId=981)", 403),
        (DEMO_ADMIN, "/ReportCallLogData/Pbx.GetCallLogData()", 403),
        (DEMO_ADMIN, "/CallHistoryView", 403),
        (DEMO_NOBODY, "/Users", 403),
    ] {
        let answer = Bench::of(FakePbx::builder(), who).await.get(target).await;
        assert_eq!(answer.status, status, "{who:?} {target}");
        assert!(status == 200 || answer.body.is_empty(), "{target}");
    }
    let mut bench = Bench::new(FakePbx::builder()).await;
    let body = json!({ "Username": DEMO_USER.0, "Password": DEMO_USER.1, "SecurityCode": "" });
    let path = "/webclient/api/Login/GetAccessToken";
    let login =
        send(bench.pbx.url(), "POST", path, &[], body.to_string().as_bytes()).await.unwrap();
    bench.token = access(&login.json()["Token"]);
    assert_eq!(bench.get("/MyUser").await.json()["Number"], DEMO_USER.0);
}

#[tokio::test]
async fn query_options_choose_rows_and_wrong_ones_are_refused() {
    let bench = Bench::new(FakePbx::builder().users(250)).await;
    for (query, numbers) in [
        ("$top=2", vec!["101", "102"]),
        ("%24top=1&%24skip=249", vec!["350"]),
        ("$top=3&$skip=248", vec!["349", "350"]),
        ("$orderby=Number%20desc&$top=1", vec!["350"]),
        ("$orderby=QueueStatus,Number%20desc&$top=1", vec!["349"]),
        ("$filter=Number%20eq%20'105'", vec!["105"]),
        ("$filter=Number%20eq%20%27105%27", vec!["105"]),
        (
            "$filter=startswith(Number,'35')%20or%20contains(EmailAddress,'u101@')",
            vec!["101", "350"],
        ),
        ("$filter=Id%20le%201002%20and%20Mobile%20eq%20null", vec!["101", "102"]),
        ("$search=\"ada349\"", vec!["349"]),
        ("$filter=Number%20eq%20'none'", vec![]),
        ("$filter=Number%20in%20('102','350','x')", vec!["102", "350"]),
        ("$filter=QueueStatus%20eq%20'LoggedIn'&$top=2", vec!["101", "103"]),
        ("$filter=Groups/any(g:g/GroupId%20eq%2041)&$top=1", vec!["101"]),
        ("$orderby=length(FirstName)%20desc,Id%20desc&$top=1", vec!["350"]),
    ] {
        assert_eq!(bench.column(&format!("/Users?{query}"), "Number").await, numbers, "{query}");
    }
    let invalid = "The query specified in the URI is not valid. ";
    for (query, problem) in [
        (
            "$top=500",
            "The limit of '100' for Top query has been exceeded. The value from the incoming request is '500'.",
        ),
        ("$select=Number,Nope", "Could not find a property named 'Nope' on type 'Pbx.User'."),
        (
            "$orderby=Number+desc",
            "Could not find a property named 'Number+desc' on type 'Pbx.User'.",
        ),
        ("$filter=Nope%20eq%201", "Could not find a property named 'Nope' on type 'Pbx.User'."),
        ("$expand=Nope", "Could not find a property named 'Nope' on type 'Pbx.User'."),
        (
            "$filter=QueueStatus%20eq%20'Nope'",
            "The string 'Nope' is not a valid enumeration type constant.",
        ),
        (
            "$expand=Groups($expand=Nope)",
            "Could not find a property named 'Nope' on type 'Pbx.UserGroup'.",
        ),
        ("$apply=x", "The query parameter '$apply' is not supported."),
    ] {
        let answer = bench.get(&format!("/Users?{query}")).await;
        let error = &answer.json()["error"];
        assert_eq!(
            (answer.status, &error["message"]),
            (400, &json!(format!("{invalid}{problem}")))
        );
        assert_eq!(error["code"], "");
    }
}

#[tokio::test]
async fn rows_show_what_was_selected_and_expanded_without_nulls() {
    let bench = Bench::new(FakePbx::builder()).await;
    let names = |row: &Value| {
        let all = row.as_object().unwrap().keys();
        all.filter(|it| !it.contains("@odata")).cloned().collect::<Vec<_>>()
    };
    let row = bench.get("/Users(1001)").await.json();
    assert!(row["AuthPassword"].is_string() && row.get("Groups").is_none(), "{row}");
    assert!(row.as_object().unwrap().values().all(|value| !value.is_null()), "{row}");
    assert!(row["@odata.type"].is_string() && row["Tags@odata.type"].is_string(), "{row}");
    let row = bench.get("/Users(1001)?$select=Number,Mobile").await.json();
    assert_eq!(names(&row), ["Number"]);
    let row = bench.get("/Users(1001)?$select=Id&$expand=Groups").await.json();
    assert_eq!(row["Groups"][0]["Name"], "DEFAULT");
    assert!(row["Groups"][0].get("Rights").is_none(), "{row}");
    let nested = "/Users(1001)?$expand=Groups($select=Name;$expand=Rights($select=RoleName))";
    let row = bench.get(nested).await.json();
    assert_eq!(names(&row["Groups"][0]), ["Name", "Rights"]);
    assert_eq!(row["Groups"][0]["Rights"], json!({ "RoleName": "users" }));
    let row = bench.get("/Users(1001)?$select=Id&$expand=*").await.json();
    assert_eq!((&row["Groups"][0]["Name"], &row["Phones"]), (&json!("DEFAULT"), &json!([])));
    let narrowed = "/Users(1001)?$expand=Groups($filter=Name%20eq%20'a;)b';$count=true)";
    let row = bench.get(narrowed).await.json();
    assert_eq!((&row["Groups"], &row["Groups@odata.count"]), (&json!([]), &json!(0)));
    for (target, count) in [
        ("/Users/$count", "10"),
        ("/Users/$count?$filter=Id%20lt%201003", "2"),
        ("/Users(1001)/Groups/$count", "1"),
    ] {
        assert_eq!(text(&bench.get(target).await), count, "{target}");
    }
    let list = bench.get("/Users?$count=true&$top=2").await.json();
    assert_eq!((&list["@odata.count"], list["value"].as_array().unwrap().len()), (&json!(10), 2));
    assert_eq!(bench.column("/Users(1001)/Groups", "Number").await, ["101"]);
    assert_eq!(bench.column("/Queues(71)/Agents", "Number").await, ["101"]);
}

#[tokio::test]
async fn pages_link_to_the_next_where_the_pbx_pages() {
    let bench = Bench::new(FakePbx::builder().users(25).page_size(10)).await;
    let mut target = "/Users?$select=Number&$orderby=Number%20desc&$top=22&$skip=1".to_owned();
    let mut numbers = Vec::new();
    loop {
        let page = bench.get(&target).await.json();
        numbers.extend(page["value"].as_array().unwrap().iter().map(|row| row["Number"].clone()));
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        target = next.split_once("/xapi/v1").unwrap().1.to_owned();
    }
    let wanted: Vec<_> = (103..125).rev().map(|number| json!(number.to_string())).collect();
    assert_eq!(numbers, wanted);
    assert_eq!(bench.pbx.handled("GET /Users"), 3);
}

#[tokio::test]
async fn routes_depend_on_the_release() {
    for (target, first, last) in [
        ("/Users/Pbx.GetByNumber(number='101')", 4, 7),
        ("/Queues/Pbx.GetByNumber(number='80001')", 4, 7),
        ("/Trunks/Pbx.GetTrunkByNumber(number='90001')", 4, 7),
        ("/Trunks/Pbx.GetByNumber(number='90001')", 99, 99),
        ("/Users(Number='101')", 8, 10),
        ("/Queues(Number='80001')", 8, 10),
        ("/Trunks(Number='90001')", 8, 10),
        ("/Groups(Number='GRP0041')", 99, 99),
        ("/Contacts/Pbx.GetContactsByNumber(number='+12020000001')", 9, 10),
    ] {
        for update in [4, 7, 8, 9, 10] {
            let bench = Bench::new(FakePbx::builder().release(&format!("20.0.{update}"))).await;
            let status = if (first..=last).contains(&update) { 200 } else { 404 };
            assert_eq!(bench.get(target).await.status, status, "{target} in 20.0.{update}");
        }
    }
    for (release, status) in [("20.0.9", 400), ("20.0.10", 200)] {
        let bench = Bench::new(FakePbx::builder().release(release)).await;
        assert_eq!(bench.get("/Users?$select=ForbidRecording").await.status, status);
    }
}

#[tokio::test]
async fn literals_and_parameters_must_be_right() {
    let bench = Bench::new(FakePbx::builder()).await;
    let log = |parameters: &str| format!("/ReportCallLogData/Pbx.GetCallLogData({parameters})");
    let right = "periodFrom=2026-01-01T00:00:00Z,periodTo=2026-01-02T00:00:00Z,sourceType=0,\
        sourceFilter='',destinationType=0,destinationFilter='',callsType=0,callTimeFilterType=0,\
        callTimeFilterFrom='0:00:0',callTimeFilterTo='0:00:0',hidePcalls=true";
    for (target, status) in [
        ("/TenantProperties('America%2FChicago')".to_owned(), 200),
        ("/TenantProperties('O''BRIEN')".to_owned(), 200),
        ("/TenantProperties(%27O%27%27BRIEN%27)".to_owned(), 200),
        ("/TenantProperties(Name='COUNTRY')".to_owned(), 200),
        ("/TenantProperties('America/Chicago')".to_owned(), 400),
        ("/TenantProperties('O'BRIEN')".to_owned(), 400),
        ("/TenantProperties(COUNTRY)".to_owned(), 400),
        ("/TenantProperties(null)".to_owned(), 400),
        ("/TenantProperties('NONE')".to_owned(), 404),
        ("/Users('1001')".to_owned(), 400),
        ("/Users(Number=101)".to_owned(), 400),
        ("/Users(Nope='101')".to_owned(), 404),
        ("/Users(9)".to_owned(), 404),
        ("/Users/".to_owned(), 404),
        ("/users".to_owned(), 404),
        ("/Users/Pbx.GetFirstAvailableExtensionNumber".to_owned(), 404),
        (log(right), 200),
        (log(&right.replace("2026-01-01T00:00:00Z", "'2026-01-01T00:00:00Z'")), 400),
        (log(&right.replace("sourceFilter=''", "sourceFilter=null")), 400),
        (log(&right.replace("'0:00:0'", "0:00:0")), 400),
        (log(&right.replace(",hidePcalls=true", "")), 404),
        (
            log(&right
                .replace("callsType=0,callTimeFilterType=0", "callTimeFilterType=0,callsType=0")),
            404,
        ),
        (log(&right.replace("periodFrom=", "")), 404),
    ] {
        assert_eq!(bench.get(&target).await.status, status, "{target}");
    }
}

#[tokio::test]
async fn the_call_log_is_paged_up_to_a_thousand() {
    let bench = Bench::new(FakePbx::builder().call_log(1_000_000)).await;
    let log = |from: &str, to: &str, source: &str, query: &str| {
        format!(
            "/ReportCallLogData/Pbx.GetCallLogData(periodFrom={from},periodTo={to},sourceType=0,\
             sourceFilter='{source}',destinationType=0,destinationFilter='',callsType=0,\
             callTimeFilterType=0,callTimeFilterFrom='0:00:0',callTimeFilterTo='0:00:0',\
             hidePcalls=false)?{query}"
        )
    };
    let (day, next) = ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z");
    for (from, to, source, query, first, count) in [
        (day, next, "", "$top=1000", 1441, 1000),
        (day, next, "", "$top=1000&$skip=1000", 2441, 440),
        (day, "2026-01-02T00:00:30Z", "", "", 1441, 1),
        (day, next, "101", "$orderby=CallId", 1443, 206),
        (day, next, "", "$filter=CallId%20ge%202880", 2880, 1),
    ] {
        let ids = bench.column(&log(from, to, source, query), "CallId").await;
        assert_eq!((ids[0].as_u64(), ids.len()), (Some(first), count), "{query}");
    }
    assert_eq!(bench.get(&log(day, next, "", "$top=1001")).await.status, 400);
    let rows = bench.get(&log(day, next, "", "$top=5&$count=true")).await.json();
    assert_eq!(rows["@odata.count"], 1440);
    assert!(
        rows["value"].as_array().unwrap().iter().any(|row| row.get("TalkingDuration").is_none())
    );
}
