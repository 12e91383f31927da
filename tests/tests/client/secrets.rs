//! A canary in each secret place: it appears in no Debug and in no error.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::sample::{Maker, api};
use tests::secrets::{ENTITIES, OPERATIONS};
use tests::server::{Answer, Server};
use threecx_xapi::entities::{ConcealedPassword, DNProperty, SECRETS, Trunk, User};
use threecx_xapi::operation::{Method, Operation, OperationInfo, OperationKind, RequestParts};
use threecx_xapi::{Client, Error, RetryPolicy};
use xapi_codegen::model::Type;

const CANARY: &str = "c4n4ry-in-the-c0al-mine";

/// A value of the type with the canary wherever a text can be.
fn canary(ty: &Type) -> Value {
    match ty {
        Type::String => json!(CANARY),
        Type::Collection(of) => json!([canary(of)]),
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

#[tokio::test]
async fn links_are_shown_neither_before_they_are_followed_nor_after() {
    let links = [
        format!("/backups/a.zip?ticket={CANARY}"),
        format!("/files/{CANARY}/prompt.wav"),
        format!("customPrompts/{CANARY}"),
    ];
    for link in links {
        let echo = json!({ "error": { "message": format!("no file {CANARY} at {link}") } });
        let server = Server::start(move |_| Answer::json(404, &echo)).await.unwrap();
        let client = Client::builder(server.url()).token("token").build().unwrap();
        let request = client.download_link(&*link);
        let prepared = request.prepare().unwrap();
        assert!(prepared.target().contains(CANARY), "the link can be had");
        let error = client
            .download_link(format!(
                "{}{link}",
                if link.starts_with('/') { server.url() } else { String::new() }
            ))
            .await
            .unwrap_err();
        for shown in [
            format!("{request:?} {:?}", request.operation()),
            format!("{prepared:?} {prepared:#?} {prepared}"),
            seen(&error),
            seen(&request.await.unwrap_err()),
        ] {
            assert!(!shown.contains(CANARY), "{link}: {shown}");
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

#[tokio::test]
async fn what_was_sent_is_shown_by_no_error_if_the_pbx_repeats_it() {
    let server = Server::start(|request| {
        let echo = json!({ "error": { "message": format!("not valid: {}", request.text()) } });
        Answer::json(400, &echo)
    })
    .await
    .unwrap();
    let pbx = Client::builder(server.url()).token("token").build().unwrap();
    let secret = format!("{CANARY}\"'&");
    let value = ConcealedPassword::default().value(&secret);
    let property = DNProperty::default().name("name").value(&secret);
    for error in [
        pbx.users().create(User::default().number("public").auth_password(&secret)).await.err(),
        pbx.trunks().update(1, Trunk::default().auth_password(value)).await.err(),
        pbx.groups().replace_group_license_key("public", &secret).await.err(),
        pbx.dn_properties().create_dn_property("public", property).await.err(),
        pbx.backups().restore("public", 1, &secret).await.err(),
    ] {
        let seen = seen(&error.unwrap());
        assert!(!seen.contains(CANARY) && seen.contains("[redacted]"), "{seen}");
        assert!(seen.contains("not valid: "), "{seen}");
    }
}

/// An operation as the generator writes one whose path holds a secret.
#[derive(Clone)]
struct ByTicket(&'static str);

impl Operation for ByTicket {
    type Output = ();
    const INFO: OperationInfo = OperationInfo::new(
        "ByTicket",
        "Files",
        OperationKind::Function,
        Method::Get,
        "/Files(ticket={ticket},id={id})",
    );

    fn write(&self, request: &mut RequestParts) {
        request.path("/Files(ticket=");
        request.hidden(|request| request.literal(self.0));
        request.path(",id=");
        request.literal(&7);
        request.path(")");
    }
}

#[tokio::test]
async fn a_secret_in_a_path_is_shown_by_no_request_and_no_error() {
    let echo = format!("<p>nothing at {CANARY}'s+end and {CANARY}%27s%2Bend</p>");
    let server =
        Server::start(move |_| Answer::typed(404, "text/html", echo.clone())).await.unwrap();
    let pbx = Client::builder(server.url()).token("token").build().unwrap();
    for (ticket, shown) in [
        ("c4n4ry-in-the-c0al-mine's+end", "/Files(ticket=[redacted],id=7)"),
        ("123", "/Files(ticket=[redacted],id=7)"),
    ] {
        let request = pbx.request(ByTicket(ticket));
        let prepared = request.prepare().unwrap();
        assert_eq!(prepared.to_string().lines().next(), Some(&*format!("GET /xapi/v1{shown}")));
        assert!(format!("{prepared:?}").contains(shown), "{prepared:?}");
        let error = request.await.unwrap_err();
        assert_eq!(error.to_string().contains(CANARY), ticket == "123", "{error}");
    }
}

/// Writes a character as part of other text.
type Encode = fn(char) -> String;

/// How servers write text in other text.
const ENCODINGS: [(&str, Encode); 9] = [
    ("as it is", |it| it.to_string()),
    ("HTML by name", |it| match it {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    }),
    ("HTML in decimal", |it| format!("&#{};", u32::from(it))),
    ("HTML in hexadecimal", |it| format!("&#x{:X};", u32::from(it))),
    ("HTML, marks alone", |it| match it {
        'a'..='z' => it.to_string(),
        other => format!("&#x{:x};", u32::from(other)),
    }),
    ("URL", |it| match it {
        'a'..='z' => it.to_string(),
        other => format!("%{:02X}", u32::from(other)),
    }),
    ("URL in small letters", |it| match it {
        'a'..='z' => it.to_string(),
        other => format!("%{:02x}", u32::from(other)),
    }),
    ("form", |it| match it {
        'a'..='z' => it.to_string(),
        ' ' => "+".to_owned(),
        other => format!("%{:02X}", u32::from(other)),
    }),
    ("JSON", |it| match it {
        'a'..='z' => it.to_string(),
        '\\' => "\\\\".to_owned(),
        '/' => "\\/".to_owned(),
        other => format!("\\u{:04x}", u32::from(other)),
    }),
];

#[tokio::test]
async fn secrets_are_shown_by_no_error_however_a_server_encodes_them() {
    let secret = "canary's+key/of=the\\mine&<more>\"%41 end";
    for (name, encode) in ENCODINGS {
        let echo: String = secret.chars().map(encode).collect();
        let message = format!("Bearer {echo}, {echo}.");
        let in_json =
            json!({ "error": { "message": message, "details": [{ "target": message }] } });
        // JSON's own escapes are the encoding.
        let plain = format!(r#"{{"error":{{"message":"{message}"}}}}"#);
        let page = format!("<html><body>{message}</body></html>");
        for answer in [
            Answer::json(400, &in_json),
            Answer::typed(500, "application/json", plain),
            Answer::typed(502, "text/html", page),
        ] {
            let server = Server::start(move |_| answer.clone()).await.unwrap();
            let builder = || Client::builder(server.url()).retry(RetryPolicy::none());
            for client in [builder().token(secret), builder().service_principal("id", secret)] {
                let error = client.build().unwrap().users().list().await.unwrap_err();
                let seen = seen(&error);
                assert!(!seen.contains(&echo) && !seen.contains("mine"), "{name}: {seen}");
                let excerpt = format!("{:?}{:?}", error.excerpt(), error.message());
                assert!(!excerpt.contains("mine"), "{name}: {excerpt}");
                assert!(seen.contains("[redacted]"), "{name}: {seen}");
            }
        }
    }
}
