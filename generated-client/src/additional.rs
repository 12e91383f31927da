//! Properties of an open type: those that the API does not name.

use std::collections::BTreeMap;

use serde::de::MapAccess;
use serde::ser::SerializeMap;

use crate::entity::Shown;

/// The properties of an open type that its schema does not name, with their JSON values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AdditionalProperties(pub BTreeMap<String, serde_json::Value>);

impl AdditionalProperties {
    /// Reads one property's value.
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: String,
        map: &mut A,
    ) -> Result<(), A::Error> {
        let value = map.next_value()?;
        self.0.insert(name, value);
        Ok(())
    }

    /// Writes all of them.
    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))
    }

    /// Shows all of them.
    pub(crate) fn show(&self, out: &mut Shown<'_, '_>) {
        for (name, value) in &self.0 {
            out.other(name, value);
        }
    }
}
