//! Sign-in: one token for a client and all its clones, fetched by one task while the others wait.
//!
//! The PBX keeps one valid token per client id (a new one kills the old) and counts sign-ins
//! against its limits. So a token is kept until shortly before its end, a refused one is renewed
//! once, and a refused sign-in is not tried again at once.

mod lifetime;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::error::Error;
use crate::transport::Wire;

/// How long a sign-in that the PBX refused is not repeated.
const REFUSAL_HOLD: Duration = Duration::from_secs(5);
/// The longest time for which a sign-in is not repeated because of Retry-After.
const LONGEST_HOLD: Duration = Duration::from_secs(60);
/// The most that is read of a sign-in's answer.
const ANSWER: usize = 1024 * 1024;

/// How a client signs in. Other sources of tokens become variants here.
pub(crate) enum Credentials {
    /// Requests go out without a token.
    None,
    Fixed(SecretString),
    ServicePrincipal {
        id: String,
        secret: SecretString,
    },
}

/// A bearer token, cheap to clone.
#[derive(Clone)]
pub(crate) struct Token {
    text: Arc<SecretString>,
    header: HeaderValue,
    /// Tells tokens apart without comparing secrets.
    serial: u64,
    /// None: never.
    renew_at: Option<Instant>,
}

impl Token {
    fn new(text: SecretString, serial: u64, renew_at: Option<Instant>) -> Option<Self> {
        let mut header = HeaderValue::from_str(&format!("Bearer {}", text.expose_secret())).ok()?;
        header.set_sensitive(true);
        Some(Self { text: Arc::new(text), header, serial, renew_at })
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

pub(crate) struct Auth {
    credentials: Credentials,
    /// The number of sign-ins that have ended.
    ended: AtomicU64,
    /// Held while signing in, which makes the others wait for the outcome.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<Failure>,
}

struct Failure {
    /// The sign-in it was, counted by `ended`.
    number: u64,
    /// Until when it stands for further sign-ins too.
    until: Option<Instant>,
    error: Error,
}

impl Auth {
    /// Fails if a fixed token can't be sent in a header.
    pub(crate) fn new(credentials: Credentials) -> Result<Self, Error> {
        let mut state = State::default();
        if let Credentials::Fixed(text) = &credentials {
            let token = Token::new(text.clone(), 0, None);
            state.token = Some(token.ok_or_else(|| {
                Error::configuration("the token has characters that a header cannot carry")
            })?);
        }
        Ok(Self { credentials, ended: AtomicU64::new(0), state: Mutex::new(state) })
    }

    /// Whether a refused token can be replaced.
    pub(crate) fn can_renew(&self) -> bool {
        matches!(self.credentials, Credentials::ServicePrincipal { .. })
    }

    /// The token to use now; `None` for a client without credentials.
    pub(crate) async fn token(&self, wire: &Wire) -> Result<Option<Token>, Error> {
        self.obtain(wire, None).await
    }

    /// The token to use after `refused` got a 401. Only the first task that brings it signs in.
    pub(crate) async fn renew(&self, wire: &Wire, refused: &Token) -> Result<Option<Token>, Error> {
        self.obtain(wire, Some(refused.serial)).await
    }

    async fn obtain(&self, wire: &Wire, refused: Option<u64>) -> Result<Option<Token>, Error> {
        let before = self.ended.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        if let Some(token) = &state.token
            && token.is_fresh()
            && refused != Some(token.serial)
        {
            return Ok(Some(token.clone()));
        }
        let Credentials::ServicePrincipal { id, secret } = &self.credentials else {
            return Ok(state.token.clone());
        };
        // A sign-in that failed while this task waited is its failure too: 64 tasks don't try 64
        // times.
        if let Some(failure) = &state.failure
            && (failure.number > before
                || failure.until.is_some_and(|until| Instant::now() < until))
        {
            return Err(failure.error.clone());
        }
        state.token = None;
        let outcome = sign_in(wire, id, secret).await;
        let number = self.ended.fetch_add(1, Ordering::AcqRel) + 1;
        let token = outcome.and_then(|(text, lifetime)| {
            let renew_at = Instant::now().checked_add(lifetime::with_margin(lifetime));
            let message = "the token has characters that a header cannot carry";
            Token::new(text, number, renew_at).ok_or_else(|| Error::refused_because(200, message))
        });
        match token {
            Ok(token) => {
                *state = State { token: Some(token.clone()), failure: None };
                Ok(Some(token))
            }
            Err(error) => {
                let error = error.in_sign_in().without(secret.expose_secret());
                let hold = error.retry_after().unwrap_or(REFUSAL_HOLD).min(LONGEST_HOLD);
                let refused = error.is_unauthorized() || error.is_rate_limited();
                let until = if refused { Instant::now().checked_add(hold) } else { None };
                state.failure = Some(Failure { number, until, error: error.clone() });
                Err(error)
            }
        }
    }
}

/// Client credentials at `/connect/token`.
async fn sign_in(
    wire: &Wire,
    id: &str,
    secret: &SecretString,
) -> Result<(SecretString, Duration), Error> {
    let url = reqwest::Url::parse(&format!("{}/connect/token", wire.origin))
        .map_err(|_| Error::configuration("the base URL is not valid"))?;
    let form = format!(
        "client_id={}&client_secret={}&grant_type=client_credentials",
        utf8_percent_encode(id, NON_ALPHANUMERIC),
        utf8_percent_encode(secret.expose_secret(), NON_ALPHANUMERIC),
    );
    let mut request = reqwest::Request::new(reqwest::Method::POST, url);
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    *request.body_mut() = Some(form.into());
    let mut response = wire.send(request).await?;
    if !response.status().is_success() {
        return Err(wire.refusal(response).await);
    }
    let status = response.status().as_u16();
    let body = wire.read(&mut response, ANSWER).await?;
    read_token(&body).ok_or_else(|| {
        Error::refused_because(
            status,
            "the answer to the sign-in holds no token: is the base URL that of a PBX?",
        )
    })
}

fn read_token(body: &[u8]) -> Option<(SecretString, Duration)> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let text = json["access_token"].as_str().filter(|text| !text.is_empty())?;
    let expires_in = match &json["expires_in"] {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    let lifetime = lifetime::of(text, expires_in, std::time::SystemTime::now());
    Some((SecretString::from(text), lifetime))
}
