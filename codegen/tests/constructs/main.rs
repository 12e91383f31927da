//! Small documents with what writers of OpenAPI make: each becomes the client that its golden file shows.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use xapi_codegen::client::{Client, Rows};
use xapi_codegen::model::{self, Api, DocumentId};
use xapi_codegen::{load, track};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/constructs")
}

/// The documents, each with its name.
fn carried() -> Vec<(String, PathBuf)> {
    let files = std::fs::read_dir(folder().join("carried")).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    let name = |file: &Path| file.file_stem().unwrap().to_str().unwrap().to_owned();
    files.into_iter().map(|file| (name(&file), file)).collect()
}

fn rows() -> Rows {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let texts = Rows::FILES.map(|file| std::fs::read_to_string(root.join(file)).unwrap());
    Rows::parse(texts.each_ref().map(String::as_str)).unwrap()
}

fn read(file: &Path) -> Api {
    let read = load::load(file).and_then(model::read);
    read.unwrap_or_else(|problems| panic!("{problems}")).0
}

/// What callers see of the client, and what it sends: the lines of its files that begin so.
const SHOWN: &[&str] = &[
    "///",
    "#[deprecated",
    "pub ",
    "OperationKind::",
    "Method::",
    "\"/",
    ".with_file",
    "request.",
    "type Output",
];

/// The client, as far as callers and the wire see it.
fn client(api: Api) -> String {
    let id = DocumentId { release: "20.1.0".into(), date: "2030-01-01".into(), build: None };
    let union = track::alone(id, api).unwrap();
    let client = Client::of(union, &rows()).unwrap_or_else(|problems| panic!("{problems}"));
    let Api { service_root, token_path, .. } = &client.api;
    let mut text = format!("// The service is at {service_root}, tokens are at {token_path}.\n");
    let files = client.files().unwrap();
    let aliases = files["entities/mod.rs"].lines().filter(|line| line.starts_with("pub type"));
    text += &aliases.map(|line| format!("{line}\n")).collect::<String>();
    // Others only list these, and each document has the same error.
    let is_shown = |path: &str| {
        path.contains('/') && !path.ends_with("mod.rs") && !path.ends_with("odata_error.rs")
    };
    for (path, code) in files.iter().filter(|(path, _)| is_shown(path)) {
        text += &format!("\n// {path}\n");
        let is_shown = |line: &&str| SHOWN.iter().any(|start| line.trim_start().starts_with(start));
        for line in code.lines().filter(is_shown) {
            text += &format!("{line}\n");
        }
    }
    text
}

/// To write the golden files anew, set `BLESS=1`; then read what changed.
#[test]
fn what_writers_make_becomes_the_golden_client() {
    for (name, file) in carried() {
        let made = client(read(&file));
        let golden = folder().join("golden").join(format!("{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&golden, &made).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        let differs = made.lines().zip(expected.lines()).position(|(made, golden)| made != golden);
        let line = differs.unwrap_or_else(|| made.lines().count().min(expected.lines().count()));
        let at = |text: &str| text.lines().nth(line).unwrap_or("(nothing)").to_owned();
        assert!(
            made == expected,
            "{name}: line {} is `{}`, and in {} `{}`",
            line + 1,
            at(&made),
            golden.display(),
            at(&expected)
        );
    }
}

#[test]
fn the_tracked_document_keeps_every_construct() {
    for (name, file) in carried() {
        let api = read(&file);
        let text = track::write(&api).unwrap();
        let (again, _) = load::parse(name.clone(), text.clone())
            .and_then(model::read)
            .unwrap_or_else(|problems| panic!("{problems}\n{text}"));
        assert_eq!(again, api, "{name}");
    }
}
