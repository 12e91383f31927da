//! The generator as a whole process: the client of the tracked API.

use std::time::Instant;

use super::tools::{cargo, folder, succeed};
use crate::console::{Outcome, print};
use crate::workspace::{own_root, spec};

const ROUNDS: usize = 7;

pub(super) fn run() -> Outcome {
    let (root, target) = (own_root(), folder().join("generate"));
    let mut build = cargo();
    build
        .args(["build", "--quiet", "--release", "--package", "xtask", "--target-dir"])
        .arg(&target);
    succeed(build.current_dir(&root))?;
    let program = target.join("release/xtask");
    let out = folder().join("generated");
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let mut command = std::process::Command::new(&program);
        command.arg("codegen").arg("--spec").arg(spec()).arg("--out").arg(&out);
        succeed(command.stdout(std::process::Stdio::null()))?;
        times.push(begun.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let median = times.get(ROUNDS / 2).copied().unwrap_or_default();
    print(&format!("generate: {median:.2} s for the tracked API, release build, whole process\n"))
}
