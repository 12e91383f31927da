//! Sets the office hours of the PBX, and its holidays as a CSV file says.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::str::FromStr;

use clap::{ArgGroup, Parser};
use common::{Failure, Outcome};
use serde::Deserialize;
use threecx_xapi::edm::{Duration, TimeOfDay};
use threecx_xapi::entities::{Holiday, OfficeHours, Period};
use threecx_xapi::enums::DayOfWeek;
use threecx_xapi::recipes::Difference;
use threecx_xapi::{Client, Entity, Keyed};

/// Sets the office hours and the holidays of the PBX
///
/// The file of holidays has the columns `name`, `first` and `last`. A day is written as 12-25, which comes
/// every year, or as 2026-12-25. Without `last`, a holiday is one day long. A holiday of the PBX with the
/// same name is changed.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
#[command(group(ArgGroup::new("change").required(true).multiple(true)))]
struct Arguments {
    /// When the office is open, such as mon-fri=09:00-17:30; give it several times for other days, or for
    /// a second period. All other times become closed
    #[arg(long, group = "change")]
    open: Vec<Opening>,
    /// A CSV file with the holidays
    #[arg(long, group = "change")]
    holidays: Option<PathBuf>,
    /// Delete the holidays that are not in the file
    #[arg(long, requires = "holidays")]
    delete_others: bool,
    #[command(flatten)]
    place: common::Place,
}

const DAYS: [(&str, DayOfWeek); 7] = [
    ("mon", DayOfWeek::Monday),
    ("tue", DayOfWeek::Tuesday),
    ("wed", DayOfWeek::Wednesday),
    ("thu", DayOfWeek::Thursday),
    ("fri", DayOfWeek::Friday),
    ("sat", DayOfWeek::Saturday),
    ("sun", DayOfWeek::Sunday),
];

/// Days of the week, and from when to when.
#[derive(Clone)]
struct Opening {
    days: Vec<DayOfWeek>,
    start: TimeOfDay,
    stop: TimeOfDay,
}

impl FromStr for Opening {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let place = |day: &str| DAYS.iter().position(|(name, _)| *name == day);
        let time = |text: &str| format!("{text}:00").parse().ok();
        let read = || {
            let (days, times) = text.split_once('=')?;
            let (first, last) = days.split_once('-').unwrap_or((days, days));
            let days = DAYS.get(place(first)?..=place(last)?)?;
            let (start, stop) = times.split_once('-')?;
            let (start, stop) = (time(start)?, time(stop)?);
            let days: Vec<_> = days.iter().map(|(_, day)| day.clone()).collect();
            (!days.is_empty() && start < stop).then_some(Self { days, start, stop })
        };
        read().ok_or("it is written as mon-fri=09:00-17:30 or sat=10:00-14:00")
    }
}

/// A row of the file of holidays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    first: String,
    last: Option<String>,
}

/// A day of a year, or of every year.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Day {
    year: Option<i32>,
    month: u8,
    day: u8,
}

impl Day {
    fn parse(text: &str) -> Option<Self> {
        // A leap year, so that the 29th of February can come every year.
        let full = if text.len() == 5 { format!("2024-{text}") } else { text.to_owned() };
        full.parse::<threecx_xapi::edm::Date>().ok()?;
        let mut parts = full.rsplit('-');
        let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let year = if text.len() == 5 { None } else { Some(parts.next()?.parse().ok()?) };
        Some(Self { year, month, day })
    }
}

/// A holiday of the file.
struct Wanted {
    name: String,
    first: Day,
    last: Day,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    // The file is read first: a wrong row in it stops the program before it changes anything.
    let holidays = arguments.holidays.as_deref().map(read_holidays).transpose()?;
    let connection = arguments.place.connect().await?;
    if !arguments.open.is_empty() {
        set_hours(&connection.pbx, &arguments.open).await?;
    }
    if let Some(holidays) = holidays {
        set_holidays(&connection.pbx, holidays, arguments.delete_others).await?;
    }
    Ok(())
}

async fn set_hours(pbx: &Client, openings: &[Opening]) -> Outcome {
    let before = pbx.office_hours().get().await?;
    let mut periods = Vec::new();
    for opening in openings {
        periods.extend(opening.days.iter().map(|day| {
            let (start, stop) = (opening.start, opening.stop);
            Period::default().day_of_week(day.clone()).start(start).stop(stop)
        }));
    }
    // The rest of the schedule stays as it is.
    let hours = before.hours.clone().unwrap_or_default().periods(periods);
    let changes = before.clone().hours(hours).changes_from(&before)?;
    if changes == OfficeHours::default() {
        println!("The office hours are so already.");
    } else {
        pbx.office_hours().update(changes).retry_writes().await?;
        println!("The office hours are set.");
    }
    Ok(())
}

async fn set_holidays(pbx: &Client, wanted: Vec<Wanted>, delete_others: bool) -> Outcome {
    let present = pbx.holidays().list().all(1_000).await?;
    let difference = Difference::of(wanted, present, |it| it.name.clone(), |it| it.name.clone());
    for holiday in difference.missing {
        let created = holiday.write(Holiday::default().name(&holiday.name));
        pbx.holidays().create(created).await?;
        println!("Created {}.", holiday.name);
    }
    for (holiday, before) in difference.kept {
        let changes = holiday.write(before.clone()).changes_from(&before)?;
        if changes != Holiday::default() {
            pbx.holidays().update(before.key()?, changes).retry_writes().await?;
            println!("Changed {}.", holiday.name);
        }
    }
    for other in difference.surplus {
        let name = other.name.clone().unwrap_or_default();
        if delete_others {
            pbx.holidays().delete(other.key()?).await?;
            println!("Deleted {name}.");
        } else {
            println!("Left {name}, which is not in the file.");
        }
    }
    Ok(())
}

impl Wanted {
    /// Sets what the file says, from the first minute of the first day to the last of the last.
    fn write(&self, holiday: Holiday) -> Holiday {
        let Self { first, last, .. } = self;
        let holiday = holiday
            .day(first.day)
            .month(first.month)
            .day_end(last.day)
            .month_end(last.month)
            .time_of_start_date(Duration::ZERO)
            .time_of_end_date(Duration::seconds(24 * 3600 - 60))
            .is_recurrent(first.year.is_none());
        match (first.year, last.year) {
            (Some(first), Some(last)) => holiday.year(first).year_end(last),
            _ => holiday,
        }
    }
}

fn read_holidays(path: &Path) -> Outcome<Vec<Wanted>> {
    let wrong = |error: csv::Error| Failure::usage(format!("{}: {error}", path.display()));
    let mut reader =
        csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(wrong)?;
    let headers = reader.headers().map_err(wrong)?.clone();
    let mut holidays = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let row: Row = record.deserialize(Some(&headers)).map_err(wrong)?;
        let days = Day::parse(&row.first).zip(Day::parse(row.last.as_ref().unwrap_or(&row.first)));
        let in_order = |(first, last): &(Day, Day)| match (first.year, last.year) {
            // A holiday of every year may go on into the next one.
            (None, None) => true,
            (Some(_), Some(_)) => first <= last,
            _ => false,
        };
        let Some((first, last)) = days.filter(in_order) else {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(Failure::usage(format!(
                "{}: line {line}: the days are written as 12-25 or as 2026-12-25, both in the same way, \
                 the first before the last",
                path.display()
            )));
        };
        holidays.push(Wanted { name: row.name, first, last });
    }
    Ok(holidays)
}
