//! Changes from release to release that Rust has no type for, or no one method.

use std::collections::BTreeMap;

use super::values::arguments;
use crate::model::{Api, Body, Entity, History, Operation, Type};
use crate::names::Names;
use crate::problem::{Problem, Problems};

/// Reports every such change.
pub(super) fn check(api: &Api, names: &Names) -> Result<(), Problems> {
    let mut problems = Vec::new();
    for entity in api.entities.values() {
        properties(entity, &mut problems);
    }
    for operation in api.operations.values() {
        self::operation(names, operation, &mut problems);
    }
    if problems.is_empty() {
        return Ok(());
    }
    let list = problems.into_iter().map(|problem| (problem, None)).collect();
    Err(Problems { source: "the client".to_owned(), list })
}

fn properties(entity: &Entity, problems: &mut Vec<Problem>) {
    for property in entity.properties.values() {
        if Type::over(property.variants().map(|(variant, _)| &variant.ty)).is_none() {
            problems.push(Problem {
                pointer: format!("components/schemas/{}/{}", entity.name, property.name),
                message: "has had three types; two are understood".to_owned(),
            });
        }
    }
}

fn operation(names: &Names, operation: &History<Operation>, problems: &mut Vec<Problem>) {
    let mut report = |message: String| {
        problems.push(Problem { pointer: format!("/paths ({})", operation.id), message });
    };
    if operation.answers().len() > 2 {
        report("has had three answers; two are understood".to_owned());
    }
    let is_entity = |variant: &Operation| matches!(variant.body, Some(Body::Entity { .. }));
    let entities = operation.variants().filter(|(variant, _)| is_entity(variant)).count();
    if entities != 0 && entities != operation.variants().count() {
        report("has an entity as its body in some releases alone".to_owned());
    }
    let arguments = arguments(names, operation);
    let mut known: BTreeMap<&str, (&str, Type)> = BTreeMap::new();
    for (variant, _) in operation.variants() {
        for (wire, ty, _) in variant.values() {
            let name = names.value(&operation.id, wire);
            let (spelling, before) = known.entry(name).or_insert((wire, ty.clone()));
            // In a route each variant has its own spelling, and an argument is known by its name.
            let is_option = !arguments.contains(&name);
            let in_body = variant.parameters.iter().all(|it| it.name != wire);
            if wire != *spelling && is_option && in_body {
                report(format!("`{wire}`, an option, was spelled `{spelling}`"));
            }
            match before.clone().or_former(ty) {
                Some(ty) => *before = ty,
                None => report(format!("`{wire}` has had three types")),
            }
        }
    }
}
