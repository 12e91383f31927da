//! Changes from release to release that Rust has no type for, or no one method.

use std::collections::BTreeMap;

use super::values::arguments;
use crate::model::{Api, Body, Entity, History, Operation, Type};
use crate::names::Names;
use crate::problem::{Problem, Problems};

/// Of a value, and what to do.
const THREE_TYPES: &str = "has had three types, and `Retyped` holds two; teach `Type::over` a type that \
                           takes all of them";

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
        if property.over().is_none() {
            problems.push(Problem {
                pointer: format!("components/schemas/{}/{}", entity.name, property.name),
                message: THREE_TYPES.to_owned(),
            });
        }
    }
}

fn operation(names: &Names, operation: &History<Operation>, problems: &mut Vec<Problem>) {
    let mut report = |message: String| {
        problems.push(Problem { pointer: format!("/paths ({})", operation.id), message });
    };
    if operation.answers().len() > 2 {
        report(format!("its answer {THREE_TYPES}"));
    }
    let is_entity = |variant: &Operation| matches!(variant.body, Some(Body::Entity { .. }));
    let entities = operation.variants().filter(|(variant, _)| is_entity(variant)).count();
    if entities != 0 && entities != operation.variants().count() {
        let message = "has an entity as its body in some releases alone; teach `lower::values` how \
                       callers give either";
        report(message.to_owned());
    }
    let arguments = arguments(names, operation);
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for (variant, _) in operation.variants() {
        for (wire, ..) in variant.values() {
            let name = names.value(&operation.id, wire);
            let spelling = known.entry(name).or_insert(wire);
            // In a route each variant has its own spelling, and an argument is known by its name.
            let is_option = !arguments.contains(&name);
            let in_body = variant.parameters.iter().all(|it| it.name != wire);
            if wire != *spelling && is_option && in_body {
                report(format!(
                    "`{wire}`, an option, was spelled `{spelling}`; teach `lower::variants` to \
                     write both"
                ));
            }
        }
    }
    let mut types: BTreeMap<&str, (&str, Vec<&Type>)> = BTreeMap::new();
    for (variant, _) in operation.oldest_first() {
        for (wire, ty, _) in variant.values() {
            let (spelling, types) = types.entry(names.value(&operation.id, wire)).or_default();
            *spelling = wire;
            types.push(ty);
        }
    }
    for (wire, types) in types.into_values() {
        if Type::over(types).is_none() {
            report(format!("`{wire}` {THREE_TYPES}"));
        }
    }
}
