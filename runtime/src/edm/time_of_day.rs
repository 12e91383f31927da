use std::fmt;
use std::ops::Sub;
use std::str::FromStr;

use time::Time;

use super::duration::Duration;
use super::text::{ParseError, Scanner, text_serde, write_time};

/// A time of day without a date or a zone (`Edm.TimeOfDay`), to the nanosecond.
///
/// It is written `08:30:00`, with a fraction only if that is not zero. The reader accepts up to twelve
/// digits of fraction, of which it keeps nine, and also `08:30` and a trailing `Z`.
///
/// ```
/// # use threecx_xapi::edm::TimeOfDay;
/// let opens: TimeOfDay = "08:30:00".parse()?;
/// assert_eq!((opens.hour(), opens.minute()), (8, 30));
/// # Ok::<(), threecx_xapi::edm::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(Time);

impl TimeOfDay {
    /// `00:00:00`, the start of the day.
    pub const MIDNIGHT: Self = Self(Time::MIDNIGHT);

    /// The time of a clock; `None` unless the hour is below 24 and minute and second below 60.
    pub fn new(hour: u8, minute: u8, second: u8) -> Option<Self> {
        Time::from_hms(hour, minute, second).ok().map(Self)
    }

    /// The hour, 0 to 23.
    pub fn hour(self) -> u8 {
        self.0.hour()
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u8 {
        self.0.minute()
    }

    /// The second, 0 to 59.
    pub fn second(self) -> u8 {
        self.0.second()
    }

    /// The fraction of the second in nanoseconds, 0 to 999,999,999.
    pub fn nanosecond(self) -> u32 {
        self.0.nanosecond()
    }
}

/// Midnight.
impl Default for TimeOfDay {
    fn default() -> Self {
        Self::MIDNIGHT
    }
}

/// The time from the second to the first on the same day; negative if the first is the earlier one.
impl Sub for TimeOfDay {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).into()
    }
}

impl FromStr for TimeOfDay {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut scanner = Scanner::new(text);
        let time = scanner.time(false);
        scanner.take(b'Z');
        match time {
            Some(time) if scanner.is_done() => Ok(Self(time)),
            _ => Err(ParseError::new("a time of day such as 08:30:00")),
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_time(f, self.0)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Time> for TimeOfDay {
    fn from(time: Time) -> Self {
        Self(time)
    }
}

impl From<TimeOfDay> for Time {
    fn from(time: TimeOfDay) -> Self {
        time.0
    }
}

text_serde!(TimeOfDay);
