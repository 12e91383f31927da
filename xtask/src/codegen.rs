//! `cargo xtask codegen`

use std::path::{Path, PathBuf};

use xapi_codegen::emit::{self, Files};
use xapi_codegen::output::{self, Changes};

use crate::source::Source;
use crate::workspace::{Decided, decide, root, tracked};
use crate::{Outcome, print, shown};

/// Brings every generated folder of the workspace up to date with spec/xapi.yaml.
pub(crate) fn run(check: bool) -> Outcome {
    let Decided { api, names, secrets, .. } = tracked()?;
    let client = emit::client(&api, &names, &secrets).map_err(|it| it.to_string())?;
    let tests = emit::tests(&api, &names, &secrets).map_err(|it| it.to_string())?;
    let folders = [
        (root().join("generated-client/src/generated"), client),
        (root().join("tests/src/generated"), tests),
    ];
    bring(&folders, check, "cargo xtask codegen")
}

/// Generates the client of any document into a folder.
pub(crate) fn from_document(spec: &str, out: &Path, check: bool) -> Outcome {
    let source = Source::open(spec)?;
    let api = if source.is_whole { source.whole } else { source.newest };
    let Decided { api, names, secrets, .. } = decide(api).map_err(|it| format!("{spec}: {it}"))?;
    let client = emit::client(&api, &names, &secrets).map_err(|it| it.to_string())?;
    let command = format!("cargo xtask codegen --spec {spec} --out {}", out.display());
    bring(&[(out.to_owned(), client)], check, &command)
}

fn bring(folders: &[(PathBuf, Files)], check: bool, command: &str) -> Outcome {
    let mut stale = Vec::new();
    for (folder, files) in folders {
        let changes =
            if check { output::check(folder, files) } else { output::write(folder, files) };
        let changes = changes.map_err(|it| it.to_string())?;
        if check && !changes.is_empty() {
            stale.push(complaint(folder, &changes));
        } else if !check {
            report(folder, &changes)?;
        }
    }
    match stale.as_slice() {
        [] if check => print("generated code is up to date\n"),
        [] => Ok(()),
        stale => Err(format!("{}\nrun `{command}` and commit the result", stale.join("\n"))),
    }
}

/// So many paths are listed; the rest is counted.
const LISTED: usize = 10;

fn report(folder: &Path, changes: &Changes) -> Outcome {
    let mut text = format!("{}: {changes}\n", shown(folder));
    for (verb, paths) in [("wrote", &changes.written), ("removed", &changes.removed)] {
        for path in paths.iter().take(LISTED) {
            text += &format!("  {verb} {path}\n");
        }
        if paths.len() > LISTED {
            text += &format!("  {verb} {} more\n", paths.len() - LISTED);
        }
    }
    print(&text)
}

fn complaint(folder: &Path, changes: &Changes) -> String {
    format!(
        "{} is not up to date: {} stale or missing, {} stray\n{}",
        shown(folder),
        changes.written.len(),
        changes.removed.len(),
        changes.first.as_deref().unwrap_or_default()
    )
}
