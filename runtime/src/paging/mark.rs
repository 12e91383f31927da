//! What tells a row from the others: its key, read from the JSON as it came.
//!
//! That is one more look at the text, but one that is compiled once: the typed rows would have to be
//! looked at by code of each type.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A row's mark.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Mark {
    /// An integer key.
    Integer(i64),
    /// Another key, as its JSON text.
    Text(Box<str>),
    /// The hash of the whole row, for want of a key.
    Whole(u64),
}

impl Mark {
    pub(super) fn of(row: &RawValue, key: Option<&str>) -> Self {
        let whole = || Self::Whole(hash(row.get().as_bytes()));
        let Some(key) = key else { return whole() };
        let mut json = serde_json::Deserializer::from_str(row.get());
        // A row that is no object has no key; the typed reader says what is wrong with it.
        match KeyOf(key).deserialize(&mut json).ok().flatten().map(RawValue::get) {
            None | Some("null") => whole(),
            Some(text) => match text.parse() {
                Ok(number) => Self::Integer(number),
                Err(_) => Self::Text(text.into()),
            },
        }
    }

    /// Whether two rows of this mark are the same row.
    pub(super) fn is_key(&self) -> bool {
        !matches!(self, Self::Whole(_))
    }
}

/// FNV-1a: it is stored, and the hash of the standard library may change with its release.
#[doc(hidden)]
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Reads one property of an object, as its text.
struct KeyOf<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = Option<&'de RawValue>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for KeyOf<'_> {
    type Value = Option<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(is_key) = map.next_key_seed(Is(self.0))? {
            if is_key {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Compares a name without copying it.
struct Is<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for Is<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Is<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_known_by_its_key_or_as_a_whole() {
        let of = |json: &str| {
            let row: Box<RawValue> = serde_json::from_str(json).unwrap();
            Mark::of(&row, Some("Id"))
        };
        assert_eq!(of(r#"{"A":{"Id":7},"Id":-9223372036854775808}"#), Mark::Integer(i64::MIN));
        assert_eq!(of(r#"{"\u0049d":1}"#), Mark::Integer(1));
        assert_eq!(of(r#"{"Id":"a'b"}"#), Mark::Text(r#""a'b""#.into()));
        assert_eq!(of(r#"{"Id":null}"#), Mark::Whole(hash(br#"{"Id":null}"#)));
        for whole in ["{}", r#"{"id":1}"#, "1", "null", "[1]"] {
            assert_eq!(of(whole), Mark::Whole(hash(whole.as_bytes())));
        }
        let row: Box<RawValue> = serde_json::from_str(r#"{"Id":1}"#).unwrap();
        assert!(!Mark::of(&row, None).is_key());
    }

    #[test]
    fn the_hash_is_the_one_that_is_stored_by_others() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
