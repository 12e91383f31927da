//! Properties of an open type: those that the API does not name.

use std::collections::BTreeMap;

use serde::de::MapAccess;

use crate::entity::Properties;

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

    /// Hands over all of them.
    pub(crate) fn visit<P: Properties>(&self, out: &mut P) {
        for (name, value) in &self.0 {
            out.other(name, value);
        }
    }
}
