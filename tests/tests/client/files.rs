//! Files in both directions: to a writer, to the disk, behind a link, and up to the PBX.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use tokio::sync::Notify;

use tests::server::{Play, Recorded, Server};
use threecx_xapi::entities::IActionResult;
use threecx_xapi::{Download, Value};

use crate::{always, answer_with, builder, client, empty, json, only, play};

/// Some bytes that are not all alike.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

fn file_answer(content: &[u8]) -> Vec<u8> {
    answer_with(200, "Content-Type: audio/x-wav\r\n", content)
}

/// The same without an announced length.
fn chunked(content: &[u8]) -> Vec<u8> {
    let mut bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for piece in content.chunks(60_000) {
        bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

async fn download(server: &Server) -> Download<IActionResult> {
    client(server).recordings().download_recording(1).await.unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn files_go_to_a_writer_or_a_path_and_report_their_progress() {
    let content = content(600_000);
    let folder = tempfile::tempdir().unwrap();
    for (number, (answer, total)) in [
        (file_answer(&content), Some(600_000)),
        (chunked(&content), None),
        (file_answer(b""), None),
    ]
    .into_iter()
    .enumerate()
    {
        let server = always(answer).await;
        let expected = if number == 2 { &[][..] } else { &content };
        let reports = Arc::new(Mutex::new(Vec::new()));
        for to_path in [false, true] {
            let log = Arc::clone(&reports);
            let file = download(&server).await;
            let file = file.on_progress(move |bytes, of| log.lock().unwrap().push((bytes, of)));
            let path = folder.path().join(format!("{number}.wav"));
            let mut written = Vec::new();
            let length = if to_path {
                file.save_to(&path).await.unwrap()
            } else {
                file.write_to(&mut written).await.unwrap()
            };
            assert_eq!(length, expected.len() as u64);
            let arrived = if to_path { std::fs::read(&path).unwrap() } else { written };
            assert!(arrived == expected, "row {number}");
            let reports = std::mem::take(&mut *reports.lock().unwrap());
            assert!(reports.is_sorted() && reports.iter().all(|(_, of)| *of == total));
            assert_eq!(reports.last().map_or(0, |(bytes, _)| *bytes), length);
        }
    }
    assert_eq!(names(folder.path()), ["0.wav", "1.wav", "2.wav"]);
}

#[tokio::test]
async fn a_file_that_was_there_is_replaced_at_the_end_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    std::fs::write(&path, "old").unwrap();
    let whole = file_answer(&content(100_000));
    let cut = whole[..70_000].to_vec();
    let server = play(move |_, number| match number {
        0 => Play::Cut(cut.clone()),
        _ => Play::Answer(whole.clone()),
    })
    .await;
    assert!(download(&server).await.save_to(&path).await.unwrap_err().is_retryable());
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(download(&server).await.save_to(&path).await.unwrap(), 100_000);
    assert_eq!(std::fs::read(&path).unwrap(), content(100_000));
    assert_eq!(names(folder.path()), ["a.wav"]);
}

#[tokio::test]
async fn files_cut_on_the_way_are_retryable_and_leave_nothing() {
    let (plain, chunked) = (file_answer(&content(500_000)), chunked(&content(500_000)));
    let head = plain.len() - 500_000;
    for bytes in [
        plain[..350_000].to_vec(),
        plain[..head].to_vec(),
        plain[..plain.len() - 1].to_vec(),
        chunked[..350_000].to_vec(),
        chunked[..chunked.len() - 2].to_vec(),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let server = play(move |_, _| Play::Cut(bytes.clone())).await;
        let error = download(&server).await.save_to(folder.path().join("a.wav")).await.unwrap_err();
        assert!(error.is_interrupted() && error.is_retryable(), "{error:?}");
        assert_eq!(error.operation(), Some("DownloadRecording"));
        assert!(names(folder.path()).is_empty());
        let mut written = Vec::new();
        let error = download(&server).await.write_to(&mut written).await.unwrap_err();
        assert!(error.is_retryable() && written.len() <= 500_000, "{error:?}");
    }
}

#[tokio::test]
async fn files_dropped_on_the_way_leave_nothing() {
    let whole = file_answer(&content(1_000_000));
    for sent in [100_000, 700_000] {
        let folder = tempfile::tempdir().unwrap();
        let bytes = whole[..sent].to_vec();
        let server = play(move |_, _| Play::Stall(bytes.clone())).await;
        let note = Arc::new(Notify::new());
        let enough = Arc::clone(&note);
        let file = download(&server).await.on_progress(move |bytes, _| {
            if bytes >= sent as u64 - 200 {
                enough.notify_one();
            }
        });
        let path = folder.path().join("a.wav");
        let mut saving = Box::pin(file.save_to(&path));
        tokio::select! {
            outcome = &mut saving => panic!("the server stands still: {outcome:?}"),
            () = note.notified() => {}
        }
        assert_eq!(names(folder.path()).len(), 1, "it is under way");
        drop(saving);
        assert!(names(folder.path()).is_empty());
    }
}

#[tokio::test]
async fn a_path_or_writer_that_fails_is_a_local_error() {
    let folder = tempfile::tempdir().unwrap();
    let server = always(file_answer(b"RIFF")).await;
    let below: PathBuf = folder.path().join("missing").join("a.wav");
    for (path, part) in [
        (below.as_path(), "a.wav cannot be written"),
        (folder.path(), "there is a folder of this name"),
        (&folder.path().join(".."), "names no file"),
        (Path::new(""), "names no file"),
        (Path::new("/"), "names no file"),
    ] {
        let error = download(&server).await.save_to(path).await.unwrap_err();
        assert!(error.is_local_io() && !error.is_retryable() && !error.is_usage(), "{error:?}");
        assert!(error.to_string().contains(part), "{error}");
        let source = std::error::Error::source(&error).unwrap();
        assert!(source.downcast_ref::<io::Error>().is_some());
    }
    assert!(names(folder.path()).is_empty());

    /// Takes three bytes, then what it was made with.
    struct Full(usize, fn() -> io::Result<usize>);
    impl AsyncWrite for Full {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Poll::Ready(if taken > 0 { Ok(taken) } else { self.1() })
        }
        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }
    for end in [(|| Ok(0)) as fn() -> _, || Err(io::ErrorKind::StorageFull.into())] {
        let error = download(&server).await.write_to(&mut Full(3, end)).await.unwrap_err();
        assert!(error.is_local_io() && !error.is_retryable(), "{error:?}");
        assert_eq!(error.operation(), Some("DownloadRecording"));
    }
    assert_eq!(download(&server).await.write_to(&mut Full(4, || Ok(0))).await.unwrap(), 4);
}

#[tokio::test]
async fn a_link_is_fetched_with_the_token_from_the_pbx_alone() {
    let server = play(|request: &Recorded, _| {
        Play::Answer(if request.line().contains("moved") {
            answer_with(302, "Location: https://canary.example/\r\n", "")
        } else {
            file_answer(b"PK")
        })
    })
    .await;
    let other = always(file_answer(b"PK")).await;
    let client = client(&server);
    let whole = format!("http://{}/backups/b.zip", server.address());
    for (link, target) in [
        ("/backups/a%20b.zip?t=1", "/backups/a%20b.zip?t=1"),
        (&whole, "/backups/b.zip"),
        ("customPrompts/a.wav", "/xapi/v1/customPrompts/a.wav"),
    ] {
        assert_eq!(client.download_link(link).prepare().unwrap().target(), target);
        assert_eq!(&client.download_link(link).await.unwrap().bytes().await.unwrap()[..], b"PK");
        let sent = server.recorded().pop().unwrap();
        assert_eq!(sent.line(), format!("GET {target}"));
        assert_eq!(sent.header("authorization"), Some("Bearer fixed-token"));
        assert_eq!(sent.header("accept"), Some("*/*"));
    }
    for link in
        [format!("http://{}/a.zip", other.address()), format!("//{}/a.zip", other.address())]
    {
        let error = client.download_link(link).await.unwrap_err();
        assert!(error.is_usage() && error.operation() == Some("DownloadLink"), "{error}");
    }
    let error = client.download_link("/moved").await.unwrap_err();
    assert!(error.is_redirect(), "{error}");
    assert!(other.recorded().is_empty());
    assert_eq!(server.recorded().len(), 4);
}

#[tokio::test]
async fn a_prompt_is_uploaded_as_a_form_and_again_after_a_401() {
    let server = play(|request: &Recorded, number| {
        Play::Answer(match (request.is_sign_in(), number) {
            (true, _) => json(200, r#"{"access_token":"t"}"#),
            (false, 1) => empty(401),
            (false, _) => json(200, r#"{"value":"Prompts/a.wav"}"#),
        })
    })
    .await;
    let client = builder(&server).service_principal("id", "secret").build().unwrap();
    let kept_as = client.upload_prompt("C:\\Prompts/Grüße \"1\"\r\n.WAV", "RIFF").await.unwrap();
    assert_eq!(kept_as, Value::from("Prompts/a.wav".to_owned()));
    let sent: Vec<_> = server.recorded().into_iter().filter(|sent| !sent.is_sign_in()).collect();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].body, sent[1].body);
    assert_eq!(sent[1].line(), "POST /xapi/v1/customPrompts");
    let kind = sent[1].header("content-type").unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    assert_eq!(
        sent[1].text(),
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Grüße _1_.WAV\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--{boundary}--\r\n"
        )
    );
    let error = client.upload_prompt("/", "RIFF").await.unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("the name of a file"), "{error}");
    let request = client.upload_prompt("a.wav", vec![0; 10]);
    let prepared = request.prepare().unwrap();
    assert!(prepared.to_string().contains("content-type: multipart/form-data; boundary="));
    assert!(prepared.body().unwrap().windows(10).any(|window| window == [0; 10]));
}

#[tokio::test]
async fn a_prompt_can_come_from_a_reader() {
    let server = always(json(200, r#"{"value":"b.mp3"}"#)).await;
    let client = builder(&server).token("t").response_limit(200_000).build().unwrap();
    let text = "x".repeat(200_000);
    let kept_as = client.upload_prompt_from("b.mp3", &mut text.as_bytes()).await.unwrap();
    assert_eq!(kept_as.value.as_deref(), Some("b.mp3"));
    let sent = only(&server);
    assert!(sent.text().contains(&format!("Content-Type: audio/mpeg\r\n\r\n{text}\r\n--")));

    let larger = vec![0; 200_001];
    let error = client.upload_prompt_from("b.mp3", &mut &larger[..]).await.unwrap_err();
    assert!(error.is_local_io() && error.to_string().contains("200000 bytes"), "{error}");
    let mut broken = broken();
    let error = client.upload_prompt_from("b.mp3", &mut broken).await.unwrap_err();
    assert!(error.is_local_io() && error.operation() == Some("UploadPrompt"), "{error}");
    only(&server);
}

/// A reader that fails.
fn broken() -> impl tokio::io::AsyncRead + Send + Unpin {
    struct Broken;
    impl tokio::io::AsyncRead for Broken {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
        }
    }
    Broken
}
