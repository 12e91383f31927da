//! The differences of operations.

use std::collections::BTreeSet;

use super::rows::{self, Change, Rows, Value, What, limits};
use super::types::{property, ty};
use crate::catalog::{request, response};
use crate::model::{Answer, Api, Body, Limits, Notes, Operation, Parameter};

pub(super) fn compare(old: &Api, new: &Api, renamed: &[(&str, &str)], rows: &mut Rows) {
    let pairs: Vec<(&Operation, &Operation)> = pairs(old, new, renamed).collect();
    for (was, is) in &pairs {
        operation(was, is, rows);
    }
    let kept: BTreeSet<&str> = pairs.iter().map(|(was, _)| was.id.as_str()).collect();
    for (id, was) in old.operations.iter().filter(|(id, _)| !kept.contains(id.as_str())) {
        rows.add(What::Operation, Change::Removed, id, Some(place(was)), None);
    }
    let kept: BTreeSet<&str> = pairs.iter().map(|(_, is)| is.id.as_str()).collect();
    for (id, is) in new.operations.iter().filter(|(id, _)| !kept.contains(id.as_str())) {
        rows.add(What::Operation, Change::Added, id, None, Some(place(is)));
    }
}

/// The operations that both documents have, under one id or under a former and a present one.
pub(super) fn pairs<'a>(
    old: &'a Api,
    new: &'a Api,
    renamed: &[(&str, &str)],
) -> impl Iterator<Item = (&'a Operation, &'a Operation)> {
    old.operations.iter().filter_map(move |(id, was)| {
        let present = renamed.iter().find(|(former, _)| former == id).map(|(_, id)| *id);
        let present = present.filter(|present| !old.operations.contains_key(*present));
        let is = new.operations.get(id).or_else(|| new.operations.get(present?))?;
        Some((&was.newest, &is.newest))
    })
}

fn place(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.route.template)
}

fn operation(was: &Operation, is: &Operation, rows: &mut Rows) {
    let id = &is.id;
    rows.differ(What::Operation, Change::Renamed, id, &was.id, id);
    rows.differ(What::Operation, Change::Retyped, id, was.kind.as_str(), is.kind.as_str());
    let places = (place(was), place(is));
    rows.differ(What::Route, Change::Moved, id, &places.0, &places.1);
    if places.0 == places.1 {
        rows.differ(What::Resource, Change::Moved, id, &was.resource, &is.resource);
    }
    parameters(was, is, rows);
    for (option, had, has) in options(was, is) {
        let text = |there: bool| there.then(|| option.to_owned());
        let at = format!("{id}/{option}");
        rows.texts(What::Option, Change::Retyped, &at, text(had), text(has));
    }
    match (&was.body, &is.body) {
        (
            Some(Body::Parameters { properties: was, .. }),
            Some(Body::Parameters { properties: is, .. }),
        ) => {
            let values =
                |list: &[crate::model::Property]| list.iter().map(property).collect::<Vec<_>>();
            rows.values(What::BodyParameter, id, &values(was), &values(is));
        }
        (was, is) => {
            let (was, is) = (was.as_ref().map(request), is.as_ref().map(request));
            rows.texts(What::Body, Change::Retyped, id, was, is);
        }
    }
    let told = |it: &Operation| rows::deprecated(it.deprecated);
    rows.differ(What::Operation, Change::Constraint, id, told(was), told(is));
    let text = |answer| response(answer).unwrap_or_else(|| "nothing".to_owned());
    let (old, new) = (text(&was.answer), text(&is.answer));
    if old == new {
        let (old, new) = (conditions(&was.answer), conditions(&is.answer));
        rows.differ(What::Answer, Change::Constraint, id, &old, &new);
    } else {
        rows.differ(What::Answer, Change::Retyped, id, &old, &new);
    }
}

fn parameters(was: &Operation, is: &Operation, rows: &mut Rows) {
    let mut old: Vec<Value> = was.parameters.iter().map(parameter).collect();
    let new: Vec<Value> = is.parameters.iter().map(parameter).collect();
    // A parameter in another letter case is another one on the wire, and the same one to callers.
    for value in &mut old {
        let known = new.iter().any(|it| it.name == value.name);
        let alike = new.iter().find(|it| it.name.eq_ignore_ascii_case(&value.name));
        if let Some(alike) = alike.filter(|_| !known) {
            let at = format!("{}/{}", is.id, alike.name);
            rows.differ(What::Parameter, Change::Renamed, &at, &value.name, &alike.name);
            value.name.clone_from(&alike.name);
        }
    }
    rows.values(What::Parameter, &is.id, &old, &new);
}

fn parameter(parameter: &Parameter) -> Value {
    let mut constraints = limits(parameter.nullable, &parameter.limits, &parameter.notes);
    if let Some(entity) = &parameter.key_of {
        constraints += &format!(", the key of {entity}");
    }
    Value { name: parameter.name.clone(), ty: ty(&parameter.ty), constraints }
}

/// The options and headers that either declares, and which of the two does.
fn options(was: &Operation, is: &Operation) -> BTreeSet<(&'static str, bool, bool)> {
    let names = was.options.iter().chain(&is.options);
    let options = names.map(|it| (it.as_str(), was.options.contains(it), is.options.contains(it)));
    options.chain([("If-Match", was.if_match, is.if_match)]).collect()
}

/// The facts of an answer beside its type.
fn conditions(answer: &Answer) -> String {
    match answer {
        Answer::Nothing => "status 204".to_owned(),
        Answer::Object { nullable, status, .. } => {
            let limits = limits(*nullable, &Limits::default(), &Notes::default());
            format!("status {status}, {limits}")
        }
        Answer::Collection { .. } => "status 200".to_owned(),
        Answer::Value { nullable, limits, bare, .. } => {
            let bare = if *bare { ", bare" } else { "" };
            let limits = rows::limits(*nullable, limits, &Notes::default());
            format!("status 200, {limits}{bare}")
        }
        Answer::File => "status 200".to_owned(),
    }
}
