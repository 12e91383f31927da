//! Rust types.

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `()`
    Unit,
    /// A type that needs no path: `i32`.
    Primitive(&'static str),
    /// A type of the standard library's prelude with its arguments: `Option<…>`.
    Std(&'static str, Vec<Ty>),
    /// A type of the runtime with its arguments: `Page<…>`.
    Runtime(&'static str, Vec<Ty>),
    /// A generated entity type, by its Rust name.
    Entity(String),
    /// A generated enumeration, by its Rust name.
    Enumeration(String),
}
