//! Enumerations on the wire: open, so that a value of a newer release is kept and written back.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::json;
use crate::literal::{Literal, LiteralWriter, Sealed};

/// An enumeration of the API: its known values, and whatever else a PBX may send.
///
/// Implemented by the generated types; each has a variant for every known value and
/// `Unrecognized(String)` for the rest.
pub trait Enumeration: Sized + Clone {
    /// The name in the API's schema, such as `Pbx.PeerType`.
    const NAME: &'static str;

    /// The known values as they are on the wire.
    const VALUES: &'static [&'static str];

    /// The variant of `VALUES[index]`, or `None` past the end.
    fn from_index(index: usize) -> Option<Self>;

    /// The variant that keeps a value which is not among [`VALUES`](Self::VALUES).
    fn unrecognized(value: String) -> Self;

    /// The value as it is on the wire.
    fn as_str(&self) -> &str;
}

/// The variant of a value; one that is not known is kept. Letter case matters, as it does to the PBX.
#[doc(hidden)]
pub fn from_text<T: Enumeration>(text: &str) -> T {
    known(text).unwrap_or_else(|| T::unrecognized(text.to_owned()))
}

/// As [`from_text`], without a copy of an unknown value.
#[doc(hidden)]
pub fn from_string<T: Enumeration>(text: String) -> T {
    known(&text).unwrap_or_else(|| T::unrecognized(text))
}

fn known<T: Enumeration>(text: &str) -> Option<T> {
    position(T::VALUES, text).and_then(T::from_index)
}

// A handful of values is the rule, so a plain search does.
fn position(values: &[&str], text: &str) -> Option<usize> {
    values.iter().position(|value| *value == text)
}

/// Reads an enumeration: the body of its `Deserialize`.
#[doc(hidden)]
pub fn deserialize<'de, T: Enumeration, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(match read_text(T::VALUES, T::NAME, deserializer)? {
        Text::Known(index) => {
            T::from_index(index).unwrap_or_else(|| T::unrecognized(T::VALUES[index].to_owned()))
        }
        Text::Other(text) => T::unrecognized(text),
    })
}

/// Shows an enumeration: the body of its `Debug`.
#[doc(hidden)]
pub fn debug<T: Enumeration>(value: &T, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let text = value.as_str();
    match position(T::VALUES, text) {
        Some(_) => f.write_str(text),
        None => f.debug_tuple("Unrecognized").field(&text).finish(),
    }
}

enum Text {
    Known(usize),
    Other(String),
}

fn read_text<'de, D: Deserializer<'de>>(
    values: &'static [&'static str],
    name: &'static str,
    deserializer: D,
) -> Result<Text, D::Error> {
    let visitor = TextVisitor { values, name };
    if deserializer.is_human_readable() {
        // Whatever is there: a PBX that writes a number must not cost the whole answer.
        deserializer.deserialize_any(visitor)
    } else {
        deserializer.deserialize_str(visitor)
    }
}

/// Takes a string, or the text of a number or a truth value. Independent of the enumeration's type,
/// so it is compiled once for each format.
struct TextVisitor {
    values: &'static [&'static str],
    name: &'static str,
}

impl TextVisitor {
    /// What a PBX writes is taken; what the caller wrote must be a string.
    fn text_of<R: Error>(self, value: impl fmt::Display, found: Unexpected<'_>) -> Result<Text, R> {
        if json::is_strict() {
            return Err(R::invalid_type(found, &self));
        }
        self.visit_string(value.to_string())
    }
}

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of {}", self.name)
    }

    fn visit_str<R: Error>(self, text: &str) -> Result<Text, R> {
        Ok(match position(self.values, text) {
            Some(index) => Text::Known(index),
            None => Text::Other(text.to_owned()),
        })
    }

    fn visit_string<R: Error>(self, text: String) -> Result<Text, R> {
        Ok(match position(self.values, &text) {
            Some(index) => Text::Known(index),
            None => Text::Other(text),
        })
    }

    fn visit_i64<R: Error>(self, value: i64) -> Result<Text, R> {
        self.text_of(value, Unexpected::Signed(value))
    }

    fn visit_u64<R: Error>(self, value: u64) -> Result<Text, R> {
        self.text_of(value, Unexpected::Unsigned(value))
    }

    fn visit_bool<R: Error>(self, value: bool) -> Result<Text, R> {
        self.text_of(value, Unexpected::Bool(value))
    }
}

/// Several values of the enumeration `T` at once, written as a comma list (`"HoldCall, Other"`).
///
/// The text is kept as it came, so it is written back byte for byte. Two sets are equal when they
/// hold the same values in the same order, whatever the spaces around the commas.
pub struct Flags<T> {
    text: String,
    of: PhantomData<fn() -> T>,
}

impl<T> Flags<T> {
    /// No value: the empty text.
    pub const fn new() -> Self {
        Self::from_list(String::new())
    }

    const fn from_list(text: String) -> Self {
        Self { text, of: PhantomData }
    }

    /// The comma list as it is on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is no value at all.
    pub fn is_empty(&self) -> bool {
        self.values().next().is_none()
    }

    fn values(&self) -> impl Iterator<Item = &str> {
        self.text.split(',').map(str::trim).filter(|value| !value.is_empty())
    }
}

impl<T: Enumeration> Flags<T> {
    /// The values in the order in which they are written.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.values().map(from_text)
    }

    /// Whether the value is among them.
    pub fn contains(&self, value: &T) -> bool {
        self.values().any(|one| one == value.as_str())
    }
}

// Written by hand where a derive would ask the same of `T`.
impl<T> Clone for Flags<T> {
    fn clone(&self) -> Self {
        Self::from_list(self.text.clone())
    }
}

impl<T> Default for Flags<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> PartialEq for Flags<T> {
    fn eq(&self, other: &Self) -> bool {
        self.values().eq(other.values())
    }
}

impl<T> Eq for Flags<T> {}

impl<T> Hash for Flags<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.values().for_each(|value| value.hash(state));
    }
}

impl<T> fmt::Debug for Flags<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({})", self.text)
    }
}

impl<T> fmt::Display for Flags<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<T: Enumeration> From<T> for Flags<T> {
    fn from(value: T) -> Self {
        Self::from_iter([value])
    }
}

impl<T: Enumeration, const N: usize> From<[T; N]> for Flags<T> {
    fn from(values: [T; N]) -> Self {
        Self::from_iter(values)
    }
}

impl<T: Enumeration> FromIterator<T> for Flags<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let mut text = String::new();
        for value in values {
            if !text.is_empty() {
                text.push(',');
            }
            text.push_str(value.as_str());
        }
        Self::from_list(text)
    }
}

impl<T> Serialize for Flags<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T: Enumeration> Deserialize<'de> for Flags<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match read_text(&[], T::NAME, deserializer)? {
            Text::Other(text) => Self::from_list(text),
            Text::Known(_) => Self::new(),
        })
    }
}

impl<T> Sealed for Flags<T> {}

impl<T> Literal for Flags<T> {
    fn write_literal(&self, out: &mut LiteralWriter<'_>) {
        out.string(&self.text);
    }
}

/// Implements everything an enumeration needs beside [`Enumeration`](crate::enumeration::Enumeration).
#[doc(hidden)]
#[macro_export]
macro_rules! enumeration_serde {
    ($($type:ty),* $(,)?) => {
        $(
            // All is compiled where it is used: a program meets a few of the enumerations.
            impl ::serde::Serialize for $type {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    serializer.serialize_str($crate::enumeration::Enumeration::as_str(self))
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $type {
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    $crate::enumeration::deserialize(deserializer)
                }
            }

            impl ::std::fmt::Debug for $type {
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    $crate::enumeration::debug(self, f)
                }
            }

            impl ::std::fmt::Display for $type {
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    f.pad($crate::enumeration::Enumeration::as_str(self))
                }
            }

            impl ::std::convert::AsRef<str> for $type {
                #[inline]
                fn as_ref(&self) -> &str {
                    $crate::enumeration::Enumeration::as_str(self)
                }
            }

            impl ::std::convert::From<&str> for $type {
                #[inline]
                fn from(value: &str) -> Self {
                    $crate::enumeration::from_text(value)
                }
            }

            impl ::std::convert::From<::std::string::String> for $type {
                #[inline]
                fn from(value: ::std::string::String) -> Self {
                    $crate::enumeration::from_string(value)
                }
            }

            impl ::std::str::FromStr for $type {
                type Err = ::std::convert::Infallible;

                #[inline]
                fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                    ::std::result::Result::Ok($crate::enumeration::from_text(value))
                }
            }

            impl $crate::literal::Sealed for $type {}

            impl $crate::literal::Literal for $type {
                #[inline]
                fn write_literal(&self, out: &mut $crate::literal::LiteralWriter<'_>) {
                    out.string($crate::enumeration::Enumeration::as_str(self));
                }
            }
        )*
    };
}

#[cfg(test)]
mod tests;
