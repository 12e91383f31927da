//! Reads the source of a crate and checks what its modules may use.
//!
//! [`Tree`] is the modules of a crate with all paths that they write, outside of `#[cfg(test)]`.
//! [`floors`] checks that each module uses modules of its own floor and lower ones only, and that
//! nothing uses itself in a circle. [`check_rules`] checks what a module may name at all.

mod circle;
mod floors;
#[cfg(test)]
mod planted;
mod rules;
mod scan;
mod tree;

pub use floors::{Floors, floors};
pub use rules::{Rule, check_rules};
pub use tree::Tree;
