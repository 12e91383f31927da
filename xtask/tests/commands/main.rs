//! `cargo xtask` as a user runs it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bad_input;
mod common;
mod constructs;
mod diff;
mod line;
mod mutate;
mod names;
mod releases;
mod union;
mod update;
