use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::text::{ParseError, Scanner, text_serde, write_time};

/// A moment, with the offset from UTC in which it was written (`Edm.DateTimeOffset`), to the
/// nanosecond, in the years 1 to 9999.
///
/// Written `2026-02-01T00:00:00Z`: a fraction only when it is not zero, the offset kept (`+02:00`),
/// none as `Z`. Read with up to twelve digits of fraction, of which nine are kept, and with `t` and `z`
/// in lower case; .NET's extremes `0001-01-01T00:00:00Z` and `9999-12-31T23:59:59.9999999Z` are held.
/// A moment without an offset is refused.
///
/// Two values are equal when they are the same moment, whatever their offsets.
///
/// ```
/// # use threecx_xapi::edm::DateTimeOffset;
/// let start = DateTimeOffset::utc(2026, 2, 1, 0, 0, 0).expect("a date of the calendar");
/// assert_eq!(start, "2026-02-01T02:00:00+02:00".parse()?);
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

    /// The present moment by the clock of this machine, in UTC.
    pub fn now() -> Self {
        SystemTime::now().into()
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
