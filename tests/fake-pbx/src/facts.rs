//! The facts of the API, as the generator writes them to `api.json`: read once, when the first PBX starts.

use std::collections::BTreeMap;
use std::io;
use std::sync::OnceLock;

use serde::Deserialize;

/// Everything that is known of the API, each fact with the documents that have it.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    /// The documents, the oldest first: `20.0.10.1621/2026-09-19`.
    pub(super) documents: Vec<String>,
    /// The entities that take properties beside their own.
    pub(super) open: Vec<String>,
    /// The enumerations whose values may be several, joined by commas.
    pub(super) flags: Vec<String>,
    /// The values of enumerations: `LoggedIn`, `Custom @8-`.
    pub(super) enumerations: BTreeMap<String, Vec<String>>,
    /// The properties of entities: `String?`, `[Pbx.UserGroup]~ @8- | String @0-7`.
    pub(super) entities: BTreeMap<String, BTreeMap<String, String>>,
    /// The variants of operations, by operationId.
    pub(super) operations: BTreeMap<String, Vec<Call>>,
}

/// An operation in one of its variants.
#[derive(Debug, Deserialize)]
pub(super) struct Call {
    /// Method and route: `GET /Users({Id})`.
    pub(super) call: String,
    pub(super) kind: String,
    /// The parameters of the route with their types.
    #[serde(default)]
    pub(super) parameters: BTreeMap<String, String>,
    /// The entity that a call carries.
    pub(super) body: Option<String>,
    /// The parameters of an action with their types.
    pub(super) arguments: Option<BTreeMap<String, String>>,
    /// `Pbx.User`, `[Pbx.User]`, `value Int32`, `bare Pbx.PeerType`, `file`; none for nothing.
    pub(super) answer: Option<String>,
    /// The documents that have the variant; all without it.
    #[serde(default)]
    pub(super) documents: String,
}

/// The facts that stand in this crate.
pub(super) fn facts() -> io::Result<&'static Facts> {
    static FACTS: OnceLock<Result<Facts, String>> = OnceLock::new();
    let read = || {
        let read = serde_json::from_str(include_str!("api.json"));
        read.map_err(|error: serde_json::Error| format!("api.json: {error}"))
    };
    let facts = FACTS.get_or_init(read).as_ref();
    facts.map_err(|problem| io::Error::new(io::ErrorKind::InvalidData, problem.as_str()))
}

/// The fact without its mark, if the document at a place has it: `Custom` of `Custom @8-`.
pub(super) fn at(fact: &str, place: usize) -> Option<&str> {
    match fact.rsplit_once(" @") {
        None => Some(fact),
        Some((fact, documents)) => has(documents, place).then_some(fact),
    }
}

/// Whether the documents `3-7,9-` include the one at a place. None named are all.
pub(super) fn has(documents: &str, place: usize) -> bool {
    documents.is_empty()
        || documents.split(',').any(|run| {
            let (first, last) = run.split_once('-').unwrap_or((run, run));
            let first = first.parse().unwrap_or(usize::MAX);
            let last = if last.is_empty() { usize::MAX } else { last.parse().unwrap_or_default() };
            (first..=last).contains(&place)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_in_the_documents_that_it_names() {
        for (fact, places) in [
            ("X", vec![0, 1, 2, 3, 4, 5]),
            ("X @3-", vec![3, 4, 5]),
            ("X @0-2,4", vec![0, 1, 2, 4]),
            ("X @1,3-4", vec![1, 3, 4]),
        ] {
            let there: Vec<_> = (0..6).filter(|place| at(fact, *place) == Some("X")).collect();
            assert_eq!(there, places, "{fact}");
        }
    }
}
