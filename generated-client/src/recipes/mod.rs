//! Helpers for what many programs do.
//!
//! - [`Client::call_log`](crate::Client::call_log) reads the call log of a period, however long, says how far it
//!   is, and goes on from where it was.
//! - [`Client::set_role`](crate::Client::set_role) gives a user a role in a department.
//! - [`Difference`] compares a list of the PBX with a list of your own.

// Written by hand on top of the generated code: the only hand-written part that names generated items.

pub mod call_log;
mod difference;
mod role;

pub use difference::Difference;
