//! Reads entities: one visitor for all, driven by each entity's table of names.

use std::fmt;
use std::sync::atomic::{AtomicU16, Ordering};

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

/// Reads an entity: the body of its `Deserialize`. The hints are the type's own, one more than keys.
pub(crate) fn deserialize<'de, E: Table, D: Deserializer<'de>>(
    deserializer: D,
    order: &'static [Hint],
) -> Result<E, D::Error> {
    let is_binary = !deserializer.is_human_readable();
    json::spend(size_of::<E>()).map_err(D::Error::custom)?;
    let mut entity = E::default();
    deserializer.deserialize_map(EntityVisitor { entity: &mut entity, order, is_binary })?;
    Ok(entity)
}

/// Sets a property of the type by the JSON text of its value.
pub(super) fn set_property<E: Table>(
    entity: &mut E,
    name: &str,
    value: &str,
) -> Result<(), serde_json::Error> {
    let mut inside = Vec::with_capacity(name.len() + value.len() + 3);
    json::push_entry(&mut inside, name, value.as_bytes());
    ReadByProperty { entity, order: &[] }.read(&json::object(&inside))
}

/// Reads into an entity.
struct EntityVisitor<'a, E> {
    entity: &'a mut E,
    order: &'static [Hint],
    is_binary: bool,
}

impl<'de, E: Table> Visitor<'de> for EntityVisitor<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of type {}", E::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { entity, order, is_binary } = self;
        if json::is_tolerant() {
            return read_by_property(&mut map, &mut ReadByProperty { entity, order });
        }
        let mut seed = KeySeed { keys: E::KEYS, order, last: 0, open: E::OPEN };
        while let Some(key) = map.next_key_seed(seed)? {
            match key {
                Key::Known(index) => {
                    seed.last = index + 1;
                    entity.read(index, &mut map)?;
                }
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
    fn read(&mut self, object: &[u8]) -> Result<(), serde_json::Error>;
}

struct ReadByProperty<'a, E> {
    entity: &'a mut E,
    order: &'static [Hint],
}

impl<E: Table> ByProperty for ReadByProperty<'_, E> {
    fn keys(&self) -> &'static [&'static str] {
        E::KEYS
    }

    fn kept(&mut self) -> &mut Kept {
        self.entity.kept()
    }

    fn read(&mut self, object: &[u8]) -> Result<(), serde_json::Error> {
        let Self { entity, order } = self;
        let mut reader = serde_json::Deserializer::from_slice(object);
        reader.deserialize_map(EntityVisitor { entity: *entity, order, is_binary: false })
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
    let mut inside = Vec::with_capacity(name.len() + value.len() + 3);
    json::push_entry(&mut inside, name, value.as_bytes());
    let object = json::object(&inside);
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
    let mut inside = Vec::new();
    json::push_entry(&mut inside, name, RawValue::NULL.get().as_bytes());
    // Every property can be null.
    let _ = read_plainly(entity, &json::object(&inside));
}

fn read_plainly(entity: &mut dyn ByProperty, object: &[u8]) -> Result<(), serde_json::Error> {
    let _mode = Reading::Answer.begin();
    entity.read(object)
}

enum Key {
    Known(usize),
    /// What is no property of the type.
    Other(String),
}

/// Remembers in which order a type's properties come, so that a key can be guessed and the guess
/// confirmed by one comparison. A server writes each row in one order, but not in ours, and it leaves
/// out what is null. Shared by all threads: a wrong hint costs time, never a wrong result.
///
/// At 0 stands what came first and at `i + 1` what came after `KEYS[i]`: an index plus one, or 0 as
/// long as nothing is known, which stands for the order of the table.
pub(crate) type Hint = AtomicU16;

/// The hints of a type with `N` of them. Each type has one, so what it is made of stands here.
pub(crate) struct Hints<const N: usize>([Hint; N]);

impl<const N: usize> Hints<N> {
    pub(crate) const fn new() -> Self {
        Self([const { Hint::new(0) }; N])
    }

    pub(crate) const fn all(&'static self) -> &'static [Hint] {
        &self.0
    }
}

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
            return Some(Key::Other(name.to_owned()));
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
