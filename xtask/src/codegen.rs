//! `cargo xtask codegen`

use std::path::Path;

use xapi_codegen::client::Client;
use xapi_codegen::emit::Files;
use xapi_codegen::output::{self, Changes, Place};

use crate::console::{Outcome, print, shown};
use crate::source;
use crate::workspace::{CLIENT, FACTS, TESTS, root, rows, tell_useless_rows, tracked};

/// Brings everything generated in the workspace up to date with spec/xapi.yaml.
pub(crate) fn run(check: bool) -> Outcome {
    let client = tracked()?;
    tell_useless_rows(&client);
    bring(&places(&client, client.files()?)?, check, "cargo xtask codegen")
}

/// Everything that is generated in the workspace: the files of a client, its tests, its page, and the facts
/// of the fake PBX.
pub(crate) fn places(client: &Client, files: Files) -> Result<Vec<Place>, String> {
    Ok(vec![
        Place::Folder(root().join(CLIENT), files),
        Place::Folder(root().join(TESTS), client.test_files()?),
        Place::File(root().join("generated-client/OPERATIONS.md"), client.page()),
        Place::File(root().join(FACTS), client.facts()?),
    ])
}

/// Generates the client of any document into a folder.
pub(crate) fn from_document(spec: &str, out: &Path, check: bool) -> Outcome {
    let api = source::open(spec)?.meant();
    let client = Client::of(api, &rows()?).map_err(|it| format!("{spec}: {it}"))?;
    let command = format!("cargo xtask codegen --spec {spec} --out {}", out.display());
    bring(&[Place::Folder(out.to_owned(), client.files()?)], check, &command)
}

fn bring(places: &[Place], check: bool, command: &str) -> Outcome {
    if !check {
        let all = output::write(places).map_err(|it| it.to_string())?;
        return places.iter().zip(&all).try_for_each(|(place, it)| report(place.path(), it));
    }
    let mut stale = Vec::new();
    for place in places {
        let changes = place.check().map_err(|it| it.to_string())?;
        if !changes.is_empty() {
            stale.push(complaint(place.path(), &changes));
        }
    }
    match stale.as_slice() {
        [] => print("generated code is up to date\n"),
        stale => Err(format!("{}\nrun `{command}` and commit the result", stale.join("\n"))),
    }
}

/// The number of paths that are listed. The rest is counted.
const LISTED: usize = 10;

pub(crate) fn report(folder: &Path, changes: &Changes) -> Outcome {
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
