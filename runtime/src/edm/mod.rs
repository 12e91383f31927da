//! The primitive types of the API, which speaks OData's Entity Data Model (EDM).
//!
//! `String`, `bool`, `u8`, `i32` and `i64` are Rust's own; the others are here. Each type reads every
//! spelling that a PBX is known to send, and writes one canonical spelling.

mod date;
mod date_time_offset;
mod decimal;
mod duration;
mod float;
mod text;
mod time_of_day;

pub use date::Date;
pub use date_time_offset::DateTimeOffset;
pub use decimal::Decimal;
pub use duration::Duration;
pub use float::{Double, Single};
pub use text::ParseError;
pub use time_of_day::TimeOfDay;
/// A GUID, as in `00000000-0000-0000-0000-000000000000`.
pub use uuid::Uuid as Guid;

#[cfg(test)]
mod number_tests;
#[cfg(test)]
mod tests;
