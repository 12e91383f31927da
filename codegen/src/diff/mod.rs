//! The changes from one document to another, in Edm terms: a row for each fact of the wire that
//! changed, and a count of the differences that change nothing on the wire ([`noise`]).
//!
//! The model's entities are flat, so a property that moved to a base is the same property here.
//! [`crate::surface`] says what a change means for users of the client.

use crate::model::{Api, Body};

pub mod noise;
mod operations;
pub mod report;
mod rows;
mod types;

pub use rows::{Change, Diff, Noise, Row, What};
use rows::{Rows, paired};

/// Compares two documents. `renamed` are the operationIds that 3CX changed, former and present.
pub fn diff(old: &Api, new: &Api, renamed: &[(&str, &str)]) -> Diff {
    let mut rows = Rows::default();
    operations::compare(old, new, renamed, &mut rows);
    types::compare(old, new, &mut rows);
    let (was, is) = (old.service_root.as_str(), new.service_root.as_str());
    rows.differ(What::Service, Change::Moved, "service root", was, is);
    for (name, was, is) in paired(&old.security_schemes, &new.security_schemes) {
        let text = |scheme: &serde_json::Value| scheme.to_string();
        rows.texts(What::Service, Change::Retyped, name, was.map(text), is.map(text));
    }
    rows.0.sort();
    Diff { rows: rows.0, noise: noise_of_model(old, new, renamed) }
}

/// The differences that the model knows and that change nothing on the wire.
fn noise_of_model(old: &Api, new: &Api, renamed: &[(&str, &str)]) -> Noise {
    let bases = paired(&old.entities, &new.entities)
        .filter(|(_, was, is)| was.zip(*is).is_some_and(|(was, is)| was.base != is.base));
    let required = |body: &Option<Body>| match body {
        Some(Body::Entity { required, .. } | Body::Parameters { required, .. }) => Some(*required),
        None => None,
    };
    let flipped = operations::pairs(old, new, renamed).filter(|(was, is)| {
        let (was, is) = (required(&was.body), required(&is.body));
        was.zip(is).is_some_and(|(was, is)| was != is)
    });
    let counts = [("base of an entity", bases.count()), ("`required` of a body", flipped.count())];
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}
