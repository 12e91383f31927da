//! When a call is repeated, and after what pause.

use std::time::Duration;

use crate::error::Error;

/// How often a call is tried, and how long the client waits in between.
///
/// The client repeats a call whose failure may pass by itself
/// ([`is_retryable`](crate::Error::is_retryable): a missing or broken connection, a timeout of one
/// attempt, 408, 429, 502, 503, 504), if repeating is safe:
///
/// - It repeats GET, PUT and DELETE, which HTTP defines as idempotent. If the PBX carried out a DELETE
///   and its answer got lost, the PBX answers the second one with 404.
/// - It repeats POST and PATCH only if it has sent nothing (no connection, or no sign-in), unless
///   [`retry_writes`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.retry_writes) allows more.
///
/// The pause doubles with each attempt; the client picks a time between half of it and all of it at
/// random. If the server's Retry-After is longer, the client waits that long. If the pause would outlast
/// the call's time, the call fails at once. All calls share a sign-in: if it fails, the failure stands for
/// [`base_delay`](Self::base_delay), and no call tries to sign in before. A call that is sent again after a 401, with a new token, does
/// not count as an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
}

impl Default for RetryPolicy {
    /// 3 attempts, about 250 ms after the first, at most 5 s.
    fn default() -> Self {
        Self {
            attempts: 3,
            base_delay: Duration::from_millis(250),
            max_delay: Duration::from_secs(5),
        }
    }
}

impl RetryPolicy {
    /// Every call is tried once.
    #[must_use]
    pub fn none() -> Self {
        Self::default().attempts(1)
    }

    /// How often a call is tried, the first time included.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The pause after the first attempt. The client's own policy also says with it for how long a failed
    /// sign-in stands for all calls; a refused one stands for five seconds and longer.
    #[must_use]
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest pause, Retry-After aside.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The longest pause after the first attempt, and the time for which a failed sign-in stands for all
    /// calls.
    pub(crate) fn first_pause(&self) -> Duration {
        self.base_delay.min(self.max_delay)
    }

    /// The pause before the client sends a request again; `None` if it must not. `is_repeatable` says
    /// whether sending the request twice does no harm; `number` counts the attempts from one.
    pub(crate) fn pause(
        &self,
        is_repeatable: bool,
        error: &Error,
        number: u32,
    ) -> Option<Duration> {
        let nothing_sent = error.is_sign_in() || error.is_connect();
        if !(nothing_sent || is_repeatable) || !error.is_retryable() {
            return None;
        }
        self.delay(number, error.retry_after(), fastrand::f64)
    }

    /// The pause after the attempt `number`, counted from one; `None` if it was the last. `jitter`
    /// is between 0 and 1.
    fn delay(
        &self,
        number: u32,
        retry_after: Option<Duration>,
        jitter: impl FnOnce() -> f64,
    ) -> Option<Duration> {
        if number >= self.attempts {
            return None;
        }
        let doubled = 1_u32.checked_shl(number.saturating_sub(1)).unwrap_or(u32::MAX);
        let pause = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let half = pause / 2;
        Some((half + half.mul_f64(jitter())).max(retry_after.unwrap_or_default()))
    }
}

/// What a caller has set for one call in place of the client's own.
#[derive(Clone, Default)]
#[doc(hidden)]
pub struct Limits {
    pub timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub retry: Option<RetryPolicy>,
    /// Whether the caller says that a POST or PATCH does no harm when the PBX carries it out twice.
    pub retry_writes: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_cap_and_give_way_to_retry_after() {
        let ms = Duration::from_millis;
        let policy = RetryPolicy::default().attempts(6).base_delay(ms(100)).max_delay(ms(500));
        let rows: [(u32, Option<Duration>, f64, Option<Duration>); 9] = [
            (1, None, 1.0, Some(ms(100))),
            (1, None, 0.0, Some(ms(50))),
            (2, None, 1.0, Some(ms(200))),
            (3, None, 0.5, Some(ms(300))),
            (4, None, 1.0, Some(ms(500))),
            (5, Some(ms(70_000)), 1.0, Some(ms(70_000))),
            (5, Some(ms(0)), 1.0, Some(ms(500))),
            (6, None, 1.0, None),
            (7, Some(ms(1)), 1.0, None),
        ];
        for (number, retry_after, jitter, expected) in rows {
            assert_eq!(policy.delay(number, retry_after, || jitter), expected, "{number}");
        }
        assert_eq!(RetryPolicy::none().delay(1, None, || 1.0), None);
        assert_eq!(RetryPolicy::none().attempts(0).delay(1, None, || 1.0), None);
        let most = RetryPolicy::none().attempts(u32::MAX).max_delay(Duration::MAX);
        assert!(most.delay(40, None, || 1.0).is_some(), "no overflow");
    }
}
