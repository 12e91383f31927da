//! How this thread reads and writes JSON at the moment.
//!
//! The mode stands beside readers and writers instead of in them: a second kind of either would mean
//! a second copy of the code of every entity.

use std::cell::Cell;
use std::thread::LocalKey;

/// How entities are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// By any serde format, for whoever asked it to.
    Own,
    /// Text of one's own, which must be right.
    Strict,
    /// An answer, for the first time.
    Answer,
    /// An answer that did not fit: each property by itself.
    Tolerant,
    /// Such an answer's text of one property, made for the entity that comes next; what is below it
    /// is read tolerantly.
    Property,
}

/// How entities are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// By any serde format, for whoever asked it to.
    Own,
    /// JSON for the PBX: exactly as it came, and refused if it would lose something.
    Body,
    /// JSON of our own to work on: exact, with what is known of lists.
    Whole,
    /// The same, with numbers in place of the values that could not be read.
    Unread,
}

thread_local! {
    static READING: Cell<Reading> = const { Cell::new(Reading::Own) };
    static WRITING: Cell<Writing> = const { Cell::new(Writing::Own) };
    static UNFIT: Cell<usize> = const { Cell::new(0) };
}

/// A mode that lasts until this is dropped.
#[must_use]
pub(crate) struct Mode<T: Copy + 'static> {
    cell: &'static LocalKey<Cell<T>>,
    before: T,
}

impl<T: Copy> Mode<T> {
    fn begin(cell: &'static LocalKey<Cell<T>>, value: T) -> Self {
        Self { cell, before: cell.replace(value) }
    }
}

impl<T: Copy> Drop for Mode<T> {
    fn drop(&mut self) {
        self.cell.set(self.before);
    }
}

impl Reading {
    /// Begins this mode.
    pub(crate) fn begin(self) -> Mode<Self> {
        Mode::begin(&READING, self)
    }

    /// The mode of this thread.
    pub(crate) fn now() -> Self {
        READING.get()
    }
}

impl Writing {
    /// Begins this mode.
    pub(crate) fn begin(self) -> Mode<Self> {
        Mode::begin(&WRITING, self)
    }

    /// The mode of this thread.
    pub(crate) fn now() -> Self {
        WRITING.get()
    }
}

/// Whether the entity that begins here reads each property by itself.
pub(crate) fn is_tolerant() -> bool {
    match READING.get() {
        Reading::Own | Reading::Strict | Reading::Answer => false,
        Reading::Tolerant => true,
        Reading::Property => {
            READING.set(Reading::Tolerant);
            false
        }
    }
}

/// Whether this is the second reading of an answer.
pub(crate) fn is_second_reading() -> bool {
    matches!(READING.get(), Reading::Tolerant | Reading::Property)
}

/// Notes a property that is unknown, or whose value does not fit.
pub(crate) fn note_unfit() {
    UNFIT.set(UNFIT.get() + 1);
}

/// Reads as an answer is read for the first time, and counts the properties at any depth that are
/// unknown.
pub(crate) fn counting_unknown<R>(read: impl FnOnce() -> R) -> (R, usize) {
    let _plainly = is_second_reading().then(|| Reading::Answer.begin());
    let _count = Mode::begin(&UNFIT, 0);
    let outcome = read();
    (outcome, UNFIT.get())
}
