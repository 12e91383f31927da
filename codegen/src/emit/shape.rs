//! An operation as Rust has it: which of its values are arguments, and which are options.

use proc_macro2::{Ident, TokenStream};

use super::{Context, doc, docs, ident};
use crate::model::{Body, History, Operation, Parameter, Property, Type};

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
    pub(super) about: String,
    /// Whether it stands in the path; in the body otherwise.
    pub(super) in_path: bool,
}

impl<'a> Shape<'a> {
    pub(super) fn new(context: &'a Context<'a>, operation: &'a History<Operation>) -> Self {
        let name = |wire: &str| ident(context.names.parameter(&operation.id, wire));
        let place = |wire: &str| context.names.argument(&operation.id, wire);
        // Each with its place among the arguments. A value that several forms take stands as the newest
        // has it.
        let mut fields: Vec<(Option<usize>, Field)> = Vec::new();
        let mut add = |seen, place: Option<usize>, field: Field| {
            let Some((_, known)) = fields.iter_mut().find(|(_, it)| it.ident == field.ident) else {
                return fields.push((place, field));
            };
            let ty = known.ty.clone().or_former(&field.ty).unwrap_or(known.ty.clone());
            if ty != known.ty {
                known.about = docs::retyped(context, operation, (&field.ty, seen), &known.about);
                known.ty = ty;
            }
        };
        let value = |wire: &str, ty: &Type, max_length, about, in_path| {
            let about = docs::bounded(context, operation, wire, about);
            let (ident, ty) = (name(wire), ty.clone());
            Field { ident, ty, max_length, wire: wire.to_owned(), about, in_path }
        };
        for (form, seen) in operation.shapes() {
            for parameter in &form.parameters {
                let Parameter { name, ty, max_length, .. } = parameter;
                let place = place(name);
                let about = docs::parameter(form, parameter, place.is_some());
                add(seen, place, value(name, ty, *max_length, about, true));
            }
            match &form.body {
                None => {}
                Some(Body::Entity { entity, .. }) => {
                    let (ty, about) = (Type::Entity(entity.clone()), "The body.".to_owned());
                    let (ident, wire) = (ident("body"), String::new());
                    let body = Field { ident, ty, max_length: None, wire, about, in_path: false };
                    add(seen, Some(usize::MAX), body);
                }
                Some(Body::Parameters { properties, .. }) => {
                    for property in properties {
                        let Property { name, ty, max_length, .. } = property;
                        let about = docs::property(context, &operation.id, property);
                        add(seen, place(name), value(name, ty, *max_length, about, false));
                    }
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

    /// The field of a value in one of the forms.
    pub(super) fn find<'f>(&self, fields: &'f [Field], wire: &str) -> Option<&'f Field> {
        let name = self.context.names.parameter(&self.operation.id, wire);
        fields.iter().find(|field| field.ident == name)
    }
}
