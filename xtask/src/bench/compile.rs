//! The client's compile time, its size and the compiler's memory.

use std::path::Path;
use std::process::Command;

use super::peer::{NAME, Peer};
use super::tools::{folder, median};
use crate::console::{Outcome, print};
use crate::workspace::{cargo, own_root};

const ROUNDS: usize = 3;

/// A crate alone, once its dependencies are compiled.
pub(super) struct Compiled {
    /// Seconds of the processor.
    check: f64,
    release: f64,
    /// Bytes of the release build's rlib.
    rlib: f64,
    /// The most memory of the compiler in KiB, checking and building.
    peak: f64,
}

pub(super) fn run(peer: Option<&Peer>) -> Outcome {
    let root = own_root();
    let lib = root.join("generated-client/src/lib.rs");
    let ours = measure(&root, "threecx-xapi", &lib, "compile")?;
    print(&format!("compile of the crate alone: {}\n", ours.shown()))?;
    let Some(peer) = peer else { return Ok(()) };
    let (folder, package) = peer.client()?;
    let theirs = measure(&folder, &package, &folder.join("src/lib.rs"), "compile-peer")?;
    let ratio = |of: fn(&Compiled) -> f64| of(&ours) / of(&theirs);
    print(&format!(
        "the same of {NAME}: {}; ours : theirs {:.2}, {:.2}, {:.2}, {:.2}\n",
        theirs.shown(),
        ratio(|it| it.check),
        ratio(|it| it.release),
        ratio(|it| it.rlib),
        ratio(|it| it.peak)
    ))
}

impl Compiled {
    fn shown(&self) -> String {
        let Self { check, release, rlib, peak } = self;
        format!(
            "check {check:.1} s, release {release:.1} s, rlib {:.1} MB, peak {:.0} MB",
            rlib / 1e6,
            peak / 1e3
        )
    }
}

/// Measures a package of a workspace; `touched` is a file of its own. Each workspace needs a target of its
/// own, because cargo takes packages of the same name for the same.
fn measure(
    workspace: &Path,
    package: &str,
    touched: &Path,
    target: &str,
) -> Result<Compiled, String> {
    let target = folder().join(target);
    let build = |command: &str, extra: &[&str]| -> Result<(f64, f64), String> {
        let arguments = [&[command, "--quiet", "--package", package], extra].concat();
        // The dependencies, then the package alone.
        timed(workspace, &target, &arguments)?;
        let mut times = Vec::new();
        let mut peak = 0.0_f64;
        for _ in 0..ROUNDS {
            touch(touched)?;
            let (time, memory) = timed(workspace, &target, &arguments)?;
            times.push(time);
            peak = peak.max(memory);
        }
        Ok((median(times), peak))
    };
    let (check, of_check) = build("check", &[])?;
    let (release, of_release) = build("build", &["--release"])?;
    let name = format!("lib{}.rlib", package.replace('-', "_"));
    let rlib = std::fs::metadata(target.join("release").join(&name));
    let rlib = rlib.map_err(|error| format!("{name}: {error}"))?.len() as f64;
    Ok(Compiled { check, release, rlib, peak: of_check.max(of_release) })
}

/// Runs cargo; seconds of the processor, and the most memory of one process in KiB.
fn timed(workspace: &Path, target: &Path, arguments: &[&str]) -> Result<(f64, f64), String> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M"]).arg(cargo().get_program()).args(arguments);
    command.current_dir(workspace).env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    let output = command.output().map_err(|error| {
        format!("GNU time (/usr/bin/time), which measures the compiler, can't be started: {error}")
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    let figures: Vec<f64> = last.split(' ').filter_map(|it| it.parse().ok()).collect();
    match figures[..] {
        [user, system, memory] if output.status.success() => Ok((user + system, memory)),
        _ => Err(format!("cargo {} failed: {said}", arguments.join(" "))),
    }
}

fn touch(file: &Path) -> Outcome {
    let now = std::time::SystemTime::now();
    let touched = std::fs::File::options().append(true).open(file);
    touched.and_then(|it| it.set_modified(now)).map_err(|it| format!("{}: {it}", file.display()))
}
