//! The differences of entities, enumerations and primitive types.

use super::rows::{Change, Rows, Value, What, deprecated, limits, paired};
use crate::model::{Api, Entity, Enumeration, Others, Property, Type};

pub(super) fn compare(old: &Api, new: &Api, rows: &mut Rows) {
    for (name, was, is) in paired(&old.entities, &new.entities) {
        if let (Some(was), Some(is)) = (was, is) {
            rows.values(What::Property, name, &properties(was), &properties(is));
            rows.differ(What::Entity, Change::Constraint, name, &kind(was), &kind(is));
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
            let told = |it: &Enumeration| deprecated(it.deprecated);
            rows.differ(What::Enumeration, Change::Constraint, name, told(was), told(is));
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

/// The properties that an entity takes beside the named ones, in words.
fn kind(entity: &Entity) -> String {
    let kind = match &entity.others {
        Others::None => "closed".to_owned(),
        Others::Any => "open".to_owned(),
        Others::Of(of) => format!("open for {}", ty(of)),
    };
    if entity.deprecated { kind + ", deprecated" } else { kind }
}

fn properties(entity: &Entity) -> Vec<Value> {
    entity.properties.values().map(|it| property(it)).collect()
}

/// A property of an entity or of an action's body, in words.
pub(super) fn property(property: &Property) -> Value {
    let mut constraints = limits(property.nullable, &property.limits, &property.notes);
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
        Type::Nullable(of) => self::ty(of),
        other => other.edm(),
    }
}
