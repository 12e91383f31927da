//! The APIs that a command line names: a document, a union, or a release of a union.

use std::path::Path;

use xapi_codegen::compare::Side;
use xapi_codegen::load;

/// Opens `FILE`, `FILE@RELEASE` (one document of a union) or `FILE@..RELEASE` (the union up to it).
pub(crate) fn open(name: &str) -> Result<Side, String> {
    let (file, release) = match name.rsplit_once('@') {
        Some((file, release)) if !Path::new(name).exists() => (file, Some(release)),
        _ => (name, None),
    };
    let document = load::load(Path::new(file)).map_err(|problems| problems.to_string())?;
    Side::of(document, release)
}
