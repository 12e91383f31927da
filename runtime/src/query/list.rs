//! The lists of a query: what `$select`, `$expand` and `$orderby` take.

use std::borrow::Cow;

use super::order::OrderBy;
use crate::filter::{Expression, Path};
use crate::property::Property;
use crate::release::Releases;

/// The terms that a [`Selection`], [`Expansion`] or [`Ordering`] stands for, each once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    terms: Vec<Cow<'static, str>>,
    /// Properties among them that not every release knows.
    bounded: Vec<(&'static str, Releases)>,
    /// What can't be written, among the options of the terms.
    problem: Option<&'static str>,
}

impl Names {
    /// Adds a term at the end, unless it is there: the PBX refuses a name that comes twice.
    pub(crate) fn add(&mut self, name: impl Into<Cow<'static, str>>) {
        let name = name.into();
        if !name.is_empty() && !self.terms.contains(&name) {
            self.terms.push(name);
        }
    }

    /// Adds a term in place of one of the same property, which would be refused beside it.
    pub(super) fn replace(&mut self, name: impl Into<Cow<'static, str>>) {
        fn property(term: &str) -> &str {
            term.split('(').next().unwrap_or_default()
        }
        let name = name.into();
        match self.terms.iter_mut().find(|it| property(it) == property(&name)) {
            Some(place) => *place = name,
            None => self.terms.push(name),
        }
    }

    /// Remembers in which releases a property is known, if not in all.
    pub(super) fn note(&mut self, name: &'static str, releases: Releases) {
        if releases != Releases::ALL {
            self.bounded.push((name, releases));
        }
    }

    /// The properties that not every release knows.
    pub(crate) fn bounded(&self) -> &[(&'static str, Releases)] {
        &self.bounded
    }

    /// Remembers what can't be written, if it is the first.
    pub(super) fn refuse(&mut self, problem: Option<&'static str>) {
        self.problem = self.problem.or(problem);
    }

    pub(super) fn problem(&self) -> Option<&'static str> {
        self.problem
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The single names, also those of raw text that has several.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flat_map(|term| term.split(',')).map(str::trim)
    }

    /// The list as it stands in an option; none if it is empty.
    pub(super) fn joined(&self) -> Option<Cow<'_, str>> {
        match self.terms.as_slice() {
            [] => None,
            [one] => Some(Cow::Borrowed(one)),
            more => Some(Cow::Owned(more.join(","))),
        }
    }
}

/// What `$select` accepts: a [`Property`] or [`Path`], an array, slice or `Vec` of one type, a tuple
/// of up to sixteen, or raw text (`"Id,Number"`).
///
/// If a name is unknown to the PBX's release, the PBX answers 400.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be selected of `{E}`",
    label = "this is no property of `{E}`",
    note = "`select` takes the properties of the entity that the operation answers with, such as `{E}::ID`, or text such as `\"Id,Number\"`; related entities are asked for with `expand`"
)]
pub trait Selection<E> {
    /// Adds the names.
    fn add_to(self, names: &mut Names);
}

/// What `$expand` accepts: a [`Navigation`](crate::property::Navigation) or an [`Expand`](crate::query::Expand), an array,
/// slice or `Vec` of one type, a tuple of up to sixteen, or raw text (`"Groups($expand=Rights)"`).
///
/// If a navigation property is expanded several times, the last one counts.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be expanded on `{E}`",
    label = "this is no navigation property of `{E}`",
    note = "`expand` takes navigation properties, which are absent unless they are expanded, such as `User::GROUPS`; other properties are there or are asked for with `select`"
)]
pub trait Expansion<E> {
    /// Adds the names.
    fn add_to(self, names: &mut Names);
}

/// What `$orderby` accepts: an [`OrderBy`], or a [`Property`], [`Path`] or [`Expression`] (ascending), an
/// array, slice or `Vec` of one type, a tuple of up to sixteen, or raw text (`"Number desc"`).
#[diagnostic::on_unimplemented(
    message = "`{E}` can't be ordered by `{Self}`",
    label = "this is no property of `{E}`",
    note = "`order_by` takes properties of the entity that the operation answers with, such as `{E}::ID.desc()`, or text such as `\"Id desc\"`"
)]
pub trait Ordering<E> {
    /// Adds the terms.
    fn add_to(self, names: &mut Names);
}

impl<E, T> Selection<E> for Property<E, T> {
    fn add_to(self, names: &mut Names) {
        names.note(self.name(), self.releases());
        names.add(self.name());
    }
}

impl<E, T> Selection<E> for Path<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.to_string());
    }
}

impl<E, T> Ordering<E> for Property<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.name());
    }
}

impl<E, T> Ordering<E> for Path<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.to_string());
    }
}

impl<E, T> Ordering<E> for Expression<E, T> {
    fn add_to(self, names: &mut Names) {
        names.add(self.to_string());
    }
}

impl<E> Ordering<E> for OrderBy<E> {
    fn add_to(self, names: &mut Names) {
        names.add(self.into_text());
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
