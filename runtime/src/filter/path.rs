//! The way through complex values and related entities.

use std::fmt;
use std::marker::PhantomData;

use super::Node;
use crate::property::{Member, Navigation, Property};

/// The way from the entity `E` through complex values or related entities to a value of type `T`:
/// `Hours/IgnoreHolidays`. `get` makes it. In [`any`](Path::any) and [`all`](Path::all), the closure's
/// element is a path too.
pub struct Path<E, T> {
    node: Node,
    of: PhantomData<fn() -> (E, T)>,
}

impl<E, T> Path<E, T> {
    pub(crate) const fn new(node: Node) -> Self {
        Self { node, of: PhantomData }
    }

    pub(crate) fn into_node(self) -> Node {
        self.node
    }

    /// The path to a property of the entity or value at the end of this path.
    pub fn get<M: Member<T>>(&self, member: M) -> Path<E, M::Value> {
        Path::new(self.node.clone().then(member.member_name()))
    }
}

impl<E, T> Clone for Path<E, T> {
    fn clone(&self) -> Self {
        Self::new(self.node.clone())
    }
}

/// The path as OData has it: `Hours/IgnoreHolidays`.
impl<E, T> fmt::Display for Path<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.node, f)
    }
}

impl<E, T> fmt::Debug for Path<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

macro_rules! begins_at {
    ($type:ident) => {
        impl<E, T> $type<E, T> {
            /// The path to a property of this property's value:
            /// `Group::HOURS.get(Schedule::IGNORE_HOLIDAYS)` is `Hours/IgnoreHolidays`.
            pub fn get<M: Member<T>>(self, member: M) -> Path<E, M::Value> {
                Path::from(self).get(member)
            }
        }

        impl<E, T> From<$type<E, T>> for Path<E, T> {
            fn from(name: $type<E, T>) -> Self {
                Self::new(Node::property(name.name()))
            }
        }
    };
}

begins_at!(Property);
begins_at!(Navigation);

#[cfg(test)]
mod tests {
    use super::*;

    struct Entity;

    #[test]
    fn a_path_leads_through_complex_values_and_related_entities() {
        const HOURS: Property<Entity, Vec<u8>> = Property::new("Hours");
        const INNER: Navigation<Vec<u8>, String> = Navigation::new("Inner");
        const NAME: Property<String, bool> = Property::new("Name");
        let path: Path<Entity, bool> = HOURS.get(INNER).get(NAME);
        assert_eq!(path.to_string(), "Hours/Inner/Name");
        assert_eq!(format!("{path:?}"), "Path(Hours/Inner/Name)");
    }
}
