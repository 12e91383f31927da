//! `cargo xtask bench`: what waiting costs, measured beside what people would use or write instead.
//!
//! The programs stand in `xtask/bench`, which is no part of the workspace, so that no test run compiles
//! them. What they need is written below `target/bench`.

mod compile;
mod consumer;
mod generate;
mod longer;
mod peer;
mod sample;
mod tools;

use std::process::Command;

use clap::ValueEnum;
use peer::{PEERS, Peer};
use tools::{folder, succeed};
use xapi_codegen::tree::Client;

use crate::console::{Outcome, print};
use crate::workspace::{cargo, own_root, tracked};

/// The file of the entities with serde's derive.
const DERIVED: &str = "derived.rs";

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The client's compile time, its size and the compiler's memory
    Compile,
    /// The same of a program with five calls
    Consumer,
    /// The generator
    Generate,
    /// Reading and writing entities
    Decode,
    /// Calls of a PBX that answers at once
    Call,
    /// A million rows of a call log, and the memory for them
    Stream,
    /// The call log from a PBX that takes its time for each page
    Export,
    /// A thousand clients that do nothing
    Fleet,
}

/// Measures one kind, or all; with other generators, where they have something to compare.
pub(crate) fn run(kind: Option<Kind>, with_peers: bool) -> Outcome {
    print(&format!("{}\n", machine()))?;
    let all = Kind::value_variants().iter().filter(|it| kind.is_none_or(|kind| kind == **it));
    let peers: &[Peer] = if with_peers { &PEERS } else { &[] };
    peers.iter().try_for_each(Peer::install)?;
    all.copied().try_for_each(|kind| measure(kind, peers))
}

fn measure(kind: Kind, peers: &[Peer]) -> Outcome {
    match kind {
        Kind::Compile => compile::run(peers),
        Kind::Consumer => consumer::run(peers),
        Kind::Generate => generate::run(peers),
        Kind::Decode => {
            write(sample::pages)?;
            program(&["decode", &folder().display().to_string()])
        }
        Kind::Call => program(&["call"]),
        Kind::Stream => program(&["export", "rows"]),
        Kind::Export => program(&["export"]),
        Kind::Fleet => program(&["fleet"]),
    }
}

/// Writes files that are made of the client.
fn write(files: fn(&Client) -> Vec<(String, String)>) -> Outcome {
    let tree = tracked()?.tree().map_err(|it| it.to_string())?;
    let mut files = files(&tree).into_iter();
    files.try_for_each(|(name, content)| tools::write(&folder().join(name), &content))
}

/// Compiles the programs and runs one.
fn program(arguments: &[&str]) -> Outcome {
    write(|tree| vec![(DERIVED.to_owned(), sample::derived(tree))])?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--manifest-path"]);
    command
        .arg(own_root().join("xtask/bench/Cargo.toml"))
        .arg("--target-dir")
        .arg(folder().join("target"));
    command.arg("--").args(arguments).env("BENCH_DERIVED", folder().join(DERIVED));
    succeed(&mut command)
}

/// The processor, its cores and the compiler.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let compiler = Command::new("rustc").arg("--version").output();
    let compiler = compiler.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
    format!("{cores} cores of {model}; {}", compiler.unwrap_or_default())
}
