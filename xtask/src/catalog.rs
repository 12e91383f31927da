//! `cargo xtask catalog`

use clap::ValueEnum;
use xapi_codegen::catalog::{Entry, entries};

use crate::console::{Outcome, print};
use crate::workspace::tracked;

/// How the list is printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

pub(crate) fn run(format: Format) -> Outcome {
    let client = tracked()?;
    let entries = entries(&client.api, &client.names);
    match format {
        Format::Json => {
            let json = serde_json::to_string_pretty(&entries).map_err(|it| it.to_string())?;
            print(&(json + "\n"))
        }
        Format::Table => print(&table(&entries)),
    }
}

/// The columns by which people look an operation up.
fn table(entries: &[Entry]) -> String {
    let rows: Vec<[&str; 4]> = entries
        .iter()
        .map(|it| [it.operation_id.as_str(), it.call.as_str(), it.method, it.route.as_str()])
        .collect();
    let heads = ["operationId", "call", "method", "route"];
    let mut widths = heads.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.len());
        }
    }
    let line = |cells: &[&str; 4]| {
        let cells: Vec<String> =
            cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned() + "\n"
    };
    std::iter::once(&heads).chain(&rows).map(line).collect()
}
