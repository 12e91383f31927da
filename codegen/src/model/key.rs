//! The key property of an entity. The documents don't mark it in the schemas, but they mark the
//! parameters of routes that are keys.

use std::collections::BTreeMap;

use super::{Answer, Api, Entity, OperationKind, Type, local_name};

/// The property that is the key by OData's convention where no key is declared.
const CONVENTION: &str = "Id";

impl Api {
    /// The key property of each entity that has one, by wire names.
    ///
    /// The parameter of a route that is marked as the key names the property. Where a set has no such
    /// route (`Recordings`), OData's convention gives the key of its entities.
    pub fn keys(&self) -> BTreeMap<&str, &str> {
        let mut keys = BTreeMap::new();
        for operation in self.operations.values() {
            if let (OperationKind::List, Answer::Collection { of: Type::Entity(name) }) =
                (operation.kind, &operation.answer)
                && let Some(key) = self.entities.get(name).and_then(|it| property(it, CONVENTION))
            {
                keys.insert(name.as_str(), key);
            }
        }
        // A mark is a fact, and wins.
        let named = self.entities.values().map(|entity| (local_name(&entity.name), entity));
        let entities: BTreeMap<_, _> = named.collect();
        for parameter in self.operations.values().flat_map(|operation| &operation.parameters) {
            if let Some(entity) = parameter.key_of.as_deref().and_then(|it| entities.get(it))
                && let Some(key) = property(entity, &parameter.name)
            {
                keys.insert(entity.name.as_str(), key);
            }
        }
        keys
    }
}

fn property<'a>(entity: &'a Entity, name: &str) -> Option<&'a str> {
    entity.properties.get_key_value(name).map(|(name, _)| name.as_str())
}
