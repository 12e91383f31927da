//! A document while it is changed: its parts, chosen at random, and what shapes do with them.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::pointer::escape;

/// A document that can be changed, and the generator that chooses the places.
pub(super) struct Draft {
    pub(super) value: Value,
    pub(super) spelling: Spelling,
    rng: Rng,
}

/// How the document is written to a file.
#[derive(Clone, Copy)]
pub(super) enum Spelling {
    Yaml,
    Json,
    /// YAML, and what becomes of its text.
    Text(fn(String) -> String),
}

/// Where the named schemas are.
pub(super) const SCHEMAS: &str = "/components/schemas";

impl Draft {
    pub(super) fn new(value: Value, rng: Rng) -> Self {
        Self { value, spelling: Spelling::Yaml, rng }
    }

    /// A number below `most`, the same on every machine.
    pub(super) fn below(&mut self, most: usize) -> usize {
        (self.rng.u64(..) % most.max(1) as u64) as usize
    }

    /// One of several.
    pub(super) fn one<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        let index = self.below(of.len());
        of.get(index).cloned()
    }

    /// Puts a list into another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last + 1);
            list.swap(last, other);
        }
    }

    pub(super) fn get(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    pub(super) fn at(&mut self, pointer: &str) -> Option<&mut Value> {
        self.value.pointer_mut(pointer)
    }

    pub(super) fn map(&mut self, pointer: &str) -> Option<&mut Map<String, Value>> {
        self.at(pointer)?.as_object_mut()
    }

    /// Puts a value under a key. The map is made if it isn't there.
    pub(super) fn put(&mut self, pointer: &str, key: &str, value: Value) -> Option<()> {
        if self.get(pointer).is_none() {
            let (parent, last) = pointer.rsplit_once('/')?;
            self.put(parent, &unescape(last), json!({}))?;
        }
        self.map(pointer)?.insert(key.to_owned(), value);
        Some(())
    }

    /// Takes a value out.
    pub(super) fn take(&mut self, pointer: &str, key: &str) -> Option<Value> {
        self.map(pointer)?.shift_remove(key)
    }

    /// Gives a key another name; it keeps its place.
    pub(super) fn rename(&mut self, pointer: &str, from: &str, to: &str) -> Option<()> {
        let map = self.map(pointer)?;
        if map.contains_key(to) || !map.contains_key(from) {
            return None;
        }
        let renamed = std::mem::take(map).into_iter();
        *map =
            renamed.map(|(key, it)| (if key == from { to.to_owned() } else { key }, it)).collect();
        Some(())
    }

    /// The pointers of the operations that pass.
    pub(super) fn operations(&self, passes: impl Fn(&Value) -> bool) -> Vec<String> {
        let paths = self.get("/paths").and_then(Value::as_object);
        let mut found = Vec::new();
        for (path, item) in paths.into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation.get("operationId").is_some() && passes(operation) {
                    found.push(format!("/paths/{}/{method}", escape(path)));
                }
            }
        }
        found
    }

    /// An operation that passes.
    pub(super) fn operation(&mut self, passes: impl Fn(&Value) -> bool) -> Option<String> {
        let all = self.operations(passes);
        self.one(&all)
    }

    /// The operationId at a pointer.
    pub(super) fn id(&self, operation: &str) -> String {
        text(self.get(operation), "operationId")
    }

    /// The named schemas that pass, without those of the error.
    pub(super) fn schemas(&self, passes: impl Fn(&Value) -> bool) -> Vec<String> {
        let all = self.get(SCHEMAS).and_then(Value::as_object);
        let all = all.into_iter().flatten();
        let all = all.filter(|(name, it)| !name.contains("ODataErrors") && passes(it));
        all.map(|(name, _)| name.clone()).collect()
    }

    /// A named schema that passes.
    pub(super) fn schema(&mut self, passes: impl Fn(&Value) -> bool) -> Option<String> {
        let all = self.schemas(passes);
        self.one(&all)
    }

    /// An entity that has several properties.
    pub(super) fn entity(&mut self) -> Option<String> {
        self.schema(|it| properties(it).count() > 1)
    }

    pub(super) fn enumeration(&mut self) -> Option<String> {
        self.schema(|it| it.get("enum").is_some())
    }

    /// A property that passes: its entity, and its name.
    pub(super) fn property(&mut self, passes: impl Fn(&Value) -> bool) -> Option<(String, String)> {
        let mut found = Vec::new();
        for entity in self.schemas(|it| properties(it).count() > 1) {
            let schema = self.get(&schema(&entity));
            for (name, property) in schema.into_iter().flat_map(properties) {
                if passes(property) {
                    found.push((entity.clone(), name.clone()));
                }
            }
        }
        self.one(&found)
    }

    /// Gives a named schema another name, at all places that refer to it.
    pub(super) fn rename_schema(&mut self, from: &str, to: &str) -> Option<()> {
        self.rename(SCHEMAS, from, to)?;
        refer(&mut self.value, &reference(from), &reference(to));
        Some(())
    }

    /// Puts an operation at a path. The path must not have it yet.
    pub(super) fn put_operation(
        &mut self,
        path: &str,
        method: &str,
        operation: Value,
    ) -> Option<()> {
        let item = format!("/paths/{}", escape(path));
        if self.get(&format!("{item}/{method}")).is_some() {
            return None;
        }
        self.put(&item, method, operation)
    }

    /// Takes an operation away: its path, its method, itself. A path that has no other goes too.
    pub(super) fn take_operation(&mut self, pointer: &str) -> Option<(String, String, Value)> {
        let (path, method) = place(pointer)?;
        let item = format!("/paths/{}", escape(&path));
        let operation = self.take(&item, &method)?;
        if self.map(&item)?.is_empty() {
            self.take("/paths", &path);
        }
        Some((path, method, operation))
    }
}

/// The path and the method of an operation's pointer.
pub(super) fn place(pointer: &str) -> Option<(String, String)> {
    let (path, method) = pointer.strip_prefix("/paths/")?.rsplit_once('/')?;
    Some((unescape(path), method.to_owned()))
}

fn unescape(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// The pointer of a named schema.
pub(super) fn schema(name: &str) -> String {
    format!("{SCHEMAS}/{}", escape(name))
}

/// The pointer of a property.
pub(super) fn member(entity: &str, property: &str) -> String {
    format!("{}/properties/{}", schema(entity), escape(property))
}

/// The properties of an entity.
pub(super) fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// What refers to a named schema.
pub(super) fn reference(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

/// A schema that refers to another.
pub(super) fn refers(name: &str) -> Value {
    json!({ "$ref": reference(name) })
}

/// The text under a key.
pub(super) fn text(value: Option<&Value>, key: &str) -> String {
    value.and_then(|it| it.get(key)?.as_str()).unwrap_or_default().to_owned()
}

/// Whether a schema has this type and this format.
pub(super) fn is(schema: &Value, ty: &str, format: &str) -> bool {
    text(Some(schema), "type") == ty && text(Some(schema), "format") == format
}

/// The name of the schema that another refers to, also through one `allOf`.
pub(super) fn target(schema: &Value) -> Option<&str> {
    let reference = schema.get("$ref").or_else(|| schema.pointer("/allOf/0/$ref"))?;
    reference.as_str()?.rsplit('/').next()
}

/// The path of an operation's parameters, body or answers to their one schema.
pub(super) const BODY: &str = "/requestBody/content/application~1json/schema";

/// The pointer of the schema of an operation's answer.
pub(super) fn answer(operation: &Value) -> Option<String> {
    let answers = operation.get("responses")?.as_object()?;
    let (status, _) = answers.iter().find(|(_, it)| it.get("content").is_some())?;
    Some(format!("/responses/{status}/content/application~1json/schema"))
}

/// Whether an operation answers a collection in place.
pub(super) fn answers_collection(operation: &Value) -> bool {
    let schema = answer(operation).and_then(|it| operation.pointer(&it));
    schema.is_some_and(|it| it.pointer("/properties/value/items").is_some())
}

/// The places of path parameters in an operation's list.
pub(super) fn path_parameters(operation: &Value) -> Vec<usize> {
    let all = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let all = all.enumerate().filter(|(_, it)| it.get("in") == Some(&json!("path")));
    all.map(|(index, _)| index).collect()
}

/// The answers of an operation that answers nothing.
pub(super) fn nothing() -> Value {
    json!({ "204": { "description": "Nothing" }, "default": { "$ref": "#/components/responses/error" } })
}

/// The answers of an operation that answers this schema.
pub(super) fn answering(schema: &Value) -> Value {
    json!({
        "200": { "description": "Success", "content": { "application/json": { "schema": schema } } },
        "default": { "$ref": "#/components/responses/error" },
    })
}

/// An action without parameters.
pub(super) fn action(id: &str, tag: &str) -> Value {
    json!({ "tags": [tag], "operationId": id, "x-ms-docs-operation-type": "action", "responses": nothing() })
}

/// A function without parameters.
pub(super) fn function(id: &str, tag: &str, answer: &Value) -> Value {
    json!({ "tags": [tag], "operationId": id, "x-ms-docs-operation-type": "function", "responses": answering(answer) })
}

/// Replaces references.
pub(super) fn refer(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if key == "$ref" && text == from => *text = to.to_owned(),
                    _ => refer(value, from, to),
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|it| refer(it, from, to)),
        _ => {}
    }
}
