//! The words of the generated documentation, made from facts.

use super::context::Context;
use super::told::{Told, method_link, note, paragraph, resource_link};
use super::words::{capital, link, one, when};
use crate::model::{
    Access, Answer, Api, Body, Bounds, Entity, Enumeration, History, Limits, Notes, Operation,
    OperationKind, Others, Parameter, Property, QueryOption, Seen, Type,
};

/// The root module's.
pub(super) fn root(api: &Api) -> String {
    let releases: Vec<String> =
        api.documents.iter().map(|it| format!("{} ({})", it.release, it.date)).collect();
    let source = match releases.as_slice() {
        [] => "a document of an unknown release".to_owned(),
        [one] => format!("the document of 3CX {one}"),
        [older @ .., newest] => {
            format!("the documents of 3CX {} and {newest}", older.join(", "))
        }
    };
    let mut text =
        format!("The XAPI's entities, enumerations and operations.\n\nGenerated from {source}.");
    if releases.len() > 1 {
        text += "\n\nWhere these documents differ, the documentation of an item names the releases \
                 that have it, such as\n\"since 20.0.8\" or \"until 20.0.7\", or a document such as \
                 \"20.0.7/2025-06-23\" where the documents of one\nrelease differ. Items that the \
                 newest release has removed stay here for PBXs of older releases.";
    }
    text
}

pub(super) fn alias(wire: &str, ty: &Type) -> String {
    format!("`{wire}`: `{}`.", ty.edm())
}

/// A former name of a type.
pub(super) fn former_type(former: &str, present: &str) -> String {
    format!("`{former}`: the former name of [`{present}`].")
}

pub(super) fn resource(context: &Context<'_>, wire: &str) -> String {
    let operations = format!("The operations of `{wire}`.");
    match note(context, context.notes.resource(wire)) {
        Some(purpose) => format!("{purpose}\n\n{operations}"),
        None => operations,
    }
}

pub(super) fn entity(context: &Context<'_>, entity: &Entity) -> String {
    let mut text = format!("`{}`", entity.name);
    if let Some(base) = &entity.base {
        text += &format!(", which derives from {}", link(context, &Type::Entity(base.clone())));
    }
    text += ".";
    if entity.properties.is_empty() {
        text += " The API documents name no property of it.";
    }
    if let Others::Of(of) = &entity.others {
        text += &format!(" Its additional properties are of the type {}.", link(context, of));
    }
    text += &paragraph(resources_of(context, &entity.name).as_deref());
    text += &paragraph(note(context, context.notes.ty(&entity.name)).as_deref());
    if let Some(available) = available(context, entity.seen) {
        text += &format!("\n\n{available}");
    }
    text
}

/// Where the operations are that read and write an entity: `` [`Users`] has its operations. ``
fn resources_of(context: &Context<'_>, entity: &str) -> Option<String> {
    let links: Vec<String> =
        context.resources_of(entity).map(|it| resource_link(context, it)).collect();
    let (last, others) = links.split_last()?;
    Some(match others {
        [] => format!("{last} has its operations."),
        others => format!("{} and {last} have its operations.", others.join(", ")),
    })
}

pub(super) fn enumeration(context: &Context<'_>, enumeration: &Enumeration) -> String {
    let mut text = format!(
        "`{}`.\n\nA value that is not listed here is kept as [`Unrecognized`](Self::Unrecognized).",
        enumeration.name
    );
    if enumeration.flags {
        text += " The values are flags: a property can have several of them at once, as \
                 [`Flags`](crate::enumeration::Flags).";
    }
    text += &paragraph(note(context, context.notes.ty(&enumeration.name)).as_deref());
    if let Some(available) = available(context, enumeration.seen) {
        text += &format!("\n\n{available}");
    }
    text
}

/// A value of an enumeration.
pub(super) fn value(context: &Context<'_>, enumeration: &Enumeration, value: &str) -> String {
    let seen = enumeration.values.get(value).copied().unwrap_or_default();
    match when(context, seen, enumeration.seen) {
        Some(when) => format!("`{value}`: {when}."),
        None => format!("`{value}`"),
    }
}

/// A property of an entity, and its former types.
pub(super) fn member(
    context: &Context<'_>,
    entity: &Entity,
    property: &History<Property>,
) -> String {
    let ty = property.ty();
    let mut told = self::property(context, &entity.name, property, shown(&ty));
    told.notes.extend(when(context, property.seen, entity.seen));
    let types = property.variants().map(|(variant, seen)| (&variant.ty, seen));
    told.notes.extend(other_types(context, types, &ty, property.seen));
    told.note = note(context, context.notes.property(&entity.name, &property.name));
    told.of_field()
}

/// A property of an entity, or one of an action's body; the owner is its name.
pub(super) fn property(context: &Context<'_>, owner: &str, property: &Property, ty: &Type) -> Told {
    let mut notes = Vec::new();
    if matches!(ty, Type::Flags(_)) {
        notes.push("a set of flags".to_owned());
    }
    if matches!(property.ty.element(), Type::Binary) {
        notes.push("Base64 as text".to_owned());
    }
    if property.navigation {
        notes.push("`None` unless the request expands it".to_owned());
    }
    notes.extend(limits(&property.limits, &property.notes));
    if context.secrets.contains(owner, &property.name) {
        notes.push("a secret, which `Debug` does not show".to_owned());
    }
    Told { name: Some((property.name.clone(), link(context, ty))), notes, note: None }
}

/// The entity that is a whole body.
pub(super) fn body(context: &Context<'_>, entity: &str) -> Told {
    let link = link(context, &Type::Entity(entity.to_owned()));
    Told { name: None, notes: vec![format!("the {link} to send")], note: None }
}

pub(super) fn parameter(operation: &Operation, parameter: &Parameter, is_argument: bool) -> Told {
    let mut notes = Vec::new();
    if let Some(entity) = &parameter.key_of {
        let keys = operation.parameters.iter().filter(|it| it.key_of.is_some()).count();
        notes.push(if keys == 1 { "the key".to_owned() } else { format!("the key of `{entity}`") });
    }
    notes.extend(limits(&parameter.limits, &parameter.notes));
    if !is_argument {
        let is_optional = operation.is_optional(parameter);
        let note = if is_optional { "sent as `''` if it is not set" } else { "required" };
        notes.push(note.to_owned());
    }
    let ty = format!("`{}`", parameter.ty.edm());
    Told { name: Some((parameter.name.clone(), ty)), notes, note: None }
}

/// A value of an operation, with its note, and with the releases that take it if these are some only.
pub(super) fn bounded(
    context: &Context<'_>,
    operation: &History<Operation>,
    wire: &str,
    is_argument: bool,
    mut told: Told,
) -> Told {
    let name = |wire: &str| context.names.value(&operation.id, wire);
    let takes = |variant: &Operation| variant.values().any(|(other, ..)| name(other) == name(wire));
    let variants = operation.variants().filter(|(variant, _)| takes(variant));
    let seen = variants.fold(Seen::default(), |all, (_, seen)| all.or(seen));
    told.notes.extend(when(context, seen, operation.seen));
    told.note = note(context, context.notes.parameter(&operation.id, wire));
    let others = operation.seen.without(seen);
    if is_argument && let Some(when) = when(context, others, operation.seen) {
        told.notes.push(format!("{when} the PBX ignores it, and the client leaves it out"));
    }
    told
}

/// A value of an operation that some variants take as another type.
pub(super) fn retyped(
    context: &Context<'_>,
    operation: &History<Operation>,
    types: &[(Type, Seen)],
    ty: &Type,
    told: &mut Told,
) {
    if let Some((_, link)) = &mut told.name
        && types.iter().any(|(other, _)| other != ty)
    {
        *link = self::link(context, shown(ty));
    }
    let types = types.iter().rev().map(|(ty, seen)| (ty, *seen));
    told.notes.extend(other_types(context, types, ty, operation.seen));
}

/// The type that the documentation shows first of a value: of two, the later one.
fn shown(ty: &Type) -> &Type {
    match ty {
        Type::Changed(later, _) => later,
        one => one,
    }
}

/// The other types that a value has in some releases, the newest first: `until 20.0.8 an Edm.String`.
fn other_types<'t>(
    context: &Context<'_>,
    types: impl Iterator<Item = (&'t Type, Seen)>,
    ty: &Type,
    within: Seen,
) -> Vec<String> {
    let mut others: Vec<(&Type, Seen)> = Vec::new();
    for (other, seen) in types.filter(|(other, _)| *other != shown(ty)) {
        match others.iter_mut().find(|(known, _)| *known == other) {
            Some((_, known)) => *known = known.or(seen),
            None => others.push((other, seen)),
        }
    }
    let told = others.into_iter().filter_map(|(other, seen)| {
        Some(format!("{} {}", when(context, seen, within)?, one(context, other)))
    });
    told.collect()
}

/// What is said of whatever a document calls deprecated.
pub(super) const DEPRECATED: &str = "3CX calls it deprecated";

/// What the document says of a value beside its type.
fn limits(limits: &Limits, notes: &Notes) -> impl Iterator<Item = String> {
    let longest = limits.max_length.map(|longest| format!("at most {longest} characters"));
    let default = limits.default.as_ref().map(|it| format!("the PBX's default is `{it}`"));
    let listed = match notes.listed.as_slice() {
        [] => None,
        [only] => Some(format!("always `{only}`")),
        several => Some(format!("one of `{}`", several.join("`, `"))),
    };
    let access = match notes.access {
        Access::Both => None,
        Access::Read => Some("read-only, because the PBX sets it".to_owned()),
        Access::Write => Some("write-only, because the PBX never returns it".to_owned()),
    };
    let deprecated = notes.deprecated.then(|| DEPRECATED.to_owned());
    [longest, default, listed, access, deprecated].into_iter().flatten()
}

/// The struct of an operation.
pub(super) fn sent(context: &Context<'_>, operation: &Operation) -> String {
    let method = &context.names.operation(&operation.id).method;
    let resource = &context.names.resource(&operation.resource).ident;
    format!("The operation that [`{resource}::{method}`] calls.")
}

/// The former method of an operation.
pub(super) fn moved(context: &Context<'_>, operation: &Operation) -> String {
    format!("The former name of {}.", method_link(context, operation))
}

/// The method of an operation: what it does, where it is, what changed, and what it takes.
pub(super) fn operation(
    context: &Context<'_>,
    operation: &History<Operation>,
    optional: Vec<String>,
    arguments: Vec<String>,
) -> String {
    let mut text = what(context, operation);
    text += &paragraph(note(context, context.notes.operation(&operation.id)).as_deref());
    if operation.kind == OperationKind::Update {
        text += "\n\nSend what differs from what was read, as \
                 [`changes_from`](crate::Entity::changes_from) makes it. The request carries only the \
                 properties that are set; the PBX keeps the others. A list replaces the whole list.";
    }
    if operation.kind == OperationKind::Replace {
        text +=
            "\n\nThe request stands for the whole: a property that is not set gets its default.";
    }
    text += &format!("\n\n{}", source(operation));
    if let Some(available) = available(context, operation.seen) {
        text += &format!(" {available}");
    }
    for (former, seen) in &operation.former {
        let differs = former_variant(context, operation, former);
        if let (Some(when), Some(differs)) = (when(context, *seen, operation.seen), differs) {
            text += &format!("\n\n{}, {differs}", capital(&when));
        }
    }
    let options = query_options(context, operation);
    let lists = [("Optional values", optional), ("Query options", options)];
    for (what, methods) in lists.iter().filter(|(_, methods)| !methods.is_empty()) {
        text += &format!("\n\n{what}: {}.", methods.join(", "));
    }
    if !arguments.is_empty() {
        let lines: Vec<String> = arguments.iter().map(|line| format!("- {line}")).collect();
        text += &format!("\n\n{}", lines.join("\n"));
    }
    text
}

/// What an operation does, in a sentence.
fn what(context: &Context<'_>, operation: &Operation) -> String {
    let answer = answer(context, operation);
    let name = operation.route.function().unwrap_or_default();
    match (operation.kind, &operation.answer) {
        (OperationKind::List, _) => format!("Reads {answer}."),
        (OperationKind::Navigation, _) => {
            let last = operation.route.segments().next_back().unwrap_or_default();
            format!("Reads the `{last}` of {}: {answer}.", target(operation))
        }
        (OperationKind::Get, Answer::Object { entity, .. }) => {
            let link = link(context, &Type::Entity(entity.clone()));
            format!("Reads the {link}{}.", by_key(operation))
        }
        (OperationKind::Get, _) => format!("Reads {answer}."),
        (OperationKind::Create, Answer::Nothing) => match &operation.body {
            Some(Body::Entity { entity, .. }) => {
                format!("Creates {}.", one(context, &Type::Entity(entity.clone())))
            }
            _ => format!("Creates an entry of `{}`.", operation.resource),
        },
        (OperationKind::Create, Answer::Object { .. }) => {
            format!("Creates {answer} and returns it.")
        }
        (OperationKind::Create, _) => {
            format!("Creates an entry of `{}` and returns {answer}.", operation.resource)
        }
        (OperationKind::Update, _) => format!("Changes {}.", target(operation)),
        (OperationKind::Replace, _) => format!("Replaces {}.", target(operation)),
        (OperationKind::Delete, _) => format!("Deletes {}.", target(operation)),
        (OperationKind::Function, Answer::Nothing) if !operation.is_file() => {
            format!("Calls the function `{name}`.")
        }
        (OperationKind::Action, Answer::Nothing) => format!("Calls the action `{name}`."),
        (OperationKind::Function, _) => {
            format!("Calls the function `{name}` and returns {answer}.")
        }
        (OperationKind::Action, _) => format!("Calls the action `{name}` and returns {answer}."),
    }
}

/// What a call of a former variant does otherwise; none if the difference is no caller's business.
fn former_variant(
    context: &Context<'_>,
    newest: &Operation,
    variant: &Operation,
) -> Option<String> {
    let is_elsewhere = (variant.method, &variant.route) != (newest.method, &newest.route);
    let mut sent = String::new();
    if is_elsewhere || variant.id != newest.id {
        sent += &format!(" `{} {}`", variant.method.as_str(), variant.route.template);
    }
    if variant.id != newest.id {
        sent += &format!(" (operationId `{}`)", variant.id);
    }
    let body = (variant.body != newest.body).then(|| match &variant.body {
        None => "no body".to_owned(),
        Some(Body::Entity { entity, .. }) => {
            format!("{} as the body", one(context, &Type::Entity(entity.clone())))
        }
        Some(Body::Parameters { properties, .. }) => {
            let names = properties.iter().map(|it| format!("`{}`", it.name));
            format!("{} in the body", names.collect::<Vec<_>>().join(", "))
        }
    });
    if let Some(body) = body {
        sent += &if sent.is_empty() { format!(" {body}") } else { format!(" with {body}") };
    }
    let sent = (!sent.is_empty()).then(|| format!("the client sends{sent}"));
    let returned = (variant.answer != newest.answer)
        .then(|| format!("the PBX returns {}", answer(context, variant)));
    let sentences: Vec<String> = sent.into_iter().chain(returned).collect();
    (!sentences.is_empty()).then(|| format!("{}.", sentences.join(" and ")))
}

/// Why a method is deprecated: the newest document lacks the operation, or says so.
pub(super) fn deprecation(context: &Context<'_>, operation: &History<Operation>) -> Option<String> {
    let bounds = Bounds::of(&context.api.documents, operation.seen, context.all());
    let dropped = bounds.until.map(|until| format!("3CX dropped it: last in {until}"));
    dropped.or_else(|| operation.deprecated.then(|| DEPRECATED.to_owned()))
}

/// The route, and the id that people search for.
fn source(operation: &Operation) -> String {
    let (method, template) = (operation.method.as_str(), &operation.route.template);
    format!("`{method} {template}`, operationId `{}`.", operation.id)
}

/// The request's methods that set query options, each with the releases that declare it.
fn query_options(context: &Context<'_>, operation: &History<Operation>) -> Vec<String> {
    let methods = QueryOption::ALL.into_iter().filter_map(|option| {
        let declared = operation.variants().filter(|(it, _)| it.options.contains(&option));
        let seen = declared.fold(Seen::default(), |all, (_, seen)| all.or(seen));
        let method = match option {
            QueryOption::Filter => "`filter`",
            QueryOption::Search => "`search`",
            QueryOption::OrderBy => "`order_by`",
            QueryOption::Select => "`select`",
            QueryOption::Expand => "`expand`",
            QueryOption::Count => "`count`",
            QueryOption::Top => "`top`",
            QueryOption::Skip => "`skip`",
        };
        seen.first()?;
        Some(match when(context, seen, operation.seen) {
            Some(when) => format!("{method} ({when})"),
            None => method.to_owned(),
        })
    });
    methods.collect()
}

/// The entity that an operation of a resource is about.
fn target(operation: &Operation) -> String {
    match operation.parameters.first().and_then(|parameter| parameter.key_of.as_ref()) {
        Some(entity) => format!("the `{entity}`{}", by_key(operation)),
        None => format!("`{}`", operation.resource),
    }
}

fn by_key(operation: &Operation) -> String {
    let keys = operation.route.alternate_key();
    match (operation.parameters.is_empty(), keys.is_empty()) {
        (true, _) => String::new(),
        (false, true) => " with this key".to_owned(),
        (false, false) => format!(" with this `{}`", keys.join("` and `")),
    }
}

/// What an operation returns, with its article.
fn answer(context: &Context<'_>, operation: &Operation) -> String {
    let declared = match &operation.answer {
        Answer::Nothing => "nothing".to_owned(),
        Answer::Object { entity, nullable, .. } => {
            let one = one(context, &Type::Entity(entity.clone()));
            if *nullable { format!("{one}, or nothing") } else { one }
        }
        Answer::Collection { of } => format!("a page of {}", link(context, of)),
        Answer::Value { ty, .. } => one(context, ty),
        Answer::File => return "a file".to_owned(),
    };
    match (&operation.answer, operation.is_file()) {
        (_, false) => declared,
        // It says that there is an answer, and nothing of it.
        (Answer::Object { entity, .. }, true) if entity == "Pbx.IActionResult" => {
            "a file".to_owned()
        }
        (_, true) => format!("a file, although the API document declares {declared}"),
    }
}

/// The same of what belongs to the API itself, as a sentence.
fn available(context: &Context<'_>, seen: Seen) -> Option<String> {
    when(context, seen, context.all()).map(|when| format!("Available {when}."))
}
