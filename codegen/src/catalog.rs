//! The list of every operation, for people and other programs.

use serde::Serialize;

use crate::model::{Answer, Api, Body, Bounds, History, Operation, Seen};
use crate::names::Names;

/// Where the documentation of the client's newest version is.
const DOCS: &str = "https://docs.rs/threecx-xapi/latest/threecx_xapi";

/// One operation. Other programs rely on the names of the JSON fields.
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
    /// The call in Rust, as it follows a client: `users().get_by_number`.
    pub call: String,
    /// The page of the documentation that has the call.
    pub docs: String,
    /// The body, in Edm terms; null for none.
    pub request: Option<String>,
    /// The answer, in Edm terms; null for none.
    pub response: Option<String>,
    /// Whether it returns a file.
    pub file: bool,
    /// The first release that has it: `20.0.8`, or `20.0.7/2025-06-23` where documents of one release
    /// differ; null if the oldest known has it.
    pub since: Option<String>,
    /// The last release that has it; null if the newest known has it.
    pub until: Option<String>,
}

/// An entry for each operationId of the documents. An operation whose id changed has an entry for each
/// of its ids; both show the same call.
pub fn entries(api: &Api, names: &Names) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    for operation in api.operations.values() {
        let mut ids: Vec<&str> =
            operation.variants().map(|(variant, _)| variant.id.as_str()).collect();
        ids.dedup();
        all.extend(ids.into_iter().filter_map(|id| entry(api, operation, id, names)));
    }
    all.sort_by(|a, b| a.operation_id.cmp(&b.operation_id));
    all
}

/// The newest of the variants that had this id.
fn entry(api: &Api, history: &History<Operation>, id: &str, names: &Names) -> Option<Entry> {
    let variants = history.variants().filter(|(variant, _)| variant.id == id);
    let seen = variants.clone().fold(Seen::default(), |all, (_, seen)| all.or(seen));
    let (operation, _) = variants.clone().next()?;
    let all = Seen::all(api.documents.len());
    let Bounds { since, until, .. } = Bounds::of(&api.documents, seen, all);
    Some(Entry {
        since,
        until,
        operation_id: operation.id.clone(),
        resource: operation.resource.clone(),
        kind: operation.kind.as_str(),
        method: operation.method.as_str(),
        route: operation.route.template.clone(),
        call: names.call(history),
        docs: format!("{DOCS}/{}", names.page(history)),
        request: operation.body.as_ref().map(request),
        response: response(&operation.answer),
        file: operation.is_file(),
    })
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
        Answer::File => Some("Edm.Stream".to_owned()),
    }
}
