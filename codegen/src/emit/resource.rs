//! Resources: a handle with a method for each operation, and the operations themselves.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation;
use super::shape::Shape;
use super::{Context, Own, doc, docs, forms, ident, imports};
use crate::model::{Answer, History, Operation, Type};

pub(super) fn index(context: &Context<'_>) -> TokenStream {
    let resources: Vec<_> = context.resources().collect();
    let modules = resources.iter().map(|wire| ident(&context.names.resource(wire).module));
    let accessors = resources.iter().map(|wire| {
        let name = context.names.resource(wire);
        let (module, ty) = (ident(&name.module), ident(&name.ident));
        let about = doc(&format!("The operations of `{wire}`."));
        quote! {
            #about
            #[doc(alias = #wire)]
            pub fn #module(&self) -> #module::#ty {
                #module::#ty { client: self.clone() }
            }
        }
    });
    let infos = context.api.operations.values().map(|operation| {
        let module = ident(&context.names.resource(&operation.resource).module);
        let name = ident(&context.names.operation(&operation.id).ident);
        quote!(<#module::#name as Operation>::INFO)
    });
    quote! {
        //! The operations, by resource: each in a module of its own.

        use crate::client::Client;
        use crate::operation::{Operation, OperationInfo};

        #(pub mod #modules;)*

        impl Client { #(#accessors)* }

        /// The facts of every operation, by operationId.
        pub const OPERATIONS: &[OperationInfo] = &[#(#infos),*];
    }
}

pub(super) fn file(context: &Context<'_>, resource: &str) -> TokenStream {
    let name = ident(&context.names.resource(resource).ident);
    let mut operations: Vec<&History<Operation>> =
        context.api.operations.values().filter(|it| it.resource == resource).collect();
    operations.sort_by_key(|it| (&it.route.template, it.method));
    let shapes: Vec<Shape<'_>> = operations.into_iter().map(|it| Shape::new(context, it)).collect();
    let methods = shapes.iter().map(method);
    let definitions = shapes.iter().map(operation::definition);
    let answers = shapes.iter().flat_map(|shape| shape.operation.answers());
    let mut types: Vec<Type> = answers.filter_map(answer_type).collect();
    for shape in &shapes {
        types.extend(shape.types().cloned());
    }
    let retyped = shapes.iter().any(|shape| shape.operation.answers().len() > 1);
    let imports = imports(&types, Own::Elsewhere, retyped);
    let about = doc(&format!("The operations of `{resource}`."));
    let module_about = format!(" The operations of `{resource}`.");
    let answer_imports = operation::answer_imports(&shapes);
    let marks = operation::mark_imports(&shapes);
    let has_forms = forms::any(&shapes);
    let form = has_forms.then(|| quote!(Form,));
    let is_bounded = |shape: &Shape<'_>| {
        forms::bounds(context, shape.operation.seen).iter().any(Option::is_some)
    };
    let release = (has_forms || shapes.iter().any(is_bounded)).then(|| quote!(Release,));
    quote! {
        #![doc = #module_about]

        #answer_imports
        use crate::client::Client;
        #imports
        use crate::operation::{#marks #form Method, Operation, OperationInfo, OperationKind, RequestParts};
        use crate::release::{#release Releases};
        use crate::request::Request;

        #about
        #[derive(Clone, Debug)]
        pub struct #name {
            pub(super) client: Client,
        }

        impl #name { #(#methods)* }

        #(#definitions)*
    }
}

/// The type that an operation's answer names.
fn answer_type(answer: &Answer) -> Option<Type> {
    match answer {
        Answer::Nothing => None,
        Answer::Object { entity, .. } => Some(Type::Entity(entity.clone())),
        Answer::Collection { of } => Some(of.clone()),
        Answer::Value { ty, .. } => Some(ty.clone()),
    }
}

/// The method that makes the operation.
fn method(shape: &Shape<'_>) -> TokenStream {
    let context = shape.context;
    let names = context.names.operation(&shape.operation.id);
    let (method, operation) = (ident(&names.method), ident(&names.ident));
    let about = doc(&docs::operation(context, shape.operation));
    let mut ids: Vec<&String> = shape.operation.shapes().map(|(form, _)| &form.id).collect();
    ids.dedup();
    let deprecated = docs::deprecation(context, shape.operation);
    let deprecated = deprecated.map(|note| quote!(#[deprecated(note = #note)]));
    let (arguments, value) = if shape.by_struct() {
        (quote!(operation: #operation), quote!(operation))
    } else {
        let arguments = shape.required.iter().map(|field| {
            let (name, ty) = (&field.ident, context.argument(&field.ty));
            quote!(#name: #ty)
        });
        let values = shape.required.iter().map(|field| {
            let name = &field.ident;
            if super::converts(&field.ty) { quote!(#name: #name.into()) } else { quote!(#name) }
        });
        let value = if shape.required.is_empty() {
            quote!(#operation)
        } else {
            quote!(#operation { #(#values),* })
        };
        (quote!(#(#arguments),*), value)
    };
    let notes = shape.argument_docs();
    let separator = if arguments.is_empty() { quote!() } else { quote!(,) };
    quote! {
        #about
        #notes
        #(#[doc(alias = #ids)])*
        #deprecated
        pub fn #method(&self #separator #arguments) -> Request<#operation> {
            Request::new(&self.client, #value)
        }
    }
}
