//! What all kinds of measurement use.

use std::path::{Path, PathBuf};
use std::process::Command;

use xapi_codegen::output;

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

/// The same for a command whose output says nothing new, unless it fails.
pub(super) fn quietly(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(format!("{name} failed: {}\n{said}", output.status))
        }
        Err(error) => Err(format!("{name} can't be started: {error}")),
    }
}

/// Writes a file and the folders above it.
pub(super) fn write(file: &Path, text: &str) -> Outcome {
    let folder = file.parent().unwrap_or(file);
    std::fs::create_dir_all(folder).map_err(|it| format!("{}: {it}", folder.display()))?;
    output::write_file(file, text).map_err(|it| it.to_string())
}
