//! Whole calls against a small server: a hand-written miniature of the generated code, from the
//! option methods to the bytes on the socket and back to typed values.

mod calls;
mod faults;
pub(crate) mod miniature;
mod server;
mod sign_in;
mod tls;

use crate::{Client, ClientBuilder};
use server::Server;

/// A builder for a client of this server.
fn builder(server: &Server) -> ClientBuilder {
    Client::builder(format!("http://{}", server.address))
}

/// A client that does not sign in.
fn client(server: &Server) -> Client {
    builder(server).token("fixed-token").build().unwrap()
}
