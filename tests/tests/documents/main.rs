//! Every operation of every known document: what is sent is understood by a reader that knows the
//! document alone, and what comes back is read without loss.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod callers;
mod every_operation;
mod examples;
mod formats;
mod releases;
mod round_trip;
mod variants;
