//! Operations: a struct of the required values, how it is written, and the options it has.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::{Context, converts, doc, docs, ident};
use crate::model::{
    Answer, Body, Bounds, History, Method, Operation, OperationKind, QueryOption, RoutePart, Seen,
    Type,
};

/// So many required values are arguments; more are a struct's fields.
const MOST_ARGUMENTS: usize = 4;

/// An operation with its values sorted by where they go.
pub(super) struct Shape<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) operation: &'a History<Operation>,
    /// Arguments, and fields of the operation's struct.
    pub(super) required: Vec<Field>,
    /// Methods of the request.
    pub(super) optional: Vec<Field>,
}

/// A value of an operation.
pub(super) struct Field {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    /// The longest string it takes.
    pub(super) max_length: Option<usize>,
    pub(super) wire: String,
    about: String,
    /// Whether it stands in the path; in the body otherwise.
    in_path: bool,
}

impl<'a> Shape<'a> {
    pub(super) fn new(context: &'a Context<'a>, operation: &'a History<Operation>) -> Self {
        let name = |wire: &str| ident(context.names.parameter(&operation.id, wire));
        let place = |wire: &str| context.names.argument(&operation.id, wire);
        let bounded = |wire: &str, about| docs::bounded(context, operation, wire, about);
        // Each with its place among the arguments.
        let mut fields: Vec<(Option<usize>, Field)> = Vec::new();
        for parameter in &operation.parameters {
            let place = place(&parameter.name);
            let about = docs::parameter(operation, parameter, place.is_some());
            let field = Field {
                ident: name(&parameter.name),
                ty: parameter.ty.clone(),
                max_length: parameter.max_length,
                wire: parameter.name.clone(),
                about: bounded(&parameter.name, about),
                in_path: true,
            };
            fields.push((place, field));
        }
        match &operation.body {
            None => {}
            Some(Body::Entity { entity, .. }) => {
                let ty = Type::Entity(entity.clone());
                let about = "The body.".to_owned();
                let field = Field {
                    ident: ident("body"),
                    ty,
                    max_length: None,
                    wire: String::new(),
                    about,
                    in_path: false,
                };
                fields.push((Some(usize::MAX), field));
            }
            Some(Body::Parameters { properties, .. }) => {
                for property in properties {
                    let about = docs::property(context, &operation.id, property);
                    let field = Field {
                        ident: name(&property.name),
                        ty: property.ty.clone(),
                        max_length: property.max_length,
                        wire: property.name.clone(),
                        about: bounded(&property.name, about),
                        in_path: false,
                    };
                    fields.push((place(&property.name), field));
                }
            }
        }
        let (mut required, optional): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(place, _)| place.is_some());
        required.sort_by_key(|(place, _)| *place);
        let fields = |list: Vec<(_, Field)>| list.into_iter().map(|(_, field)| field).collect();
        Self { context, operation, required: fields(required), optional: fields(optional) }
    }

    /// Whether the required values are handed over as a struct.
    pub(super) fn by_struct(&self) -> bool {
        self.required.len() > MOST_ARGUMENTS
    }

    pub(super) fn types(&self) -> impl Iterator<Item = &Type> {
        self.required.iter().chain(&self.optional).map(|field| &field.ty)
    }

    /// What the arguments are, where the method has some.
    pub(super) fn argument_docs(&self) -> TokenStream {
        if self.required.is_empty() || self.by_struct() {
            return TokenStream::new();
        }
        let lines = self.required.iter().filter(|field| !field.wire.is_empty());
        let line = |field: &Field| {
            let name = format!("`{}`: ", field.ident);
            // Most have the same name on the wire.
            format!("- {name}{}", field.about.strip_prefix(&name).unwrap_or(&field.about))
        };
        let lines: Vec<String> = lines.map(line).collect();
        if lines.is_empty() { TokenStream::new() } else { doc(&format!("\n{}", lines.join("\n"))) }
    }

    fn output(&self) -> TokenStream {
        let declared = match &self.operation.answer {
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
        };
        if self.operation.is_file() { quote!(Download<#declared>) } else { declared }
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
    let any = |wanted: fn(&Answer) -> bool| shapes.iter().any(|it| wanted(&it.operation.answer));
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
    let (output, info, write) = (shape.output(), info(context, operation), write(shape));
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

fn info(context: &Context<'_>, operation: &History<Operation>) -> TokenStream {
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
    let method = ident(match operation.method {
        Method::Get => "Get",
        Method::Post => "Post",
        Method::Patch => "Patch",
        Method::Put => "Put",
        Method::Delete => "Delete",
    });
    let file = operation.is_file();
    let releases = releases(context, operation.seen);
    quote! {
        OperationInfo {
            id: #id,
            resource: #resource,
            kind: OperationKind::#kind,
            method: Method::#method,
            route: #route,
            file: #file,
            releases: #releases,
            forms: &[],
        }
    }
}

/// Whether not all releases have it, from the oldest to the newest.
pub(super) fn is_bounded(context: &Context<'_>, seen: Seen) -> bool {
    let Bounds { since, until, .. } = Bounds::of(&context.api.releases, seen, context.all());
    since.is_some() || until.is_some()
}

/// The releases of a fact, without the dates of their documents: a PBX doesn't say its document's.
fn releases(context: &Context<'_>, seen: Seen) -> TokenStream {
    let Bounds { since, until, .. } = Bounds::of(&context.api.releases, seen, context.all());
    let mut out = quote!(Releases::ALL);
    for (edge, bound) in [("since", since), ("until", until)] {
        if let Some(bound) = bound {
            let numbers = bound.split(['.', '/']).map(|it| it.parse().unwrap_or_default());
            let numbers = numbers.take(3).map(Literal::u16_unsuffixed);
            let edge = ident(edge);
            out = quote!(#out.#edge(Release::new(#(#numbers),*)));
        }
    }
    out
}

/// The statements that write path and body.
fn write(shape: &Shape<'_>) -> TokenStream {
    let path = shape.operation.route.parts.iter().map(|part| match part {
        RoutePart::Text(text) => quote!(request.path(#text);),
        RoutePart::Parameter(wire) => match find(&shape.required, wire, true) {
            Some(field) => {
                let name = &field.ident;
                quote!(request.literal(&self.#name);)
            }
            None => {
                let mut parameters = shape.operation.parameters.iter();
                let parameter = parameters.find(|parameter| parameter.name == *wire);
                if parameter.is_none_or(|it| shape.operation.is_optional(it)) {
                    quote!(request.optional_literal(#wire);)
                } else {
                    let set_by = shape.context.names.parameter(&shape.operation.id, wire);
                    quote!(request.needed_literal(#wire, #set_by);)
                }
            }
        },
    });
    let body = match &shape.operation.body {
        None => quote!(),
        Some(Body::Entity { .. }) => quote!(request.body(&self.body);),
        Some(Body::Parameters { properties, .. }) => {
            let properties = properties.iter().map(|property| {
                let wire = &property.name;
                match find(&shape.required, wire, false) {
                    Some(field) => {
                        let name = &field.ident;
                        quote!(request.property(#wire, &self.#name);)
                    }
                    None => quote!(request.optional_property(#wire);),
                }
            });
            let empty = shape.required.iter().all(|field| field.in_path);
            let empty = empty.then(|| quote!(request.empty_body();));
            quote!(#empty #(#properties)*)
        }
    };
    quote!(#(#path)* #body)
}

fn find<'f>(fields: &'f [Field], wire: &str, in_path: bool) -> Option<&'f Field> {
    fields.iter().find(|field| field.wire == wire && field.in_path == in_path)
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
