//! The words of the generated documentation, made from facts.

use crate::model::{
    Answer, Body, Bounds, Entity, Enumeration, History, Operation, OperationKind, Parameter,
    Property, Seen, Type,
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
        Type::Changed(current, former) => {
            format!("{} or {}", link(context, current), link(context, former))
        }
        primitive => format!("`{}`", primitive.edm()),
    }
}

/// From when to when a fact holds: `since 20.0.8`; none if it does as long as what it belongs to.
fn when(context: &Context<'_>, seen: Seen, within: Seen) -> Option<String> {
    let Bounds { since, until, absent } = Bounds::of(&context.api.releases, seen, within);
    let mut text = match (since, until) {
        (None, None) => String::new(),
        (Some(since), None) => format!("since {since}"),
        (None, Some(until)) => format!("until {until}"),
        (Some(since), Some(until)) if since == until => format!("only in {since}"),
        (Some(since), Some(until)) => format!("from {since} to {until}"),
    };
    if !absent.is_empty() {
        text += if text.is_empty() { "" } else { ", " };
        text += &format!("not in {}", absent.join(", "));
    }
    (!text.is_empty()).then_some(text)
}

/// The same of what belongs to the API itself, as a sentence.
fn when_sentence(context: &Context<'_>, seen: Seen) -> Option<String> {
    when(context, seen, context.all()).map(|when| format!("{}.", capital(&when)))
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(text.len().min(1));
    first.to_ascii_uppercase() + rest
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
    if let Some(when) = when_sentence(context, entity.seen) {
        text += &format!("\n\n{when}");
    }
    text
}

pub(super) fn enumeration(context: &Context<'_>, enumeration: &Enumeration) -> String {
    let flags = if enumeration.flags {
        " Its values are flags: where it is used, several may be set \
         ([`Flags`](crate::enumeration::Flags))."
    } else {
        ""
    };
    let when = when_sentence(context, enumeration.seen).map(|when| format!("\n\n{when}"));
    let when = when.unwrap_or_default();
    format!("`{}`. A value that is not listed here is kept.{flags}{when}", enumeration.name)
}

/// A value of an enumeration.
pub(super) fn value(context: &Context<'_>, enumeration: &Enumeration, value: &str) -> String {
    let seen = enumeration.values.get(value).copied().unwrap_or_default();
    match when(context, seen, enumeration.seen) {
        Some(when) => format!("`{value}`; {when}."),
        None => format!("`{value}`"),
    }
}

/// A property of an entity, and what it was before.
pub(super) fn member(
    context: &Context<'_>,
    entity: &Entity,
    property: &History<Property>,
) -> String {
    let mut text = self::property(context, &entity.name, property);
    text.truncate(text.len() - 1);
    if let Some(when) = when(context, property.seen, entity.seen) {
        text += &format!("; {when}");
    }
    for (former, seen) in property.former.iter().filter(|(former, _)| former.ty != property.ty) {
        if let Some(when) = when(context, *seen, property.seen) {
            text += &format!("; {when}: {}", link(context, &former.ty));
        }
    }
    text + "."
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
pub(super) fn operation(context: &Context<'_>, operation: &History<Operation>) -> String {
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
    let mut text = format!("{what}\n\n{}", source(operation));
    if let Some(when) = when_sentence(context, operation.seen) {
        text += &format!(" {when}");
    }
    for (form, seen) in &operation.former {
        if let Some(when) = when(context, *seen, operation.seen) {
            text += &format!("\n\n{}: {}", capital(&when), form_before(context, operation, form));
        }
    }
    text
}

/// A former form: its route, and what else was different.
fn form_before(context: &Context<'_>, newest: &Operation, form: &Operation) -> String {
    let mut text = format!("`{} {}`", form.method.as_str(), form.route.template);
    if form.id != newest.id {
        text += &format!(", operationId `{}`", form.id);
    }
    if form.body != newest.body {
        text += &match &form.body {
            None => ", sent nothing".to_owned(),
            Some(Body::Entity { entity, .. }) => {
                format!(", sent one {}", link(context, &Type::Entity(entity.clone())))
            }
            Some(Body::Parameters { properties, .. }) => {
                let names = properties.iter().map(|it| format!("`{}`", it.name));
                format!(", sent {}", names.collect::<Vec<_>>().join(", "))
            }
        };
    }
    if form.answer != newest.answer {
        text += &format!(", answered {}", answer(context, form));
    }
    text + "."
}

/// Why a call is deprecated: it is gone from the newest document.
pub(super) fn deprecation(context: &Context<'_>, operation: &History<Operation>) -> Option<String> {
    let bounds = Bounds::of(&context.api.releases, operation.seen, context.all());
    bounds.until.map(|until| format!("3CX dropped it: last in {until}"))
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

pub(super) fn parameter(operation: &Operation, parameter: &Parameter, is_argument: bool) -> String {
    let mut text = format!("`{}`: `{}`", parameter.name, parameter.ty.edm());
    if let Some(entity) = &parameter.key_of {
        text += &format!(", the key of `{entity}`");
    }
    text += &limits(parameter.max_length, parameter.default);
    if operation.is_optional(parameter) && !is_argument {
        text += "; sent as `''` if left out";
    } else if !is_argument {
        text += "; the route needs it";
    }
    text + "."
}

/// A value of an operation that not all its forms have, with when it is taken.
pub(super) fn bounded(
    context: &Context<'_>,
    operation: &History<Operation>,
    wire: &str,
    about: String,
) -> String {
    let name = |wire: &str| context.names.parameter(&operation.id, wire);
    let takes = |form: &Operation| form.values().any(|(other, ..)| name(other) == name(wire));
    let forms = operation.shapes().filter(|(form, _)| takes(form));
    let seen = forms.fold(Seen::default(), |seen, (_, form)| seen.or(form));
    match (when(context, seen, operation.seen), about.strip_suffix('.')) {
        (Some(when), Some(about)) => format!("{about}; {when}."),
        _ => about,
    }
}

/// A value of an operation that some forms take as another type.
pub(super) fn retyped(
    context: &Context<'_>,
    operation: &History<Operation>,
    (former, seen): (&Type, Seen),
    about: &str,
) -> String {
    let when = when(context, seen, operation.seen).unwrap_or_default();
    format!("{}; {when}: {}.", about.trim_end_matches('.'), link(context, former))
}

/// What the document says of a value beside its type.
fn limits(max_length: Option<usize>, default: Option<bool>) -> String {
    let longest = max_length.map(|longest| format!("; at most {longest} characters"));
    let default = default.map(|default| format!("; the PBX's own default is `{default}`"));
    longest.into_iter().chain(default).collect()
}
