//! What the sign-in and the core share: the HTTP client and where it points.

use std::time::Duration;

use bytes::{Bytes, BytesMut};

use crate::error::Error;
use crate::release::Known;

/// The most that is read of an error's body, and the longest that is waited for it.
const ERROR_BODY: usize = 64 * 1024;
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

pub(crate) struct Wire {
    pub(crate) http: reqwest::Client,
    /// Scheme, host and port, without a slash at the end.
    pub(crate) origin: String,
    /// The same for people, with the proxy if there is one.
    pub(crate) host: String,
    /// The PBX's release.
    pub(crate) release: Known,
}

impl Wire {
    /// Sends one request, once. Every answer that names the PBX's release is believed.
    pub(crate) async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Error> {
        let sent = self.http.execute(request).await;
        let response = sent.map_err(|error| Error::transport(error, &self.host))?;
        let version = response.headers().get("x-3cx-version").and_then(|it| it.to_str().ok());
        if let Some(release) = version.and_then(|version| version.parse().ok()) {
            self.release.learn(release);
        }
        Ok(response)
    }

    /// Reads a body whole, or fails as soon as it is known to pass the limit.
    pub(crate) async fn read(
        &self,
        response: &mut reqwest::Response,
        limit: usize,
    ) -> Result<Bytes, Error> {
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |length| length > limit) {
            return Err(Error::too_large(limit));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| Error::transport(error, &self.host))?
        {
            if chunk.len() > limit - body.len() {
                return Err(Error::too_large(limit));
            }
            // The announced length is the server's word: memory is taken only once bytes arrive.
            if body.is_empty() {
                body.reserve(usize::try_from(announced).unwrap_or(0));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// The error that a refusing answer stands for, without the secrets that it echoes. A body that
    /// breaks off or stalls is used as far as it came: the status says most.
    pub(crate) async fn refusal(&self, mut response: reqwest::Response, secrets: &[&str]) -> Error {
        let mut body = BytesMut::new();
        let read = async {
            while body.len() < ERROR_BODY {
                match response.chunk().await {
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    Ok(None) | Err(_) => break,
                }
            }
        };
        let _ = tokio::time::timeout(ERROR_BODY_TIME, read).await;
        body.truncate(ERROR_BODY);
        Error::refused(response.status().as_u16(), response.headers(), &body, secrets)
    }
}
