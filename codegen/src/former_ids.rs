//! Operations whose operationId changed. The documents have two operations; callers have one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Api, History, Operation, Seen};
use crate::problem::{Problem, Problems};

/// A row of `spec/former_ids.yaml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerId {
    former: String,
    id: String,
    #[allow(dead_code, reason = "for the reader of the file; so that each row says why")]
    reason: String,
}

impl FormerId {
    /// The former id and the present one.
    pub fn pair(&self) -> (&str, &str) {
        (&self.former, &self.id)
    }
}

/// Reads `spec/former_ids.yaml`.
pub fn parse(source: &str, text: &str) -> Result<Vec<FormerId>, Problems> {
    serde_yaml::from_str(text).map_err(|error| Problems::whole(source, error.to_string()))
}

/// Makes the variants of a former operationId former variants of the present one; they keep their id.
/// An operation whose id changed while its method and route stayed needs no row. Returns the rows that
/// joined nothing.
pub fn join(api: &mut Api, rows: &[FormerId]) -> Result<Vec<String>, Problems> {
    let mut unused = Vec::new();
    let mut problems = Vec::new();
    for FormerId { former: former_id, id, .. } in rows {
        let both = (api.operations.get(former_id), api.operations.get(id));
        let (Some(former), Some(present)) = both else {
            unused.push(format!("{former_id} → {id}"));
            continue;
        };
        if former.seen.last() >= present.seen.first() {
            let message = format!(
                "`{former_id}` is not gone where `{id}` begins: they are two operations; remove the row"
            );
            problems.push((Problem { pointer: format!("/{former_id}"), message }, None));
            continue;
        }
        append(api, former_id, id);
    }
    for (former, present) in renamed_in_place(api) {
        append(api, &former, &present);
    }
    if problems.is_empty() {
        return Ok(unused);
    }
    Err(Problems { source: "former ids".to_owned(), list: problems })
}

/// Appends the variants of a former operation to the present one.
fn append(api: &mut Api, former: &str, present: &str) {
    let Some(former) = api.operations.remove(former) else { return };
    let Some(present) = api.operations.get_mut(present) else { return };
    let variants = former.variants().map(|(variant, seen)| (variant.clone(), seen));
    let variants: Vec<_> = variants.collect();
    present.seen = variants.iter().fold(present.seen, |all: Seen, (_, seen)| all.or(*seen));
    present.former.extend(variants);
}

/// The operations whose id changed while their method and route stayed, former and present: on the wire
/// they are one, and no document has both.
fn renamed_in_place(api: &Api) -> Vec<(String, String)> {
    let mut by_place: BTreeMap<_, Vec<&History<Operation>>> = BTreeMap::new();
    for operation in api.operations.values() {
        let place = (operation.method, &operation.route.template);
        by_place.entry(place).or_default().push(operation);
    }
    let mut pairs = Vec::new();
    for mut operations in by_place.into_values() {
        operations.sort_by_key(|it| Reverse(it.seen.last()));
        // The newest leads; each older one must be gone before the next one begins.
        for pair in operations.windows(2) {
            if pair[1].seen.last() < pair[0].seen.first() {
                pairs.push((pair[1].id.clone(), pair[0].id.clone()));
            }
        }
    }
    // The oldest is appended first, and goes along with what it is appended to.
    pairs.reverse();
    pairs
}
