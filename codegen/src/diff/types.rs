//! The differences of entities, enumerations and primitive types.

use super::rows::{Change, Rows, Value, What, limits, paired};
use crate::model::{Api, Entity, Enumeration, Property, Type};

pub(super) fn compare(old: &Api, new: &Api, rows: &mut Rows) {
    for (name, was, is) in paired(&old.entities, &new.entities) {
        if let (Some(was), Some(is)) = (was, is) {
            rows.values(What::Property, name, &properties(was), &properties(is));
            let kind = |entity: &Entity| if entity.open { "open" } else { "closed" };
            rows.differ(What::Entity, Change::Constraint, name, kind(was), kind(is));
        } else {
            let text = |entity: &Entity| format!("{} properties", entity.properties.len());
            rows.texts(What::Entity, Change::Retyped, name, was.map(text), is.map(text));
        }
    }
    for (name, was, is) in paired(&old.enumerations, &new.enumerations) {
        if let (Some(was), Some(is)) = (was, is) {
            for (value, was, is) in paired(&was.values, &is.values) {
                let at = format!("{name}/{value}");
                let text = |_: &_| value.to_owned();
                rows.texts(What::Value, Change::Retyped, &at, was.map(text), is.map(text));
            }
            let kind = |it: &Enumeration| if it.flags { "flags" } else { "one value" };
            rows.differ(What::Enumeration, Change::Retyped, name, kind(was), kind(is));
        } else {
            let text = |it: &Enumeration| format!("{} values", it.values.len());
            rows.texts(What::Enumeration, Change::Retyped, name, was.map(text), is.map(text));
        }
    }
    for (name, was, is) in paired(&old.aliases, &new.aliases) {
        let (was, is) = (was.map(|it| ty(it)), is.map(|it| ty(it)));
        rows.texts(What::PrimitiveType, Change::Retyped, name, was, is);
    }
}

fn properties(entity: &Entity) -> Vec<Value> {
    entity.properties.values().map(|it| property(it)).collect()
}

/// A property of an entity or of an action's body, in words.
pub(super) fn property(property: &Property) -> Value {
    let mut constraints = limits(property.nullable, property.max_length, property.default);
    if property.required {
        constraints += ", in every answer";
    }
    if property.navigation {
        constraints += ", absent unless expanded";
    }
    Value { name: property.name.clone(), ty: ty(&property.ty), constraints }
}

/// A type in words. They tell flags from a single value.
pub(super) fn ty(ty: &Type) -> String {
    match ty {
        Type::Flags(name) => format!("flags of {name}"),
        Type::Collection(of) => format!("Collection({})", self::ty(of)),
        other => other.edm(),
    }
}
