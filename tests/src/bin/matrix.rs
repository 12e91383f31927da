//! Puts the client against a PBX of each document, and prints what it reads. `cargo xtask matrix`
//! compiles it with the client of the documents up to each one.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tests::matrix::cell;
use tests::sample::{snapshots, up_to};

/// Prints a line for each document: how many operations were called, whose answers were lost, and which
/// properties could not be read.
///
/// The exit code is 0 only if no answer was lost, and only retyped properties could not be read.
#[derive(Parser)]
struct Arguments {
    /// The document up to which the client was generated: RELEASE/DATE
    #[arg(long)]
    up_to: String,
    /// The documents that the PBX has; all of them if none is named
    documents: Vec<String>,
}

// On one thread, since the client's events are heard on it alone.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tests::exit_code(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Result<bool, String> {
    let known = up_to(&arguments.up_to)?;
    let wanted =
        |id: &str| arguments.documents.is_empty() || arguments.documents.iter().any(|it| it == id);
    let mut is_good = true;
    for played in snapshots().iter().filter(|(id, _)| wanted(&id.full())) {
        let cell = cell(known, played).await?;
        is_good &= cell.lost.is_empty() && cell.unexplained().is_empty();
        let line = format!(
            "{:20}  {:20}  {:>6}  {:>4}  {:>6}  {:>7}  {:>5}",
            arguments.up_to,
            played.0.full(),
            cell.called,
            cell.lost.len(),
            cell.unread.len(),
            cell.retyped.len(),
            cell.other_answers.len(),
        );
        let mut details = Vec::new();
        details.extend(cell.lost.iter().map(|it| format!("lost {it}")));
        details
            .extend(cell.unexplained().iter().map(|it| format!("unread without a retype: {it}")));
        details.extend(cell.unread.iter().map(|it| format!("unread {it}")));
        details.extend(cell.fitting().iter().map(|it| format!("retyped, but read: {it}")));
        details.extend(cell.undecided.iter().map(|it| format!("no release tells its route: {it}")));
        details.extend(cell.other_answers.iter().map(|it| format!("another answer: {it}")));
        let mut out = std::io::stdout();
        writeln!(out, "{line}").map_err(|error| error.to_string())?;
        for detail in details {
            writeln!(out, "    {detail}").map_err(|error| error.to_string())?;
        }
    }
    Ok(is_good)
}
