//! Reads entities: one visitor for all, driven by each entity's table of names.

use std::fmt;
use std::sync::OnceLock;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use serde_json::value::RawValue;

use super::kept::{Annotation, Kept, annotation};
use super::table::Table;
use crate::json::{self, Json, Reading};

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

/// Reads an entity: the body of its `Deserialize`. The index is the type's own.
pub(crate) fn deserialize<'de, E: Table, D: Deserializer<'de>>(
    deserializer: D,
    index: &'static Index,
) -> Result<E, D::Error> {
    let is_binary = !deserializer.is_human_readable();
    json::spend(size_of::<E>()).map_err(D::Error::custom)?;
    let mut entity = E::default();
    deserializer.deserialize_map(EntityVisitor { entity: &mut entity, index, is_binary })?;
    Ok(entity)
}

/// Sets a property of the type by the JSON text of its value.
pub(super) fn set_property<E: Table>(
    entity: &mut E,
    name: &str,
    value: &str,
) -> Result<(), serde_json::Error> {
    ReadByProperty { entity, index: &Index::new() }.read(&json::of_one(name, value))
}

/// Reads into an entity.
struct EntityVisitor<'a, E> {
    entity: &'a mut E,
    index: &'a Index,
    is_binary: bool,
}

impl<'de, E: Table> Visitor<'de> for EntityVisitor<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of type {}", E::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { entity, index, is_binary } = self;
        if json::is_tolerant() {
            return read_by_property(&mut map, &mut ReadByProperty { entity, index });
        }
        let seed = KeySeed { keys: E::KEYS, slots: index.slots(E::KEYS), open: E::OPEN };
        while let Some(key) = map.next_key_seed(seed)? {
            match key {
                Key::Known(index) => entity.read(index, &mut map)?,
                Key::Other(name) => read_other(entity.kept(), name, &mut map, is_binary)?,
            }
        }
        Ok(())
    }
}

/// Reads what is no property of the type.
#[cold]
fn read_other<'de, A: MapAccess<'de>>(
    kept: &mut Kept,
    name: String,
    map: &mut A,
    is_binary: bool,
) -> Result<(), A::Error> {
    match annotation(&name) {
        Some(Annotation::List(fact, list)) => {
            let json = Json::next(map, is_binary)?;
            kept.take_fact(fact, list, &json);
            Ok(())
        }
        Some(Annotation::Control) => skip(map),
        None => kept.read_unknown(&name, map, is_binary),
    }
}

/// An entity that is read property by property. It hides the entity's type, so that the code around it
/// is compiled once.
trait ByProperty {
    fn keys(&self) -> &'static [&'static str];
    fn kept(&mut self) -> &mut Kept;
    /// Reads the text of an object with one property.
    fn read(&mut self, object: &str) -> Result<(), serde_json::Error>;
}

struct ReadByProperty<'a, E> {
    entity: &'a mut E,
    index: &'a Index,
}

impl<E: Table> ByProperty for ReadByProperty<'_, E> {
    fn keys(&self) -> &'static [&'static str] {
        E::KEYS
    }

    fn kept(&mut self) -> &mut Kept {
        self.entity.kept()
    }

    fn read(&mut self, object: &str) -> Result<(), serde_json::Error> {
        let Self { entity, index } = self;
        let mut reader = serde_json::Deserializer::from_str(object);
        reader.deserialize_map(EntityVisitor { entity: *entity, index, is_binary: false })
    }
}

/// The second reading of an answer: a value that does not fit is kept, and costs its property alone.
fn read_by_property<'de, A: MapAccess<'de>>(
    map: &mut A,
    entity: &mut dyn ByProperty,
) -> Result<(), A::Error> {
    json::begin_entity();
    while let Some(name) = map.next_key::<String>()? {
        if entity.keys().binary_search(&&*name).is_err() {
            read_other(entity.kept(), name, map, false)?;
            continue;
        }
        let json = Json::next(map, false)?;
        // If a property comes twice, the last value counts.
        entity.kept().forget_value(&name);
        if json.is_null() && json::keeps_nulls() {
            entity.kept().keep(&name, json, None);
        } else if let Err(error) = read_one(entity, &name, json.text()) {
            let expected = json::note_misfit(&name, &error);
            set_null(entity, &name);
            entity.kept().keep(&name, json, Some(expected.into()));
        }
    }
    Ok(())
}

/// Reads one property; if it does not fit as it is, what is below it is read by property too.
fn read_one(entity: &mut dyn ByProperty, name: &str, value: &str) -> Result<(), serde_json::Error> {
    let object = json::of_one(name, value);
    let plainly = read_plainly(entity, &object);
    let may_hold_entities = value.starts_with(['{', '[']);
    if plainly.is_ok() && !json::keeps_nulls() || !may_hold_entities || !json::may_go_deeper() {
        return plainly;
    }
    json::within(name, value.starts_with('['), || {
        let _mode = Reading::Property.begin();
        entity.read(&object)
    })
}

/// Of two values the last one counts, also if it does not fit.
fn set_null(entity: &mut dyn ByProperty, name: &str) {
    // Every property can be null.
    let _ = read_plainly(entity, &json::of_one(name, RawValue::NULL.get()));
}

fn read_plainly(entity: &mut dyn ByProperty, object: &str) -> Result<(), serde_json::Error> {
    let _mode = Reading::Answer.begin();
    entity.read(object)
}

enum Key {
    Known(usize),
    /// What is no property of the type.
    Other(String),
}

/// Finds the properties of a type by their names: each type has one. The first entity that is read makes it.
///
/// A server writes the properties in an order of its own, which may change from row to row, and leaves out
/// what is null. So each name is looked up by a hash, which costs less than reading the name.
pub(crate) struct Index(OnceLock<Box<[Slot]>>);

impl Index {
    pub(crate) const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// A table with at least twice as many slots as names.
    fn slots(&self, keys: &[&str]) -> &[Slot] {
        self.0.get_or_init(|| slots(keys))
    }
}

/// A place in the table, which may be empty.
#[derive(Clone, Default)]
struct Slot {
    digest: Digest,
    /// The index in `KEYS` plus one, or 0.
    number: usize,
}

/// The length of a name, its first and its last eight bytes. It tells short names apart.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Digest {
    length: usize,
    first: u64,
    last: u64,
}

impl Digest {
    /// Longer names can have the digest of another one.
    const EXACT: usize = 16;

    fn of(name: &str) -> Self {
        let (bytes, length) = (name.as_bytes(), name.len());
        match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                Self { length, first: u64::from_le_bytes(*first), last: u64::from_le_bytes(*last) }
            }
            _ => {
                let first = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
                Self { length, first, last: 0 }
            }
        }
    }

    /// Where the search for the name begins.
    fn hash(self) -> usize {
        let word = self.first ^ self.last.rotate_left(23) ^ self.length as u64;
        (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize
    }
}

#[cold]
fn slots(keys: &[&str]) -> Box<[Slot]> {
    let mut slots = vec![Slot::default(); (2 * keys.len()).next_power_of_two().max(2)];
    for (number, key) in (1..).zip(keys) {
        let digest = Digest::of(key);
        let mut at = digest.hash();
        loop {
            at &= slots.len() - 1;
            match slots.get_mut(at) {
                Some(slot) if slot.number == 0 => break *slot = Slot { digest, number },
                _ => at += 1,
            }
        }
    }
    slots.into()
}

/// Turns a key into its index without copying it; nothing here depends on the entity's type.
#[derive(Clone, Copy)]
struct KeySeed<'a> {
    keys: &'static [&'static str],
    slots: &'a [Slot],
    open: bool,
}

impl KeySeed<'_> {
    /// `None` where the text is read strictly and must not have this key.
    fn find(self, name: &str) -> Option<Key> {
        let digest = Digest::of(name);
        let mut at = digest.hash();
        loop {
            at &= self.slots.len() - 1;
            let slot = match self.slots.get(at) {
                Some(slot) if slot.number > 0 => slot,
                _ => return self.other(name),
            };
            let index = slot.number - 1;
            if slot.digest == digest
                && (name.len() <= Digest::EXACT || self.keys.get(index) == Some(&name))
            {
                return Some(Key::Known(index));
            }
            at += 1;
        }
    }

    #[cold]
    fn other(self, name: &str) -> Option<Key> {
        if !self.open && json::refuses(name, self.keys) {
            return None;
        }
        Some(Key::Other(name.to_owned()))
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        // Keys are written as strings; formats that do not describe themselves need to be told so.
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<R: Error>(self, name: &str) -> Result<Key, R> {
        self.find(name).ok_or_else(|| R::custom("unknown key"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_all_of_it() {
        const KEYS: &[&str] =
            &["A", "Id", "Mobile", "Number", "Password1Password", "Password2Password", "eighteen"];
        let index = Index::new();
        let seed = KeySeed { keys: KEYS, slots: index.slots(KEYS), open: false };
        for (place, key) in KEYS.iter().enumerate() {
            assert!(matches!(seed.find(key), Some(Key::Known(found)) if found == place), "{key}");
        }
        // The third has the length, the beginning and the end of two that are known.
        for name in ["", "id", "Password3Password", "\0Id", "Mobile\0", "EIGHTEEN"] {
            assert!(matches!(seed.find(name), Some(Key::Other(_))), "{name:?}");
        }
        let none = Index::new();
        let seed = KeySeed { keys: &[], slots: none.slots(&[]), open: true };
        assert!(matches!(seed.find("Id"), Some(Key::Other(_))));
    }
}
