//! How everything that holds a secret is shown.

use serde_json::Value;
use threecx_xapi::entity::Entity;

pub use crate::generated::secrets::{ENTITIES, OPERATIONS};

/// Reads an entity from JSON and shows it.
pub type Show = fn(Value) -> Result<String, serde_json::Error>;

/// Shows an operation with a canary for each of its secrets.
pub type ShowOperation = fn(&str) -> String;

/// Reads an entity from JSON and shows it.
pub(crate) fn show<E: Entity>(json: Value) -> Result<String, serde_json::Error> {
    serde_json::from_value::<E>(json).map(|entity| debug(&entity))
}

/// Shows a value.
pub(crate) fn debug(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}
