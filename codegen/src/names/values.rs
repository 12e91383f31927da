//! The values that an operation takes: what each is called, and which of them are arguments.
//!
//! A value is known by its Rust name: one that changed its spelling on the wire stays the same. An
//! argument is a value of every form of the operation that could not be left out in the oldest, whose
//! order they have; every other value is a method of the request. So no later release can make the
//! list of arguments longer, or change its order.

use super::{Exceptions, Namer, RESERVED_OPTIONS, keyword_safe};
use crate::model::{Api, Body, History, Operation};

impl Namer<'_> {
    pub(super) fn parameters(&mut self, api: &Api, exceptions: &Exceptions) {
        for operation in api.operations.values() {
            let rule = |namer: &Self, wire: &str| keyword_safe(namer.snake(wire));
            let arguments = self.arguments(operation, rule);
            for (form, _) in operation.shapes() {
                let mut named = Vec::new();
                for (wire, _) in form.values() {
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

    /// The values that are arguments, by the names that the rule gives them.
    fn arguments(
        &self,
        operation: &History<Operation>,
        rule: impl Fn(&Self, &str) -> String,
    ) -> Vec<String> {
        let is_in = |form: &Operation, argument: &String| {
            form.values().any(|(wire, _)| rule(self, wire) == *argument)
        };
        let oldest = operation.oldest().values().filter(|(_, optional)| !optional);
        let mut arguments: Vec<String> = oldest.map(|(wire, _)| rule(self, wire)).collect();
        arguments.retain(|argument| operation.shapes().all(|(form, _)| is_in(form, argument)));
        arguments
    }
}
