//! What all kinds of measurement use.

use std::path::PathBuf;
use std::process::Command;

use crate::console::Outcome;
use crate::workspace::own_root;

/// The folder of what is measured here.
pub(super) fn folder() -> PathBuf {
    own_root().join("target/bench")
}

pub(super) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

pub(super) fn succeed(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} failed: {status}")),
        Err(error) => Err(format!("{name} can't be started: {error}")),
    }
}
