//! Changes users as a CSV file says, a row for each user. If it breaks off, the next run goes on where it was.

mod common;

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use common::{Failure, Outcome};
use csv::StringRecord;
use serde::Deserialize;
use threecx_xapi::entities::User;
use threecx_xapi::{Client, Entity, Error, Keyed};

/// Changes many users as a CSV file says
///
/// The file has a column `number`, which names the user, and any of the columns `first_name`, `last_name`,
/// `email`, `mobile`, `outbound_caller_id` and `enabled` (`true` or `false`). An empty cell changes nothing.
///
/// The rows that are done stand in a file beside it, FILE.done. The next run leaves them out, and removes
/// that file once all rows are done.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// The CSV file
    file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: common::Place,
}

/// A row of the file. A further column is a further field here, and a line in `apply`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    number: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    mobile: Option<String>,
    outbound_caller_id: Option<String>,
    enabled: Option<bool>,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    // The whole file is read first: a wrong row in it stops the program before it changes anybody.
    let rows = read_rows(&arguments.file)?;
    let connection = arguments.place.connect().await?;
    let path = common::beside(&arguments.file, "done");
    let mut done = Journal::open(&path, !arguments.dry_run)?;

    let (mut failed, mut skipped) = (0, 0);
    for (at, (record, change)) in rows.iter().enumerate() {
        if done.has(record) {
            skipped += 1;
            continue;
        }
        let place = format!("[{}/{}] {}", at + 1, rows.len(), change.number);
        match apply(&connection.pbx, change, arguments.dry_run).await {
            Ok(what) => {
                println!("{place}: {what}");
                done.add(record)?;
            }
            // It is about this row alone, so the others can go on.
            Err(error) if error.is_validation() || error.is_not_found() => {
                println!("{place}: failed: {error}");
                failed += 1;
            }
            Err(error) => {
                return Err(Failure::new(format!(
                    "{place}: {error}\n{at} of {} rows were looked at; run it again to go on",
                    rows.len()
                )));
            }
        }
    }
    if skipped > 0 {
        println!("{skipped} rows were done before.");
    }
    if failed > 0 {
        return Err(Failure::new(format!(
            "{failed} of {} rows failed; run it again to try these once more",
            rows.len()
        )));
    }
    println!("All {} rows are done.", rows.len());
    done.remove()
}

/// The rows of the file, as they stand there and as they are read.
fn read_rows(path: &Path) -> Outcome<Vec<(StringRecord, Change)>> {
    let wrong = |error: csv::Error| Failure::usage(format!("{}: {error}", path.display()));
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(wrong)?;
    let headers = reader.headers().map_err(wrong)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let change: Change = record.deserialize(Some(&headers)).map_err(wrong)?;
        if change.number.is_empty() {
            let line = record.position().map_or(0, csv::Position::line);
            let message = format!("{}: line {line} has no number", path.display());
            return Err(Failure::usage(message));
        }
        rows.push((record, change));
    }
    Ok(rows)
}

/// Reads a user, and sends what differs.
async fn apply(pbx: &Client, change: &Change, dry_run: bool) -> Result<&'static str, Error> {
    let columns = (
        User::ID,
        User::FIRST_NAME,
        User::LAST_NAME,
        User::EMAIL_ADDRESS,
        User::MOBILE,
        User::OUTBOUND_CALLER_ID,
        User::ENABLED,
    );
    // A filter finds it on every release; `get_by_number` takes no `select` before 20.0.8.
    let found = pbx.users().list().filter(User::NUMBER.eq(&change.number)).select(columns);
    let before = found.exactly_one().await?;
    let mut after = before.clone();
    set(&mut after.first_name, &change.first_name);
    set(&mut after.last_name, &change.last_name);
    set(&mut after.email_address, &change.email);
    set(&mut after.mobile, &change.mobile);
    set(&mut after.outbound_caller_id, &change.outbound_caller_id);
    set(&mut after.enabled, &change.enabled);
    let changes = after.changes_from(&before)?;
    if changes == User::default() {
        return Ok("is so already");
    }
    if dry_run {
        return Ok("would change");
    }
    // The same change twice does no harm, so the client may repeat it if an answer gets lost.
    pbx.users().update(before.key()?, changes).retry_writes().await?;
    Ok("changed")
}

fn set<T: Clone>(property: &mut Option<T>, value: &Option<T>) {
    if value.is_some() {
        property.clone_from(value);
    }
}

/// The rows that are done, in a file.
struct Journal<'p> {
    path: &'p Path,
    done: HashSet<Vec<String>>,
    /// None for a dry run, which notes nothing.
    writer: Option<csv::Writer<File>>,
}

impl<'p> Journal<'p> {
    fn open(path: &'p Path, writes: bool) -> Outcome<Self> {
        let mut done = HashSet::new();
        if path.exists() {
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(path)?;
            done = reader.deserialize().collect::<Result<_, _>>()?;
        }
        // It is written anew, because its last line may be torn.
        let mut writer = None;
        if writes {
            let mut builder = csv::WriterBuilder::new();
            let mut file = builder.flexible(true).from_path(path)?;
            done.iter().try_for_each(|record| file.write_record(record))?;
            file.flush()?;
            writer = Some(file);
        }
        Ok(Self { path, done, writer })
    }

    fn has(&self, record: &StringRecord) -> bool {
        self.done.contains(&record.iter().map(str::to_owned).collect::<Vec<_>>())
    }

    fn add(&mut self, record: &StringRecord) -> Outcome {
        if let Some(writer) = &mut self.writer {
            writer.write_record(record)?;
            writer.flush()?;
        }
        Ok(())
    }

    fn remove(self) -> Outcome {
        if self.writer.is_some() {
            std::fs::remove_file(self.path)?;
        }
        Ok(())
    }
}
