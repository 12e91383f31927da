//! Where tokens come from: the user login, the authorization code, refresh tokens, and sources of
//! the caller's own.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret;

use tests::server::{Play, Recorded, Server};
use threecx_xapi::auth::{
    AccessToken, AuthorizationRequest, OAuthGrant, SignIn, TokenFuture, TokenSource, UserLogin,
};
use threecx_xapi::{Client, Error};

use crate::{builder, empty, json, later, play};

/// As long as the tokens are good.
const MINUTE: Duration = Duration::from_secs(60);

async fn call(client: &Client) -> Result<(), Error> {
    client.trunks().delete(1).await
}

fn with(server: &Server, source: impl TokenSource) -> Client {
    builder(server).token_source(source).build().unwrap()
}

/// Answers sign-ins in this order, and takes any token.
async fn answering(sign_ins: Vec<Vec<u8>>) -> Server {
    let next = AtomicUsize::new(0);
    play(move |request: &Recorded, _| {
        Play::Answer(if request.is_sign_in() {
            sign_ins[next.fetch_add(1, Ordering::SeqCst)].clone()
        } else {
            empty(204)
        })
    })
    .await
}

fn logged_in(token: &str) -> Vec<u8> {
    json(
        200,
        format!(
            r#"{{"Status":"AuthSuccess","Token":{{"token_type":"Bearer","expires_in":60,"access_token":"{token}","refresh_token":null}},"TwoFactorAuth":null}}"#
        ),
    )
}

fn second_factor() -> Vec<u8> {
    json(
        200,
        r#"{"Status":"AuthFailed","Token":null,"TwoFactorAuth":{"Type":"GoogleAuthenticator"}}"#,
    )
}

#[tokio::test]
async fn a_user_logs_in_with_name_and_password() {
    let server = answering(vec![logged_in("user-token")]).await;
    call(&with(&server, UserLogin::new("101", "p\"ss"))).await.unwrap();
    let received = server.recorded();
    assert_eq!(received[0].line(), "POST /webclient/api/Login/GetAccessToken");
    assert_eq!(received[0].header("content-type"), Some("application/json"));
    let body: serde_json::Value = serde_json::from_str(&received[0].text()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"Username": "101", "Password": "p\"ss", "SecurityCode": ""})
    );
    assert_eq!(received[1].header("authorization"), Some("Bearer user-token"));
}

#[tokio::test]
async fn a_missing_second_factor_is_an_error_of_its_own() {
    let server = answering(vec![second_factor()]).await;
    let client = with(&server, UserLogin::new("101", "p"));
    for _ in 0..2 {
        let error = call(&client).await.unwrap_err();
        assert!(error.is_second_factor() && error.is_sign_in() && error.is_unauthorized());
        assert!(!error.is_retryable() && error.attempts() == 0, "{error}");
        assert!(error.to_string().contains("asks for a security code (GoogleAuth"), "{error}");
    }
    assert_eq!((server.sign_ins(), server.calls().len()), (1, 0), "not hammered");

    let server = answering(vec![second_factor()]).await;
    let client = with(&server, UserLogin::new("101", "p").security_code("123456"));
    let error = call(&client).await.unwrap_err();
    assert!(error.is_second_factor() && error.to_string().contains("refuses"), "{error}");
}

#[tokio::test]
async fn a_security_code_serves_once_and_a_function_always() {
    let server = answering(vec![logged_in("t")]).await;
    let client = with(&server, UserLogin::new("101", "p").security_code("123456"));
    call(&client).await.unwrap();
    assert!(server.recorded()[0].text().contains(r#""SecurityCode":"123456""#));
    later(MINUTE).await;
    let error = call(&client).await.unwrap_err();
    assert!(error.is_second_factor() && error.to_string().contains("has been used"), "{error}");
    assert_eq!(server.sign_ins(), 1);

    let server = answering(vec![logged_in("t"), logged_in("u")]).await;
    let codes = AtomicUsize::new(1);
    let source = UserLogin::new("101", "p")
        .security_code_with(move || codes.fetch_add(1, Ordering::SeqCst).to_string());
    let client = with(&server, source);
    call(&client).await.unwrap();
    later(MINUTE).await;
    call(&client).await.unwrap();
    assert!(server.recorded()[2].text().contains(r#""SecurityCode":"2""#));
}

#[tokio::test]
async fn a_login_succeeds_by_its_status_and_not_by_http() {
    for (answer, part) in [
        (json(200, r#"{"Status":"AuthFailed","Token":null,"TwoFactorAuth":null}"#), "password"),
        (
            json(200, r#"{"Status":"AuthFailed","Token":{"access_token":"t"}}"#),
            "the PBX says AuthFailed",
        ),
        (json(401, r#"{"Status":"AuthFailed"}"#), "user name"),
        (json(200, "{}"), "no token"),
        (json(200, r#"{"Status":"AuthSuccess","Token":null}"#), "no token"),
        (json(200, "<html>"), "base URL"),
        (empty(403), "licence"),
    ] {
        let server = answering(vec![answer]).await;
        let error = call(&with(&server, UserLogin::new("101", "p"))).await.unwrap_err();
        assert!(error.is_unauthorized() && error.is_sign_in(), "{error:?}");
        assert!(!error.is_second_factor() && error.to_string().contains(part), "{error}");
        assert_eq!(server.calls().len(), 0);
    }
}

/// The query of a URL, decoded.
fn query(url: &str) -> HashMap<String, String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let (_, query) = url.split_once('?').unwrap();
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

/// The fields of a form.
fn form(request: &Recorded) -> HashMap<String, String> {
    query(&format!("?{}", request.text()))
}

fn granted(token: &str, refresh: Option<&str>) -> Vec<u8> {
    let refresh = refresh.map_or("null".to_owned(), |refresh| format!("\"{refresh}\""));
    json(200, format!(r#"{{"access_token":"{token}","expires_in":60,"refresh_token":{refresh}}}"#))
}

const CALLBACK: &str = "http://127.0.0.1:8000/callback";

#[tokio::test]
async fn a_code_is_exchanged_and_refresh_tokens_rotate() {
    let server = answering(vec![
        granted("access-1", Some("refresh-1")),
        granted("access-2", Some("refresh-2")),
        granted("access-3", None),
        granted("access-4", None),
    ])
    .await;
    let request = AuthorizationRequest::new("my client", CALLBACK).unwrap();
    let url = request.url(&format!("http://{}/xapi/v1/", server.address())).unwrap();
    assert!(url.starts_with(&format!("http://{}/connect/authorize?", server.address())));
    let asked = query(&url);
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["client_id"], "my client");
    assert_eq!(asked["redirect_uri"], CALLBACK);
    assert_eq!(asked["scope"], "openid profile email offline_access");
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["state"], request.state());

    let kept = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&kept);
    let returned = format!("{CALLBACK}?code=c%2Bd&state={}&iss=x", request.state());
    let grant = request.finish(&returned).unwrap().on_refresh_token(move |token| {
        keep.lock().unwrap().push(token.expose_secret().to_owned());
    });
    let client = with(&server, grant);
    for _ in 0..4 {
        call(&client).await.unwrap();
        later(MINUTE).await;
    }
    let sign_ins: Vec<_> = server.recorded().into_iter().filter(Recorded::is_sign_in).collect();
    let first = form(&sign_ins[0]);
    assert_eq!(first["grant_type"], "authorization_code");
    assert_eq!((&*first["code"], &*first["redirect_uri"]), ("c+d", CALLBACK));
    let verifier = first["code_verifier"].as_bytes();
    assert!((43..=128).contains(&verifier.len()));
    let digest = ring::digest::digest(&ring::digest::SHA256, verifier);
    assert_eq!(asked["code_challenge"], URL_SAFE_NO_PAD.encode(digest));
    let used: Vec<_> =
        sign_ins[1..].iter().map(|request| form(request)["refresh_token"].clone()).collect();
    assert_eq!(
        used,
        ["refresh-1", "refresh-2", "refresh-2"],
        "the newest, and it stays if none comes"
    );
    assert_eq!(form(&sign_ins[1])["grant_type"], "refresh_token");
    assert_eq!(*kept.lock().unwrap(), ["refresh-1", "refresh-2"]);
}

#[tokio::test]
async fn a_client_goes_on_with_a_refresh_token_that_was_kept() {
    let server =
        answering(vec![granted("a", None), json(400, r#"{"error":"invalid_grant"}"#)]).await;
    let client = with(&server, OAuthGrant::from_refresh_token("id", "kept").client_secret("s"));
    call(&client).await.unwrap();
    assert_eq!(
        server.recorded()[0].text(),
        "client_id=id&client_secret=s&grant_type=refresh_token&refresh_token=kept"
    );
    later(MINUTE).await;
    let error = call(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && error.is_sign_in(), "{error:?}");
    assert!(error.to_string().contains("let the user sign in again"), "{error}");
}

#[tokio::test]
async fn without_a_refresh_token_a_grant_ends_with_its_token() {
    let server = answering(vec![granted("a", None)]).await;
    let request = AuthorizationRequest::new("id", CALLBACK).unwrap().scopes("openid");
    let returned = format!("/callback?code=c&state={}", request.state());
    let client = with(&server, request.finish(&returned).unwrap());
    call(&client).await.unwrap();
    later(MINUTE).await;
    let error = call(&client).await.unwrap_err();
    assert!(error.is_unauthorized() && error.to_string().contains("offline_access"), "{error}");
    assert_eq!(server.sign_ins(), 1);
}

#[test]
fn an_answer_of_the_browser_needs_the_right_state() {
    type Kind = fn(&Error) -> bool;
    let rows: [(&str, Kind, &str); 5] = [
        ("?code=canary&state=other", Error::is_usage, "another `state`"),
        ("?code=canary", Error::is_usage, "another `state`"),
        ("?error=canary&state=other", Error::is_usage, "another `state`"),
        (
            "?error=access_denied&error_description=No+way&state=STATE",
            Error::is_unauthorized,
            "access_denied: No way",
        ),
        ("?code=&state=STATE", Error::is_unauthorized, "not granted"),
    ];
    for (returned, kind, part) in rows {
        let request = AuthorizationRequest::new("id", CALLBACK).unwrap();
        let returned = returned.replace("STATE", request.state());
        let error = request.finish(&returned).unwrap_err();
        assert!(kind(&error) && error.to_string().contains(part), "{error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let (one, other) = (
        AuthorizationRequest::new("id", CALLBACK).unwrap(),
        AuthorizationRequest::new("id", CALLBACK).unwrap(),
    );
    assert_ne!(one.state(), other.state());
}

/// Counts its tokens, and fails where it is told to.
struct Own(Arc<AtomicUsize>, Option<&'static str>);

impl TokenSource for Own {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            assert!(pbx.origin().starts_with("http://127.0.0.1:"));
            let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            match self.1 {
                Some("panic") => panic!("no token"),
                Some(reason) => Err(Error::from_token_source(reason)),
                None => {
                    Ok(AccessToken::new(format!("own-{number}"))
                        .expires_in(Duration::from_secs(3600)))
                }
            }
        })
    }
}

#[tokio::test]
async fn a_source_of_the_callers_own_gives_the_token() {
    let server = play(|request, _| {
        Play::Answer(empty(match request.header("authorization") {
            Some("Bearer own-2") => 204,
            _ => 401,
        }))
    })
    .await;
    let count = Arc::new(AtomicUsize::new(0));
    let client = with(&server, Arc::new(Own(Arc::clone(&count), None)));
    call(&client).await.unwrap();
    call(&client).await.unwrap();
    assert_eq!(
        (count.load(Ordering::SeqCst), server.calls().len()),
        (2, 3),
        "renewed after the 401"
    );

    let count = Arc::new(AtomicUsize::new(0));
    let client = with(&server, Own(Arc::clone(&count), Some("the vault is sealed")));
    for _ in 0..3 {
        let error = call(&client).await.unwrap_err();
        assert!(error.is_sign_in() && error.is_unauthorized() && error.status().is_none());
        assert_eq!(
            error.to_string(),
            "DeleteTrunk (DELETE /Trunks({Id})): sign-in failed: the vault is sealed"
        );
        assert!(std::error::Error::source(&error).is_some());
    }
    assert_eq!(count.load(Ordering::SeqCst), 1, "not hammered");

    let client = with(&server, Own(Arc::default(), Some("panic")));
    let error = call(&client).await.unwrap_err();
    assert!(error.is_sign_in() && error.is_unauthorized() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("panicked"), "{error}");
}

/// Sends what a gateway and a browser's session ask for.
struct Browser {
    headers: &'static [(&'static str, &'static str)],
    cookies: &'static [(&'static str, &'static str)],
}

impl TokenSource for Browser {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            let mut request = pbx.request("/connect/token").field("client_id", "Web client");
            for (name, value) in self.headers {
                request = request.header(name, value);
            }
            for (name, value) in self.cookies {
                request = request.cookie(name, value);
            }
            let request = request.field("session", "s&cret");
            assert!(!format!("{request:?}").contains("cret"), "{request:?}");
            request.send().await
        })
    }
}

#[tokio::test]
async fn a_source_of_ones_own_sends_headers_cookies_and_fields() {
    let server = answering(vec![granted("a", Some("next"))]).await;
    let client = with(
        &server,
        Browser {
            headers: &[("X-Gateway-Key", "first"), ("x-gateway-key", "s3cret-key")],
            cookies: &[("RefreshTokenCookie", "s3cret;"), ("route", "1")],
        },
    );
    call(&client).await.unwrap();
    let received = server.recorded();
    assert_eq!(received[0].line(), "POST /connect/token");
    assert_eq!(received[0].text(), "client_id=Web%20client&session=s%26cret");
    for (name, value) in [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "application/json"),
        ("x-gateway-key", "s3cret-key"),
        ("cookie", "RefreshTokenCookie=s3cret%3B; route=1"),
    ] {
        let of_name = received[0].headers.iter().filter(|(known, _)| known == name);
        assert_eq!(of_name.map(|(_, value)| &**value).collect::<Vec<_>>(), [value], "{name}");
    }
    // They belong to the sign-in alone.
    assert!(
        received[1].header("cookie").is_none() && received[1].header("x-gateway-key").is_none()
    );
    assert_eq!(received[1].header("authorization"), Some("Bearer a"));
}

#[tokio::test]
async fn what_a_source_sent_does_not_show_if_the_pbx_echoes_it() {
    let echo = r#"{"error":"s3cret-key s3cret; s3cret%3B s&cret s%26cret Web client"}"#;
    let server = answering(vec![json(400, echo)]).await;
    let source = Browser {
        headers: &[("X-Gateway-Key", "s3cret-key")],
        cookies: &[("RefreshTokenCookie", "s3cret;")],
    };
    let error = call(&with(&server, source)).await.unwrap_err();
    let shown = "[redacted] [redacted] [redacted] [redacted] [redacted] Web client";
    assert_eq!(error.message(), Some(shown), "{error}");
}

#[tokio::test]
async fn a_source_cannot_send_what_the_connection_writes() {
    for (headers, cookies) in [
        (&[("Host", "canary.example")][..], &[][..]),
        (&[("content-length", "7")], &[]),
        (&[("Transfer-Encoding", "canary")], &[]),
        (&[("Connection", "canary")], &[]),
        (&[("Cookie", "canary=1")], &[]),
        (&[("Content-Type", "canary")], &[]),
        (&[("canary header", "1")], &[]),
        (&[("X-Key", "can\nary")], &[]),
        (&[], &[("can\nary", "1")]),
        (&[], &[("canary; other", "1")]),
        (&[], &[("", "1")]),
    ] {
        let server = answering(Vec::new()).await;
        let error = call(&with(&server, Browser { headers, cookies })).await.unwrap_err();
        assert!(error.is_usage() && error.is_sign_in(), "{headers:?} {cookies:?}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("ary"), "{error}");
        assert!(server.recorded().is_empty());
    }
}
