//! The list of every operation, for people and other programs.

use serde::Serialize;

use crate::model::{Answer, Api, Body, Operation};
use crate::names::Names;

/// One operation. The JSON field names are a promise to other programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The operationId.
    #[serde(rename = "operationId")]
    pub operation_id: String,
    /// The resource it belongs to.
    pub resource: String,
    /// What it does: `list`, `get`, `create`, `update`, `delete`, `navigation`, `function`, `action`.
    pub kind: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The route below `/xapi/v1`.
    pub route: String,
    /// The call in Rust, from a client on: `users().get_by_number`.
    pub call: String,
    /// What it is sent, in Edm terms; null for nothing.
    pub request: Option<String>,
    /// What it answers, in Edm terms; null for nothing.
    pub response: Option<String>,
    /// Whether it answers with a file.
    pub file: bool,
}

/// Every operation, by operationId.
pub fn entries(api: &Api, names: &Names) -> Vec<Entry> {
    api.operations.values().map(|operation| entry(operation, names)).collect()
}

fn entry(operation: &Operation, names: &Names) -> Entry {
    Entry {
        operation_id: operation.id.clone(),
        resource: operation.resource.clone(),
        kind: operation.kind.as_str(),
        method: operation.method.as_str(),
        route: operation.route.template.clone(),
        call: names.call(operation),
        request: operation.body.as_ref().map(request),
        response: response(&operation.answer),
        file: operation.is_file(),
    }
}

pub(crate) fn request(body: &Body) -> String {
    match body {
        Body::Entity { entity, .. } => entity.clone(),
        Body::Parameters { properties, .. } => {
            let properties: Vec<String> =
                properties.iter().map(|it| format!("{}: {}", it.name, it.ty.edm())).collect();
            format!("{{{}}}", properties.join(", "))
        }
    }
}

pub(crate) fn response(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Nothing => None,
        Answer::Object { entity, .. } => Some(entity.clone()),
        Answer::Collection { of } => Some(format!("Collection({})", of.edm())),
        Answer::Value { ty, .. } => Some(ty.edm()),
    }
}
