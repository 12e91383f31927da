//! The body of a reply that the client reads on demand.

use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;

use super::rest::Rest;
use crate::error::Error;
use crate::info::OperationInfo;
use crate::message::Chunks;

/// A body on its way.
pub(super) struct Incoming {
    pub(super) response: reqwest::Response,
    /// What has been read of the body and not handed out.
    pub(super) begun: Option<Bytes>,
    /// Scheme, host and port for people.
    pub(super) host: String,
    /// The most bytes that may be held in memory.
    pub(super) limit: usize,
    /// The longest wait for the next chunk.
    pub(super) idle: Duration,
    pub(super) info: OperationInfo,
    /// Held until the body is read: it keeps its connection busy.
    pub(super) permit: Option<OwnedSemaphorePermit>,
    /// How many bytes were handed out.
    pub(super) received: u64,
    /// How to get the rest of a body that breaks off, if the server offers that.
    pub(super) rest: Option<Rest>,
}

impl Incoming {
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let error = match self.read().await {
                Ok(Some(chunk)) => {
                    self.received += chunk.len() as u64;
                    if let Some(rest) = &mut self.rest {
                        rest.failures = 0;
                    }
                    return Ok(Some(chunk));
                }
                Ok(None) => {
                    self.permit = None;
                    return Ok(None);
                }
                Err(error) => error,
            };
            match self.rest_of(error).await {
                Ok(response) => self.response = response,
                Err(error) => {
                    self.permit = None;
                    return Err(error.in_operation(self.info));
                }
            }
        }
    }

    async fn read(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(begun) = self.begun.take() {
            return Ok(Some(begun));
        }
        match tokio::time::timeout(self.idle, self.response.chunk()).await {
            Ok(chunk) => chunk.map_err(|error| Error::transport(error, &self.host)),
            Err(_) => Err(Error::timeout(self.idle, &self.host)),
        }
    }

    async fn rest_of(&mut self, error: Error) -> Result<reqwest::Response, Error> {
        match &mut self.rest {
            Some(rest) => rest.fetch(self.received, self.idle, error).await,
            None => Err(error),
        }
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
