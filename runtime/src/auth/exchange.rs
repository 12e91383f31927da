//! What all sources share: one request to the PBX, and a token read from its answer.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str};
use reqwest::header::{ACCEPT, DATE, HeaderMap, HeaderValue, SET_COOKIE};
use secrecy::SecretString;
use serde_json::Value;

use super::lifetime;
use super::token::AccessToken;
use crate::connection::Connection;
use crate::error::{Error, http_date};

/// What is encoded in a form and a query: all but the unreserved characters.
pub(super) const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The most that is read of a sign-in's answer.
const ANSWER: usize = 1024 * 1024;
/// The cookie in which the web client keeps its refresh token.
pub(super) const REFRESH_COOKIE: &str = "RefreshTokenCookie";

/// The PBX as a [`TokenSource`](super::TokenSource) reaches it: with the client's TLS, proxy and
/// limits, but without a token.
#[derive(Clone)]
pub struct SignIn {
    pub(super) connection: Arc<Connection>,
    /// The limit of time for a sign-in.
    pub(super) limit: Duration,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("origin", &self.origin()).finish()
    }
}

/// What came back, whatever the status.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: HeaderMap,
    body: Bytes,
    /// What the connection has sent and nobody may see.
    secrets: Vec<String>,
}

impl SignIn {
    /// Scheme, host and port of the PBX, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.connection.origin
    }

    /// The path where the PBX gives tokens, as 3CX's API document says: `/connect/token`.
    #[must_use]
    pub fn token_path(&self) -> &str {
        self.connection.service.token_path
    }

    /// Posts a body with these headers, one of which is its type.
    pub(super) async fn post(
        &self,
        path: &str,
        headers: HeaderMap,
        body: String,
    ) -> Result<Answer, Error> {
        let connection = &*self.connection;
        // Without the slash, a path such as `@host` would lead elsewhere.
        let url = path.strip_prefix('/').map(|path| format!("{}/{path}", connection.origin));
        let url = url
            .and_then(|url| reqwest::Url::parse(&url).ok())
            .ok_or_else(|| Error::configuration("the path of a sign-in must begin with a slash"))?;
        let mut request = reqwest::Request::new(reqwest::Method::POST, url);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        request.headers_mut().extend(headers);
        *request.body_mut() = Some(body.into());
        let mut response = connection.send(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let body = if status.is_success() {
            connection.read(&mut response, ANSWER).await?
        } else {
            // A part of the limit, so that the status is known before it passes.
            connection.read_error(&mut response, self.limit / 4).await
        };
        Ok(Answer { status: status.as_u16(), headers, body, secrets: connection.secrets.clone() })
    }
}

impl Answer {
    pub(super) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(super) fn refusal(&self, secrets: &[&str]) -> Error {
        let known = self.secrets.iter().map(String::as_str);
        let secrets: Vec<&str> = secrets.iter().copied().chain(known).collect();
        Error::refused(self.status, &self.headers, &self.body, &secrets)
    }

    pub(super) fn no_token(&self) -> Error {
        Error::refused_because(
            self.status,
            "the answer to the sign-in holds no token: is the base URL that of a PBX?",
        )
    }

    /// The token in an object with `access_token`.
    pub(super) fn token(&self, json: &Value) -> Option<AccessToken> {
        let text = |name: &str| json[name].as_str().filter(|text| !text.is_empty());
        let access = text("access_token")?;
        let expires_in = match &json["expires_in"] {
            Value::String(text) => text.parse().ok(),
            other => other.as_f64(),
        };
        let date = self.headers.get(DATE).and_then(|date| http_date(date.to_str().ok()?));
        let lifetime =
            lifetime::of(access, expires_in, SystemTime::now(), date.map(SystemTime::from));
        Some(AccessToken {
            text: SecretString::from(access),
            lifetime: Some(lifetime),
            refresh: text("refresh_token").map(SecretString::from).or_else(|| self.cookie()),
        })
    }

    /// The refresh token, where the answer sets it as a cookie.
    fn cookie(&self) -> Option<SecretString> {
        let cookies = self.headers.get_all(SET_COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next()?.split_once('='));
        // Of two that set it, the last one counts.
        let (_, value) = pairs.rfind(|(name, _)| name.trim() == REFRESH_COOKIE)?;
        let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
        Some(SecretString::from(&*value)).filter(|_| !value.is_empty())
    }
}

/// Whether a secret that is good once can still be used after this error: nothing was sent, or what
/// refused it (an IP rule, a wrong address, a limit) does not look at secrets.
pub(super) fn is_unspent(error: &Error) -> bool {
    error.is_connect() || matches!(error.status(), Some(403 | 404 | 429))
}
