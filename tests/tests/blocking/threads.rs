//! The same over a server that is told what to answer: everything that can be waited for, files and
//! prompts included.

use std::io::Read;
use std::time::Duration;

use tests::server::{Answer, Play, Recorded, Server};
use threecx_xapi::blocking::Wait;
use threecx_xapi::{Client, Error};

use crate::{current_thread, multi_thread};

/// Signs in anyone, and has a user, a list, a recording and a place for prompts.
async fn pbx() -> Server {
    let json = |text: &str| Answer::typed(200, "application/json", text);
    let script = move |request: &Recorded, _| {
        let answer = match request.target.as_str() {
            "/connect/token" => json(r#"{"access_token":"t","expires_in":3600}"#),
            _ if request.header("authorization") != Some("Bearer t") => Answer::empty(401),
            "/xapi/v1/Users?$top=5" => json(r#"{"value":[{"Id":1},{"Id":2}]}"#),
            "/xapi/v1/Users(1)" => json(r#"{"Id":1}"#),
            "/xapi/v1/customPrompts" => json(r#"{"value":"a.wav"}"#),
            "/xapi/v1/Recordings/Pbx.DownloadRecording(recId=1)" | "/a.zip" => {
                Answer { body: vec![7; 300_000], ..Answer::empty(200) }
            }
            "/xapi/v1/Recordings/Pbx.DownloadRecording(recId=2)" => {
                let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nRIFF";
                return Play::Cut(cut.to_vec());
            }
            _ => Answer::empty(404),
        };
        answer.into()
    };
    Server::play(script).await.unwrap()
}

fn client(server: &Server) -> Client {
    Client::builder(server.url())
        .service_principal("id", "secret")
        .max_concurrent_requests(2)
        .build()
        .unwrap()
}

/// Everything that can be waited for.
fn scenario(client: &Client) -> Result<(), Error> {
    let users = client.users().list().top(5).wait()?;
    assert_eq!(users.len(), 2);
    let response = client.users().get(1).send().wait()?;
    assert_eq!((response.status(), response.value.id), (200, Some(1)));
    assert!(client.users().get(9).wait().unwrap_err().is_not_found());

    let recording = |id| client.recordings().download_recording(id);
    assert_eq!(recording(1).wait()?.bytes().wait()?.len(), 300_000);
    let mut file = recording(1).wait()?;
    assert!(file.chunk().wait()?.is_some());
    drop(file);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    assert_eq!(recording(1).wait()?.save_to(&path).wait()?, 300_000);
    assert!(recording(2).wait()?.save_to(&path).wait().unwrap_err().is_retryable());
    assert_eq!(std::fs::read(&path).unwrap(), [7; 300_000]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let mut copied = Vec::new();
    let mut reader = client.download_link("/a.zip").wait()?.into_reader();
    assert_eq!(std::io::copy(&mut reader, &mut copied).unwrap(), 300_000);
    let mut rest = [0; 3];
    assert_eq!(reader.read(&mut rest).unwrap(), 0, "it stays at its end");
    let error = recording(2).wait()?.into_reader().read_to_end(&mut copied).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionAborted);
    assert!(error.get_ref().unwrap().downcast_ref::<Error>().unwrap().is_retryable());

    assert_eq!(client.upload_prompt("a.wav", "RIFF").wait()?.value.as_deref(), Some("a.wav"));
    client.upload_prompt_from("a.wav", &mut &b"RIFF"[..]).wait().map(drop)
}

/// On an async thread: an error that says what to do, and nothing sent.
fn refused(client: &Client) {
    for error in [
        client.users().list().top(5).wait().unwrap_err(),
        client.users().get(1).send().wait().unwrap_err(),
    ] {
        assert!(error.is_usage() && error.to_string().contains("spawn_blocking"), "{error}");
    }
}

#[test]
fn all_can_be_waited_for_outside_a_runtime_on_any_threads() {
    let home = multi_thread();
    let server = home.block_on(pbx());
    let client = client(&server);
    scenario(&client).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| scenario(&client).unwrap());
        }
    });
    assert_eq!(server.sign_ins(), 1, "all threads share the token");
    // None of its two permits is lost: so many files can be open, and no more.
    let recording = || client.recordings().download_recording(1).wait().unwrap();
    let open = [recording(), recording()];
    let limit = Duration::from_millis(20);
    let error = client.users().get(1).timeout(limit).wait().unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 0, "{error}");
    drop(open);
    // A thread that knows a runtime without running in it.
    let _entered = home.enter();
    scenario(&client).unwrap();
}

#[test]
fn all_can_be_waited_for_where_a_runtime_allows_blocking() {
    let home = multi_thread();
    let server = home.block_on(pbx());
    for runtime in [multi_thread(), current_thread()] {
        let client = client(&server);
        runtime.block_on(async {
            let blocking = client.clone();
            tokio::task::spawn_blocking(move || scenario(&blocking)).await.unwrap().unwrap();
            client.users().get(1).await.unwrap();
        });
    }
    let client = client(&server);
    let blocking = client.clone();
    let work = async move { tokio::task::block_in_place(|| scenario(&blocking)) };
    home.block_on(async { tokio::spawn(work).await }).unwrap().unwrap();
    scenario(&client).unwrap();
}

#[test]
fn waiting_on_an_async_thread_is_no_panic_and_no_deadlock() {
    let home = multi_thread();
    let server = home.block_on(pbx());
    for runtime in [multi_thread(), current_thread()] {
        let client = client(&server);
        runtime.block_on(async {
            refused(&client);
            let (task, local) = (client.clone(), client.clone());
            tokio::spawn(async move { refused(&task) }).await.unwrap();
            tokio::task::LocalSet::new().run_until(async move { refused(&local) }).await;
            let file = client.recordings().download_recording(1).await.unwrap();
            let error = file.into_reader().read(&mut [0; 9]).unwrap_err();
            assert!(error.to_string().contains("spawn_blocking"), "{error}");
            // Neither the client nor the task's budget has suffered.
            for _ in 0..300 {
                refused(&client);
            }
            client.users().get(1).await.unwrap();
        });
    }
    let lines = server.recorded().into_iter().map(|request| request.target);
    assert_eq!(lines.filter(|line| line.contains("top")).count(), 0, "nothing was sent");
}

#[test]
fn waiting_outlives_a_runtime_that_made_connections() {
    let home = multi_thread();
    let server = home.block_on(pbx());
    let client = client(&server);
    let other = multi_thread();
    other.block_on(async { client.users().get(1).await }).unwrap();
    drop(other);
    scenario(&client).unwrap();
    // And the other way round: the connections of waiting calls serve an async one.
    home.block_on(async { client.users().get(1).await }).unwrap();
}
