//! The generator as a whole process: the client of the tracked API, and of APIs of twice and four times its
//! length.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use super::longer;
use super::peer::Peer;
use super::tools::{folder, median, succeed};
use crate::console::{Outcome, print};
use crate::workspace::{ROOT, cargo, own_root};

const ROUNDS: usize = 7;

pub(super) fn run(peers: &[Peer]) -> Outcome {
    let (root, target) = (own_root(), folder().join("generate"));
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--package", "xtask", "--target-dir"]);
    succeed(build.arg(&target).current_dir(&root))?;
    let program = target.join("release/xtask");
    let mut ways: Vec<Box<dyn Fn() -> Command>> = Vec::new();
    for times in longer::TIMES {
        let root = longer::write(times)?;
        let program = program.clone();
        ways.push(Box::new(move || generating(&program, &root)));
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
    let (ours, theirs) = medians.split_at(longer::TIMES.len());
    let [one, .., most] = ours else { return Ok(()) };
    let [.., times] = longer::TIMES;
    let exponent = (most / one).ln() / (times as f64).ln();
    print(&format!(
        "generate: {one:.2} s for the tracked API, release build, whole process; {most:.2} s for {times} times the API: the exponent is {exponent:.2}\n",
    ))?;
    for (peer, theirs) in peers.iter().zip(theirs) {
        let ratio = one / theirs;
        print(&format!("the same of {}: {theirs:.2} s (ours {ratio:.2} x)\n", peer.title()))?;
    }
    Ok(())
}

/// The command that generates the client of a workspace's tracked API.
fn generating(program: &Path, root: &PathBuf) -> Command {
    let mut command = Command::new(program);
    command.env(ROOT, root).arg("codegen");
    command.arg("--spec").arg(root.join("spec/xapi.yaml")).arg("--out").arg(root.join("generated"));
    command.stdout(Stdio::null());
    command
}

fn time(mut command: Command) -> Result<f64, String> {
    let begun = Instant::now();
    succeed(&mut command)?;
    Ok(begun.elapsed().as_secs_f64())
}
