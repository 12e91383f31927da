//! The terms of `$orderby`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::filter::{Expression, Path};
use crate::property::Property;

/// A property, path or expression of the entity `E` with a direction, made by `asc` and `desc`.
pub struct OrderBy<E> {
    term: Cow<'static, str>,
    descending: bool,
    entity: PhantomData<fn() -> E>,
}

impl<E> OrderBy<E> {
    const fn new(term: Cow<'static, str>, descending: bool) -> Self {
        Self { term, descending, entity: PhantomData }
    }

    pub(super) fn into_text(self) -> Cow<'static, str> {
        if self.descending { Cow::Owned(self.to_string()) } else { self.term }
    }
}

impl<E> Clone for OrderBy<E> {
    fn clone(&self) -> Self {
        Self::new(self.term.clone(), self.descending)
    }
}

/// The term as OData has it: `Number desc`.
impl<E> fmt::Display for OrderBy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.term, if self.descending { " desc" } else { "" })
    }
}

impl<E> fmt::Debug for OrderBy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderBy({self})")
    }
}

impl<E, T> Property<E, T> {
    /// Orders by this property, smallest first.
    #[must_use]
    pub const fn asc(self) -> OrderBy<E> {
        OrderBy::new(Cow::Borrowed(self.name()), false)
    }

    /// Orders by this property, largest first.
    #[must_use]
    pub const fn desc(self) -> OrderBy<E> {
        OrderBy::new(Cow::Borrowed(self.name()), true)
    }
}

macro_rules! computed {
    ($($type:ident)*) => {$(
        impl<E, T> $type<E, T> {
            /// Orders by this value, smallest first.
            #[must_use]
            pub fn asc(self) -> OrderBy<E> {
                OrderBy::new(Cow::Owned(self.to_string()), false)
            }

            /// Orders by this value, largest first.
            #[must_use]
            pub fn desc(self) -> OrderBy<E> {
                OrderBy::new(Cow::Owned(self.to_string()), true)
            }
        }
    )*};
}

computed!(Path Expression);
