//! The operators and functions, alike on properties, paths and expressions.

use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use super::node::{Binary, Lambda, Node, Root, Unary, Variable};
use super::{Condition, Expression, Filter, Number, Operand, Ordered, Path};
use crate::edm::{Date, DateTimeOffset, Decimal, Double, Duration, Single, TimeOfDay};
use crate::enumeration::{Enumeration, Flags};
use crate::property::{Navigation, Property};

fn node<E, T>(operand: impl Operand<E, T>) -> Node {
    operand.into_expression().node
}

macro_rules! comparisons {
    ($type:ident) => {
        impl<E, T> $type<E, T> {
            /// Equal: `eq`.
            pub fn eq(self, other: impl Operand<E, T>) -> Filter<E> {
                Filter::compare(Binary::Eq, node(self), node(other))
            }

            /// Not equal: `ne`. A null is not equal to any value.
            pub fn ne(self, other: impl Operand<E, T>) -> Filter<E> {
                Filter::compare(Binary::Ne, node(self), node(other))
            }

            /// One of these values: `in`. If there are no values, the condition is false; the client then
            /// knows that a list is empty, and sends no request for it. A long list is best read with
            /// [`items`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.items), which divides it.
            pub fn is_in<V: Operand<E, T>>(self, values: impl IntoIterator<Item = V>) -> Filter<E> {
                let values: Vec<Node> = values.into_iter().map(node).collect();
                if values.is_empty() {
                    // `in ()` is no OData.
                    return Filter::new(Node::Never);
                }
                Filter::new(Node::In(Box::new(node(self)), values))
            }

            /// The property has no value: `eq null`.
            pub fn is_null(self) -> Filter<E> {
                Filter::compare(Binary::Eq, node(self), Node::Literal("null".to_owned()))
            }

            /// The property has a value: `ne null`.
            pub fn is_not_null(self) -> Filter<E> {
                Filter::compare(Binary::Ne, node(self), Node::Literal("null".to_owned()))
            }
        }

        // Bounds on the methods, so that the compiler says which type has no order.
        impl<E, T> $type<E, T> {
            /// Greater: `gt`.
            pub fn gt(self, other: impl Operand<E, T>) -> Filter<E>
            where
                T: Ordered,
            {
                Filter::compare(Binary::Gt, node(self), node(other))
            }

            /// Greater or equal: `ge`.
            pub fn ge(self, other: impl Operand<E, T>) -> Filter<E>
            where
                T: Ordered,
            {
                Filter::compare(Binary::Ge, node(self), node(other))
            }

            /// Less: `lt`.
            pub fn lt(self, other: impl Operand<E, T>) -> Filter<E>
            where
                T: Ordered,
            {
                Filter::compare(Binary::Lt, node(self), node(other))
            }

            /// Less or equal: `le`.
            pub fn le(self, other: impl Operand<E, T>) -> Filter<E>
            where
                T: Ordered,
            {
                Filter::compare(Binary::Le, node(self), node(other))
            }
        }
    };
}

macro_rules! arithmetic {
    ($type:ident: $($trait:ident $method:ident $operator:ident),*) => {
        $(
            impl<E, T: Number, O: Operand<E, T>> $trait<O> for $type<E, T> {
                type Output = Expression<E, T>;

                fn $method(self, other: O) -> Expression<E, T> {
                    Expression::new(node(self).binary(Binary::$operator, node(other)))
                }
            }
        )*

        impl<E, T: Number> Neg for $type<E, T> {
            type Output = Expression<E, T>;

            fn neg(self) -> Expression<E, T> {
                Expression::new(Node::Unary(Unary::Negate, Box::new(node(self))))
            }
        }
    };
}

/// Functions of the value alone: OData's name, ours and what they say.
macro_rules! functions {
    ($($type:ident)*, $of:ty: $($odata:literal $name:ident -> $value:ty, $about:literal;)*) => {
        functions!(@types ($($type)*) $of, { $($odata $name -> $value, $about;)* });
    };
    (@types ($($type:ident)*) $of:ty, $rows:tt) => {
        $(functions!(@one $type, $of, $rows);)*
    };
    (@one $type:ident, $of:ty, { $($odata:literal $name:ident -> $value:ty, $about:literal;)* }) => {
        impl<E> $type<E, $of> {
            $(
                #[doc = $about]
                pub fn $name(self) -> Expression<E, $value> {
                    Expression::call($odata, vec![node(self)])
                }
            )*
        }
    };
}

macro_rules! strings {
    ($type:ident) => {
        impl<E> $type<E, String> {
            /// Contains this text: `contains`. Whether letter case matters is up to the PBX.
            pub fn contains(self, part: impl Operand<E, String>) -> Filter<E> {
                Filter::new(Node::Call("contains", vec![node(self), node(part)]))
            }

            /// Begins with this text: `startswith`.
            pub fn starts_with(self, start: impl Operand<E, String>) -> Filter<E> {
                Filter::new(Node::Call("startswith", vec![node(self), node(start)]))
            }

            /// Ends with this text: `endswith`.
            pub fn ends_with(self, end: impl Operand<E, String>) -> Filter<E> {
                Filter::new(Node::Call("endswith", vec![node(self), node(end)]))
            }

            /// The position of the text in the value, counted from zero; -1 if the value does not contain it:
            /// `indexof`.
            pub fn index_of(self, part: impl Operand<E, String>) -> Expression<E, i32> {
                Expression::call("indexof", vec![node(self), node(part)])
            }

            /// The text from this character on, counted from zero: `substring`.
            pub fn substring(self, from: impl Operand<E, i32>) -> Expression<E, String> {
                Expression::call("substring", vec![node(self), node(from)])
            }

            /// A number of characters from this one on, counted from zero: `substring`.
            pub fn substring_of_length(
                self,
                from: impl Operand<E, i32>,
                length: impl Operand<E, i32>,
            ) -> Expression<E, String> {
                Expression::call("substring", vec![node(self), node(from), node(length)])
            }

            /// Followed by this text: `concat`.
            pub fn concat(self, end: impl Operand<E, String>) -> Expression<E, String> {
                Expression::call("concat", vec![node(self), node(end)])
            }
        }
    };
}

macro_rules! flags {
    ($type:ident) => {
        impl<E, T: Enumeration> $type<E, Flags<T>> {
            /// Has this flag, or all of these: `has`.
            pub fn has(self, flags: impl Into<Flags<T>>) -> Filter<E> {
                let flags: Flags<T> = flags.into();
                Filter::compare(Binary::Has, node::<E, _>(self), node::<E, Flags<T>>(flags))
            }
        }
    };
}

/// The conditions on the elements of a collection.
macro_rules! collections {
    ($type:ident) => {
        impl<E, T> $type<E, Vec<T>> {
            /// At least one element fulfils the condition: `any`. The closure gets the element. Its
            /// condition may also name properties of the outer entity.
            pub fn any<F: Condition<E>>(
                self,
                condition: impl FnOnce(Path<E, T>) -> F,
            ) -> Filter<E> {
                lambda(self, "any", condition)
            }

            /// Every element fulfils the condition: `all`. This is also true if there are no elements.
            pub fn all<F: Condition<E>>(
                self,
                condition: impl FnOnce(Path<E, T>) -> F,
            ) -> Filter<E> {
                lambda(self, "all", condition)
            }

            /// There is at least one element: `any()`.
            pub fn is_not_empty(self) -> Filter<E> {
                let collection = Path::from(self).into_node();
                let lambda = Lambda { collection, word: "any", condition: None };
                Filter::new(Node::Lambda(Box::new(lambda)))
            }
        }
    };
}

fn lambda<E, T, F: Condition<E>>(
    collection: impl Into<Path<E, Vec<T>>>,
    word: &'static str,
    condition: impl FnOnce(Path<E, T>) -> F,
) -> Filter<E> {
    let variable = Variable::new();
    let element = Path::new(Node::Path(Root::Variable(variable), Vec::new()));
    let condition = Some((variable, condition(element).into_filter().node));
    let collection = collection.into().into_node();
    Filter::new(Node::Lambda(Box::new(Lambda { collection, word, condition })))
}

comparisons!(Property);
comparisons!(Path);
comparisons!(Expression);
arithmetic!(Property: Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Mod);
arithmetic!(Path: Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Mod);
arithmetic!(Expression: Add add Add, Sub sub Sub, Mul mul Mul, Div div Div, Rem rem Mod);
strings!(Property);
strings!(Path);
strings!(Expression);
flags!(Property);
flags!(Path);
collections!(Property);
collections!(Navigation);
collections!(Path);

functions! { Property Path Expression, String:
    "length" length -> i32, "The number of its characters: `length`.";
    "tolower" to_lower -> String, "In lower case: `tolower`.";
    "toupper" to_upper -> String, "In upper case: `toupper`.";
    "trim" trim -> String, "Without space at both ends: `trim`.";
}
functions! { Property Path Expression, DateTimeOffset:
    "date" date -> Date, "The day, in the value's own offset: `date`.";
    "time" time -> TimeOfDay, "The time of the day: `time`.";
    "year" year -> i32, "The year: `year`.";
    "month" month -> i32, "The month, 1 to 12: `month`.";
    "day" day -> i32, "The day of the month: `day`.";
    "hour" hour -> i32, "The hour, 0 to 23: `hour`.";
    "minute" minute -> i32, "The minute, 0 to 59: `minute`.";
    "second" second -> i32, "The second, 0 to 59: `second`.";
    "fractionalseconds" fractional_seconds -> Decimal, "The fraction of the second: `fractionalseconds`.";
    "totaloffsetminutes" total_offset_minutes -> i32, "The offset from UTC in minutes: `totaloffsetminutes`.";
}
functions! { Property Path Expression, TimeOfDay:
    "hour" hour -> i32, "The hour, 0 to 23: `hour`.";
    "minute" minute -> i32, "The minute, 0 to 59: `minute`.";
    "second" second -> i32, "The second, 0 to 59: `second`.";
}
functions! { Property Path Expression, Duration:
    "totalseconds" total_seconds -> Decimal, "The length in seconds: `totalseconds`.";
}
/// Rounding, for each type that may have a fraction.
macro_rules! fractional {
    ($($number:ident)*) => {$(
        functions! { Property Path Expression, $number:
            "round" round -> $number, "Rounded to the next whole number: `round`.";
            "floor" floor -> $number, "Rounded down: `floor`.";
            "ceiling" ceiling -> $number, "Rounded up: `ceiling`.";
        }
    )*};
}

fractional!(Decimal Double Single);
