//! Signing in: when a token is fetched, shared, renewed, and what a refusal does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::server::{Play, Recorded, Server};
use threecx_xapi::{Client, RetryPolicy};

use crate::{always, answer_with, builder, client, empty, json, later, play};

/// As long as the tokens are good.
const MINUTE: Duration = Duration::from_secs(60);

/// Signs in with `token-1`, `token-2`, …; calls pass with one that `accepts`.
async fn pbx(accepts: impl Fn(&str) -> bool + Send + Sync + 'static) -> Server {
    let minted = AtomicUsize::new(0);
    play(move |request: &Recorded, _| {
        Play::Answer(if request.is_sign_in() {
            let number = minted.fetch_add(1, Ordering::SeqCst) + 1;
            json(200, format!(r#"{{"token_type":"Bearer","expires_in":60,"access_token":"token-{number}","refresh_token":null}}"#))
        } else if request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).is_some_and(&accepts) {
            empty(204)
        } else {
            empty(401)
        })
    })
    .await
}

fn principal(server: &Server) -> Client {
    builder(server).service_principal("my client", "s&cret=+%").build().unwrap()
}

async fn call(client: &Client) -> Result<(), threecx_xapi::Error> {
    client.trunks().delete(1).await
}

#[tokio::test]
async fn a_service_principal_signs_in_once_for_many_calls() {
    let server = pbx(|_| true).await;
    let client = principal(&server);
    for _ in 0..3 {
        call(&client.clone()).await.unwrap();
    }
    let received = server.recorded();
    assert_eq!(received.len(), 4);
    assert_eq!(received[0].line(), "POST /connect/token");
    assert_eq!(received[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(received[0].header("authorization"), None);
    assert_eq!(
        received[0].text(),
        "client_id=my%20client&client_secret=s%26cret%3D%2B%25&grant_type=client_credentials"
    );
    assert_eq!(received[3].header("authorization"), Some("Bearer token-1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_share_one_sign_in_and_one_renewal() {
    let server = pbx(|token| token == "token-2").await;
    let client = Arc::new(principal(&server));
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(server.sign_ins(), 2, "one at first, one after the first token was refused");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_then_reported() {
    let server = pbx(|_| false).await;
    let error = call(&principal(&server)).await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_sign_in(), "{error}");
    assert_eq!(error.operation(), Some("DeleteTrunk"));
    let lines: Vec<String> = server.recorded().into_iter().map(|request| request.line()).collect();
    let (sign_in, call) = ("POST /connect/token", "DELETE /xapi/v1/Trunks(1)");
    assert_eq!(lines, [sign_in, call, sign_in, call]);
}

#[tokio::test]
async fn a_fixed_token_is_never_renewed() {
    let server = pbx(|_| false).await;
    let error = call(&client(&server)).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert_eq!((server.recorded().len(), server.sign_ins()), (1, 0));
}

#[tokio::test]
async fn an_expired_token_is_renewed_before_the_call() {
    let minted = AtomicUsize::new(0);
    let server = play(move |request: &Recorded, _| {
        let number = minted.load(Ordering::SeqCst);
        Play::Answer(if request.is_sign_in() {
            minted.fetch_add(1, Ordering::SeqCst);
            json(200, format!(r#"{{"expires_in":60,"access_token":"token-{}"}}"#, number + 1))
        } else if request.header("authorization") == Some(&format!("Bearer token-{number}")) {
            empty(204)
        } else {
            empty(401)
        })
    })
    .await;
    let client = principal(&server);
    call(&client).await.unwrap();
    later(MINUTE).await;
    call(&client).await.unwrap();
    assert_eq!((server.recorded().len(), server.sign_ins()), (4, 2), "no call was refused");
}

#[tokio::test]
async fn a_refused_sign_in_is_not_hammered() {
    let refusal = r#"{"error":"invalid_client","error_description":"no s&cret=+% here"}"#;
    let server = always(json(401, refusal)).await;
    let client = principal(&server);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client).await.unwrap_err() })
        })
        .collect();
    for task in tasks {
        let error = task.await.unwrap();
        assert!(error.is_unauthorized() && error.is_sign_in() && !error.is_retryable(), "{error}");
        assert_eq!(
            (error.code(), error.status(), error.operation()),
            (Some("invalid_client"), Some(401), Some("DeleteTrunk"))
        );
        assert_eq!(error.message(), Some("no [redacted] here"));
        assert!(error.to_string().contains("Check client id and secret"), "{error}");
    }
    call(&client).await.unwrap_err();
    assert_eq!(server.recorded().len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_used_is_an_error_that_says_so() {
    for (answer, status, part) in [
        (empty(403), Some(403), "licence"),
        (empty(500), Some(500), "restarting"),
        (json(400, r#"{"error":"unsupported_grant_type"}"#), Some(400), "unsupported_grant_type"),
        (json(200, r#"{"token_type":"Bearer"}"#), Some(200), "no token"),
        (json(200, r#"{"access_token":""}"#), Some(200), "no token"),
        (json(200, r#"{"access_token":"a\nb"}"#), None, "header"),
        (json(200, "<html>"), Some(200), "base URL"),
        (empty(302), Some(302), "sign-in failed"),
    ] {
        let server = always(answer).await;
        let error = call(&principal(&server)).await.unwrap_err();
        assert!(error.is_sign_in() && error.to_string().contains(part), "{error}");
        assert_eq!(error.status(), status);
        assert_eq!(server.recorded().len(), 1, "no call goes out without a token");
    }
}

#[tokio::test]
async fn a_sign_in_that_was_cut_off_is_tried_again_by_the_next_call() {
    let server = play(|request, number| match (request.is_sign_in(), number) {
        (true, 0) => Play::Cut(Vec::new()),
        (true, _) => Play::Answer(json(200, r#"{"access_token":"t"}"#)),
        (false, _) => Play::Answer(empty(204)),
    })
    .await;
    let retry = RetryPolicy::none().base_delay(Duration::ZERO);
    let client = builder(&server).service_principal("id", "s").retry(retry).build().unwrap();
    let error = call(&client).await.unwrap_err();
    assert!(
        error.is_sign_in()
            && error.is_interrupted()
            && error.is_retryable()
            && !error.is_unauthorized(),
        "{error}"
    );
    call(&client).await.unwrap();
}

#[tokio::test]
async fn a_cancelled_sign_in_leaves_the_client_usable() {
    let server = play(|request, number| match (request.is_sign_in(), number) {
        (true, 0) => Play::Stall(Vec::new()),
        (true, _) => Play::Answer(json(200, r#"{"access_token":"t"}"#)),
        (false, _) => Play::Answer(empty(204)),
    })
    .await;
    let limit = Duration::from_millis(100);
    let client =
        builder(&server).service_principal("id", "s").attempt_timeout(limit).build().unwrap();
    let error = client.trunks().delete(1).timeout(limit / 2).await.unwrap_err();
    assert!(error.is_timeout() && error.is_sign_in() && error.attempts() == 0, "{error}");
    call(&client).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_outlives_the_call_that_began_it() {
    let server = play(|request, _| match request.is_sign_in() {
        true => Play::Late(Duration::from_millis(100), json(200, r#"{"access_token":"t"}"#)),
        false => Play::Answer(empty(204)),
    })
    .await;
    let client = principal(&server);
    let limit = Duration::from_millis(20);
    assert!(client.trunks().delete(1).timeout(limit).await.unwrap_err().is_timeout());
    call(&client).await.unwrap();
    assert_eq!(server.sign_ins(), 1, "the PBX would have dropped the first token");
}

/// Signs in with tokens of which only the newest is valid, until `revoke` drops that too. The first
/// ends after `seconds`.
async fn strict(seconds: f64, revoke: Arc<AtomicUsize>) -> Server {
    let minted = AtomicUsize::new(0);
    play(move |request: &Recorded, _| {
        Play::Answer(if request.is_sign_in() {
            let number = minted.fetch_add(1, Ordering::SeqCst) + 1;
            let seconds = if number == 1 { seconds } else { 3600.0 };
            json(200, format!(r#"{{"expires_in":{seconds},"access_token":"token-{number}"}}"#))
        } else {
            let newest = minted.load(Ordering::SeqCst);
            let valid = newest > revoke.load(Ordering::SeqCst)
                && request.header("authorization") == Some(&format!("Bearer token-{newest}"));
            empty(if valid { 204 } else { 401 })
        })
    })
    .await
}

async fn all_succeed(clients: &[&Client]) {
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let client = clients[task % clients.len()].clone();
            tokio::spawn(async move { call(&client).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn many_tasks_with_an_expired_token_renew_it_once() {
    let revoked = Arc::new(AtomicUsize::new(0));
    let server = strict(60.0, Arc::clone(&revoked)).await;
    let client = principal(&server);
    call(&client).await.unwrap();
    later(MINUTE).await;
    all_succeed(&[&client]).await;
    assert_eq!(
        (server.sign_ins(), server.calls().len()),
        (2, 65),
        "no call went out with the old token"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_over_two_clones_renew_a_revoked_token_once() {
    let revoked = Arc::new(AtomicUsize::new(0));
    let server = strict(3600.0, Arc::clone(&revoked)).await;
    let client = principal(&server);
    let clone = client.clone();
    for round in 1..=3 {
        all_succeed(&[&client, &clone]).await;
        assert_eq!(server.sign_ins(), round);
        revoked.store(round, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn a_renewal_that_fails_early_leaves_the_token_in_use() {
    let signed_in = AtomicUsize::new(0);
    let server = play(move |request: &Recorded, _| {
        Play::Answer(match request.is_sign_in() {
            // In its last fifth the token is renewed, which fails, while it is still good.
            true if signed_in.fetch_add(1, Ordering::SeqCst) == 0 => {
                json(200, r#"{"expires_in":60,"access_token":"t"}"#)
            }
            true => json(503, ""),
            false => empty(204),
        })
    })
    .await;
    let client = principal(&server);
    call(&client).await.unwrap();
    later(MINUTE * 5 / 6).await;
    call(&client).await.unwrap();
    call(&client).await.unwrap();
    assert_eq!(server.sign_ins(), 2, "the failed renewal is not repeated with each call");
}

#[tokio::test]
async fn a_clock_that_is_off_does_not_expire_every_token() {
    // {"iat":1000000000,"exp":1000003600}: the PBX's clock stands in 2001.
    let jwt = "e30.eyJpYXQiOjEwMDAwMDAwMDAsImV4cCI6MTAwMDAwMzYwMH0.c2ln";
    for date in ["", "Date: Sun, 09 Sep 2001 01:46:40 GMT\r\n"] {
        let server = play(move |request, _| {
            Play::Answer(match request.is_sign_in() {
                true => {
                    answer_with(200, date, format!(r#"{{"expires_in":60,"access_token":"{jwt}"}}"#))
                }
                false => empty(204),
            })
        })
        .await;
        let client = principal(&server);
        for _ in 0..3 {
            call(&client).await.unwrap();
        }
        assert_eq!((server.calls().len(), server.sign_ins()), (3, 1), "{date}");
    }
}
