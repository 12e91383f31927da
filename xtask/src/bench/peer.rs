//! Another generator, and its client of the same document: ploidy takes the tracked document as it is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use xapi_codegen::output;

use super::tools::{folder, succeed};
use crate::workspace::{cargo, spec};

pub(super) const NAME: &str = "ploidy 0.15.0";

/// The installed generator.
pub(super) struct Peer(PathBuf);

impl Peer {
    /// Installs it below `target/bench`, unless it is there.
    pub(super) fn install() -> Result<Self, String> {
        let tools = folder().join("tools");
        let mut install = cargo();
        install.args([
            "install",
            "--quiet",
            "--locked",
            "ploidy",
            "--version",
            "=0.15.0",
            "--root",
        ]);
        succeed(install.arg(&tools))?;
        Ok(Self(tools.join("bin/ploidy")))
    }

    /// The command that writes its client of the tracked document to a folder.
    pub(super) fn generating(&self, out: &Path) -> Command {
        let mut command = Command::new(&self.0);
        command.args(["generate", "rust"]).arg(spec()).arg("-o").arg(out);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Its client as a workspace of its own; the folder and the package.
    pub(super) fn client(&self) -> Result<(PathBuf, String), String> {
        let out = folder().join("peer");
        // The lock file stays, so that a second run compiles the same dependencies.
        succeed(&mut self.generating(&out))?;
        let manifest = out.join("Cargo.toml");
        let failed = |error: std::io::Error| format!("{}: {error}", manifest.display());
        let mut text = std::fs::read_to_string(&manifest).map_err(failed)?;
        if !text.contains("[workspace]") {
            text += "\n[workspace]\n";
            output::write_file(&manifest, &text).map_err(|it| it.to_string())?;
        }
        let name = text.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        let name = name.ok_or_else(|| format!("{} names no package", manifest.display()))?;
        Ok((out, name.to_owned()))
    }
}
