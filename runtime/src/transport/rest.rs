//! The rest of a file whose transfer broke off (RFC 9110, range requests).

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{
    ACCEPT_RANGES, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, LAST_MODIFIED, RANGE,
};

use super::outgoing::outgoing;
use super::shared::Transport;
use crate::auth::Token;
use crate::error::Error;
use crate::message::PreparedRequest;

/// How to ask for the rest of a file.
pub(super) struct Rest {
    transport: Arc<Transport>,
    request: PreparedRequest,
    /// Tells the file from a later one of the same name.
    validator: HeaderValue,
    /// How often the transfer broke off since it last went on.
    pub(super) failures: u32,
}

impl Rest {
    /// None if the server does not offer it, or if nothing would tell whether the file is still the same.
    pub(super) fn offered(
        transport: &Arc<Transport>,
        request: &PreparedRequest,
        headers: &HeaderMap,
    ) -> Option<Self> {
        let offers = headers.get(ACCEPT_RANGES)?.to_str().ok()?;
        if !offers.split(',').any(|unit| unit.trim().eq_ignore_ascii_case("bytes")) {
            return None;
        }
        // A weak ETag says that two files mean the same, not that they have the same bytes.
        let strong = headers.get(ETAG).filter(|etag| etag.as_bytes().starts_with(b"\""));
        let validator = strong.or_else(|| headers.get(LAST_MODIFIED))?.clone();
        let (transport, request) = (Arc::clone(transport), request.clone());
        Some(Self { transport, request, validator, failures: 0 })
    }

    /// The answer that goes on behind the first `received` bytes, after the pauses of the retry policy; the
    /// error that broke the transfer off if there is none.
    pub(super) async fn fetch(
        &mut self,
        received: u64,
        limit: Duration,
        error: Error,
    ) -> Result<reqwest::Response, Error> {
        let policy = self.request.options.limits.retry.unwrap_or(self.transport.retry);
        loop {
            self.failures += 1;
            let Some(pause) = policy.pause(true, &error, self.failures) else {
                return Err(error);
            };
            tracing::debug!(
                target: "threecx_xapi",
                error = error.kind_name(),
                received,
                "asking for the rest of a file"
            );
            tokio::time::sleep(pause).await;
            match tokio::time::timeout(limit, self.ask(received)).await {
                Ok(Ok(Some(response))) => return Ok(response),
                Ok(Err(again)) if again.is_retryable() => {}
                Err(_) => {}
                Ok(Ok(None) | Err(_)) => return Err(error),
            }
        }
    }

    /// Asks once; none if the answer is not the rest of the same file.
    async fn ask(&self, received: u64) -> Result<Option<reqwest::Response>, Error> {
        let Self { transport, request, validator, .. } = self;
        let token = transport.tokens.current().await?;
        let mut response = self.send(token.as_ref(), received).await?;
        if let (StatusCode::UNAUTHORIZED, Some(refused)) = (response.status(), &token)
            && transport.tokens.can_renew()
            && let Some(renewed) = transport.tokens.renewed(refused, request.info.id).await?
        {
            response = self.send(Some(&renewed), received).await?;
        }
        let headers = response.headers();
        let is_same = [ETAG, LAST_MODIFIED].iter().any(|name| headers.get(name) == Some(validator));
        let range = headers.get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
        let begins = range.is_some_and(|range| range.starts_with(&format!("bytes {received}-")));
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Error::refused(status.as_u16(), headers, &[], &[]));
        }
        let is_rest = status == StatusCode::PARTIAL_CONTENT && begins && is_same;
        Ok(is_rest.then_some(response))
    }

    async fn send(&self, token: Option<&Token>, received: u64) -> Result<reqwest::Response, Error> {
        let mut outgoing = outgoing(&self.request, token)?;
        let headers = outgoing.headers_mut();
        headers.insert(IF_RANGE, self.validator.clone());
        if let Ok(range) = HeaderValue::from_str(&format!("bytes={received}-")) {
            headers.insert(RANGE, range);
        }
        self.transport.connection.send(outgoing).await
    }
}
