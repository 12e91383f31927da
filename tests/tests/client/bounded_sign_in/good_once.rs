//! Secrets that are good once: they are sent once, unless nobody can have seen them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::server::{Play, Server, nobody};
use threecx_xapi::auth::{AuthorizationRequest, OAuthGrant, UserLogin};
use threecx_xapi::{Client, ClientBuilder, Error, RetryPolicy};

use super::{Calls, QUICK, Row, Script, Source, bytes, call, check};
use crate::{AGENT, empty, json};

fn login(builder: ClientBuilder) -> ClientBuilder {
    builder.token_source(UserLogin::new("101", "password").security_code("123456"))
}

fn login_with_a_code_for_a_while(builder: ClientBuilder) -> ClientBuilder {
    let login = UserLogin::new("101", "password").security_code_with(|| "123456");
    builder.token_source(login)
}

fn refresh_token(builder: ClientBuilder) -> ClientBuilder {
    builder.token_source(OAuthGrant::from_refresh_token("id", "refresh-token"))
}

fn authorization_code(builder: ClientBuilder) -> ClientBuilder {
    let request = AuthorizationRequest::new("id", "http://127.0.0.1/").unwrap();
    let returned = format!("/?code=code&state={}", request.state());
    builder.token_source(request.finish(&returned).unwrap())
}

/// The bytes of a user's login.
const LOGIN: usize = AGENT + 232;

/// Each with the bytes of its sign-in.
const SECRETS_GOOD_ONCE: [(&str, Source, usize); 4] = [
    ("a security code", login, LOGIN),
    ("a function that gives the same code for a while", login_with_a_code_for_a_while, LOGIN),
    ("a refresh token", refresh_token, AGENT + 229),
    ("an authorization code", authorization_code, AGENT + 314),
];

#[tokio::test]
async fn a_secret_good_once_is_not_sent_again_after_a_lost_answer() {
    let short = (Duration::from_millis(1), Duration::from_millis(50));
    let faults: [(&str, Script, _); 6] = [
        ("closed", |_, _| Play::Cut(Vec::new()), QUICK),
        ("reset", |_, _| Play::Reset(Vec::new()), QUICK),
        (
            "cut off",
            |_, _| Play::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".into()),
            QUICK,
        ),
        ("stalled", |_, _| Play::Stall(Vec::new()), short),
        ("a gateway's", |_, _| Play::Answer(empty(504)), QUICK),
        ("an error", |_, _| Play::Answer(empty(500)), QUICK),
    ];
    let mut rows = Vec::new();
    for (what, script, times) in faults {
        for (secret, source, size) in SECRETS_GOOD_ONCE {
            rows.push(Row {
                what: format!("{secret}, {what}").leak(),
                script,
                source,
                times,
                calls: Calls::InTurn(5),
                sign_ins: 1..=1,
                sent: 0..=0,
                size,
                error: Some(Error::is_sign_in),
            });
        }
    }
    rows.push(Row {
        what: "a function that gives new codes",
        script: |_, _| Play::Cut(Vec::new()),
        source: |builder| {
            let codes = AtomicUsize::new(100_000);
            let code = move || codes.fetch_add(1, Ordering::Relaxed).to_string();
            builder.token_source(UserLogin::new("101", "password").security_code_with(code))
        },
        times: QUICK,
        calls: Calls::InTurn(1),
        sign_ins: 3..=3,
        sent: 0..=0,
        size: LOGIN,
        error: Some(Error::is_interrupted),
    });
    check(rows).await;
}

#[tokio::test]
async fn a_secret_that_could_not_be_sent_is_sent_later() {
    for (secret, source, size) in SECRETS_GOOD_ONCE {
        let (address, socket) = nobody().unwrap();
        let retry = RetryPolicy::none().base_delay(Duration::ZERO);
        let client = Client::builder(format!("http://{address}")).retry(retry);
        let client = source(client).build().unwrap();
        for _ in 0..2 {
            let error = call(&client).await.unwrap_err();
            assert!(error.is_sign_in() && error.is_connect(), "{secret}: {error}");
        }
        let server = Server::on(socket.listen(8).unwrap(), |request, _| {
            Play::Answer(match request.is_sign_in() {
                true => json(
                    200,
                    r#"{"Status":"AuthSuccess","access_token":"t","Token":{"access_token":"t"}}"#,
                ),
                false => empty(204),
            })
        });
        let server = server.unwrap();
        call(&client).await.unwrap_or_else(|error| panic!("{secret}: {error}"));
        assert_eq!((server.sign_ins(), server.calls().len()), (1, 1), "{secret}");
        assert_eq!(server.bytes(), bytes(&server, size), "{secret}");
    }
}

/// Somebody listens who says nothing, so that TLS never begins.
#[tokio::test]
async fn a_secret_is_not_spent_while_connecting_takes_too_long() {
    for (secret, source, _) in SECRETS_GOOD_ONCE {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let retry = RetryPolicy::none().base_delay(Duration::ZERO);
        let limit = Duration::from_millis(100);
        let builder = Client::builder(url).retry(retry).attempt_timeout(limit);
        let client = source(builder).build().unwrap();
        for _ in 0..2 {
            let error = call(&client).await.unwrap_err();
            assert!(error.is_sign_in() && error.is_connect(), "{secret}: {error}");
        }
    }
}
