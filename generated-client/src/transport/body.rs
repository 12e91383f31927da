//! The body of a successful reply, whole or read on demand.

use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use crate::client::Client;
use crate::error::Error;
use crate::operation::OperationInfo;

/// The body of a successful reply.
pub(crate) enum Body {
    Whole(Bytes),
    Stream(Box<Stream>),
}

/// A body that is read on demand.
pub(crate) struct Stream {
    pub(super) response: reqwest::Response,
    pub(super) client: Client,
    /// The longest wait for the next chunk.
    pub(super) idle: Duration,
    pub(super) info: OperationInfo,
    /// Held until the body is read: it keeps its connection busy.
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

impl Stream {
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let host = &self.client.wire().host;
        let error = match tokio::time::timeout(self.idle, self.response.chunk()).await {
            Ok(Ok(Some(chunk))) => return Ok(Some(chunk)),
            Ok(Ok(None)) => {
                self.permit = None;
                return Ok(None);
            }
            Ok(Err(error)) => Error::transport(error, host),
            Err(_) => Error::timeout(self.idle, host),
        };
        self.permit = None;
        Err(error.in_operation(self.info))
    }

    /// The most bytes that may be held in memory.
    pub(crate) fn limit(&self) -> usize {
        self.client.response_limit()
    }
}
