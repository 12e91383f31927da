//! Entities read as answers and written again.

use serde_json::Value;
use threecx_xapi::entity::Entity;
use threecx_xapi::operation::{Method, OperationInfo, OperationKind};
use threecx_xapi::{Error, Reply};

pub use crate::generated::entities::ENTITIES;

/// What an entity makes of the text of an answer.
pub type RoundTrip = fn(&str) -> Result<Outcome, Error>;

/// An entity that was read.
#[derive(Debug)]
pub struct Outcome {
    /// As it is written again.
    pub written: Value,
    /// The paths of the values that did not fit.
    pub unread: Vec<String>,
}

const INFO: OperationInfo =
    OperationInfo::new("GetThing", "Things", OperationKind::Get, Method::Get, "/Things");

/// Reads an answer as an entity, and writes it.
pub(crate) fn through<E: Entity>(text: &str) -> Result<Outcome, Error> {
    let entity: E = Reply::new(INFO, 200).with_body(text.to_owned()).json()?.unwrap_or_default();
    let written = serde_json::to_value(&entity).unwrap_or_default();
    let unread = entity.unread().iter().map(|it| it.path().to_owned()).collect();
    Ok(Outcome { written, unread })
}
