//! Where things are in the workspace, and the way from the tracked document to the named model.

use std::path::{Path, PathBuf};

use xapi_codegen::Problems;
use xapi_codegen::emit::{self, Files};
use xapi_codegen::former_ids::{self, FormerId};
use xapi_codegen::load;
use xapi_codegen::model::{self, Api};
use xapi_codegen::names::{self, Exceptions, Names};
use xapi_codegen::secrets::{self, Secrets};

/// The variable that names another workspace to work on than the one this program was built in: the
/// tests work on copies.
const ROOT: &str = "XTASK_ROOT";

/// The root of the workspace to work on.
pub(crate) fn root() -> PathBuf {
    std::env::var_os(ROOT).map_or_else(own_root, PathBuf::from)
}

/// The root of the workspace that this program was built in.
pub(crate) fn own_root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// The tracked API.
pub(crate) fn spec() -> PathBuf {
    root().join("spec/xapi.yaml")
}

/// An API with all that is decided about it.
pub(crate) struct Decided {
    pub(crate) api: Api,
    pub(crate) names: Names,
    pub(crate) secrets: Secrets,
    unjoined: Vec<String>,
}

impl Decided {
    /// The files of its client.
    pub(crate) fn client(&self) -> Result<Files, String> {
        emit::client(&self.api, &self.names, &self.secrets).map_err(|it| it.to_string())
    }
}

/// Reads and names the tracked API.
pub(crate) fn tracked() -> Result<Decided, String> {
    let (api, _) = load::load(&spec()).and_then(model::read).map_err(|it| it.to_string())?;
    decide_whole(api)
}

/// Names the union of all that is known. Exceptions that it doesn't need are an error here, where all
/// known releases are together.
pub(crate) fn decide_whole(api: Api) -> Result<Decided, String> {
    let decided = decide(api)?;
    let unused = [
        ("spec/former_ids.yaml", decided.unjoined.as_slice()),
        ("spec/names.yaml", decided.names.unused()),
        ("spec/secrets.yaml", decided.secrets.unused()),
    ];
    for (file, rows) in unused {
        if !rows.is_empty() {
            let rows = rows.join("\n  ");
            return Err(format!("{file} has rows that nothing needs; remove them:\n  {rows}"));
        }
    }
    Ok(decided)
}

/// Names any API.
pub(crate) fn decide(mut api: Api) -> Result<Decided, String> {
    let unjoined = former_ids::join(&mut api, &former_ids()?).map_err(|it| it.to_string())?;
    let exceptions = data("spec/names.yaml", Exceptions::parse)?;
    let rows = data("spec/secrets.yaml", secrets::Rows::parse)?;
    let names = names::name(&api, &exceptions).map_err(|it| it.to_string())?;
    let secrets = secrets::find(&api, &exceptions, &rows);
    Ok(Decided { api, names, secrets, unjoined })
}

/// The operationIds that 3CX changed.
pub(crate) fn former_ids() -> Result<Vec<FormerId>, String> {
    data("spec/former_ids.yaml", former_ids::parse)
}

/// Reads one of the small data files beside the tracked API.
fn data<T>(file: &str, parse: fn(&str, &str) -> Result<T, Problems>) -> Result<T, String> {
    let text = std::fs::read_to_string(root().join(file)).map_err(|it| format!("{file}: {it}"))?;
    parse(file, &text).map_err(|it| it.to_string())
}
