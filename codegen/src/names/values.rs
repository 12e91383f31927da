//! The values that an operation takes: what each is called, and which of them are arguments.
//!
//! A value is known by its Rust name: one that changed its spelling on the wire stays the same. An
//! argument is a value of every form of the operation that could not be left out in the oldest, whose
//! order they have; every other value is a method of the request. So no later release can make the
//! list of arguments longer, or change its order.

use std::collections::BTreeMap;

use super::{Exceptions, Namer, RESERVED_OPTIONS, keyword_safe};
use crate::model::{Api, Body, History, Operation, Type};
use crate::problem::Problem;

impl Namer<'_> {
    pub(super) fn parameters(&mut self, api: &Api, exceptions: &Exceptions) {
        for operation in api.operations.values() {
            let rule = |namer: &Self, wire: &str| keyword_safe(namer.snake(wire));
            let arguments = self.arguments(operation, rule);
            for (form, _) in operation.shapes() {
                let mut named = Vec::new();
                for (wire, ..) in form.values() {
                    let mut rule = rule(self, wire);
                    let place = arguments.iter().position(|argument| *argument == rule);
                    if place.is_none() && RESERVED_OPTIONS.contains(&rule.as_str()) {
                        rule += "_parameter";
                    }
                    let path = format!("{}/{wire}", operation.id);
                    let rust = self.excepted("parameters", &exceptions.parameters, &path, rule);
                    named.push((path, rust.clone()));
                    let key = (operation.id.clone(), wire.to_owned());
                    if let Some(place) = place {
                        self.names.arguments.insert(key.clone(), place);
                    }
                    self.names.parameters.insert(key, rust);
                }
                let scope = format!("paths ({})", operation.id);
                let entity_body = matches!(form.body, Some(Body::Entity { .. }));
                let own = entity_body.then_some(("(the body)", "body"));
                let pairs = named.iter().map(|(wire, rust)| (wire.as_str(), rust.as_str()));
                self.check("parameters", &scope, own.into_iter().chain(pairs));
            }
        }
    }

    /// Reports what has changed in a way that Rust has no type for, or no one method.
    pub(super) fn changes(&mut self, api: &Api) {
        let mut report = |pointer: String, message: &str| {
            self.problems.push(Problem { pointer, message: message.to_owned() });
        };
        for entity in api.entities.values() {
            for property in entity.properties.values() {
                if Type::over(property.shapes().map(|(shape, _)| &shape.ty)).is_none() {
                    let pointer = format!("components/schemas/{}/{}", entity.name, property.name);
                    report(pointer, "has had three types; two are understood");
                }
            }
        }
        for operation in api.operations.values() {
            let pointer = format!("/paths ({})", operation.id);
            if operation.answers().len() > 2 {
                report(pointer.clone(), "has had three answers; two are understood");
            }
            let is_entity = |form: &Operation| matches!(form.body, Some(Body::Entity { .. }));
            let entities = operation.shapes().filter(|(form, _)| is_entity(form)).count();
            if entities != 0 && entities != operation.shapes().count() {
                report(pointer.clone(), "has an entity as its body in some releases alone");
            }
            let mut known: BTreeMap<&str, (&str, Type)> = BTreeMap::new();
            for (form, _) in operation.shapes() {
                for (wire, ty, _) in form.values() {
                    let name = self.names.parameter(&operation.id, wire);
                    let (spelling, before) = known.entry(name).or_insert((wire, ty.clone()));
                    // In a route each form has its own spelling, and an argument is known by its name.
                    let is_option = self.names.argument(&operation.id, wire).is_none();
                    let in_body = form.parameters.iter().all(|it| it.name != wire);
                    if wire != *spelling && is_option && in_body {
                        let message = format!("`{wire}`, an option, was spelled `{spelling}`");
                        report(pointer.clone(), &message);
                    }
                    match before.clone().or_former(ty) {
                        Some(ty) => *before = ty,
                        None => report(pointer.clone(), &format!("`{wire}` has had three types")),
                    }
                }
            }
        }
    }

    /// The values that are arguments, by the names that the rule gives them.
    fn arguments(
        &self,
        operation: &History<Operation>,
        rule: impl Fn(&Self, &str) -> String,
    ) -> Vec<String> {
        let is_in = |form: &Operation, argument: &String| {
            form.values().any(|(wire, ..)| rule(self, wire) == *argument)
        };
        let oldest = operation.oldest().values().filter(|(.., optional)| !optional);
        let mut arguments: Vec<String> = oldest.map(|(wire, ..)| rule(self, wire)).collect();
        arguments.retain(|argument| operation.shapes().all(|(form, _)| is_in(form, argument)));
        arguments
    }
}
