//! How this thread reads and writes JSON at the moment.
//!
//! The mode stands beside readers and writers instead of in them: a second kind of either would mean
//! a second copy of the code of every entity.

use std::cell::Cell;

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

/// Puts a mode back when it is dropped.
struct Back<T: Copy + 'static> {
    cell: &'static std::thread::LocalKey<Cell<T>>,
    before: T,
}

impl<T: Copy> Drop for Back<T> {
    fn drop(&mut self) {
        self.cell.set(self.before);
    }
}

fn with<T: Copy, R>(
    cell: &'static std::thread::LocalKey<Cell<T>>,
    value: T,
    work: impl FnOnce() -> R,
) -> R {
    let _back = Back { cell, before: cell.replace(value) };
    work()
}

impl Reading {
    /// Does some work in this mode.
    pub(crate) fn during<R>(self, work: impl FnOnce() -> R) -> R {
        with(&READING, self, work)
    }

    /// The mode of this thread.
    pub(crate) fn now() -> Self {
        READING.get()
    }
}

impl Writing {
    /// Does some work in this mode.
    pub(crate) fn during<R>(self, work: impl FnOnce() -> R) -> R {
        with(&WRITING, self, work)
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

/// Reads as it is read for the first time.
pub(crate) fn plainly<R>(work: impl FnOnce() -> R) -> R {
    if is_second_reading() { Reading::Answer.during(work) } else { work() }
}

/// Notes a property that is unknown, or whose value does not fit.
pub(crate) fn note_unfit() {
    UNFIT.set(UNFIT.get() + 1);
}

/// Does some work, and counts the properties at any depth that were unknown or did not fit.
pub(crate) fn counting_unfit<R>(work: impl FnOnce() -> R) -> (R, usize) {
    with(&UNFIT, 0, || {
        let outcome = work();
        (outcome, UNFIT.get())
    })
}
