//! The client's compile time, its size and the compiler's memory.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::peer::Peer;
use super::tools::{folder, median};
use crate::console::{Outcome, print};
use crate::workspace::{cargo, own_root};

const ROUNDS: usize = 3;

/// A figure of two clients.
pub(super) type Row<T> = (&'static str, fn(&T) -> f64);

/// A crate alone, once its dependencies are compiled.
struct Compiled {
    /// Seconds.
    check: f64,
    release: f64,
    /// Seconds of the processor.
    release_processor: f64,
    /// Megabytes of the release build's rlib.
    rlib: f64,
    /// The most memory of the compiler in megabytes, checking and building.
    peak: f64,
}

const ROWS: [Row<Compiled>; 5] = [
    ("check, s", |it| it.check),
    ("release build, s", |it| it.release),
    ("release build, s of the processor", |it| it.release_processor),
    ("rlib, MB", |it| it.rlib),
    ("most memory of the compiler, MB", |it| it.peak),
];

pub(super) fn run(peers: &[Peer]) -> Outcome {
    let root = own_root();
    let lib = root.join("generated-client/src/lib.rs");
    let ours = measure(&root, "threecx-xapi", &lib, "compile")?;
    tell("the crate alone", &ROWS, "ours", &ours, None)?;
    for peer in peers {
        let (client, package) = peer.client()?;
        let target = format!("compile-{}", peer.name);
        let theirs = measure(&client, &package, &client.join("src/lib.rs"), &target)?;
        tell("the crate alone", &ROWS, &peer.title(), &theirs, Some(&ours))?;
    }
    Ok(())
}

/// Prints the figures of one client, with the ratios of ours to them.
pub(super) fn tell<T>(
    what: &str,
    rows: &[Row<T>],
    name: &str,
    of: &T,
    ours: Option<&T>,
) -> Outcome {
    let figures = rows.iter().map(|(row, figure)| {
        let ratio = ours.map(|ours| format!(" (ours {:.2} x)", figure(ours) / figure(of)));
        format!("\n  {row}: {:.1}{}", figure(of), ratio.unwrap_or_default())
    });
    print(&format!("{what}, {name}:{}\n", figures.collect::<String>()))
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
    let build = |command: &str, extra: &[&str]| -> Result<(f64, f64, f64), String> {
        let arguments = [&[command, "--quiet", "--package", package], extra].concat();
        // The dependencies, then the package alone.
        timed(workspace, &target, &arguments)?;
        let (mut times, mut of_processor, mut peak) = (Vec::new(), Vec::new(), 0.0_f64);
        for _ in 0..ROUNDS {
            touch(touched)?;
            let taken = timed(workspace, &target, &arguments)?;
            times.push(taken.seconds);
            of_processor.push(taken.of_processor);
            peak = peak.max(taken.memory);
        }
        Ok((median(times), median(of_processor), peak))
    };
    let (check, _, of_check) = build("check", &[])?;
    let (release, release_processor, of_release) = build("build", &["--release"])?;
    let name = format!("lib{}.rlib", package.replace('-', "_"));
    let rlib = size(&target.join("release").join(name))?;
    Ok(Compiled { check, release, release_processor, rlib, peak: of_check.max(of_release) })
}

/// The size of a file in megabytes.
pub(super) fn size(file: &Path) -> Result<f64, String> {
    let size = std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(size.len() as f64 / 1e6)
}

/// What a command took.
pub(super) struct Taken {
    pub(super) seconds: f64,
    of_processor: f64,
    /// The most memory of one process in megabytes.
    memory: f64,
}

/// Runs cargo.
pub(super) fn timed(workspace: &Path, target: &Path, arguments: &[&str]) -> Result<Taken, String> {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M"]).arg(cargo().get_program()).args(arguments);
    command.current_dir(workspace).env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    let begun = Instant::now();
    let output = command.output().map_err(|error| {
        format!("GNU time (/usr/bin/time), which measures the compiler, can't be started: {error}")
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    let figures: Vec<f64> = last.split(' ').filter_map(|it| it.parse().ok()).collect();
    match figures[..] {
        [user, system, memory] if output.status.success() => {
            Ok(Taken { seconds, of_processor: user + system, memory: memory / 1e3 })
        }
        _ => Err(format!("cargo {} failed: {said}", arguments.join(" "))),
    }
}

pub(super) fn touch(file: &Path) -> Outcome {
    let now = std::time::SystemTime::now();
    let touched = std::fs::File::options().append(true).open(file);
    touched.and_then(|it| it.set_modified(now)).map_err(|it| format!("{}: {it}", file.display()))
}
