//! Entities on the wire: one visitor for all, driven by each entity's table of names.
//!
//! An entity gives its wire names in order and one `match` arm a property; what serde's derive would
//! write out for each type is here once. That is a large part of why this crate compiles quickly.

mod additional;

use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU16, Ordering};

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess,
    Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::json;

pub use additional::AdditionalProperties;

/// A JSON object of the API whose properties may all be absent.
///
/// Implemented by the generated types. On reading, absent and `null` are the same, a property that
/// this release of the crate does not know is skipped (as are the `@odata.…` ones), and of a property
/// that comes twice the last value counts; [`json::from_str`] refuses those two instead. On writing,
/// what is not set is left out. Every serde format that has maps will do.
pub trait Entity:
    Default + Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static
{
    /// The name in the API's schema, such as `Pbx.User`.
    const NAME: &'static str;

    /// The wire names of all properties, sorted by their bytes.
    const KEYS: &'static [&'static str];

    /// The wire name of the key property, for what is in a set of its own.
    const KEY: Option<&'static str> = None;

    /// The wire names of the properties whose values `Debug` does not show.
    const SECRETS: &'static [&'static str] = &[];

    /// Whether properties outside of [`KEYS`](Self::KEYS) are handed to
    /// [`read_other`](Self::read_other).
    const OPEN: bool = false;

    /// Reads the value of the property `KEYS[index]` from the map.
    ///
    /// # Errors
    /// What the format reports when the value is not of the property's type.
    fn read<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error>;

    /// Reads the value of a property that is not among [`KEYS`](Self::KEYS); asked only of an entity
    /// that is [`OPEN`](Self::OPEN).
    ///
    /// # Errors
    /// What the format reports.
    fn read_other<'de, A: MapAccess<'de>>(
        &mut self,
        key: String,
        map: &mut A,
    ) -> Result<(), A::Error> {
        drop(key);
        skip(map)
    }

    /// Hands over every property with its value, in the order of [`KEYS`](Self::KEYS).
    fn visit<P: Properties>(&self, out: &mut P);
}

/// An entity whose [`KEY`](Entity::KEY) is an `Edm.Int32` or `Edm.Int64`, so that pages can go by it:
/// see [`Request::by_key`](crate::Request::by_key).
pub trait IntegerKey: Entity {}

/// What takes an entity's properties one after the other: to write them, show them or count them.
pub trait Properties {
    /// Takes one property of the entity's table.
    fn property<T: Serialize + fmt::Debug>(&mut self, name: &'static str, value: &Option<T>);

    /// Takes a property of an open type that is not in its table.
    fn other<T: Serialize + fmt::Debug>(&mut self, name: &str, value: &T);
}

/// Reads the value of one property; `null` is as good as absent.
///
/// # Errors
/// What the format reports when the value is not of the property's type.
pub fn read_property<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    map: &mut A,
    property: &mut Option<T>,
) -> Result<(), A::Error> {
    // A function of its own, so that it is compiled once for each type of value and not once for each
    // property: an entity's `read` takes much less space and no more time.
    *property = map.next_value()?;
    Ok(())
}

/// Reads and drops a value.
///
/// # Errors
/// What the format reports when there is no value.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Writes properties that are set, and keeps the first error for the end: an entity's `visit` takes
/// much less space in the compiled crate without an early return for each property.
struct Writer<'a, M: SerializeMap> {
    map: &'a mut M,
    result: Result<(), M::Error>,
}

impl<M: SerializeMap> Properties for Writer<'_, M> {
    fn property<T: Serialize + fmt::Debug>(&mut self, name: &'static str, value: &Option<T>) {
        // The whole option is written, because the whole option is read: formats that do not
        // describe themselves mark it.
        if value.is_some() && self.result.is_ok() {
            self.result = self.map.serialize_entry(name, value);
        }
    }

    fn other<T: Serialize + fmt::Debug>(&mut self, name: &str, value: &T) {
        if self.result.is_ok() {
            self.result = self.map.serialize_entry(name, value);
        }
    }
}

/// Reads an entity: the body of its `Deserialize`. The hints are the type's own, one more than keys.
pub(crate) fn deserialize<'de, E: Entity, D: Deserializer<'de>>(
    deserializer: D,
    order: &'static [Hint],
) -> Result<E, D::Error> {
    deserializer.deserialize_map(EntityVisitor { order, of: PhantomData })
}

/// Writes an entity: the body of its `Serialize`.
pub(crate) fn serialize<E: Entity, S: Serializer>(
    entity: &E,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    // The formats for people do without the number of entries, the binary ones rarely.
    let length = if serializer.is_human_readable() { None } else { Some(count(entity)) };
    let mut map = serializer.serialize_map(length)?;
    let mut out = Writer { map: &mut map, result: Ok(()) };
    entity.visit(&mut out);
    out.result?;
    map.end()
}

/// Shows an entity: the body of its `Debug`.
pub(crate) fn debug<E: Entity>(entity: &E, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    // `Pbx.User` is `User` here.
    let name = E::NAME.rsplit('.').next().unwrap_or(E::NAME);
    let mut out = Shown { output: Output::Debug(f.debug_struct(name)), secrets: E::SECRETS };
    entity.visit(&mut out);
    match out.output {
        Output::Debug(mut fields) => fields.finish(),
        Output::Count(_) => Ok(()),
    }
}

fn count<E: Entity>(entity: &E) -> usize {
    let mut out = Shown { output: Output::Count(0), secrets: &[] };
    entity.visit(&mut out);
    match out.output {
        Output::Count(count) => count,
        Output::Debug(_) => 0,
    }
}

/// Shows or counts properties.
struct Shown<'a, 'b> {
    output: Output<'a, 'b>,
    secrets: &'static [&'static str],
}

// Counting is done here rather than by a type of its own, for which every entity's `visit` would be
// compiled once more.
enum Output<'a, 'b> {
    Debug(fmt::DebugStruct<'a, 'b>),
    Count(usize),
}

impl Properties for Shown<'_, '_> {
    fn property<T: Serialize + fmt::Debug>(&mut self, name: &'static str, value: &Option<T>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn other<T: Serialize + fmt::Debug>(&mut self, name: &str, value: &T) {
        self.set(name, value);
    }
}

impl Shown<'_, '_> {
    /// Takes a property that is set; a secret one is shown as `[redacted]`.
    fn set(&mut self, name: &str, value: &dyn fmt::Debug) {
        match &mut self.output {
            Output::Count(count) => *count += 1,
            Output::Debug(fields) if self.secrets.contains(&name) => {
                fields.field(name, &format_args!("[redacted]"));
            }
            Output::Debug(fields) => {
                fields.field(name, value);
            }
        }
    }
}

struct EntityVisitor<E> {
    order: &'static [Hint],
    of: PhantomData<E>,
}

impl<'de, E: Entity> Visitor<'de> for EntityVisitor<E> {
    type Value = E;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of type {}", E::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<E, A::Error> {
        let mut entity = E::default();
        let mut seed = KeySeed { keys: E::KEYS, order: self.order, last: 0, open: E::OPEN };
        while let Some(key) = map.next_key_seed(seed)? {
            match key {
                Key::Known(index) => {
                    seed.last = index + 1;
                    entity.read(index, &mut map)?;
                }
                Key::Other(Some(name)) => entity.read_other(name, &mut map)?,
                Key::Other(None) => skip(&mut map)?,
            }
        }
        Ok(entity)
    }
}

enum Key {
    Known(usize),
    /// The name is kept for open types only.
    Other(Option<String>),
}

/// Remembers in which order a type's properties come, so that a key can be guessed and the guess
/// confirmed by one comparison. A server writes each row in one order, but not in ours, and it leaves
/// out what is null. Shared by all threads: a wrong hint costs time, never a wrong result.
///
/// At 0 stands what came first and at `i + 1` what came after `KEYS[i]`: an index plus one, or 0 as
/// long as nothing is known, which stands for the order of the table.
pub(crate) type Hint = AtomicU16;

/// How many properties may be missing in a row before a search is the quicker way.
const LOOK_AHEAD: usize = 8;

/// Turns a key into its index without copying it; nothing here depends on the entity's type.
#[derive(Clone, Copy)]
struct KeySeed {
    keys: &'static [&'static str],
    order: &'static [Hint],
    /// The last known key's index plus one, or 0.
    last: usize,
    open: bool,
}

impl KeySeed {
    /// `None` where the text is read strictly and must not have this key.
    fn find(self, name: &str) -> Option<Key> {
        let mut place = self.last;
        for _ in 0..LOOK_AHEAD {
            let Some(hint) = self.order.get(place) else {
                break;
            };
            let index = match hint.load(Ordering::Relaxed) {
                0 => place,
                next => usize::from(next) - 1,
            };
            if self.keys.get(index).is_some_and(|key| *key == name) {
                return Some(Key::Known(index));
            }
            place = index + 1;
        }
        self.search(name)
    }

    #[cold]
    fn search(self, name: &str) -> Option<Key> {
        let Ok(index) = self.keys.binary_search(&name) else {
            if !self.open && json::refuses(name, self.keys) {
                return None;
            }
            return Some(Key::Other(self.open.then(|| name.to_owned())));
        };
        if let (Some(hint), Ok(next)) = (self.order.get(self.last), u16::try_from(index + 1)) {
            hint.store(next, Ordering::Relaxed);
        }
        Some(Key::Known(index))
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        // Keys are written as strings; formats that do not describe themselves need to be told so.
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<R: Error>(self, name: &str) -> Result<Key, R> {
        self.find(name).ok_or_else(|| R::custom("unknown key"))
    }
}

/// Implements `Serialize`, `Deserialize` and `Debug` for types that implement
/// [`Entity`](crate::entity::Entity).
macro_rules! entity_serde {
    ($($type:ty),* $(,)?) => {
        $(
            impl ::serde::Serialize for $type {
                fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                    $crate::entity::serialize(self, serializer)
                }
            }

            impl<'de> ::serde::Deserialize<'de> for $type {
                // No entity is called `__D`, so the static below can name an entity called `D`.
                fn deserialize<__D: ::serde::Deserializer<'de>>(deserializer: __D) -> ::std::result::Result<Self, __D::Error> {
                    static ORDER: [$crate::entity::Hint;
                        <$type as $crate::entity::Entity>::KEYS.len() + 1] = [const { $crate::entity::Hint::new(0) };
                        <$type as $crate::entity::Entity>::KEYS.len() + 1];
                    $crate::entity::deserialize(deserializer, &ORDER)
                }
            }

            impl ::std::fmt::Debug for $type {
                // Compiled where it is used: few of the types are ever shown.
                #[inline]
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    $crate::entity::debug(self, f)
                }
            }
        )*
    };
}
pub(crate) use entity_serde;

#[cfg(test)]
mod tests;
