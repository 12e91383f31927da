//! The types of values. Each key of a schema is understood, known to be prose, or reported.

use std::borrow::Borrow;

use openapiv3::{ArrayType, ReferenceOr, Schema, SchemaKind, Type as SchemaType};

use super::primitive::{integer_type, number_type, numeric_union, string_type};
use super::schema::Types;
use super::typed::{NAVIGATION, Typed, facts, unnoted};
use super::{Access, Type};

use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

/// The number of lists in each other at most. The compiler gives up at some forty more.
const MOST_LISTS: usize = 16;

impl<'d> Types<'d> {
    /// The type of a value.
    pub(super) fn typed<S: Borrow<Schema>>(
        &self,
        schema: &ReferenceOr<S>,
        at: &At<'_>,
    ) -> Read<Typed> {
        self.typed_with(schema, at, &[NAVIGATION])
    }

    /// The type of a value that may have these extensions.
    pub(super) fn typed_with<S: Borrow<Schema>>(
        &self,
        schema: &ReferenceOr<S>,
        at: &At<'_>,
        known: &[&str],
    ) -> Read<Typed> {
        match schema {
            ReferenceOr::Reference { reference } => self.reference(reference, at),
            ReferenceOr::Item(item) => self.typed_item(item.borrow(), at, known),
        }
    }

    fn typed_item(&self, schema: &Schema, at: &At<'_>, known: &[&str]) -> Read<Typed> {
        let data = facts(&schema.schema_data, at, known)?;
        let (mut of, here) = (Typed::of(Type::String), at.key("allOf"));
        match &schema.schema_kind {
            SchemaKind::Type(SchemaType::Boolean(boolean)) if boolean.enumeration.is_empty() => {
                of.ty = Type::Boolean;
            }
            SchemaKind::Type(SchemaType::Integer(integer)) => {
                (of.ty, of.notes.listed) = integer_type(integer, at)?;
            }
            SchemaKind::Type(SchemaType::Number(number)) => of.ty = number_type(number, at)?,
            SchemaKind::Type(SchemaType::String(string)) => {
                of.limits.max_length = string.max_length;
                (of.ty, of.notes.listed) = string_type(string, at)?;
            }
            SchemaKind::Type(SchemaType::Array(array)) => {
                (of.ty, of.notes.listed) = self.collection(array, at)?;
            }
            SchemaKind::AllOf { all_of } => match all_of.as_slice() {
                [ReferenceOr::Reference { reference }] => {
                    of = self.reference(reference, &here.index(0))?;
                }
                _ => return Err(here.refused("is no single reference where a value's type stands")),
            },
            SchemaKind::OneOf { one_of } => of.ty = numeric_union(one_of, &at.key("oneOf"))?,
            SchemaKind::Type(SchemaType::Object(_)) => {
                return Err(
                    at.refused("is an object in place (name it below `components/schemas`)")
                );
            }
            SchemaKind::Any(any) if !any.enumeration.is_empty() => {
                return Err(at.key("enum").refused("lists values of several types"));
            }
            _ => return Err(at.refused("is no value's type")),
        }
        of.nullable |= data.nullable;
        let navigation = data.extensions.get(NAVIGATION);
        of.navigation = match navigation {
            None => false,
            Some(serde_json::Value::Bool(true)) => true,
            Some(_) => return Err(at.key(NAVIGATION).refused("is not `true`")),
        };
        if let Some(default) = &data.default {
            if !is_of(default, &of.ty) {
                return Err(at.key("default").refused(format!("is no {}", of.ty.edm())));
            }
            of.limits.default = Some(default.clone());
        }
        of.notes.deprecated |= data.deprecated;
        of.notes.access = match (data.read_only, data.write_only) {
            (false, false) => of.notes.access,
            (true, false) => Access::Read,
            (false, true) => Access::Write,
            (true, true) => {
                return Err(at.problem("is both `readOnly` and `writeOnly`; remove one"));
            }
        };
        Ok(of)
    }

    /// The type of a list, and the values that it lists for its items.
    fn collection(&self, array: &ArrayType, at: &At<'_>) -> Read<(Type, Vec<String>)> {
        let ArrayType { items, min_items, max_items, unique_items } = array;
        if min_items.is_some() || max_items.is_some() || *unique_items {
            return Err(at.refused("bounds the items of a list"));
        }
        let Some(items) = items else {
            return Err(at.problem("is a list without `items`; say what it lists"));
        };
        let at = at.key("items");
        let mut of = self.typed(items, &at)?;
        let (listed, nullable) = (std::mem::take(&mut of.notes.listed), of.nullable);
        let of = unnoted(of, &at)?;
        let of = if nullable { Type::Nullable(Box::new(of)) } else { of };
        if of.lists() >= MOST_LISTS {
            let message = format!(
                "more than {MOST_LISTS} lists stand in each other; put an object between them"
            );
            return Err(at.problem(message));
        }
        Ok((Type::Collection(Box::new(of)), listed))
    }
}

/// Whether a default is a value of a type.
fn is_of(default: &serde_json::Value, ty: &Type) -> bool {
    use serde_json::Value;
    match ty {
        Type::Boolean => default.is_boolean(),
        Type::Byte | Type::Int32 | Type::Int64 => default.is_i64(),
        Type::Decimal | Type::Single | Type::Double => default.is_number(),
        Type::String | Type::Enumeration(_) | Type::Flags(_) => default.is_string(),
        _ => *default == Value::Null,
    }
}
