//! The named API as every part of the tree asks for it.

use std::collections::{BTreeMap, BTreeSet};

use super::{boxed, types};
use crate::model::{Api, Bounds, Seen, Type};
use crate::names::Names;
use crate::secrets::Secrets;
use crate::tree::{Releases, Ty};

/// The named API, with what every part of the tree asks for.
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) names: &'a Names,
    pub(super) secrets: &'a Secrets,
    /// The entity properties that are boxed: entity and property.
    pub(super) boxed: BTreeSet<(String, String)>,
    /// The key property of each entity that has one.
    pub(super) keys: BTreeMap<&'a str, &'a str>,
}

impl<'a> Context<'a> {
    pub(super) fn new(api: &'a Api, names: &'a Names, secrets: &'a Secrets) -> Self {
        Self { api, names, secrets, boxed: boxed::properties(api), keys: api.keys() }
    }

    /// All documents that the API was made from.
    pub(super) fn all(&self) -> Seen {
        Seen::all(self.api.documents.len())
    }

    pub(super) fn resources(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let api = self.api;
        let resources: BTreeSet<&str> =
            api.operations.values().map(|operation| operation.resource.as_str()).collect();
        resources.into_iter()
    }

    pub(super) fn ty(&self, ty: &Type) -> Ty {
        types::ty(self.names, ty)
    }

    /// The releases that have a fact. A PBX tells its release and not its document, so a release has a
    /// fact if one of its documents has it.
    pub(super) fn releases(&self, seen: Seen) -> Releases {
        let Bounds { since, until, .. } = Bounds::of(&self.api.documents, seen, self.all());
        Releases { since: since.as_deref().map(numbers), until: until.as_deref().map(numbers) }
    }
}

/// The numbers of `20.0.10` and of `20.0.10/2026-06-11`.
fn numbers(bound: &str) -> [u16; 3] {
    let release = bound.split('/').next().unwrap_or_default();
    let mut numbers = release.split('.').map(|number| number.parse().unwrap_or_default());
    std::array::from_fn(|_| numbers.next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_the_release_of_its_document() {
        for (bound, expected) in [("20.0.10", [20, 0, 10]), ("20.0.7/2025-06-23", [20, 0, 7])] {
            assert_eq!(numbers(bound), expected);
        }
    }
}
