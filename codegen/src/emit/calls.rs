//! For the tests: each operation called once with sample values and every option it declares, and
//! every type that holds a secret shown with a canary in the secret's place.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::pieces::{ident, item, ty};
use crate::tree::{Call, Query, Sample, Secret, Tests};

pub(super) fn file(tree: &Tests) -> TokenStream {
    let rows = tree.calls.iter().map(|call| {
        let (id, name) = (&call.id, item(&call.function));
        quote!((#id, #name))
    });
    let variant_rows = tree.variants.iter().map(|call| {
        let (id, number, name) = (&call.id, call.variant, item(&call.function));
        let number = Literal::usize_unsuffixed(number);
        quote!((#id, #number, #name))
    });
    let functions = tree.calls.iter().chain(&tree.variants).map(function);
    quote! {
        //! One call of each operation, with sample values and every query option it declares; and one
        //! call of each variant of the operations that have several.

        #![allow(deprecated)]

        /// The calls by operationId.
        pub const CALLS: &[(&str, Call)] = &[#(#rows),*];

        /// The calls of operations that have several variants, by operationId and variant.
        pub const VARIANTS: &[(&str, usize, Call)] = &[#(#variant_rows),*];

        #(#functions)*
    }
}

fn function(call: &Call) -> TokenStream {
    let (name, reader) = (item(&call.function), ident(call.reader));
    let (resource, method) = (ident(&call.resource), ident(&call.method));
    let arguments = match &call.by_struct {
        Some(name) => structure(&call.resource, name, &call.arguments),
        None => {
            let values = call.arguments.iter().map(|(_, value)| sample(value));
            quote!(#(#values),*)
        }
    };
    let setters = call.setters.iter().map(|(name, value)| {
        let (name, value) = (ident(name), sample(value));
        quote!(.#name(#value))
    });
    let options = call.options.iter().map(query);
    let condition = call.is_conditional.then(|| quote!(.if_match("W/\"1\"")));
    quote! {
        fn #name(pbx: &Client) -> Running {
            #reader(
                pbx.#resource().#method(#arguments) #(#setters)* #(#options)* #condition
            )
        }
    }
}

fn structure(module: &str, name: &str, fields: &[(String, Sample)]) -> TokenStream {
    let (module, name) = (ident(module), ident(name));
    let fields = fields.iter().map(|(name, value)| {
        let (name, value) = (ident(name), sample(value));
        quote!(#name: #value)
    });
    quote!(resources::#module::#name { #(#fields),* })
}

fn sample(value: &Sample) -> TokenStream {
    match value {
        Sample::Text(longest) => {
            let longest = Literal::usize_unsuffixed(*longest);
            quote!(sample::text(#longest))
        }
        Sample::Of(function, of) => {
            let (function, of) = (ident(function), ty(of));
            quote!(sample::#function::<#of>())
        }
        Sample::List(of) => {
            let of = sample(of);
            quote!(Vec::from([#of]))
        }
        Sample::Present(of) => {
            let of = sample(of);
            quote!(Some(#of))
        }
        Sample::Former(of) => {
            let of = sample(of);
            quote!(Retyped::Former(#of))
        }
        Sample::Canary => quote!(canary.to_owned()),
    }
}

fn query(option: &Query) -> TokenStream {
    match option {
        Query::Filter => quote!(.filter(Filter::raw(sample::FILTER))),
        Query::Count => quote!(.count(true)),
        Query::Number(method, number) => {
            let (method, number) = (ident(method), Literal::usize_unsuffixed(*number));
            quote!(.#method(#number))
        }
        Query::Text(method, text) => {
            let method = ident(method);
            quote!(.#method(#text))
        }
        Query::Properties { method, entity, constants, is_descending } => {
            let (method, entity) = (ident(method), ident(entity));
            let order = is_descending.then(|| quote!(.desc()));
            let constants = constants.iter().map(|constant| {
                let constant = ident(constant);
                quote!(entities::#entity::#constant #order)
            });
            quote!(.#method((#(#constants,)*)))
        }
    }
}

/// Every entity.
pub(super) fn entities(tree: &Tests) -> TokenStream {
    let entities = tree.entities.iter().map(|(wire, name)| {
        let name = ident(name);
        quote!((#wire, through::<entities::#name>))
    });
    quote! {
        //! Every entity, read and written.

        #![allow(deprecated)]

        /// How an answer's text is read as an entity and written again.
        pub const ENTITIES: &[(&str, RoundTrip)] = &[#(#entities),*];
    }
}

/// Everything that holds a secret.
pub(super) fn secrets(tree: &Tests) -> TokenStream {
    let entities = tree.secret_entities.iter().map(|(wire, name)| {
        let name = ident(name);
        quote!((#wire, show::<entities::#name>))
    });
    let operations = tree.secret_operations.iter().map(|secret| {
        let Secret { id, module, name, fields } = secret;
        let value = structure(module, name, fields);
        quote!((#id, |canary| debug(&#value)))
    });
    quote! {
        //! Everything that holds a secret, shown with a canary in the secret's place.

        #![allow(deprecated)]

        /// Entities: how one is shown that is read from this JSON.
        pub const ENTITIES: &[(&str, Show)] = &[#(#entities),*];

        /// Operations: how one is shown whose secrets are the canary.
        pub const OPERATIONS: &[(&str, ShowOperation)] = &[#(#operations),*];
    }
}
