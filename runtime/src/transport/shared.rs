//! What all calls of a client share.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use tokio::sync::{OnceCell, Semaphore};

use crate::auth::Tokens;
use crate::connection::Connection;
use crate::message::RetryPolicy;
use crate::release::Release;

/// The way to the PBX, with the client's limits. The client and its clones share one.
pub struct Transport {
    pub(crate) connection: Arc<Connection>,
    pub(crate) tokens: Tokens,
    pub(crate) timeout: Duration,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: RetryPolicy,
    /// How many more requests may go out; none if there is no limit.
    pub(crate) permits: Option<Arc<Semaphore>>,
    pub response_limit: usize,
    /// Set once the client has asked the PBX for its release, whatever came of it.
    pub(crate) probed: OnceCell<()>,
}

impl Transport {
    /// Scheme, host and port of the PBX, without a slash at the end.
    pub fn origin(&self) -> &str {
        &self.connection.origin
    }

    /// Where the service is, with a slash at the end.
    pub(crate) fn root(&self) -> &Url {
        &self.connection.root
    }

    /// The PBX's release as far as it is known.
    pub fn release(&self) -> Option<Release> {
        self.connection.release.get()
    }
}
