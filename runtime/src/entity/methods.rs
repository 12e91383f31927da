//! What the methods of an entity do with the property of a name.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::ser::Serialize;
use serde_json::Value;

use super::index::is_among;
use super::kept::Kept;
use super::reader;
use super::table::{Properties, PropertyValue, Table};
use crate::error::Error;
use crate::info::EntityInfo;
use crate::json::{Json, Writing};

/// What an entity keeps.
pub(super) fn kept<E: Table>(entity: &E) -> &Kept {
    static NOTHING: Kept = Kept::new();
    let mut look = Look(&NOTHING);
    entity.visit(&mut look);
    look.0
}

/// Takes what the entity keeps alone.
struct Look<'e>(&'e Kept);

impl<'e> Properties<'e> for Look<'e> {
    fn kept(&mut self, kept: &'e Kept) {
        self.0 = kept;
    }

    #[inline]
    fn property<T: PropertyValue>(&mut self, _: &'static str, _: &'e Option<T>) {}
}

#[inline]
pub(super) fn additional<'k>(
    kept: &'k Kept,
    info: &'static EntityInfo,
) -> BTreeMap<&'k str, Value> {
    let mut values = BTreeMap::new();
    for (name, value) in kept.inner().into_iter().flat_map(|inner| inner.unknown(info)) {
        values.insert(name, value.json.value());
    }
    values
}

pub(super) fn get<E: Table, T: DeserializeOwned>(
    entity: &E,
    name: &str,
) -> Result<Option<T>, Error> {
    let set = text(entity, name).map_err(|error| Error::unwritable(name, &error))?;
    let json = set.as_ref().or(kept(entity).value(name).map(|value| &value.json));
    match json {
        None => Ok(None),
        Some(json) => json.read().map_err(|error| Error::unfit(name, &error)),
    }
}

/// The value of a property of the type, if it is set.
pub(super) fn text<E: Table>(entity: &E, name: &str) -> Result<Option<Json>, serde_json::Error> {
    if !is_among(E::INFO.properties, name) {
        return Ok(None);
    }
    let mut pick = Pick { name, found: Ok(None) };
    let mode = Writing::Whole.begin();
    entity.visit(&mut pick);
    drop(mode);
    pick.found
}

/// Takes the value of one property.
struct Pick<'a> {
    name: &'a str,
    found: Result<Option<Json>, serde_json::Error>,
}

impl<'e> Properties<'e> for Pick<'_> {
    fn kept(&mut self, _: &'e Kept) {}

    fn property<T: PropertyValue>(&mut self, name: &'static str, value: &'e Option<T>) {
        if name == self.name
            && let Some(value) = value
        {
            self.found = Json::of(value).map(Some);
        }
    }
}

pub(super) fn set<E: Table, T: Serialize>(
    mut entity: E,
    name: &str,
    value: &T,
) -> Result<E, Error> {
    let mode = Writing::Whole.begin();
    let json = Json::of(value);
    drop(mode);
    let json = json.map_err(|error| Error::unwritable(name, &error))?;
    if !is_among(E::INFO.properties, name) {
        entity.kept().keep(name, json, None);
        return Ok(entity);
    }
    if json.is_null() {
        return Ok(null(entity, name));
    }
    entity.kept().forget_value(name);
    match reader::set_property(&mut entity, name, json.text()) {
        Ok(()) => Ok(entity),
        Err(error) => Err(Error::unfit(name, &error)),
    }
}

pub(super) fn null<E: Table>(entity: E, name: &str) -> E {
    let mut entity = unset(entity, name);
    entity.kept().keep(name, Json::null(), None);
    entity
}

pub(super) fn unset<E: Table>(mut entity: E, name: &str) -> E {
    if is_among(E::INFO.properties, name) {
        // Every property can be null.
        let _ = reader::set_property(&mut entity, name, "null");
    }
    entity.kept().forget_value(name);
    entity.kept().forget_list(name);
    entity
}
