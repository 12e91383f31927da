//! From the XAPI's OpenAPI documents to the typed Rust client.
//!
//! A document takes one way through this crate. [`load`] reads it, [`repair`] mends the known quirks of
//! the vendor's tool, and [`model`] puts it into our own vocabulary. [`history`] unites the documents
//! of all releases; [`track`] writes that union as the tracked document, and reads it back.
//!
//! The client is made of the union. [`former_ids`] joins operations whose ids changed, [`renamed`] joins
//! types whose names changed, [`names`] names everything, [`secrets`] finds what must not be shown, and [`notes`] what we know beside the documents.
//! [`lower`] then decides how the client looks and makes a [`tree`] of it, [`emit`] prints the tree, and [`output`] writes the files.
//! [`client`] takes all of these steps at once.
//!
//! The other modules read what these make: [`diff`] lists the changes between two documents,
//! [`surface`] gives the verdict on two clients, [`compare`] does both. [`catalog`], [`operations`] and
//! [`changelog`] make lists for people, [`facts`] one for the fake PBX. [`import`] and [`update`] are the decisions behind the
//! commands of these names. [`mutate`] changes documents at random and takes them in. Only [`load`] and [`output`] read and write files.

pub mod catalog;
pub mod changelog;
pub mod client;
pub mod compare;
pub mod diff;
pub mod emit;
pub mod facts;
pub mod former_ids;
pub mod history;
pub mod import;
pub mod load;
pub mod lower;
pub mod model;
pub mod mutate;
pub mod names;
pub mod notes;
pub mod operations;
pub mod output;
mod pointer;
pub mod problem;
pub mod renamed;
pub mod repair;
pub mod secrets;
pub mod surface;
#[cfg(test)]
mod test_document;
pub mod track;
pub mod tree;
pub mod update;

pub use problem::{Problem, Problems};
