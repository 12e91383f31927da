//! How a user's login renews its token: what the client sends for which answers.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tests::server::{Play, Recorded};
use threecx_xapi::auth::UserLogin;

use crate::{AGENT, answer_with, builder, empty, json, later, play};

/// As long as the tokens are good.
const MINUTE: Duration = Duration::from_secs(60);

fn login(refresh: &str) -> Play {
    let refresh = serde_json::json!(Some(refresh).filter(|it| !it.is_empty()));
    let token = format!(r#"{{"access_token":"t","expires_in":60,"refresh_token":{refresh}}}"#);
    Play::Answer(json(200, format!(r#"{{"Status":"AuthSuccess","Token":{token}}}"#)))
}

fn renewed(refresh: &str) -> Play {
    let refresh = serde_json::json!(Some(refresh).filter(|it| !it.is_empty()));
    let token = format!(r#"{{"access_token":"t","expires_in":60,"refresh_token":{refresh}}}"#);
    Play::Answer(json(200, token))
}

fn with_cookies(cookies: &str) -> Play {
    Play::Answer(answer_with(200, cookies, r#"{"access_token":"t","expires_in":60}"#))
}

fn refused(status: u16) -> Play {
    Play::Answer(empty(status))
}

/// A sign-in in a few words.
fn summary(request: &Recorded) -> String {
    if request.target != "/connect/token" {
        return format!("login {}", request.json()["SecurityCode"].as_str().unwrap());
    }
    let form = request.text();
    let form = form.strip_prefix("client_id=Webclient&grant_type=refresh_token").unwrap();
    match (request.header("cookie"), form.strip_prefix("&refresh_token=")) {
        (Some(cookie), None) => {
            format!("cookie {}", cookie.strip_prefix("RefreshTokenCookie=").unwrap())
        }
        (None, Some(token)) => format!("field {token}"),
        other => panic!("{other:?}"),
    }
}

/// The bytes of such a sign-in.
fn size(sign_in: &str) -> usize {
    let (kind, text) = sign_in.split_once(' ').unwrap();
    text.len()
        + match kind {
            "login" => AGENT + 226,
            "cookie" => AGENT + 237,
            "field" => AGENT + 223,
            _ => panic!("{sign_in}"),
        }
}

/// The bytes of the call.
const CALL: usize = AGENT + 145;

struct Row {
    what: &'static str,
    /// Of the sign-ins, in turn.
    answers: Vec<Play>,
    sent: &'static [&'static str],
    /// Whether each call succeeds. A minute passes after each.
    calls: &'static [bool],
}

#[tokio::test]
async fn a_login_is_renewed_with_its_refresh_token() {
    let row = |what, answers, sent, calls| Row { what, answers, sent, calls };
    let (cut, lost) = (|| Play::Cut(Vec::new()), || Play::Reset(Vec::new()));
    let (ok, both): (&[bool], &[bool]) = (&[true, true, true], &[true, true]);
    let rows = vec![
        row(
            "each renewal brings the next token",
            vec![login("r1"), renewed("r2"), renewed("r3")],
            &["login 1", "cookie r1", "cookie r2"],
            ok,
        ),
        row(
            "the token stays",
            vec![login("r1"), renewed(""), renewed("")],
            &["login 1", "cookie r1", "cookie r1"],
            ok,
        ),
        row(
            "the next token is a cookie",
            vec![
                login("r1"),
                with_cookies(
                    "Set-Cookie: other=1\r\nSet-Cookie: RefreshTokenCookie=r%2F2; path=/; httponly\r\n",
                ),
                with_cookies(
                    "Set-Cookie: RefreshTokenCookie=; expires=Thu, 01 Jan 1970 00:00:00 GMT\r\n",
                ),
                renewed(""),
            ],
            &["login 1", "cookie r1", "cookie r/2", "cookie r/2"],
            &[true, true, true, true],
        ),
        row(
            "a token that a cookie cannot hold as it is",
            vec![login("a;b c\"%,"), renewed("")],
            &["login 1", "cookie a%3Bb%20c%22%25%2C"],
            both,
        ),
        row(
            "the PBX takes the field",
            vec![login("r1"), refused(400), renewed("r2"), renewed("r3")],
            &["login 1", "cookie r1", "field r1", "field r2"],
            ok,
        ),
        row(
            "the PBX takes the field, then the cookie again",
            vec![login("r1"), refused(401), renewed("r2"), refused(403), renewed("")],
            &["login 1", "cookie r1", "field r1", "field r2", "cookie r2"],
            ok,
        ),
        row(
            "the token is refused",
            vec![login("r1"), refused(400), refused(401), login("r2"), renewed("")],
            &["login 1", "cookie r1", "field r1", "login 2", "cookie r2"],
            ok,
        ),
        row(
            "an answer without a token is a refusal",
            vec![login("r1"), refused(200), refused(302), login("r2")],
            &["login 1", "cookie r1", "field r1", "login 2"],
            both,
        ),
        row(
            "there is no renewal at this address",
            vec![login("r1"), refused(404), refused(404), login("r2")],
            &["login 1", "cookie r1", "field r1", "login 2"],
            both,
        ),
        row("no refresh token", vec![login(""), login("")], &["login 1", "login 2"], both),
        row(
            "the answer got lost",
            vec![login("r1"), cut(), login("r2")],
            &["login 1", "cookie r1", "login 2"],
            both,
        ),
        row(
            "the second answer got lost",
            vec![login("r1"), refused(400), lost(), login("r2")],
            &["login 1", "cookie r1", "field r1", "login 2"],
            both,
        ),
        row(
            "a gateway's answer",
            vec![login("r1"), refused(502), login("r2")],
            &["login 1", "cookie r1", "login 2"],
            both,
        ),
        row(
            "an error of the PBX",
            vec![login("r1"), refused(500), login("r2")],
            &["login 1", "cookie r1", "login 2"],
            &[true, false, true],
        ),
        row(
            "too many requests: the token was not looked at",
            vec![
                login("r1"),
                Play::Answer(answer_with(429, "Retry-After: 0\r\n", "")),
                renewed("r2"),
            ],
            &["login 1", "cookie r1", "cookie r1"],
            both,
        ),
        row(
            "a PBX that renews nothing is not asked for ever",
            vec![
                login("r1"),
                refused(400),
                refused(400),
                login("r2"),
                refused(400),
                refused(400),
                login("r3"),
                refused(400),
                refused(400),
                login("r4"),
                login("r5"),
                login("r6"),
            ],
            &[
                "login 1",
                "cookie r1",
                "field r1",
                "login 2",
                "cookie r2",
                "field r2",
                "login 3",
                "cookie r3",
                "field r3",
                "login 4",
                "login 5",
                "login 6",
            ],
            &[true; 6],
        ),
    ];
    for row in rows {
        let answers = Mutex::new(VecDeque::from(row.answers));
        let server = play(move |request, _| match request.is_sign_in() {
            true => answers.lock().unwrap().pop_front().unwrap_or_else(|| refused(418)),
            false => Play::Answer(empty(204)),
        })
        .await;
        let codes = std::sync::atomic::AtomicUsize::new(1);
        let next = move || codes.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string();
        let source = UserLogin::new("101", "password").security_code_with(next);
        let client = builder(&server).token_source(source).build().unwrap();
        let mut succeeded = Vec::new();
        for _ in row.calls {
            succeeded.push(client.trunks().delete(1).await.is_ok());
            later(MINUTE).await;
        }
        let sent: Vec<String> =
            server.recorded().iter().filter(|it| it.is_sign_in()).map(summary).collect();
        assert_eq!(sent, row.sent, "{}", row.what);
        assert_eq!(succeeded, row.calls, "{}", row.what);
        let calls = row.calls.iter().filter(|is_ok| **is_ok).count();
        assert_eq!(server.calls().len(), calls, "{}", row.what);
        let sign_ins: usize = row.sent.iter().map(|sign_in| size(sign_in)).sum();
        assert_eq!(server.bytes(), sign_ins + calls * CALL, "{}", row.what);
    }
}

#[tokio::test]
async fn without_a_refresh_token_that_counts_a_new_code_is_needed() {
    let refused_twice = vec![login("r1"), refused(400), refused(400)];
    let lost = vec![login("r1"), Play::Cut(Vec::new())];
    for (answers, sign_ins) in [(refused_twice, 3), (lost, 2)] {
        let server = play(move |request, number| match request.is_sign_in() {
            // The call stands between the sign-ins.
            true if number == 0 => answers[0].clone(),
            true => answers[number - 1].clone(),
            false => Play::Answer(empty(204)),
        })
        .await;
        let source = UserLogin::new("101", "password").security_code("123456");
        let client = builder(&server).token_source(source).build().unwrap();
        client.trunks().delete(1).await.unwrap();
        later(MINUTE).await;
        for _ in 0..3 {
            let error = client.trunks().delete(1).await.unwrap_err();
            assert!(error.is_second_factor() && error.is_sign_in(), "{error}");
            assert!(!error.is_retryable() && error.attempts() == 0, "{error}");
            assert!(error.to_string().contains("a new sign-in needs a new one"), "{error}");
            later(MINUTE / 30).await;
        }
        assert_eq!((server.sign_ins(), server.calls().len()), (sign_ins, 1));
    }
}
