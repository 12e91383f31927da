//! The marks that we add to a tracked document: the documents it was made from, and for each fact the
//! documents that have it and its former variants.

use super::{Bounds, DocumentId, Seen};
use crate::problem::{At, Problem};

/// The mark at the top of a tracked document: the documents it was made from.
pub(crate) const RELEASES: &str = "x-releases";
/// The marks of a fact that only some of these documents have.
pub(crate) const SINCE: &str = "x-since";
pub(crate) const UNTIL: &str = "x-until";
pub(crate) const ABSENT: &str = "x-absent";
pub(crate) const BOUNDS: [&str; 3] = [SINCE, UNTIL, ABSENT];
/// The mark of the variants that a fact had in earlier documents.
pub(crate) const FORMER: &str = "x-former";
/// The mark of an operation's predecessors: other operations that had its method and route in earlier
/// documents.
pub(crate) const PREDECESSORS: &str = "x-predecessors";
/// The mark of the type that a flattened entity derives from.
pub(crate) const BASE: &str = "x-base";
/// The mark of a schema that is another name of the type that it refers to, and derives nothing from it.
pub(crate) const ALIAS: &str = "x-alias";
/// The mark of the values of an enumeration that have bounds of their own.
pub(crate) const VALUES: &str = "x-values";

/// Reads the bounds of a fact among the keys it stands with.
pub(super) fn read_bounds<'v>(
    key: impl Fn(&str) -> Option<&'v serde_json::Value>,
    documents: &[DocumentId],
    within: Seen,
    at: &At<'_>,
) -> Result<Seen, Problem> {
    let text = |name: &str| match key(name) {
        None => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(at.key(name).problem("a release is expected")),
    };
    let absent = key(ABSENT).map(|list| serde_json::from_value(list.clone())).transpose();
    let absent = absent.map_err(|error| at.key(ABSENT).problem(error.to_string()))?;
    let bounds =
        Bounds { since: text(SINCE)?, until: text(UNTIL)?, absent: absent.unwrap_or_default() };
    bounds.seen(documents, within).map_err(|message| at.problem(message))
}

/// The rows of a list of former variants.
pub(super) fn rows(
    list: Option<&serde_json::Value>,
    at: &At<'_>,
) -> Result<Vec<serde_json::Map<String, serde_json::Value>>, Problem> {
    let rows = list.map(|list| serde_json::from_value(list.clone())).transpose();
    Ok(rows
        .map_err(|error| at.problem(format!("a list is expected: {error}")))?
        .unwrap_or_default())
}
