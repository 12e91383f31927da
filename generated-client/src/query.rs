//! The query options of a request: what they hold, and the one place that writes them into the URL.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use crate::literal::encode_query_value;
use crate::property::{Navigation, Property};

/// The query options gathered so far, unencoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) filter: Option<String>,
    pub(crate) search: Option<String>,
    pub(crate) select: Vec<Cow<'static, str>>,
    pub(crate) expand: Vec<Cow<'static, str>>,
    pub(crate) order_by: Vec<Cow<'static, str>>,
    pub(crate) top: Option<u32>,
    pub(crate) skip: Option<u64>,
    pub(crate) count: Option<bool>,
}

impl Query {
    /// Appends `?…` in a fixed order, or nothing where no option is set.
    pub(crate) fn write(&self, target: &mut String) {
        let mut writer = Writer { target, next: '?' };
        writer.text("$filter", self.filter.as_deref());
        writer.text("$search", self.search.as_deref());
        writer.list("$select", &self.select);
        writer.list("$expand", &self.expand);
        writer.list("$orderby", &self.order_by);
        writer.plain("$top", self.top);
        writer.plain("$skip", self.skip);
        writer.plain("$count", self.count);
    }
}

struct Writer<'a> {
    target: &'a mut String,
    next: char,
}

impl Writer<'_> {
    fn name(&mut self, name: &str) {
        self.target.push(self.next);
        self.target.push_str(name);
        self.target.push('=');
        self.next = '&';
    }

    fn text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.name(name);
            self.target.push_str(&encode_query_value(value));
        }
    }

    fn list(&mut self, name: &str, values: &[Cow<'static, str>]) {
        for (index, value) in values.iter().enumerate() {
            if index == 0 {
                self.name(name);
            } else {
                self.target.push(',');
            }
            self.target.push_str(&encode_query_value(value));
        }
    }

    fn plain(&mut self, name: &str, value: Option<impl fmt::Display>) {
        if let Some(value) = value {
            self.name(name);
            self.target.push_str(&value.to_string());
        }
    }
}

/// Adds what is new in `more` to `list`, in its order: the PBX refuses a name that comes twice.
pub(crate) fn merge(list: &mut Vec<Cow<'static, str>>, more: Names) {
    for name in more.0 {
        if !list.contains(&name) {
            list.push(name);
        }
    }
}

/// The names that a [`Selection`], [`Expansion`] or [`Ordering`] stands for.
#[derive(Clone, Debug, Default)]
pub struct Names(Vec<Cow<'static, str>>);

impl Names {
    fn add(&mut self, name: impl Into<Cow<'static, str>>) {
        let name = name.into();
        if !name.is_empty() {
            self.0.push(name);
        }
    }
}

/// What `$select` accepts: a [`Property`], an array, slice or `Vec` of one type, a tuple of up to
/// sixteen, or raw text (`"Id,Number"`).
///
/// The PBX is strict here: a name that its release doesn't know is a 400.
pub trait Selection<E> {
    /// Adds the names.
    fn add_to(self, names: &mut Names);
}

/// What `$expand` accepts: a [`Navigation`], an array, slice or `Vec` of one type, a tuple of up to
/// sixteen, or raw text (`"Groups($expand=Rights)"`).
pub trait Expansion<E> {
    /// Adds the names.
    fn add_to(self, names: &mut Names);
}

/// What `$orderby` accepts: an [`OrderBy`] or a [`Property`] (ascending), an array, slice or `Vec`
/// of one type, a tuple of up to sixteen, or raw text (`"Number desc"`).
pub trait Ordering<E> {
    /// Adds the terms.
    fn add_to(self, names: &mut Names);
}

/// A property and a direction, made by [`Property::asc`] and [`Property::desc`].
pub struct OrderBy<E> {
    name: &'static str,
    descending: bool,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for OrderBy<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for OrderBy<E> {}

impl<E> fmt::Debug for OrderBy<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderBy({} {})", self.name, if self.descending { "desc" } else { "asc" })
    }
}

impl<E, T> Property<E, T> {
    /// Orders by this property, smallest first.
    #[must_use]
    pub const fn asc(self) -> OrderBy<E> {
        OrderBy { name: self.name(), descending: false, entity: PhantomData }
    }

    /// Orders by this property, largest first.
    #[must_use]
    pub const fn desc(self) -> OrderBy<E> {
        OrderBy { name: self.name(), descending: true, entity: PhantomData }
    }
}

impl<E, T> Selection<E> for Property<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.name());
    }
}

impl<E, T> Expansion<E> for Navigation<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.name());
    }
}

impl<E, T> Ordering<E> for Property<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.name());
    }
}

impl<E> Ordering<E> for OrderBy<E> {
    fn add_to(self, names: &mut Names) {
        if self.descending {
            names.add(format!("{} desc", self.name));
        } else {
            names.add(self.name);
        }
    }
}

/// Raw text and the containers, alike for the three traits.
macro_rules! containers {
    ($($trait:ident)*) => {$(
        impl<E> $trait<E> for &str {
            fn add_to(self, names: &mut Names) {
                names.add(self.to_owned());
            }
        }

        impl<E> $trait<E> for String {
            fn add_to(self, names: &mut Names) {
                names.add(self);
            }
        }

        impl<E, S: $trait<E>, const N: usize> $trait<E> for [S; N] {
            fn add_to(self, names: &mut Names) {
                self.into_iter().for_each(|item| item.add_to(names));
            }
        }

        impl<E, S: $trait<E> + Clone> $trait<E> for &[S] {
            fn add_to(self, names: &mut Names) {
                self.iter().for_each(|item| item.clone().add_to(names));
            }
        }

        impl<E, S: $trait<E>> $trait<E> for Vec<S> {
            fn add_to(self, names: &mut Names) {
                self.into_iter().for_each(|item| item.add_to(names));
            }
        }

        tuples!($trait A B C D F G H I J K L M N O P Q);
    )*};
}

/// One impl for each tuple length, from the longest down.
macro_rules! tuples {
    ($trait:ident) => {};
    ($trait:ident $first:ident $($rest:ident)*) => {
        impl<E, $first: $trait<E>, $($rest: $trait<E>),*> $trait<E> for ($first, $($rest,)*) {
            #[allow(non_snake_case, reason = "the type parameters name the bindings")]
            fn add_to(self, names: &mut Names) {
                let ($first, $($rest,)*) = self;
                $first.add_to(names);
                $($rest.add_to(names);)*
            }
        }
        tuples!($trait $($rest)*);
    };
}

containers!(Selection Expansion Ordering);
