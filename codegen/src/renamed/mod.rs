//! Types that only changed their name. The documents have two types; callers have one, and its former name
//! stays as an alias.
//!
//! A type changed its name between two documents if the older one alone has the former name, the newer one is
//! the first that has the present name, everything that had the former type and is still there has the
//! present one, and both hold mostly the same. Later documents can't change this, so an alias stays.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::add_variant;
use crate::model::{
    Answer, Api, Body, Entity, Enumeration, History, Operation, Others, Seen, Type, local_name,
};

/// Makes one type of each two that differ by their name alone. The newer name leads.
pub fn join(api: &mut Api) {
    for place in 1..api.documents.len() {
        // A type that was joined may show that a type inside it only changed its name too.
        loop {
            let renamed = renamed(api, place);
            if renamed.is_empty() {
                break;
            }
            append(api, &renamed);
        }
    }
}

/// The types that got another name in the document at this place, the present one by the former one.
fn renamed(api: &Api, place: usize) -> BTreeMap<String, String> {
    let seen = api.entities.values().map(|it| it.seen);
    let mut seen = seen.chain(api.enumerations.values().map(|it| it.seen));
    if !seen.any(|seen| seen.contains(place - 1) && !seen.contains(place)) {
        return BTreeMap::new();
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (was, is) in retyped(api, place) {
        for former in was.leaves().into_iter().filter_map(named) {
            if is_gone(api, former, place) {
                let present = present_of(&was, &is);
                found.entry(former.to_owned()).or_default().insert(present.to_owned());
            }
        }
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (former, present) in found {
        // Its uses agree on one type.
        if let (Some(present), 1) = (present.first(), present.len())
            && is_alike(api, place, &former, present)
        {
            pairs.push((former, present.clone()));
        }
    }
    // Of two types that became one, none kept what it was.
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for (_, present) in &pairs {
        *uses.entry(present.clone()).or_default() += 1;
    }
    pairs.into_iter().filter(|(_, present)| uses[present] == 1).collect()
}

/// What stands in the place of the former type; nothing if it is anything but another name.
fn present_of<'t>(was: &Type, is: &'t Type) -> &'t str {
    match (was, is) {
        (Type::Collection(was), Type::Collection(is))
        | (Type::Nullable(was), Type::Nullable(is)) => present_of(was, is),
        (Type::Entity(_), Type::Entity(name))
        | (Type::Enumeration(_), Type::Enumeration(name))
        | (Type::Flags(_), Type::Flags(name)) => name,
        _ => "",
    }
}

fn named(ty: &Type) -> Option<&str> {
    match ty {
        Type::Entity(name) | Type::Enumeration(name) | Type::Flags(name) => Some(name),
        _ => None,
    }
}

/// The types, former and present, of what is in the document at this place and the one before it. A property or
/// operation that these two have in one variant has the same types in both, and is left out.
fn retyped(api: &Api, place: usize) -> Vec<(Type, Type)> {
    let mut retyped = Vec::new();
    for property in api.entities.values().flat_map(|entity| entity.properties.values()) {
        if let Some((was, is)) = changed(property, place) {
            retyped.push((was.ty.clone(), is.ty.clone()));
        }
    }
    for operation in api.operations.values() {
        let Some((was, is)) = changed(operation, place) else { continue };
        let is = used(is);
        let both = used(was).into_iter().filter_map(|(at, was)| Some((was, is.get(at)?.clone())));
        retyped.extend(both);
    }
    retyped
}

/// The variants of the document before this place and of the one at it, where they differ.
fn changed<T>(history: &History<T>, place: usize) -> Option<(&T, &T)> {
    let (was, is) = (history.at(place - 1)?, history.at(place)?);
    (!std::ptr::eq(was, is)).then_some((was, is))
}

/// The types that an operation uses, by the value, or the part of it, that has them.
fn used(operation: &Operation) -> BTreeMap<&str, Type> {
    let mut used: BTreeMap<_, _> =
        operation.values().map(|(name, ty, _)| (name, ty.clone())).collect();
    if let Some(Body::Entity { entity, .. }) = &operation.body {
        used.insert("(body)", Type::Entity(entity.clone()));
    }
    let answer = match &operation.answer {
        Answer::Nothing | Answer::File => return used,
        Answer::Object { entity, .. } => Type::Entity(entity.clone()),
        Answer::Collection { of } => Type::Collection(Box::new(of.clone())),
        Answer::Value { ty, .. } => ty.clone(),
    };
    used.insert("(answer)", answer);
    used
}

fn seen(api: &Api, name: &str) -> Option<Seen> {
    let entity = api.entities.get(name).map(|it| it.seen);
    entity.or_else(|| api.enumerations.get(name).map(|it| it.seen))
}

fn is_gone(api: &Api, name: &str, place: usize) -> bool {
    seen(api, name).is_some_and(|seen| !seen.contains(place))
}

/// Whether the present type is new in this document, and holds mostly what the former one held.
fn is_alike(api: &Api, place: usize, former: &str, present: &str) -> bool {
    if seen(api, present).and_then(Seen::first) != Some(place) {
        return false;
    }
    let mostly = |shared: usize, one: usize, other: usize| shared * 2 > one.max(other);
    if let (Some(was), Some(is)) = (api.entities.get(former), api.entities.get(present)) {
        let (was, is) = (properties(was, place - 1), properties(is, place));
        let is_shared = |name: &&&str| match (was.get(**name), is.get(**name)) {
            (Some(was), Some(is)) => is_same(api, place, was, is),
            _ => false,
        };
        return mostly(was.keys().filter(is_shared).count(), was.len(), is.len())
            && have_own_names(was.keys().chain(is.keys()));
    }
    let (Some(was), Some(is)) = (api.enumerations.get(former), api.enumerations.get(present))
    else {
        return false;
    };
    let (was, is) = (values(was, place - 1), values(is, place));
    mostly(was.intersection(&is).count(), was.len(), is.len())
        && have_own_names(was.iter().chain(&is))
}

/// Whether no two members differ in letter case or punctuation alone: in one type they would share a name.
fn have_own_names<'n>(wires: impl Iterator<Item = &'n &'n str>) -> bool {
    let wires: BTreeSet<&str> = wires.copied().collect();
    let plain = |wire: &&str| -> String {
        wire.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    wires.iter().map(plain).collect::<BTreeSet<_>>().len() == wires.len()
}

/// Whether a property kept its type. A type inside it may have changed its name too.
fn is_same(api: &Api, place: usize, was: &Type, is: &Type) -> bool {
    was == is
        || match (was.leaves().first().copied().and_then(named), named(is.element())) {
            (Some(former), Some(present)) => {
                is_gone(api, former, place)
                    && seen(api, present).and_then(Seen::first) == Some(place)
                    && present_of(was, is) == present
            }
            _ => false,
        }
}

fn properties(entity: &Entity, place: usize) -> BTreeMap<&str, &Type> {
    let there = entity.properties.iter().filter_map(|(name, it)| Some((name, it.at(place)?)));
    there.map(|(name, it)| (name.as_str(), &it.ty)).collect()
}

fn values(enumeration: &Enumeration, place: usize) -> BTreeSet<&str> {
    let there = enumeration.values.iter().filter(|(_, seen)| seen.contains(place));
    there.map(|(value, _)| value.as_str()).collect()
}

/// Puts the facts of types to those of the types that they are now.
fn append(api: &mut Api, renamed: &BTreeMap<String, String>) {
    for entity in api.entities.values_mut() {
        if let Some(base) = &mut entity.base {
            rename_name(base, renamed);
        }
        for property in entity.properties.values_mut() {
            each(property, |it| rename(&mut it.ty, renamed));
        }
    }
    for operation in api.operations.values_mut() {
        each(operation, |it| rename_in(it, renamed));
    }
    for (former, present) in renamed {
        append_one(api, former, present);
    }
}

fn append_one(api: &mut Api, former: &str, present: &str) {
    if let (Some(was), Some(is)) = (api.entities.remove(former), api.entities.get_mut(present)) {
        is.seen = is.seen.or(was.seen);
        if is.others == Others::None {
            is.others = was.others;
        }
        for (name, property) in &was.properties {
            for (variant, seen) in property.variants() {
                add_variant(&mut is.properties, name, variant.clone(), seen);
            }
        }
        is.former_names.push(was.name);
        is.former_names.extend(was.former_names);
    }
    let was = api.enumerations.remove(former);
    if let (Some(was), Some(is)) = (was, api.enumerations.get_mut(present)) {
        is.seen = is.seen.or(was.seen);
        for (value, seen) in was.values {
            let known = is.values.entry(value).or_default();
            *known = known.or(seen);
        }
        is.former_names.push(was.name);
        is.former_names.extend(was.former_names);
    }
}

/// Changes every variant; `change` says whether it did. Variants that are the same now become one.
fn each<T: Clone + PartialEq>(history: &mut History<T>, change: impl Fn(&mut T) -> bool) {
    let mut has_changed = change(&mut history.newest);
    for (variant, _) in &mut history.former {
        has_changed |= change(variant);
    }
    if !has_changed {
        return;
    }
    let mut joined = BTreeMap::new();
    for (variant, seen) in history.variants() {
        add_variant(&mut joined, "", variant.clone(), seen);
    }
    if let Some(joined) = joined.remove("") {
        *history = joined;
    }
}

fn rename_in(operation: &mut Operation, renamed: &BTreeMap<String, String>) -> bool {
    let mut has_changed = false;
    for parameter in &mut operation.parameters {
        has_changed |= rename(&mut parameter.ty, renamed);
        if let Some(entity) = &mut parameter.key_of {
            has_changed |= rename_local(entity, renamed);
        }
    }
    match &mut operation.body {
        None => {}
        Some(Body::Entity { entity, .. }) => has_changed |= rename_name(entity, renamed),
        Some(Body::Parameters { properties, .. }) => {
            for property in properties {
                has_changed |= rename(&mut property.ty, renamed);
            }
        }
    }
    has_changed
        | match &mut operation.answer {
            Answer::Nothing | Answer::File => false,
            Answer::Object { entity, .. } => rename_name(entity, renamed),
            Answer::Collection { of: ty } | Answer::Value { ty, .. } => rename(ty, renamed),
        }
}

fn rename(ty: &mut Type, renamed: &BTreeMap<String, String>) -> bool {
    match ty {
        Type::Entity(name) | Type::Enumeration(name) | Type::Flags(name) => {
            rename_name(name, renamed)
        }
        Type::Collection(of) | Type::Nullable(of) => rename(of, renamed),
        _ => false,
    }
}

fn rename_name(name: &mut String, renamed: &BTreeMap<String, String>) -> bool {
    let Some(present) = renamed.get(name) else { return false };
    present.clone_into(name);
    true
}

/// Changes the name of an entity that stands without its namespace.
fn rename_local(name: &mut String, renamed: &BTreeMap<String, String>) -> bool {
    let Some((_, present)) = renamed.iter().find(|(former, _)| local_name(former) == name) else {
        return false;
    };
    local_name(present).clone_into(name);
    true
}

#[cfg(test)]
mod tests;
