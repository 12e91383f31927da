//! The client's compile time, its size and the compiler's memory.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::peer::Peer;
use super::tools::{folder, median};
use crate::console::{Outcome, print};
use crate::workspace::{cargo, own_root};

const ROUNDS: usize = 3;
const CHECK: [&str; 1] = ["check"];
const RELEASE: [&str; 2] = ["build", "--release"];

/// A figure of two clients.
pub(super) type Row<T> = (&'static str, fn(&T) -> f64);

/// A crate alone, once its dependencies are compiled. Those of others leave out their runtime too.
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
    let (own, runtime) = ("threecx-xapi", "threecx-xapi-runtime");
    let [lib, runtime_lib] =
        ["generated-client", "runtime"].map(|it| root.join(it).join("src/lib.rs"));
    let mut clients = vec![
        Client::new("ours", root.clone(), &[own], lib, "compile")?,
        Client::new("ours with its runtime", root, &[own, runtime], runtime_lib, "compile")?,
    ];
    for peer in peers {
        let (root, package) = peer.client()?;
        let (lib, target) = (root.join("src/lib.rs"), format!("compile-{}", peer.name));
        clients.push(Client::new(&peer.title(), root, &[&package], lib, &target)?);
    }
    // In turn, so that a busy machine is busy for all.
    for _ in 0..ROUNDS {
        clients.iter_mut().try_for_each(Client::round)?;
    }
    let mut ours = None;
    for client in &clients {
        let figures = client.figures()?;
        tell("the crate alone", &ROWS, &client.title, &figures, ours.as_ref())?;
        ours.get_or_insert(figures);
    }
    Ok(())
}

/// A client that is compiled again and again.
struct Client {
    title: String,
    workspace: PathBuf,
    /// Its package, and those that are compiled with it.
    packages: Vec<String>,
    /// A file of the one that is compiled first.
    touched: PathBuf,
    /// Each workspace needs a target of its own, because cargo takes packages of the same name for the same.
    target: PathBuf,
    checks: Vec<Taken>,
    releases: Vec<Taken>,
}

impl Client {
    /// Compiles its dependencies.
    fn new(
        title: &str,
        workspace: PathBuf,
        packages: &[&str],
        touched: PathBuf,
        target: &str,
    ) -> Result<Self, String> {
        let title = title.to_owned();
        let packages = packages.iter().map(|it| (*it).to_owned()).collect();
        let (target, checks, releases) = (folder().join(target), Vec::new(), Vec::new());
        let it = Self { title, workspace, packages, touched, target, checks, releases };
        it.build(&CHECK)?;
        it.build(&RELEASE)?;
        Ok(it)
    }

    fn build(&self, command: &[&str]) -> Result<Taken, String> {
        let packages = self.packages.iter().flat_map(|it| ["--package", it]);
        let arguments = command.iter().copied().chain(["--quiet"]).chain(packages);
        let arguments: Vec<&str> = arguments.collect();
        timed(&self.workspace, &self.target, &arguments)
    }

    /// Compiles it alone, once for each figure.
    fn round(&mut self) -> Outcome {
        self.checks.push(self.alone(&CHECK)?);
        self.releases.push(self.alone(&RELEASE)?);
        Ok(())
    }

    fn alone(&self, command: &[&str]) -> Result<Taken, String> {
        // Another one of these may have touched what this one depends on.
        self.build(command)?;
        touch(&self.touched)?;
        self.build(command)
    }

    fn figures(&self) -> Result<Compiled, String> {
        let rlibs = self.packages.iter().map(|package| {
            let name = format!("lib{}.rlib", package.replace('-', "_"));
            size(&self.target.join("release").join(name))
        });
        let all = |taken: &[Taken], of: fn(&Taken) -> f64| taken.iter().map(of).collect::<Vec<_>>();
        let peaks = [&self.checks, &self.releases].map(|it| all(it, |it| it.memory));
        Ok(Compiled {
            check: median(all(&self.checks, |it| it.seconds)),
            release: median(all(&self.releases, |it| it.seconds)),
            release_processor: median(all(&self.releases, |it| it.of_processor)),
            rlib: rlibs.sum::<Result<_, _>>()?,
            peak: peaks.concat().into_iter().fold(0.0, f64::max),
        })
    }
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
