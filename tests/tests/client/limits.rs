//! What bounds a call: attempts, time, requests at once, the proxy between; and what a call leaves
//! behind that is dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tests::server::{Play, Recorded};
use threecx_xapi::entities::User;
use threecx_xapi::{Client, RetryPolicy};

use crate::{always, answer_with, assert_free, builder, client, empty, json, only, play};

#[tokio::test]
async fn faults_are_repeated_as_often_as_the_policy_says() {
    let server = always(empty(503)).await;
    let fast = RetryPolicy::default().base_delay(Duration::from_millis(1));
    for (policy, attempts) in [
        (fast, 3),
        (RetryPolicy::none(), 1),
        (fast.attempts(0), 1),
        (fast.attempts(5).max_delay(Duration::ZERO), 5),
    ] {
        let before = server.calls().len();
        let client = builder(&server).retry(policy).build().unwrap();
        let error = client.users().get(1).await.unwrap_err();
        assert_eq!(
            (error.attempts(), server.calls().len() - before),
            (attempts, attempts as usize)
        );
        let before = server.calls().len();
        let error = super::client(&server).users().get(1).retry(policy).await.unwrap_err();
        assert_eq!(
            (error.attempts(), server.calls().len() - before),
            (attempts, attempts as usize)
        );
    }
}

#[tokio::test]
async fn reads_are_repeated_and_writes_with_permission() {
    let server = play(|_, _| Play::Cut(Vec::new())).await;
    let client = client(&server);
    let create = || client.users().create(User::default());
    let update = || client.users().update(1, User::default());
    let arrivals = [
        (client.trunks().delete(1).await.unwrap_err(), 3),
        (create().await.unwrap_err(), 1),
        (create().retry_writes().await.unwrap_err(), 3),
        (update().await.unwrap_err(), 1),
        (update().retry_writes().await.unwrap_err(), 3),
    ];
    let mut all = 0;
    for (error, expected) in &arrivals {
        assert!(error.is_interrupted(), "{error}");
        assert_eq!(error.attempts(), *expected, "{error}");
        all += *expected as usize;
    }
    assert_eq!(server.calls().len(), all);
}

#[tokio::test]
async fn a_slow_attempt_is_given_up_and_a_quick_one_succeeds() {
    let server = play(|_, number| match number {
        0 => Play::Stall(Vec::new()),
        _ => Play::Answer(json(200, r#"{"Id":1}"#)),
    })
    .await;
    let call = client(&server).users().get(1).attempt_timeout(Duration::from_millis(50));
    assert_eq!(call.await.unwrap().id, Some(1));
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn the_call_as_a_whole_ends_in_time() {
    let server = play(|_, _| Play::Stall(Vec::new())).await;
    let policy = RetryPolicy::none().attempts(1000);
    let begun = Instant::now();
    let error = client(&server)
        .users()
        .get(1)
        .retry(policy.base_delay(Duration::ZERO))
        .attempt_timeout(Duration::from_millis(20))
        .timeout(Duration::from_millis(300))
        .await
        .unwrap_err();
    assert!(error.is_timeout() && (2..=16).contains(&error.attempts()), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5));

    // A pause that does not fit is not begun.
    let server = always(answer_with(503, "Retry-After: 3600\r\n", "")).await;
    let begun = Instant::now();
    let error = client(&server).users().get(1).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert!(!error.is_timeout() && begun.elapsed() < Duration::from_secs(30));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_requests_are_under_way_than_the_limit_says() {
    let server = play(|request, _| {
        let answer = match request.line().contains("Recordings") {
            true => answer_with(200, "", [0; 64]),
            false => json(200, r#"{"Id":1}"#),
        };
        Play::Late(Duration::from_millis(5), answer)
    })
    .await;
    let client = builder(&server).token("t").max_concurrent_requests(3).build().unwrap();
    let tasks: Vec<_> = (0..9)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.users().get(1).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(server.calls().len(), 9);
    assert_free(&client, 3).await;

    // A file counts until it is read, or dropped.
    let download = || client.recordings().download_recording(1);
    let (mut one, two, three) =
        (download().await.unwrap(), download().await.unwrap(), download().await.unwrap());
    let sent = server.calls().len();
    assert_free(&client, 0).await;
    assert_eq!(server.calls().len(), sent, "it was not sent");
    while one.chunk().await.unwrap().is_some() {}
    drop(two);
    assert_free(&client, 2).await;
    three.bytes().await.unwrap();
    assert_free(&client, 3).await;
    client.users().get(1).await.unwrap();

    let builder = Client::builder("http://localhost").max_concurrent_requests(0);
    assert!(builder.build().unwrap_err().is_usage());
}

#[tokio::test]
async fn a_sign_in_needs_no_permit_of_the_calls_that_wait_for_it() {
    let minted = AtomicUsize::new(0);
    let server = play(move |request: &Recorded, _| {
        Play::Answer(if request.is_sign_in() {
            let number = minted.fetch_add(1, Ordering::SeqCst) + 1;
            json(200, format!(r#"{{"access_token":"token-{number}","expires_in":60}}"#))
        } else if request.header("authorization") == Some("Bearer token-2") {
            empty(204)
        } else {
            empty(401)
        })
    })
    .await;
    let client =
        builder(&server).service_principal("id", "s").max_concurrent_requests(1).build().unwrap();
    let calls = (0..8).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.trunks().delete(1).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    client.trunks().delete(1).await.unwrap();
    assert_eq!(server.sign_ins(), 2);
}

#[tokio::test]
async fn a_proxy_gets_plain_requests_and_tunnels_https() {
    // A proxy gets the whole URL in the request line.
    let proxy = always(json(200, r#"{"Id":1}"#)).await;
    let client = Client::builder("http://pbx.example.com:5000")
        .allow_plain_http()
        .proxy(format!("http://user:secret@{}", proxy.address()))
        .token("t")
        .build()
        .unwrap();
    client.users().get(1).await.unwrap();
    let sent = only(&proxy);
    assert_eq!(sent.line(), "GET http://pbx.example.com:5000/xapi/v1/Users(1)");
    assert_eq!(sent.header("proxy-authorization"), Some("Basic dXNlcjpzZWNyZXQ="));

    // For HTTPS it is asked for a tunnel, and sees no token.
    let proxy = always(answer_with(502, "", "no route, secret")).await;
    let client = Client::builder("https://pbx.example.com:5001")
        .proxy(format!("http://user:secret@{}", proxy.address()))
        .retry(RetryPolicy::none())
        .token("t")
        .build()
        .unwrap();
    let error = client.users().get(1).await.unwrap_err();
    assert!(error.is_connect() && !error.is_tls(), "{error:?}");
    let name =
        format!("https://pbx.example.com:5001 (through the proxy http://{})", proxy.address());
    assert!(error.to_string().contains(&name), "{error}");
    assert!(!format!("{error} {error:?} {client:?}").contains("secret"), "{error:?}");
    let sent = only(&proxy);
    assert_eq!(sent.line(), "CONNECT pbx.example.com:5001");
    assert_eq!(sent.header("authorization"), None);
}

/// Drops calls at random moments, while tokens end and the requests at once are few.
async fn drop_at_random(calls: usize) {
    let minted = AtomicUsize::new(0);
    let revoking = Arc::new(AtomicBool::new(true));
    let revokes = Arc::clone(&revoking);
    let server = play(move |request: &Recorded, number| {
        let answer = if request.is_sign_in() {
            let token = minted.fetch_add(1, Ordering::SeqCst) + 1;
            json(200, format!(r#"{{"access_token":"token-{token}","expires_in":60}}"#))
        } else if revokes.load(Ordering::SeqCst) && number % 50 == 49 {
            // The token was revoked.
            empty(401)
        } else {
            json(200, r#"{"Id":1}"#)
        };
        Play::Late(Duration::from_micros(fastrand::u64(0..400)), answer)
    })
    .await;
    let client = builder(&server)
        .service_principal("id", "s")
        .max_concurrent_requests(4)
        .timeout(Duration::from_secs(60))
        .build()
        .unwrap();
    let dropped = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..calls)
        .map(|_| {
            let (client, dropped) = (client.clone(), Arc::clone(&dropped));
            tokio::spawn(async move {
                let pause = Duration::from_micros(fastrand::u64(0..30_000));
                let call = client.users().get(1);
                if let Ok(outcome) = tokio::time::timeout(pause, call).await {
                    outcome.map(drop).unwrap_or_else(|error| assert!(error.is_unauthorized()));
                } else {
                    dropped.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert!(dropped.load(Ordering::SeqCst) > calls / 10, "{dropped:?}");
    revoking.store(false, Ordering::SeqCst);
    let after = (0..64).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.trunks().delete(1).await })
    });
    for call in after.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    // No permit is lost.
    assert_free(&client, 4).await;
    // One at first, at most one for each 401; none was begun twice.
    let revoked = server.recorded().len() / 50;
    assert!(server.sign_ins() <= 1 + revoked, "{} of {revoked}", server.sign_ins());
}

#[tokio::test]
async fn cancelled_calls_leave_the_client_usable() {
    drop_at_random(1000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_calls_on_many_threads_leave_the_client_usable() {
    drop_at_random(1000).await;
}

#[tokio::test]
async fn a_call_can_be_dropped_at_each_of_its_awaits() {
    let server = play(|request, _| {
        Play::Answer(match request.is_sign_in() {
            true => json(200, r#"{"access_token":"t","expires_in":60}"#),
            false => json(200, r#"{"Id":1}"#),
        })
    })
    .await;
    for polls in 0..40 {
        let client = builder(&server).service_principal("id", "s").max_concurrent_requests(1);
        let client = client.build().unwrap();
        let mut call = client.users().get(1).into_future();
        for _ in 0..polls {
            let poll = std::future::poll_fn(|context| {
                std::task::Poll::Ready(std::future::Future::poll(
                    std::pin::Pin::new(&mut call),
                    context,
                ))
            });
            if poll.await.is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(call);
        // The only permit comes back each time.
        for _ in 0..2 {
            assert_eq!(client.users().get(1).await.unwrap().id, Some(1), "after {polls} polls");
        }
    }
}
