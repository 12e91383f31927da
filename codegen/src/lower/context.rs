//! The named API as every part of the tree asks for it.

use std::collections::{BTreeMap, BTreeSet};

use super::{boxed, types};
use crate::model::{
    Answer, Api, Body, Bounds, History, Operation, OperationKind, Parameter, Seen, Type, local_name,
};
use crate::names::{Names, Place};
use crate::notes::Notes;
use crate::secrets::Secrets;
use crate::tree::{Release, Releases, Ty};

/// An API with what the steps before decided.
#[derive(Clone, Copy)]
pub struct Decided<'a> {
    /// The API.
    pub api: &'a Api,
    /// The Rust names.
    pub names: &'a Names,
    /// What `Debug` must not show.
    pub secrets: &'a Secrets,
    /// What we know beside the documents.
    pub notes: &'a Notes,
}

/// The named API, with what every part of the tree asks for.
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
    pub(super) secrets: &'a Secrets,
    pub(super) notes: &'a Notes,
    /// The entity properties that are boxed: entity and property.
    pub(super) boxed: BTreeSet<(String, String)>,
    /// The key property of each entity that has one.
    pub(super) keys: BTreeMap<&'a str, &'a str>,
    /// The operations of each resource.
    operations: BTreeMap<&'a str, Vec<&'a History<Operation>>>,
    /// The former places of operations by the resource that they were in.
    former: BTreeMap<&'a str, Vec<(&'a History<Operation>, &'a Place)>>,
    /// The parameters that are keys, by the entity's name without its namespace.
    key_parameters: BTreeMap<&'a str, Vec<&'a Parameter>>,
    /// The first entity of each name without its namespace.
    entities: BTreeMap<&'a str, &'a str>,
    /// The resources whose basic operations read or write an entity.
    resources_of: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Context<'a> {
    pub(super) fn new(decided: &Decided<'a>) -> Self {
        let Decided { api, names, secrets, notes } = *decided;
        let mut context = Self {
            api,
            names,
            secrets,
            notes,
            boxed: boxed::properties(api),
            keys: api.keys(),
            operations: BTreeMap::new(),
            former: BTreeMap::new(),
            key_parameters: BTreeMap::new(),
            entities: BTreeMap::new(),
            resources_of: BTreeMap::new(),
        };
        for name in api.entities.keys().rev() {
            context.entities.insert(local_name(name), name);
        }
        for operation in api.operations.values() {
            context.index(operation);
        }
        context
    }

    /// Notes an operation where it is looked for, so that nothing goes through all of them for each entity or
    /// resource.
    fn index(&mut self, operation: &'a History<Operation>) {
        let resource = operation.resource.as_str();
        self.operations.entry(resource).or_default().push(operation);
        for place in self.names.former(&operation.id) {
            self.former.entry(&place.resource).or_default().push((operation, place));
        }
        for parameter in &operation.parameters {
            if let Some(entity) = &parameter.key_of {
                self.key_parameters.entry(entity).or_default().push(parameter);
            }
        }
        if let Some(entity) = self.about(operation) {
            self.resources_of.entry(entity).or_default().insert(resource);
        }
    }

    /// The entity that a basic operation reads or writes.
    fn about(&self, operation: &'a Operation) -> Option<&'a str> {
        use OperationKind::{Create, Get, List, Replace, Update};
        match (operation.kind, &operation.answer) {
            (List, Answer::Collection { of: Type::Entity(row) }) => Some(row),
            (Get | Create | Update | Replace, _) => self.entity_of(operation),
            _ => None,
        }
    }

    /// The operations that a resource has today.
    pub(super) fn operations_of(&self, resource: &str) -> &[&'a History<Operation>] {
        self.operations.get(resource).map_or(&[], Vec::as_slice)
    }

    /// The operations that a resource had, with their places there.
    pub(super) fn former_of(&self, resource: &str) -> &[(&'a History<Operation>, &'a Place)] {
        self.former.get(resource).map_or(&[], Vec::as_slice)
    }

    /// The parameters that are keys of an entity.
    pub(super) fn key_parameters_of(&self, entity: &str) -> &[&'a Parameter] {
        self.key_parameters.get(local_name(entity)).map_or(&[], Vec::as_slice)
    }

    /// All documents that the API was made from.
    pub(super) fn all(&self) -> Seen {
        Seen::all(self.api.documents.len())
    }

    pub(super) fn resources(&self) -> impl Iterator<Item = &'a str> {
        self.operations.keys().copied()
    }

    /// The entity that a basic operation is about: what it takes, what it returns, or whose key it takes.
    pub(super) fn entity_of(&self, operation: &'a Operation) -> Option<&'a str> {
        match (&operation.body, &operation.answer) {
            (Some(Body::Entity { entity, .. }), _) | (_, Answer::Object { entity, .. }) => {
                Some(entity)
            }
            _ => {
                let key_of = operation.parameters.iter().find_map(|it| it.key_of.as_deref());
                self.entities.get(key_of?).copied()
            }
        }
    }

    /// The resources whose basic operations read or write an entity.
    pub(super) fn resources_of(&self, entity: &str) -> impl Iterator<Item = &'a str> {
        self.resources_of.get(entity).into_iter().flatten().copied()
    }

    pub(super) fn ty(&self, ty: &Type) -> Ty {
        types::ty(self.names, ty)
    }

    /// The releases that have a fact. A PBX tells its release and not its document, so a release has a
    /// fact if one of its documents has it. Where two documents of a release differ and one of them has a
    /// build, that build is where the fact begins or ends.
    pub(super) fn releases(&self, seen: Seen) -> Releases {
        let Bounds { since, until, .. } = Bounds::of(&self.api.documents, seen, self.all());
        let since = since.and_then(|_| self.bound(seen.first()?, Edge::First));
        Releases { since, until: until.and_then(|_| self.bound(seen.last()?, Edge::Last)) }
    }

    fn bound(&self, place: usize, edge: Edge) -> Option<Release> {
        let documents = &self.api.documents;
        let here = documents.get(place)?;
        let beyond = match edge {
            Edge::First => place.checked_sub(1),
            Edge::Last => place.checked_add(1),
        };
        let beyond = beyond.and_then(|place| documents.get(place));
        let beyond = beyond.filter(|it| it.release == here.release);
        // Every build belongs to one of the two documents: the later one begins with its own build, or
        // after the earlier one's.
        let build = beyond.and_then(|beyond| match edge {
            Edge::First => here.build.or(beyond.build.map(|build| build.saturating_add(1))),
            Edge::Last => beyond.build.map(|build| build.saturating_sub(1)).or(here.build),
        });
        let mut numbers = here.release.split('.').map(|it| it.parse().unwrap_or_default());
        Some(Release {
            numbers: std::array::from_fn(|_| numbers.next().unwrap_or_default()),
            build,
        })
    }
}

/// The side of a fact's life.
enum Edge {
    First,
    Last,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history;
    use crate::model::DocumentId;
    use crate::test_document::document;

    #[test]
    fn a_bound_has_a_build_where_documents_of_a_release_differ() {
        let document = || document("", "");
        let rows = [
            ("20.0.9", None),
            ("20.0.10", None),
            ("20.0.10", Some(50)),
            ("20.0.10", Some(60)),
            ("20.0.10", None),
        ];
        let documents = (1..).zip(rows).map(|(day, (release, build))| {
            let date = format!("2026-01-0{day}");
            (DocumentId { release: release.to_owned(), date, build }, document())
        });
        let api = history::unite(&documents.collect()).unwrap();
        let (names, secrets, notes) = (Names::default(), Secrets::default(), Notes::default());
        let decided = Decided { api: &api, names: &names, secrets: &secrets, notes: &notes };
        let context = Context::new(&decided);
        let release = |update, build| Some(Release { numbers: [20, 0, update], build });
        // The places that have a fact, and its bounds.
        let rows = [
            (0..=0, None, release(9, None)),
            (1..=4, release(10, None), None),
            (0..=1, None, release(10, Some(49))),
            (2..=4, release(10, Some(50)), None),
            (2..=2, release(10, Some(50)), release(10, Some(59))),
            (4..=4, release(10, Some(61)), None),
            (3..=3, release(10, Some(60)), release(10, Some(60))),
        ];
        for (places, since, until) in rows {
            let seen = places.clone().map(Seen::one).fold(Seen::default(), Seen::or);
            assert_eq!(context.releases(seen), Releases { since, until }, "{places:?}");
        }
    }
}
