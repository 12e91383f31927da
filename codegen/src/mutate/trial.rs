//! Takes changed documents in, each as an update does, in memory.

use std::cell::OnceCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};

use super::batch::{Delta, delta};
use super::judge::{Outcome, advice, followed, refusal, success};
use super::mutator::{Mutation, Mutator};
use crate::changelog;
use crate::client::{Client, Rows};
use crate::compare;
use crate::diff::report::Report;
use crate::emit::Files;
use crate::history;
use crate::import::{Given, Tracked};
use crate::model::{Api, DocumentId};
use crate::surface::{self, Surface};
use crate::update::Imported;

/// What became of one changed document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Trial {
    /// The seed that gives it again.
    pub seed: u64,
    /// The kind of its change.
    pub kind: String,
    /// Which change, where, and in which document.
    pub described: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The error, or why it is a fault.
    pub message: String,
    /// By what its client differs from that of the unchanged document.
    #[serde(skip)]
    pub delta: Delta,
}

/// A client that an update would write.
pub struct Taken {
    /// The tracked document.
    pub text: String,
    /// The client.
    pub files: Files,
}

/// The workspace that changed documents are taken into.
pub struct Trials {
    tracked: Tracked,
    rows: Vec<String>,
    mutator: Mutator,
    newest: OnceCell<Taken>,
    older: OnceCell<Taken>,
    before: OnceCell<Surface>,
}

/// What a document is called in errors.
const SOURCE: &str = "changed.yaml";

impl Trials {
    /// The workspace with this tracked document and these texts of [`Rows::FILES`].
    pub fn new(tracked: Tracked, rows: [String; Rows::FILES.len()]) -> Result<Self, String> {
        let mutator = Mutator::of(&tracked.union)?;
        let (newest, older, before) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Ok(Self { tracked, rows: rows.into(), mutator, newest, older, before })
    }

    /// The changed document of a seed.
    pub fn mutation(&self, seed: u64) -> Result<Mutation, String> {
        self.mutator.mutate(seed)
    }

    /// Whether a known document is the newest. It comes again as the next release; an older one takes its
    /// own place again.
    pub fn is_newest(&self, id: &DocumentId) -> bool {
        self.tracked.union.documents.last() == Some(id)
    }

    /// The client that an update with the unchanged document makes.
    pub fn unchanged(&self, id: &DocumentId) -> Result<&Taken, String> {
        let place = if self.is_newest(id) { &self.newest } else { &self.older };
        if let Some(taken) = place.get() {
            return Ok(taken);
        }
        let taken = self.update(id, self.mutator.plain(id)?, &self.rows)?;
        Ok(place.get_or_init(|| taken))
    }

    /// Takes the document of a seed in, and judges what comes out.
    pub fn run(&self, mutation: &Mutation) -> Result<Trial, String> {
        let unchanged = self.unchanged(&mutation.of)?;
        let mut changed = Delta::new();
        let result = catch_unwind(AssertUnwindSafe(|| self.with_advice(mutation)));
        let (outcome, message) = match result {
            Err(panic) => (Outcome::Panic, said(&*panic)),
            Ok(Tried::Refused(error)) => refusal(mutation, &error),
            Ok(Tried::SameError(error)) => (Outcome::SameError, error),
            Ok(Tried::Taken { taken, with_rows }) => {
                changed = delta(&unchanged.files, &taken.files);
                success(mutation, taken.text == unchanged.text, with_rows)
            }
        };
        let (seed, kind) = (mutation.seed, mutation.kind.as_str().to_owned());
        let described = mutation.to_string();
        Ok(Trial { seed, kind, described, outcome, message, delta: changed })
    }

    /// Tries the update. If the error tells to add rows, adds them and tries once more.
    fn with_advice(&self, mutation: &Mutation) -> Tried {
        let update = |rows: &[String]| self.update(&mutation.of, mutation.text.clone(), rows);
        let error = match update(&self.rows) {
            Ok(taken) => return Tried::Taken { taken, with_rows: false },
            Err(error) => error,
        };
        let advice = advice(&error);
        if advice.is_empty() {
            return Tried::Refused(error);
        }
        let Some(rows) = followed(&Rows::FILES, &self.rows, &advice) else {
            return Tried::SameError(format!("the row can't be added: {error}"));
        };
        match update(&rows) {
            Ok(taken) => Tried::Taken { taken, with_rows: true },
            Err(second) if second == error => Tried::SameError(error),
            Err(second) => Tried::Refused(second),
        }
    }

    /// What `cargo xtask update` does before it compiles the client.
    fn update(&self, id: &DocumentId, text: String, rows: &[String]) -> Result<Taken, String> {
        let texts: [&str; Rows::FILES.len()] = std::array::from_fn(|index| rows[index].as_str());
        let rows = Rows::parse(texts).map_err(|it| it.to_string())?;
        let next = self.next(id);
        let given = Given::new(Some(&next.release), Some(&next.date))?;
        let imported = Imported::read(SOURCE.to_owned(), text, &given, Some(&self.tracked))?;
        let union = imported.union;
        let client = Client::of(union.clone(), &rows).map_err(|it| it.to_string())?;
        let files = client.files()?;
        // An update writes these too.
        client.test_files()?;
        client.page();
        self.report(&union, id, &files, &rows)?;
        Ok(Taken { text: imported.text, files })
    }

    /// The report of an update and its entry in the changelog. The clients are at hand here, so that
    /// none is generated for the verdict.
    fn report(
        &self,
        union: &Api,
        id: &DocumentId,
        files: &Files,
        rows: &Rows,
    ) -> Result<(), String> {
        let before = match self.before.get() {
            Some(before) => before,
            None => {
                let client = Client::of(self.tracked.union.clone(), rows);
                let surface = client.map_err(|it| it.to_string())?.surface()?;
                self.before.get_or_init(|| surface)
            }
        };
        let after = surface::read(files).map_err(|error| error.to_string())?;
        let old = history::at(&self.tracked.union, &id.full())?;
        let new = history::at(union, &self.next(id).full())?;
        let diff = compare::differences(&old, &new, rows);
        let verdict = surface::compare(before, &after);
        let report = Report { old: id.full(), new: self.next(id).full(), verdict, diff };
        report.markdown();
        changelog::entry(env!("CARGO_PKG_VERSION"), &report);
        Ok(())
    }

    fn next(&self, id: &DocumentId) -> DocumentId {
        if !self.is_newest(id) {
            return id.clone();
        }
        let mut numbers: Vec<String> = id.release.split('.').map(str::to_owned).collect();
        if let Some(last) = numbers.last_mut() {
            *last = last.parse().map_or_else(|_| "1".to_owned(), |it: u64| (it + 1).to_string());
        }
        DocumentId { release: numbers.join("."), date: "2099-01-01".to_owned(), build: None }
    }
}

enum Tried {
    Taken { taken: Taken, with_rows: bool },
    Refused(String),
    SameError(String),
}

fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned()
}
