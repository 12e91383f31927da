//! Failures below HTTP, for a client that runs over a function.

use super::Error;
use super::kind::{Kind, Network};

/// A failure below HTTP, for tests.
///
/// A function that takes the place of the network
/// ([`ClientBuilder::answered_by`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.ClientBuilder.html#method.answered_by)) returns it as an [`Error`], to
/// test what a program does when its PBX cannot be reached.
///
/// ```
/// use threecx_xapi::Error;
/// use threecx_xapi::error::Fault;
///
/// let error = Error::from(Fault::Connect);
/// assert!(error.is_connect() && error.is_retryable());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The client gets no connection, so it sends nothing: [`Error::is_connect`].
    Connect,
    /// The client does not trust the server's certificate: [`Error::is_tls`].
    Tls,
    /// The answer does not come in time: [`Error::is_timeout`].
    Timeout,
    /// The connection breaks before the answer is complete: [`Error::is_interrupted`].
    Interrupted,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        let network = Network { host: None, timed_out: fault == Fault::Timeout };
        let (kind, message) = match fault {
            Fault::Connect => (Kind::Connect(network), "no connection"),
            Fault::Tls => (Kind::Tls(network), "the certificate is not trusted"),
            Fault::Timeout => (Kind::Timeout(network), "no complete answer"),
            Fault::Interrupted => (Kind::Interrupted(network), "the answer broke off"),
        };
        Self::new(kind, message)
    }
}
