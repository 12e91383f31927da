//! Makes the tree of what is printed ([`crate::tree`]) of the named API.
//!
//! This step decides how the API looks in Rust: which values are arguments (`values`), which variants
//! of an operation differ (`variants`), what is boxed (`boxed`), what each type is called
//! (`types`), and what the documentation says (`docs` and `told`, in the words of `words`).

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::problem::Problems;
use crate::tree::{Alias, Client, Tests};
use context::Context;

pub use context::Decided;

mod boxed;
mod calls;
mod changes;
mod context;
mod docs;
mod entity;
mod example;
mod moved;
mod operation;
mod told;
mod types;
mod values;
mod variants;
mod words;

/// The tree of the client, or what has changed in a way that Rust has no type for.
pub fn client(decided: &Decided<'_>) -> Result<Client, Problems> {
    let Decided { api, names, .. } = *decided;
    changes::check(api, names)?;
    let context = Context::new(decided);
    let aliases = api.aliases.iter().map(|(wire, ty)| Alias {
        name: names.ty(wire).ident.clone(),
        ty: types::ty(names, ty),
        docs: docs::alias(wire, ty),
        deprecated: None,
    });
    let former_entities = api.entities.values().flat_map(|it| {
        moved::types(&context, types::entity(names, &it.name), &it.name, &it.former_names)
    });
    let former_enumerations = api.enumerations.values().flat_map(|it| {
        moved::types(&context, types::enumeration(names, &it.name), &it.name, &it.former_names)
    });
    let index = api.operations.values().map(|operation| {
        let module = names.resource(&operation.resource).module.clone();
        (module, names.operation(&operation.id).ident.clone())
    });
    let mut resources: BTreeSet<&str> = context.resources().collect();
    resources.extend(moved::former_resources(&context));
    Ok(Client {
        docs: docs::root(api),
        service_root: api.service_root.clone(),
        token_path: api.token_path.clone(),
        entities: api.entities.par_iter().map(|(_, it)| entity::entity(&context, it)).collect(),
        aliases: aliases.chain(former_entities).collect(),
        enumerations: api
            .enumerations
            .values()
            .map(|it| entity::enumeration(&context, it))
            .collect(),
        former_enumerations: former_enumerations.collect(),
        resources: resources.into_par_iter().map(|it| operation::resource(&context, it)).collect(),
        index: index.collect(),
    })
}

/// The tree of the code that the tests have: a call of each operation, and a look at each secret.
pub fn tests(decided: &Decided<'_>) -> Result<Tests, Problems> {
    changes::check(decided.api, decided.names)?;
    Ok(calls::tests(&Context::new(decided)))
}

#[cfg(test)]
mod tests;
