//! `cargo xtask diff`

use xapi_codegen::compare;

use crate::workspace::rows;
use crate::{Outcome, ReportFormat, print, source};

pub(crate) fn run(old: &str, new: &str, format: ReportFormat) -> Outcome {
    let report = compare::report(&source::open(old)?, &source::open(new)?, &rows()?)?;
    match format {
        ReportFormat::Markdown => print(&report.markdown()),
        ReportFormat::Json => print(&report.json().map_err(|error| error.to_string())?),
    }
}
