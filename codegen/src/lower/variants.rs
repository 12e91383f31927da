//! The variants of an operation: the ways in which releases call it, and what each writes.

use std::collections::BTreeSet;

use super::context::Context;
use super::values::Values;
use crate::model::{
    self, Body, History, Method, Operation, Property, QueryOption, RoutePart, Seen, Type,
};
use crate::tree::{Side, Statement, VariantInfo, Write};

/// A variant, as far as callers and the wire can tell it from the others.
#[derive(Debug)]
pub(super) struct Variant<'a> {
    pub(super) operation: &'a Operation,
    seen: Seen,
    /// Whether it answers as older releases do.
    has_former_answer: bool,
    statements: Vec<Statement>,
}

/// The variants that differ in what is sent, may be asked for or is answered, the newest first. Other facts
/// of an operation, such as the limits of its values, make no variant of their own.
pub(super) fn distinct<'a>(
    context: &Context<'_>,
    operation: &'a History<Operation>,
    values: &Values,
) -> Vec<Variant<'a>> {
    let answers = operation.answers();
    let is_read = operation.method == Method::Get;
    let mut variants: Vec<Variant<'a>> = Vec::new();
    for (variant, seen) in operation.variants() {
        let known = answers.iter().position(|it| it.takes(&variant.answer, is_read));
        let next = Variant {
            operation: variant,
            seen,
            has_former_answer: known.is_some_and(|place| place > 0),
            statements: Writer { context, id: &operation.id, variant, values }.statements(),
        };
        match variants.iter_mut().find(|known| known.is_like(&next)) {
            Some(known) => known.seen = known.seen.or(seen),
            None => variants.push(next),
        }
    }
    variants
}

impl Variant<'_> {
    fn is_like(&self, other: &Self) -> bool {
        self.operation.method == other.operation.method
            && self.operation.route == other.operation.route
            && self.has_former_answer == other.has_former_answer
            && options(self.operation).eq(options(other.operation))
            && self.statements == other.statements
    }

    fn info(&self, context: &Context<'_>, declared: &BTreeSet<&'static str>) -> VariantInfo {
        let own: Vec<&str> = options(self.operation).collect();
        VariantInfo {
            method: method(self.operation.method),
            route: self.operation.route.template.clone(),
            releases: context.releases(self.seen),
            has_former_answer: self.has_former_answer,
            undeclared: declared.iter().copied().filter(|it| !own.contains(it)).collect(),
        }
    }
}

/// The facts of the variants; none where there is one alone.
pub(super) fn infos(context: &Context<'_>, variants: &[Variant<'_>]) -> Vec<VariantInfo> {
    match variants {
        [_] => Vec::new(),
        several => {
            let declared = several.iter().flat_map(|it| options(it.operation)).collect();
            several.iter().map(|it| it.info(context, &declared)).collect()
        }
    }
}

/// The query options and headers that an operation declares.
fn options(operation: &Operation) -> impl Iterator<Item = &'static str> {
    let declared = QueryOption::ALL.into_iter().filter(|it| operation.options.contains(it));
    declared.map(QueryOption::as_str).chain(operation.if_match.then_some("If-Match"))
}

/// What writes path and body in all variants.
pub(super) fn write(variants: &[Variant<'_>]) -> Write {
    let mut all = variants.iter().map(|variant| &variant.statements);
    let newest = all.next().cloned().unwrap_or_default();
    if all.all(|it| *it == newest) {
        return Write::Once(newest);
    }
    Write::ByVariant(variants.iter().map(|variant| variant.statements.clone()).collect())
}

/// Makes the statements of one variant.
struct Writer<'a> {
    context: &'a Context<'a>,
    id: &'a str,
    variant: &'a Operation,
    values: &'a Values,
}

impl Writer<'_> {
    fn statements(&self) -> Vec<Statement> {
        let path = self.variant.route.parts.iter().map(|part| match part {
            RoutePart::Text(text) => Statement::Text(text.clone()),
            RoutePart::Parameter(wire) => self.hidden(wire, self.parameter(wire)),
        });
        let mut statements: Vec<Statement> = path.collect();
        match &self.variant.body {
            None => {}
            Some(Body::Entity { .. }) => statements.push(Statement::Body),
            Some(Body::Parameters { properties, .. }) => {
                let is_required =
                    |property: &Property| self.values.required(self.key(&property.name)).is_some();
                if !properties.iter().any(is_required) {
                    statements.push(Statement::EmptyBody);
                }
                statements
                    .extend(properties.iter().map(|it| self.hidden(&it.name, self.property(it))));
            }
        }
        statements
    }

    fn key(&self, wire: &str) -> &str {
        self.context.names.value(self.id, wire)
    }

    /// The statement that writes a value, so that it is known as a secret if it is one.
    fn hidden(&self, wire: &str, write: Statement) -> Statement {
        if self.context.secrets.contains(self.id, wire) {
            Statement::Hidden(Box::new(write))
        } else {
            write
        }
    }

    fn parameter(&self, wire: &str) -> Statement {
        let parameter = self.variant.parameters.iter().find(|it| it.name == wire);
        if let Some(value) = self.values.required(self.key(wire)) {
            let (wire, field) = (wire.to_owned(), value.name.clone());
            return match parameter.and_then(|it| side(&value.ty, &it.ty)) {
                Some(side) => Statement::TypedLiteral { wire, field, side },
                None => Statement::Literal { field },
            };
        }
        let value = self.values.optional(self.key(wire));
        let key = value.and_then(|value| value.wire.as_deref()).unwrap_or(wire).to_owned();
        match (parameter, value) {
            (Some(parameter), Some(value)) if !self.variant.is_optional(parameter) => {
                Statement::GivenLiteral { key, set_by: value.name.clone() }
            }
            _ => Statement::OptionalLiteral { key },
        }
    }

    fn property(&self, property: &Property) -> Statement {
        let wire = property.name.clone();
        let Some(value) = self.values.required(self.key(&wire)) else {
            return Statement::OptionalProperty { wire };
        };
        let field = value.name.clone();
        match side(&value.ty, &property.ty) {
            Some(side) => Statement::TypedProperty { wire, field, side },
            None => Statement::Property { wire, field },
        }
    }
}

/// Which type of a value that has two a variant takes; none if the value has one.
fn side(ty: &Type, taken: &Type) -> Option<Side> {
    match ty {
        Type::Changed(_, former) if former.takes(taken) => Some(Side::Former),
        Type::Changed(..) => Some(Side::Current),
        _ => None,
    }
}

/// The runtime's word for an HTTP method.
pub(super) fn method(method: model::Method) -> &'static str {
    match method {
        model::Method::Get => "Get",
        model::Method::Post => "Post",
        model::Method::Patch => "Patch",
        model::Method::Put => "Put",
        model::Method::Delete => "Delete",
    }
}
