//! A copy of the workspace in which a client is compiled before it is put in place.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use xapi_codegen::emit::Files;
use xapi_codegen::output::{self, Place};

use crate::workspace::{self, CLIENT, TESTS, own_root, root};

/// The copy. Its dependencies are compiled once for all uses.
pub(crate) struct Staging {
    folder: PathBuf,
    /// The lock on the one copy, held as long as it is used.
    _lock: File,
}

/// The folders that are no sources, at any depth.
const LEFT_OUT: &[&str] = &["target", "node_modules", ".git"];

impl Staging {
    /// Makes the copy, or brings it up to date.
    pub(crate) fn open() -> Result<Self, String> {
        let folder = own_root().join("target/staged");
        let said = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(said)?;
        let lock = File::create(folder.join("lock")).map_err(said)?;
        lock.lock().map_err(said)?;
        let workspace = folder.join("workspace");
        mirror(&root(), &workspace).map_err(said)?;
        Ok(Self { folder, _lock: lock })
    }

    /// Compiles a client in the copy.
    pub(crate) fn compile(&self, client: Files) -> Result<(), String> {
        let workspace = self.folder.join("workspace");
        let place = Place::Folder(workspace.join(CLIENT), client);
        output::write(&[place]).map_err(|it| it.to_string())?;
        let output = self
            .cargo(&["check", "--quiet", "--locked", "--message-format", "short"])
            .args(["--package", "threecx-xapi", "--features", "blocking,compression"])
            .output()
            .map_err(|error| format!("cargo can't be started: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let errors: Vec<&str> = said.lines().filter(|line| line.contains("error")).collect();
        let (errors, first) = (errors.len(), errors.first().copied().unwrap_or(&said).trim());
        Err(format!("{first}\n(the first of {errors} lines of errors)"))
    }

    /// Compiles the matrix with a client in the copy, and runs it: what it prints goes to the caller's
    /// output. Tells whether it is good.
    pub(crate) fn matrix(
        &self,
        client: Files,
        tests: Files,
        arguments: &[&str],
    ) -> Result<bool, String> {
        let workspace = self.folder.join("workspace");
        let client = Place::Folder(workspace.join(CLIENT), client);
        let tests = Place::Folder(workspace.join(TESTS), tests);
        output::write(&[client, tests]).map_err(|it| it.to_string())?;
        let status = self
            .cargo(&["run", "--quiet", "--locked", "--package", "tests", "--bin", "matrix"])
            .arg("--")
            .args(arguments)
            .status()
            .map_err(|error| format!("cargo can't be started: {error}"))?;
        Ok(status.success())
    }

    /// Cargo in the copy.
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::cargo();
        command
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .current_dir(self.folder.join("workspace"));
        command
    }
}

/// Makes `to` a copy of `from`. Files that are equal stay untouched, so that cargo doesn't compile them
/// again.
fn mirror(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        let (source, copy) = (entry.path(), to.join(&name));
        if source.is_dir() {
            mirror(&source, &copy)?;
        } else {
            let bytes = fs::read(&source)?;
            if fs::read(&copy).ok().as_ref() != Some(&bytes) {
                fs::write(&copy, bytes)?;
            }
        }
        names.insert(name);
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if !names.contains(&entry.file_name())
            && !LEFT_OUT.iter().any(|it| entry.file_name() == *it)
        {
            let path = entry.path();
            if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
        }
    }
    Ok(())
}
