//! Entities, enumerations and named primitive types, each with its history.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema, SchemaKind, Type as SchemaType};
use serde_json::{Map, Value};

use super::marks::{ABSENT, BOUNDS, FORMER, SINCE, UNTIL, VALUES, read_bounds, rows};
use super::schema::{Flat, Types};
use super::typed::{NAVIGATION, Typed, facts};
use super::{DocumentId, Entity, Enumeration, History, Property, Seen, Type};
use crate::load::kept;
use crate::problem::{At, Problem};

type Read<T> = Result<T, Problem>;

impl<'d> Types<'d> {
    /// The documents that have a named schema.
    pub(super) fn bounds(&self, schema: &ReferenceOr<Schema>, at: &At<'_>) -> Read<Seen> {
        let all = Seen::all(self.documents.len());
        let extensions = schema.as_item().map(|item| &item.schema_data.extensions);
        read_bounds(|key| extensions?.get(key), self.documents, all, at)
    }

    pub(super) fn entity(
        &self,
        name: &str,
        schema: &'d ReferenceOr<Schema>,
        seen: Seen,
        at: &At<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<Entity> {
        let flat = match self.flatten(schema, at) {
            Ok(flat) => flat,
            Err(problem) => {
                problems.push(problem);
                return None;
            }
        };
        let properties = self.properties(&flat, seen, at, problems);
        let (others, deprecated) = (flat.others(), flat.deprecated);
        let (name, base, former_names) = (name.to_owned(), flat.base, Vec::new());
        Some(Entity { name, base, properties, others, deprecated, seen, former_names })
    }

    /// The properties of an object that these documents have.
    pub(super) fn properties(
        &self,
        flat: &Flat<'d>,
        within: Seen,
        at: &At<'_>,
        problems: &mut Vec<Problem>,
    ) -> BTreeMap<String, History<Property>> {
        let at = at.key("properties");
        let mut properties = BTreeMap::new();
        for (name, schema) in &flat.properties {
            let required = flat.required.contains(name);
            match self.property(name, required, schema, within, &at.key(name)) {
                Ok(property) => drop(properties.insert((*name).to_owned(), property)),
                Err(more) => problems.extend(more),
            }
        }
        properties
    }

    fn property(
        &self,
        name: &str,
        required: bool,
        schema: &ReferenceOr<Box<Schema>>,
        within: Seen,
        at: &At<'_>,
    ) -> Result<History<Property>, Vec<Problem>> {
        let whole = |problem: Problem| vec![problem];
        let newest = self.typed_with(schema, at, &[NAVIGATION, SINCE, UNTIL, ABSENT, FORMER]);
        let newest = newest.map_err(whole)?.property(name, required);
        let extensions = schema.as_item().map(|item| &item.schema_data.extensions);
        let key = |key: &str| extensions?.get(key);
        let seen = read_bounds(key, self.documents, within, at).map_err(whole)?;
        let former = self.former(key(FORMER), seen, &at.key(FORMER), |typed, row| {
            typed.property(name, row.get("required").is_some_and(|it| it == true))
        })?;
        Ok(History { newest, seen, former })
    }

    /// A named primitive type.
    pub(super) fn alias(
        &self,
        newest: &Type,
        schema: &ReferenceOr<Schema>,
        seen: Seen,
        at: &At<'_>,
    ) -> Result<History<Type>, Vec<Problem>> {
        let former = schema.as_item().and_then(|it| it.schema_data.extensions.get(FORMER));
        let former = self.former(former, seen, &at.key(FORMER), |typed, _| typed.ty)?;
        Ok(History { newest: newest.clone(), seen, former })
    }

    /// The former variants of a fact that these documents have.
    fn former<T>(
        &self,
        list: Option<&Value>,
        within: Seen,
        at: &At<'_>,
        variant: impl Fn(Typed, &Map<String, Value>) -> T,
    ) -> Result<Vec<(T, Seen)>, Vec<Problem>> {
        let whole = |problem: Problem| vec![problem];
        let mut former = Vec::new();
        for (index, row) in rows(list, at).map_err(whole)?.iter().enumerate() {
            let at = at.index(index);
            let known = |key: &str| matches!(key, "schema" | "required") || BOUNDS.contains(&key);
            let schema = row.get("schema").filter(|_| row.keys().all(|key| known(key)));
            let message = "`schema` and its bounds are expected";
            let schema = schema.ok_or_else(|| whole(at.problem(message)))?;
            let seen = read_bounds(|key| row.get(key), self.documents, within, &at);
            let here = at.key("schema");
            let schema: ReferenceOr<Schema> = kept(schema, &here)?;
            let typed = self.typed(&schema, &here).map_err(whole)?;
            former.push((variant(typed, row), seen.map_err(whole)?));
        }
        Ok(former)
    }
}

/// An enumeration's values.
pub(super) fn enumeration(
    name: &str,
    flags: bool,
    schema: &Schema,
    documents: &[DocumentId],
    seen: Seen,
    at: &At<'_>,
) -> Read<Enumeration> {
    let data = facts(&schema.schema_data, at, &[SINCE, UNTIL, ABSENT, VALUES])?;
    let SchemaKind::Type(SchemaType::String(string)) = &schema.schema_kind else {
        return Err(at.problem("an enumeration of strings is expected here"));
    };
    if data.default.is_some() || data.read_only || data.write_only {
        return Err(at.refused("is an enumeration with a default or a direction"));
    }
    let values: Vec<&String> = string.enumeration.iter().flatten().collect();
    let mut values: BTreeMap<String, Seen> =
        values.into_iter().map(|value| (value.clone(), seen)).collect();
    if values.len() != string.enumeration.len() {
        let message = "a value is null or stands here twice; keep each once, and mark null by \
                       `nullable`";
        return Err(at.key("enum").problem(message));
    }
    let list = at.key(VALUES);
    for (index, row) in rows(data.extensions.get(VALUES), &list)?.iter().enumerate() {
        let at = list.index(index);
        let bounds = read_bounds(|key| row.get(key), documents, seen, &at)?;
        let known = row.keys().all(|key| key == "value" || BOUNDS.contains(&key.as_str()));
        let value = row.get("value").and_then(serde_json::Value::as_str).filter(|_| known);
        match value.and_then(|value| values.get_mut(value)) {
            Some(seen) => *seen = bounds,
            None => return Err(at.problem("a `value` of `enum` and its bounds are expected")),
        }
    }
    let (name, deprecated, former_names) = (name.to_owned(), data.deprecated, Vec::new());
    Ok(Enumeration { name, values, flags, deprecated, seen, former_names })
}
