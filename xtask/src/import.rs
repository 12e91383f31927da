//! `cargo xtask import`

use std::path::{Path, PathBuf};

use xapi_codegen::import::{Given, merged};
use xapi_codegen::model::{Api, Summary};
use xapi_codegen::{load, model, output, track};

use crate::console::{Outcome, print, shown};
use crate::workspace::{spec, tracked_in};

pub(crate) fn run(
    file: &Path,
    release: Option<&str>,
    date: Option<&str>,
    out: Option<PathBuf>,
) -> Outcome {
    let given = Given::new(release, date)?;
    let document = load::load(file).map_err(|it| it.to_string())?;
    let id = given.id(file, &document)?;
    let (api, summary) = model::read(document).map_err(|it| it.to_string())?;
    let counted = counted(&api);
    let out = out.unwrap_or_else(spec);
    let union = merged(tracked_in(&out)?.as_ref().map(|it| &it.union), id, api);
    let union = union.map_err(|it| format!("{}: {it}", file.display()))?;
    let text = track::write(&union).map_err(|it| it.to_string())?;
    output::write_file(&out, &text).map_err(|it| it.to_string())?;
    let documents = union.documents.len();
    print(&format!(
        "{}: {counted}\n{}: {}, of {documents} documents\n{}",
        shown(file),
        shown(&out),
        self::counted(&union),
        told(&summary)
    ))
}

fn counted(api: &Api) -> String {
    let (entities, enumerations) = (api.entities.len(), api.enumerations.len());
    format!("{} operations, {entities} entities, {enumerations} enumerations", api.operations.len())
}

fn told(summary: &Summary) -> String {
    let mut text = String::new();
    for (name, count) in summary.repairs.iter().filter(|(_, count)| *count > 0) {
        text += &format!("repaired {count} times: {name}\n");
    }
    if !summary.unused.is_empty() {
        let count = summary.unused.len();
        text += &format!("left out {count} shared components that no operation uses\n");
    }
    text
}
