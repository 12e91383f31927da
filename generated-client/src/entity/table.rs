//! What generated code says of an entity.

use std::fmt;

use serde::de::{DeserializeOwned, MapAccess};
use serde::ser::Serialize;

use super::kept::Kept;

/// The table of an entity's properties, by which it is read, written and shown. The generated types
/// implement it; what one does with them is in [`Entity`](crate::Entity).
pub trait Table:
    Default + Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static
{
    /// The name in the API's schema, such as `Pbx.User`.
    const NAME: &'static str;

    /// The wire names of all properties, sorted by their bytes.
    const KEYS: &'static [&'static str];

    /// The wire name of the key property, for what is in a set of its own.
    const KEY: Option<&'static str> = None;

    /// The wire names of the properties whose values `Debug` does not show.
    const SECRETS: &'static [&'static str] = &[];

    /// Whether the API lets the entity have properties of any name, so that none is mistyped.
    const OPEN: bool = false;

    /// What the entity keeps beside its properties: a field of it.
    fn kept(&mut self) -> &mut Kept;

    /// Reads the value of the property `KEYS[index]` from the map.
    ///
    /// # Errors
    /// What the format reports when the value is not of the property's type.
    fn read<'de, A: MapAccess<'de>>(&mut self, index: usize, map: &mut A) -> Result<(), A::Error>;

    /// Hands over what the entity keeps, then every property with its value, in the order of
    /// [`KEYS`](Self::KEYS).
    fn visit<'e, P: Properties<'e>>(&'e self, out: &mut P);
}

/// What takes an entity's properties one after the other: to write them, show them or count them.
pub trait Properties<'e> {
    /// Takes what the entity keeps.
    fn kept(&mut self, kept: &'e Kept);

    /// Takes one property of the entity's table.
    fn property<T: Serialize + fmt::Debug>(&mut self, name: &'static str, value: &'e Option<T>);
}
