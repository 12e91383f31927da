//! How much of an answer the client takes: an answer of a few bytes can stand for much memory.

use std::cell::Cell;

/// Fewer rows than this are never too many.
const FEW_ROWS: usize = 1_000;
/// Less memory than this is never too much: entities are larger than a short text of them.
const FEW_BYTES: usize = 16 * 1024 * 1024;
/// What the client keeps of each row beside the row itself.
const ROW: usize = 64;
/// The entities of an answer may take so many times the memory of its text, beside what every answer may.
const TIMES: usize = 2;

/// What an answer may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// The most rows of a page.
    rows: usize,
    /// The most bytes of entities, whatever the length of their text.
    entities: usize,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { rows: usize::MAX, entities: usize::MAX }
    }
}

impl Allowance {
    /// That of a request with this `$top`, whose answer may have so many bytes.
    pub(crate) fn new(top: Option<u32>, response_limit: usize) -> Self {
        // Some functions take no notice of `$top`, so that a somewhat longer page is none the worse.
        let rows = |top: u32| usize::try_from(top).unwrap_or(usize::MAX).saturating_mul(10);
        Self {
            rows: top.map_or(usize::MAX, |top| rows(top).max(FEW_ROWS)),
            entities: (response_limit / 2).max(FEW_BYTES),
        }
    }

    /// This thread reads an answer of this length, and takes no more until the result is dropped.
    pub(super) fn begin(self, length: usize) -> Spending {
        let entities = self.entities.saturating_add(length.saturating_mul(TIMES));
        Spending { before: LEFT.replace(Left { rows: self.rows, entities, excess: None }) }
    }
}

/// As long as it lives, an allowance counts.
#[must_use]
pub(super) struct Spending {
    before: Left,
}

impl Spending {
    /// Why the answer could not be read.
    pub(super) fn failure(self, error: serde_json::Error) -> Failure {
        LEFT.get().excess.map_or(Failure::Json(error), Failure::Excess)
    }
}

impl Drop for Spending {
    fn drop(&mut self) {
        LEFT.set(self.before);
    }
}

/// Why an answer could not be read.
pub(crate) enum Failure {
    Json(serde_json::Error),
    Excess(Excess),
}

/// What an answer took too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    Rows,
    Memory,
}

/// What is left for the answer that this thread reads.
#[derive(Clone, Copy)]
struct Left {
    rows: usize,
    entities: usize,
    excess: Option<Excess>,
}

thread_local! {
    static LEFT: Cell<Left> =
        const { Cell::new(Left { rows: usize::MAX, entities: usize::MAX, excess: None }) };
}

/// Takes memory for an entity or for a value that it keeps.
pub(crate) fn spend(bytes: usize) -> Result<(), &'static str> {
    let mut left = LEFT.get();
    let Some(entities) = left.entities.checked_sub(bytes) else {
        return refuse(Excess::Memory);
    };
    left.entities = entities;
    LEFT.set(left);
    Ok(())
}

/// Takes one more row, of which there are `rows` now.
pub(crate) fn take_row(rows: usize) -> Result<(), &'static str> {
    if rows > LEFT.get().rows { refuse(Excess::Rows) } else { spend(ROW) }
}

#[cold]
fn refuse(excess: Excess) -> Result<(), &'static str> {
    LEFT.set(Left { excess: Some(excess), ..LEFT.get() });
    Err("more than the answer may take")
}
