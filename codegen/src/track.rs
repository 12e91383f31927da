//! Writes the model as the tracked document, `spec/xapi.yaml`: a valid OpenAPI 3.0 document that
//! holds the facts alone, in one canonical order, so that a release's changes can be reviewed as a
//! diff. [`crate::model::read`] reads it back to the same model.

use serde_json::{Map, Value, json};

use crate::model::{
    self, ABSENT, ALIAS, Access, Answer, Api, BASE, Body, Bounds, DocumentId, Entity, Enumeration,
    FORMER, History, Limits, Notes, Operation, OperationKind, Others, PREDECESSORS, Property,
    QueryOption, RELEASES, SINCE, Seen, Type, UNTIL, VALUES,
};
use crate::{history, load};

/// The comment at the top of the document.
const HEAD: &str = "\
# The 3CX XAPI as tracked by this project: the facts of every imported release.
# Written by `cargo xtask import`; not to be edited by hand.
";

/// The tracked document's text.
pub fn write(api: &Api) -> Result<String, serde_yaml::Error> {
    let version = api.documents.last().map_or("unknown", |release| release.release.as_str());
    let releases: Vec<Value> = api
        .documents
        .iter()
        .map(|id| match id.build {
            None => json!({ "release": id.release, "date": id.date }),
            Some(build) => json!({ "release": id.release, "date": id.date, "build": build }),
        })
        .collect();
    let document = json!({
        "openapi": "3.0.4",
        "info": { "title": "3CX XAPI", "version": version },
        RELEASES: releases,
        "servers": [{ "url": api.service_root }],
        "security": [api.security_schemes.keys().map(|name| (name.clone(), json!([]))).collect::<Map<_, _>>()],
        "paths": paths(api),
        "components": components(api),
    });
    Ok(format!("{HEAD}{}", quoted(&serde_yaml::to_string(&document)?)))
}

/// The union of one document as the tracked document gives it back.
pub fn alone(id: DocumentId, document: Api) -> Result<Api, String> {
    let source = format!("the union of {}", id.full());
    let union = history::unite(&[(id, document)].into()).map_err(|it| it.to_string())?;
    let text = write(&union).map_err(|error| error.to_string())?;
    let union = load::parse(source, text).and_then(model::read);
    Ok(union.map_err(|problems| problems.to_string())?.0)
}

/// Quotes the plain scalars that a YAML 1.1 reader would not take for strings: the words for yes and
/// no, and dates. Values of the API are among them, and many tools still read YAML 1.1.
fn quoted(yaml: &str) -> String {
    let mut out = String::with_capacity(yaml.len());
    for line in yaml.lines() {
        let value_at = line.rfind("- ").or(line.rfind(": ")).map_or(line.len(), |at| at + 2);
        let (key, value) = line.split_at(value_at);
        if is_ambiguous(value) {
            out += &format!("{key}'{value}'\n");
        } else {
            out += line;
            out.push('\n');
        }
    }
    out
}

fn is_ambiguous(scalar: &str) -> bool {
    let word = scalar.to_ascii_lowercase();
    let date = scalar.len() == 10
        && scalar.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    date || matches!(word.as_str(), "y" | "n" | "yes" | "no" | "on" | "off")
}

fn paths(api: &Api) -> Value {
    let mut operations: Vec<&History<Operation>> = api.operations.values().collect();
    // Of several at one place the newest stands first.
    let place = |it: &History<Operation>| (it.route.template.clone(), it.method);
    operations.sort_by(|a, b| place(a).cmp(&place(b)).then(b.seen.last().cmp(&a.seen.last())));
    let mut paths = Map::new();
    for operation in operations {
        let item = paths.entry(&operation.route.template).or_insert_with(|| json!({}));
        let method = operation.method.as_str().to_lowercase();
        let mut out = self::operation(operation, bounds(api, operation.seen, all(api)));
        former(&mut out, api, operation, |variant| {
            let method = variant.method.as_str().to_lowercase();
            json!({ "path": variant.route.template, "method": method, "operation": self::operation(variant, Map::new()) })
        });
        match item.get_mut(&method) {
            None => item[method.as_str()] = out,
            Some(leading) => match leading.get_mut(PREDECESSORS).and_then(Value::as_array_mut) {
                Some(others) => others.push(out),
                None => leading[PREDECESSORS] = json!([out]),
            },
        }
    }
    Value::Object(paths)
}

fn all(api: &Api) -> Seen {
    Seen::all(api.documents.len())
}

/// The marks of a fact that only some of its owner's documents have.
fn bounds(api: &Api, seen: Seen, within: Seen) -> Map<String, Value> {
    let Bounds { since, until, absent } = Bounds::of(&api.documents, seen, within);
    let edges = [(SINCE, since), (UNTIL, until)];
    let mut marks: Map<String, Value> = edges
        .into_iter()
        .filter_map(|(key, bound)| Some((key.to_owned(), json!(bound?))))
        .collect();
    if !absent.is_empty() {
        marks.insert(ABSENT.into(), json!(absent));
    }
    marks
}

/// Adds the former variants of a fact: what each is, and its bounds.
fn former<T>(out: &mut Value, api: &Api, history: &History<T>, variant: impl Fn(&T) -> Value) {
    let rows = history.former.iter().map(|(former, seen)| {
        let mut row = bounds(api, *seen, history.seen);
        if let Value::Object(variant) = variant(former) {
            row.extend(variant);
        }
        row
    });
    let rows: Vec<Map<String, Value>> = rows.collect();
    if !rows.is_empty() {
        out[FORMER] = json!(rows);
    }
}

fn operation(operation: &Operation, bounds: Map<String, Value>) -> Value {
    let mut out = Map::new();
    out.insert("tags".into(), json!([operation.resource]));
    out.insert("operationId".into(), json!(operation.id));
    if operation.deprecated {
        out.insert("deprecated".into(), json!(true));
    }
    out.extend(bounds);
    let import = operation.route.segments().count() == 1;
    let docs_type = match operation.kind {
        OperationKind::Function if import => Some("functionImport"),
        OperationKind::Function => Some("function"),
        OperationKind::Action if import => Some("actionImport"),
        OperationKind::Action => Some("action"),
        _ => None,
    };
    if let Some(docs_type) = docs_type {
        out.insert("x-ms-docs-operation-type".into(), json!(docs_type));
    }
    let path = operation.parameters.iter().map(|parameter| {
        let schema = schema(&parameter.ty, parameter.nullable, &parameter.limits, &parameter.notes);
        let mut out =
            json!({ "name": parameter.name, "in": "path", "required": true, "schema": schema });
        if let Some(entity) = &parameter.key_of {
            out["x-ms-docs-key-type"] = json!(entity);
        }
        out
    });
    let query =
        operation.options.iter().map(|option| reference("parameters", parameter_name(*option)));
    let if_match = operation.if_match.then(|| reference("parameters", "ifMatch"));
    let parameters: Vec<Value> = path.chain(query).chain(if_match).collect();
    if !parameters.is_empty() {
        out.insert("parameters".into(), Value::Array(parameters));
    }
    if let Some(body) = &operation.body {
        let (schema, required) = match body {
            Body::Entity { entity, required } => (reference("schemas", entity), *required),
            Body::Parameters { properties, required } => {
                (object(Map::new(), properties.iter().map(|it| (it, property(it)))), *required)
            }
        };
        let mut body = json!({ "content": content(schema) });
        if required {
            body["required"] = json!(true);
        }
        out.insert("requestBody".into(), body);
    }
    let (status, answer) = answer(&operation.answer);
    let mut responses = Map::new();
    responses.insert(status.to_string(), answer);
    responses.insert("default".into(), reference("responses", "error"));
    out.insert("responses".into(), Value::Object(responses));
    Value::Object(out)
}

/// A response; the description that OpenAPI requires says in words what the schema says.
fn answer(answer: &Answer) -> (u16, Value) {
    let (status, description, schema) = match answer {
        Answer::Nothing => return (204, json!({ "description": "Nothing" })),
        Answer::Object { entity, nullable, status } => {
            let schema = plain(&Type::Entity(entity.clone()), *nullable);
            (*status, entity.clone(), schema)
        }
        Answer::Collection { of } => {
            let items = Type::Collection(Box::new(of.clone()));
            let properties = json!({
                "@odata.count": { "type": "integer", "format": "int64", "nullable": true },
                "value": plain(&items, false),
            });
            (200, items.edm(), json!({ "type": "object", "properties": properties }))
        }
        Answer::Value { ty, nullable, bare: true, .. } => (200, ty.edm(), plain(ty, *nullable)),
        Answer::File => {
            let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
            let content = json!({ "application/octet-stream": bytes });
            return (200, json!({ "description": "A file", "content": content }));
        }
        Answer::Value { ty, nullable, limits, bare: false } => {
            let value = schema(ty, *nullable, limits, &Notes::default());
            (200, ty.edm(), json!({ "type": "object", "properties": { "value": value } }))
        }
    };
    (status, json!({ "description": description, "content": content(schema) }))
}

fn content(schema: Value) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn reference(section: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{section}/{name}") })
}

fn parameter_name(option: QueryOption) -> &'static str {
    option.as_str().trim_start_matches('$')
}

fn components(api: &Api) -> Value {
    let mut schemas = std::collections::BTreeMap::new();
    schemas.extend(api.entities.values().map(|it| (&it.name, entity(api, it))));
    schemas.extend(api.enumerations.values().map(|it| (&it.name, enumeration(api, it))));
    schemas.extend(api.aliases.iter().map(|(name, alias)| (name, self::alias(api, alias))));
    let schemas: Map<String, Value> =
        schemas.into_iter().map(|(name, schema)| (name.clone(), schema)).collect();
    let mut parameters: Map<String, Value> = QueryOption::ALL
        .into_iter()
        .map(|it| (parameter_name(it).to_owned(), query_option(it)))
        .collect();
    let if_match = json!({ "name": "If-Match", "in": "header", "schema": { "type": "string" } });
    parameters.insert("ifMatch".into(), if_match);
    let error = reference("schemas", "Pbx.ODataErrors.ODataError");
    json!({
        "schemas": schemas,
        "responses": { "error": { "description": "The error", "content": content(error) } },
        "parameters": parameters,
        "securitySchemes": api.security_schemes,
    })
}

fn query_option(option: QueryOption) -> Value {
    let schema = match option {
        QueryOption::Filter | QueryOption::Search => json!({ "type": "string" }),
        QueryOption::Count => json!({ "type": "boolean" }),
        QueryOption::Top | QueryOption::Skip => {
            json!({ "type": "integer", "format": "int64", "minimum": 0 })
        }
        QueryOption::Select | QueryOption::Expand | QueryOption::OrderBy => {
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string" } })
        }
    };
    json!({ "name": option.as_str(), "in": "query", "explode": false, "schema": schema })
}

fn entity(api: &Api, entity: &Entity) -> Value {
    let properties = entity.properties.values().map(|history| {
        let mut out = property(history);
        let mut marks = Value::Object(bounds(api, history.seen, entity.seen));
        former(&mut marks, api, history, |former| {
            let mut row = json!({ "schema": property(former) });
            if former.required {
                row["required"] = json!(true);
            }
            row
        });
        mark(&mut out, marks);
        (&history.newest, out)
    });
    let mut out = object(bounds(api, entity.seen, all(api)), properties);
    if let Some(base) = &entity.base {
        out[BASE] = json!(base);
    }
    match &entity.others {
        Others::None => {}
        Others::Any => out["additionalProperties"] = json!({ "type": "object" }),
        Others::Of(of) => out["additionalProperties"] = plain(of, false),
    }
    if entity.deprecated {
        out["deprecated"] = json!(true);
    }
    out
}

fn object<'p>(
    bounds: Map<String, Value>,
    properties: impl Iterator<Item = (&'p Property, Value)>,
) -> Value {
    let mut required = Vec::new();
    let mut schemas = Map::new();
    for (property, schema) in properties {
        if property.required {
            required.push(&property.name);
        }
        schemas.insert(property.name.clone(), schema);
    }
    let mut out = typed("object", bounds);
    if !schemas.is_empty() {
        out["properties"] = Value::Object(schemas);
    }
    if !required.is_empty() {
        out["required"] = json!(required);
    }
    out
}

fn typed(ty: &str, bounds: Map<String, Value>) -> Value {
    let ty = ("type".to_owned(), json!(ty));
    std::iter::once(ty).chain(bounds).collect()
}

fn property(property: &Property) -> Value {
    let mut out = schema(&property.ty, property.nullable, &property.limits, &property.notes);
    if property.navigation {
        mark(&mut out, json!({ "x-ms-navigationProperty": true }));
    }
    out
}

/// Adds extensions to a schema. Nothing may stand beside `$ref`.
fn mark(schema: &mut Value, marks: Value) {
    let Value::Object(marks) = marks else { return };
    if !marks.is_empty() && schema.get("$ref").is_some() {
        *schema = json!({ "allOf": [schema] });
    }
    for (key, value) in marks {
        schema[key] = value;
    }
}

fn enumeration(api: &Api, enumeration: &Enumeration) -> Value {
    let values: Vec<&String> = enumeration.values.keys().collect();
    let mut out = typed("string", bounds(api, enumeration.seen, all(api)));
    out["enum"] = json!(values);
    if enumeration.deprecated {
        out["deprecated"] = json!(true);
    }
    if enumeration.flags {
        out["x-ms-enum-flags"] = json!({ "isFlags": true });
    }
    let bounded = enumeration.values.iter().filter(|(_, seen)| **seen != enumeration.seen);
    let bounded: Vec<Value> = bounded
        .map(|(value, seen)| {
            let value = ("value".to_owned(), json!(value));
            std::iter::once(value).chain(bounds(api, *seen, enumeration.seen)).collect()
        })
        .collect();
    if !bounded.is_empty() {
        out[VALUES] = json!(bounded);
    }
    out
}

fn alias(api: &Api, alias: &History<Type>) -> Value {
    let mut out = plain(alias, false);
    if out.get("$ref").is_some() {
        mark(&mut out, json!({ ALIAS: true }));
    }
    mark(&mut out, Value::Object(bounds(api, alias.seen, all(api))));
    former(&mut out, api, alias, |ty| json!({ "schema": plain(ty, false) }));
    out
}

/// A type of which nothing else is said.
fn plain(ty: &Type, nullable: bool) -> Value {
    schema(ty, nullable, &Limits::default(), &Notes::default())
}

fn schema(ty: &Type, nullable: bool, limits: &Limits, notes: &Notes) -> Value {
    let of = |ty: &str, format: &str| json!({ "type": ty, "format": format });
    let numeric = |format: &str| json!({ "oneOf": [of("number", format), { "type": "string" }, reference("schemas", "ReferenceNumeric")] });
    let mut out = match ty {
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Byte => of("integer", "uint8"),
        Type::Int32 => of("integer", "int32"),
        Type::Int64 => of("integer", "int64"),
        Type::Decimal => of("number", "decimal"),
        Type::Single => numeric("float"),
        Type::Double => numeric("double"),
        Type::String => json!({ "type": "string" }),
        Type::DateTimeOffset => of("string", "date-time"),
        Type::Duration => of("string", "duration"),
        Type::Date => of("string", "date"),
        Type::TimeOfDay => of("string", "time"),
        Type::Guid => of("string", "uuid"),
        Type::Binary => of("string", "byte"),
        Type::Enumeration(name) | Type::Flags(name) | Type::Entity(name) => {
            let reference = reference("schemas", name);
            if nullable { json!({ "allOf": [reference] }) } else { reference }
        }
        Type::Collection(of) => json!({ "type": "array", "items": plain(of, false) }),
        Type::Nullable(of) => plain(of, true),
        // A document never has this type: `x-former` lists the variants.
        Type::Changed(current, _) => plain(current, false),
    };
    if nullable {
        out["nullable"] = json!(true);
    }
    if let Some(max_length) = limits.max_length {
        out["maxLength"] = json!(max_length);
    }
    if let Some(default) = &limits.default {
        mark(&mut out, json!({ "default": default }));
    }
    if !notes.listed.is_empty() {
        list(&mut out, ty, &notes.listed);
    }
    let access = match notes.access {
        Access::Both => None,
        Access::Read => Some("readOnly"),
        Access::Write => Some("writeOnly"),
    };
    for told in access.into_iter().chain(notes.deprecated.then_some("deprecated")) {
        mark(&mut out, json!({ told: true }));
    }
    out
}

/// Adds the values that a document lists for a value, or for the items of a list.
fn list(out: &mut Value, ty: &Type, listed: &[String]) {
    let value = |text: &String| match ty.element() {
        Type::String => json!(text),
        _ => text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number)),
    };
    let values: Vec<Value> = listed.iter().map(value).collect();
    match ty {
        Type::Collection(of) => list(&mut out["items"], of, listed),
        _ => out["enum"] = json!(values),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yaml_1_1_reader_gets_strings_too() {
        let yaml = "enum:\n- No\n- Yes.\n- on\nname: y\ndate: 2026-06-11\nx: '2026-06-11'\nNo: 1\n";
        let expected = "enum:\n- 'No'\n- Yes.\n- 'on'\nname: 'y'\ndate: '2026-06-11'\nx: '2026-06-11'\nNo: 1\n";
        assert_eq!(quoted(yaml), expected);
    }
}
