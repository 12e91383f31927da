//! An answer is read as fast as it can be. If it does not fit, it is read again, property by property:
//! a value that does not fit then costs that property alone.

use std::cell::RefCell;
use std::fmt::Write;

use serde::de::{Deserialize, DeserializeOwned};
use serde_json::error::Category;

use super::allowance::{Allowance, Failure};
use super::mode::{Mode, Reading, is_second_reading, note_unfit};
use crate::error::expected;
use crate::plain::plain;

/// So deep are entities within entities read property by property. Below, a property that does not fit
/// is kept whole.
const DEPTH: usize = 32;

/// A property whose value did not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    /// Where the first one is.
    pub(crate) path: String,
    pub(crate) expected: String,
    /// How many there are in the answer.
    pub(crate) times: usize,
}

/// Reads an answer within its allowance, and adds what of it did not fit to `misfits`. `read` is called again
/// if the answer does not fit.
pub(crate) fn read_answer<T>(
    json: &[u8],
    allowance: Allowance,
    misfits: &mut Vec<Misfit>,
    mut read: impl FnMut(&str) -> Result<T, serde_json::Error>,
) -> Result<T, Failure> {
    let spending = allowance.begin(json.len());
    let mode = Reading::Answer.begin();
    let first = super::as_text(json).and_then(&mut read);
    drop(mode);
    let error = match first {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    match spending.failure(error) {
        Failure::Json(error) if error.classify() == Category::Data => {}
        // What is no JSON at all stays an error.
        failure => return Err(failure),
    }
    let spending = allowance.begin(json.len());
    let second = SecondReading::begin(false);
    let read = super::as_text(json).and_then(read);
    misfits.extend(second.misfits());
    read.map_err(|error| spending.failure(error))
}

/// Reads the rows of an answer as they came.
pub(crate) fn read_rows<'j, T: Deserialize<'j>>(
    json: &'j [u8],
    allowance: Allowance,
) -> Result<T, Failure> {
    let spending = allowance.begin(json.len());
    serde_json::from_slice(json).map_err(|error| spending.failure(error))
}

/// Reads what has been an answer before.
pub(crate) fn answering<T>(
    mut read: impl FnMut() -> Result<T, serde_json::Error>,
) -> Result<T, serde_json::Error> {
    let mode = Reading::Answer.begin();
    let first = read();
    drop(mode);
    first.or_else(|_| {
        let _second = SecondReading::begin(false);
        read()
    })
}

/// Reads JSON of our own that an entity made, with its nulls.
pub(crate) fn read_whole<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    let _second = SecondReading::begin(true);
    super::parse(json)
}

/// As long as it lives, this thread reads property by property.
struct SecondReading {
    before: State,
    _mode: Mode<Reading>,
}

impl SecondReading {
    #[cold]
    fn begin(keeps_nulls: bool) -> Self {
        let before = STATE.replace(State { keeps_nulls, ..State::new() });
        Self { before, _mode: Reading::Tolerant.begin() }
    }

    /// What did not fit.
    fn misfits(self) -> Vec<Misfit> {
        STATE.with_borrow_mut(|state| std::mem::take(&mut state.found))
    }
}

impl Drop for SecondReading {
    fn drop(&mut self) {
        STATE.set(std::mem::replace(&mut self.before, State::new()));
    }
}

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State::new()) };
}

/// Where a second reading is, and what it has found.
struct State {
    path: Vec<Step>,
    found: Vec<Misfit>,
    /// The patterns of the paths found, in the same order.
    patterns: Vec<String>,
    keeps_nulls: bool,
}

/// A property on the way.
struct Step {
    name: String,
    is_list: bool,
    /// How many entities of it have begun.
    begun: usize,
}

impl State {
    const fn new() -> Self {
        Self { path: Vec::new(), found: Vec::new(), patterns: Vec::new(), keeps_nulls: false }
    }

    /// The path of where it is; with the places in lists, or with `[]` for each.
    fn path(&self, has_places: bool) -> String {
        let mut path = "$".to_owned();
        for step in &self.path {
            path.push('.');
            let name: String = step.name.chars().take(64).collect();
            path.push_str(&plain(&name));
            match step.begun.checked_sub(1) {
                Some(place) if step.is_list && has_places => {
                    let _ = write!(path, "[{place}]");
                }
                Some(_) if step.is_list => path.push_str("[]"),
                _ => {}
            }
        }
        path
    }
}

/// Whether nulls of known properties are kept.
pub(crate) fn keeps_nulls() -> bool {
    STATE.with_borrow(|state| state.keeps_nulls)
}

/// An entity begins, the next one of the property that is being read.
pub(crate) fn begin_entity() {
    STATE.with_borrow_mut(|state| {
        if let Some(step) = state.path.last_mut() {
            step.begun += 1;
        }
    });
}

/// Reads a property, and below it each by itself.
pub(crate) fn within<R>(name: &str, is_list: bool, read: impl FnOnce() -> R) -> R {
    if !is_second_reading() {
        return read();
    }
    STATE.with_borrow_mut(|state| {
        state.path.push(Step { name: name.to_owned(), is_list, begun: 0 });
    });
    let outcome = read();
    STATE.with_borrow_mut(|state| state.path.pop());
    outcome
}

/// Whether entities below this one are read property by property.
pub(crate) fn may_go_deeper() -> bool {
    STATE.with_borrow(|state| state.path.len() < DEPTH)
}

/// Notes that the value of a property does not fit; tells what was expected.
pub(crate) fn note_misfit(name: &str, error: &serde_json::Error) -> String {
    note_unfit();
    let expected = expected(error);
    within(name, false, || {
        STATE.with_borrow_mut(|state| {
            let pattern = state.path(false);
            match state.patterns.iter().position(|known| *known == pattern) {
                Some(at) => {
                    if let Some(known) = state.found.get_mut(at) {
                        known.times += 1;
                    }
                }
                None => {
                    let path = state.path(true);
                    state.found.push(Misfit { path, expected: expected.clone(), times: 1 });
                    state.patterns.push(pattern);
                }
            }
        });
    });
    expected
}
