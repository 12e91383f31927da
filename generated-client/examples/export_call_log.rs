//! Writes the call log of a month to a CSV file.

mod common;

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Parser;
use common::{Failure, Outcome};
use threecx_xapi::edm::{DateTimeOffset, Duration};
use threecx_xapi::entities::CallLogData;

/// Writes the call log of a month to a CSV file, with a line of progress for each day
///
/// The file appears under its name once it is complete. The role of the service principal must be one
/// that may read the call log; a system administrator may not.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// The month, such as 2026-01
    #[arg(long)]
    month: Month,
    /// The offset from UTC that the month begins and ends with, such as +01:00
    #[arg(long, default_value = "Z", allow_hyphen_values = true)]
    offset: String,
    /// The file to write
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    place: common::Place,
}

/// A year and a month.
#[derive(Clone, Copy)]
struct Month(u16, u8);

impl FromStr for Month {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (year, month) = text.split_once('-')?;
            let (year, month) = (year.parse().ok()?, month.parse().ok()?);
            // The calendar judges them.
            DateTimeOffset::utc(year, month, 1, 0, 0, 0).map(|_| Self(year, month))
        };
        read().ok_or("a month is written as 2026-01")
    }
}

impl Month {
    fn next(self) -> Self {
        if self.1 == 12 { Self(self.0 + 1, 1) } else { Self(self.0, self.1 + 1) }
    }

    /// The moment at which it begins.
    fn start(self, offset: &str) -> Outcome<DateTimeOffset> {
        let start = format!("{:04}-{:02}-01T00:00:00{offset}", self.0, self.1).parse();
        start.map_err(|_| {
            Failure::usage(format!("{offset} is no offset; it is written as +01:00, -05:00 or Z"))
        })
    }
}

const HEADERS: [&str; 11] = [
    "start_time",
    "from",
    "from_name",
    "to",
    "to_name",
    "direction",
    "status",
    "answered",
    "ringing_seconds",
    "talking_seconds",
    "cost",
];

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    let period = arguments.month.start(&arguments.offset)?
        ..arguments.month.next().start(&arguments.offset)?;
    let connection = arguments.place.connect().await?;

    let part = common::beside(&arguments.out, "part");
    let file = File::create(&part)
        .map_err(|error| Failure::usage(format!("{}: {error}", part.display())))?;
    let mut csv = csv::Writer::from_writer(file);
    csv.write_record(HEADERS)?;

    // The client asks for a day at a time, and for four pages at once; the month is never in memory.
    let mut calls = connection.pbx.call_log(period).read_ahead(4).items();
    let (mut rows, mut day) = (0_u64, 0);
    while let Some(call) = calls.next().await {
        let call = call.map_err(|error| {
            Failure::new(format!("{error}\n{} has {rows} rows, up to day {day}", part.display()))
        })?;
        let progress = calls.progress();
        if progress.windows >= day {
            day = progress.windows + 1;
            eprintln!("day {day} of {}, {rows} rows so far", progress.of_windows);
        }
        csv.write_record(columns(&call))?;
        rows += 1;
    }
    csv.flush()?;
    std::fs::rename(&part, &arguments.out)?;
    println!("{rows} rows are in {}.", arguments.out.display());
    Ok(())
}

fn columns(call: &CallLogData) -> [String; 11] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let seconds = |value: Option<Duration>| {
        value.map(|it| it.whole_seconds().to_string()).unwrap_or_default()
    };
    [
        call.start_time.map(|it| it.to_string()).unwrap_or_default(),
        text(&call.source_dn),
        text(&call.source_display_name),
        text(&call.destination_dn),
        text(&call.destination_display_name),
        text(&call.direction),
        text(&call.status),
        call.answered.map(|it| it.to_string()).unwrap_or_default(),
        seconds(call.ringing_duration),
        seconds(call.talking_duration),
        call.call_cost.map(|it| it.to_string()).unwrap_or_default(),
    ]
}
