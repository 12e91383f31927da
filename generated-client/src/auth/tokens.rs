//! The one token of a client and its clones: fetched by one task while the others wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tracing::Instrument;

use super::exchange::SignIn;
use super::lifetime;
use super::source::TokenSource;
use super::token::AccessToken;
use crate::connection::Connection;
use crate::error::Error;

/// The wait after a refused sign-in before the next one. It doubles with each refusal in a row.
const REFUSAL_HOLD: Duration = Duration::from_secs(5);
/// Upper bound on the wait before another sign-in, including Retry-After.
const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// How a client signs in.
pub(crate) enum Credentials {
    /// Requests go out without a token.
    None,
    Fixed(SecretString),
    Source(Arc<dyn TokenSource>),
}

/// A bearer token, cheap to clone.
#[derive(Clone)]
pub(crate) struct Token {
    text: Arc<SecretString>,
    header: HeaderValue,
    /// Tells tokens apart without comparing secrets.
    serial: u64,
    /// `None` means that the client never renews it.
    renew_at: Option<Instant>,
    ends_at: Option<Instant>,
}

impl Token {
    fn new(text: SecretString, serial: u64) -> Result<Self, Error> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", text.expose_secret()))
            .map_err(|_| {
                Error::configuration("the token has characters that a header cannot carry")
            })?;
        header.set_sensitive(true);
        Ok(Self { text: Arc::new(text), header, serial, renew_at: None, ends_at: None })
    }

    fn fetched(token: AccessToken, serial: u64) -> Result<Self, Error> {
        let text = token.text.expose_secret();
        let lifetime = match token.lifetime {
            Some(lifetime) => lifetime.min(lifetime::LONGEST),
            None => lifetime::of(text, None, std::time::SystemTime::now(), None),
        };
        tracing::debug!(target: "threecx_xapi", lifetime_s = lifetime.as_secs(), "signed in");
        let now = Instant::now();
        let mut this = Self::new(token.text, serial).map_err(Error::from_token_source)?;
        this.renew_at = now.checked_add(lifetime::with_margin(lifetime));
        this.ends_at = now.checked_add(lifetime);
        Ok(this)
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    pub(crate) fn expose(&self) -> &str {
        self.text.expose_secret()
    }

    fn is_fresh(&self) -> bool {
        self.renew_at.is_none_or(|at| Instant::now() < at)
    }
}

/// The one token of a client, where it comes from, and how the PBX is reached for it. Clones share it.
#[derive(Clone)]
pub(crate) struct Tokens(Arc<Shared>);

struct Shared {
    pbx: SignIn,
    source: Option<Arc<dyn TokenSource>>,
    /// The limit of time for a sign-in. It serves many calls and so has none of theirs.
    limit: Duration,
    /// The number of sign-ins that have ended.
    ended: AtomicU64,
    /// Held while signing in, which makes the others wait for the outcome.
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<Failure>,
    /// Refusals since the last success.
    refusals: u32,
}

struct Failure {
    /// The sign-in it was, counted by `ended`.
    number: u64,
    /// Until when it stands for further sign-ins too.
    until: Option<Instant>,
    error: Error,
}

impl Tokens {
    /// Fails if a fixed token can't be sent in a header.
    pub(crate) fn new(
        connection: Arc<Connection>,
        credentials: Credentials,
        limit: Duration,
    ) -> Result<Self, Error> {
        let mut state = State::default();
        let mut source = None;
        match credentials {
            Credentials::None => {}
            Credentials::Fixed(text) => state.token = Some(Token::new(text, 0)?),
            Credentials::Source(given) => source = Some(given),
        }
        let (ended, state) = (AtomicU64::new(0), Arc::new(Mutex::new(state)));
        Ok(Self(Arc::new(Shared { pbx: SignIn(connection), source, limit, ended, state })))
    }

    /// Whether the client can replace a refused token.
    pub(crate) fn can_renew(&self) -> bool {
        self.0.source.is_some()
    }

    /// The token to use now; `None` for a client without credentials.
    pub(crate) async fn current(&self) -> Result<Option<Token>, Error> {
        self.obtain(None).await
    }

    /// The token to use after `refused` got a 401. Only the first task that brings it signs in.
    pub(crate) async fn renewed(&self, refused: &Token) -> Result<Option<Token>, Error> {
        self.obtain(Some(refused.serial)).await
    }

    async fn obtain(&self, refused: Option<u64>) -> Result<Option<Token>, Error> {
        let before = self.0.ended.load(Ordering::Acquire);
        let state = Arc::clone(&self.0.state).lock_owned().await;
        if let Some(token) = &state.token
            && token.is_fresh()
            && refused != Some(token.serial)
        {
            return Ok(Some(token.clone()));
        }
        let Some(source) = &self.0.source else {
            return Ok(state.token.clone());
        };
        // A sign-in that failed while this task waited is its failure too: 64 tasks don't try 64 times.
        if let Some(failure) = &state.failure
            && (failure.number > before
                || failure.until.is_some_and(|until| Instant::now() < until))
        {
            return Err(failure.error.clone());
        }
        // A task of its own: if the sign-in ended with the call that began it, the client would lose a
        // token that the PBX has issued, or a refresh token that the PBX has replaced.
        let task = self.clone().sign_in(Arc::clone(source), state, refused).in_current_span();
        match tokio::spawn(task).await {
            Ok(outcome) => outcome.map(Some),
            Err(_) => {
                Err(Error::cut_off("the task that signed in has ended without a result")
                    .in_sign_in())
            }
        }
    }

    async fn sign_in(
        self,
        source: Arc<dyn TokenSource>,
        mut state: OwnedMutexGuard<State>,
        refused: Option<u64>,
    ) -> Result<Token, Error> {
        let Shared { pbx, limit, ended, .. } = &*self.0;
        if state.token.as_ref().is_some_and(|token| refused == Some(token.serial)) {
            state.token = None;
        }
        let outcome = match tokio::time::timeout(*limit, source.fetch(pbx)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::timeout(*limit, &pbx.0.host)),
        };
        let number = ended.fetch_add(1, Ordering::AcqRel) + 1;
        match outcome.and_then(|token| Token::fetched(token, number)) {
            Ok(token) => {
                *state = State { token: Some(token.clone()), ..State::default() };
                Ok(token)
            }
            Err(error) => state.fail(number, error.in_sign_in()),
        }
    }
}

impl State {
    /// Keeps a failure. The token at hand, if it has not ended, outlives a renewal that came early.
    fn fail(&mut self, number: u64, error: Error) -> Result<Token, Error> {
        tracing::debug!(target: "threecx_xapi", error = error.kind_name(), "sign-in failed");
        let now = Instant::now();
        let refused = error.is_unauthorized() || error.is_rate_limited();
        let mut hold = error.retry_after();
        if refused {
            self.refusals = self.refusals.saturating_add(1);
            let doubled = REFUSAL_HOLD.saturating_mul(1 << (self.refusals - 1).min(10));
            hold = hold.or(Some(doubled));
        }
        let until = hold.and_then(|hold| now.checked_add(hold.min(LONGEST_HOLD)));
        if let Some(token) = &mut self.token
            && token.ends_at.is_some_and(|end| now < end)
        {
            token.renew_at = until.or_else(|| now.checked_add(REFUSAL_HOLD)).min(token.ends_at);
            return Ok(token.clone());
        }
        self.token = None;
        self.failure = Some(Failure { number, until, error: error.clone() });
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_held_longer_each_time_a_broken_line_is_not() {
        let mut state = State::default();
        let mut held = |error: Error| {
            let begun = Instant::now();
            assert!(state.fail(1, error).is_err());
            let until = state.failure.as_ref().and_then(|failure| failure.until);
            until.map(|until| until.duration_since(begun).as_secs())
        };
        let refused = || Error::no_credentials("no");
        let limited = |header: &'static str| {
            let headers = [(reqwest::header::RETRY_AFTER, HeaderValue::from_static(header))];
            Error::refused(429, &headers.into_iter().collect(), b"", &[])
        };
        assert_eq!(held(refused()), Some(5));
        assert_eq!(held(refused()), Some(10));
        assert_eq!(held(Error::cut_off("broken")), None);
        assert_eq!(held(refused()), Some(20));
        assert_eq!(held(limited("7")), Some(7));
        assert_eq!(held(limited("99999")), Some(300));
        for _ in 0..100 {
            held(refused());
        }
        assert_eq!(held(refused()), Some(300));
    }
}
