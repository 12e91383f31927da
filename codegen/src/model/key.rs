//! Which property is an entity's key. The documents have no key of a schema, but they mark the
//! parameters that are one.

use std::collections::BTreeMap;

use super::{Answer, Api, Entity, OperationKind, Type};

/// The property that OData takes for the key where none is declared.
const CONVENTION: &str = "Id";

impl Api {
    /// The key property of each entity that has one, by wire names.
    ///
    /// A parameter of a route that is marked as the key names it. The entities of a set that has no
    /// such route (`Recordings`) have one too, by OData's convention.
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
        let local = |entity: &Entity| entity.name.rsplit('.').next().map(str::to_owned);
        let entities: BTreeMap<_, _> =
            self.entities.values().map(|entity| (local(entity), entity)).collect();
        for parameter in self.operations.values().flat_map(|operation| &operation.parameters) {
            if parameter.key_of.is_some()
                && let Some(entity) = entities.get(&parameter.key_of)
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
