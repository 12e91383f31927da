//! The body of a reply that the client reads on demand.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;

use crate::connection::Connection;
use crate::error::Error;
use crate::info::OperationInfo;
use crate::message::Chunks;

/// A body on its way.
pub(super) struct Incoming {
    pub(super) response: reqwest::Response,
    /// What has been read of the body and not handed out.
    pub(super) begun: Option<Bytes>,
    pub(super) connection: Arc<Connection>,
    /// The most bytes that may be held in memory.
    pub(super) limit: usize,
    /// The longest wait for the next chunk.
    pub(super) idle: Duration,
    pub(super) info: OperationInfo,
    /// Held until the body is read: it keeps its connection busy.
    pub(super) permit: Option<OwnedSemaphorePermit>,
}

impl Incoming {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(begun) = self.begun.take() {
            return Ok(Some(begun));
        }
        let host = &self.connection.host;
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
}

impl Chunks for Incoming {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Bytes>, Error>> {
        Box::pin(self.chunk())
    }

    fn limit(&self) -> usize {
        self.limit
    }
}
