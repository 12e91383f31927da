//! The forms of an operation: what the facts of each are, and how each is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::shape::{Field, Shape};
use super::{Context, ident};
use crate::model::{
    Body, Bounds, Method, Operation, OperationKind, Property, RoutePart, Seen, Type,
};

/// The facts of an operation.
pub(super) fn info(shape: &Shape<'_>) -> TokenStream {
    let (context, operation) = (shape.context, shape.operation);
    let (id, resource, route) = (&operation.id, &operation.resource, &operation.route.template);
    let kind = ident(match operation.kind {
        OperationKind::List => "List",
        OperationKind::Get => "Get",
        OperationKind::Create => "Create",
        OperationKind::Update => "Update",
        OperationKind::Delete => "Delete",
        OperationKind::Navigation => "Navigation",
        OperationKind::Function => "Function",
        OperationKind::Action => "Action",
    });
    let method = method(operation.method);
    let file = operation.is_file();
    let releases = releases(context, operation.seen);
    let forms = distinct(shape);
    let forms = (forms.len() > 1).then(|| forms.iter().map(|form| form.info(shape)));
    let forms = forms.into_iter().flatten();
    quote! {
        OperationInfo {
            id: #id,
            resource: #resource,
            kind: OperationKind::#kind,
            method: Method::#method,
            route: #route,
            file: #file,
            releases: #releases,
            forms: &[#(#forms),*],
        }
    }
}

/// The statements that write path and body, for each form.
pub(super) fn write(shape: &Shape<'_>) -> TokenStream {
    let forms = distinct(shape);
    let Some((oldest, newer)) = forms.split_last() else { return TokenStream::new() };
    let last = oldest.write(shape);
    if newer.iter().all(|form| form.write(shape).to_string() == last.to_string()) {
        return last;
    }
    let arms = newer.iter().enumerate().map(|(index, form)| {
        let index = proc_macro2::Literal::usize_unsuffixed(index);
        let write = form.write(shape);
        quote!(#index => { #write })
    });
    quote! {
        match request.form() {
            #(#arms)*
            _ => { #last }
        }
    }
}

/// The forms of an operation that has several, the newest first.
pub(super) fn shapes<'a>(shape: &Shape<'a>) -> Vec<&'a Operation> {
    let forms = distinct(shape);
    if forms.len() > 1 { forms.into_iter().map(|form| form.form).collect() } else { Vec::new() }
}

/// Whether any of the operations has several forms.
pub(super) fn any(shapes: &[Shape<'_>]) -> bool {
    shapes.iter().any(|shape| distinct(shape).len() > 1)
}

/// The releases that have a fact.
pub(super) fn releases(context: &Context<'_>, seen: Seen) -> TokenStream {
    let [since, until] = bounds(context, seen);
    let since = since.map(|since| quote!(.since(#since)));
    let until = until.map(|until| quote!(.until(#until)));
    quote!(Releases::ALL #since #until)
}

/// The first and the last release that has a fact, as far as it is bounded. A PBX doesn't say of which
/// document it is: those of one release count alike.
pub(super) fn bounds(context: &Context<'_>, seen: Seen) -> [Option<TokenStream>; 2] {
    let Bounds { since, until, .. } = Bounds::of(&context.api.releases, seen, context.all());
    [since, until].map(|bound| {
        let bound = bound?;
        let release = bound.split('/').next().unwrap_or_default();
        let numbers = release.split('.').filter_map(|number| number.parse::<u16>().ok());
        let numbers = numbers.take(3).map(proc_macro2::Literal::u16_unsuffixed);
        Some(quote!(Release::new(#(#numbers),*)))
    })
}

fn method(method: Method) -> proc_macro2::Ident {
    ident(match method {
        Method::Get => "Get",
        Method::Post => "Post",
        Method::Patch => "Patch",
        Method::Put => "Put",
        Method::Delete => "Delete",
    })
}

/// One form, as far as callers and the wire can tell it from the others.
struct Form<'a> {
    form: &'a Operation,
    seen: Seen,
    /// Whether it answers as older releases do.
    former_answer: bool,
}

/// The forms that differ in what is sent or answered, the newest first. What else may differ between
/// documents, such as query options, is no form of its own.
fn distinct<'a>(shape: &Shape<'a>) -> Vec<Form<'a>> {
    let answers = shape.operation.answers();
    let mut forms: Vec<Form<'a>> = Vec::new();
    for (form, seen) in shape.operation.shapes() {
        let former_answer =
            answers.iter().position(|it| **it == form.answer).is_some_and(|it| it > 0);
        let next = Form { form, seen, former_answer };
        let same = |known: &&mut Form<'a>| {
            let place = |it: &Form<'_>| (it.form.method, it.form.route.clone(), it.former_answer);
            let written = |it: &Form<'_>| it.write(shape).to_string();
            place(known) == place(&next) && written(known) == written(&next)
        };
        match forms.iter_mut().find(same) {
            Some(known) => known.seen = known.seen.or(seen),
            None => forms.push(next),
        }
    }
    forms
}

impl Form<'_> {
    fn info(&self, shape: &Shape<'_>) -> TokenStream {
        let (method, route) = (method(self.form.method), &self.form.route.template);
        let (releases, former_answer) = (releases(shape.context, self.seen), self.former_answer);
        quote! {
            Form {
                method: Method::#method,
                route: #route,
                releases: #releases,
                former_answer: #former_answer,
            }
        }
    }

    /// The statements that write path and body.
    fn write(&self, shape: &Shape<'_>) -> TokenStream {
        let path = self.form.route.parts.iter().map(|part| match part {
            RoutePart::Text(text) => quote!(request.path(#text);),
            RoutePart::Parameter(wire) => self.parameter(shape, wire),
        });
        let body = match &self.form.body {
            None => quote!(),
            Some(Body::Entity { .. }) => quote!(request.body(&self.body);),
            Some(Body::Parameters { properties, .. }) => {
                let required =
                    |property: &&Property| shape.find(&shape.required, &property.name).is_some();
                let empty = !properties.iter().any(|property| required(&property));
                let empty = empty.then(|| quote!(request.empty_body();));
                let properties = properties.iter().map(|property| self.property(shape, property));
                quote!(#empty #(#properties)*)
            }
        };
        quote!(#(#path)* #body)
    }

    fn parameter(&self, shape: &Shape<'_>, wire: &str) -> TokenStream {
        if let Some(Field { ident, .. }) = shape.find(&shape.required, wire) {
            return quote!(request.literal(&self.#ident););
        }
        let field = shape.find(&shape.optional, wire);
        let key = field.map_or(wire, |field| &field.wire);
        let mut parameters = self.form.parameters.iter();
        match (parameters.find(|it| it.name == wire), field) {
            (Some(parameter), Some(field)) if !self.form.is_optional(parameter) => {
                let set_by = field.ident.to_string();
                quote!(request.given_literal(#key, #set_by);)
            }
            _ => quote!(request.optional_literal(#key);),
        }
    }

    fn property(&self, shape: &Shape<'_>, property: &Property) -> TokenStream {
        let wire = &property.name;
        match shape.find(&shape.required, wire) {
            Some(Field { ident, ty: Type::Changed(current, _), .. }) => {
                let of_newer = property.ty == **current;
                let value = if of_newer { quote!(current) } else { quote!(former) };
                quote!(request.typed_property(#wire, self.#ident.#value());)
            }
            Some(Field { ident, .. }) => quote!(request.property(#wire, &self.#ident);),
            None => quote!(request.optional_property(#wire);),
        }
    }
}
