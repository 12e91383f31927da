use std::fmt;
use std::ops::Sub;
use std::str::FromStr;

use time::Month;

use super::duration::Duration;
use super::text::{ParseError, Scanner, text_serde};

/// A day of the calendar (`Edm.Date`), in the years 1 to 9999: what `date(…)` of a filter is compared
/// with.
///
/// ```
/// # use threecx_xapi::edm::Date;
/// # use threecx_xapi::entities::AuditLog;
/// let day = Date::new(2026, 2, 1).expect("a date of the calendar");
/// assert_eq!(AuditLog::TIMESTAMP.date().eq(day).to_string(), "date(Timestamp) eq 2026-02-01");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// A day; `None` if the calendar does not have it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        let month = Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year.into(), month, day).ok().map(Self)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u8 {
        self.0.month().into()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u8 {
        self.0.day()
    }

    /// The day that is so many days later, or earlier if `days` is negative; `None` outside of the years 1 to
    /// 9999.
    pub fn checked_add_days(self, days: i64) -> Option<Self> {
        let date = self.0.checked_add(Duration::days(days).into())?;
        (1..=9999).contains(&date.year()).then_some(Self(date))
    }
}

/// The days from the second date to the first, as a duration; negative if the first is the earlier one.
impl Sub for Date {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).into()
    }
}

impl FromStr for Date {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scanner = Scanner::new(text);
        let date = scanner.date();
        match date.and_then(|(year, month, day)| Self::new(year, month, day)) {
            Some(date) if scanner.is_done() => Ok(date),
            _ => Err(ParseError::new("a date such as 2026-02-01")),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A year outside of 1 to 9999 is taken as it is; a PBX would refuse it.
impl From<time::Date> for Date {
    fn from(date: time::Date) -> Self {
        Self(date)
    }
}

impl From<Date> for time::Date {
    fn from(date: Date) -> Self {
        date.0
    }
}

text_serde!(Date);
