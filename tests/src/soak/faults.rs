//! What goes wrong, and which errors it explains.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use serde_json::json;
use threecx_xapi::Error;

use super::{ATTEMPT, TASKS, TOKEN_LIFE, rng};
use crate::fake_pbx::Fault;
use crate::server::Recorded;

/// The header that says to which task and call a request belongs.
pub(super) const TAG: &str = "Soak";

/// A kind of fault.
pub(super) struct Kind {
    name: &'static str,
    /// Of ten thousand requests, so many meet it.
    weight: u32,
    make: fn(Fault, &mut Rng) -> Fault,
    /// Whether a call may fail so because of it.
    pub(super) explains: fn(&Error) -> bool,
}

const fn kind(
    name: &'static str,
    weight: u32,
    make: fn(Fault, &mut Rng) -> Fault,
    explains: fn(&Error) -> bool,
) -> Kind {
    Kind { name, weight, make, explains }
}

/// The request itself goes on, only later.
const LATE: Kind =
    kind("late", 300, |it, rng| it.late(Duration::from_millis(rng.u64(1..300))), |_| false);

static OF_CALLS: [Kind; 22] = [
    LATE,
    kind("429", 80, |it, rng| wait(it.answers(429), rng), |error| error.status() == Some(429)),
    kind("503", 80, |it, rng| wait(it.answers(503), rng), |error| error.status() == Some(503)),
    kind("502", 60, |it, _| it.html(502), |error| error.status() == Some(502)),
    kind("504", 40, |it, _| it.html(504), |error| error.status() == Some(504)),
    kind("500", 40, |it, _| it.answers(500), |error| error.status() == Some(500)),
    kind("408", 40, |it, _| it.answers(408), |error| error.status() == Some(408)),
    kind("403", 40, |it, _| it.answers(403), |error| error.status() == Some(403)),
    kind("302", 20, |it, _| it.redirects(302, "http://127.0.0.1:9/"), Error::is_redirect),
    kind("401", 5, |it, _| it.answers(401), Error::is_unauthorized),
    kind("restart", 5, |it, _| it.revokes_tokens(), Error::is_unauthorized),
    kind("page under 200", 60, |it, _| it.html(200), Error::is_decode),
    kind("broken JSON", 60, |it, _| it.truncates_json(), Error::is_decode),
    kind("other type", 40, |it, _| it.content_type("text/html"), Error::is_decode),
    kind("reset before", 60, |it, _| it.resets_before(), Error::is_interrupted),
    kind("reset unanswered", 80, |it, _| it.resets_unanswered(), Error::is_interrupted),
    kind("closed unanswered", 80, |it, _| it.closes_unanswered(), Error::is_interrupted),
    kind("reset midway", 80, |it, rng| it.resets_midway(rng.u64(0..100)), Error::is_interrupted),
    kind("ends early", 80, |it, rng| it.ends_early(rng.u64(0..100)), Error::is_interrupted),
    kind(
        "late and lost",
        40,
        |it, rng| (LATE.make)(it, rng).resets_unanswered(),
        Error::is_interrupted,
    ),
    kind("never answered", 8, |it, _| it.never_answers(), Error::is_timeout),
    kind("stalled", 12, |it, rng| it.stalls(rng.u64(0..100)), Error::is_timeout),
];

static OF_SIGN_INS: [Kind; 11] = [
    kind("late", 1000, LATE.make, |_| false),
    kind("429", 300, |it, rng| wait(it.answers(429), rng), Error::is_sign_in),
    kind("503", 300, |it, rng| wait(it.answers(503), rng), Error::is_sign_in),
    kind("502", 300, |it, _| it.html(502), Error::is_sign_in),
    kind(
        "refused",
        100,
        |it, _| it.answers(400).json(&json!({ "error": "invalid_client" })),
        Error::is_sign_in,
    ),
    kind("page under 200", 200, |it, _| it.html(200), Error::is_sign_in),
    kind("broken JSON", 200, |it, _| it.truncates_json(), Error::is_sign_in),
    kind("reset before", 300, |it, _| it.resets_before(), Error::is_sign_in),
    kind("closed unanswered", 300, |it, _| it.closes_unanswered(), Error::is_sign_in),
    kind("ends early", 300, |it, rng| it.ends_early(rng.u64(0..100)), Error::is_sign_in),
    kind("never answered", 100, |it, _| it.never_answers(), Error::is_sign_in),
];

fn wait(fault: Fault, rng: &mut Rng) -> Fault {
    match rng.u8(0..4) {
        0 => fault,
        1 => fault.header("Retry-After", "1"),
        _ => fault.header("Retry-After", "0"),
    }
}

/// The call that a task is making.
#[derive(Default)]
struct Current {
    call: u64,
    requests: u64,
    met: Vec<&'static Kind>,
}

/// Says what goes wrong with each request, and remembers it.
pub(super) struct Faults {
    seed: u64,
    current: Vec<Mutex<Current>>,
    requests: AtomicU64,
    injected: AtomicU64,
    sign_ins: AtomicU64,
    /// What makes the client sign in once more: sign-ins that went wrong, and good tokens that were refused.
    troubles: AtomicU64,
}

impl Faults {
    pub(super) fn new(seed: u64) -> Self {
        let (requests, injected) = (AtomicU64::default(), AtomicU64::default());
        let (sign_ins, troubles) = (AtomicU64::default(), AtomicU64::default());
        let current = (0..TASKS).map(|_| Mutex::default()).collect();
        Self { seed, current, requests, injected, sign_ins, troubles }
    }

    fn current(&self, task: usize) -> Option<MutexGuard<'_, Current>> {
        Some(self.current.get(task)?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A task begins a call; yields the value of its requests' [`TAG`].
    pub(super) fn begin(&self, task: usize, call: u64) -> String {
        if let Some(mut current) = self.current(task) {
            *current = Current { call, ..Current::default() };
        }
        format!("{task}/{call}")
    }

    /// What the requests of a task's call have met so far.
    pub(super) fn met(&self, task: usize) -> Vec<&'static Kind> {
        self.current(task).map(|current| current.met.clone()).unwrap_or_default()
    }

    /// What goes wrong with a request that has come.
    pub(super) fn next(&self, request: &Recorded) -> Option<Fault> {
        if request.is_sign_in() {
            let number = self.sign_ins.fetch_add(1, Ordering::Relaxed);
            let (kind, fault) = draw(&OF_SIGN_INS, &mut rng(self.seed, [u64::MAX, 0, number]))?;
            self.troubles.fetch_add(u64::from(kind.name != LATE.name), Ordering::Relaxed);
            self.injected.fetch_add(1, Ordering::Relaxed);
            return Some(fault);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let (task, call) = request.header(&TAG.to_ascii_lowercase())?.split_once('/')?;
        let (task, call): (usize, u64) = (task.parse().ok()?, call.parse().ok()?);
        let mut current = self.current(task)?;
        if current.call != call {
            // The task has given the call up.
            return None;
        }
        let number = current.requests;
        current.requests += 1;
        let (kind, fault) = draw(&OF_CALLS, &mut rng(self.seed, [task as u64, call, number]))?;
        // Half a file under the right length is a whole file to everybody.
        if kind.name == "broken JSON" && request.target.contains("Pbx.Download") {
            return None;
        }
        current.met.push(kind);
        let is_refusal = ["401", "restart"].contains(&kind.name);
        self.troubles.fetch_add(u64::from(is_refusal), Ordering::Relaxed);
        self.injected.fetch_add(1, Ordering::Relaxed);
        Some(fault)
    }

    /// Each sign-in needs a reason: a token that has ended, or something that went wrong.
    pub(super) fn compare_sign_ins(&self, time: Duration) -> Result<(), String> {
        let sign_ins = self.sign_ins.load(Ordering::Relaxed);
        // A token is renewed after four fifths of its life, and a slow sign-in is given up after an attempt's
        // limit: neither happens more often than so.
        let ended = time.as_secs() / ATTEMPT.as_secs().min(TOKEN_LIFE.as_secs() * 4 / 5);
        let allowed = ended + self.troubles.load(Ordering::Relaxed) + 1;
        if sign_ins > allowed {
            return Err(format!("{sign_ins} sign-ins, though there were reasons for {allowed}"));
        }
        Ok(())
    }

    pub(super) fn summary(&self) -> String {
        let count = |it: &AtomicU64| it.load(Ordering::Relaxed);
        format!(
            "{} requests, {} faults, {} sign-ins",
            count(&self.requests),
            count(&self.injected),
            count(&self.sign_ins)
        )
    }
}

fn draw(kinds: &'static [Kind], rng: &mut Rng) -> Option<(&'static Kind, Fault)> {
    let mut ticket = rng.u32(0..10_000);
    let kind = kinds.iter().find(|kind| {
        let hit = ticket < kind.weight;
        ticket = ticket.saturating_sub(kind.weight);
        hit
    })?;
    Some((kind, (kind.make)(Fault::at(""), rng)))
}
