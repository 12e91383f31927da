//! Named schemas: what each is, where references lead, and what an object is made of.

use std::cell::RefCell;
use std::collections::BTreeMap;

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, ObjectType, ReferenceOr, Schema, SchemaKind,
    Type as SchemaType,
};

use super::marks::{ABSENT, ALIAS, BASE, FORMER, SINCE, UNTIL};
use super::typed::{FLAGS, Typed, facts, unnoted};
use super::{DocumentId, Others, Type};
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
    /// Another name of a type.
    Alias(Typed),
    /// `{@odata.count, value: …}`: what OData puts around an answer, and no type of the API.
    Envelope,
}

/// The named schemas of a document.
pub(super) struct Types<'d> {
    schemas: &'d Schemas,
    pub(super) documents: &'d [DocumentId],
    named: BTreeMap<&'d str, Named>,
    /// The names that are being looked up: a name that leads to itself is met again here.
    open: RefCell<Vec<&'d str>>,
}

/// An object's own parts after its bases were resolved.
#[derive(Default)]
pub(super) struct Flat<'d> {
    pub(super) base: Option<String>,
    pub(super) properties: IndexMap<&'d str, &'d ReferenceOr<Box<Schema>>>,
    pub(super) required: Vec<&'d str>,
    pub(super) deprecated: bool,
    others: Option<(Others, String)>,
}

impl Flat<'_> {
    /// The properties beside the named ones.
    pub(super) fn others(&self) -> Others {
        self.others.as_ref().map_or(Others::None, |(others, _)| others.clone())
    }

    /// Reports properties beside the named ones where they have no place.
    pub(super) fn closed(&self) -> Read<()> {
        match &self.others {
            None => Ok(()),
            Some((_, at)) => Err(At::spelled(at).refused("opens the body of an action")),
        }
    }
}

pub(super) const SCHEMAS: &str = "#/components/schemas/";
/// What OData says of a page beside its rows.
const OF_PAGES: [&str; 4] =
    ["@odata.context", "@odata.count", "@odata.nextLink", "@odata.deltaLink"];

/// The number of named schemas that lead from one to the next at most.
const MOST_NAMES: usize = 64;

impl<'d> Types<'d> {
    /// Sorts the named schemas by what they are.
    pub(super) fn new(
        schemas: &'d Schemas,
        documents: &'d [DocumentId],
        problems: &mut Vec<Problem>,
    ) -> Self {
        let open = RefCell::default();
        let mut types = Self { schemas, documents, named: BTreeMap::new(), open };
        for (name, schema) in schemas {
            match types.named(name, schema) {
                Ok(named) => drop(types.named.insert(name, named)),
                Err(problem) => problems.push(problem),
            }
        }
        types
    }

    /// The named schemas, sorted.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'d str, &Named, &'d ReferenceOr<Schema>)> {
        self.named.iter().filter_map(|(name, named)| Some((*name, named, self.schemas.get(*name)?)))
    }

    /// What a named schema is.
    fn named(&self, name: &'d str, schema: &'d ReferenceOr<Schema>) -> Read<Named> {
        if let Some(named) = self.named.get(name) {
            return Ok(named.clone());
        }
        let (components, schemas) = (At::top("components"), "schemas");
        let schemas = components.key(schemas);
        let at = schemas.key(name);
        if self.open.borrow().contains(&name) {
            let message = "is made of itself; break the circle, or make one of its schemas an \
                           object that has the others as properties";
            return Err(at.problem(message));
        }
        // A chain costs stack, and nobody can read it.
        if self.open.borrow().len() > MOST_NAMES {
            let message = format!(
                "is reached through more than {MOST_NAMES} others, each a list of the next; \
                 make the chain shorter"
            );
            return Err(at.problem(message));
        }
        self.open.borrow_mut().push(name);
        let named = self.classify(name, schema, &at);
        self.open.borrow_mut().pop();
        named
    }

    fn classify(&self, name: &'d str, schema: &'d ReferenceOr<Schema>, at: &At<'_>) -> Read<Named> {
        let alias = |known| self.typed_with(schema, at, known).map(Named::Alias);
        let item = match schema {
            ReferenceOr::Reference { reference } => {
                let (name, target) = self.resolve(reference, at)?;
                return match self.named(name, target)? {
                    Named::Envelope => Ok(Named::Envelope),
                    _ => alias(&[]),
                };
            }
            ReferenceOr::Item(item) => item,
        };
        let known = &[SINCE, UNTIL, ABSENT, FORMER, ALIAS];
        match &item.schema_kind {
            SchemaKind::Type(SchemaType::String(string)) if !string.enumeration.is_empty() => {
                let flags = match item.schema_data.extensions.get(FLAGS) {
                    None => false,
                    Some(mark) if *mark == serde_json::json!({ "isFlags": true }) => true,
                    Some(_) => return Err(at.key(FLAGS).refused("is not `isFlags: true`")),
                };
                Ok(Named::Enumeration { flags })
            }
            SchemaKind::AllOf { all_of } if self.is_alias(item, all_of, at)? => alias(known),
            SchemaKind::Type(SchemaType::Object(_)) | SchemaKind::AllOf { .. } => {
                self.envelope_or_entity(name, schema, at)
            }
            SchemaKind::Any(any) if !any.all_of.is_empty() || !any.properties.is_empty() => {
                self.envelope_or_entity(name, schema, at)
            }
            _ => alias(known),
        }
    }

    /// Whether `allOf` of one reference is another name: of an enumeration or primitive type, or by our
    /// mark. Of an entity it is a type that derives from it.
    fn is_alias(
        &self,
        item: &Schema,
        all_of: &'d [ReferenceOr<Schema>],
        at: &At<'_>,
    ) -> Read<bool> {
        let [ReferenceOr::Reference { reference }] = all_of else { return Ok(false) };
        let (name, target) = self.resolve(reference, &at.key("allOf").index(0))?;
        let of = self.named(name, target)?;
        let marked = item.schema_data.extensions.contains_key(ALIAS);
        Ok(marked || matches!(of, Named::Enumeration { .. } | Named::Alias(_)))
    }

    fn envelope_or_entity(
        &self,
        name: &'d str,
        schema: &'d ReferenceOr<Schema>,
        at: &At<'_>,
    ) -> Read<Named> {
        let flat = self.flatten(schema, at)?;
        let is_envelope = is_envelope(&flat)
            && match flat.properties.get("value") {
                // What the envelopes of pages have in common.
                None => flat.properties.keys().any(|name| OF_PAGES.contains(name)),
                // A type that lists its own kind is a tree.
                Some(value) => !self.lists(name, value, at)?,
            };
        Ok(if is_envelope { Named::Envelope } else { Named::Entity })
    }

    /// Whether a schema, in place or by its name, is a list of the named one.
    fn lists(&self, name: &str, schema: &'d ReferenceOr<Box<Schema>>, at: &At<'_>) -> Read<bool> {
        let item = match schema {
            ReferenceOr::Item(item) => item,
            ReferenceOr::Reference { reference } => match self.resolve(reference, at)?.1 {
                ReferenceOr::Item(item) => item,
                ReferenceOr::Reference { .. } => return Ok(false),
            },
        };
        let SchemaKind::Type(SchemaType::Array(list)) = &item.schema_kind else {
            return Ok(false);
        };
        let Some(ReferenceOr::Reference { reference }) = &list.items else { return Ok(false) };
        Ok(self.resolve(reference, at)?.0 == name)
    }

    /// Whether a reference leads to an envelope.
    pub(super) fn is_envelope(&self, reference: &str) -> bool {
        let name = reference.trim_start_matches(SCHEMAS);
        matches!(self.named.get(name), Some(Named::Envelope))
    }

    /// The schema that a reference leads to, through schemas that only refer to another.
    fn resolve(&self, reference: &str, at: &At<'_>) -> Read<(&'d str, &'d ReferenceOr<Schema>)> {
        let mut reference = reference;
        // So many references can't lead on without a circle.
        for _ in 0..=self.schemas.len() {
            let name = reference.strip_prefix(SCHEMAS).ok_or_else(|| {
                let message = "is not below `#/components/schemas/`; bring the schema there";
                at.key("$ref").problem(format!("`{reference}` {message}"))
            })?;
            let (name, target) = self.schemas.get_key_value(name).ok_or_else(|| {
                let message = format!("`{reference}` leads nowhere; is the document complete?");
                at.key("$ref").problem(message)
            })?;
            match target {
                ReferenceOr::Reference { reference: next } => reference = next,
                ReferenceOr::Item(_) => return Ok((name, target)),
            }
        }
        Err(at.key("$ref").problem(format!("`{reference}` only leads back to itself; name a type")))
    }

    /// The type that a reference leads to.
    pub(super) fn reference(&self, reference: &str, at: &At<'_>) -> Read<Typed> {
        let (name, target) = self.resolve(reference, at)?;
        // ReferenceNumeric is an enumeration that may be null.
        let nullable = target.as_item().is_some_and(|it| it.schema_data.nullable);
        let of = |ty| Ok(Typed { nullable, ..Typed::of(ty) });
        match self.named(name, target)? {
            Named::Entity => of(Type::Entity(name.to_owned())),
            Named::Enumeration { flags: false } => of(Type::Enumeration(name.to_owned())),
            Named::Enumeration { flags: true } => of(Type::Flags(name.to_owned())),
            Named::Alias(typed) => Ok(typed),
            Named::Envelope => Err(at.refused(format!(
                "makes `{name}`, OData's envelope of an answer, the type of a value"
            ))),
        }
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
            let message = "a type is made of itself, or of more than 16 others; break the circle, \
                           or make the chain of `allOf` shorter";
            return Err(at.problem(message));
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
            return Err(at.refused("is an object type with `nullable` or `default`"));
        }
        if depth == 0 {
            flat.deprecated = data.deprecated;
        }
        if data.read_only || data.write_only {
            return Err(at.refused("is an object type with `readOnly` or `writeOnly`"));
        }
        if let Some(base) = data.extensions.get(BASE) {
            flat.base = base.as_str().map(str::to_owned);
        }
        match &item.schema_kind {
            SchemaKind::Type(SchemaType::Object(object)) => self.add(flat, object.into(), at),
            SchemaKind::AllOf { all_of } => self.flatten_all(flat, all_of, at, depth),
            SchemaKind::Any(any) => {
                let known = AnySchema {
                    typ: any.typ.clone(),
                    all_of: any.all_of.clone(),
                    properties: any.properties.clone(),
                    required: any.required.clone(),
                    additional_properties: any.additional_properties.clone(),
                    ..Default::default()
                };
                if !matches!(any.typ.as_deref(), None | Some("object")) || *any != known {
                    return Err(at.refused("mixes `allOf` with keys of other types"));
                }
                self.flatten_all(flat, &any.all_of, at, depth)?;
                self.add(flat, any.into(), at)
            }
            _ => Err(at.refused("is something else where an object or `allOf` is expected")),
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

    fn add(&self, flat: &mut Flat<'d>, object: Object<'d>, at: &At<'_>) -> Read<()> {
        if object.has_bounds {
            return Err(at.refused("bounds the number of properties"));
        }
        let here = at.key("additionalProperties");
        let others = match object.others {
            None | Some(AdditionalProperties::Any(false)) => None,
            Some(AdditionalProperties::Any(true)) => Some(Others::Any),
            Some(AdditionalProperties::Schema(schema)) if is_any_object(schema) => {
                Some(Others::Any)
            }
            Some(AdditionalProperties::Schema(schema)) => {
                Some(Others::Of(unnoted(self.typed(schema, &here)?, &here)?))
            }
        };
        if let Some(others) = others {
            flat.others = Some((others, here.to_string()));
        }
        for (name, schema) in object.properties {
            if let Some(other) = flat.properties.insert(name, schema)
                && other != schema
            {
                let at = at.key("properties");
                return Err(at.key(name).refused("gives a property of a base another type"));
            }
        }
        flat.required.extend(object.required.iter().map(String::as_str));
        Ok(())
    }
}

/// The keys of an object, with `allOf` or without.
struct Object<'d> {
    properties: &'d IndexMap<String, ReferenceOr<Box<Schema>>>,
    required: &'d [String],
    others: Option<&'d AdditionalProperties>,
    has_bounds: bool,
}

impl<'d> From<&'d ObjectType> for Object<'d> {
    fn from(object: &'d ObjectType) -> Self {
        Self {
            properties: &object.properties,
            required: &object.required,
            others: object.additional_properties.as_ref(),
            has_bounds: object.min_properties.is_some() || object.max_properties.is_some(),
        }
    }
}

impl<'d> From<&'d AnySchema> for Object<'d> {
    fn from(any: &'d AnySchema) -> Self {
        Self {
            properties: &any.properties,
            required: &any.required,
            others: any.additional_properties.as_ref(),
            has_bounds: any.min_properties.is_some() || any.max_properties.is_some(),
        }
    }
}

/// Whether an object has nothing but `value` and what OData says beside it.
pub(super) fn is_envelope(flat: &Flat<'_>) -> bool {
    let mut names = flat.properties.keys();
    !flat.properties.is_empty() && names.all(|it| *it == "value" || it.starts_with("@odata."))
}

fn is_any_object(schema: &ReferenceOr<Schema>) -> bool {
    let any = SchemaKind::Type(SchemaType::Object(ObjectType::default()));
    matches!(schema, ReferenceOr::Item(item) if item.schema_kind == any)
}
