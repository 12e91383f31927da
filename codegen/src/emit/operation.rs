//! Operations: a struct of the required values, how it is written, and the options it has.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::pieces::{argument, bounds, converted, doc, ident, inline, item, ty};
use crate::tree::{
    Info, Mark, Operation, Place, Setter, Side, Statement, Takes, VariantInfo, Write,
};

pub(super) fn definition(operation: &Operation) -> TokenStream {
    let name = item(&operation.name);
    let structure = structure(operation);
    let (output, info, write) =
        (ty(&operation.output), info(&operation.info), write(&operation.write));
    let marks = operation.marks.iter().map(|it| mark(&name, it));
    let setters = setters(&name, &operation.setters);
    quote! {
        #structure

        impl Operation for #name {
            type Output = #output;
            const INFO: OperationInfo = #info;

            #[inline]
            fn write(&self, request: &mut RequestParts) {
                #write
            }
        }

        #(#marks)*

        #setters
    }
}

fn structure(operation: &Operation) -> TokenStream {
    let (name, docs) = (item(&operation.name), doc(&operation.docs));
    let fields = operation.fields.iter().map(|field| {
        let (docs, name, ty) = (doc(&field.docs), ident(&field.name), ty(&field.ty));
        quote!(#docs pub #name: #ty,)
    });
    let body = if operation.fields.is_empty() { quote!(;) } else { quote!({ #(#fields)* }) };
    if !operation.has_secrets {
        return quote!(#docs #[derive(Clone, Debug)] pub struct #name #body);
    }
    let shown = operation.fields.iter().map(|field| {
        let (name, text) = (ident(&field.name), &field.name);
        if field.is_secret {
            quote!(.field(#text, &format_args!("[redacted]")))
        } else {
            quote!(.field(#text, &self.#name))
        }
    });
    let text = &operation.name;
    quote! {
        #docs
        #[derive(Clone)]
        pub struct #name #body

        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text) #(#shown)* .finish()
            }
        }
    }
}

fn info(info: &Info) -> TokenStream {
    let Info { id, resource, route, is_file, .. } = info;
    let (kind, method) = (ident(info.kind), ident(info.method));
    let file = is_file.then(|| quote!(.with_file()));
    let releases = bounds(info.releases);
    let releases = (!releases.is_empty()).then(|| quote!(.in_releases(Releases::ALL #releases)));
    let variants = info.variants.iter().map(variant);
    let variants = (!info.variants.is_empty()).then(|| quote!(.with_variants(&[#(#variants),*])));
    quote! {
        OperationInfo::new(
            #id,
            #resource,
            OperationKind::#kind,
            Method::#method,
            #route,
        ) #file #releases #variants
    }
}

fn variant(info: &VariantInfo) -> TokenStream {
    let VariantInfo { route, has_former_answer, undeclared, .. } = info;
    let method = ident(info.method);
    let releases = bounds(info.releases);
    let former = has_former_answer.then(|| quote!(.with_former_answer()));
    let without = (!undeclared.is_empty()).then(|| quote!(.without(&[#(#undeclared),*])));
    quote! {
        Variant::new(
            Method::#method,
            #route,
            Releases::ALL #releases,
        ) #former #without
    }
}

fn write(write: &Write) -> TokenStream {
    match write {
        Write::Once(statements) => {
            let statements = statements.iter().map(statement);
            quote!(#(#statements)*)
        }
        Write::ByVariant(variants) => {
            let arms = variants.iter().enumerate().map(|(number, statements)| {
                let number = Literal::usize_unsuffixed(number);
                let statements = statements.iter().map(statement);
                quote!(#number => { #(#statements)* })
            });
            quote! {
                match request.variant() {
                    #(#arms)*
                    _ => {}
                }
            }
        }
    }
}

fn statement(statement: &Statement) -> TokenStream {
    match statement {
        Statement::Hidden(write) => {
            let write = self::statement(write);
            quote!(request.hidden(|request| { #write });)
        }
        Statement::Text(text) => quote!(request.path(#text);),
        Statement::Literal { field } => {
            let field = ident(field);
            quote!(request.literal(&self.#field);)
        }
        Statement::TypedLiteral { wire, field, side } => {
            let (field, value) = (ident(field), self::side(*side));
            quote!(request.typed_literal(#wire, self.#field.#value());)
        }
        Statement::OptionalLiteral { key } => quote!(request.optional_literal(#key);),
        Statement::GivenLiteral { key, set_by } => quote!(request.given_literal(#key, #set_by);),
        Statement::Body => quote!(request.body(&self.body);),
        Statement::EmptyBody => quote!(request.empty_body();),
        Statement::Property { wire, field } => {
            let field = ident(field);
            quote!(request.property(#wire, &self.#field);)
        }
        Statement::TypedProperty { wire, field, side } => {
            let (field, value) = (ident(field), self::side(*side));
            quote!(request.typed_property(#wire, self.#field.#value());)
        }
        Statement::OptionalProperty { wire } => quote!(request.optional_property(#wire);),
    }
}

/// The method that gives the value of one type.
fn side(side: Side) -> TokenStream {
    match side {
        Side::Current => quote!(current),
        Side::Former => quote!(former),
    }
}

fn mark(name: &Ident, mark: &Mark) -> TokenStream {
    let of_trait = ident(mark.name);
    let entity = mark.entity.iter().map(ty);
    quote!(impl #of_trait for #name { #(type Entity = #entity;)* })
}

/// The methods of a request that set what may be left out.
fn setters(name: &Ident, setters: &[Setter]) -> TokenStream {
    if setters.is_empty() {
        return TokenStream::new();
    }
    let methods = setters.iter().map(|setter| {
        let (name, wire, docs) = (ident(&setter.name), &setter.wire, doc(&setter.docs));
        let (argument, ty) = (argument(&setter.ty, setter.takes), ty(&setter.ty));
        let converted = converted(&ident("value"), setter.takes);
        let converted =
            (setter.takes != Takes::Value).then(|| quote!(let value: #ty = #converted;));
        let set = match setter.place {
            Place::Path => quote!(set_literal),
            Place::Body => quote!(set_property),
        };
        let inline = inline(setter.takes != Takes::Value);
        quote! {
            #docs
            #inline
            pub fn #name(self, value: #argument) -> Self {
                #converted
                self.#set(#wire, &value)
            }
        }
    });
    quote!(impl Request<#name> { #(#methods)* })
}
