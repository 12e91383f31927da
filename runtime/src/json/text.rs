//! A JSON value as its text: it goes out again as it came in.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeOwned, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::mode::{Reading, Writing};

/// The text of a JSON value.
#[derive(Clone)]
pub(crate) struct Json(Box<RawValue>);

impl Json {
    /// The text of any value.
    pub(crate) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::value::to_raw_value(value).map(Self)
    }

    pub(crate) fn null() -> Self {
        Self(RawValue::NULL.to_owned())
    }

    pub(crate) fn text(&self) -> &str {
        self.0.get()
    }

    pub(crate) fn is_null(&self) -> bool {
        self.text() == "null"
    }

    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.text())
    }

    /// A number that `Value` can't hold comes as its text.
    pub(crate) fn value(&self) -> Value {
        self.read().unwrap_or_else(|_| Value::String(self.text().to_owned()))
    }

    /// Reads the next value of a map, by what the thread's mode and the format allow.
    pub(crate) fn next<'de, A: MapAccess<'de>>(
        map: &mut A,
        is_binary: bool,
    ) -> Result<Self, A::Error> {
        match Reading::now() {
            Reading::Own if is_binary => map.next_value::<Portable>().map(|it| it.0),
            Reading::Own => {
                let text = map.next_value::<Value>()?.to_string();
                RawValue::from_string(text).map(Self).map_err(serde::de::Error::custom)
            }
            // It is JSON, so the text itself can be had.
            _ => map.next_value().map(Self),
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text() || self.value() == other.value()
    }
}

/// The value may be a secret.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[not shown]")
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if Writing::now() != Writing::Own {
            return self.0.serialize(serializer);
        }
        if !serializer.is_human_readable() {
            return self.text().serialize(serializer);
        }
        match self.read::<Value>() {
            Ok(value) => value.serialize(serializer),
            Err(_) => Err(S::Error::custom("a number is too large to be written")),
        }
    }
}

/// A value in a binary format: some of these read a value only if they are told its type, so we write
/// the JSON text. Another program may have written the value itself.
struct Portable(Json);

impl<'de> Deserialize<'de> for Portable {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(PortableVisitor)
    }
}

struct PortableVisitor;

impl PortableVisitor {
    fn of<E: serde::de::Error>(value: &(impl Serialize + ?Sized)) -> Result<Portable, E> {
        Json::of(value).map(Portable).map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for PortableVisitor {
    type Value = Portable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or its JSON text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Portable, E> {
        match RawValue::from_string(text.to_owned()) {
            Ok(raw) => Ok(Portable(Json(raw))),
            Err(_) => Self::of(text),
        }
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Portable, E> {
        Self::of(&value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Portable, E> {
        Self::of(&value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Portable, E> {
        Self::of(&value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Portable, E> {
        Self::of(&value)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Portable, E> {
        Ok(Portable(Json::null()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Portable, A::Error> {
        Self::of(&Value::deserialize(SeqAccessDeserializer::new(items))?)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Portable, A::Error> {
        Self::of(&Value::deserialize(MapAccessDeserializer::new(map))?)
    }
}

/// The entries of a JSON object in their order, the values as they came.
pub(crate) struct Object<'a>(pub(crate) Vec<(std::borrow::Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// `{"name":value}`
pub(crate) fn of_one(name: &str, value: &str) -> String {
    let mut inside = Vec::with_capacity(name.len() + value.len() + 3);
    push_entry(&mut inside, name, value.as_bytes());
    String::from_utf8(object(&inside)).unwrap_or_default()
}

/// Adds `"name":value` to the inside of an object.
pub(crate) fn push_entry(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    if !out.is_empty() {
        out.push(b',');
    }
    push_string(out, name);
    out.push(b':');
    out.extend_from_slice(value);
}

/// Adds a string in quotes. Names of one's own may hold anything.
fn push_string(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(Value::String(text.to_owned()).to_string().as_bytes());
    }
}

/// The finished object.
pub(crate) fn object(inside: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inside.len() + 2);
    out.push(b'{');
    out.extend_from_slice(inside);
    out.push(b'}');
    out
}
