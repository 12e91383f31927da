//! The surface of a generated client, and the verdict on two of them.
//!
//! The surface is every public type, field, variant, constant, method and trait with its types, as plain
//! text. It is read from the generated code. An item that is gone or changed breaks callers; an item
//! that is added does not.

mod read;
mod verdict;

pub use read::{Surface, read};
pub use verdict::{Break, Level, Verdict, compare};
