//! The one token of a client and its clones: fetched by one task while the others wait.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::watch;
use tracing::Instrument;

use super::bearer::Token;
use super::exchange::SignIn;
use super::holds::Rejections;
use super::source::TokenSource;
use super::state::{Next, Refused, State, Underway};
use super::token::AccessToken;
use crate::connection::Connection;
use crate::error::Error;

/// How a client signs in.
pub(crate) enum Credentials {
    /// Requests go out without a token.
    None,
    Fixed(SecretString),
    Source(Arc<dyn TokenSource>),
}

/// The times of a sign-in.
#[derive(Clone, Copy)]
pub(crate) struct SignInTimes {
    /// The limit of time. A sign-in serves many calls and so has none of theirs.
    pub(crate) limit: Duration,
    /// How long a failure stands for all calls that come after it.
    pub(crate) hold: Duration,
}

/// The one token of a client, where it comes from, and how the PBX is reached for it. Clones share it.
#[derive(Clone)]
pub(crate) struct Tokens(Arc<Shared>);

struct Shared {
    pbx: SignIn,
    source: Option<Arc<dyn TokenSource>>,
    times: SignInTimes,
    state: Mutex<State>,
    /// The last sign-in that has ended.
    ended: watch::Sender<u64>,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tokens {
    /// Fails if a fixed token can't be sent in a header.
    pub(crate) fn new(
        connection: Arc<Connection>,
        credentials: Credentials,
        times: SignInTimes,
    ) -> Result<Self, Error> {
        let mut state = State::default();
        let mut source = None;
        match credentials {
            Credentials::None => {}
            Credentials::Fixed(text) => state.token = Some(Token::new(text, 0)?),
            Credentials::Source(given) => source = Some(given),
        }
        let pbx = SignIn { connection, limit: times.limit };
        let (state, ended) = (Mutex::new(state), watch::Sender::new(0));
        Ok(Self(Arc::new(Shared { pbx, source, times, state, ended })))
    }

    /// Whether the client can replace a refused token.
    pub(crate) fn can_renew(&self) -> bool {
        self.0.source.is_some()
    }

    /// The token to use now; `None` for a client without credentials.
    pub(crate) async fn current(&self) -> Result<Option<Token>, Error> {
        self.obtain(None).await
    }

    /// The token to use after `refused` got a 401. Only the first task that brings it signs in. `None`
    /// where another token would not help.
    pub(crate) async fn renewed(
        &self,
        refused: &Token,
        operation: &'static str,
    ) -> Result<Option<Token>, Error> {
        if self.0.state().keeps(refused, operation) {
            return Ok(None);
        }
        self.obtain(Some(Refused { serial: refused.serial, operation })).await
    }

    /// Notes that the PBX answered a call with this token, and whether the call had renewed it.
    pub(crate) fn accepted(&self, token: &Token, was_renewed: bool) {
        token.accept();
        if was_renewed {
            self.0.state().rejections = Rejections::default();
        }
    }

    /// Notes that an operation refused a token for which the call had just replaced another one.
    pub(crate) fn rejected(&self, token: &Token, operation: &'static str) {
        self.0.state().rejections.add(token, operation);
    }

    /// How long it takes until a sign-in that failed is tried again.
    pub(crate) fn held(&self) -> Duration {
        self.0.state().held()
    }

    async fn obtain(&self, refused: Option<Refused>) -> Result<Option<Token>, Error> {
        let Shared { source, times, ended, .. } = &*self.0;
        let Some(source) = source else {
            return Ok(self.0.state().token.clone());
        };
        let before = *ended.borrow();
        loop {
            let next = self.0.state().next(refused, before, times.limit);
            // Waits are rare: in boxes, they take no room in the future of each call.
            match next {
                Next::Use(token) => return Ok(Some(token)),
                Next::Fail(error) => return Err(error),
                Next::Wait(underway) => Box::pin(self.end_of(underway)).await,
                Next::SignIn(underway) => {
                    let running = Running::new(self.clone(), underway.number);
                    // A task of its own: if the sign-in ended with the call that began it, the client
                    // would lose a token that the PBX has issued.
                    tokio::spawn(running.sign_in(Arc::clone(source)).in_current_span());
                    Box::pin(self.end_of(underway)).await;
                }
            }
        }
    }

    /// Waits until a sign-in has ended, or may be taken over.
    async fn end_of(&self, underway: Underway) {
        let mut ended = self.0.ended.subscribe();
        // The sender lives as long as `self`, so that waiting can't fail.
        let end = async { drop(ended.wait_for(|number| *number >= underway.number).await) };
        match underway.until {
            Some(until) => drop(tokio::time::timeout_at(until, end).await),
            None => end.await,
        }
    }
}

/// A sign-in in its task. It reports its outcome as it is dropped, so that others hear of it even if
/// the source panics or the runtime shuts down.
struct Running {
    tokens: Tokens,
    number: u64,
    outcome: Option<Result<AccessToken, Error>>,
}

impl Running {
    fn new(tokens: Tokens, number: u64) -> Self {
        Self { tokens, number, outcome: None }
    }

    async fn sign_in(mut self, source: Arc<dyn TokenSource>) {
        let Shared { pbx, times, .. } = &*self.tokens.0;
        let outcome = tokio::time::timeout(times.limit, source.fetch(pbx)).await;
        let late = |_| Err(Error::timeout(times.limit, &pbx.connection.host));
        self.outcome = Some(outcome.unwrap_or_else(late));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let unfinished = || {
            Err(if std::thread::panicking() {
                Error::no_credentials("the token source panicked")
            } else {
                Error::cut_off("the runtime of the task that signed in has shut down")
            })
        };
        let outcome = self.outcome.take().unwrap_or_else(unfinished);
        let Shared { times, ended, .. } = &*self.tokens.0;
        self.tokens.0.state().end(self.number, outcome, times.hold);
        ended.send_modify(|last| *last = self.number.max(*last));
    }
}
