//! An error whose body stalls: the status is known, and counts.

use std::time::Duration;

use tests::server::{Play, Recorded};
use threecx_xapi::{Client, Error};

use crate::{builder, play};

const LIMIT: Duration = Duration::from_millis(200);

/// Headers that announce more than comes.
fn refused(status: &str, body: &str) -> Play {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"
    );
    Play::Stall(format!("{head}{body}").into_bytes())
}

type Calls = fn(&Client) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + '_>>;

#[tokio::test]
async fn an_error_body_that_stalls_does_not_hide_the_status() {
    let calls: [(&str, Calls); 5] = [
        ("GET", |pbx| Box::pin(async { pbx.users().get(1).await.map(drop) })),
        ("DELETE", |pbx| Box::pin(async { pbx.users().delete(1).await })),
        ("DELETE within its time", |pbx| {
            Box::pin(async { pbx.users().delete(1).timeout(LIMIT).await })
        }),
        ("a file", |pbx| {
            Box::pin(async { pbx.recordings().download_recording(1).await.map(drop) })
        }),
        ("a walk", |pbx| {
            Box::pin(async { pbx.users().list().items().next().await.unwrap().map(drop) })
        }),
    ];
    for (name, call) in calls {
        for (status, requests) in [("403 Forbidden", 1), ("409 Conflict", 1), ("400 Bad", 1)] {
            for body in ["", r#"{"error":{"code":"","message":"Half"#] {
                let server = play(move |_, _| refused(status, body)).await;
                let client = builder(&server).token("t").attempt_timeout(LIMIT).build().unwrap();
                let error = call(&client).await.unwrap_err();
                assert_eq!(error.status(), status[..3].parse().ok(), "{name}: {error}");
                assert!(!error.is_timeout(), "{name}: {error}");
                assert_eq!(server.recorded().len(), requests, "{name}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn a_refused_sign_in_that_stalls_is_a_refused_sign_in() {
    let server = play(|request: &Recorded, _| {
        assert!(request.is_sign_in());
        refused("403 Forbidden", r#"{"error":"unauthor"#)
    })
    .await;
    let client = builder(&server).service_principal("id", "secret").attempt_timeout(LIMIT);
    let error = client.build().unwrap().users().get(1).await.unwrap_err();
    assert_eq!(error.status(), Some(403), "{error}");
    assert!(error.is_sign_in() && !error.is_timeout(), "{error}");
    assert_eq!(server.recorded().len(), 1);
}
