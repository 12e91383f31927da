//! Reads entities: one visitor for all, driven by each entity's table of names.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::index::{Index, is_among};
use super::kept::{Annotation, Kept, annotation};
use super::table::{PropertyReader, Table};
use crate::info::EntityInfo;
use crate::json::{self, Json, Reading};

/// Reads an entity: the body of its `Deserialize`.
#[doc(hidden)]
pub fn deserialize<'de, E: Table, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let mut entity = E::default();
    read_from(deserializer, &mut entity)?;
    Ok(entity)
}

/// Reads JSON text into an entity that has nothing yet.
pub(crate) fn read<E: Table>(json: &str, entity: &mut E) -> Result<(), serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    read_from(&mut reader, entity)?;
    reader.end()
}

fn read_from<'de, E: Table, D: Deserializer<'de>>(
    deserializer: D,
    entity: &mut E,
) -> Result<(), D::Error> {
    let is_binary = !deserializer.is_human_readable();
    json::spend(size_of::<E>()).map_err(D::Error::custom)?;
    deserializer.deserialize_map(EntityVisitor { entity, is_binary })
}

/// Sets a property of the type by the JSON text of its value.
pub(super) fn set_property<E: Table>(
    entity: &mut E,
    name: &str,
    value: &str,
) -> Result<(), serde_json::Error> {
    ReadByProperty { entity }.read(&json::of_one(name, value))
}

/// Reads into an entity.
struct EntityVisitor<'a, E> {
    entity: &'a mut E,
    is_binary: bool,
}

impl<'de, E: Table> Visitor<'de> for EntityVisitor<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of type {}", E::INFO.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { entity, is_binary } = self;
        if json::is_tolerant() {
            return read_by_property(&mut map, &mut ReadByProperty { entity });
        }
        let keys = Keys::of(E::INFO);
        while let Some(key) = map.next_key_seed(&keys)? {
            match key {
                Key::Known(index) => {
                    let mut value = Value { map: &mut map, result: Ok(()) };
                    entity.read(index as usize, &mut value);
                    value.result?;
                }
                Key::Other => read_other(entity.kept(), keys.other.take(), &mut map, is_binary)?,
            }
        }
        Ok(())
    }
}

/// The value that comes next. It keeps the error: an entity's `read` takes much less space in the compiled
/// crate if its arms return nothing.
struct Value<'a, 'de, A: MapAccess<'de>> {
    map: &'a mut A,
    result: Result<(), A::Error>,
}

impl<'de, A: MapAccess<'de>> PropertyReader<'de> for Value<'_, 'de, A> {
    // Compiled once for each type of value.
    fn property<T: Deserialize<'de>>(&mut self, property: &mut Option<T>) {
        match self.map.next_value() {
            Ok(value) => *property = value,
            Err(error) => self.result = Err(error),
        }
    }

    fn list<T: Deserialize<'de>>(&mut self, property: &mut Option<Vec<T>>) {
        match self.map.next_value::<Option<List<T>>>() {
            Ok(list) => *property = list.map(|it| it.0),
            Err(error) => self.result = Err(error),
        }
    }
}

/// A list inside of an entity. Serde's own `Vec` takes the memory of four entries for the first one; this takes
/// that of one. A row then lies closer together, and is written faster.
struct List<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData)).map(Self)
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Vec<T>, A::Error> {
        let Some(first) = entries.next_element()? else { return Ok(Vec::new()) };
        let mut list = vec![first];
        while let Some(entry) = entries.next_element()? {
            list.push(entry);
        }
        Ok(list)
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
        Some(Annotation::Control) => map.next_value::<IgnoredAny>().map(drop),
        None => kept.read_unknown(&name, map, is_binary),
    }
}

/// An entity that is read property by property. It hides the entity's type, so that the code around it
/// is compiled once.
trait ByProperty {
    fn info(&self) -> &'static EntityInfo;
    fn kept(&mut self) -> &mut Kept;
    /// Reads the text of an object with one property.
    fn read(&mut self, object: &str) -> Result<(), serde_json::Error>;
}

struct ReadByProperty<'a, E> {
    entity: &'a mut E,
}

impl<E: Table> ByProperty for ReadByProperty<'_, E> {
    fn info(&self) -> &'static EntityInfo {
        E::INFO
    }

    fn kept(&mut self) -> &mut Kept {
        self.entity.kept()
    }

    fn read(&mut self, object: &str) -> Result<(), serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(object);
        reader.deserialize_map(EntityVisitor { entity: self.entity, is_binary: false })
    }
}

/// The second reading of an answer: a value that does not fit is kept, and costs its property alone.
fn read_by_property<'de, A: MapAccess<'de>>(
    map: &mut A,
    entity: &mut dyn ByProperty,
) -> Result<(), A::Error> {
    json::begin_entity();
    while let Some(name) = map.next_key::<String>()? {
        if !is_among(entity.info().properties, &name) {
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
    Known(u32),
    /// What is no property of the type. [`Keys`] has it: a key that fits into a register is returned faster.
    Other,
}

/// Turns keys into their indices without copying them; nothing here depends on the entity's type.
struct Keys {
    info: &'static EntityInfo,
    index: Index,
    /// The key that was the last [`Key::Other`].
    other: Cell<String>,
}

impl Keys {
    fn of(info: &'static EntityInfo) -> Self {
        Self { info, index: Index::of(info.properties), other: Cell::default() }
    }

    /// `None` where the text is read strictly and must not have this key.
    fn find(&self, name: &str) -> Option<Key> {
        match self.index.find(name) {
            Some(index) => Some(Key::Known(index)),
            None => self.other(name),
        }
    }

    #[cold]
    fn other(&self, name: &str) -> Option<Key> {
        if !self.info.is_open && json::refuses(name, self.info.properties) {
            return None;
        }
        self.other.set(name.to_owned());
        Some(Key::Other)
    }
}

impl<'de> DeserializeSeed<'de> for &Keys {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        // Keys are written as strings; formats that do not describe themselves need to be told so.
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for &Keys {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<R: Error>(self, name: &str) -> Result<Key, R> {
        self.find(name).ok_or_else(|| R::custom("unknown key"))
    }
}
