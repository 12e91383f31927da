//! Installs the judges below `target/`, each once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::workspace::own_root;

const PRISM: &str = "@stoplight/prism-cli@5.14.2";

/// The validator is the newest that this openapi-core takes.
const PYTHON: &[&str] = &["openapi-core==0.23.1", "openapi-spec-validator==0.8.5"];

/// The folder of the judges, and of what they are given.
pub(super) fn folder() -> PathBuf {
    own_root().join("target/judges")
}

/// Installs Prism; gives the file that `node` runs.
pub(super) fn prism() -> Result<PathBuf, String> {
    let place = folder().join("prism");
    once(&place, PRISM, || {
        let flags = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel", "error"];
        let mut npm = Command::new("npm");
        npm.args(flags).arg("--prefix").arg(&place).arg(PRISM);
        run(&mut npm, "Prism needs npm and node")
    })?;
    Ok(place.join("node_modules/@stoplight/prism-cli/dist/index.js"))
}

/// Installs the judges that are Python's; gives the Python that has them.
pub(super) fn python() -> Result<PathBuf, String> {
    let place = folder().join("venv");
    let bin = place.join("bin");
    once(&place, &PYTHON.join(" "), || {
        let needs = "openapi-core and openapi-spec-validator need python3 with venv";
        run(Command::new("python3").args(["-m", "venv"]).arg(&place), needs)?;
        let mut pip = Command::new(bin.join("pip"));
        run(pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(PYTHON), needs)
    })?;
    Ok(bin.join("python"))
}

/// Installs what is not there yet in this version. An installation that broke off is made anew.
fn once(
    place: &Path,
    version: &str,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let said = |error: std::io::Error| format!("{}: {error}", place.display());
    let stamp = place.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|it| it == version) {
        return Ok(());
    }
    if place.exists() {
        fs::remove_dir_all(place).map_err(said)?;
    }
    fs::create_dir_all(place).map_err(said)?;
    eprintln!("installing {version}");
    install()?;
    fs::write(stamp, version).map_err(said)
}

fn run(command: &mut Command, needs: &str) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    // Its output is no part of the report; errors go elsewhere.
    let status = command.stdout(Stdio::null()).status();
    let status = status.map_err(|it| format!("{program} can't be started: {it}; {needs}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} failed ({status}); {needs}")) }
}
