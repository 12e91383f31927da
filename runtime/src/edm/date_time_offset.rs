use std::fmt;
use std::ops::{Add, Sub};
use std::str::FromStr;
use std::time::SystemTime;

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::duration::Duration;
use super::text::{ParseError, Scanner, text_serde, write_time};

/// A moment, with the offset from UTC in which it was written (`Edm.DateTimeOffset`), to the
/// nanosecond, in the years 1 to 9999.
///
/// Written `2026-02-01T00:00:00Z`: a fraction only when it is not zero, the offset kept (`+02:00`),
/// none as `Z`. Read with up to twelve digits of fraction, of which nine are kept, and with `t` and `z`
/// in lower case; .NET's extremes `0001-01-01T00:00:00Z` and `9999-12-31T23:59:59.9999999Z` are held.
/// A moment without an offset is refused.
///
/// Two values are equal when they are the same moment, whatever their offsets; the later one is the greater.
///
/// ```
/// # use threecx_xapi::edm::{DateTimeOffset, Duration};
/// let start = DateTimeOffset::utc(2026, 2, 1, 0, 0, 0).expect("a date of the calendar");
/// assert_eq!(start, "2026-02-01T02:00:00+02:00".parse()?);
///
/// // The parts are those of its own offset.
/// let local: DateTimeOffset = "2026-02-01T17:30:00+02:00".parse()?;
/// assert_eq!((local.day(), local.hour(), local.offset_minutes()), (1, 17, 120));
///
/// // Two moments have a duration between them, and a moment and a duration give another moment.
/// assert_eq!((local - start).to_string(), "PT15H30M");
/// assert_eq!(local - Duration::days(1), "2026-01-31T15:30:00Z".parse()?);
/// # Ok::<(), threecx_xapi::edm::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTimeOffset(OffsetDateTime);

impl DateTimeOffset {
    /// A moment in UTC; `None` if the calendar or the clock does not have it.
    pub fn utc(year: u16, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Self> {
        let time = Time::from_hms(hour, minute, second).ok()?;
        Some(Self(moment(year, month, day, time, UtcOffset::UTC)?))
    }

    /// A time of a day, in an offset from UTC of so many minutes: 120 is `+02:00`. `None` if the offset is a
    /// day or more.
    pub fn new(date: super::Date, time: super::TimeOfDay, offset_minutes: i16) -> Option<Self> {
        let offset = offset_of(offset_minutes)?;
        Some(Self(OffsetDateTime::new_in_offset(date.into(), time.into(), offset)))
    }

    /// The present moment by the clock of this machine, in UTC.
    pub fn now() -> Self {
        SystemTime::now().into()
    }

    /// The moment that is so much later, with the same offset; `None` outside of the years 1 to 9999.
    pub fn checked_add(self, length: impl Into<Duration>) -> Option<Self> {
        within(self.0.checked_add(length.into().into())?)
    }

    /// The moment that is so much earlier, with the same offset; `None` outside of the years 1 to 9999.
    pub fn checked_sub(self, length: impl Into<Duration>) -> Option<Self> {
        within(self.0.checked_sub(length.into().into())?)
    }

    /// The same moment in another offset from UTC, in minutes. `None` if the offset is a day or more, or if the
    /// moment is then outside of the years 1 to 9999.
    pub fn to_offset(self, minutes: i16) -> Option<Self> {
        within(self.0.checked_to_offset(offset_of(minutes)?)?)
    }

    /// The day, in its own offset.
    pub fn date(self) -> super::Date {
        self.0.date().into()
    }

    /// The time of the day, in its own offset.
    pub fn time(self) -> super::TimeOfDay {
        self.0.time().into()
    }

    /// The offset from UTC in minutes: 120 is `+02:00`.
    pub fn offset_minutes(self) -> i16 {
        self.0.offset().whole_minutes()
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

fn offset_of(minutes: i16) -> Option<UtcOffset> {
    if minutes.unsigned_abs() >= 24 * 60 {
        return None;
    }
    UtcOffset::from_whole_seconds(i32::from(minutes) * 60).ok()
}

/// A moment in the years that the API has.
fn within(moment: OffsetDateTime) -> Option<DateTimeOffset> {
    (1..=9999).contains(&moment.year()).then_some(DateTimeOffset(moment))
}

/// The time from the second moment to the first; negative if the first is the earlier one.
impl Sub for DateTimeOffset {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).into()
    }
}

macro_rules! moves {
    ($($length:ty),*) => {$(
        /// The moment that is so much later, or the end of the calendar.
        /// [`checked_add`](DateTimeOffset::checked_add) tells whether it was reached.
        impl Add<$length> for DateTimeOffset {
            type Output = Self;

            fn add(self, length: $length) -> Self {
                let length = Duration::from(length);
                self.checked_add(length).unwrap_or_else(|| self.end(length.is_negative()))
            }
        }

        /// The moment that is so much earlier, or the start of the calendar.
        /// [`checked_sub`](DateTimeOffset::checked_sub) tells whether it was reached.
        impl Sub<$length> for DateTimeOffset {
            type Output = Self;

            fn sub(self, length: $length) -> Self {
                let length = Duration::from(length);
                self.checked_sub(length).unwrap_or_else(|| self.end(!length.is_negative()))
            }
        }
    )*};
}

moves!(Duration, time::Duration, std::time::Duration);

impl DateTimeOffset {
    /// The first or the last moment of the calendar, in the same offset.
    fn end(self, first: bool) -> Self {
        let (year, month, day, time) = if first {
            (1, Month::January, 1, Time::MIDNIGHT)
        } else {
            (9999, Month::December, 31, Time::MAX)
        };
        let date = Date::from_calendar_date(year, month, day).unwrap_or(self.0.date());
        Self(OffsetDateTime::new_in_offset(date, time, self.0.offset()))
    }
}

fn moment(year: u16, month: u8, day: u8, time: Time, offset: UtcOffset) -> Option<OffsetDateTime> {
    if !(1..=9999).contains(&year) {
        return None;
    }
    let date = Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok()?;
    Some(OffsetDateTime::new_in_offset(date, time, offset))
}

impl FromStr for DateTimeOffset {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text)
            .map(Self)
            .ok_or(ParseError::new("a date and time with an offset, such as 2026-02-01T00:00:00Z"))
    }
}

fn parse(text: &str) -> Option<OffsetDateTime> {
    let mut scanner = Scanner::new(text);
    let (year, month, day) = scanner.date()?;
    let time = scanner.take(b'T').then(|| scanner.time(true))??;
    let offset = offset(&mut scanner)?;
    if !scanner.is_done() {
        return None;
    }
    moment(year, month, day, time, offset)
}

fn offset(scanner: &mut Scanner<'_>) -> Option<UtcOffset> {
    if scanner.take(b'Z') {
        return Some(UtcOffset::UTC);
    }
    let sign = if scanner.take(b'+') {
        1
    } else if scanner.take(b'-') {
        -1
    } else {
        return None;
    };
    let hours = scanner.two()?;
    let minutes = scanner.take(b':').then(|| scanner.two())??;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let minutes = i32::from(hours) * 60 + i32::from(minutes);
    UtcOffset::from_whole_seconds(sign * minutes * 60).ok()
}

impl fmt::Display for DateTimeOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The wire has no seconds in an offset, so such a moment is written with the next shorter one.
        let minutes = i32::from(self.0.offset().whole_minutes());
        let moment = UtcOffset::from_whole_seconds(minutes * 60)
            .ok()
            .and_then(|offset| self.0.checked_to_offset(offset))
            .unwrap_or(self.0);
        let (year, month, day) = moment.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}T", u8::from(month))?;
        write_time(f, moment.time())?;
        if minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if minutes < 0 { '-' } else { '+' };
        let minutes = minutes.abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl fmt::Debug for DateTimeOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A year outside of 1 to 9999 is taken as it is; a PBX would refuse it.
impl From<OffsetDateTime> for DateTimeOffset {
    fn from(moment: OffsetDateTime) -> Self {
        Self(moment)
    }
}

impl From<DateTimeOffset> for OffsetDateTime {
    fn from(moment: DateTimeOffset) -> Self {
        moment.0
    }
}

/// In UTC; a moment past the year 9999 becomes that year's end, one before the year 1 its start.
impl From<SystemTime> for DateTimeOffset {
    fn from(moment: SystemTime) -> Self {
        let since_epoch = match moment.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => time::Duration::try_from(after).unwrap_or(time::Duration::MAX),
            Err(before) => time::Duration::try_from(before.duration())
                .map_or(time::Duration::MIN, |before| -before),
        };
        let first = Date::from_calendar_date(1, Month::January, 1).unwrap_or(Date::MIN);
        let first = first.midnight().assume_utc();
        Self(OffsetDateTime::UNIX_EPOCH.saturating_add(since_epoch).max(first))
    }
}

/// Fails where the clock of the platform does not reach as far as the years 1 to 9999.
impl TryFrom<DateTimeOffset> for SystemTime {
    type Error = ParseError;

    fn try_from(moment: DateTimeOffset) -> Result<Self, ParseError> {
        let since_epoch = moment.0 - OffsetDateTime::UNIX_EPOCH;
        let length = since_epoch.unsigned_abs();
        let system_time = if since_epoch.is_negative() {
            SystemTime::UNIX_EPOCH.checked_sub(length)
        } else {
            SystemTime::UNIX_EPOCH.checked_add(length)
        };
        system_time.ok_or(ParseError::new("a moment that the clock of this machine reaches"))
    }
}

text_serde!(DateTimeOffset);
