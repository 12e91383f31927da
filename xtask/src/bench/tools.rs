//! What all kinds of measurement use.

use std::path::PathBuf;
use std::process::Command;

use crate::console::Outcome;
use crate::workspace::own_root;

/// The folder of what is measured here.
pub(super) fn folder() -> PathBuf {
    own_root().join("target/bench")
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

pub(super) fn succeed(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} failed: {status}")),
        Err(error) => Err(format!("{name} can't be started: {error}")),
    }
}
