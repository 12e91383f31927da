//! What a client is set to, and how its transport is made of that.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::{OnceCell, Semaphore};

use super::shared::Transport;
use crate::auth::{Credentials, SignInTimes, TokenSource, Tokens};
use crate::connection::{self, Base, Connection, Function};
use crate::error::Error;
use crate::info::Service;
use crate::message::RetryPolicy;

const TIMEOUT: Duration = Duration::from_secs(60);
const RESPONSE_LIMIT: usize = 64 * 1024 * 1024;
/// How long a sign-in may take, where no attempt is limited.
const SIGN_IN: Duration = Duration::from_secs(30);

/// The settings of a client, with their defaults. Its builder says what they mean.
pub struct Settings {
    base_url: String,
    service: Service,
    credentials: Credentials,
    pub connection: connection::Settings,
    pub timeout: Duration,
    pub attempt_timeout: Option<Duration>,
    pub retry: RetryPolicy,
    pub concurrency: Option<usize>,
    pub response_limit: usize,
    /// What answers in place of the network.
    pub function: Option<Function>,
}

impl Settings {
    #[must_use]
    pub fn new(base_url: String, service: Service, user_agent: &str) -> Self {
        Self {
            base_url,
            service,
            credentials: Credentials::None,
            connection: connection::Settings::new(user_agent),
            timeout: TIMEOUT,
            attempt_timeout: None,
            retry: RetryPolicy::default(),
            concurrency: None,
            response_limit: RESPONSE_LIMIT,
            function: None,
        }
    }

    /// Takes tokens from this source.
    pub fn sign_in(&mut self, source: impl TokenSource) {
        self.credentials = Credentials::Source(Arc::new(source));
    }

    /// Uses this token, which is never renewed.
    pub fn token(&mut self, token: SecretString) {
        self.credentials = Credentials::Fixed(token);
    }

    /// The transport. It sends nothing before the first call.
    pub fn open(mut self) -> Result<Transport, Error> {
        let connection = &mut self.connection;
        if let Some(problem) = connection.problem.take() {
            return Err(problem);
        }
        let base = Base::parse(&self.base_url, self.service, connection.allow_plain_http)?;
        let sign_in = self.attempt_timeout.unwrap_or(SIGN_IN.min(self.timeout));
        let permits = match self.concurrency {
            Some(0) => {
                return Err(Error::configuration("`max_concurrent_requests` must be at least 1"));
            }
            Some(limit) => Some(Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS)))),
            None => None,
        };
        // Three quarters of a sign-in's time, so that one that never had a connection ends as such: its
        // secret may be good once.
        connection.connect_timeout = connection.connect_timeout.min(sign_in - sign_in / 4);
        let (connection, credentials) = match self.function {
            Some(function) => {
                (Connection::over(function, base, connection.release), Credentials::None)
            }
            None => (Connection::new(base, self.connection)?, self.credentials),
        };
        let connection = Arc::new(connection);
        let times = SignInTimes { limit: sign_in, hold: self.retry.first_pause() };
        Ok(Transport {
            tokens: Tokens::new(Arc::clone(&connection), credentials, times)?,
            connection,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            permits,
            response_limit: self.response_limit,
            probed: OnceCell::new(),
        })
    }
}
