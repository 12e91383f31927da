//! `cargo xtask replay`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use xapi_codegen::client::Client;
use xapi_codegen::model::Release;
use xapi_codegen::{history, load, model, track};

use crate::import::release_of;
use crate::staging::Staging;
use crate::workspace::rows;
use crate::{Outcome, print};

/// Imports each document of a folder alone, generates its client and compiles it.
pub(crate) fn run(folder: &Path) -> Outcome {
    let documents = documents(folder)?;
    let staging = Staging::open()?;
    let head = ["document", "operations", "entities", "files", "result"];
    print(&line(head.map(str::to_owned)))?;
    let mut failed = 0;
    for (release, path) in &documents {
        let mut row = Row::default();
        let result = row.fill(release, path, &staging);
        failed += usize::from(result.is_err());
        let result = result.err().unwrap_or_else(|| "compiled".to_owned());
        let count = |it: Option<usize>| it.map_or_else(|| "-".to_owned(), |it| it.to_string());
        print(&line([
            release.full(),
            count(row.operations),
            count(row.entities),
            count(row.files),
            result,
        ]))?;
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} failed", documents.len())) }
}

/// The documents of a folder, the oldest release first.
fn documents(folder: &Path) -> Result<BTreeMap<Release, PathBuf>, String> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_document = |path: &PathBuf| path.extension().is_some_and(|it| it == "yaml");
    let mut documents = BTreeMap::new();
    for path in paths.filter(is_document) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let (release, _) = name.split_once('_').unwrap_or((&name, ""));
        let release = release_of(&path, release, None);
        documents.insert(release.map_err(|it| format!("{}: {it}", path.display()))?, path);
    }
    if documents.is_empty() {
        return Err(format!("{}: no documents (RELEASE_DATE.yaml) here", folder.display()));
    }
    Ok(documents)
}

/// What is known of a document, as far as it got.
#[derive(Default)]
struct Row {
    operations: Option<usize>,
    entities: Option<usize>,
    files: Option<usize>,
}

impl Row {
    fn fill(&mut self, release: &Release, path: &Path, staging: &Staging) -> Result<(), String> {
        let (api, _) = load::load(path).and_then(model::read).map_err(|it| it.to_string())?;
        self.operations = Some(api.operations.len());
        self.entities = Some(api.entities.len());
        let union =
            history::unite(&[(release.clone(), api)].into()).map_err(|it| it.to_string())?;
        // Through its text, as the tracked document goes.
        let text = track::write(&union).map_err(|it| it.to_string())?;
        let union =
            load::parse(format!("the union of {}", path.display()), text).and_then(model::read);
        let (union, _) = union.map_err(|it| it.to_string())?;
        let client = Client::of(union, &rows()?).map_err(|it| it.to_string())?.files()?;
        self.files = Some(client.len());
        staging.compile(client)
    }
}

fn line([document, operations, entities, files, result]: [String; 5]) -> String {
    format!("{document:20}  {operations:>10}  {entities:>8}  {files:>5}  {result}\n")
}
