//! A stand-in for a 3CX PBX, for the tests of programs that use its configuration API, the XAPI. It speaks
//! HTTP on the loopback interface, keeps state, and has 3CX's habits.
//!
//! ```
//! use threecx_xapi_fake::{DEMO_CLIENT, FakePbx, Fault};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let pbx = FakePbx::builder().release("20.0.9").users(3).start().await?;
//! // The third request for users fails, the one after it does not.
//! pbx.fault(Fault::at("/xapi/v1/Users").method("GET").nth(3).answers(503).header("Retry-After", "1"));
//!
//! let (id, secret) = DEMO_CLIENT;
//! // … your program signs in at pbx.url() with id and secret, and works …
//! # let _ = (id, secret);
//!
//! assert_eq!(pbx.rows("Users").len(), 3);
//! assert_eq!(pbx.rows("Users")[0]["Number"], "101");
//! assert_eq!(pbx.handled("POST /Users"), 0);
//! # Ok(())
//! # }
//! ```
//!
//! # What it answers
//!
//! Every operation that the played release has, and 404 for those that it does not have.
//!
//! - Entities of all types are listed, read, created, changed and deleted, with `$filter`, `$select`,
//!   `$expand`, `$orderby`, `$top`, `$skip`, `$count` and `$search`. A created row is there from then on.
//! - What a PBX refuses is refused: unknown properties, values of another type or of no enumeration, unknown
//!   roles and groups, a value that another row has, a `$top` beyond 100.
//! - Some functions and actions do what a PBX does. Of the others nobody here knows what they do: they check
//!   their request and answer **501** with a sentence. [`Fault`] gives them the answer that a test needs.
//!
//! It knows the API by the facts of 3CX's documents and by what is known of live systems, and nothing of any
//! client: it reads URLs and literals with a reader of its own.

mod actions;
mod answer;
mod api;
mod calls;
mod check;
mod config;
mod entities;
mod expression;
mod facts;
mod fault;
mod filter;
mod form;
mod gate;
mod habits;
mod http;
mod literal;
mod moment;
mod query;
mod recorded;
mod release;
mod reply;
mod routes;
mod seeds;
mod shared;
mod store;
mod tokens;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub use config::{
    Builder, DEMO_ADMIN, DEMO_APP, DEMO_CLIENT, DEMO_NOBODY, DEMO_SECOND_FACTOR, DEMO_USER, Links,
    Renewals, Role,
};
pub use fault::Fault;
pub use gate::Gate;
pub use recorded::Recorded;
pub use reply::file_byte;

use api::Api;
use release::Release;
use shared::{Shared, State};
use tokens::Tokens;

/// A running PBX; it and its connections end when it is dropped.
pub struct FakePbx {
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl FakePbx {
    /// A PBX in the making.
    pub fn builder() -> Builder {
        Builder::default()
    }

    async fn start(config: Builder) -> std::io::Result<Self> {
        let release = Release::parse(&config.release)?;
        let api = Api::at(release.document)?;
        let listener = TcpListener::bind(("127.0.0.1", config.port)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let state = State {
            store: seeds::store(&config, &release),
            tokens: Tokens::new(config.token.as_deref()),
            prompts: BTreeMap::new(),
            requests: Vec::new(),
            faults: Vec::new(),
            plan: None,
            handled: BTreeMap::new(),
            actions: Vec::new(),
            clock: config.clock_ahead,
        };
        let (arrivals, busy) = (watch::Sender::new(0), watch::Sender::new(0));
        let state = Mutex::new(state);
        let shared = Arc::new(Shared { config, release, api, url, state, arrivals, busy });
        let task = tokio::spawn(http::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, task })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// What came so far, in the order of arrival, whatever became of it.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.state().requests.clone()
    }

    /// What came so far beside sign-ins.
    pub fn calls(&self) -> Vec<Recorded> {
        let mut requests = self.requests();
        requests.retain(|request| !request.is_sign_in());
        requests
    }

    /// How many sign-ins came, with whatever outcome.
    pub fn sign_ins(&self) -> usize {
        self.shared.state().requests.iter().filter(|request| request.is_sign_in()).count()
    }

    /// Waits until this many requests have come since the start.
    pub async fn arrived(&self, requests: usize) {
        // The sender lives as long as `self`, so that waiting can't fail.
        drop(self.shared.arrivals.subscribe().wait_for(|count| *count >= requests).await);
    }

    /// Waits until nothing happens to any request.
    pub async fn idle(&self) {
        // The sender lives as long as `self`, so that waiting can't fail.
        drop(self.shared.busy.subscribe().wait_for(|count| *count == 0).await);
    }

    /// How often the handler of a route ran: `POST /Users`, `PATCH /Users({Id})`,
    /// `GET /Users(Number={Number})`, `POST /Groups/Pbx.LinkGroupPartner`, `POST /connect/token`. Routes are
    /// written as in 3CX's documents, functions with all their parameters.
    pub fn handled(&self, route: &str) -> usize {
        self.shared.state().handled.get(route).copied().unwrap_or_default()
    }

    /// All routes whose handlers ran, with how often.
    pub fn routes(&self) -> BTreeMap<String, usize> {
        self.shared.state().handled.clone()
    }

    /// The actions that were carried out, each with its body: `("LinkGroupPartner", {…})`.
    pub fn actions(&self) -> Vec<(String, Value)> {
        self.shared.state().actions.clone()
    }

    /// The actions that were carried out since the last time, which the PBX forgets.
    pub fn take_actions(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.shared.state().actions)
    }

    /// The rows of a collection (`Users`) as they are stored, with everything in them.
    pub fn rows(&self, collection: &str) -> Vec<Value> {
        self.shared.state().store.rows(collection).iter().cloned().map(Value::Object).collect()
    }

    /// Puts a row into a collection, before the row at a place; nothing about it is checked.
    pub fn insert(&self, collection: &str, at: usize, row: Value) {
        self.shared.state().store.insert(collection, at, row);
    }

    /// Takes the row at a place out of a collection.
    ///
    /// # Panics
    /// There is no such row.
    pub fn remove(&self, collection: &str, at: usize) -> Value {
        self.shared.state().store.remove(collection, at)
    }

    /// Adds a rule for what goes wrong. Of several that concern a request the first one counts.
    pub fn fault(&self, fault: Fault) {
        self.shared.state().faults.push(fault);
    }

    /// Asks this function about each request that no rule concerns.
    pub fn plan(&self, plan: impl Fn(&Recorded) -> Option<Fault> + Send + Sync + 'static) {
        self.shared.state().plan = Some(Arc::new(plan));
    }

    /// Forgets all rules and the plan.
    pub fn no_faults(&self) {
        let mut state = self.shared.state();
        state.faults.clear();
        state.plan = None;
    }

    /// Ends all access tokens, as a restart of a PBX does.
    pub fn revoke_tokens(&self) {
        self.shared.state().tokens.revoke();
    }

    /// Moves the PBX's clock forward, so that tokens expire without waiting.
    pub fn advance(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let mut state = self.shared.state();
        state.clock = state.clock.saturating_add(seconds);
    }
}

impl Builder {
    /// Starts the PBX on the loopback interface.
    ///
    /// # Errors
    /// The port is taken, or the release is none that the fake PBX knows.
    pub async fn start(self) -> std::io::Result<FakePbx> {
        FakePbx::start(self).await
    }
}

impl Drop for FakePbx {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The README's example compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
