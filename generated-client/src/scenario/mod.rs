//! Whole calls against a small server: a hand-written miniature of the generated code, from the
//! option methods to the bytes on the socket and back to typed values.

#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod canary;
mod faults;
mod files;
mod limits;
mod memory;
pub(crate) mod miniature;
mod observability;
mod routing;
mod server;
mod sign_in;
mod sources;
mod table;
mod tls;

use std::time::Duration;

use crate::{Client, ClientBuilder, RetryPolicy};
use server::Server;

/// A builder for a client of this server that hardly waits between its attempts.
fn builder(server: &Server) -> ClientBuilder {
    Client::builder(format!("http://{}", server.address))
        .retry(RetryPolicy::default().base_delay(Duration::from_millis(1)))
}

/// A client that does not sign in.
fn client(server: &Server) -> Client {
    builder(server).token("fixed-token").build().unwrap()
}
