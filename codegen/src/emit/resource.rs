//! Resources: a handle with a method for each operation, and the operations themselves.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation;
use super::pieces::{argument, doc, ident, module_docs};
use crate::tree::{Client, Operation, Resource};

pub(super) fn index(tree: &Client) -> TokenStream {
    let modules = tree.resources.iter().map(|it| ident(&it.module));
    let accessors = tree.resources.iter().map(|resource| {
        let (module, name, wire) = (ident(&resource.module), ident(&resource.name), &resource.wire);
        let docs = doc(&resource.docs);
        quote! {
            #docs
            #[doc(alias = #wire)]
            pub fn #module(&self) -> #module::#name {
                #module::#name { client: self.clone() }
            }
        }
    });
    let infos = tree.index.iter().map(|(module, name)| {
        let (module, name) = (ident(module), ident(name));
        quote!(<#module::#name as crate::support::Operation>::INFO)
    });
    quote! {
        //! The operations, by resource: each in a module of its own.

        #(pub mod #modules;)*

        impl crate::support::Client { #(#accessors)* }

        /// The facts of every operation, by operationId.
        pub const OPERATIONS: &[crate::support::OperationInfo] = &[#(#infos),*];
    }
}

pub(super) fn file(resource: &Resource) -> TokenStream {
    let name = ident(&resource.name);
    let (module_docs, docs) = (module_docs(&resource.docs), doc(&resource.docs));
    let methods = resource.operations.iter().map(method);
    let definitions = resource.operations.iter().map(operation::definition);
    quote! {
        #module_docs

        #docs
        #[derive(Clone, Debug)]
        pub struct #name {
            pub(super) client: crate::support::Client,
        }

        impl #name { #(#methods)* }

        #(#definitions)*
    }
}

/// The method that makes the operation.
fn method(operation: &Operation) -> TokenStream {
    let (method, struct_name) = (&operation.method, ident(&operation.name));
    let (name, docs, aliases) = (ident(&method.name), doc(&method.docs), &method.aliases);
    let deprecated = method.deprecated.iter();
    let taken = if method.takes_struct {
        quote!(, operation: #struct_name)
    } else {
        let arguments = operation.fields.iter().map(|field| {
            let (name, ty) = (ident(&field.name), argument(&field.ty, field.converts));
            quote!(#name: #ty)
        });
        quote!(#(, #arguments)*)
    };
    let made = if method.takes_struct {
        quote!(self.client.request(operation))
    } else {
        let converted = operation.fields.iter().filter(|field| field.converts);
        let converted = converted.map(|field| ident(&field.name));
        let value = value(operation);
        quote!(#(let #converted = #converted.into();)* self.client.request(#value))
    };
    quote! {
        #docs
        #(#[doc(alias = #aliases)])*
        #(#[deprecated(note = #deprecated)])*
        pub fn #name(&self #taken) -> crate::support::Request<#struct_name> {
            #made
        }
    }
}

/// The operation's struct, of variables that are called like its fields.
fn value(operation: &Operation) -> TokenStream {
    let (name, fields) = (ident(&operation.name), operation.fields.iter());
    if operation.fields.is_empty() {
        return quote!(#name);
    }
    let fields = fields.map(|field| ident(&field.name));
    quote!(#name { #(#fields),* })
}
