//! `cargo xtask soak`

use crate::console::Outcome;
use crate::workspace::{cargo, root};

/// Lets many tasks work over one client for so long, while everything goes wrong; see `tests/src/soak`.
pub(crate) fn run(seconds: u64, seed: Option<u64>) -> Outcome {
    let mut command = cargo();
    command.args(["run", "--package", "tests", "--bin", "soak", "--"]);
    command.arg("--seconds").arg(seconds.to_string());
    if let Some(seed) = seed {
        command.arg("--seed").arg(seed.to_string());
    }
    let status = command.current_dir(root()).status();
    match status.map_err(|error| format!("cargo can't be started: {error}"))? {
        status if status.success() => Ok(()),
        _ => Err("the soak found a fault; the line above says which, and its seed".to_owned()),
    }
}
