//! A canary in each place that holds a secret: no error, no `Debug` and nothing traced shows it,
//! whatever a server echoes.

use std::error::Error as _;
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::server::{Play, Recorded, nobody};
use threecx_xapi::auth::{
    AuthorizationRequest, OAuthGrant, ServicePrincipal, TokenSource, UserLogin,
};
use threecx_xapi::entities::User;
use threecx_xapi::{ClientBuilder, Error, RetryPolicy};

use crate::observability::Recorder;
use crate::{answer_with, builder, json, later, play};

/// Characters that URLs, JSON and HTML write in other ways, and as long as a real token.
fn canary(place: &str) -> String {
    format!("canary-{place}-{}", "0123456789abcdef".repeat(40))
}

/// Everything that an error says, and its causes.
fn said(error: &Error) -> String {
    let mut text = format!(
        "{error} {error:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        error.message(),
        error.code(),
        error.details(),
        error.warnings(),
        error.excerpt(),
        error.json_path()
    );
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(text, " {error} {error:?}");
        cause = error.source();
    }
    text
}

/// Answers that hold what was sent: header, form and query, raw and decoded.
fn echoes(request: &Recorded) -> Vec<Vec<u8>> {
    let token = request.header("authorization").or(request.header("cookie")).unwrap_or("none");
    let decoded =
        percent_encoding::percent_decode_str(&request.text()).decode_utf8_lossy().into_owned();
    let text = serde_json::to_string(&format!("{token} {decoded} {}", request.text())).unwrap();
    let odata = format!(
        r#"{{"error":{{"code":{text},"message":{text},"details":[{{"code":{text},"message":{text},"target":{text}}}]}}}}"#
    );
    let oauth = format!(r#"{{"error":{text},"error_description":{text}}}"#);
    let problem = format!(r#"{{"title":{text},"errors":{{"a":[{text}]}}}}"#);
    let page = format!(
        "<html><body>{}<p>{token}</p>{decoded} {}</body></html>",
        " ".repeat(50),
        request.text()
    );
    let login = format!(r#"{{"Status":{text},"TwoFactorAuth":null}}"#);
    let factor = format!(r#"{{"Status":"AuthFailed","TwoFactorAuth":{{"Type":{text}}}}}"#);
    let location = format!("Location: https://other.example/{}\r\n", token.replace(' ', "+"));
    let mut answers = Vec::new();
    for status in [400, 401, 403, 429, 500, 503] {
        for body in [&odata, &oauth, &problem, &page] {
            answers.push(answer_with(status, "", body));
        }
    }
    answers.extend([
        json(200, login),
        json(200, factor),
        json(200, page),
        json(200, odata),
        answer_with(302, &location, ""),
        // A decoding error in the midst of secrets.
        json(200, format!(r#"{{"Id":{text},"AuthPassword":{text}}}"#)),
        json(200, format!(r#"{{"AuthPassword":{text},"Id":"#)),
    ]);
    answers
}

type Source = Box<dyn Fn(ClientBuilder) -> ClientBuilder>;

fn sources() -> Vec<(&'static str, Source)> {
    fn add(builder: ClientBuilder, source: impl TokenSource + std::fmt::Debug) -> ClientBuilder {
        assert!(!format!("{source:?}").contains("canary"), "{source:?}");
        builder.token_source(source)
    }
    vec![
        ("token", Box::new(|builder| builder.token(canary("token")))),
        (
            "principal",
            Box::new(|builder| add(builder, ServicePrincipal::new("id", canary("secret")))),
        ),
        (
            "login",
            Box::new(|builder| {
                let login = UserLogin::new("101", canary("password"));
                add(builder, login.security_code(canary("code")))
            }),
        ),
        (
            "refresh",
            Box::new(|builder| {
                let grant = OAuthGrant::from_refresh_token("id", canary("refresh"));
                add(builder, grant.client_secret(canary("secret")))
            }),
        ),
        (
            "code",
            Box::new(|builder| {
                let request = AuthorizationRequest::new("id", "http://127.0.0.1/").unwrap();
                let request = request.client_secret(canary("secret"));
                assert!(!format!("{request:?}").contains("canary"), "{request:?}");
                let back = format!("/?code={}&state={}", canary("code"), request.state());
                add(builder, request.finish(&back).unwrap())
            }),
        ),
    ]
}

#[tokio::test]
async fn errors_and_spans_show_no_secret_that_a_server_echoes() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let (mut refused, count) = (0, 31);
    for (name, source) in sources() {
        // First the sign-in echoes, then the call does.
        for at_sign_in in [true, false] {
            for nth in 0..count {
                let server = play(move |request, _| {
                    if request.is_sign_in() && !at_sign_in {
                        let token = canary("token");
                        Play::Answer(json(200, format!(
                            r#"{{"Status":"AuthSuccess","access_token":"{token}","Token":{{"access_token":"{token}"}}}}"#
                        )))
                    } else {
                        let answers = echoes(request);
                        assert_eq!(answers.len(), count);
                        Play::Answer(answers[nth].clone())
                    }
                })
                .await;
                let builder = source(builder(&server)).retry(RetryPolicy::none());
                let debug = format!("{builder:?}");
                let client = builder.build().unwrap();
                let call = client.users().get(1);
                let debug = format!("{debug} {client:?} {call:?} {:?}", call.prepare().unwrap());
                let outcome = call.await;
                let said = match &outcome {
                    Ok(user) => format!("{user:?}"),
                    Err(error) => said(error),
                };
                refused += usize::from(outcome.is_err());
                let text = format!("{debug} {said}");
                assert!(
                    !text.contains("canary") && !text.contains("0123456789abcdef"),
                    "{name} {at_sign_in} {nth}: {text}"
                );
            }
        }
    }
    assert!(refused > 250, "{refused}");
    let traced = recorder.all();
    assert!(traced.iter().filter(|traced| traced.name == "call").count() >= 300);
    for traced in traced {
        assert!(!format!("{traced:?}").contains("canary"), "{traced:?}");
    }
}

/// The refresh token of a user's login is sent as cookie and as form field, and the PBX echoes both.
#[tokio::test]
async fn a_renewal_shows_no_refresh_token() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let count = echoes(&Recorded::default()).len();
    let mut renewals = Vec::new();
    for nth in 0..count {
        let server = play(move |request, number| {
            Play::Answer(if request.is_sign_in() && number > 0 {
                echoes(request)[nth].clone()
            } else if request.is_sign_in() {
                let (token, refresh) = (canary("token"), canary("refresh"));
                let token = format!(r#"{{"access_token":"{token}","refresh_token":"{refresh}"}}"#);
                json(200, format!(r#"{{"Status":"AuthSuccess","Token":{token}}}"#))
            } else {
                answer_with(401, "", "")
            })
        })
        .await;
        let login = UserLogin::new("101", canary("password"));
        let client = builder(&server).token_source(login).retry(RetryPolicy::none());
        let error = client.build().unwrap().users().get(1).await.unwrap_err();
        assert!(error.is_sign_in(), "{error:?}");
        let said = said(&error);
        assert!(!said.contains("canary") && !said.contains("0123456789abcdef"), "{nth}: {said}");
        let sent = server.recorded().into_iter().filter(Recorded::is_sign_in).skip(1);
        renewals.extend(sent.filter(|it| it.target == "/connect/token"));
    }
    let by_cookie = renewals.iter().filter(|it| it.header("cookie").is_some()).count();
    assert!(by_cookie == count && renewals.len() > count, "{by_cookie} of {}", renewals.len());
    for traced in recorder.all() {
        assert!(!format!("{traced:?}").contains("canary"), "{traced:?}");
    }
}

#[tokio::test]
async fn errors_below_http_show_no_secret() {
    let recorder = Recorder::default();
    let _guard = tracing::subscriber::set_default(recorder.clone());
    let secret = || User::default().auth_password(canary("password"));
    let faults: [fn() -> Play; 4] = [
        || Play::Cut(Vec::new()),
        || Play::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()),
        || Play::Stall(Vec::new()),
        || Play::Reset(Vec::new()),
    ];
    for fault in faults {
        let number = AtomicUsize::new(0);
        let server = play(move |request, _| match request.is_sign_in() {
            true if number.fetch_add(1, Ordering::SeqCst) > 0 => fault(),
            true => Play::Answer(json(
                200,
                format!(r#"{{"access_token":"{}","expires_in":60}}"#, canary("token")),
            )),
            false => fault(),
        })
        .await;
        let client = builder(&server)
            .service_principal("id", canary("secret"))
            .attempt_timeout(Duration::from_millis(40))
            .build()
            .unwrap();
        for _ in 0..2 {
            for error in [
                client.users().create(secret()).await.unwrap_err(),
                client.users().update(1, secret()).await.unwrap_err(),
                client.crm_integration().get_crm_template_source(canary("key")).await.unwrap_err(),
            ] {
                assert!(!said(&error).contains("canary"), "{}", said(&error));
            }
            // Now the sign-in fails.
            later(Duration::from_secs(60)).await;
        }
    }
    let (address, _held) = nobody().unwrap();
    let proxied = threecx_xapi::Client::builder("https://pbx.example.com")
        .proxy(format!("http://user:{}@{address}", canary("proxy")));
    assert!(!format!("{proxied:?}").contains("canary"));
    let client = proxied.retry(RetryPolicy::none()).token(canary("token")).build().unwrap();
    let error = client.crm_integration().get_crm_template_source(canary("key")).await.unwrap_err();
    assert!(error.is_connect() && !said(&error).contains("canary"), "{}", said(&error));
    for traced in recorder.all() {
        assert!(traced.target != "threecx_xapi" || !traced.fields.contains("canary"), "{traced:?}");
    }
}
