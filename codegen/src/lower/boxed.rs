//! Which properties are boxed: those whose values would contain themselves.

use std::collections::BTreeSet;

use crate::model::{Api, Entity, Type};

/// The properties that are boxed, each as entity and property.
pub(super) fn properties(api: &Api) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for entity in api.entities.values() {
        for (property, target) in held(entity) {
            if reaches(api, target, &entity.name) {
                found.insert((entity.name.clone(), property.to_owned()));
            }
        }
    }
    found
}

/// The properties that hold one entity, each with that entity. A list holds its elements elsewhere.
fn held(entity: &Entity) -> impl Iterator<Item = (&str, &str)> {
    entity.properties.values().flat_map(|property| {
        let types = property.variants().filter_map(|(variant, _)| match &variant.ty {
            Type::Entity(target) => Some(target.as_str()),
            _ => None,
        });
        types.map(|target| (property.name.as_str(), target))
    })
}

/// Whether a value of one entity holds a value of the other, through whatever others.
fn reaches(api: &Api, from: &str, to: &str) -> bool {
    let mut known = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if known.insert(name)
            && let Some(entity) = api.entities.get(name)
        {
            open.extend(held(entity).map(|(_, target)| target));
        }
    }
    false
}
