//! Enumerations: open, with a variant for what is not known yet.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{Context, doc, docs, ident};
use crate::model::Enumeration;

pub(super) fn index(context: &Context<'_>) -> TokenStream {
    let enumerations = context.api.enumerations.keys().map(|wire| context.names.ty(wire));
    let (modules, idents): (Vec<_>, Vec<_>) =
        enumerations.map(|name| (ident(&name.module), ident(&name.ident))).unzip();
    quote! {
        //! Enumerations, each in a module of its own.
        //!
        //! They are open: a value that a newer PBX sends is kept as `Unrecognized` and sent back as it
        //! came.

        #(mod #modules;)*
        #(pub use #modules::#idents;)*
    }
}

pub(super) fn file(context: &Context<'_>, enumeration: &Enumeration) -> TokenStream {
    let name = context.type_ident(&enumeration.name);
    let wire_name = &enumeration.name;
    let values: Vec<&String> = enumeration.values.keys().collect();
    let about = doc(&docs::enumeration(context, enumeration));
    let variants: Vec<_> =
        values.iter().map(|value| ident(context.names.member(wire_name, value))).collect();
    let listed = values.iter().zip(&variants).map(|(value, variant)| {
        let about = doc(&docs::value(context, enumeration, value));
        quote!(#about #variant,)
    });
    let from_index = variants.iter().enumerate().map(|(index, variant)| {
        let index = Literal::usize_unsuffixed(index);
        quote!(#index => Self::#variant,)
    });
    let as_str =
        values.iter().zip(&variants).map(|(value, variant)| quote!(Self::#variant => #value,));
    quote! {
        use crate::enumeration::{Enumeration, enumeration_serde};

        #about
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#listed)*
            /// A value that this crate does not know, as it came.
            Unrecognized(String),
        }

        impl Enumeration for #name {
            const NAME: &'static str = #wire_name;
            const VALUES: &'static [&'static str] = &[#(#values),*];

            fn from_index(index: usize) -> Option<Self> {
                Some(match index {
                    #(#from_index)*
                    _ => return None,
                })
            }

            fn unrecognized(value: String) -> Self {
                Self::Unrecognized(value)
            }

            fn as_str(&self) -> &str {
                match self {
                    #(#as_str)*
                    Self::Unrecognized(value) => value,
                }
            }
        }

        enumeration_serde!(#name);
    }
}
