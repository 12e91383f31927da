//! The generator as a whole process: the client of the tracked API.

use std::process::{Command, Stdio};
use std::time::Instant;

use super::peer::{NAME, Peer};
use super::tools::{folder, median, succeed};
use crate::console::{Outcome, print};
use crate::workspace::{cargo, own_root, spec};

const ROUNDS: usize = 7;

pub(super) fn run(peer: Option<&Peer>) -> Outcome {
    let (root, target) = (own_root(), folder().join("generate"));
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--package", "xtask", "--target-dir"]);
    succeed(build.arg(&target).current_dir(&root))?;
    let program = target.join("release/xtask");
    let out = folder().join("generated");
    let ours = || {
        let mut command = Command::new(&program);
        command.arg("codegen").arg("--spec").arg(spec()).arg("--out").arg(&out);
        command.stdout(Stdio::null());
        command
    };
    let (mut of_ours, mut of_theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        of_ours.push(time(ours())?);
        if let Some(peer) = peer {
            of_theirs.push(time(peer.generating(&folder().join("peer-generated")))?);
        }
    }
    let ours = median(of_ours);
    print(&format!("generate: {ours:.2} s for the tracked API, release build, whole process\n"))?;
    if peer.is_some() {
        let theirs = median(of_theirs);
        print(&format!("the same of {NAME}: {theirs:.2} s; ours : theirs {:.2}\n", ours / theirs))?;
    }
    Ok(())
}

fn time(mut command: Command) -> Result<f64, String> {
    let begun = Instant::now();
    succeed(&mut command)?;
    Ok(begun.elapsed().as_secs_f64())
}
