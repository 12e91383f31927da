//! What can stand beside an operator.

use super::{Expression, Node, Path};
use crate::edm::{Date, DateTimeOffset, Decimal, Double, Duration, Single, TimeOfDay};
use crate::literal::{Literal, odata_text};
use crate::property::Property;

/// What a value of type `T` can be compared with, in a filter of the entity `E`: a value of the type,
/// or a property, path or expression of it.
///
/// A string may be borrowed, an `i32` stands for an `i64` or a `Decimal`, an `f64` for a `Double`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be compared with a property of type `{T}` of `{E}`",
    label = "expected a value of type `{T}`, or a property of `{E}` that holds one"
)]
pub trait Operand<E, T> {
    /// The operand as an expression.
    fn into_expression(self) -> Expression<E, T>;
}

impl<E, T> Expression<E, T> {
    /// A value as it is written in a filter.
    fn value(value: &(impl Literal + ?Sized)) -> Self {
        let mut text = String::new();
        odata_text(&mut text, value);
        Self::new(Node::Literal(text))
    }
}

impl<E, L: Literal> Operand<E, L> for L {
    fn into_expression(self) -> Expression<E, L> {
        Expression::value(&self)
    }
}

impl<E, T> Operand<E, T> for Expression<E, T> {
    fn into_expression(self) -> Self {
        self
    }
}

impl<E, T> Operand<E, T> for Path<E, T> {
    fn into_expression(self) -> Expression<E, T> {
        Expression::new(self.into_node())
    }
}

impl<E, T> Operand<E, T> for Property<E, T> {
    fn into_expression(self) -> Expression<E, T> {
        Expression::new(Node::property(self.name()))
    }
}

macro_rules! stands_for {
    ($($value:ty => $type:ty),* $(,)?) => {
        $(
            impl<E> Operand<E, $type> for $value {
                fn into_expression(self) -> Expression<E, $type> {
                    Expression::value(&self)
                }
            }
        )*
    };
}

stands_for! {
    &str => String,
    &String => String,
    i32 => i64,
    i32 => Decimal,
    i64 => Decimal,
    f64 => Double,
}

impl<E> Operand<E, Single> for f32 {
    fn into_expression(self) -> Expression<E, Single> {
        Expression::value(&Single(self))
    }
}

mod sealed {
    pub trait Sealed {}
}

/// The types that have an order in OData: `gt`, `ge`, `lt`, `le`.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no order in OData",
    label = "`{Self}` can only be compared for equality"
)]
pub trait Ordered: sealed::Sealed {}

/// The types that OData calculates with.
#[diagnostic::on_unimplemented(message = "OData does not calculate with `{Self}`")]
pub trait Number: Ordered {}

macro_rules! marks {
    ($mark:ident: $($type:ty)*) => {
        $(impl $mark for $type {})*
    };
}

use sealed::Sealed;

marks!(Sealed: u8 i32 i64 Decimal Single Double String DateTimeOffset Date TimeOfDay Duration);
marks!(Ordered: u8 i32 i64 Decimal Single Double String DateTimeOffset Date TimeOfDay Duration);
marks!(Number: u8 i32 i64 Decimal Single Double);
