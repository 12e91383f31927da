//! Finds the secrets: the values that the client's `Debug` output does not show.
//!
//! A text or an object is a secret if a whole word of its name is one of `WORDS`: `AuthPassword` and
//! `VMPIN` are, `Stopping` is not, and `PinProtectTimeout` is a number. Where this rule is wrong, a row of
//! `spec/secrets.yaml` corrects it.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::model::{Api, Body, History, Property, Type};
use crate::names::Exceptions;
use crate::problem::Problems;

/// The words that make a secret.
const WORDS: [&str; 7] = ["password", "passphrase", "pin", "secret", "key", "token", "credentials"];

/// The rows of `spec/secrets.yaml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rows {
    /// Secrets that the rule does not find.
    secret: Vec<Row>,
    /// Values that the rule takes for secrets and that are none.
    public: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    wire: String,
    #[allow(dead_code, reason = "for the reader of the file; so that each row says why")]
    reason: String,
}

impl Rows {
    /// Reads `spec/secrets.yaml`.
    pub fn parse(source: &str, text: &str) -> Result<Self, Problems> {
        serde_yaml::from_str(text).map_err(|error| Problems::whole(source, error.to_string()))
    }
}

/// The secrets of an API.
#[derive(Debug, Default)]
pub struct Secrets {
    /// `Pbx.User/AuthPassword`, `ReplaceLicenseKey/licenseKey`
    paths: BTreeSet<String>,
    unused: Vec<String>,
}

impl Secrets {
    /// Whether a member of an entity or a value of an operation is secret.
    pub fn contains(&self, owner: &str, wire: &str) -> bool {
        self.paths.contains(&format!("{owner}/{wire}"))
    }

    /// The rows that this API does not need. The union of all known documents must need every row.
    pub fn unused(&self) -> &[String] {
        &self.unused
    }
}

/// Finds the secrets.
pub fn find(api: &Api, exceptions: &Exceptions, rows: &Rows) -> Secrets {
    let mut found = BTreeSet::new();
    let mut changed = BTreeSet::new();
    let mut judge = |owner: &str, wire: &str, ty: &Type| {
        let path = format!("{owner}/{wire}");
        let words = exceptions.words_of(wire);
        let hides = matches!(ty, Type::String | Type::Entity(_));
        let by_rule = hides && words.iter().any(|word| WORDS.contains(&word.as_str()));
        let row = |rows: &[Row]| rows.iter().any(|row| row.wire == path);
        let is_secret = (by_rule || row(&rows.secret)) && !row(&rows.public);
        if is_secret != by_rule {
            changed.insert(path.clone());
        }
        if is_secret {
            found.insert(path);
        }
    };
    for entity in api.entities.values() {
        for (property, _) in entity.properties.values().flat_map(History::variants) {
            judge(&entity.name, &property.name, &property.ty);
        }
    }
    for operation in api.operations.values() {
        for (variant, _) in operation.variants() {
            for parameter in &variant.parameters {
                judge(&operation.id, &parameter.name, &parameter.ty);
            }
            if let Some(Body::Parameters { properties, .. }) = &variant.body {
                for Property { name, ty, .. } in properties {
                    judge(&operation.id, name, ty);
                }
            }
        }
    }
    let all = rows.secret.iter().chain(&rows.public).map(|row| &row.wire);
    let unused = all.filter(|wire| !changed.contains(*wire)).cloned().collect();
    Secrets { paths: found, unused }
}
