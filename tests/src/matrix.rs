//! A client of some documents against a PBX that has another one: what it reads, and what it loses.

use std::collections::BTreeSet;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use threecx_xapi::operation::Method;
use threecx_xapi::resources::OPERATIONS;
use threecx_xapi::{Client, Release};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use xapi_codegen::model::{Answer as Declared, Api, DocumentId, Operation, Type};

use crate::document::{answer_in, full_body_in, without_control};
use crate::server::Server;
use crate::wire::{CALLS, Call, VARIANTS};

/// What a client makes of a document.
#[derive(Debug, Default)]
pub struct Cell {
    /// How many operations were called that both know.
    pub called: usize,
    /// The operations whose answer was lost, with the reason.
    pub lost: Vec<String>,
    /// The operations whose answer is of another kind in the document: an entity in place of a page.
    pub other_answers: BTreeSet<String>,
    /// The writes that two documents of the PBX's release take on different routes: nothing tells the
    /// client which one this PBX has.
    pub undecided: BTreeSet<String>,
    /// The properties whose values could not be read: `Pbx.PhoneRegistrar.FirmwareAvailable`.
    pub unread: BTreeSet<String>,
    /// The properties that have another type in the document.
    pub retyped: BTreeSet<String>,
}

impl Cell {
    /// What could not be read although its type is the same.
    #[must_use]
    pub fn unexplained(&self) -> Vec<&str> {
        self.unread.difference(&self.retyped).map(String::as_str).collect()
    }

    /// What has another type and was read nevertheless, since the values fit both.
    #[must_use]
    pub fn fitting(&self) -> Vec<&str> {
        self.retyped.difference(&self.unread).map(String::as_str).collect()
    }
}

/// Calls every operation that the client's API and the document both have. The PBX sets every
/// property, in the document's types. Nothing else may run on this thread meanwhile.
///
/// # Errors
/// A server that does not start.
pub async fn cell(known: &Api, played: &'static (DocumentId, Api)) -> Result<Cell, String> {
    let (document, api) = played;
    let version = format!("{}.{}", document.release, document.build.unwrap_or(995));
    let release: Release = version.parse().map_err(|_| format!("{version} is no release"))?;
    let server =
        Server::start(move |request| answer_in(api, 404, request).with("X-3CX-Version", &version));
    let server = server.await.map_err(|error| error.to_string())?;
    let client = Client::builder(server.url()).token("token").release(release).build();
    let client = client.map_err(|error| error.to_string())?;
    let heard = Heard::default();
    let _guard = tracing::subscriber::set_default(heard.clone());
    let mut cell = Cell { retyped: retyped(known, api), ..Cell::default() };
    for operation in known.operations.values() {
        let Some(theirs) = counterpart(operation.variants().map(|(it, _)| it), api) else {
            continue;
        };
        let same = operation.variants().any(|(it, _)| it.answer == theirs.answer);
        if !same && !is_alike(&operation.newest.answer, &theirs.answer) {
            cell.other_answers.insert(operation.id.clone());
            continue;
        }
        cell.called += 1;
        let mut reasons = Vec::new();
        let mut is_read = false;
        for call in calls(&operation.id) {
            let line = call(&client).await;
            match outcome(api, theirs, &line.outcome, line.value) {
                Ok(()) => is_read = true,
                Err(reason) => reasons.push(reason),
            }
        }
        for path in heard.take() {
            cell.unread.insert(property(api, theirs, &path).unwrap_or(path));
        }
        if !is_read && is_undecided(&operation.id, release) {
            cell.undecided.insert(operation.id.clone());
        } else if !is_read {
            cell.lost.push(format!("{}: {}", operation.id, reasons.join("; ")));
        }
    }
    Ok(cell)
}

/// The operation of the document that a client reaches by one of its variants.
fn counterpart<'a>(
    mut variants: impl Iterator<Item = &'a Operation>,
    api: &'static Api,
) -> Option<&'static Operation> {
    let reached = |variant: &Operation| {
        let mut theirs = api.operations.values();
        theirs.find(|it| it.method == variant.method && it.route.template == variant.route.template)
    };
    variants.find_map(reached).map(|it| &it.newest)
}

/// The calls of an operation: if it has variants, each of them, as one of them fits.
fn calls(id: &str) -> Vec<Call> {
    let variants = VARIANTS.iter().filter(|(known, ..)| *known == id).map(|(.., call)| *call);
    let calls = CALLS.iter().filter(|(known, _)| *known == id).map(|(_, call)| *call);
    variants.chain(calls).collect()
}

/// Whether several variants of a write fit the release.
fn is_undecided(id: &str, release: Release) -> bool {
    let info = OPERATIONS.iter().find(|info| info.id == id);
    let variants = info.map_or(&[][..], |info| info.variants);
    let fitting = variants.iter().filter(|it| it.releases.contains(release));
    fitting.filter(|it| it.method != Method::Get).count() > 1
}

/// Whether an answer was read, and all of it is there.
fn outcome(
    api: &'static Api,
    operation: &Operation,
    outcome: &str,
    value: Option<serde_json::Value>,
) -> Result<(), String> {
    if outcome != "decoded" {
        return Err(outcome.to_owned());
    }
    let (status, sent) = full_body_in(api, operation);
    if operation.is_file() || status == 204 || value.is_none() {
        return Ok(());
    }
    let [sent, value] = [sent, value.unwrap_or_default()].map(without_control);
    // A client that expects nothing of an answer reads nothing.
    if sent == value || value.is_null() {
        return Ok(());
    }
    Err(format!("answered {sent}, written again {value}"))
}

/// Whether a client that expects the one reads the other.
fn is_alike(ours: &Declared, theirs: &Declared) -> bool {
    match (ours, theirs) {
        (Declared::Nothing, _) => true,
        (Declared::Object { entity, .. }, Declared::Object { entity: other, .. }) => {
            entity == other
        }
        (Declared::Collection { of }, Declared::Collection { of: other }) => of == other,
        (Declared::Value { ty, .. }, Declared::Value { ty: other, .. }) => ty == other,
        _ => false,
    }
}

/// The properties that have another type in the document than in all documents of the client.
fn retyped(known: &Api, api: &Api) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, entity) in &known.entities {
        let Some(theirs) = api.entities.get(name) else { continue };
        for (wire, property) in &entity.properties {
            let Some(other) = theirs.properties.get(wire) else { continue };
            let former = property.former.iter().map(|(former, _)| former);
            let mut ours = former.chain([&property.newest]);
            if !ours.any(|it| it.ty == other.newest.ty) {
                found.insert(format!("{name}.{wire}"));
            }
        }
    }
    found
}

/// The property at the path of an answer: of `$.value[0].Groups[1].Id`, `Pbx.UserGroup.Id`.
fn property(api: &Api, operation: &Operation, path: &str) -> Option<String> {
    let mut segments = path.split('.').skip(1).map(|it| it.split('[').next().unwrap_or(it));
    let mut entity = match &operation.answer {
        Declared::Object { entity, .. } => entity.as_str(),
        Declared::Collection { of: Type::Entity(name) } => {
            segments.next()?;
            name
        }
        _ => return None,
    };
    let mut found = None;
    for segment in segments {
        found = Some(format!("{entity}.{segment}"));
        match api.entities.get(entity)?.properties.get(segment)?.newest.ty.element() {
            Type::Entity(name) => entity = name,
            _ => break,
        }
    }
    found
}

/// Keeps the paths that the client's events name.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The text of the field `path`.
#[derive(Default)]
struct Path(String);

impl Visit for Path {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "path" {
            let _ = write!(self.0, "{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "path" {
            self.0.push_str(value);
        }
    }
}

impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut path = Path::default();
        event.record(&mut path);
        if !path.0.is_empty() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(path.0);
        }
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
