//! The wire driver's calls: each operation once, with sample values and every declared option.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::{Field, Shape};
use super::{Context, docs, ident};
use crate::model::{Answer, History, Operation, Property, QueryOption, Type};

pub(super) fn file(context: &Context<'_>) -> TokenStream {
    let operations: Vec<&History<Operation>> = context.api.operations.values().collect();
    let rows = operations.iter().map(|operation| {
        let (id, name) = (&operation.id, function(context, operation));
        quote!((#id, #name))
    });
    let functions = operations.iter().map(|operation| call(context, operation));
    quote! {
        //! One call of each operation, with sample values and every query option it declares.

        use threecx_xapi::{Client, Filter, entities, enums, resources};
        use threecx_xapi::edm::*;
        use crate::sample;
        use crate::wire::{Call, Running, download, run};

        /// The calls by operationId.
        pub const CALLS: &[(&str, Call)] = &[#(#rows),*];

        #(#functions)*
    }
}

/// The function that makes an operation's call.
fn function(context: &Context<'_>, operation: &Operation) -> proc_macro2::Ident {
    let resource = &context.names.resource(&operation.resource).module;
    let method = &context.names.operation(&operation.id).method;
    ident(&format!("{resource}_{}", method.trim_end_matches('_')))
}

fn call(context: &Context<'_>, operation: &History<Operation>) -> TokenStream {
    let shape = Shape::new(context, operation);
    let name = function(context, operation);
    let resource = ident(&context.names.resource(&operation.resource).module);
    let names = context.names.operation(&operation.id);
    let (method, ty) = (ident(&names.method), ident(&names.ident));
    let arguments = if shape.by_struct() {
        let fields = shape.required.iter().map(|field| {
            let (name, value) = (&field.ident, argument(context, field));
            quote!(#name: #value)
        });
        quote!(resources::#resource::#ty { #(#fields),* })
    } else {
        let values = shape.required.iter().map(|field| argument(context, field));
        quote!(#(#values),*)
    };
    // The newest form is called, so what only former ones take stays out.
    let is_newest = |field: &&Field| operation.values().any(|(wire, _)| wire == field.wire);
    let optional = shape.optional.iter().filter(is_newest).map(|field| {
        let (name, value) = (&field.ident, argument(context, field));
        quote!(.#name(#value))
    });
    let options = operation.options.iter().map(|option| query(context, operation, *option));
    let if_match = operation.if_match.then(|| quote!(.if_match("W/\"1\"")));
    let finish = if operation.is_file() { quote!(download) } else { quote!(run) };
    // One that 3CX dropped is called all the same.
    let deprecated = docs::deprecation(context, operation).map(|_| quote!(#[allow(deprecated)]));
    quote! {
        #deprecated
        fn #name(pbx: &Client) -> Running {
            #finish(pbx.#resource().#method(#arguments) #(#optional)* #(#options)* #if_match)
        }
    }
}

/// A sample value for a field.
fn argument(context: &Context<'_>, field: &Field) -> TokenStream {
    match field.max_length {
        Some(longest) => {
            let longest = proc_macro2::Literal::usize_unsuffixed(longest);
            quote!(sample::text(#longest))
        }
        None => value(context, &field.ty),
    }
}

/// A sample value of a type.
pub(super) fn value(context: &Context<'_>, ty: &Type) -> TokenStream {
    let rust = context.rust(ty);
    match ty {
        Type::Enumeration(_) => quote!(sample::enumeration::<#rust>()),
        Type::Flags(name) => {
            let name = context.type_ident(name);
            quote!(sample::flags::<enums::#name>())
        }
        Type::Entity(_) => quote!(sample::body::<#rust>()),
        Type::Changed(current, _) => value(context, current),
        Type::Collection(of) => {
            let value = value(context, of);
            quote!(vec![#value])
        }
        _ => quote!(sample::value::<#rust>()),
    }
}

/// A query option with properties of the entity that the operation answers with.
fn query(context: &Context<'_>, operation: &Operation, option: QueryOption) -> TokenStream {
    let entity = match &operation.answer {
        Answer::Object { entity, .. } => Some(entity),
        Answer::Collection { of: Type::Entity(entity) } => Some(entity),
        _ => None,
    };
    let entity = entity.and_then(|name| context.api.entities.get(name));
    let constants = |wanted: fn(&Property) -> bool, most: usize| -> Vec<TokenStream> {
        let properties = entity.into_iter().flat_map(|entity| {
            entity.properties.values().filter(|it| wanted(it)).map(move |it| (entity, it))
        });
        let constants = properties.map(|(entity, property)| {
            let ty = context.type_ident(&entity.name);
            let constant = ident(&context.names.constant(&entity.name, &property.name));
            quote!(entities::#ty::#constant)
        });
        constants.take(most).collect()
    };
    match option {
        QueryOption::Filter => quote!(.filter(Filter::raw(sample::FILTER))),
        QueryOption::Search => quote!(.search("O'Brien & +1")),
        QueryOption::Count => quote!(.count(true)),
        QueryOption::Top => quote!(.top(10)),
        QueryOption::Skip => quote!(.skip(20)),
        QueryOption::Select => match constants(|it| !it.navigation, 2).as_slice() {
            [] => quote!(.select("Id")),
            some => quote!(.select((#(#some,)*))),
        },
        QueryOption::Expand => match constants(|it| it.navigation, 1).as_slice() {
            [] => quote!(.expand("*")),
            some => quote!(.expand((#(#some,)*))),
        },
        QueryOption::OrderBy => match constants(|it| !it.navigation, 1).as_slice() {
            [] => quote!(.order_by("Id desc")),
            some => quote!(.order_by((#(#some.desc(),)*))),
        },
    }
}
