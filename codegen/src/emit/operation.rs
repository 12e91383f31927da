//! Operations: a struct of the required values, how it is written, and the options it has.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::shape::{Field, Shape};
use super::{converts, doc, forms, ident};
use crate::model::{Answer, Body, Method, OperationKind, QueryOption, Type};

impl Shape<'_> {
    fn output(&self) -> TokenStream {
        let answers = self.operation.answers();
        let mut declared = answers.iter().map(|answer| self.answer(answer));
        let newest = declared.next().unwrap_or_default();
        let declared = match declared.next() {
            Some(former) => quote!(Retyped<#newest, #former>),
            None => newest,
        };
        if self.operation.is_file() { quote!(Download<#declared>) } else { declared }
    }

    fn answer(&self, answer: &Answer) -> TokenStream {
        match answer {
            Answer::Nothing => quote!(()),
            Answer::Object { entity, nullable, .. } => {
                let rust = self.context.rust(&Type::Entity(entity.clone()));
                if *nullable { quote!(Option<#rust>) } else { rust }
            }
            Answer::Collection { of } => {
                let rust = self.context.rust(of);
                quote!(Page<#rust>)
            }
            Answer::Value { ty, .. } => {
                let rust = self.context.rust(ty);
                quote!(Value<#rust>)
            }
        }
    }

    /// The entity that query options speak of.
    fn entity(&self) -> TokenStream {
        match &self.operation.answer {
            Answer::Object { entity, .. } => self.context.rust(&Type::Entity(entity.clone())),
            Answer::Collection { of } => self.context.rust(of),
            Answer::Value { ty, .. } => self.context.rust(ty),
            Answer::Nothing => quote!(()),
        }
    }

    /// The traits of the options that the operation declares, with whether they name the entity.
    fn marks(&self) -> BTreeSet<(&'static str, bool)> {
        let mut marks: BTreeSet<_> = self.operation.options.iter().map(mark).collect();
        if self.operation.if_match {
            marks.insert(("Conditional", false));
        }
        if self.updated().is_some() {
            marks.insert(("Updatable", true));
        }
        marks
    }

    /// The entity that a PATCH changes.
    fn updated(&self) -> Option<&str> {
        match &self.operation.body {
            Some(Body::Entity { entity, .. })
                if self.operation.kind == OperationKind::Update
                    && self.operation.method == Method::Patch =>
            {
                Some(entity)
            }
            _ => None,
        }
    }
}

fn mark(option: &QueryOption) -> (&'static str, bool) {
    match option {
        QueryOption::Filter => ("Filterable", true),
        QueryOption::Search => ("Searchable", false),
        QueryOption::OrderBy => ("Orderable", true),
        QueryOption::Select => ("Selectable", true),
        QueryOption::Expand => ("Expandable", true),
        QueryOption::Count => ("Countable", false),
        QueryOption::Top | QueryOption::Skip => ("Pageable", false),
    }
}

pub(super) fn mark_imports(shapes: &[Shape<'_>]) -> TokenStream {
    let marks: BTreeSet<&str> =
        shapes.iter().flat_map(|shape| shape.marks().into_iter().map(|(name, _)| name)).collect();
    let marks = marks.into_iter().map(ident);
    quote!(#(#marks,)*)
}

pub(super) fn answer_imports(shapes: &[Shape<'_>]) -> TokenStream {
    let any = |wanted: fn(&Answer) -> bool| {
        shapes.iter().any(|it| it.operation.answers().into_iter().any(wanted))
    };
    let page = any(|answer| matches!(answer, Answer::Collection { .. })).then(|| ident("Page"));
    let value = any(|answer| matches!(answer, Answer::Value { .. })).then(|| ident("Value"));
    let answers: Vec<Ident> = page.into_iter().chain(value).collect();
    let answers = (!answers.is_empty()).then(|| quote!(use crate::answer::{#(#answers),*};));
    let files = shapes.iter().any(|shape| shape.operation.is_file());
    let download = files.then(|| {
        quote!(
            use crate::download::Download;
        )
    });
    quote!(#answers #download)
}

pub(super) fn definition(shape: &Shape<'_>) -> TokenStream {
    let operation = shape.operation;
    let context = shape.context;
    let name = ident(&context.names.operation(&operation.id).ident);
    let (output, info, write) = (shape.output(), forms::info(shape), forms::write(shape));
    let method = &context.names.operation(&operation.id).method;
    let resource = &context.names.resource(&operation.resource).ident;
    let about = doc(&format!("What [`{resource}::{method}`] sends."));
    let fields = shape.required.iter().map(|field| {
        let (ident, rust, about) = (&field.ident, context.rust(&field.ty), doc(&field.about));
        quote!(#about pub #ident: #rust,)
    });
    let body = if shape.required.is_empty() { quote!(;) } else { quote!({ #(#fields)* }) };
    let entity = shape.entity();
    let marks = shape.marks();
    let marks = marks.iter().map(|(mark, names_entity)| {
        let mark_ident = ident(mark);
        let entity = match (*mark, shape.updated()) {
            ("Updatable", Some(updated)) => context.rust(&Type::Entity(updated.to_owned())),
            _ => entity.clone(),
        };
        let entity = names_entity.then(|| quote!(type Entity = #entity;));
        quote!(impl #mark_ident for #name { #entity })
    });
    let options = options(shape, &name);
    let debug = debug(shape, &name);
    let derives = if debug.is_some() { quote!(Clone) } else { quote!(Clone, Debug) };
    quote! {
        #about
        #[derive(#derives)]
        pub struct #name #body

        #debug

        impl Operation for #name {
            type Output = #output;
            const INFO: OperationInfo = #info;

            #[inline]
            fn write(&self, request: &mut RequestParts) {
                #write
            }
        }

        #(#marks)*

        #options
    }
}

/// How an operation with a secret among its values is shown: without it.
fn debug(shape: &Shape<'_>, name: &Ident) -> Option<TokenStream> {
    let is_secret =
        |field: &Field| shape.context.secrets.contains(&shape.operation.id, &field.wire);
    if !shape.required.iter().any(is_secret) {
        return None;
    }
    let fields = shape.required.iter().map(|field| {
        let (ident, text) = (&field.ident, field.ident.to_string());
        if is_secret(field) {
            quote!(.field(#text, &format_args!("[redacted]")))
        } else {
            quote!(.field(#text, &self.#ident))
        }
    });
    let text = name.to_string();
    Some(quote! {
        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#text) #(#fields)* .finish()
            }
        }
    })
}

/// The methods of a request that set what may be left out.
fn options(shape: &Shape<'_>, name: &Ident) -> TokenStream {
    if shape.optional.is_empty() {
        return TokenStream::new();
    }
    let methods = shape.optional.iter().map(|field| {
        let (ident, wire) = (&field.ident, &field.wire);
        let (argument, rust) = (shape.context.argument(&field.ty), shape.context.rust(&field.ty));
        let about = doc(&field.about);
        let value =
            if converts(&field.ty) { quote!(&Into::<#rust>::into(value)) } else { quote!(&value) };
        let set = if field.in_path { quote!(set_literal) } else { quote!(set_property) };
        quote! {
            #about
            pub fn #ident(self, value: #argument) -> Self {
                self.#set(#wire, #value)
            }
        }
    });
    quote!(impl Request<#name> { #(#methods)* })
}
