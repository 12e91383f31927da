//! A gate at which requests wait until a test opens it.

use std::sync::Arc;

use tokio::sync::watch;

/// Holds requests until it is opened; clones are the same gate.
///
/// ```
/// # use threecx_xapi_fake::{Fault, Gate};
/// let gate = Gate::new();
/// let fault = Fault::at("/connect/token").waits_for(&gate);
/// // … start the calls, wait for `gate.reached(1)`, look around, then:
/// gate.open();
/// ```
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<State>>);

#[derive(Debug, Default)]
struct State {
    open: bool,
    reached: usize,
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(State::default())))
    }

    /// Lets all through, now and later.
    pub fn open(&self) {
        self.0.send_modify(|state| state.open = true);
    }

    /// Waits until this many requests have come to the gate.
    pub async fn reached(&self, requests: usize) {
        // The sender lives as long as `self`, so that waiting can't fail.
        drop(self.0.subscribe().wait_for(|state| state.reached >= requests).await);
    }

    /// Comes to the gate, and waits until it is open.
    pub(super) async fn pass(&self) {
        self.0.send_modify(|state| state.reached += 1);
        drop(self.0.subscribe().wait_for(|state| state.open).await);
    }
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}
