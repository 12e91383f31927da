//! The wire driver's calls: each operation once, with sample values and every declared option.

use proc_macro2::TokenStream;
use quote::quote;

use super::shape::{Field, Shape};
use super::{Context, docs, ident};
use crate::model::{Answer, Operation, Property, QueryOption, Type};

pub(super) fn file(context: &Context<'_>) -> TokenStream {
    let shapes: Vec<Shape<'_>> =
        context.api.operations.values().map(|it| Shape::new(context, it)).collect();
    let rows = shapes.iter().map(|shape| {
        let (id, name) = (&shape.operation.id, function(shape, 0));
        quote!((#id, #name))
    });
    let functions = shapes.iter().map(|shape| call(shape, &shape.operation.newest, 0));
    // What changed is called in each of its forms; the newest with no more than all releases know.
    let forms: Vec<(&Shape<'_>, usize, &Operation)> = shapes
        .iter()
        .flat_map(|shape| {
            let forms = super::forms::shapes(shape).into_iter().enumerate();
            forms.map(move |(index, form)| (shape, index, form))
        })
        .collect();
    let form_rows = forms.iter().map(|(shape, index, _)| {
        let (id, name) = (&shape.operation.id, function(shape, index + 1));
        quote!((#id, #index, #name))
    });
    let form_functions = forms.iter().map(|(shape, index, form)| call(shape, form, index + 1));
    quote! {
        //! One call of each operation, with sample values and every query option it declares; and of
        //! each form of those that have changed, without query options.

        use threecx_xapi::{Client, Filter, Retyped, entities, enums, resources};
        use threecx_xapi::edm::*;
        use crate::sample;
        use crate::wire::{Call, Running, download, run};

        /// The calls by operationId.
        pub const CALLS: &[(&str, Call)] = &[#(#rows),*];

        /// The calls of operations that have several forms, by operationId and form.
        pub const FORMS: &[(&str, usize, Call)] = &[#(#form_rows),*];

        #(#functions)*
        #(#form_functions)*
    }
}

/// The function that makes an operation's call: with all that it declares, or in the form before
/// `form`.
fn function(shape: &Shape<'_>, form: usize) -> proc_macro2::Ident {
    let names = &shape.context.names;
    let resource = &names.resource(&shape.operation.resource).module;
    let method = names.operation(&shape.operation.id).method.trim_end_matches('_');
    match form {
        0 => ident(&format!("{resource}_{method}")),
        form => ident(&format!("{resource}_{method}_form_{}", form - 1)),
    }
}

/// The call with the values that a form takes.
fn call(shape: &Shape<'_>, form: &Operation, index: usize) -> TokenStream {
    let (context, operation) = (shape.context, shape.operation);
    let name = function(shape, index);
    let resource = ident(&context.names.resource(&operation.resource).module);
    let names = context.names.operation(&operation.id);
    let (method, ty) = (ident(&names.method), ident(&names.ident));
    let arguments = if shape.by_struct() {
        let fields = shape.required.iter().map(|field| {
            let (name, value) = (&field.ident, argument(shape, form, field));
            quote!(#name: #value)
        });
        quote!(resources::#resource::#ty { #(#fields),* })
    } else {
        let values = shape.required.iter().map(|field| argument(shape, form, field));
        quote!(#(#values),*)
    };
    let optional = shape.optional.iter().filter(|field| type_in(shape, form, field).is_some());
    let optional = optional.map(|field| {
        let (name, value) = (&field.ident, argument(shape, form, field));
        quote!(.#name(#value))
    });
    let options = if index == 0 { operation.options.as_slice() } else { &[] };
    let options = options.iter().map(|option| query(context, operation, *option));
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

/// The type that a value has in a form; none if the form doesn't take it.
fn type_in<'f>(shape: &Shape<'_>, form: &'f Operation, field: &Field) -> Option<&'f Type> {
    let name = |wire| shape.context.names.parameter(&shape.operation.id, wire);
    form.values().find(|(wire, ..)| field.ident == name(wire)).map(|(_, ty, _)| ty)
}

/// A sample value for a field in a form.
fn argument(shape: &Shape<'_>, form: &Operation, field: &Field) -> TokenStream {
    match (&field.ty, field.max_length) {
        (Type::Changed(_, former), _) if type_in(shape, form, field) == Some(&**former) => {
            let value = value(shape.context, former);
            quote!(Retyped::Former(#value))
        }
        (_, Some(longest)) => {
            let longest = proc_macro2::Literal::usize_unsuffixed(longest);
            quote!(sample::text(#longest))
        }
        (ty, None) => value(shape.context, ty),
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
