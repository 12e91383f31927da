//! Whole-system tests: the client against servers over real sockets.
//!
//! [`server`] records requests and answers them, [`document`] answers from the tracked API with full
//! bodies, [`wire`] drives every operation of the client, [`fake_pbx`] is a PBX with state, [`raw`]
//! speaks HTTP to servers without the client, [`house`] reads the source of a crate, [`fuzz`] makes
//! inputs that nobody would send, [`soak`] lets many tasks work for long while everything goes wrong.

pub mod document;
pub mod fuzz;
pub mod house;
pub mod matrix;
pub mod raw;
pub mod round_trip;
pub mod sample;
pub mod secrets;
pub mod server;
pub mod soak;
pub mod variants;
pub mod wire;

pub use threecx_xapi_fake as fake_pbx;

#[rustfmt::skip]
mod generated {
    pub(crate) mod calls;
    pub(crate) mod entities;
    pub(crate) mod secrets;
}

/// The examples of the READMEs compile, and those that need no PBX run.
#[cfg(doctest)]
pub mod readmes {
    #[doc = include_str!("../../README.md")]
    pub struct Repository;

    #[doc = include_str!("../../generated-client/README.md")]
    pub struct Client;

    #[doc = include_str!("../../codegen/README.md")]
    pub struct Generator;
}

/// How a program ends that says whether all was well, or why it could not tell.
pub fn exit_code(outcome: Result<bool, String>) -> std::process::ExitCode {
    match outcome {
        Ok(true) => return std::process::ExitCode::SUCCESS,
        Ok(false) => {}
        Err(message) => eprintln!("error: {message}"),
    }
    std::process::ExitCode::FAILURE
}

/// The workspace's root.
pub fn root() -> std::path::PathBuf {
    let own = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The folder of the vendor's documents, where there is one. Without it a check says that it is
/// skipped.
pub fn vendor_documents(check: &str) -> Option<Vec<std::path::PathBuf>> {
    let folder = root().join("../shared/specs");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        skipped(check, "the vendor's documents are not here");
        return None;
    };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    Some(files)
}

/// A Python that has a module: that of `.ci/run` below target/, else the machine's. Without one a
/// check says that it is skipped.
pub fn python(module: &str, check: &str) -> Option<std::path::PathBuf> {
    let own = root().join("target/venv/bin/python");
    let has = |python: &std::path::PathBuf| {
        let mut command = std::process::Command::new(python);
        let import = command.arg("-c").arg(format!("import {module}"));
        import.stderr(std::process::Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let found = [own, "python3".into()].into_iter().find(has);
    if found.is_none() {
        skipped(check, &format!("no Python with {module} is here; `.ci/run` installs one"));
    }
    found
}

/// Says that a check is skipped, past the test runner's capture: it shows in every run.
pub fn skipped(check: &str, why: &str) {
    use std::io::Write;
    drop(writeln!(std::io::stderr(), "SKIPPED: {check}: {why}"));
}
