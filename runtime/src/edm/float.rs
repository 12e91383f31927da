use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::text::{ParseError, number_in_map};

const EXPECTED: ParseError = ParseError::new("a number, INF, -INF or NaN");

/// A floating-point number of 32 bits (`Edm.Single`).
///
/// In JSON it is a number; for the values that JSON lacks it is `"INF"`, `"-INF"` or `"NaN"`. The reader
/// also accepts a number inside a string. It compares as `f32`: `NaN` is not equal to itself.
#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Single(
    /// The number.
    pub f32,
);

/// A floating-point number of 64 bits (`Edm.Double`).
///
/// In JSON it is a number; for the values that JSON lacks it is `"INF"`, `"-INF"` or `"NaN"`. The reader
/// also accepts a number inside a string. It compares as `f64`: `NaN` is not equal to itself.
#[derive(Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Double(
    /// The number.
    pub f64,
);

/// The numbers that have a name on the wire.
fn name(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        Some("NaN")
    } else if value == f64::INFINITY {
        Some("INF")
    } else if value == f64::NEG_INFINITY {
        Some("-INF")
    } else {
        None
    }
}

macro_rules! float {
    ($type:ident, $float:ty, $serialize:ident, $deserialize:ident) => {
        /// Reads a number, `INF`, `-INF` or `NaN`.
        impl FromStr for $type {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                match text {
                    "INF" => Ok(Self(<$float>::INFINITY)),
                    "-INF" => Ok(Self(<$float>::NEG_INFINITY)),
                    "NaN" => Ok(Self(<$float>::NAN)),
                    // Rust would also take `infinity` and the like, and turn 1e999 into one.
                    _ => match text.parse::<$float>() {
                        Ok(number) if number.is_finite() => Ok(Self(number)),
                        _ => Err(EXPECTED),
                    },
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match name(self.0.into()) {
                    Some(name) => f.write_str(name),
                    // The form with the fewest digits that reads back the same, as in JSON.
                    None => write!(f, "{:?}", self.0),
                }
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl From<$float> for $type {
            fn from(number: $float) -> Self {
                Self(number)
            }
        }

        impl From<$type> for $float {
            fn from(number: $type) -> Self {
                number.0
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match name(self.0.into()) {
                    // Binary formats have their own infinities.
                    Some(name) if serializer.is_human_readable() => serializer.serialize_str(name),
                    _ => serializer.$serialize(self.0),
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct FloatVisitor;

                impl<'de> Visitor<'de> for FloatVisitor {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str(EXPECTED.expected())
                    }

                    fn visit_f64<R: Error>(self, number: f64) -> Result<$type, R> {
                        Ok($type(number as $float))
                    }

                    fn visit_f32<R: Error>(self, number: f32) -> Result<$type, R> {
                        Ok($type(number.into()))
                    }

                    fn visit_i64<R: Error>(self, number: i64) -> Result<$type, R> {
                        Ok($type(number as $float))
                    }

                    fn visit_u64<R: Error>(self, number: u64) -> Result<$type, R> {
                        Ok($type(number as $float))
                    }

                    fn visit_str<R: Error>(self, text: &str) -> Result<$type, R> {
                        text.parse().map_err(R::custom)
                    }

                    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$type, A::Error> {
                        number_in_map(map, &self)?.parse().map_err(A::Error::custom)
                    }
                }

                if deserializer.is_human_readable() {
                    deserializer.deserialize_any(FloatVisitor)
                } else {
                    deserializer.$deserialize(FloatVisitor)
                }
            }
        }
    };
}

float!(Single, f32, serialize_f32, deserialize_f32);
float!(Double, f64, serialize_f64, deserialize_f64);
