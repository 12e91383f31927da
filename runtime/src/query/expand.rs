//! The terms of `$expand`: related entities, each with query options of its own.

use std::fmt;
use std::marker::PhantomData;

use super::Query;
use super::list::{Expansion, Names, Ordering, Selection};
use crate::entity::Entity;
use crate::filter::Condition;
use crate::property::Navigation;

/// A navigation property with options of its own: `Groups($select=Name;$expand=Rights)`.
///
/// ```
/// use threecx_xapi::entities::{Rights, User, UserGroup};
///
/// let groups = User::GROUPS
///     .select(UserGroup::NAME)
///     .expand(UserGroup::RIGHTS.select(Rights::ROLE_NAME))
///     .filter(UserGroup::NAME.ne("DEFAULT"));
/// assert_eq!(
///     groups.to_string(),
///     "Groups($filter=Name ne 'DEFAULT';$select=Name;$expand=Rights($select=RoleName))"
/// );
/// ```
pub struct Expand<E, T> {
    name: &'static str,
    query: Query,
    of: PhantomData<fn() -> (E, T)>,
}

impl<E, T> From<Navigation<E, T>> for Expand<E, T> {
    fn from(navigation: Navigation<E, T>) -> Self {
        Self { name: navigation.name(), query: Query::default(), of: PhantomData }
    }
}

/// What a navigation property leads to: an entity, or a list of them.
pub trait Related {
    /// The entity.
    type Entity;
}

impl<T: Entity> Related for T {
    type Entity = T;
}

impl<T> Related for Vec<T> {
    type Entity = T;
}

/// The options, alike on a navigation property and on one that has some already.
macro_rules! options {
    ($($type:ident)*) => {$(
        impl<E, T: Related> $type<E, T> {
            /// Asks for these properties of the related entities only. Further calls add to it.
            pub fn select(self, selection: impl Selection<T::Entity>) -> Expand<E, T> {
                self.with(|query| selection.add_to(&mut query.select))
            }

            /// Asks for entities that are related to the related ones. Further calls add to it.
            pub fn expand(self, expansion: impl Expansion<T::Entity>) -> Expand<E, T> {
                self.with(|query| expansion.add_to(&mut query.expand))
            }
        }

        impl<E, T> $type<E, Vec<T>> {
            /// Asks only for the related entities that match; a second call replaces the first.
            pub fn filter(self, filter: impl Condition<T>) -> Expand<E, Vec<T>> {
                self.with(|query| query.filter = Some(filter.into_filter().to_string()))
            }

            /// Asks only for the related entities in which the text is found; see
            /// [`Request::search`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.search).
            ///
            /// A text with `(`, `)`, `;` or `'` is an error of the request, which
            /// [`is_usage`](crate::Error::is_usage): 3CX's reader of `$expand` takes them for its own
            /// punctuation, quotes or not.
            pub fn search(self, text: impl AsRef<str>) -> Expand<E, Vec<T>> {
                self.with(|query| query.search_inside(text.as_ref()))
            }

            /// Orders the related entities. Further calls add to it.
            pub fn order_by(self, ordering: impl Ordering<T>) -> Expand<E, Vec<T>> {
                self.with(|query| ordering.add_to(&mut query.order_by))
            }

            /// Asks for at most this many related entities for each entity.
            pub fn top(self, top: u32) -> Expand<E, Vec<T>> {
                self.with(|query| query.top = Some(top))
            }

            /// Leaves out this many related entities at the beginning of each list.
            pub fn skip(self, skip: u64) -> Expand<E, Vec<T>> {
                self.with(|query| query.skip = Some(skip))
            }

            /// Asks for the number of related entities, which the PBX sends beside their list.
            pub fn count(self, count: bool) -> Expand<E, Vec<T>> {
                self.with(|query| query.count = Some(count))
            }
        }
    )*};
}

options!(Navigation Expand);

impl<E, T> Navigation<E, T> {
    fn with(self, change: impl FnOnce(&mut Query)) -> Expand<E, T> {
        Expand::from(self).with(change)
    }
}

impl<E, T> Expand<E, T> {
    fn with(mut self, change: impl FnOnce(&mut Query)) -> Self {
        change(&mut self.query);
        self
    }
}

impl<E, T> Clone for Expand<E, T> {
    fn clone(&self) -> Self {
        Self { name: self.name, query: self.query.clone(), of: PhantomData }
    }
}

/// The term as OData has it, before it is percent-encoded.
impl<E, T> fmt::Display for Expand<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = self.query.to_string();
        if options.is_empty() {
            return f.write_str(self.name);
        }
        write!(f, "{}({options})", self.name)
    }
}

impl<E, T> fmt::Debug for Expand<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expand({self})")
    }
}

impl<E, T> Expansion<E> for Navigation<E, T> {
    fn add_to(self, names: &mut Names) {
        names.note(self.name(), self.releases());
        names.replace(self.name());
    }
}

impl<E, T> Expansion<E> for Expand<E, T> {
    fn add_to(self, names: &mut Names) {
        names.refuse(self.query.problem());
        names.replace(self.to_string());
    }
}
