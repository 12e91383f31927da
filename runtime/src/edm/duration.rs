use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};
use std::str::FromStr;

use super::text::{ParseError, Scanner, text_serde, write_fraction};

/// A span of time (`Edm.Duration`), to the nanosecond and possibly negative.
///
/// It is written as ISO 8601 has it, with days, hours, minutes and seconds: `P5DT13H43M24.960179S`,
/// `-PT5S`, `PT0S`. The reader accepts text without some of these parts, and up to twelve digits of
/// fraction, of which it keeps nine. A day has 24 hours. The reader refuses years, months and weeks. The
/// range is that of 64 bits of seconds; a sum or difference beyond it is the longest duration there is.
///
/// ```
/// # use threecx_xapi::edm::Duration;
/// let ring = Duration::from(std::time::Duration::from_secs(90));
/// assert_eq!(ring.to_string(), "PT1M30S");
/// # Ok::<(), threecx_xapi::edm::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(time::Duration);

impl Duration {
    /// No time at all: `PT0S`.
    pub const ZERO: Self = Self(time::Duration::ZERO);

    /// A number of seconds, which may be negative.
    pub const fn seconds(seconds: i64) -> Self {
        Self(time::Duration::seconds(seconds))
    }

    /// A number of minutes, which may be negative.
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes.saturating_mul(60))
    }

    /// A number of hours, which may be negative.
    pub const fn hours(hours: i64) -> Self {
        Self::seconds(hours.saturating_mul(60 * 60))
    }

    /// A number of days of 24 hours, which may be negative.
    pub const fn days(days: i64) -> Self {
        Self::seconds(days.saturating_mul(24 * 60 * 60))
    }

    /// The whole seconds; a fraction is dropped.
    pub const fn whole_seconds(self) -> i64 {
        self.0.whole_seconds()
    }

    /// The fraction of the second in nanoseconds, of the same sign as the whole.
    pub const fn subsec_nanoseconds(self) -> i32 {
        self.0.subsec_nanoseconds()
    }

    /// The seconds with their fraction, as the nearest float.
    pub fn as_seconds_f64(self) -> f64 {
        self.0.as_seconds_f64()
    }

    /// Whether it is less than [`ZERO`](Self::ZERO).
    pub const fn is_negative(self) -> bool {
        self.0.is_negative()
    }
}

impl Add for Duration {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Duration {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Duration {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        // `saturating_sub` of `time` takes a difference from zero for the shortest one.
        let end = if other.is_negative() { time::Duration::MAX } else { time::Duration::MIN };
        Self(self.0.checked_sub(other.0).unwrap_or(end))
    }
}

impl Neg for Duration {
    type Output = Self;

    fn neg(self) -> Self {
        Self::ZERO - self
    }
}

/// All of them together: the calls of a day, say.
impl Sum for Duration {
    fn sum<I: Iterator<Item = Self>>(durations: I) -> Self {
        durations.fold(Self::ZERO, Add::add)
    }
}

impl FromStr for Duration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text)
            .map(Self)
            .ok_or(ParseError::new("a duration in days and less, such as P5DT13H43M24.96S"))
    }
}

fn parse(text: &str) -> Option<time::Duration> {
    const PARTS: [(u8, i64); 4] = [(b'D', 86_400), (b'H', 3_600), (b'M', 60), (b'S', 1)];
    let mut scanner = Scanner::new(text);
    let negative = scanner.take(b'-');
    if !scanner.take(b'P') {
        return None;
    }
    let (mut seconds, mut nanoseconds, mut in_time) = (0_i64, 0, false);
    // The parts that may still follow; each comes once and in this order.
    let mut parts = PARTS.iter();
    while !scanner.is_done() {
        if !in_time && scanner.take(b'T') {
            in_time = true;
        }
        let number = scanner.number()?;
        nanoseconds = scanner.fraction()?;
        let (unit, factor) = parts.find(|(unit, _)| scanner.take(*unit))?;
        // Days come before the `T`, the others after it, and only seconds have a fraction.
        if (*unit == b'D') == in_time || (nanoseconds != 0 && *unit != b'S') {
            return None;
        }
        let part = number.checked_mul(*factor)?;
        seconds = seconds.checked_add(part)?;
    }
    // At least one part, and none missing after a `T`.
    if !text.ends_with(|last: char| "DHMSdhms".contains(last)) {
        return None;
    }
    let length = time::Duration::new(seconds, i32::try_from(nanoseconds).ok()?);
    Some(if negative { -length } else { length })
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0.unsigned_abs();
        let (seconds, nanoseconds) = (length.as_secs(), length.subsec_nanos());
        if self.0.is_negative() {
            f.write_str("-")?;
        }
        f.write_str("P")?;
        let days = seconds / 86_400;
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if days > 0 && seconds % 86_400 == 0 && nanoseconds == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        let (hours, minutes, rest) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        if rest > 0 || nanoseconds > 0 || length.is_zero() {
            write!(f, "{rest}")?;
            write_fraction(f, nanoseconds)?;
            f.write_str("S")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<time::Duration> for Duration {
    fn from(duration: time::Duration) -> Self {
        Self(duration)
    }
}

impl From<Duration> for time::Duration {
    fn from(duration: Duration) -> Self {
        duration.0
    }
}

/// If a span is too long (292 thousand million years), it becomes the longest one.
impl From<std::time::Duration> for Duration {
    fn from(duration: std::time::Duration) -> Self {
        Self(duration.try_into().unwrap_or(time::Duration::MAX))
    }
}

/// Fails for a negative duration.
impl TryFrom<Duration> for std::time::Duration {
    type Error = ParseError;

    fn try_from(duration: Duration) -> Result<Self, ParseError> {
        duration.0.try_into().map_err(|_| ParseError::new("a duration that is not negative"))
    }
}

text_serde!(Duration);
