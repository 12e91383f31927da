//! What the parent and its children share: the workspace, and the files with the differences of clients.

use std::fs;
use std::path::PathBuf;

use xapi_codegen::mutate::batch::Delta;
use xapi_codegen::mutate::trial::Trials;

use crate::workspace::{own_root, row_texts, spec, tracked_in};

/// The workspace that documents are taken into.
pub(super) fn trials() -> Result<Trials, String> {
    let tracked = tracked_in(&spec())?;
    let tracked = tracked.ok_or_else(|| format!("{}: is not there", spec().display()))?;
    Trials::new(tracked, row_texts()?)
}

/// Where the children put the differences of their clients.
pub(super) fn folder() -> PathBuf {
    own_root().join("target/mutate")
}

/// Where a child puts the differences of a seed's client.
pub(super) fn file(seed: u64) -> PathBuf {
    folder().join(format!("{seed}.json"))
}

/// Removes what an earlier run left.
pub(super) fn clear() -> std::io::Result<()> {
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// By what the client of a seed differs from that of the unchanged document.
pub(super) fn delta(seed: u64) -> Result<Delta, String> {
    let file = file(seed);
    let said = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    if !file.exists() {
        return Ok(Delta::new());
    }
    let text = fs::read_to_string(&file).map_err(|error| said(&error))?;
    serde_json::from_str(&text).map_err(|error| said(&error))
}
