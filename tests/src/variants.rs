//! The variants of operations, as somebody tells them apart who has only the documents.

use std::collections::BTreeSet;

use threecx_xapi::Release;
use threecx_xapi::operation::OperationInfo;
use xapi_codegen::model::{Answer, Body, Method, Operation};

use crate::sample::api;

/// The variants as somebody sees them who has only the documents: how a request is written, which options it
/// may have, and how it is answered. An action whose answer is nothing in some releases is read in one way.
fn told_apart(operation: &Operation) -> String {
    let properties = match &operation.body {
        Some(Body::Parameters { properties, .. }) => {
            properties.iter().map(|it| format!("{}: {}", it.name, it.ty.edm())).collect()
        }
        _ => Vec::new(),
    };
    let (method, route) = (operation.method, &operation.route.template);
    let options = (BTreeSet::from_iter(&operation.options), operation.if_match);
    let history = api().operations.values().find(|it| it.variants().any(|(it, _)| it == operation));
    let mut variants = history.into_iter().flat_map(|it| it.variants());
    let may_be_nothing = variants.any(|(it, _)| it.answer == Answer::Nothing);
    let is_one = operation.is_file() || (method != Method::Get && may_be_nothing);
    let answer = (!is_one).then(|| format!("{:?}", operation.answer));
    format!("{method:?} {route} {properties:?} {options:?} {answer:?}")
}

/// The variants of an operation, the newest first.
pub fn variants(id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (variant, _) in api().operations[id].variants() {
        let variant = told_apart(variant);
        if !found.contains(&variant) {
            found.push(variant);
        }
    }
    found
}

/// Which variant of an operation one is that a document of the tracked API has.
pub fn number(id: &str, operation: &Operation) -> Option<usize> {
    let variant = told_apart(operation);
    variants(id).iter().position(|known| *known == variant)
}

/// Whether nothing tells the client that a PBX of the release takes this variant of a write, which has no values,
/// and not a later one. A read is tried again.
pub fn is_undecided(
    info: &OperationInfo,
    operation: &Operation,
    number: usize,
    release: Release,
) -> bool {
    let fitting = info.variants.iter().filter(|it| it.releases.contains(release));
    let has_values = operation.values().next().is_some();
    operation.method != Method::Get && number > 0 && fitting.count() > 1 && !has_values
}
