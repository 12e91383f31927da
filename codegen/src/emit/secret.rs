//! For the tests: every type that holds a secret, with a canary in the secret's place, as it is shown.

use proc_macro2::TokenStream;
use quote::quote;

use super::shape::{Field, Shape};
use super::{Context, ident, wire};
use crate::model::Type;

pub(super) fn file(context: &Context<'_>) -> TokenStream {
    let entities = context.api.entities.values().filter(|entity| {
        entity.properties.keys().any(|name| context.secrets.contains(&entity.name, name))
    });
    let entities = entities.map(|entity| {
        let (name, ty) = (&entity.name, context.type_ident(&entity.name));
        quote!((#name, show::<entities::#ty>))
    });
    let operations = context.api.operations.values().map(|it| Shape::new(context, it));
    let operations = operations.filter_map(|shape| operation(&shape));
    quote! {
        //! Everything that holds a secret, shown with a canary in the secret's place.

        use threecx_xapi::{entities, resources};
        use crate::sample;
        use crate::secrets::{Show, ShowOperation, debug, show};

        /// Entities: how one is shown that is read from this JSON.
        pub const ENTITIES: &[(&str, Show)] = &[#(#entities),*];

        /// Operations: how one is shown whose secrets are the canary.
        pub const OPERATIONS: &[(&str, ShowOperation)] = &[#(#operations),*];
    }
}

fn operation(shape: &Shape<'_>) -> Option<TokenStream> {
    let (context, id) = (shape.context, &shape.operation.id);
    let is_secret = |field: &Field| context.secrets.contains(id, &field.wire);
    if !shape.required.iter().any(is_secret) {
        return None;
    }
    let fields = shape.required.iter().map(|field| {
        let name = &field.ident;
        let value = match (is_secret(field), &field.ty) {
            (true, Type::String) => quote!(canary.to_owned()),
            _ => wire::value(context, &field.ty),
        };
        quote!(#name: #value)
    });
    let module = ident(&context.names.resource(&shape.operation.resource).module);
    let ty = ident(&context.names.operation(id).ident);
    Some(quote! {
        (#id, |canary| debug(&resources::#module::#ty { #(#fields),* }))
    })
}
