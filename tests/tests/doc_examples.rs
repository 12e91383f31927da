//! The examples of the documentation that need a PBX, run against the fake one. The compiler has seen
//! them where they stand; here they do what they say. Each of their lines must stand here too, so that
//! neither can change alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use secrecy::{ExposeSecret, SecretString};
use tests::fake_pbx::{DEMO_CLIENT, DEMO_USER, FakePbx};
use tests::raw::send;
use threecx_xapi::Client;
use threecx_xapi::auth::{SignIn, TokenFuture, TokenSource};
use threecx_xapi::edm::{DateTimeOffset, Duration};
use threecx_xapi::entities::User;

type Outcome = Result<(), Box<dyn std::error::Error>>;

async fn bench() -> (FakePbx, Client) {
    let fake = FakePbx::builder().users(250).recordings(120, 1).call_log(500).start();
    let fake = fake.await.unwrap();
    let (id, secret) = DEMO_CLIENT;
    let client = Client::builder(fake.url()).service_principal(id, secret).build().unwrap();
    (fake, client)
}

#[tokio::test]
async fn items_leads_through_all_pages() -> Outcome {
    let (fake, pbx) = bench().await;
    let mut users = pbx.users().list().select((User::ID, User::NUMBER)).items();
    while let Some(user) = users.next().await {
        println!("{:?}", user?.number);
    }
    assert_eq!(fake.calls().len(), 3, "250 users in pages of 100");
    Ok(())
}

#[tokio::test]
async fn all_makes_a_list_of_every_page() -> Outcome {
    let (_fake, pbx) = bench().await;
    let groups = pbx.groups().list().all(500).await?;
    assert_eq!(groups.len(), 3);
    Ok(())
}

#[tokio::test]
async fn by_key_goes_on_where_it_was_stored() -> Outcome {
    let (_fake, pbx) = bench().await;
    let mut stored: Option<String> = None;
    for expected in [120, 0] {
        let mut seen = 0;
        let mut recordings = pbx.recordings().list().by_key().items();
        if let Some(stored) = stored {
            recordings = recordings.resume(stored.parse()?);
        }
        while let Some(recording) = recordings.next().await.transpose()? {
            println!("{:?}", recording.recording_url);
            seen += 1;
        }
        let _to_store = recordings.continuation().to_string();
        stored = Some(_to_store);
        assert_eq!(seen, expected);
    }
    Ok(())
}

#[tokio::test]
async fn the_call_log_of_a_period_is_read() -> Outcome {
    let (fake, pbx) = bench().await;
    let from: DateTimeOffset = "2026-02-01T00:00:00+01:00".parse()?;
    let to = "2026-03-01T00:00:00+01:00".parse()?;
    let mut calls = pbx.call_log(from..to).source_filter("101").items();
    while let Some(call) = calls.next().await {
        let call = call?;
        println!("{:?} {:?}", call.start_time, call.destination_caller_id);
    }
    assert!(fake.calls().len() >= 28, "a window a day");
    let minute = std::time::Duration::from_secs(60);
    let calls = pbx.call_log(from..to).with(move |call| call.timeout(minute)).all(10_000).await?;
    assert!(calls.len() <= 500);
    Ok(())
}

#[tokio::test]
async fn a_blocking_call_waits_for_its_answer() -> Outcome {
    let (fake, pbx) = bench().await;
    let folder = std::env::temp_dir().join(format!("threecx-xapi-example-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("981.wav");
    let saved = file.clone();
    let waited = tokio::task::spawn_blocking(move || -> threecx_xapi::Result<usize> {
        use threecx_xapi::blocking::Wait;

        let mut seen = 0;
        for user in pbx.users().list().top(5).wait()? {
            println!("{:?}", user.number);
            seen += 1;
        }
        for user in pbx.users().list().items().wait() {
            println!("{:?}", user?.number);
            seen += 1;
        }
        pbx.recordings().download_recording(981).wait()?.save_to(saved).wait()?;
        Ok(seen)
    });
    assert_eq!(waited.await??, 255);
    assert_eq!(std::fs::metadata(&file)?.len(), 1);
    std::fs::remove_dir_all(folder)?;
    drop(fake);
    Ok(())
}

/// Goes on with the session of a browser, through a gateway that asks for a key.
struct Browser {
    session: SecretString,
    gateway_key: SecretString,
}

impl TokenSource for Browser {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            pbx.request("/connect/token")
                .header("X-Gateway-Key", self.gateway_key.expose_secret())
                .cookie("RefreshTokenCookie", self.session.expose_secret())
                .field("client_id", "Webclient")
                .field("grant_type", "refresh_token")
                .send()
                .await
        })
    }
}

#[tokio::test]
async fn a_call_log_goes_on_where_it_was_stored() -> Outcome {
    let (_fake, pbx) = bench().await;
    let start: DateTimeOffset = "2026-01-01T00:00:00Z".parse()?;
    let end = start + Duration::days(2);
    let mut first = pbx.call_log(start..end).items();
    assert_eq!(first.next().await.transpose()?.and_then(|call| call.call_id), Some(1));
    let stored = Some(first.continuation().to_string());

    let mut calls = pbx.call_log(start..end).items();
    if let Some(stored) = stored {
        calls = calls.resume(stored.parse()?);
    }
    while let Some(call) = calls.next().await.transpose()? {
        let progress = calls.progress();
        println!("{:?}, day {} of {}", call.call_id, progress.windows + 1, progress.of_windows);
    }
    let _to_store = calls.continuation().to_string();
    assert_eq!(calls.progress().rows, 500);
    Ok(())
}

#[tokio::test]
async fn a_source_of_ones_own_sends_headers_and_cookies() -> Outcome {
    let fake = FakePbx::builder().start().await?;
    let body = format!(r#"{{"Username":"{}","Password":"{}"}}"#, DEMO_USER.0, DEMO_USER.1);
    let path = "/webclient/api/Login/GetAccessToken";
    let login = send(fake.url(), "POST", path, &[], body.as_bytes()).await?.json();
    let session = login["Token"]["refresh_token"].as_str().unwrap().into();
    let gateway_key = "key".into();
    let source = Browser { session, gateway_key };
    let pbx = Client::builder(fake.url()).token_source(source).build()?;
    assert_eq!(pbx.my_user().get().await?.number.as_deref(), Some(DEMO_USER.0));
    assert_eq!(fake.requests()[1].header("x-gateway-key"), Some("key"));
    Ok(())
}

#[test]
fn each_line_of_the_examples_stands_here() {
    let here: String = include_str!("doc_examples.rs").split_whitespace().collect();
    let examples = [
        "generated-client/src/paging.rs",
        "generated-client/src/recipes/call_log/mod.rs",
        "runtime/src/blocking/mod.rs",
        "runtime/src/auth/token_request.rs",
    ];
    // What stands for the set-up above.
    let set_up = ["use ", "let pbx = Client::builder(", ".service_principal(", ".build()?;"];
    let mut lines = 0;
    for file in examples {
        let text = std::fs::read_to_string(tests::root().join(file)).unwrap();
        let mut inside = false;
        for line in text.lines() {
            let line = line.trim();
            let line = line.trim_start_matches("//!").trim_start_matches("///").trim();
            if line.starts_with("```") {
                inside = line == "```no_run";
                continue;
            }
            let hidden = line.starts_with('#') || set_up.iter().any(|it| line.starts_with(it));
            if !inside || hidden || line.is_empty() {
                continue;
            }
            // The one file that is written has its place here.
            let line = line.replace("save_to(\"981.wav\")", "save_to(saved)");
            let dense: String = line.split_whitespace().collect();
            assert!(here.contains(&dense), "{file}: {line}");
            lines += 1;
        }
    }
    assert!(lines > 20, "{lines}");
}
