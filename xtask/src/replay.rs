//! `cargo xtask replay`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use xapi_codegen::client::Client;
use xapi_codegen::import::id_in;
use xapi_codegen::model::DocumentId;
use xapi_codegen::{load, model, track};

use crate::console::{Outcome, print};
use crate::staging::Staging;
use crate::workspace::rows;

/// Imports each document of a folder alone, generates its client and compiles it.
pub(crate) fn run(folder: &Path) -> Outcome {
    let documents = documents(folder)?;
    let staging = Staging::open()?;
    let head = ["document", "operations", "entities", "files", "result"];
    print(&line(head.map(str::to_owned)))?;
    let mut failed = 0;
    for (id, path) in &documents {
        let mut row = Row::default();
        let result = row.fill(id, path, &staging);
        failed += usize::from(result.is_err());
        let result = result.err().unwrap_or_else(|| "compiled".to_owned());
        let count = |it: Option<usize>| it.map_or_else(|| "-".to_owned(), |it| it.to_string());
        print(&line([
            id.full(),
            count(row.operations),
            count(row.entities),
            count(row.files),
            result,
        ]))?;
    }
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} failed", documents.len())) }
}

/// The documents of a folder, the oldest release first.
fn documents(folder: &Path) -> Result<BTreeMap<DocumentId, PathBuf>, String> {
    let entries = std::fs::read_dir(folder);
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let is_document = |path: &PathBuf| path.extension().is_some_and(|it| it == "yaml");
    let mut documents = BTreeMap::new();
    for path in paths.filter(is_document) {
        let id = id_in(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        documents.insert(id, path);
    }
    if documents.is_empty() {
        return Err(format!("{}: no documents (RELEASE_DATE.yaml) here", folder.display()));
    }
    Ok(documents)
}

/// The counts of a document, as far as its import got.
#[derive(Default)]
struct Row {
    operations: Option<usize>,
    entities: Option<usize>,
    files: Option<usize>,
}

impl Row {
    fn fill(&mut self, id: &DocumentId, path: &Path, staging: &Staging) -> Result<(), String> {
        let (api, _) = load::load(path).and_then(model::read).map_err(|it| it.to_string())?;
        self.operations = Some(api.operations.len());
        self.entities = Some(api.entities.len());
        let union = track::alone(id.clone(), api)?;
        let client = Client::of(union, &rows()?).map_err(|it| it.to_string())?.files()?;
        self.files = Some(client.len());
        staging.compile(client)
    }
}

fn line([document, operations, entities, files, result]: [String; 5]) -> String {
    format!("{document:20}  {operations:>10}  {entities:>8}  {files:>5}  {result}\n")
}
