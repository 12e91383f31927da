//! Former names: what a resource, method or struct was called in older documents still leads to the
//! operation, so that callers need not change with 3CX's tags, routes and ids. So does the former name of a
//! type.

use std::collections::BTreeSet;

use super::context::Context;
use super::docs;
use super::values::Values;
use crate::model::{History, Operation};
use crate::names::Place;
use crate::tree::{Alias, Method, Moved, Ty};

/// The former names that a resource has. A name that something has today is no former one.
pub(super) fn of_resource(context: &Context<'_>, wire: &str) -> Vec<Moved> {
    let present = context.operations_of(wire).iter();
    let present = present.map(|it| context.names.operation(&it.id));
    let mut methods: BTreeSet<&str> = present.clone().map(|it| it.method.as_str()).collect();
    let mut structs: BTreeSet<&str> = present.map(|it| it.ident.as_str()).collect();
    structs.insert(&context.names.resource(wire).ident);
    let mut places = context.former_of(wire).to_vec();
    // Of two operations that had one name, the one that was there last keeps it.
    places.sort_by_key(|(operation, _)| std::cmp::Reverse(operation.seen.last()));
    let mut all = Vec::new();
    for (operation, place) in places {
        let is_free = methods.insert(&place.method);
        let alias = structs.insert(&place.ident).then(|| place.ident.clone());
        if is_free || alias.is_some() {
            let values = Values::of(context, operation);
            let method = is_free.then(|| method(context, operation, place, &values));
            all.push(moved(context, operation, wire, &values, (method, alias)));
        }
    }
    all.sort_by(|a, b| (&a.alias, &a.name).cmp(&(&b.alias, &b.name)));
    all
}

/// The former names of a type.
pub(super) fn types(
    context: &Context<'_>,
    ty: Ty,
    wire: &str,
    former: &[String],
) -> impl Iterator<Item = Alias> {
    let present = &context.names.ty(wire).ident;
    former.iter().map(move |former| Alias {
        name: context.names.ty(former).ident.clone(),
        ty: ty.clone(),
        docs: docs::former_type(former, present),
        deprecated: Some(format!("it is `{present}` now")),
    })
}

/// The resources that have nothing but former names.
pub(super) fn former_resources<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let operations = context.api.operations.values();
    let variants = operations.clone().flat_map(|it| it.variants());
    let all: BTreeSet<&str> = variants.map(|(it, _)| it.resource.as_str()).collect();
    let present: BTreeSet<&str> = operations.map(|it| it.resource.as_str()).collect();
    let former = all.difference(&present).copied();
    former.filter(|wire| !of_resource(context, wire).is_empty()).collect()
}

fn moved(
    context: &Context<'_>,
    operation: &History<Operation>,
    wire: &str,
    values: &Values,
    (method, alias): (Option<Method>, Option<String>),
) -> Moved {
    let id = &operation.id;
    let module = context.names.resource(&operation.resource).module.clone();
    Moved {
        method,
        alias,
        module: (operation.resource != wire).then_some(module),
        name: context.names.operation(id).ident.clone(),
        fields: values.required.iter().map(|value| value.field(context, id)).collect(),
    }
}

/// The former method, deprecated in favour of the present one.
fn method(
    context: &Context<'_>,
    operation: &History<Operation>,
    place: &Place,
    values: &Values,
) -> Method {
    let call = context.names.call(operation);
    Method {
        name: place.method.clone(),
        docs: docs::moved(context, operation),
        aliases: Vec::new(),
        deprecated: Some(format!("it is `{call}` now")),
        takes_struct: values.by_struct(),
    }
}
