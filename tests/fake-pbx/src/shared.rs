//! What the connections of a PBX share: what it was told, and what changes as requests come.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

use super::api::Api;
use super::config::Builder;
use super::fault::Fault;
use super::moment::Moment;
use super::recorded::Recorded;
use super::release::Release;
use super::reply::Reply;
use super::store::Store;
use super::tokens::Tokens;

/// What connections share.
pub(super) struct Shared {
    pub(super) config: Builder,
    pub(super) release: Release,
    pub(super) api: Arc<Api>,
    pub(super) url: String,
    pub(super) state: Mutex<State>,
    /// How many requests came.
    pub(super) arrivals: watch::Sender<usize>,
    /// To how many requests something is happening.
    pub(super) busy: watch::Sender<usize>,
}

/// Says what goes wrong with a request.
pub(super) type Plan = dyn Fn(&Recorded) -> Option<Fault> + Send + Sync;

/// What changes as requests come.
pub(super) struct State {
    pub(super) store: Store,
    pub(super) tokens: Tokens,
    pub(super) prompts: BTreeMap<String, Vec<u8>>,
    pub(super) requests: Vec<Recorded>,
    pub(super) faults: Vec<Fault>,
    pub(super) plan: Option<Arc<Plan>>,
    pub(super) handled: BTreeMap<String, usize>,
    pub(super) actions: Vec<(String, Value)>,
    /// Seconds between the PBX's clock and the machine's.
    pub(super) clock: i64,
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(state: &State) -> Moment {
        let now = Moment::now();
        Moment { seconds: now.seconds.saturating_add(state.clock), ..now }
    }

    /// Records a request; the rule that concerns it, if there is one.
    pub(super) fn arrived(&self, request: &Recorded) -> Option<Fault> {
        let mut state = self.state();
        if !self.config.is_forgetful {
            state.requests.push(request.clone());
        }
        // Each rule counts for itself; the first that fits is the one.
        let concerned = state.faults.iter_mut().filter_map(|fault| {
            let concerned = fault.concerns(request);
            concerned.then(|| fault.clone())
        });
        let found = concerned.collect::<Vec<_>>().into_iter().next();
        let found = found.or_else(|| state.plan.as_ref()?(request));
        drop(state);
        self.arrivals.send_modify(|count| *count += 1);
        found
    }

    /// Adds what every answer has.
    pub(super) fn finish(&self, reply: Reply) -> Reply {
        let now = Self::now(&self.state());
        reply.with("Date", &now.http()).with("X-3CX-Version", &self.release.version)
    }
}
