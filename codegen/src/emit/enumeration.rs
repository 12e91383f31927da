//! Enumerations: open, with a variant for what is not known yet.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::pieces::{alias, deprecated, doc, ident, item};
use crate::tree::{Client, Enumeration, Ty};

pub(super) fn index(tree: &Client) -> TokenStream {
    let modules: Vec<_> = tree.enumerations.iter().map(|it| ident(&it.module)).collect();
    let names = tree.enumerations.iter().map(|it| ident(&it.name));
    let former = tree.former_enumerations.iter();
    let former = former.map(|it| alias(it, |ty| matches!(ty, Ty::Enumeration(_))));
    quote! {
        //! The enumerations of the API.
        //!
        //! They are open: the client keeps a value that only a newer PBX knows as `Unrecognized`, and
        //! sends it back as it came.

        #(mod #modules;)*
        #(pub use #modules::#names;)*
        #(#former)*
    }
}

pub(super) fn file(enumeration: &Enumeration) -> TokenStream {
    // What stands in a macro keeps its name, so it has no mark.
    let (name, in_macro) = (item(&enumeration.name), ident(&enumeration.name));
    let (wire, docs) = (&enumeration.wire, doc(&enumeration.docs));
    let deprecated = deprecated(enumeration.deprecated.as_deref());
    let values = enumeration.values.iter();
    let wires = values.clone().map(|value| &value.wire);
    let listed = values.clone().map(|value| {
        let (docs, name) = (doc(&value.docs), ident(&value.name));
        quote!(#docs #name,)
    });
    let from_index = values.clone().enumerate().map(|(index, value)| {
        let (index, name) = (Literal::usize_unsuffixed(index), ident(&value.name));
        quote!(#index => Self::#name,)
    });
    let as_str = values.map(|value| {
        let (name, wire) = (ident(&value.name), &value.wire);
        quote!(Self::#name => #wire,)
    });
    quote! {
        #docs
        #deprecated
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#listed)*
            /// A value that this crate does not know, as it came.
            Unrecognized(String),
        }

        impl Enumeration for #name {
            const NAME: &'static str = #wire;
            const VALUES: &'static [&'static str] = &[#(#wires),*];

            #[inline]
            fn from_index(index: usize) -> Option<Self> {
                Some(match index {
                    #(#from_index)*
                    _ => return None,
                })
            }

            #[inline]
            fn unrecognized(value: String) -> Self {
                Self::Unrecognized(value)
            }

            #[inline]
            fn as_str(&self) -> &str {
                match self {
                    #(#as_str)*
                    Self::Unrecognized(value) => value,
                }
            }
        }

        enumeration_serde!(#in_macro);
    }
}
