//! Whole calls of the client: from the methods of a resource to the bytes on the socket, and back to
//! typed values or an error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod added_settings;
mod answered;
mod bounded_sign_in;
mod bytes;
mod calls;
mod canary;
mod deadlines;
mod false_success;
mod fault_table;
mod faults;
mod files;
mod kept;
mod limits;
mod memory;
mod observability;
mod one;
mod real_answers;
mod renewal;
mod resumed;
mod routing;
#[cfg(unix)]
mod saved;
mod secrets;
mod sign_in;
mod sources;
mod tls;

use std::time::Duration;

use tests::server::{Answer, Play, Recorded, Server};
use threecx_xapi::{Client, ClientBuilder, RetryPolicy};

/// A server that does as the script says; it gets each request with the number of those before it.
async fn play(script: impl Fn(&Recorded, usize) -> Play + Send + Sync + 'static) -> Server {
    Server::play(script).await.unwrap()
}

/// A server that gives everything the same answer.
async fn always(answer: Vec<u8>) -> Server {
    play(move |_, _| Play::Answer(answer.clone())).await
}

/// The only request.
fn only(server: &Server) -> Recorded {
    let recorded = server.recorded();
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    recorded[0].clone()
}

/// The bytes of the value of `User-Agent`, which each request has.
const AGENT: usize = concat!("threecx-xapi/", env!("CARGO_PKG_VERSION")).len();

/// A builder for a client of this server that hardly waits between its attempts.
fn builder(server: &Server) -> ClientBuilder {
    Client::builder(server.url()).retry(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

/// A client that does not sign in.
fn client(server: &Server) -> Client {
    builder(server).token("fixed-token").build().unwrap()
}

/// A whole answer with headers of its own (`"Name: value\r\n"` each).
fn answer_with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let headers = headers.split_terminator("\r\n").filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Answer { status, headers, body: body.as_ref().to_vec() }.bytes()
}

fn json(status: u16, body: impl AsRef<[u8]>) -> Vec<u8> {
    Answer::typed(status, "application/json; odata.metadata=minimal", body.as_ref()).bytes()
}

fn empty(status: u16) -> Vec<u8> {
    Answer::empty(status).bytes()
}

/// Moves the client's clock forward. Nothing may be under way, or its limit of time passes.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Just so many requests can be made at once, since none is under way: so many files can be open,
/// and one more call is not sent.
async fn assert_free(client: &Client, permits: usize) {
    let mut open = Vec::new();
    for _ in 0..permits {
        open.push(client.recordings().download_recording(1).await.unwrap());
    }
    let error = client.users().get(1).timeout(Duration::from_millis(20)).await.unwrap_err();
    assert!(error.is_timeout() && error.attempts() == 0, "{error}");
    assert!(error.to_string().contains("`max_concurrent_requests`"), "{error}");
}
