//! How long the client waits after the PBX refused to sign it in, or refused a fresh token.

use std::time::Duration;

use tokio::time::Instant;

use super::bearer::Token;

/// The wait after a refusal. It doubles with each refusal in a row.
pub(super) const REFUSAL_HOLD: Duration = Duration::from_secs(5);
/// Upper bound on any wait before another sign-in, including Retry-After.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(300);

/// The wait after so many refusals in a row.
pub(super) fn after_refusals(count: u32) -> Duration {
    let doubled = REFUSAL_HOLD.saturating_mul(1 << count.saturating_sub(1).min(10));
    doubled.min(LONGEST_HOLD)
}

/// The fresh tokens that the PBX refused at once. A call that gets a 401 renews the token, since it may
/// have ended. Where the new one gets a 401 too, renewing is no help, and would end the token of all
/// others with each call: for a while the client reports such a 401 as it comes.
#[derive(Default)]
pub(super) struct Rejections {
    in_a_row: u32,
    until: Option<Instant>,
    /// The token that was refused last.
    serial: u64,
    /// The operations that refused a fresh token.
    operations: Vec<&'static str>,
    doubt: Option<Doubt>,
}

/// A token that has just replaced one that an operation refused. The client does not know yet whether that
/// helped.
struct Doubt {
    serial: u64,
    operation: &'static str,
    until: Option<Instant>,
}

impl Rejections {
    /// Notes that a token replaces one that this operation refused.
    pub(super) fn doubt(&mut self, serial: u64, operation: &'static str) {
        let until = Instant::now().checked_add(REFUSAL_HOLD);
        self.doubt = Some(Doubt { serial, operation, until });
    }

    /// Notes that an operation refused a token for which a call had just replaced another one.
    pub(super) fn add(&mut self, token: &Token, operation: &'static str) {
        // Many calls may bring the same token.
        if token.serial > self.serial {
            self.serial = token.serial;
            self.in_a_row = self.in_a_row.saturating_add(1);
            self.until = Instant::now().checked_add(after_refusals(self.in_a_row));
        }
        if !self.operations.contains(&operation) {
            self.operations.push(operation);
        }
    }

    /// Whether a token that an operation refused is kept for now. It is renewed if it was good before, and
    /// the operation is none that refuses every token: then it has ended, as when the PBX restarts.
    pub(super) fn keep(&mut self, token: &Token, operation: &'static str) -> bool {
        let now = Instant::now();
        let was_accepted = token.was_accepted();
        // Another call may be the first to hear that the new token is no better.
        let is_doubted = self.doubt.as_ref().is_some_and(|doubt| {
            doubt.serial == token.serial
                && doubt.until.is_some_and(|until| now < until)
                && (!was_accepted || doubt.operation == operation)
        });
        if is_doubted {
            self.add(token, operation);
        }
        self.until.is_some_and(|until| now < until)
            && (!was_accepted || self.operations.contains(&operation))
    }
}
