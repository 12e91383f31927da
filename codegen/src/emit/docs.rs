//! The words of the generated documentation, made from facts.

use crate::model::{
    Answer, Entity, Enumeration, Operation, OperationKind, Parameter, Property, Type,
};

use super::Context;

/// A link to a type's page, or the Edm name of a primitive.
fn link(context: &Context<'_>, ty: &Type) -> String {
    match ty {
        Type::Enumeration(name) | Type::Flags(name) => {
            let ident = &context.names.ty(name).ident;
            format!("[`{ident}`](crate::enums::{ident})")
        }
        Type::Entity(name) => {
            let ident = &context.names.ty(name).ident;
            format!("[`{ident}`](crate::entities::{ident})")
        }
        Type::Collection(of) => format!("list of {}", link(context, of)),
        primitive => format!("`{}`", primitive.edm()),
    }
}

pub(super) fn entity(context: &Context<'_>, entity: &Entity) -> String {
    let mut text = format!("`{}`", entity.name);
    if let Some(base) = &entity.base {
        text += &format!(", which derives from {}", link(context, &Type::Entity(base.clone())));
    }
    text += ".";
    if entity.properties.is_empty() {
        text += " The API says nothing of its properties.";
    }
    text
}

pub(super) fn enumeration(enumeration: &Enumeration) -> String {
    let flags = if enumeration.flags {
        " Its values are flags: where it is used, several may be set \
         ([`Flags`](crate::enumeration::Flags))."
    } else {
        ""
    };
    format!("`{}`. A value that is not listed here is kept.{flags}", enumeration.name)
}

/// A property of an entity, or one of an action's body; the owner is its name.
pub(super) fn property(context: &Context<'_>, owner: &str, property: &Property) -> String {
    let mut text = format!("`{}`: {}", property.name, link(context, &property.ty));
    if matches!(property.ty, Type::Flags(_)) {
        text += ", flags";
    }
    if property.navigation {
        text += "; absent unless expanded";
    }
    text += &limits(property.max_length, property.default);
    if context.secrets.contains(owner, &property.name) {
        text += "; a secret, not shown by `Debug`";
    }
    text + "."
}

/// What an operation does, in one line, and where it is, in a second.
pub(super) fn operation(context: &Context<'_>, operation: &Operation) -> String {
    let list_note = "\n\nOnly what is set is sent; the rest stays as it is. A list replaces the \
                     whole list.";
    let what = match operation.kind {
        OperationKind::List | OperationKind::Navigation => {
            format!("Reads {}.", answer(context, operation))
        }
        OperationKind::Get => format!("Reads {}.", answer(context, operation)),
        OperationKind::Create => format!("Creates one; answers {}.", answer(context, operation)),
        OperationKind::Update => format!("Changes {}.{list_note}", target(operation)),
        OperationKind::Delete => format!("Deletes {}.", target(operation)),
        OperationKind::Function => {
            let name = operation.route.function().unwrap_or_default();
            format!("The function `{name}`; answers {}.", answer(context, operation))
        }
        OperationKind::Action => {
            let name = operation.route.function().unwrap_or_default();
            format!("The action `{name}`; answers {}.", answer(context, operation))
        }
    };
    format!("{what}\n\n{}", source(operation))
}

/// Where an operation comes from.
pub(super) fn source(operation: &Operation) -> String {
    let (method, template) = (operation.method.as_str(), &operation.route.template);
    format!("`{method} {template}`, operationId `{}`.", operation.id)
}

fn target(operation: &Operation) -> String {
    match operation.parameters.first().and_then(|parameter| parameter.key_of.as_ref()) {
        Some(entity) => format!("the `{entity}` of this key"),
        None => format!("`{}`", operation.resource),
    }
}

fn answer(context: &Context<'_>, operation: &Operation) -> String {
    let declared = match &operation.answer {
        Answer::Nothing => "nothing".to_owned(),
        Answer::Object { entity, nullable, .. } => {
            let link = link(context, &Type::Entity(entity.clone()));
            if *nullable { format!("{link} or nothing") } else { format!("one {link}") }
        }
        Answer::Collection { of } => format!("a page of {}", link(context, of)),
        Answer::Value { ty, .. } => format!("one {}", link(context, ty)),
    };
    if operation.is_file() { format!("a file (declared as {declared})") } else { declared }
}

pub(super) fn parameter(operation: &Operation, parameter: &Parameter) -> String {
    let mut text = format!("`{}`: `{}`", parameter.name, parameter.ty.edm());
    if let Some(entity) = &parameter.key_of {
        text += &format!(", the key of `{entity}`");
    }
    text += &limits(parameter.max_length, parameter.default);
    if operation.is_optional(parameter) {
        text += "; sent as `''` if left out";
    }
    text + "."
}

/// What the document says of a value beside its type.
fn limits(max_length: Option<usize>, default: Option<bool>) -> String {
    let longest = max_length.map(|longest| format!("; at most {longest} characters"));
    let default = default.map(|default| format!("; the PBX's own default is `{default}`"));
    longest.into_iter().chain(default).collect()
}
