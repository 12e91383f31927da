//! The names that generated code has from elsewhere: the printers write them alone, and
//! [`imports`](super::imports) finds their modules here.

use std::collections::HashMap;
use std::sync::LazyLock;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The names on the way to a module.
pub(super) type Module = &'static [&'static str];

/// The names that the files of a package use, each with its module.
pub(super) type Known = HashMap<&'static str, Module>;

/// The names that the client uses.
pub(super) static CLIENT: LazyLock<Known> = LazyLock::new(|| known(OF_CLIENT));

/// The names that the tests of the client use, which are those of its users too.
pub(super) static TESTS: LazyLock<Known> = LazyLock::new(|| known(OF_TESTS));

/// The names that are modules.
pub(super) const MODULES: [&str; 4] = ["entities", "enums", "resources", "sample"];

type Rows = &'static [(Module, &'static [&'static str])];

/// What a file has without an import.
const PRELUDE: Rows = &[
    (&["std", "boxed"], &["Box"]),
    (&["std", "convert"], &["Into"]),
    (&["std", "iter"], &["IntoIterator"]),
    (&["std", "option"], &["Option"]),
    (&["std", "option", "Option"], &["None", "Some"]),
    (&["std", "string"], &["String"]),
    (&["std", "vec"], &["Vec"]),
];

const OF_CLIENT: Rows = &[
    (&["crate", "generated"], &["entities", "enums"]),
    (
        &["crate", "support"],
        &[
            "Client",
            "Conditional",
            "Countable",
            "Date",
            "DateTimeOffset",
            "Decimal",
            "Double",
            "Download",
            "Duration",
            "EntityInfo",
            "Enumeration",
            "Expandable",
            "Filterable",
            "Flags",
            "Guid",
            "Kept",
            "Keyed",
            "Method",
            "Navigation",
            "Operation",
            "OperationInfo",
            "OperationKind",
            "Orderable",
            "Page",
            "Pageable",
            "Properties",
            "Property",
            "PropertyReader",
            "Release",
            "Releases",
            "Request",
            "RequestParts",
            "Retyped",
            "Searchable",
            "Selectable",
            "Single",
            "Table",
            "TimeOfDay",
            "Updatable",
            "Value",
            "Variant",
            "entity_serde",
            "enumeration_serde",
            "list",
        ],
    ),
];

const OF_TESTS: Rows = &[
    (&["crate"], &["sample"]),
    (&["crate", "round_trip"], &["RoundTrip", "through"]),
    (&["crate", "secrets"], &["Show", "ShowOperation", "debug", "show"]),
    (&["crate", "wire"], &["Call", "Running", "download", "run"]),
    (&["threecx_xapi"], &["Client", "Filter", "entities", "enums", "resources"]),
    (&["threecx_xapi", "answer"], &["Retyped"]),
    (
        &["threecx_xapi", "edm"],
        &["Date", "DateTimeOffset", "Decimal", "Double", "Duration", "Guid", "Single", "TimeOfDay"],
    ),
    (&["threecx_xapi", "enumeration"], &["Flags"]),
];

fn known(rows: Rows) -> Known {
    let rows = PRELUDE.iter().chain(rows);
    rows.flat_map(|(module, names)| names.iter().map(|name| (*name, *module))).collect()
}

/// Whether an item of this name may stand in a file that has the name from elsewhere.
pub(super) fn is_known(name: &str) -> bool {
    CLIENT.contains_key(name) || TESTS.contains_key(name)
}

/// Whether the names of a module need no import.
pub(super) fn is_prelude(module: Module) -> bool {
    module.first() == Some(&"std")
}

/// A name as a user of the client writes it, with its full path.
pub(super) fn public_path(name: &str) -> TokenStream {
    let module = TESTS.get(name).copied().unwrap_or_default();
    let colon = is_prelude(module).then(|| quote!(::));
    let segments = module.iter().copied().chain([name]).map(|it| Ident::new(it, Span::call_site()));
    quote!(#colon #(#segments)::*)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use syn::{Ident, Item};

    use super::*;
    use crate::emit::imports::used;

    #[test]
    fn the_names_of_support_are_those_that_it_has() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated-client/src/support.rs");
        let mut names = BTreeSet::new();
        let mut add = |name: &Ident| {
            names.insert(name.to_string());
        };
        for item in syn::parse_file(&std::fs::read_to_string(file).unwrap()).unwrap().items {
            match item {
                Item::Use(it) => used(&it.tree, &mut add),
                Item::Fn(it) => add(&it.sig.ident),
                _ => {}
            }
        }
        let known = CLIENT.iter().filter(|(_, module)| **module == ["crate", "support"]);
        assert_eq!(known.map(|(name, _)| (*name).to_owned()).collect::<BTreeSet<_>>(), names);
    }
}
