//! `cargo xtask diff`

use xapi_codegen::diff::report::Report;
use xapi_codegen::diff::{self, Diff, noise};
use xapi_codegen::history;
use xapi_codegen::model::{Api, Release};
use xapi_codegen::surface;

use crate::source::{self, Source};
use crate::workspace::rows;
use crate::{Outcome, ReportFormat, print};

pub(crate) fn run(old: &str, new: &str, format: ReportFormat) -> Outcome {
    let (old, new) = (Source::open(old)?, Source::open(new)?);
    let report = report(&old, &new)?;
    match format {
        ReportFormat::Markdown => print(&report.markdown()),
        ReportFormat::Json => print(&report.json().map_err(|it| it.to_string())?),
    }
}

/// What changed from one to the other, and what it means for who uses the client.
pub(crate) fn report(old: &Source, new: &Source) -> Result<Report, String> {
    let mut diff = differences(&old.newest, &new.newest)?;
    if let (Some(old), Some(new)) = (&old.text, &new.text) {
        diff.noise.extend(noise::count(old, new).map_err(|it| it.to_string())?);
    }
    let (was, is) = clients(old, new)?;
    let verdict = surface::compare(&source::surface(was)?, &source::surface(is)?);
    Ok(Report { old: old.name.clone(), new: new.name.clone(), verdict, diff })
}

/// What differs between two documents.
pub(crate) fn differences(old: &Api, new: &Api) -> Result<Diff, String> {
    Ok(diff::diff(old, new, &rows()?.renamed()))
}

/// The APIs whose clients are compared: what a document does to the client of a union is seen with
/// the document in the union. Two documents are compared as they are.
fn clients(old: &Source, new: &Source) -> Result<(Api, Api), String> {
    match (old.is_union(), new.is_union(), old.whole.releases.last()) {
        (true, true, _) => Ok((old.whole.clone(), new.whole.clone())),
        (true, false, Some(last)) => {
            // The document doesn't say its release; it is taken to be the next.
            let next = Release { release: last.release.clone(), date: "9999-12-31".to_owned() };
            let union = history::merge(&old.whole, next, new.newest.clone());
            Ok((old.whole.clone(), union.map_err(|it| it.to_string())?))
        }
        _ => Ok((old.newest.clone(), new.newest.clone())),
    }
}
