//! The names of the standard library's prelude.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The names on the way to a module.
pub(super) type Module = &'static [&'static str];

/// The names of the prelude that generated code uses, with their full paths.
pub(super) const PRELUDE: &[(&str, Module)] = &[
    ("Box", &["std", "boxed"]),
    ("Into", &["std", "convert"]),
    ("IntoIterator", &["std", "iter"]),
    ("Option", &["std", "option"]),
    ("None", &["std", "option", "Option"]),
    ("Some", &["std", "option", "Option"]),
    ("Result", &["std", "result"]),
    ("String", &["std", "string"]),
    ("Vec", &["std", "vec"]),
];

/// The full path of a name of the prelude.
pub(super) fn path(name: &str) -> TokenStream {
    let module =
        PRELUDE.iter().find(|(known, _)| *known == name).map_or(&["std"][..], |(_, it)| it);
    let segments = module.iter().copied().chain([name]).map(|it| Ident::new(it, Span::call_site()));
    quote!(#(::#segments)*)
}
