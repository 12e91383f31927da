//! What the documentation says of a value of an operation, and the notes on anything.

use super::context::Context;
use super::words::capital;
use crate::model::Operation;

/// What the documentation says of a value of an operation.
#[derive(Clone, Debug)]
pub(super) struct Told {
    /// The name on the wire and a link to the type; none for a whole body.
    pub(super) name: Option<(String, String)>,
    /// What the documents say of it.
    pub(super) notes: Vec<String>,
    /// What we know beside the documents.
    pub(super) note: Option<String>,
}

impl Told {
    /// At a field of the operation's struct: `` `Id` (`Edm.Int32`): the key. ``
    pub(super) fn of_field(&self) -> String {
        let told = match &self.name {
            Some((wire, ty)) => noted(&format!("`{wire}` ({ty})"), &self.notes),
            None => format!("{}.", capital(&self.notes.join("; "))),
        };
        told + &paragraph(self.note.as_deref())
    }

    /// At a method of the request.
    pub(super) fn of_setter(&self) -> String {
        format!("Sets {}", self.of_field())
    }

    /// In the list of a method's arguments: `` `id` (`Id`, `Edm.Int32`): the key. ``
    pub(super) fn of_argument(&self, name: &str) -> String {
        let told = match &self.name {
            // Most have the same name on the wire.
            Some((wire, ty)) if wire == name => noted(&format!("`{name}` ({ty})"), &self.notes),
            Some((wire, ty)) => noted(&format!("`{name}` (`{wire}`, {ty})"), &self.notes),
            None => noted(&format!("`{name}`"), &self.notes),
        };
        // It is an entry of a list, so the note goes on in the same paragraph.
        told + &self.note.iter().map(|note| format!(" {note}")).collect::<String>()
    }
}

/// A note as a paragraph of its own.
pub(super) fn paragraph(note: Option<&str>) -> String {
    note.map(|note| format!("\n\n{note}")).unwrap_or_default()
}

/// A note in which each operationId in backticks leads to the operation's method.
pub(super) fn note(context: &Context<'_>, note: Option<&str>) -> Option<String> {
    // Every second part stands between backticks.
    let parts = note?.split('`').enumerate().map(|(place, part)| match place % 2 {
        0 => part.to_owned(),
        _ => match context.api.operations.get(part) {
            Some(operation) => method_link(context, operation),
            None => format!("`{part}`"),
        },
    });
    Some(parts.collect())
}

/// A link to the handle of a resource.
pub(super) fn resource_link(context: &Context<'_>, wire: &str) -> String {
    let resource = context.names.resource(wire);
    let (module, handle) = (&resource.module, &resource.ident);
    format!("[`{handle}`](crate::resources::{module}::{handle})")
}

/// A link to the method of an operation.
pub(super) fn method_link(context: &Context<'_>, operation: &Operation) -> String {
    let names = context.names;
    let (resource, method) =
        (names.resource(&operation.resource), &names.operation(&operation.id).method);
    let (module, handle) = (&resource.module, &resource.ident);
    format!("[`{handle}::{method}`](crate::resources::{module}::{handle}::{method})")
}

/// `what: note; note.`
fn noted(what: &str, notes: &[String]) -> String {
    if notes.is_empty() { format!("{what}.") } else { format!("{what}: {}.", notes.join("; ")) }
}
