//! Documents as 3CX may publish them one day: a known document with one random change.
//!
//! A seed chooses a document of the union, a kind of change, one of its shapes, and the places. The same
//! seed gives the same document on every machine. [`trial`] takes such a document in, as an update does,
//! and [`judge`] says whether what came out is right. [`batch`] puts the clients of many trials together,
//! so that one run of the compiler judges them all.

mod add;
pub mod batch;
mod draft;
mod formats;
pub mod judge;
mod kind;
mod mutator;
mod names;
mod nest;
mod order;
mod remove;
mod rename;
mod retype;
mod shape;
pub mod trial;
mod wrap;

#[cfg(test)]
mod tests;

pub use kind::Kind;
pub use mutator::{Mutation, Mutator};
pub use shape::Effect;
