//! A canary in each secret place: it appears in no Debug and in no error.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::sample::{Maker, api};
use tests::secrets::{ENTITIES, OPERATIONS};
use tests::server::{Answer, Server};
use threecx_xapi::entities::{SECRETS, User};
use threecx_xapi::{Client, Error};
use xapi_codegen::model::Type;

const CANARY: &str = "c4n4ry-in-the-c0al-mine";

/// A value of the type with the canary wherever a text can be.
fn canary(ty: &Type) -> Value {
    match ty {
        Type::String => json!(CANARY),
        Type::Entity(name) => {
            let properties = api().entities[name].properties.values();
            let texts = properties.filter(|it| it.ty == Type::String);
            texts.map(|it| (it.name.clone(), json!(CANARY))).collect()
        }
        other => panic!("a secret {} is not known", other.edm()),
    }
}

#[test]
fn secrets_are_shown_by_no_entity() {
    let shown: BTreeSet<&str> = ENTITIES.iter().map(|(name, _)| *name).collect();
    assert_eq!(shown, SECRETS.iter().map(|(entity, _)| *entity).collect());
    for (entity, property) in SECRETS {
        let (_, show) = ENTITIES.iter().find(|(name, _)| name == entity).unwrap();
        let mut json = Maker::plain().entity(entity);
        json[*property] = canary(&api().entities[*entity].properties[*property].ty);
        let shown = show(json.clone()).unwrap();
        assert!(json.to_string().contains(CANARY), "{entity}/{property}: no canary to find");
        assert!(!shown.contains(CANARY), "{entity}/{property}: {shown}");
        assert!(shown.contains("[redacted]"), "{entity}/{property}: {shown}");
    }
}

#[test]
fn secrets_are_shown_by_no_operation() {
    assert_eq!(OPERATIONS.len(), 6, "an operation with secrets more or less: which?");
    for (id, show) in OPERATIONS {
        let shown = show(CANARY);
        assert!(!shown.contains(CANARY), "{id}: {shown}");
        assert!(shown.contains("[redacted]"), "{id}: {shown}");
    }
}

#[test]
fn secrets_are_shown_by_no_client_or_request() {
    let builders = [
        Client::builder("https://pbx.example.com").service_principal("id", CANARY),
        Client::builder("https://pbx.example.com").token(CANARY),
    ];
    for builder in builders {
        let shown = format!("{builder:?}");
        let client = builder.build().unwrap();
        let user = User::default().auth_password(CANARY);
        let request = client.users().create(user);
        let prepared = request.prepare().unwrap();
        assert!(String::from_utf8_lossy(prepared.body().unwrap()).contains(CANARY));
        let key = client.groups().replace_group_license_key("42", CANARY);
        let all = [
            shown,
            format!("{client:?}"),
            format!("{request:?}"),
            format!("{prepared:?}"),
            format!("{key:?}"),
            format!("{:?}", key.operation()),
            format!("{:?}", client.users()),
        ];
        for shown in all {
            assert!(!shown.contains(CANARY), "{shown}");
        }
    }
}

/// What a user can see of an error.
fn seen(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string);
    format!("{error} {error:?} {error:#?} {source:?} {:?} {:?}", error.details(), error.warnings())
}

#[tokio::test]
async fn secrets_that_were_sent_are_shown_by_no_error() {
    let odata = json!({ "error": { "code": "", "message": "WARNINGS.XAPI.REQUIRED" } });
    let echo = format!("<html><body>Authorization: Bearer {CANARY}</body></html>");
    let wrong = json!([{ "AuthPassword": CANARY }]);
    let cut = format!("{{\"AuthPassword\":\"{CANARY}");
    let answers = [
        Answer::json(400, &odata),
        Answer::empty(401),
        Answer::empty(403),
        Answer::json(404, &odata),
        Answer::json(409, &odata),
        Answer::empty(412),
        Answer::empty(429).with("Retry-After", "0"),
        Answer::empty(500),
        Answer::typed(502, "text/html", echo.clone()),
        Answer::typed(503, "text/html", echo),
        Answer::empty(302).with("Location", &format!("https://elsewhere.example.com/?t={CANARY}")),
        Answer::json(201, &wrong),
        Answer::typed(201, "application/json", cut),
        Answer::typed(201, "text/plain", CANARY),
    ];
    for answer in answers {
        let (status, given) = (answer.status, answer.clone());
        let server = Server::start(move |_| given.clone()).await.unwrap();
        let client = Client::builder(server.url()).token(CANARY).build().unwrap();
        let user = User::default().auth_password(CANARY).vm_pin(CANARY);
        let error = client.users().create(user).await.unwrap_err();
        let seen = seen(&error);
        assert!(!seen.contains(CANARY), "{status} {:?}: {seen}", answer.headers);
    }
}

#[tokio::test]
async fn secrets_of_a_sign_in_are_shown_by_no_error() {
    let echo = json!({ "error": "invalid_client", "error_description": CANARY, "x": CANARY });
    for answer in [Answer::json(400, &echo), Answer::json(401, &echo), Answer::json(200, &echo)] {
        let status = answer.status;
        let server = Server::start(move |_| answer.clone()).await.unwrap();
        let client = Client::builder(server.url()).service_principal("id", CANARY).build().unwrap();
        let error = client.users().list().await.unwrap_err();
        let seen = seen(&error);
        assert!(!seen.contains(CANARY), "{status}: {seen}");
    }
}
