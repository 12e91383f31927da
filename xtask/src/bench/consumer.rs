//! A program with five calls, as somebody who uses the client compiles it.

use std::path::Path;

use super::compile::{Row, size, tell, timed, touch};
use super::peer::Peer;
use super::tools::{folder, median, write};
use crate::console::Outcome;
use crate::workspace::own_root;

const ROUNDS: usize = 3;

struct Consumer {
    /// Seconds, with all dependencies; once, since it takes a minute or two.
    cold_check: f64,
    /// Megabytes of the stripped program.
    program: f64,
    /// Seconds of a release build after a change of the program alone.
    rebuild: f64,
}

const ROWS: [Row<Consumer>; 3] = [
    ("check with all dependencies, s", |it| it.cold_check),
    ("stripped release program, MB", |it| it.program),
    ("release build after a change, s", |it| it.rebuild),
];

pub(super) fn run(peers: &[Peer]) -> Outcome {
    let program = include_str!("../../bench/consumers/ours.rs");
    let path = own_root().join("generated-client");
    let dependency = format!("threecx-xapi = {{ path = \"{}\" }}", path.display());
    let ours = measure(&folder().join("consumer"), &dependency, program)?;
    tell("a program with five calls", &ROWS, "ours", &ours, None)?;
    for peer in peers {
        let (client, package) = peer.client()?;
        let client = client.display();
        let dependency = format!("client = {{ package = \"{package}\", path = \"{client}\" }}");
        let dependencies = format!("{dependency}\n{}", peer.dependencies);
        let at = folder().join("peers").join(peer.name).join("consumer");
        let theirs = measure(&at, &dependencies, peer.program)?;
        tell("a program with five calls", &ROWS, &peer.title(), &theirs, Some(&ours))?;
    }
    Ok(())
}

fn measure(at: &Path, dependencies: &str, program: &str) -> Result<Consumer, String> {
    let manifest = format!(
        r#"[package]
name = "consumer"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
{dependencies}
tokio = {{ version = "1", features = ["macros", "rt"] }}

[profile.release]
strip = true
"#
    );
    write(&at.join("Cargo.toml"), &manifest)?;
    let main = at.join("src/main.rs");
    write(&main, program)?;
    let target = at.join("target");
    match std::fs::remove_dir_all(&target) {
        Err(error) if target.exists() => return Err(format!("{}: {error}", target.display())),
        _ => {}
    }
    // Downloads are no part of what is measured.
    timed(at, &target, &["fetch", "--quiet"])?;
    let cold_check = timed(at, &target, &["check", "--quiet"])?.seconds;
    let release = || timed(at, &target, &["build", "--quiet", "--release"]);
    release()?;
    let program = size(&target.join("release/consumer"))?;
    let mut rebuilds = Vec::new();
    for _ in 0..ROUNDS {
        touch(&main)?;
        rebuilds.push(release()?.seconds);
    }
    Ok(Consumer { cold_check, program, rebuild: median(rebuilds) })
}
