//! Resources and their operations.

use std::collections::BTreeMap;

use super::context::Context;
use super::values::Values;
use super::{docs, example, moved, types, variants};
use crate::model::{self, Body, History, OperationKind, QueryOption};
use crate::tree::{Info, Mark, Method, Operation, Resource, Ty};

pub(super) fn resource(context: &Context<'_>, wire: &str) -> Resource {
    let name = context.names.resource(wire);
    let mut operations = context.operations_of(wire).to_vec();
    operations.sort_by_key(|it| (&it.route.template, it.method));
    let deprecated = operations.is_empty().then(|| "its operations are elsewhere now".to_owned());
    Resource {
        name: name.ident.clone(),
        module: name.module.clone(),
        wire: wire.to_owned(),
        docs: docs::resource(context, wire),
        example: example::of(context, &operations),
        operations: operations.into_iter().map(|it| operation(context, it)).collect(),
        moved: moved::of_resource(context, wire),
        deprecated,
    }
}

fn operation(context: &Context<'_>, operation: &History<model::Operation>) -> Operation {
    let names = context.names.operation(&operation.id);
    let values = Values::of(context, operation);
    let variants = variants::distinct(context, operation, &values);
    let id = operation.id.as_str();
    Operation {
        name: names.ident.clone(),
        docs: docs::sent(context, operation),
        method: method_of(context, operation, &values),
        has_secrets: values.required.iter().any(|value| value.is_secret(context, id)),
        fields: values.required.iter().map(|value| value.field(context, id)).collect(),
        output: types::output(context.names, operation),
        info: Info {
            id: id.to_owned(),
            resource: operation.resource.clone(),
            kind: kind(operation.kind),
            method: variants::method(operation.method),
            route: operation.route.template.clone(),
            is_file: operation.is_file(),
            releases: context.releases(operation.seen),
            variants: variants::infos(context, &variants),
        },
        write: variants::write(&variants),
        marks: marks(context, operation),
        setters: values.optional.iter().map(|value| value.setter(context)).collect(),
    }
}

/// The method that makes an operation.
fn method_of(
    context: &Context<'_>,
    operation: &History<model::Operation>,
    values: &Values,
) -> Method {
    let mut aliases: Vec<String> =
        operation.variants().map(|(variant, _)| variant.id.clone()).collect();
    aliases.dedup();
    aliases.extend(searched_as(context, operation));
    let arguments = if values.by_struct() { &[] } else { values.required.as_slice() };
    let arguments = arguments.iter().map(|value| value.docs.of_argument(&value.name));
    let optional = values.optional.iter().map(|value| format!("`{}`", value.name));
    Method {
        name: context.names.operation(&operation.id).method.clone(),
        docs: docs::operation(context, operation, optional.collect(), arguments.collect()),
        aliases,
        deprecated: docs::deprecation(context, operation),
        takes_struct: values.by_struct(),
    }
}

/// The words by which people search for the basic operations: `create user`, `get user by number`.
fn searched_as(context: &Context<'_>, operation: &model::Operation) -> Option<String> {
    let verb = match operation.kind {
        OperationKind::List => "list",
        OperationKind::Get => "get",
        OperationKind::Create => "create",
        OperationKind::Update => "update",
        OperationKind::Delete => "delete",
        _ => return None,
    };
    let module = match operation.kind {
        OperationKind::List => &context.names.resource(&operation.resource).module,
        _ => &context.names.ty(context.entity_of(operation)?).module,
    };
    let rest = context.names.operation(&operation.id).method.strip_prefix(verb)?;
    Some(format!("{verb} {module}{rest}").replace('_', " "))
}

/// The option traits of an operation, sorted by name: those of all variants.
fn marks(context: &Context<'_>, operation: &History<model::Operation>) -> Vec<Mark> {
    let mut marks: BTreeMap<&'static str, Option<Ty>> = BTreeMap::new();
    for option in operation.variants().flat_map(|(variant, _)| &variant.options) {
        let (name, speaks_of_entity) = mark(*option);
        let queried = || types::queried(context.names, operation, *option);
        marks.insert(name, speaks_of_entity.then(queried));
    }
    if operation.variants().any(|(variant, _)| variant.if_match) {
        marks.insert("Conditional", None);
    }
    if let Some(entity) = updated(operation) {
        marks.insert("Updatable", Some(types::entity(context.names, entity)));
    }
    marks.into_iter().map(|(name, entity)| Mark { name, entity }).collect()
}

/// The trait of an option, and whether it names the entity whose properties the option speaks of.
fn mark(option: QueryOption) -> (&'static str, bool) {
    match option {
        QueryOption::Filter => ("Filterable", true),
        QueryOption::Search => ("Searchable", false),
        QueryOption::OrderBy => ("Orderable", true),
        QueryOption::Select => ("Selectable", true),
        QueryOption::Expand => ("Expandable", true),
        QueryOption::Count => ("Countable", false),
        QueryOption::Top | QueryOption::Skip => ("Pageable", false),
    }
}

/// The entity that a PATCH changes.
fn updated(operation: &model::Operation) -> Option<&str> {
    match (&operation.body, operation.kind) {
        (Some(Body::Entity { entity, .. }), OperationKind::Update) => Some(entity),
        _ => None,
    }
}

/// The runtime's word for what an operation does.
fn kind(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::List => "List",
        OperationKind::Get => "Get",
        OperationKind::Create => "Create",
        OperationKind::Update => "Update",
        OperationKind::Replace => "Replace",
        OperationKind::Delete => "Delete",
        OperationKind::Navigation => "Navigation",
        OperationKind::Function => "Function",
        OperationKind::Action => "Action",
    }
}
