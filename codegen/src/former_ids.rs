//! Operations whose operationId changed. The documents have two operations; callers have one.

use serde::Deserialize;

use crate::model::{Api, Seen};
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
/// Returns the rows that joined nothing: over the union of all known documents there must be none.
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
            let message =
                format!("`{former_id}` is not gone where `{id}` begins: they are two operations");
            problems.push((Problem { pointer: format!("/{former_id}"), message }, None));
            continue;
        }
        let variants: Vec<_> =
            former.variants().map(|(variant, seen)| (variant.clone(), seen)).collect();
        api.operations.remove(former_id);
        if let Some(present) = api.operations.get_mut(id) {
            present.seen = variants.iter().fold(present.seen, |all: Seen, (_, seen)| all.or(*seen));
            present.former.extend(variants);
        }
    }
    if problems.is_empty() {
        return Ok(unused);
    }
    Err(Problems { source: "former ids".to_owned(), list: problems })
}
