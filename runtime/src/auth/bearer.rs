//! The token as requests carry it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use super::lifetime;
use super::token::AccessToken;
use crate::error::Error;

/// A bearer token, cheap to clone.
#[derive(Clone)]
pub(crate) struct Token {
    bearer: Arc<Bearer>,
    /// The number of the sign-in that brought it. It tells tokens apart without comparing secrets.
    pub(super) serial: u64,
    /// `None` means that the client never renews it.
    pub(super) renew_at: Option<Instant>,
    pub(super) ends_at: Option<Instant>,
}

struct Bearer {
    text: SecretString,
    header: HeaderValue,
    /// Whether the PBX has answered a call that carried it.
    accepted: AtomicBool,
}

impl Token {
    pub(super) fn new(text: SecretString, serial: u64) -> Result<Self, Error> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", text.expose_secret()))
            .map_err(|_| {
                Error::configuration("the token has characters that a header cannot carry")
            })?;
        header.set_sensitive(true);
        let bearer = Arc::new(Bearer { text, header, accepted: AtomicBool::new(false) });
        Ok(Self { bearer, serial, renew_at: None, ends_at: None })
    }

    pub(super) fn fetched(token: AccessToken, serial: u64) -> Result<Self, Error> {
        let text = token.text.expose_secret();
        let lifetime = match token.lifetime {
            Some(lifetime) => lifetime,
            None => lifetime::of(text, None, std::time::SystemTime::now(), None),
        };
        let lifetime = lifetime.clamp(lifetime::SHORTEST, lifetime::LONGEST);
        tracing::debug!(target: "threecx_xapi", lifetime_s = lifetime.as_secs(), "signed in");
        let now = Instant::now();
        let mut this = Self::new(token.text, serial).map_err(Error::from_token_source)?;
        this.renew_at = now.checked_add(lifetime::with_margin(lifetime));
        this.ends_at = now.checked_add(lifetime);
        Ok(this)
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.bearer.header.clone()
    }

    pub(crate) fn expose(&self) -> &str {
        self.bearer.text.expose_secret()
    }

    pub(super) fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }

    pub(super) fn accept(&self) {
        self.bearer.accepted.store(true, Ordering::Relaxed);
    }

    pub(crate) fn was_accepted(&self) -> bool {
        self.bearer.accepted.load(Ordering::Relaxed)
    }
}
