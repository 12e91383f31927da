//! The tests' calls: each operation once with every option that it declares, and each variant of the
//! operations that have several. And everything that holds a secret.

use super::context::Context;
use super::values::{Value, Values};
use super::{entity, types, variants};
use crate::model::{Answer, History, Operation, Property, QueryOption, Type};
use crate::tree::{Call, Query, Sample, Secret, Tests};

pub(super) fn tests(context: &Context<'_>) -> Tests {
    let mut tests = Tests::default();
    for operation in context.api.operations.values() {
        let values = Values::of(context, operation);
        let caller = Caller { context, operation, values: &values };
        tests.calls.push(caller.call());
        let variants = variants::distinct(context, operation, &values);
        if variants.len() > 1 {
            let numbered = variants.iter().enumerate();
            let calls = numbered.map(|(number, it)| caller.variant(number, it.operation));
            tests.variants.extend(calls);
        }
        tests.secret_operations.extend(caller.secret());
    }
    for it in context.api.entities.values() {
        let names = (it.name.clone(), context.names.ty(&it.name).ident.clone());
        if !entity::secrets(context, it).is_empty() {
            tests.secret_entities.push(names.clone());
        }
        tests.entities.push(names);
    }
    tests
}

/// Makes the calls of one operation.
struct Caller<'a> {
    context: &'a Context<'a>,
    operation: &'a History<Operation>,
    values: &'a Values,
}

impl Caller<'_> {
    /// The call with all that the newest variant takes.
    fn call(&self) -> Call {
        self.made(&self.operation.newest, 0, "")
    }

    /// The call of one variant, with all that it takes.
    fn variant(&self, number: usize, variant: &Operation) -> Call {
        self.made(variant, number, &format!("_variant_{number}"))
    }

    fn made(&self, variant: &Operation, number: usize, suffix: &str) -> Call {
        let (context, operation) = (self.context, self.operation);
        let names = context.names.operation(&operation.id);
        let resource = context.names.resource(&operation.resource).module.clone();
        let method = names.method.trim_end_matches('_');
        let sample = |value: &Value| (value.name.clone(), self.sample(variant, value));
        let set = self.values.optional.iter();
        let set = set.filter(|value| self.type_in(variant, value).is_some());
        Call {
            id: operation.id.clone(),
            variant: number,
            function: format!("{resource}_{method}{suffix}"),
            resource,
            method: names.method.clone(),
            by_struct: self.values.by_struct().then(|| names.ident.clone()),
            arguments: self.values.required.iter().map(sample).collect(),
            setters: set.map(sample).collect(),
            options: variant.options.iter().map(|option| self.query(*option)).collect(),
            is_conditional: variant.if_match,
            reader: if operation.is_file() { "download" } else { "run" },
        }
    }

    /// The type that a value has in a variant; none if the variant doesn't take it.
    fn type_in<'f>(&self, variant: &'f Operation, value: &Value) -> Option<&'f Type> {
        let mut values = variant.values();
        let is_same = |wire| self.context.names.value(&self.operation.id, wire) == value.key;
        values.find(|(wire, ..)| is_same(wire)).map(|(_, ty, _)| ty)
    }

    fn sample(&self, variant: &Operation, value: &Value) -> Sample {
        match (&value.ty, value.max_length) {
            (Type::Changed(_, former), _)
                if self.type_in(variant, value).is_some_and(|it| former.takes(it)) =>
            {
                Sample::Former(Box::new(sample(self.context, former)))
            }
            (_, Some(longest)) => Sample::Text(longest),
            (ty, None) => sample(self.context, ty),
        }
    }

    /// A query option with properties of the entity that the operation returns.
    fn query(&self, option: QueryOption) -> Query {
        match option {
            QueryOption::Filter => Query::Filter,
            QueryOption::Search => Query::Text("search", "O'Brien & +1"),
            QueryOption::Count => Query::Count,
            QueryOption::Top => Query::Number("top", 10),
            QueryOption::Skip => Query::Number("skip", 20),
            QueryOption::Select => self.named(option, "select", "Id", |it| !it.navigation),
            QueryOption::Expand => self.named(option, "expand", "*", |it| it.navigation),
            QueryOption::OrderBy => self.named(option, "order_by", "Id desc", |it| !it.navigation),
        }
    }

    /// A query option that names at most so many of the wanted properties; the text where there are none.
    fn named(
        &self,
        option: QueryOption,
        method: &'static str,
        text: &'static str,
        is_wanted: fn(&Property) -> bool,
    ) -> Query {
        let most = if option == QueryOption::Select { 2 } else { 1 };
        let entity = match types::queried_answer(self.operation, option) {
            Answer::Object { entity, .. } | Answer::Collection { of: Type::Entity(entity) } => {
                self.context.api.entities.get(entity)
            }
            _ => None,
        };
        let Some(entity) = entity else { return Query::Text(method, text) };
        let names = self.context.names;
        // A property that all releases know, so that the call is right for each of them.
        let always = entity.properties.values().filter(|it| it.seen == entity.seen);
        let wanted = always.filter(|it| is_wanted(it)).take(most);
        let constants: Vec<String> =
            wanted.map(|it| names.constant(&entity.name, &it.name)).collect();
        if constants.is_empty() {
            return Query::Text(method, text);
        }
        let entity = names.ty(&entity.name).ident.clone();
        let is_descending = method == "order_by";
        Query::Properties { method, entity, constants, is_descending }
    }

    /// The operation with the canary in the place of its secrets, if it has any.
    fn secret(&self) -> Option<Secret> {
        let (context, id) = (self.context, &self.operation.id);
        let required = self.values.required.iter();
        if !required.clone().any(|value| value.is_secret(context, id)) {
            return None;
        }
        let fields = required.map(|value| {
            let sample = match (value.is_secret(context, id), &value.ty) {
                (true, Type::String) => Sample::Canary,
                _ => sample(context, &value.ty),
            };
            (value.name.clone(), sample)
        });
        Some(Secret {
            id: id.clone(),
            module: context.names.resource(&self.operation.resource).module.clone(),
            name: context.names.operation(id).ident.clone(),
            fields: fields.collect(),
        })
    }
}

/// A sample value of a type.
fn sample(context: &Context<'_>, ty: &Type) -> Sample {
    match ty {
        Type::Enumeration(_) => Sample::Of("enumeration", context.ty(ty)),
        Type::Flags(name) => Sample::Of("flags", types::enumeration(context.names, name)),
        Type::Entity(_) => Sample::Of("body", context.ty(ty)),
        Type::Changed(current, _) => sample(context, current),
        Type::Collection(of) => Sample::List(Box::new(sample(context, of))),
        Type::Nullable(of) => Sample::Present(Box::new(sample(context, of))),
        _ => Sample::Of("value", context.ty(ty)),
    }
}
