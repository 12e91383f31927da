//! The typed names of properties: `User::NUMBER` is a [`Property<User, String>`].

use std::fmt;
use std::marker::PhantomData;

use crate::release::{Release, Releases};

/// A property of the entity `E` whose value is a `T`.
///
/// The generated constants of an entity (`User::NUMBER`) are of this type. They are the vocabulary
/// of `$select`, `$filter` and `$orderby`, and name what a PATCH is to clear. `T` is the type of the
/// entity's field without its `Option`. What a filter can say of it is in
/// [`filter`](crate::filter).
///
/// Properties that the PBX leaves out unless they are expanded are [`Navigation`]s instead.
pub struct Property<E, T> {
    name: &'static str,
    releases: Releases,
    // A function pointer: the marker neither owns an `E` nor takes over its `Send` and `Sync`.
    of: PhantomData<fn() -> (E, T)>,
}

/// A navigation property of the entity `E`: other entities, absent from an answer unless the call
/// asks for them with `$expand`. `T` is the type of the entity's field without its `Option`: another
/// entity or a `Vec` of them.
///
/// What of them is wanted is said by [`Expand`](crate::query::Expand)'s methods, which it has too:
/// `User::GROUPS.select(UserGroup::NAME)`.
pub struct Navigation<E, T> {
    name: &'static str,
    releases: Releases,
    of: PhantomData<fn() -> (E, T)>,
}

macro_rules! typed_name {
    ($type:ident) => {
        impl<E, T> $type<E, T> {
            /// The property with this name on the wire. The name is not checked: prefer the constants
            /// of the entity, and use this for a property that only a newer release knows.
            pub const fn new(name: &'static str) -> Self {
                Self { name, releases: Releases::ALL, of: PhantomData }
            }

            /// The same property, known since this release.
            pub const fn since(mut self, release: Release) -> Self {
                self.releases = self.releases.since(release);
                self
            }

            /// The same property, known up to this release.
            pub const fn until(mut self, release: Release) -> Self {
                self.releases = self.releases.until(release);
                self
            }

            /// The releases that know the property.
            pub const fn releases(self) -> Releases {
                self.releases
            }

            /// The property's name on the wire.
            pub const fn name(self) -> &'static str {
                self.name
            }
        }

        // Written by hand because a derive would ask the same of `E` and `T`.
        impl<E, T> Clone for $type<E, T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<E, T> Copy for $type<E, T> {}

        impl<E, T> fmt::Debug for $type<E, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($type)).field(&self.name).finish()
            }
        }

        impl<E, T> Member<E> for $type<E, T> {
            type Value = T;

            fn member_name(&self) -> &'static str {
                self.name
            }
        }
    };
}

typed_name!(Property);
typed_name!(Navigation);

/// A property of the entity `E`, as [`Path::get`](crate::filter::Path::get) takes it: a [`Property`] or a [`Navigation`].
#[diagnostic::on_unimplemented(
    message = "`{E}` has no such property",
    label = "this is no property of `{E}`"
)]
pub trait Member<E> {
    /// The type of its value.
    type Value;

    /// Its name on the wire.
    fn member_name(&self) -> &'static str;
}

impl<E, M: Member<E>> Member<E> for &M {
    type Value = M::Value;

    fn member_name(&self) -> &'static str {
        M::member_name(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct NotCopy;

    #[test]
    fn a_property_is_a_copyable_constant_whatever_its_types() {
        const NUMBER: Property<NotCopy, Vec<NotCopy>> = Property::new("Number");
        const GROUPS: Navigation<NotCopy, Vec<NotCopy>> = Navigation::new("Groups");
        fn shared<T: Copy + Send + Sync + 'static>(value: T) -> (T, T) {
            (value, value)
        }
        let (a, b) = shared(NUMBER);
        assert_eq!((a.name(), b.name()), ("Number", "Number"));
        assert_eq!(shared(GROUPS).1.name(), "Groups");
        assert_eq!(format!("{NUMBER:?}"), r#"Property("Number")"#);
        assert_eq!(format!("{GROUPS:?}"), r#"Navigation("Groups")"#);
    }
}
