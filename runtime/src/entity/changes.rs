//! What differs between two states of an entity.

use serde_json::value::RawValue;

use super::kept::{Annotation, annotation};
use super::table::Table;
use crate::json::{self, Object, Writing};

/// An entity with what differs alone: nulls for what is gone, lists and complex values whole.
pub(super) fn between<E: Table>(after: &E, before: &E) -> Result<E, serde_json::Error> {
    let mode = Writing::Whole.begin();
    let (after, before) = (serde_json::to_vec(after)?, serde_json::to_vec(before)?);
    drop(mode);
    json::read_whole(&differing(&after, &before)?)
}

fn differing(after: &[u8], before: &[u8]) -> Result<Vec<u8>, serde_json::Error> {
    let (after, before) = (entries(after)?, entries(before)?);
    let mut out = Vec::new();
    for (name, value) in properties(&after) {
        match before.get(name) {
            Some(old) if old.get() == value.get() => {}
            Some(old) if is_object(old) && is_object(value) => {
                json::push_entry(&mut out, name, &whole(value, old)?);
            }
            _ => json::push_entry(&mut out, name, value.get().as_bytes()),
        }
    }
    // What is known of a list goes with it.
    for (name, value) in &after.0 {
        if let Some(Annotation::List(_, list)) = annotation(name)
            && after.get(list).map(RawValue::get) != before.get(list).map(RawValue::get)
        {
            json::push_entry(&mut out, name, value.get().as_bytes());
        }
    }
    push_gone(&mut out, &after, &before);
    Ok(json::object(&out))
}

/// A complex value whole, with nulls for what is gone from it: so it is right whether the PBX puts it
/// in the place of the old one or merges the two.
fn whole(after: &RawValue, before: &RawValue) -> Result<Vec<u8>, serde_json::Error> {
    let (after, before) = (entries(after.get().as_bytes())?, entries(before.get().as_bytes())?);
    let mut out = Vec::new();
    for (name, value) in &after.0 {
        match before.get(name) {
            Some(old) if is_object(old) && is_object(value) => {
                json::push_entry(&mut out, name, &whole(value, old)?);
            }
            _ => json::push_entry(&mut out, name, value.get().as_bytes()),
        }
    }
    push_gone(&mut out, &after, &before);
    Ok(json::object(&out))
}

fn push_gone(out: &mut Vec<u8>, after: &Object<'_>, before: &Object<'_>) {
    for (name, old) in properties(before) {
        if old.get() != "null" && after.get(name).is_none() {
            json::push_entry(out, name, b"null");
        }
    }
}

fn properties<'o>(object: &'o Object<'_>) -> impl Iterator<Item = (&'o str, &'o RawValue)> {
    object
        .0
        .iter()
        .map(|(name, value)| (&**name, *value))
        .filter(|(name, _)| annotation(name).is_none())
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

fn entries(json: &[u8]) -> Result<Object<'_>, serde_json::Error> {
    serde_json::from_slice(json)
}
