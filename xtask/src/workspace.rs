//! Where things are in the workspace.

use std::path::{Path, PathBuf};
use std::process::Command;

use xapi_codegen::client::{Client, Rows};
use xapi_codegen::import::{self, Tracked};
use xapi_codegen::{load, model};

/// The variable that names the workspace to work on, if it is not the one that this program was built
/// in. The tests work on copies.
pub(crate) const ROOT: &str = "XTASK_ROOT";

/// The root of the workspace to work on.
pub(crate) fn root() -> PathBuf {
    std::env::var_os(ROOT).map_or_else(own_root, PathBuf::from)
}

/// The root of the workspace that this program was built in.
pub(crate) fn own_root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Cargo, as this program was started by it.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// The tracked API.
pub(crate) fn spec() -> PathBuf {
    root().join("spec/xapi.yaml")
}

/// Where the generated part of the client is, below the root.
pub(crate) const CLIENT: &str = "generated-client/src/generated";

/// Where the generated part of the tests is, below the root.
pub(crate) const TESTS: &str = "tests/src/generated";

/// Where the facts are that the fake PBX works from, below the root.
pub(crate) const FACTS: &str = "tests/fake-pbx/src/api.json";

/// The client of the tracked API.
pub(crate) fn tracked() -> Result<Client, String> {
    let (api, _) = load::load(&spec()).and_then(model::read).map_err(|it| it.to_string())?;
    Client::of(api, &rows()?).map_err(|problems| problems.to_string())
}

/// The tracked document in a file; none if the file does not exist yet.
pub(crate) fn tracked_in(file: &Path) -> Result<Option<Tracked>, String> {
    if !file.exists() {
        return Ok(None);
    }
    let document = load::load(file).map_err(|problems| problems.to_string())?;
    import::tracked(document).map(Some)
}

/// Says which rows nothing needs any more. They do no harm, so they stop nothing.
pub(crate) fn tell_useless_rows(client: &Client) {
    for row in client.useless_rows() {
        eprintln!("note: nothing needs this row any more, remove it: {row}");
    }
}

/// The rows that stand beside the tracked API.
pub(crate) fn rows() -> Result<Rows, String> {
    Rows::parse(row_texts()?.each_ref().map(String::as_str)).map_err(|it| it.to_string())
}

/// The texts of the files that have the rows.
pub(crate) fn row_texts() -> Result<[String; Rows::FILES.len()], String> {
    let mut texts = Rows::FILES.map(|_| String::new());
    for (file, text) in Rows::FILES.iter().zip(&mut texts) {
        let path = root().join(file);
        *text = std::fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))?;
    }
    Ok(texts)
}
