//! What generated code says of an entity.

use std::fmt;

use serde::de::{Deserialize, DeserializeOwned};
use serde::ser::Serialize;

use super::kept::Kept;
use crate::info::EntityInfo;

/// The table of an entity's properties, by which it is read, written and shown. The generated types
/// implement it; what one does with them is in [`Entity`](crate::Entity).
pub trait Table:
    Default + Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static
{
    /// Its name, and those of its properties.
    const INFO: &'static EntityInfo;

    /// What the entity keeps beside its properties: a field of it.
    fn kept(&mut self) -> &mut Kept;

    /// Has the value of the property `INFO.properties[index]` read.
    fn read<'de, R: PropertyReader<'de>>(&mut self, index: usize, reader: &mut R);

    /// Hands over what the entity keeps, then every property with its value, in the order of
    /// [`EntityInfo::properties`].
    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P);
}

/// Reads the value of one property; `null` is as good as absent.
pub trait PropertyReader<'de> {
    /// Reads a value that is no list.
    fn property<T: Deserialize<'de>>(&mut self, property: &mut Option<T>);

    /// Reads a list.
    fn list<T: Deserialize<'de>>(&mut self, property: &mut Option<Vec<T>>);
}

/// What can be done with the value of every property.
pub trait PropertyValue: Serialize + fmt::Debug + PartialEq + 'static {}

impl<T: Serialize + fmt::Debug + PartialEq + 'static> PropertyValue for T {}

/// What takes an entity's properties one after the other: to write, show, count or compare them.
pub trait Properties<'e> {
    /// Takes what the entity keeps.
    fn kept(&mut self, kept: &'e Kept);

    /// Takes one property of the entity's table.
    fn property<T: PropertyValue>(&mut self, name: &'static str, value: &'e Option<T>);
}
