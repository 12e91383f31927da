//! The values that an operation takes, and which of them are arguments.
//!
//! A value is known by its Rust name: one whose spelling on the wire changed stays the same value. A
//! value is an argument if the oldest variant of the operation required it; that variant also gives the
//! order. All other values are methods of the request. So a later release can't change the list of
//! arguments: one that it dropped stays, and is sent to the older ones alone.

use std::collections::BTreeMap;

use super::context::Context;
use super::told::Told;
use super::{docs, types};
use crate::model::{Body, History, Operation, Parameter, Property, Seen, Type};
use crate::names::Names;
use crate::tree::{Field, Place, Setter};

/// A method takes at most so many arguments. An operation that requires more values is handed over as
/// its struct.
pub(super) const MOST_ARGUMENTS: usize = 4;

/// The name of the value that is a whole body.
const BODY: &str = "body";

/// The values of all variants of an operation.
pub(super) struct Values {
    /// The arguments, and fields of the operation's struct.
    pub(super) required: Vec<Value>,
    /// The methods of the request.
    pub(super) optional: Vec<Value>,
}

/// A value of an operation.
pub(super) struct Value {
    /// The name by which variants share it.
    pub(super) key: String,
    /// The field, argument or method.
    pub(super) name: String,
    pub(super) ty: Type,
    /// The longest string it takes.
    pub(super) max_length: Option<usize>,
    /// The name on the wire, in the newest variant that has the value; none for a whole body.
    pub(super) wire: Option<String>,
    pub(super) docs: Told,
    pub(super) place: Place,
}

/// The names of an operation's arguments, in their order.
pub(super) fn arguments<'n>(names: &'n Names, operation: &History<Operation>) -> Vec<&'n str> {
    let required = operation.oldest().values().filter(|(.., optional)| !optional);
    required.map(|(wire, ..)| names.value(&operation.id, wire)).collect()
}

impl Values {
    pub(super) fn of(context: &Context<'_>, operation: &History<Operation>) -> Self {
        let arguments = arguments(context.names, operation);
        let mut all = Collected { context, operation, arguments, values: Vec::new() };
        for (variant, _) in operation.variants() {
            for parameter in &variant.parameters {
                let told = docs::parameter(variant, parameter, all.is_argument(&parameter.name));
                let Parameter { name, ty, .. } = parameter;
                all.add(name, (ty, parameter.limits.max_length), told, Place::Path);
            }
            match &variant.body {
                None => {}
                Some(Body::Entity { entity, .. }) => all.add_body(entity),
                Some(Body::Parameters { properties, .. }) => {
                    for property in properties {
                        let told = docs::property(context, &operation.id, property, &property.ty);
                        let Property { name, ty, .. } = property;
                        all.add(name, (ty, property.limits.max_length), told, Place::Body);
                    }
                }
            }
        }
        all.settle_types();
        let (mut required, optional): (Vec<_>, Vec<_>) =
            all.values.into_iter().partition(|(place, _)| place.is_some());
        required.sort_by_key(|(place, _)| *place);
        let values = |list: Vec<(_, Value)>| list.into_iter().map(|(_, value)| value).collect();
        Self { required: values(required), optional: values(optional) }
    }

    /// Whether the method takes the operation's struct.
    pub(super) fn by_struct(&self) -> bool {
        self.required.len() > MOST_ARGUMENTS
    }

    /// The required value that has this name.
    pub(super) fn required(&self, key: &str) -> Option<&Value> {
        self.required.iter().find(|value| value.key == key)
    }

    /// The optional value that has this name.
    pub(super) fn optional(&self, key: &str) -> Option<&Value> {
        self.optional.iter().find(|value| value.key == key)
    }
}

/// The values so far, each with its place among the arguments.
struct Collected<'a> {
    context: &'a Context<'a>,
    operation: &'a History<Operation>,
    arguments: Vec<&'a str>,
    values: Vec<(Option<usize>, Value)>,
}

impl<'a> Collected<'a> {
    fn key(&self, wire: &str) -> &'a str {
        self.context.names.value(&self.operation.id, wire)
    }

    fn is_argument(&self, wire: &str) -> bool {
        self.arguments.contains(&self.key(wire))
    }

    fn add(
        &mut self,
        wire: &str,
        (ty, max_length): (&Type, Option<usize>),
        docs: Told,
        place: Place,
    ) {
        let key = self.key(wire);
        let at = self.arguments.iter().position(|argument| *argument == key);
        let name = match at {
            Some(_) => key,
            None => self.context.names.option(&self.operation.id, wire),
        };
        let docs = docs::bounded(self.context, self.operation, wire, at.is_some(), docs);
        let (key, name, wire) = (key.to_owned(), name.to_owned(), Some(wire.to_owned()));
        let value = Value { key, name, ty: ty.clone(), max_length, wire, docs, place };
        self.put(at, value);
    }

    /// Adds the value that is a whole body: the last argument.
    fn add_body(&mut self, entity: &str) {
        let value = Value {
            key: BODY.to_owned(),
            name: BODY.to_owned(),
            ty: Type::Entity(entity.to_owned()),
            max_length: None,
            wire: None,
            docs: docs::body(self.context, entity),
            place: Place::Body,
        };
        self.put(Some(usize::MAX), value);
    }

    /// A value that several variants take stands as the newest has it.
    fn put(&mut self, at: Option<usize>, value: Value) {
        if self.values.iter().all(|(_, it)| it.key != value.key) {
            self.values.push((at, value));
        }
    }

    /// Gives each value the type that takes those of all variants.
    fn settle_types(&mut self) {
        let mut types: BTreeMap<&str, Vec<(Type, Seen)>> = BTreeMap::new();
        for (variant, seen) in self.operation.oldest_first() {
            for (wire, ty, _) in variant.values() {
                types.entry(self.key(wire)).or_default().push((ty.clone(), seen));
            }
            if let Some(Body::Entity { entity, .. }) = &variant.body {
                types.entry(BODY).or_default().push((Type::Entity(entity.clone()), seen));
            }
        }
        for (_, value) in &mut self.values {
            let Some(types) = types.get(value.key.as_str()) else { continue };
            if let Some(ty) = Type::over(types.iter().map(|(ty, _)| ty)) {
                value.ty = ty;
            }
            docs::retyped(self.context, self.operation, types, &value.ty, &mut value.docs);
        }
    }
}

impl Value {
    /// The value as a field of the operation's struct.
    pub(super) fn field(&self, context: &Context<'_>, operation: &str) -> Field {
        Field {
            name: self.name.clone(),
            ty: context.ty(&self.ty),
            takes: types::takes(&self.ty),
            is_secret: self.is_secret(context, operation),
            docs: self.docs.of_field(),
        }
    }

    /// The value as a method of the request.
    pub(super) fn setter(&self, context: &Context<'_>) -> Setter {
        Setter {
            name: self.name.clone(),
            wire: self.wire.clone().unwrap_or_default(),
            ty: context.ty(&self.ty),
            takes: types::takes(&self.ty),
            place: self.place,
            docs: self.docs.of_setter(),
        }
    }

    pub(super) fn is_secret(&self, context: &Context<'_>, operation: &str) -> bool {
        self.wire.as_ref().is_some_and(|wire| context.secrets.contains(operation, wire))
    }
}
