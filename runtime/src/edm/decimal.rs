use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::text::{ParseError, Scanner, number_in_map};

const EXPECTED: ParseError = ParseError::new("a decimal number of at most 38 digits");

/// The most digits behind the point: 10^38 still fits into 128 bits.
const MAX_SCALE: u32 = 38;

/// A decimal number, exact where a float is not (`Edm.Decimal`): costs and the like.
///
/// It holds any 38 digits, more than .NET's own; digits behind the point that do not fit are dropped,
/// and so are zeros that say nothing: `1.50` is `1.5`. In JSON it is a number. JSON readers pass
/// numbers on as floats, so 17 digits of one survive; a number inside of a string is read as well,
/// and exactly.
///
/// ```
/// # use threecx_xapi::edm::Decimal;
/// let cost: Decimal = "0.10".parse()?;
/// assert_eq!(cost.to_string(), "0.1");
/// # Ok::<(), threecx_xapi::edm::ParseError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits; the last one is not 0 unless it stands before the point.
    digits: i128,
    /// How many of the digits stand behind the point.
    scale: u32,
}

impl Decimal {
    /// The number 0.
    pub const ZERO: Self = Self { digits: 0, scale: 0 };

    /// The nearest float.
    pub fn to_f64(self) -> f64 {
        // By way of the text, because dividing would round twice.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The digits before the point, and those behind it as a count of 10^-38.
    fn parts(self) -> (i128, i128) {
        let unit = 10_i128.pow(self.scale);
        let fraction = (self.digits % unit) * 10_i128.pow(MAX_SCALE - self.scale);
        (self.digits / unit, fraction)
    }
}

/// Reads digits with an optional sign, point and exponent, as JSON writes numbers.
impl FromStr for Decimal {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text).ok_or(EXPECTED)
    }
}

fn parse(text: &str) -> Option<Decimal> {
    let mut scanner = Scanner::new(text);
    let negative = scanner.take(b'-');
    let whole = scanner.digits()?;
    let fraction = if scanner.take(b'.') { scanner.digits()? } else { &[] };
    let exponent = if scanner.take(b'e') {
        let down = scanner.take(b'-');
        if !down {
            scanner.take(b'+');
        }
        let size = scanner.number()?;
        if down { -size } else { size }
    } else {
        0
    };
    if !scanner.is_done() {
        return None;
    }

    let mut digits = 0_i128;
    let mut scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    let mut full = false;
    for digit in whole.iter().chain(fraction) {
        let next =
            digits.checked_mul(10).and_then(|digits| digits.checked_add((digit - b'0').into()));
        match next {
            Some(next) if !full => digits = next,
            _ => {
                full = true;
                scale = scale.saturating_sub(1);
            }
        }
    }
    if negative {
        digits = -digits;
    }
    // Zeros go until the point stands behind the last digit that counts …
    while digits != 0 && scale > 0 && (digits % 10 == 0 || scale > MAX_SCALE.into()) {
        digits /= 10;
        scale -= 1;
    }
    if digits == 0 {
        return Some(Decimal::ZERO);
    }
    // … or come until it stands behind the ones.
    while scale < 0 {
        digits = digits.checked_mul(10)?;
        scale += 1;
    }
    let scale = u32::try_from(scale).ok()?;
    Some(Decimal { digits, scale })
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let unit = 10_u128.pow(self.scale);
        let digits = self.digits.unsigned_abs();
        write!(f, "{sign}{}", digits / unit)?;
        if self.scale > 0 {
            let width = self.scale as usize;
            write!(f, ".{:0width$}", digits % unit)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self { digits: number.into(), scale: 0 }
    }
}

impl From<i32> for Decimal {
    fn from(number: i32) -> Self {
        i64::from(number).into()
    }
}

/// The shortest decimal number that is nearest to this float: of `0.1_f64`, `0.1`. Fails for one that
/// is not finite or too large.
impl TryFrom<f64> for Decimal {
    type Error = ParseError;

    fn try_from(number: f64) -> Result<Self, ParseError> {
        format!("{number:e}").parse()
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.collect_str(self);
        }
        match i64::try_from(self.digits) {
            _ if self.scale > 0 => serializer.serialize_f64(self.to_f64()),
            Ok(number) => serializer.serialize_i64(number),
            Err(_) => serializer.serialize_i128(self.digits),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(DecimalVisitor)
        } else {
            deserializer.deserialize_str(DecimalVisitor)
        }
    }
}

struct DecimalVisitor;

impl<'de> Visitor<'de> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED.expected())
    }

    fn visit_i64<R: Error>(self, number: i64) -> Result<Decimal, R> {
        Ok(number.into())
    }

    fn visit_u64<R: Error>(self, number: u64) -> Result<Decimal, R> {
        Ok(Decimal { digits: number.into(), scale: 0 })
    }

    fn visit_i128<R: Error>(self, digits: i128) -> Result<Decimal, R> {
        Ok(Decimal { digits, scale: 0 })
    }

    fn visit_f64<R: Error>(self, number: f64) -> Result<Decimal, R> {
        Decimal::try_from(number).map_err(R::custom)
    }

    fn visit_str<R: Error>(self, text: &str) -> Result<Decimal, R> {
        text.parse().map_err(R::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Decimal, A::Error> {
        number_in_map(map, &self)?.parse().map_err(A::Error::custom)
    }
}
