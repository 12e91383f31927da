//! Entities and enumerations.

use super::context::Context;
use super::{docs, told, types};
use crate::model::{self, History, Others, Type, local_name};
use crate::tree::{Entity, Enumeration, Listed, Property, Ty};

pub(super) fn entity(context: &Context<'_>, entity: &model::Entity) -> Entity {
    let name = context.names.ty(&entity.name);
    let key = context.keys.get(entity.name.as_str()).copied();
    let local = local_name(&entity.name);
    Entity {
        name: name.ident.clone(),
        module: name.module.clone(),
        wire: entity.name.clone(),
        alias: (name.ident != local).then(|| local.to_owned()),
        docs: docs::entity(context, entity),
        properties: entity.properties.values().map(|it| property(context, entity, it)).collect(),
        secrets: secrets(context, entity),
        key: key.map(str::to_owned),
        keyed_by: keyed_by(context, entity),
        is_open: entity.others != Others::None,
        deprecated: deprecated(entity.deprecated),
    }
}

/// The type of the key, if the operations of one entity take it as it is.
fn keyed_by(context: &Context<'_>, entity: &model::Entity) -> Option<Ty> {
    let key = *context.keys.get(entity.name.as_str())?;
    let ty = entity.properties.get(key)?.ty();
    let mut taken = context.key_parameters_of(&entity.name).iter().filter(|it| it.name == key);
    let is_plain = matches!(ty, Type::Int32 | Type::Int64 | Type::String | Type::Guid);
    (is_plain && taken.all(|it| it.ty == ty)).then(|| context.ty(&ty))
}

/// The wire names of an entity's secrets.
pub(super) fn secrets(context: &Context<'_>, entity: &model::Entity) -> Vec<String> {
    let names = entity.properties.keys();
    names.filter(|name| context.secrets.contains(&entity.name, name)).cloned().collect()
}

fn property(
    context: &Context<'_>,
    entity: &model::Entity,
    property: &History<model::Property>,
) -> Property {
    let (owner, wire) = (&entity.name, &property.name);
    let ty = property.ty();
    Property {
        name: context.names.member(owner, wire).to_owned(),
        constant: context.names.constant(owner, wire),
        wire: wire.clone(),
        ty: context.ty(&ty),
        is_boxed: context.boxed.contains(&(owner.clone(), wire.clone())),
        takes: types::takes(&ty),
        kind: if property.navigation { "Navigation" } else { "Property" },
        releases: context.releases(property.seen),
        docs: docs::member(context, entity, property),
        note: told::note(context, context.notes.property(owner, wire)),
        deprecated: deprecated(property.notes.deprecated),
    }
}

fn deprecated(it: bool) -> Option<String> {
    it.then(|| docs::DEPRECATED.to_owned())
}

pub(super) fn enumeration(context: &Context<'_>, enumeration: &model::Enumeration) -> Enumeration {
    let name = context.names.ty(&enumeration.name);
    let values = enumeration.values.keys().map(|value| Listed {
        name: context.names.member(&enumeration.name, value).to_owned(),
        wire: value.clone(),
        docs: docs::value(context, enumeration, value),
    });
    Enumeration {
        name: name.ident.clone(),
        module: name.module.clone(),
        wire: enumeration.name.clone(),
        docs: docs::enumeration(context, enumeration),
        values: values.collect(),
        deprecated: deprecated(enumeration.deprecated),
    }
}
