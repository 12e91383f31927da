//! The typed names of properties: `User::NUMBER` is a [`Property<User, String>`].

use std::fmt;
use std::marker::PhantomData;

/// A property of the entity `E` whose value is a `T`.
///
/// The generated constants of an entity (`User::NUMBER`) are of this type. They are the vocabulary
/// of `$select`, `$filter` and `$orderby`, and name what a PATCH is to clear. `T` is the type of the
/// entity's field without its `Option`.
///
/// Properties that the PBX leaves out unless they are expanded are [`Navigation`]s instead.
pub struct Property<E, T> {
    name: &'static str,
    // A function pointer: the marker neither owns an `E` nor takes over its `Send` and `Sync`.
    of: PhantomData<fn() -> (E, T)>,
}

/// A navigation property of the entity `E`: other entities, absent from an answer unless the call
/// asks for them with `$expand`. `T` is the type of the entity's field without its `Option`: another
/// entity (`Box`ed where the types are recursive) or a `Vec` of them.
pub struct Navigation<E, T> {
    name: &'static str,
    of: PhantomData<fn() -> (E, T)>,
}

macro_rules! typed_name {
    ($type:ident) => {
        impl<E, T> $type<E, T> {
            /// The property with this name on the wire. The name is not checked: prefer the constants
            /// of the entity, and use this for a property that only a newer release knows.
            pub const fn new(name: &'static str) -> Self {
                Self { name, of: PhantomData }
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
    };
}

typed_name!(Property);
typed_name!(Navigation);

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
