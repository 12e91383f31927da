//! One task: a call after the other, chosen by the seed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use threecx_xapi::Request;

use super::faults::TAG;
use super::rows::{Row, Seen, compare, settle};
use super::{Bench, rng};

/// The task tries to keep about so many contacts.
const CONTACTS: usize = 8;

pub(super) struct Task {
    pub(super) bench: Arc<Bench>,
    pub(super) number: usize,
    /// The number of the present call.
    pub(super) call: u64,
    /// What chooses all about the present call.
    pub(super) rng: Rng,
    /// The header of its requests.
    tag: String,
    pub(super) rows: Vec<Row>,
    /// The actions since the last audit, each with whether the PBX said that it was carried out.
    pub(super) actions: Vec<(String, bool)>,
}

impl Task {
    pub(super) fn new(bench: &Arc<Bench>, number: usize) -> Self {
        let (bench, rng) = (Arc::clone(bench), Rng::with_seed(0));
        let (tag, rows, actions) = (String::new(), Vec::new(), Vec::new());
        Self { bench, number, call: 0, rng, tag, rows, actions }
    }

    /// The company of the task's contacts, its name in messages.
    pub(super) fn company(&self) -> String {
        format!("task {}", self.number)
    }

    pub(super) fn calls(&self) -> u64 {
        self.call
    }

    /// Marks a request as one of this call.
    pub(super) fn tagged<O: threecx_xapi::operation::Operation>(
        &self,
        request: Request<O>,
    ) -> Request<O> {
        request.header(TAG, &self.tag)
    }

    /// Begins calls until then.
    pub(super) async fn round(mut self, end: Instant) -> Result<Self, String> {
        while Instant::now() < end {
            self.call += 1;
            self.rng = rng(self.bench.seed, [self.number as u64, self.call, u64::MAX]);
            self.tag = self.bench.faults.begin(self.number, self.call);
            tokio::time::sleep(Duration::from_millis(self.rng.u64(0..20))).await;
            let (name, done) = self.step().await;
            done.map_err(|what| format!("{}, call {}, {name}: {what}", self.company(), self.call))?;
        }
        Ok(self)
    }

    async fn step(&mut self) -> (&'static str, Result<(), String>) {
        let many = self.rows.len() > CONTACTS;
        match self.rng.u8(0..100) {
            0..12 => ("one user", self.one_user().await),
            12..20 => ("some users", self.some_users().await),
            20..28 => ("a page of users", self.page_of_users().await),
            28..33 => ("a walk through all users", self.all_users().await),
            33..40 => ("a recording", self.recording().await),
            40..46 => ("an action", self.action().await),
            46..56 => ("one contact", self.read().await),
            56..64 => ("own contacts", self.list().await),
            64..80 if !many => ("a new contact", self.create().await),
            64..76 => ("deleting a contact", self.delete().await),
            76..80 => ("deleting a contact", self.delete().await),
            80..96 => ("changing a contact", self.change().await),
            _ => ("contacts by title", self.find().await),
        }
    }

    /// Compares what the PBX has of this task with what the task knows, and believes it.
    pub(super) fn audit(
        &mut self,
        seen: &[&Seen],
        carried_out: &BTreeMap<String, usize>,
    ) -> Result<(), String> {
        compare(&self.rows, seen)?;
        settle(&mut self.rows, seen);
        for (marker, is_certain) in self.actions.drain(..) {
            let count = carried_out.get(&marker).copied().unwrap_or_default();
            if count > 1 || (is_certain && count == 0) {
                return Err(format!("action {marker} was carried out {count} times"));
            }
        }
        Ok(())
    }
}
