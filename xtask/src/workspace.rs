//! Where things are in the workspace, and the way from the tracked document to the named model.

use std::path::{Path, PathBuf};

use xapi_codegen::load;
use xapi_codegen::model::{self, Api};
use xapi_codegen::names::{self, Exceptions, Names};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The tracked API.
pub(crate) fn spec() -> PathBuf {
    root().join("spec/xapi.yaml")
}

/// Reads and names the tracked API. Exceptions that it doesn't need are an error here, where all
/// known releases are together.
pub(crate) fn tracked() -> Result<(Api, Names), String> {
    let (api, names) = read(&spec())?;
    match names.unused() {
        [] => Ok((api, names)),
        rows => Err(format!(
            "spec/names.yaml has rows that nothing needs; remove them:\n  {}",
            rows.join("\n  ")
        )),
    }
}

/// Reads and names any document, tracked or vendor's.
pub(crate) fn read(document: &Path) -> Result<(Api, Names), String> {
    let (api, _) = load::load(document).and_then(model::read).map_err(|it| it.to_string())?;
    let path = root().join("spec/names.yaml");
    let source = path.display().to_string();
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{source}: {error}"))?;
    let exceptions = Exceptions::parse(&source, &text).map_err(|it| it.to_string())?;
    let names =
        names::name(&api, &exceptions).map_err(|it| format!("{}: {it}", document.display()))?;
    Ok((api, names))
}
