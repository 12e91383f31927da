//! From the XAPI's OpenAPI document to the typed Rust client.
//!
//! One way through: [`load`] reads a document, [`repair`] sets known quirks right, [`model`] makes
//! our own vocabulary of it. [`history`] unites the documents of all releases. From there [`track`]
//! writes the tracked document, and [`former_ids`], [`names`] and [`emit`] make Rust of it. [`diff`]
//! says what changed, [`surface`] what that means for callers. Nothing here does I/O but [`load`] and
//! [`output`].

pub mod catalog;
pub mod changelog;
pub mod client;
pub mod compare;
pub mod diff;
pub mod emit;
pub mod former_ids;
pub mod history;
pub mod import;
pub mod load;
pub mod lower;
pub mod model;
pub mod names;
pub mod operations;
pub mod output;
mod pointer;
pub mod problem;
pub mod repair;
pub mod secrets;
pub mod surface;
pub mod track;
pub mod tree;
pub mod update;

pub use problem::{Problem, Problems};
