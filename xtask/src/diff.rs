//! `cargo xtask diff`

use clap::ValueEnum;
use xapi_codegen::compare;

use crate::console::{Outcome, print};
use crate::source;
use crate::workspace::rows;

/// How a report is printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Markdown,
    Json,
}

pub(crate) fn run(old: &str, new: &str, format: Format) -> Outcome {
    let report = compare::report(&source::open(old)?, &source::open(new)?, &rows()?)?;
    match format {
        Format::Markdown => print(&report.markdown()),
        Format::Json => print(&report.json().map_err(|error| error.to_string())?),
    }
}
