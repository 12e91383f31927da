//! Makes the tree of what is printed ([`crate::tree`]) of the named API.
//!
//! This step decides how the API looks in Rust: which values are arguments ([`values`]), which variants
//! of an operation differ ([`variants`]), what is boxed ([`boxed`]), what each type is called
//! ([`types`]), and what the documentation says ([`docs`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Api, Bounds, Seen, Type};
use crate::names::Names;
use crate::problem::Problems;
use crate::secrets::Secrets;
use crate::tree::{Alias, Client, Releases, Tests, Ty};

mod boxed;
mod calls;
mod changes;
mod docs;
mod entity;
mod operation;
mod types;
mod values;
mod variants;

/// The named API, with what every part of the tree asks for.
struct Context<'a> {
    api: &'a Api,
    names: &'a Names,
    secrets: &'a Secrets,
    /// The entity properties that are boxed: entity and property.
    boxed: BTreeSet<(String, String)>,
    /// The key property of each entity that has one.
    keys: BTreeMap<&'a str, &'a str>,
}

/// The tree of the client, or what has changed in a way that Rust has no type for.
pub fn client(api: &Api, names: &Names, secrets: &Secrets) -> Result<Client, Problems> {
    changes::check(api, names)?;
    let context = Context::new(api, names, secrets);
    let aliases = api.aliases.iter().map(|(wire, ty)| Alias {
        name: names.ty(wire).ident.clone(),
        ty: types::ty(names, ty),
        docs: docs::alias(wire, ty),
    });
    let index = api.operations.values().map(|operation| {
        let module = names.resource(&operation.resource).module.clone();
        (module, names.operation(&operation.id).ident.clone())
    });
    Ok(Client {
        docs: docs::root(api),
        entities: api.entities.values().map(|it| entity::entity(&context, it)).collect(),
        aliases: aliases.collect(),
        enumerations: api
            .enumerations
            .values()
            .map(|it| entity::enumeration(&context, it))
            .collect(),
        resources: context.resources().map(|it| operation::resource(&context, it)).collect(),
        index: index.collect(),
    })
}

/// The tree of the code that the tests have: a call of each operation, and a look at each secret.
pub fn tests(api: &Api, names: &Names, secrets: &Secrets) -> Result<Tests, Problems> {
    changes::check(api, names)?;
    Ok(calls::tests(&Context::new(api, names, secrets)))
}

impl<'a> Context<'a> {
    fn new(api: &'a Api, names: &'a Names, secrets: &'a Secrets) -> Self {
        Self { api, names, secrets, boxed: boxed::properties(api), keys: api.keys() }
    }

    /// All documents that the API was made from.
    fn all(&self) -> Seen {
        Seen::all(self.api.releases.len())
    }

    fn resources(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let api = self.api;
        let resources: BTreeSet<&str> =
            api.operations.values().map(|operation| operation.resource.as_str()).collect();
        resources.into_iter()
    }

    fn ty(&self, ty: &Type) -> Ty {
        types::ty(self.names, ty)
    }

    /// The releases that have a fact. A PBX tells its release and not its document, so a release has a
    /// fact if one of its documents has it.
    fn releases(&self, seen: Seen) -> Releases {
        let Bounds { since, until, .. } = Bounds::of(&self.api.releases, seen, self.all());
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
mod tests;
