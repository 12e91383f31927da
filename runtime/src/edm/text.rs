//! What the types that are text on the wire share: the error, serde, and a scanner for digits.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Deserializer, Error, Expected, MapAccess, Unexpected, Visitor};

/// A text that is not a value of the type.
///
/// The error says what the reader expected. It does not repeat the text, which may be a secret in the
/// wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError(&'static str);

impl ParseError {
    pub(crate) const fn new(expected: &'static str) -> Self {
        Self(expected)
    }

    pub(super) const fn expected(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.0)
    }
}

impl std::error::Error for ParseError {}

/// Reads a value from its text in any format.
pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = ParseError>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err = ParseError>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<R: Error>(self, text: &str) -> Result<T, R> {
        text.parse().map_err(R::custom)
    }
}

/// The text of a number that comes as a map. serde_json passes numbers so to whoever takes anything,
/// once some crate of the build has turned its feature `arbitrary_precision` on.
pub(super) fn number_in_map<'de, A: MapAccess<'de>>(
    mut map: A,
    expected: &dyn Expected,
) -> Result<String, A::Error> {
    match map.next_key::<String>()?.as_deref() {
        Some("$serde_json::private::Number") => map.next_value(),
        _ => Err(A::Error::invalid_type(Unexpected::Map, expected)),
    }
}

/// `Serialize` and `Deserialize` as text, through `Display` and `FromStr`.
macro_rules! text_serde {
    ($type:ty) => {
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::edm::text::deserialize(deserializer)
            }
        }
    };
}
pub(super) use text_serde;

/// Walks over a text of ASCII digits and signs; every step says whether it found what it wanted.
pub(super) struct Scanner<'a> {
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes() }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Takes the byte, in upper or lower case, if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(&byte) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes exactly two digits.
    pub(super) fn two(&mut self) -> Option<u8> {
        let (&[tens, ones], rest) = self.rest.split_first_chunk::<2>()?;
        if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
            return None;
        }
        self.rest = rest;
        Some((tens - b'0') * 10 + (ones - b'0'))
    }

    /// Takes all digits that follow, at least one.
    pub(super) fn digits(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!digits.is_empty()).then_some(digits)
    }

    /// Takes all digits that follow as a number.
    pub(super) fn number(&mut self) -> Option<i64> {
        std::str::from_utf8(self.digits()?).ok()?.parse().ok()
    }

    /// Takes a fraction if a point is next: its nanoseconds, cut after the ninth of at most twelve
    /// digits. No fraction is 0, a malformed one `None`.
    pub(super) fn fraction(&mut self) -> Option<u32> {
        if !self.take(b'.') {
            return Some(0);
        }
        let digits = self.digits()?;
        if digits.len() > 12 {
            return None;
        }
        let padded = digits.iter().copied().chain(std::iter::repeat(b'0'));
        Some(padded.take(9).fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    /// Takes `yyyy-MM-dd`, whatever the numbers are.
    pub(super) fn date(&mut self) -> Option<(u16, u8, u8)> {
        let year = u16::from(self.two()?) * 100 + u16::from(self.two()?);
        let month = self.take(b'-').then(|| self.two())??;
        let day = self.take(b'-').then(|| self.two())??;
        Some((year, month, day))
    }

    /// Takes `HH:mm`, `HH:mm:ss` or `HH:mm:ss.f`.
    pub(super) fn time(&mut self, seconds_required: bool) -> Option<time::Time> {
        let hour = self.two()?;
        let minute = self.take(b':').then(|| self.two())??;
        let (second, nanosecond) = if self.take(b':') {
            (self.two()?, self.fraction()?)
        } else if seconds_required {
            return None;
        } else {
            (0, 0)
        };
        time::Time::from_hms_nano(hour, minute, second, nanosecond).ok()
    }
}

/// Writes `.5` for half a second: nothing for none, and no trailing zeros.
pub(super) fn write_fraction(f: &mut fmt::Formatter<'_>, nanoseconds: u32) -> fmt::Result {
    if nanoseconds == 0 {
        return Ok(());
    }
    let digits = format!("{nanoseconds:09}");
    write!(f, ".{}", digits.trim_end_matches('0'))
}

/// Writes `HH:mm:ss` and the fraction if there is one.
pub(super) fn write_time(f: &mut fmt::Formatter<'_>, time: time::Time) -> fmt::Result {
    let (hour, minute, second) = time.as_hms();
    write!(f, "{hour:02}:{minute:02}:{second:02}")?;
    write_fraction(f, time.nanosecond())
}
