//! Reads schemas into Edm terms. Each key of a schema is understood, known to be prose, or reported.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, ObjectType, ReferenceOr, Schema, SchemaData,
    SchemaKind, Type as SchemaType,
};

use super::marks::{ABSENT, FORMER, SINCE, UNTIL};
use super::primitive::{decimal_type, integer_type, numeric_union, string_type};
use super::{DocumentId, Property, Type};
use crate::problem::{At, Problem};

pub(super) type Schemas = IndexMap<String, ReferenceOr<Schema>>;
type Read<T> = Result<T, Problem>;

/// What a named schema is.
#[derive(Clone, Debug)]
pub(super) enum Named {
    Entity,
    Enumeration {
        flags: bool,
    },
    Alias(Type),
    /// `{@odata.count, value: […]}`: a page, not a type of the API.
    Page,
}

/// The named schemas of a document.
pub(super) struct Types<'d> {
    schemas: &'d Schemas,
    pub(super) documents: &'d [DocumentId],
    named: BTreeMap<&'d str, Named>,
}

/// A type at the place that uses it, with the facts of that place.
pub(super) struct Typed {
    pub(super) ty: Type,
    pub(super) nullable: bool,
    pub(super) navigation: bool,
    pub(super) max_length: Option<usize>,
    pub(super) default: Option<bool>,
}

impl Typed {
    pub(super) fn property(self, name: &str, required: bool) -> Property {
        let Self { ty, nullable, navigation, max_length, default } = self;
        let name = name.to_owned();
        Property { name, ty, nullable, navigation, required, max_length, default }
    }
}

/// An object's own parts after its bases were resolved.
#[derive(Default)]
pub(super) struct Flat<'d> {
    pub(super) base: Option<String>,
    pub(super) properties: IndexMap<&'d str, &'d ReferenceOr<Box<Schema>>>,
    pub(super) required: Vec<&'d str>,
    pub(super) open: bool,
}

pub(super) const SCHEMAS: &str = "#/components/schemas/";
/// Our own mark: the type that a flattened entity derives from.
pub(crate) const BASE: &str = "x-base";

pub(super) const NAVIGATION: &str = "x-ms-navigationProperty";
const FLAGS: &str = "x-ms-enum-flags";
/// Marks of the vendor's tool that carry no fact of the API: the names it would give enumeration
/// values in code, and which part of an error is the message.
const IDLE: [&str; 2] = ["x-enum-varnames", "x-ms-primary-error-message"];

impl<'d> Types<'d> {
    /// Sorts the named schemas by what they are.
    pub(super) fn new(
        schemas: &'d Schemas,
        documents: &'d [DocumentId],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let mut types = Self { schemas, documents, named: BTreeMap::new() };
        let (components, schemas_at) = (At::top("components"), "schemas");
        for (name, schema) in schemas {
            let at = components.key(schemas_at);
            match types.classify(schema, &at.key(name)) {
                Ok(named) => drop(types.named.insert(name, named)),
                Err(problem) => problems.push(problem),
            }
        }
        types
    }

    /// The named schemas, sorted.
    pub(super) fn named(&self) -> impl Iterator<Item = (&'d str, &Named, &'d ReferenceOr<Schema>)> {
        self.named.iter().filter_map(|(name, named)| Some((*name, named, self.schemas.get(*name)?)))
    }

    fn classify(&self, schema: &'d ReferenceOr<Schema>, at: &At<'_>) -> Read<Named> {
        let ReferenceOr::Item(item) = schema else {
            return Err(at.problem("a named schema that only refers to another is not understood"));
        };
        match &item.schema_kind {
            SchemaKind::Type(SchemaType::String(string)) if !string.enumeration.is_empty() => {
                let flags = match item.schema_data.extensions.get(FLAGS) {
                    None => false,
                    Some(mark) if *mark == serde_json::json!({ "isFlags": true }) => true,
                    Some(_) => return Err(at.key(FLAGS).problem("is not `isFlags: true`")),
                };
                Ok(Named::Enumeration { flags })
            }
            SchemaKind::Type(SchemaType::Object(_)) | SchemaKind::AllOf { .. } => {
                self.page_or_entity(schema, at)
            }
            SchemaKind::Any(any) if !any.all_of.is_empty() => self.page_or_entity(schema, at),
            _ => Ok(Named::Alias(self.typed_item(item, at, &[SINCE, UNTIL, ABSENT, FORMER])?.ty)),
        }
    }

    fn page_or_entity(&self, schema: &'d ReferenceOr<Schema>, at: &At<'_>) -> Read<Named> {
        let flat = self.flatten(schema, at)?;
        let page = flat.properties.contains_key("@odata.count")
            && flat.properties.keys().all(|name| matches!(*name, "@odata.count" | "value"));
        Ok(if page { Named::Page } else { Named::Entity })
    }

    /// Whether a named schema is a page of a list.
    pub(super) fn is_page(&self, name: &str) -> bool {
        matches!(self.named.get(name), Some(Named::Page))
    }

    /// The schema that a reference leads to.
    fn resolve(&self, reference: &str, at: &At<'_>) -> Read<(&'d str, &'d ReferenceOr<Schema>)> {
        let name = reference.strip_prefix(SCHEMAS).ok_or_else(|| {
            at.key("$ref").problem(format!("`{reference}` is not a schema of this document"))
        })?;
        let entry = self.schemas.get_key_value(name).ok_or_else(|| {
            let message = format!("`{reference}` leads nowhere; is the document complete?");
            at.key("$ref").problem(message)
        })?;
        Ok((entry.0, entry.1))
    }

    /// An object with the properties of all that it is made of (`allOf`).
    pub(super) fn flatten(&self, schema: &'d ReferenceOr<Schema>, at: &At<'_>) -> Read<Flat<'d>> {
        let mut flat = Flat::default();
        self.flatten_into(&mut flat, schema, at, 0)?;
        Ok(flat)
    }

    fn flatten_into(
        &self,
        flat: &mut Flat<'d>,
        schema: &'d ReferenceOr<Schema>,
        at: &At<'_>,
        depth: usize,
    ) -> Read<()> {
        if depth > 16 {
            return Err(at.problem("a type is made of itself, or of more than 16 others"));
        }
        let item = match schema {
            ReferenceOr::Reference { reference } => {
                let (name, target) = self.resolve(reference, at)?;
                if depth == 1 {
                    flat.base = Some(name.to_owned());
                }
                return self.flatten_into(flat, target, at, depth + 1);
            }
            ReferenceOr::Item(item) => item,
        };
        let data = facts(&item.schema_data, at, &[BASE, SINCE, UNTIL, ABSENT])?;
        if data.nullable || data.default.is_some() {
            return Err(at.problem("`nullable` or `default` is not understood on an object type"));
        }
        if let Some(base) = data.extensions.get(BASE) {
            flat.base = base.as_str().map(str::to_owned);
        }
        match &item.schema_kind {
            SchemaKind::Type(SchemaType::Object(object)) => flat.add(object, at),
            SchemaKind::AllOf { all_of } => self.flatten_all(flat, all_of, at, depth),
            SchemaKind::Any(any) => {
                let AnySchema { typ, all_of, .. } = any;
                let known =
                    AnySchema { typ: typ.clone(), all_of: all_of.clone(), ..Default::default() };
                if typ.as_deref() != Some("object") || *any != known {
                    return Err(at.problem("this mixture of keys is not understood"));
                }
                self.flatten_all(flat, all_of, at, depth)
            }
            _ => Err(at.problem("an object or `allOf` is expected here")),
        }
    }

    fn flatten_all(
        &self,
        flat: &mut Flat<'d>,
        all_of: &'d [ReferenceOr<Schema>],
        at: &At<'_>,
        depth: usize,
    ) -> Read<()> {
        let list = at.key("allOf");
        for (index, part) in all_of.iter().enumerate() {
            self.flatten_into(flat, part, &list.index(index), depth + 1)?;
        }
        Ok(())
    }

    /// The type of a value.
    pub(super) fn typed<S: Borrow<Schema>>(
        &self,
        schema: &ReferenceOr<S>,
        at: &At<'_>,
    ) -> Read<Typed> {
        self.typed_with(schema, at, &[NAVIGATION])
    }

    pub(super) fn typed_with<S: Borrow<Schema>>(
        &self,
        schema: &ReferenceOr<S>,
        at: &At<'_>,
        known: &[&str],
    ) -> Read<Typed> {
        match schema {
            ReferenceOr::Reference { reference } => Ok(Typed {
                ty: self.reference(reference, at)?,
                nullable: false,
                navigation: false,
                max_length: None,
                default: None,
            }),
            ReferenceOr::Item(item) => self.typed_item(item.borrow(), at, known),
        }
    }

    fn reference(&self, reference: &str, at: &At<'_>) -> Read<Type> {
        let (name, target) = self.resolve(reference, at)?;
        let named = match self.named.get(name) {
            Some(named) => named.clone(),
            // Not sorted yet: the schemas refer to each other in any order.
            None => self.classify(target, at)?,
        };
        match named {
            Named::Entity => Ok(Type::Entity(name.to_owned())),
            Named::Enumeration { flags: false } => Ok(Type::Enumeration(name.to_owned())),
            Named::Enumeration { flags: true } => Ok(Type::Flags(name.to_owned())),
            Named::Alias(ty) => Ok(ty),
            Named::Page => Err(at.problem(format!("`{name}` is a page of a list, not a type"))),
        }
    }

    fn typed_item(&self, schema: &Schema, at: &At<'_>, known: &[&str]) -> Read<Typed> {
        let data = facts(&schema.schema_data, at, known)?;
        let mut max_length = None;
        let ty = match &schema.schema_kind {
            SchemaKind::Type(SchemaType::Boolean(boolean)) if boolean.enumeration.is_empty() => {
                Type::Boolean
            }
            SchemaKind::Type(SchemaType::Integer(integer)) => integer_type(integer, at)?,
            SchemaKind::Type(SchemaType::Number(number)) => decimal_type(number, at)?,
            SchemaKind::Type(SchemaType::String(string)) => {
                max_length = string.max_length;
                string_type(string, at)?
            }
            SchemaKind::Type(SchemaType::Array(array)) => self.collection(array, at)?,
            SchemaKind::AllOf { all_of } => match all_of.as_slice() {
                [ReferenceOr::Reference { reference }] => {
                    self.reference(reference, &at.key("allOf").index(0))?
                }
                _ => return Err(at.key("allOf").problem("one reference is expected here")),
            },
            SchemaKind::OneOf { one_of } => numeric_union(one_of, &at.key("oneOf"))?,
            _ => return Err(at.problem("this kind of schema is not understood as a value's type")),
        };
        let default = match &data.default {
            None => None,
            Some(serde_json::Value::Bool(value)) if ty == Type::Boolean => Some(*value),
            Some(_) => return Err(at.key("default").problem("only booleans may have a default")),
        };
        let navigation = match data.extensions.get(NAVIGATION) {
            None => false,
            Some(serde_json::Value::Bool(true)) => true,
            Some(_) => return Err(at.key(NAVIGATION).problem("is not `true`")),
        };
        Ok(Typed { ty, nullable: data.nullable, navigation, max_length, default })
    }

    fn collection(&self, array: &ArrayType, at: &At<'_>) -> Read<Type> {
        let ArrayType { items, min_items, max_items, unique_items } = array;
        if min_items.is_some() || max_items.is_some() || *unique_items {
            return Err(at.problem("a bound on a list's items is not understood"));
        }
        let Some(items) = items else {
            return Err(at.problem("a list without `items` is not understood"));
        };
        // That an item may be null is not carried: no list has been seen to hold one.
        let of = self.typed(items, &at.key("items"))?.ty;
        Ok(Type::Collection(Box::new(of)))
    }
}

impl<'d> Flat<'d> {
    fn add(&mut self, object: &'d ObjectType, at: &At<'_>) -> Read<()> {
        let ObjectType {
            properties,
            required,
            additional_properties,
            min_properties,
            max_properties,
        } = object;
        if min_properties.is_some() || max_properties.is_some() {
            return Err(at.problem("a bound on the number of properties is not understood"));
        }
        match additional_properties {
            None | Some(AdditionalProperties::Any(false)) => {}
            Some(AdditionalProperties::Schema(schema)) if is_any_object(schema) => self.open = true,
            Some(_) => {
                let at = at.key("additionalProperties");
                return Err(at.problem("only `{type: object}` is understood here"));
            }
        }
        for (name, schema) in properties {
            if let Some(other) = self.properties.insert(name, schema)
                && other != schema
            {
                let at = at.key("properties");
                return Err(at.key(name).problem("a base has this property with another type"));
            }
        }
        self.required.extend(required.iter().map(String::as_str));
        Ok(())
    }
}

fn is_any_object(schema: &ReferenceOr<Schema>) -> bool {
    let any = SchemaKind::Type(SchemaType::Object(ObjectType::default()));
    matches!(schema, ReferenceOr::Item(item) if item.schema_kind == any)
}

/// Reports the keys that are neither understood nor prose.
pub(super) fn facts<'s>(data: &'s SchemaData, at: &At<'_>, known: &[&str]) -> Read<&'s SchemaData> {
    let SchemaData {
        nullable: _,
        default: _,
        read_only,
        write_only,
        deprecated,
        discriminator,
        extensions,
        // Prose.
        external_docs: _,
        example: _,
        title: _,
        description: _,
    } = data;
    if *read_only || *write_only || *deprecated {
        return Err(at.problem("`readOnly`, `writeOnly` or `deprecated` is not understood here"));
    }
    if discriminator.is_some() {
        return Err(at.key("discriminator").problem("is not understood: no document had one yet"));
    }
    for key in extensions.keys() {
        if !known.contains(&key.as_str()) && !IDLE.contains(&key.as_str()) && key != FLAGS {
            return Err(at.key(key).problem("this extension is not understood here"));
        }
    }
    Ok(data)
}
