use std::fmt;
use std::str::FromStr;

use time::Month;

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
