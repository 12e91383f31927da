//! Values whose type changed from one release to another.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

use super::Answer;
use crate::error::Error;
use crate::json;
use crate::literal::{Literal, LiteralWriter, Sealed};
use crate::message::Reply;

/// A value that newer releases have as an `N` and older ones as an `F`. Which one it is, its kind on
/// the wire tells, or else the PBX's release.
///
/// ```
/// use threecx_xapi::answer::Retyped;
/// use threecx_xapi::entities::{ConcealedPassword, Trunk};
///
/// let old: Trunk = serde_json::from_str(r#"{"AuthPassword": "s3cret"}"#)?;
/// assert_eq!(old.auth_password.unwrap().former().map(String::as_str), Some("s3cret"));
///
/// // To write one, give either.
/// let new = Trunk::default().auth_password(ConcealedPassword::default().value("s3cret"));
/// assert_eq!(serde_json::to_string(&new)?, r#"{"AuthPassword":{"Value":"s3cret"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Retyped<N, F> {
    /// As newer releases have it.
    Current(N),
    /// As older releases have it.
    Former(F),
}

impl<N, F> Retyped<N, F> {
    /// The value, if it is of the newer type.
    pub fn current(&self) -> Option<&N> {
        match self {
            Self::Current(value) => Some(value),
            Self::Former(_) => None,
        }
    }

    /// The value, if it is of the older type.
    pub fn former(&self) -> Option<&F> {
        match self {
            Self::Current(_) => None,
            Self::Former(value) => Some(value),
        }
    }
}

impl<N: Literal, F: Literal> Sealed for Retyped<N, F> {}

/// The value is written as the type that it has.
impl<N: Literal, F: Literal> Literal for Retyped<N, F> {
    fn write_literal(&self, out: &mut LiteralWriter<'_>) {
        match self {
            Self::Current(value) => value.write_literal(out),
            Self::Former(value) => value.write_literal(out),
        }
    }
}

impl<N, F> From<N> for Retyped<N, F> {
    fn from(value: N) -> Self {
        Self::Current(value)
    }
}

impl<N: Default, F> Default for Retyped<N, F> {
    fn default() -> Self {
        Self::Current(N::default())
    }
}

impl<N: fmt::Debug, F: fmt::Debug> fmt::Debug for Retyped<N, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current(value) => value.fmt(f),
            Self::Former(value) => value.fmt(f),
        }
    }
}

/// Formats for people are written as the value alone. The others can't tell the types apart when
/// they are read, so a mark goes before it.
impl<N: Serialize, F: Serialize> Serialize for Retyped<N, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return match self {
                Self::Current(value) => value.serialize(serializer),
                Self::Former(value) => value.serialize(serializer),
            };
        }
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&self.current().is_some())?;
        match self {
            Self::Current(value) => pair.serialize_element(value)?,
            Self::Former(value) => pair.serialize_element(value)?,
        }
        pair.end()
    }
}

impl<'de, N: DeserializeOwned, F: DeserializeOwned> Deserialize<'de> for Retyped<N, F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            // Looked at twice, so it is kept in between.
            let value = serde_json::Value::deserialize(deserializer)?;
            return either(&value).map_err(D::Error::custom);
        }
        deserializer.deserialize_tuple(2, Marked(std::marker::PhantomData))
    }
}

/// Takes the type that knows every key of the value; of two that do, and of two that don't, the
/// newer one. If the value fits neither, a second reading of an answer takes what it can of the newer
/// one, or else of the former one.
fn either<N: DeserializeOwned, F: DeserializeOwned>(
    value: &serde_json::Value,
) -> Result<Retyped<N, F>, serde_json::Error> {
    let (newer, unknown) = counted(value);
    if newer.is_ok() && unknown == 0 {
        return newer.map(Retyped::Current);
    }
    match (newer, counted(value)) {
        (Ok(_), (Ok(former), 0)) | (Err(_), (Ok(former), _)) => Ok(Retyped::Former(former)),
        (Err(error), _) if !json::is_second_reading() => Err(error),
        (Err(_), _) => N::deserialize(value)
            .map(Retyped::Current)
            .or_else(|error| F::deserialize(value).map(Retyped::Former).map_err(|_| error)),
        (newer, _) => newer.map(Retyped::Current),
    }
}

/// Reads a value as it is, and counts the keys at any depth that its type does not know.
fn counted<T: DeserializeOwned>(
    value: &serde_json::Value,
) -> (Result<T, serde_json::Error>, usize) {
    json::counting_unknown(|| T::deserialize(value))
}

/// The value behind its mark.
struct Marked<N, F>(std::marker::PhantomData<(N, F)>);

impl<'de, N: Deserialize<'de>, F: Deserialize<'de>> Visitor<'de> for Marked<N, F> {
    type Value = Retyped<N, F>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mark and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let missing = || A::Error::invalid_length(1, &self);
        if items.next_element()?.ok_or_else(missing)? {
            items.next_element()?.map(Retyped::Current).ok_or_else(missing)
        } else {
            items.next_element()?.map(Retyped::Former).ok_or_else(missing)
        }
    }
}

/// An answer of the newer kind or of the older one.
impl<N, F> Answer for Retyped<N, F>
where
    N: Answer + DeserializeOwned,
    F: Answer + DeserializeOwned,
{
    fn decode(reply: Reply) -> Result<Self, Error> {
        let variant = reply.variant().and_then(|variant| reply.info.variants.get(variant));
        match variant.map(|variant| variant.former_answer) {
            Some(false) => N::decode(reply).map(Self::Current),
            Some(true) => F::decode(reply).map(Self::Former),
            // What the JSON fits decides; the type's own `decode` says whether it is a success.
            None => match reply.json::<Self>()? {
                Some(Self::Former(_)) => F::decode(reply).map(Self::Former),
                _ => N::decode(reply).map(Self::Current),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Text = Retyped<i32, String>;

    #[test]
    fn the_kind_on_the_wire_tells_the_type() {
        let rows = [("5", Text::Current(5)), (r#""A""#, Text::Former("A".to_owned()))];
        for (json, expected) in rows {
            assert_eq!(serde_json::from_str::<Text>(json).unwrap(), expected);
            assert_eq!(serde_json::to_string(&expected).unwrap(), json);
        }
        assert!(serde_json::from_str::<Text>("[]").is_err());
        assert_eq!(Text::from(5).current(), Some(&5));
        assert_eq!(Text::from(5).former(), None);
    }

    #[test]
    fn the_type_that_knows_every_key_is_taken() {
        type Either = Retyped<crate::test_entities::Group, crate::test_entities::User>;
        let rows = [
            (r#"{"Id":1}"#, true),
            (r#"{"Id":1,"Number":"101"}"#, false),
            (r#"{"Number":"101","Groups@odata.count":1}"#, false),
            (r#"{"Id":1,"Users@odata.context":"x"}"#, true),
            (r#"{"Id":1,"Number":"101","New":1}"#, true),
        ];
        for (json, newer) in rows {
            let read: Either = serde_json::from_str(json).unwrap();
            assert_eq!(read.current().is_some(), newer, "{json}");
        }
    }
}
