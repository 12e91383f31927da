//! The example on a resource's page.

use super::ty::Ty;

/// A call that shows how a resource is used. What it is given are variables of these types.
#[derive(Clone, Debug)]
pub struct Example {
    /// The client's method that leads to the resource.
    pub resource: String,
    /// The resource's method.
    pub method: String,
    /// The struct to be filled, where the method takes one.
    pub by_struct: Option<String>,
    /// The arguments, or the struct's fields.
    pub arguments: Vec<(String, Ty)>,
    /// Whether it asks for the first rows alone.
    pub has_top: bool,
    /// What it prints of the answer.
    pub printed: Printed,
}

/// What an example prints of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Printed {
    /// Nothing, because it holds nothing.
    Nothing,
    /// The answer as a whole.
    Whole,
    /// Each row of a page.
    Rows,
}
