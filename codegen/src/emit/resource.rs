//! Resources: a handle with a method for each operation, and the operations themselves.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::pieces::{
    argument, converted, deprecated, doc, ident, inline, item, module_docs, searched,
};
use super::{example, operation};
use crate::tree::{Client, Field, Method, Moved, Operation, Resource, Takes};

pub(super) fn index(tree: &Client) -> TokenStream {
    let modules = tree.resources.iter().map(|it| ident(&it.module));
    let accessors = tree.resources.iter().map(|resource| {
        let (module, name) = (item(&resource.module), ident(&resource.name));
        let searched = searched(&resource.module, [&resource.wire]);
        let docs = doc(&resource.docs);
        let deprecated = deprecated(resource.deprecated.as_deref());
        quote! {
            #docs
            #searched
            #deprecated
            #[inline]
            pub fn #module(&self) -> #module::#name {
                #module::#name { client: self.clone() }
            }
        }
    });
    let infos = tree.index.iter().map(|(module, name)| {
        let (module, name) = (item(module), ident(name));
        quote!(<#module::#name as Operation>::INFO)
    });
    quote! {
        //! The operations, by resource: each resource is a module.
        //!
        //! A method of the [`Client`](crate::Client) with the module's name gives the resource's handle, and the
        //! handle has a method for each operation. [`OPERATIONS`] lists all operations as data.

        #(pub mod #modules;)*

        impl Client { #(#accessors)* }

        /// The facts of every operation, by operationId.
        pub const OPERATIONS: &[OperationInfo] = &[#(#infos),*];
    }
}

pub(super) fn file(resource: &Resource) -> syn::Result<TokenStream> {
    let name = item(&resource.name);
    let example = resource.example.as_ref().map(example::block).transpose()?.unwrap_or_default();
    let module_docs = module_docs(&format!(
        "{}\n\n[`{}`] has a method for each. The other structs here are the operations as data.",
        resource.docs, resource.name
    ));
    let docs = doc(&format!("{}{example}", resource.docs));
    let methods = resource.operations.iter().map(method);
    let former = resource.moved.iter().filter_map(former);
    let aliases = resource.moved.iter().filter_map(alias);
    let definitions = resource.operations.iter().map(operation::definition);
    Ok(quote! {
        #module_docs

        #(#aliases)*

        #docs
        #[derive(Clone, Debug)]
        pub struct #name {
            pub(super) client: Client,
        }

        impl #name { #(#methods)* #(#former)* }

        #(#definitions)*
    })
}

/// The method that makes the operation.
fn method(operation: &Operation) -> TokenStream {
    let name = item(&operation.name);
    made(&operation.method, &quote!(#name), &operation.fields)
}

/// The former method of an operation.
fn former(moved: &Moved) -> Option<TokenStream> {
    let name = moved.alias.as_ref().unwrap_or(&moved.name);
    let path = match (&moved.alias, &moved.module) {
        (None, Some(module)) => {
            let (module, name) = (ident(module), ident(name));
            quote!(super::#module::#name)
        }
        _ => item(name).into_token_stream(),
    };
    Some(made(moved.method.as_ref()?, &path, &moved.fields))
}

/// The former name of an operation's struct. It is a re-export, so it stands for the struct's value too.
fn alias(moved: &Moved) -> Option<TokenStream> {
    let (alias, name) = (ident(moved.alias.as_ref()?), ident(&moved.name));
    let module = match &moved.module {
        Some(module) => {
            let module = ident(module);
            quote!(super::#module)
        }
        None => quote!(self),
    };
    let renamed = (alias != name).then(|| quote!(as #alias));
    Some(quote!(pub use #module::#name #renamed;))
}

fn made(method: &Method, path: &TokenStream, fields: &[Field]) -> TokenStream {
    let (name, docs) = (ident(&method.name), doc(&method.docs));
    let searched = searched(&method.name, &method.aliases);
    let deprecated = deprecated(method.deprecated.as_deref());
    let taken = if method.takes_struct {
        quote!(, operation: #path)
    } else {
        let arguments = fields.iter().map(|field| {
            let (name, ty) = (ident(&field.name), argument(&field.ty, field.takes));
            quote!(#name: #ty)
        });
        quote!(#(, #arguments)*)
    };
    let made = if method.takes_struct {
        quote!(self.client.request(operation))
    } else {
        let converting = fields.iter().filter(|field| field.takes != Takes::Value).map(|field| {
            let name = ident(&field.name);
            let value = converted(&name, field.takes);
            quote!(let #name = #value;)
        });
        let value = value(path, fields);
        quote!(#(#converting)* self.client.request(#value))
    };
    let converts = fields.iter().any(|field| field.takes != Takes::Value);
    let inline = inline(converts && !method.takes_struct);
    quote! {
        #docs
        #searched
        #deprecated
        #inline
        pub fn #name(&self #taken) -> Request<#path> {
            #made
        }
    }
}

/// The operation's struct, of variables that are called like its fields.
fn value(path: &TokenStream, fields: &[Field]) -> TokenStream {
    if fields.is_empty() {
        return path.clone();
    }
    let fields = fields.iter().map(|field| ident(&field.name));
    quote!(#path { #(#fields),* })
}
