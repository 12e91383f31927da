//! Helpers for what many programs do, written by hand on top of the generated code: the only part of
//! the runtime that names generated items.

pub mod call_log;
mod difference;
mod role;

pub use difference::Difference;
