//! The generator as a whole process: the client of the tracked API, and a document's way into it; and the same
//! with APIs of twice and four times its length.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use super::longer;
use super::peer::Peer;
use super::tools::{folder, median, quietly, succeed};
use crate::console::{Outcome, print};
use crate::workspace::{ROOT, cargo, own_root};

const ROUNDS: usize = 7;

pub(super) fn run(peers: &[Peer]) -> Outcome {
    let (root, target) = (own_root(), folder().join("generate"));
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--package", "xtask", "--target-dir"]);
    succeed(build.arg(&target).current_dir(&root))?;
    let program = target.join("release/xtask");
    let roots: Vec<PathBuf> =
        longer::TIMES.into_iter().map(longer::write).collect::<Result<_, _>>()?;
    let mut ways: Vec<Box<dyn Fn() -> Command>> = Vec::new();
    for way in [generating, importing] {
        for root in &roots {
            let program = &program;
            ways.push(Box::new(move || way(program, root)));
        }
    }
    for peer in peers {
        ways.push(Box::new(|| peer.generating(&folder().join("generated").join(peer.name))));
    }
    // In turn, so that a busy machine is busy for all.
    let mut taken = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for (way, taken) in ways.iter().zip(&mut taken) {
            taken.push(time(way())?);
        }
    }
    let medians: Vec<f64> = taken.into_iter().map(median).collect();
    let (generated, rest) = medians.split_at(roots.len());
    let (imported, theirs) = rest.split_at(roots.len());
    print(&format!("generate: {}, release build, whole process\n", growth(generated)))?;
    print(&format!("import: {}\n", growth(imported)))?;
    let one = generated.first().copied().unwrap_or_default();
    for (peer, theirs) in peers.iter().zip(theirs) {
        let ratio = one / theirs;
        print(&format!("generate, {}: {theirs:.2} s (ours {ratio:.2} x)\n", peer.title()))?;
    }
    Ok(())
}

/// The times of the longer and longer APIs in words.
fn growth(taken: &[f64]) -> String {
    let ([one, .., most], [.., times]) = (taken, longer::TIMES) else { return String::new() };
    let exponent = (most / one).ln() / (times as f64).ln();
    format!(
        "{one:.2} s for the tracked API, {most:.2} s for {times} times the API: the exponent is {exponent:.2}"
    )
}

/// The command that generates the client of a workspace's tracked API.
fn generating(program: &Path, root: &Path) -> Command {
    let mut command = Command::new(program);
    command.env(ROOT, root).arg("codegen");
    command.arg("--spec").arg(root.join("spec/xapi.yaml")).arg("--out").arg(root.join("generated"));
    command
}

/// The command that takes the vendor's document into the union that already has all of it.
fn importing(program: &Path, root: &Path) -> Command {
    let mut command = Command::new(program);
    command.env(ROOT, root).arg("import").arg(root.join(longer::DOCUMENT));
    // Later than every document of 3CX. From the second time on it replaces itself.
    command.args(["--release", "99.0.0", "--date", "2999-12-31", "--out"]);
    command.arg(root.join(longer::UNION));
    command
}

fn time(mut command: Command) -> Result<f64, String> {
    let begun = Instant::now();
    quietly(&mut command)?;
    Ok(begun.elapsed().as_secs_f64())
}
