//! What a client knows of its sign-ins. It is locked for moments, and never while a task waits.

use std::time::Duration;

use tokio::time::Instant;

use super::bearer::Token;
use super::holds::{LONGEST_HOLD, REFUSAL_HOLD, Rejections, after_refusals};
use super::token::AccessToken;
use crate::error::Error;

/// A sign-in ends within its limit, and has this much time to say so before another task takes over:
/// its runtime may have stalled.
const GRACE: Duration = Duration::from_millis(250);

#[derive(Default)]
pub(super) struct State {
    pub(super) token: Option<Token>,
    pub(super) rejections: Rejections,
    failure: Option<Failure>,
    /// Refused sign-ins since the last success.
    refusals: u32,
    underway: Option<Underway>,
    /// The number of sign-ins that have begun.
    begun: u64,
}

struct Failure {
    /// The sign-in it was.
    number: u64,
    /// Until when it stands for further sign-ins too.
    until: Option<Instant>,
    error: Error,
}

/// A token that an operation refused.
#[derive(Clone, Copy)]
pub(super) struct Refused {
    pub(super) serial: u64,
    pub(super) operation: &'static str,
}

/// A sign-in that has begun.
#[derive(Clone, Copy)]
pub(super) struct Underway {
    pub(super) number: u64,
    /// The operation that refused the token in whose place the new one comes.
    replaces_for: Option<&'static str>,
    /// When another task may take over; `None` means never.
    pub(super) until: Option<Instant>,
}

/// What a task that needs a token has to do.
pub(super) enum Next {
    Use(Token),
    Fail(Error),
    /// Another task signs in.
    Wait(Underway),
    /// This task is the one that signs in.
    SignIn(Underway),
}

impl State {
    /// The next step of a task that needs a token other than `refused`, and began when `ended` sign-ins
    /// had ended.
    pub(super) fn next(&mut self, refused: Option<Refused>, ended: u64, limit: Duration) -> Next {
        let now = Instant::now();
        let is_refused = |token: &Token| refused.is_some_and(|it| it.serial == token.serial);
        if let Some(token) = &self.token
            && token.is_fresh()
            && !is_refused(token)
        {
            return Next::Use(token.clone());
        }
        // A sign-in that failed while this task waited is its failure too: 64 tasks don't try 64 times.
        if let Some(failure) = &self.failure
            && (failure.number > ended || failure.until.is_some_and(|until| now < until))
        {
            return Next::Fail(failure.error.clone());
        }
        if let Some(underway) = self.underway
            && underway.until.is_none_or(|until| now < until)
        {
            return Next::Wait(underway);
        }
        let replaced = self.token.take_if(|token| is_refused(token));
        let replaces_for = replaced.and(refused).map(|it| it.operation);
        self.begun += 1;
        let until = limit.checked_add(GRACE).and_then(|limit| now.checked_add(limit));
        let underway = Underway { number: self.begun, replaces_for, until };
        self.underway = Some(underway);
        Next::SignIn(underway)
    }

    /// Whether a token that an operation refused stays the shared one for now.
    pub(super) fn keeps(&mut self, refused: &Token, operation: &'static str) -> bool {
        let is_shared = self.token.as_ref().is_some_and(|token| token.serial == refused.serial);
        is_shared && self.rejections.keep(refused, operation)
    }

    /// Takes the outcome of a sign-in. A failure is held for at least `hold`.
    pub(super) fn end(&mut self, number: u64, outcome: Result<AccessToken, Error>, hold: Duration) {
        let newest = self.underway.take_if(|underway| underway.number == number);
        match outcome.and_then(|token| Token::fetched(token, number)) {
            // A sign-in that was taken over may end late. Its token counts unless there is a newer one.
            Ok(token) if self.token.as_ref().is_none_or(|it| it.serial < number) => {
                (self.token, self.failure, self.refusals) = (Some(token), None, 0);
                if let Some(operation) = newest.and_then(|underway| underway.replaces_for) {
                    self.rejections.doubt(number, operation);
                }
            }
            Err(error) if newest.is_some() => self.fail(number, error.in_sign_in(), hold),
            Ok(_) | Err(_) => {}
        }
    }

    /// Keeps a failure. The token at hand, if it has not ended, outlives a renewal that came early.
    fn fail(&mut self, number: u64, error: Error, hold: Duration) {
        tracing::debug!(target: "threecx_xapi", error = error.kind_name(), "sign-in failed");
        let now = Instant::now();
        let mut wait = error.retry_after();
        if error.is_unauthorized() || error.is_rate_limited() {
            self.refusals = self.refusals.saturating_add(1);
            let doubled = Some(after_refusals(self.refusals));
            // Only where the PBX limits the requests does it know better.
            wait = if error.is_rate_limited() { wait.or(doubled) } else { wait.max(doubled) };
        }
        let wait_until = |wait: Duration| now.checked_add(wait.min(LONGEST_HOLD));
        if let Some(token) = &mut self.token
            && token.ends_at.is_some_and(|end| now < end)
        {
            token.renew_at = wait_until(wait.unwrap_or(REFUSAL_HOLD)).min(token.ends_at);
            return;
        }
        self.token = None;
        let until = wait_until(wait.unwrap_or(hold).max(hold));
        self.failure = Some(Failure { number, until, error });
    }

    /// For how long a failure still stands for further sign-ins.
    pub(super) fn held(&self) -> Duration {
        let until = self.failure.as_ref().and_then(|failure| failure.until);
        until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderValue, RETRY_AFTER};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Begins a sign-in that is to be the first or the next one.
    fn begin(state: &mut State) -> u64 {
        match state.next(None, u64::MAX, SECOND) {
            Next::SignIn(underway) => underway.number,
            Next::Use(_) | Next::Fail(_) | Next::Wait(_) => panic!("another task signs in"),
        }
    }

    fn token() -> Result<AccessToken, Error> {
        Ok(AccessToken::new("t").expires_in(60 * SECOND))
    }

    #[tokio::test(start_paused = true)]
    async fn each_failure_is_held_and_a_refusal_longer_each_time() {
        let mut state = State::default();
        let refused = || Error::no_credentials("no");
        let answered = |status, header: &'static str| {
            let headers = [(RETRY_AFTER, HeaderValue::from_static(header))];
            Error::refused(status, &headers.into_iter().collect(), b"", &[])
        };
        let limited = |header| answered(429, header);
        let broken = || Error::cut_off("broken");
        let mut rows = vec![
            (refused(), 5),
            (refused(), 10),
            (broken(), 1),
            (refused(), 20),
            (limited("7"), 7),
            (limited("0"), 1),
            (limited("99999"), 300),
            (answered(503, "3"), 3),
            (answered(503, "0"), 1),
        ];
        rows.extend((0..100).map(|_| (limited("300"), 300)));
        rows.extend([(refused(), 300), (answered(401, "0"), 300)]);
        for (error, seconds) in rows {
            let number = begin(&mut state);
            state.end(number, Err(error), SECOND);
            assert_eq!(state.held(), seconds * SECOND);
            assert!(matches!(state.next(None, number, SECOND), Next::Fail(_)));
            tokio::time::advance(seconds * SECOND).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_sign_in_is_taken_over_after_its_limit_and_may_still_end() {
        // The outcomes of the first sign-in, which is late, and of the second; then the token.
        for (late_is_good, second_is_good, serial) in [
            (true, true, Some(2)),
            (false, true, Some(2)),
            (true, false, Some(1)),
            (false, false, None),
        ] {
            let outcome = |is_good| if is_good { token() } else { Err(Error::cut_off("broken")) };
            let mut state = State::default();
            assert_eq!(begin(&mut state), 1);
            tokio::time::advance(SECOND).await;
            assert!(matches!(state.next(None, 0, SECOND), Next::Wait(_)), "it may say so yet");
            tokio::time::advance(GRACE).await;
            assert_eq!(begin(&mut state), 2);
            state.end(2, outcome(second_is_good), SECOND);
            state.end(1, outcome(late_is_good), SECOND);
            assert_eq!(state.token.as_ref().map(|token| token.serial), serial);
            let next = state.next(None, 0, SECOND);
            assert_eq!(matches!(next, Next::Use(_)), serial.is_some());
            assert_eq!(matches!(next, Next::Fail(_)), serial.is_none());
        }
    }
}
