//! The process that tries seeds: a panic, an endless loop or an overflow of the stack ends it alone.

use std::fs;
use std::ops::Range;
use std::panic;
use std::sync::Mutex;

use serde_json::json;
use xapi_codegen::mutate::judge::Outcome as Judged;

use super::scratch::{file, trials};
use crate::console::{Outcome, print};

/// The key of the line that says which seed is tried next.
pub(super) const BEGIN: &str = "begin";

/// Where the last panic was.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Tries seeds. Prints a line with each seed before, and a line with what became of it.
pub(crate) fn run(seeds: Range<u64>, every: u64) -> Outcome {
    panic::set_hook(Box::new(|panic| {
        if let (Some(location), Ok(mut place)) = (panic.location(), PLACE.lock()) {
            *place = location.to_string();
        }
    }));
    let trials = trials()?;
    for seed in seeds.step_by(usize::try_from(every).unwrap_or(1).max(1)) {
        print(&format!("{}\n", json!({ BEGIN: seed })))?;
        let mut trial = trials.run(&trials.mutation(seed)?)?;
        if trial.outcome == Judged::Panic
            && let Ok(place) = PLACE.lock()
        {
            trial.message = format!("{place}: {}", trial.message);
        }
        if !trial.delta.is_empty() {
            let delta = serde_json::to_string(&trial.delta).map_err(|error| error.to_string())?;
            fs::write(file(seed), delta).map_err(|error| error.to_string())?;
        }
        let line = serde_json::to_string(&trial).map_err(|error| error.to_string())?;
        print(&format!("{line}\n"))?;
    }
    Ok(())
}
