//! Filters that the compiler checks: `$filter` from the properties of an entity.
//!
//! A [`Property`] is compared with values of its own type, and the results are combined:
//!
//! ```
//! use threecx_xapi::entities::{User, UserGroup};
//! use threecx_xapi::filter::Filter;
//!
//! let filter = User::ENABLED.eq(true).and(User::NUMBER.starts_with("1")).and(
//!     User::LAST_NAME.eq("O'Brien").or(User::MOBILE.is_null()),
//! );
//! assert_eq!(
//!     filter.to_string(),
//!     "Enabled eq true and startswith(Number,'1') and (LastName eq 'O''Brien' or Mobile eq null)"
//! );
//!
//! // Collections: the closure is given the element.
//! let filter = User::GROUPS.any(|group| group.get(UserGroup::NAME).is_in(["Sales", "Support"]));
//! assert_eq!(filter.to_string(), "Groups/any(x:x/Name in ('Sales','Support'))");
//!
//! // Text stands for what has no method yet. It gets parentheses where it needs them.
//! let filter = !Filter::<User>::raw("Tags/$count gt 1 or Internal");
//! assert_eq!(filter.to_string(), "not (Tags/$count gt 1 or Internal)");
//! ```
//!
//! | OData | here, on a [`Property`], [`Path`] or [`Expression`] |
//! |---|---|
//! | `eq` `ne` `gt` `ge` `lt` `le` | `eq` `ne` `gt` `ge` `lt` `le`, with a value, a property or an expression of the same type |
//! | `in`, `has`, `eq null`, `ne null` | `is_in`, `has`, `is_null`, `is_not_null` |
//! | `and` `or` `not` | [`Filter::and`], [`Filter::or`], [`Filter::not`] or `!` |
//! | `add` `sub` `mul` `div` `mod`, `-` | `+` `-` `*` `/` `%`, `-` |
//! | `contains` `startswith` `endswith` `length` `indexof` `substring` `tolower` `toupper` `trim` `concat` | `contains` `starts_with` `ends_with` `length` `index_of` `substring`, `substring_of_length` `to_lower` `to_upper` `trim` `concat` |
//! | `date` `time` `year` `month` `day` `hour` `minute` `second` `fractionalseconds` `totaloffsetminutes` | the same in snake case |
//! | `totalseconds`; `round` `floor` `ceiling` | `total_seconds`; the same |
//! | `any` `all` | `any`, `is_not_empty`; `all` |
//! | `Hours/IgnoreHolidays` | `Group::HOURS.get(Schedule::IGNORE_HOLIDAYS)` |
//!
//! A `bool` property is itself a condition. The client compares enumerations as strings, as a PBX takes
//! them. A comparison with a null is false, except `ne`: `MOBILE.ne("1")` is true if there is no mobile
//! number.

mod divide;
mod node;
mod operand;
mod operators;
mod path;

use std::fmt;
use std::marker::PhantomData;
use std::ops::Not;

pub(crate) use node::Node;
use node::{Binary, Unary};
pub use operand::{Number, Operand, Ordered};
pub use path::Path;

use crate::property::Property;

/// A condition on entities of type `E`; see the [module](self).
///
/// It can be stored, sent to other threads, cloned and combined. Two are equal when they print the
/// same text. `Display` prints the OData text, as it stands in `$filter` before it is
/// percent-encoded.
pub struct Filter<E> {
    node: Node,
    of: PhantomData<fn() -> E>,
}

impl<E> Filter<E> {
    fn new(node: Node) -> Self {
        Self { node, of: PhantomData }
    }

    /// OData text of your own, for what this module cannot say. The client does not check it and does not
    /// quote for you: double a `'` inside a string. Combined with other filters, the text stands in
    /// parentheses.
    #[must_use]
    pub fn raw(text: impl Into<String>) -> Self {
        Self::new(Node::Raw(text.into()))
    }

    /// True if both filters are true.
    #[must_use]
    pub fn and(self, other: impl Condition<E>) -> Self {
        Self::new(self.node.binary(Binary::And, other.into_filter().node))
    }

    /// True if at least one of the two filters is true.
    #[must_use]
    pub fn or(self, other: impl Condition<E>) -> Self {
        Self::new(self.node.binary(Binary::Or, other.into_filter().node))
    }

    /// True if the filter is false; the same as `!filter`.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "it is implemented as well")]
    pub fn not(self) -> Self {
        Self::new(Node::Unary(Unary::Not, Box::new(self.node)))
    }

    /// Whether no row can pass it.
    pub(crate) fn is_never(&self) -> bool {
        self.node.is_never()
    }

    /// The filter in parts that take at most so many bytes in a URL; empty if it stays one.
    pub(crate) fn divided(&self, most: usize) -> Vec<String> {
        divide::divided(&self.node, most)
    }

    fn compare(operator: Binary, left: Node, right: Node) -> Self {
        Self::new(left.binary(operator, right))
    }
}

macro_rules! not {
    ($($condition:ty)*) => {$(
        impl<E> Not for $condition {
            type Output = Filter<E>;

            fn not(self) -> Filter<E> {
                self.into_filter().not()
            }
        }
    )*};
}

not!(Filter<E> Property<E, bool> Path<E, bool>);

// Written by hand because a derive would ask the same of `E`.
impl<E> Clone for Filter<E> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<E> PartialEq for Filter<E> {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl<E> Eq for Filter<E> {}

impl<E> fmt::Display for Filter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.node, f)
    }
}

impl<E> fmt::Debug for Filter<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({self})")
    }
}

/// A condition on an entity `E`: a [`Filter`], or a `bool` property.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition on `{E}`",
    label = "expected a filter on `{E}`, or a property of `{E}` that is true or false",
    note = "write the name of a property and what it is compared with, such as `User::NUMBER.eq(\"101\")`; OData text of your own is `Filter::raw(text)`"
)]
pub trait Condition<E> {
    /// The condition as a filter.
    fn into_filter(self) -> Filter<E>;
}

impl<E> Condition<E> for Filter<E> {
    fn into_filter(self) -> Self {
        self
    }
}

impl<E> Condition<E> for Property<E, bool> {
    fn into_filter(self) -> Filter<E> {
        Filter::new(Node::property(self.name()))
    }
}

impl<E> Condition<E> for Path<E, bool> {
    fn into_filter(self) -> Filter<E> {
        Filter::new(self.into_node())
    }
}

/// A value computed from the properties of `E`, of type `T`: `length(Name)`, `Id add 1`.
///
/// It has the methods of a [`Property`], and stands where a property can: as an operand, or in
/// `order_by`.
pub struct Expression<E, T> {
    node: Node,
    of: PhantomData<fn() -> (E, T)>,
}

impl<E, T> Expression<E, T> {
    fn new(node: Node) -> Self {
        Self { node, of: PhantomData }
    }

    fn call(name: &'static str, arguments: Vec<Node>) -> Self {
        Self::new(Node::Call(name, arguments))
    }
}

impl<E, T> Clone for Expression<E, T> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

impl<E, T> fmt::Display for Expression<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.node, f)
    }
}

impl<E, T> fmt::Debug for Expression<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expression({self})")
    }
}

/// The present moment by the PBX's clock: `now()`.
pub fn now<E>() -> Expression<E, crate::edm::DateTimeOffset> {
    Expression::call("now", Vec::new())
}
