//! Reads an OpenAPI document, YAML or JSON, and checks that every key of it was understood. A document
//! of OpenAPI 3.1 is put into the words of 3.0 first.
//!
//! `openapiv3` ignores keys that it does not know. This module therefore compares what `openapiv3` kept
//! with the text, and reports each key that is gone with its JSON pointer.

use std::path::Path;

use indexmap::IndexMap;
use openapiv3::OpenAPI;
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use crate::pointer::escape;
use crate::problem::{At, Problem, Problems};

use words::{brief, scalar};

mod openapi31;
mod schemas;
mod words;

/// A document as it was read.
pub struct Document {
    /// Where it was read from.
    pub source: String,
    /// Its text, for the lines of problems.
    pub text: String,
    /// The document as `openapiv3` reads it, complete.
    pub openapi: OpenAPI,
}

/// Reads the document in a file.
pub fn load(path: &Path) -> Result<Document, Problems> {
    let source = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Problems::whole(&source, format!("can't be read as UTF-8: {error}")))?;
    parse(source, text)
}

/// Reads a document from its text; `source` names it in problems.
pub fn parse(source: String, mut text: String) -> Result<Document, Problems> {
    // The mark that some editors put before the text.
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    match parse_openapi(&text) {
        Ok(openapi) => Ok(Document { source, text, openapi }),
        Err(problems) => Err(Problems::located(&source, &text, problems)),
    }
}

fn parse_openapi(text: &str) -> Result<OpenAPI, Vec<Problem>> {
    let whole = |message: String| vec![Problem { pointer: String::new(), message }];
    // The mark of the end, after which `serde_yaml` expects one more document.
    let text = text.trim_end();
    let text = text.strip_suffix("\n...").unwrap_or(text);
    let mut value = yaml(text).map_err(|error| {
        whole(format!("is neither YAML nor JSON: {error}; is the file complete?"))
    })?;
    let version = version(&value)?;
    for key in ["info", "paths", "components", "security"] {
        if value.get(key).is_none() {
            let message = format!("the document has no `{key}`; is the file complete?");
            return Err(whole(message));
        }
    }
    if version == Version::V3_1 {
        openapi31::downgrade(&mut value)?;
    }
    read(value)
}

/// Reads YAML or JSON. A line that begins with `components:` most often begins the second half of a mapping;
/// then both halves are read at the same time. What can't be read in halves is read as a whole.
fn yaml(text: &str) -> Result<Value, serde_yaml::Error> {
    let whole_of_halves = || {
        let (first, second) = text.split_at(text.find("\ncomponents:")? + 1);
        // The mark of an end: two documents are an error, and no halves of one.
        if first.contains("\n...") {
            return None;
        }
        let read = |half| match serde_yaml::from_str(half) {
            Ok(Value::Mapping(half)) => Some(half),
            _ => None,
        };
        let (first, second) = rayon::join(|| read(first), || read(second));
        let (mut whole, second) = (first?, second?);
        let keys = whole.len() + second.len();
        whole.extend(second);
        // A key that both have is an error, which the whole gives.
        (whole.len() == keys).then_some(Value::Mapping(whole))
    };
    whole_of_halves().map_or_else(|| serde_yaml::from_str(text), Ok)
}

/// Reads a document. Its paths and schemas, which are most of it, are read entry by entry on all cores, so that
/// each problem names its entry.
fn read(mut value: Value) -> Result<OpenAPI, Vec<Problem>> {
    let paths = take_entries(value.get_mut("paths"), |key| key.starts_with('/'));
    let components = value.get_mut("components");
    let schemas = take_entries(components.and_then(|it| it.get_mut("schemas")), |_| true);
    let paths = read_each(paths, &At::top("paths"), schemas::in_path);
    let schemas = read_each(schemas, &At::top("components").key("schemas"), schemas::in_schema);
    let rest = checked::<OpenAPI>(&mut value, None, schemas::each);
    match (rest, paths, schemas) {
        (Ok(mut openapi), Ok(paths), Ok(schemas)) => {
            openapi.paths.paths = paths;
            if let Some(components) = &mut openapi.components {
                components.schemas = schemas;
            }
            Ok(openapi)
        }
        (rest, paths, schemas) => {
            let problems = [rest.err(), paths.err(), schemas.err()];
            Err(problems.into_iter().flatten().flatten().collect())
        }
    }
}

/// Takes the entries out of a mapping whose keys are texts and `belongs` accepts.
fn take_entries(
    mapping: Option<&mut Value>,
    belongs: impl Fn(&str) -> bool,
) -> Vec<(String, Value)> {
    let Some(Value::Mapping(mapping)) = mapping else { return Vec::new() };
    let mut taken = Vec::new();
    for (key, value) in std::mem::take(mapping) {
        match key {
            Value::String(key) if belongs(&key) => taken.push((key, value)),
            key => drop(mapping.insert(key, value)),
        }
    }
    taken
}

/// Reads the entries of a mapping, or says all that is wrong with them.
fn read_each<T: DeserializeOwned + Serialize + Send>(
    entries: Vec<(String, Value)>,
    at: &At<'_>,
    each_schema: schemas::Each,
) -> Result<IndexMap<String, T>, Vec<Problem>> {
    let read = |key: &str, mut value| {
        let at = at.key(key);
        checked(&mut value, Some(&at), |value, visit| each_schema(value, &at, visit))
    };
    let read = entries.into_par_iter().map(|(key, value)| Ok((read(&key, value)?, key)));
    let read = read.collect::<Vec<Result<_, Vec<Problem>>>>();
    let (mut all, mut problems) = (IndexMap::with_capacity(read.len()), Vec::new());
    for read in read {
        match read {
            Ok((entry, key)) => drop(all.insert(key, entry)),
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(problems) }
}

/// Reads a part of a document after a look at the schemas in it: `openapiv3` says only that one matched nothing.
fn checked<T: DeserializeOwned + Serialize>(
    value: &mut Value,
    at: Option<&At<'_>>,
    each_schema: impl FnOnce(&mut Value, schemas::Visit<'_>),
) -> Result<T, Vec<Problem>> {
    let problems = schemas::check(|visit| each_schema(value, visit));
    if problems.is_empty() { kept_of(value, at) } else { Err(problems) }
}

/// Reads a part of OpenAPI that stands in an extension, with the same check for keys that are gone.
pub(crate) fn kept<T: DeserializeOwned + Serialize>(
    value: &serde_json::Value,
    at: &At<'_>,
) -> Result<T, Vec<Problem>> {
    let value = serde_yaml::to_value(value).map_err(|error| vec![at.problem(error.to_string())])?;
    kept_of(&value, Some(at))
}

fn kept_of<T: DeserializeOwned + Serialize>(
    value: &Value,
    at: Option<&At<'_>>,
) -> Result<T, Vec<Problem>> {
    let base = at.map(ToString::to_string).unwrap_or_default();
    // Keeping the path takes time, so the value is read again for it if it can't be read.
    let read = T::deserialize(value).or_else(|_| serde_path_to_error::deserialize(value));
    let read = read.map_err(|error| {
        let pointer = base.clone() + &pointer_of(error.path());
        let message = not_openapi(&error.into_inner().to_string());
        vec![Problem { pointer, message }]
    })?;
    let kept = serde_yaml::to_value(&read)
        .map_err(|error| vec![Problem { pointer: base, message: error.to_string() }])?;
    let mut problems = Vec::new();
    compare(value, &kept, at, &mut problems);
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// What is wrong, by what serde says of it.
fn not_openapi(said: &str) -> String {
    match said.strip_prefix("missing field ") {
        Some(field) => format!("is not OpenAPI 3.0: something here has no {field}; add it"),
        None => format!("is not OpenAPI 3.0: {said}; write it as OpenAPI 3.0 does"),
    }
}

/// The versions of OpenAPI that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    V3_0,
    V3_1,
}

fn version(value: &Value) -> Result<Version, Vec<Problem>> {
    let problem = |at: At<'_>, message: String| Err(vec![at.problem(message)]);
    if !value.is_mapping() {
        let message = "is not an OpenAPI document: a mapping with `openapi` is expected; is the \
                       file complete?";
        return Err(vec![Problem { pointer: String::new(), message: message.to_owned() }]);
    }
    if let Some(version) = value.get("swagger") {
        let version = scalar(version);
        return problem(
            At::top("swagger"),
            format!("is OpenAPI {version}; convert the document to OpenAPI 3.0 first"),
        );
    }
    match value.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0.") => Ok(Version::V3_0),
        Some(version) if version.starts_with("3.1.") => Ok(Version::V3_1),
        Some(version) => problem(
            At::top("openapi"),
            format!("is OpenAPI {version}; OpenAPI 3.0 and 3.1 are what this tool reads"),
        ),
        None => {
            let message = "is missing or no text; name the version, such as '3.0.4'";
            problem(At::top("openapi"), message.to_owned())
        }
    }
}

/// The path that serde reports, as a JSON pointer.
fn pointer_of(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escape(key)),
            Segment::Enum { variant } => format!("/{}", escape(variant)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// Finds what stands in `source` and not in `kept`.
fn compare(source: &Value, kept: &Value, at: Option<&At<'_>>, problems: &mut Vec<Problem>) {
    let mut lost = |at: Option<&At<'_>>, message: String| {
        let pointer = at.map(ToString::to_string).unwrap_or_default();
        problems.push(Problem { pointer, message });
    };
    match (source, kept) {
        (Value::Mapping(source), Value::Mapping(kept)) => {
            for (key, value) in source {
                let key = scalar(key);
                let here = at.map_or_else(|| At::top(&key), |at| at.key(&key));
                match kept.get(key.as_ref()) {
                    Some(kept) => compare(value, kept, Some(&here), problems),
                    None if says_nothing(&key, value) => {}
                    None => {
                        problems
                            .push(here.refused(format!("`{key}` is no key of OpenAPI 3.0 here")));
                    }
                }
            }
        }
        (Value::Sequence(source), Value::Sequence(kept)) if source.len() == kept.len() => {
            for (index, (source, kept)) in source.iter().zip(kept).enumerate() {
                let here = at.map(|at| at.index(index));
                compare(source, kept, here.as_ref(), problems);
            }
        }
        (Value::Number(source), Value::Number(kept)) if source.as_f64() == kept.as_f64() => {}
        (source, kept) if source == kept => {}
        (source, kept) => {
            lost(at, format!("was read as {} in place of {}", brief(kept), brief(source)))
        }
    }
}

/// The defaults that a document may write out or leave out.
fn says_nothing(key: &str, value: &Value) -> bool {
    match value {
        Value::Bool(false) | Value::Null => true,
        Value::Sequence(list) => list.is_empty(),
        Value::Mapping(map) => map.is_empty(),
        Value::String(text) => key == "style" && matches!(text.as_str(), "form" | "simple"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_document;

    #[test]
    fn halves_of_a_text_are_read_as_its_whole_is() {
        for text in [
            "paths: {}\ncomponents: { a: 1 }\ntags: [x]",
            "paths: {}\r\ncomponents:\r\n  a: 1\r\n",
            "paths:\ncomponents:",
            "paths: |\n  components:\ncomponents: x\n",
            "paths: |+\n  x\n\n\ncomponents: x\n",
            "paths: x\n y\n\n\ncomponents: x",
            "# paths\ncomponents: x",
            "---\ncomponents: x",
            "components: x\npaths: y",
            "{ \"paths\": 1,\n\"components\": 2 }",
            // Not two mappings of their own.
            "{ paths: 1,\ncomponents: 2 }",
            "paths: 'a\ncomponents: b'",
            "paths: \"a\ncomponents: b\"",
            "|0\ncomponents: x",
            "- paths\ncomponents: x",
            "!tagged\npaths: x\ncomponents: y",
            "paths: &shared { a: 1 }\ncomponents: *shared",
            "%TAG !e! tag:example.com,2000:\n---\npaths: x\ncomponents: !e!y z",
            // Errors of the whole.
            "paths: 1\ncomponents: 2\ncomponents: 3",
            "components: 1\npaths: 2\ncomponents: 3",
            "paths: 1\n...\ncomponents: 2",
            "paths: 1\n---\ncomponents: 2",
            "paths: 1\ncomponents: 2\n---\npaths: 3",
            "paths: [\ncomponents: 2",
            "paths: 1\ncomponents: [",
        ] {
            let said = |it: serde_yaml::Error| it.to_string();
            let whole = serde_yaml::from_str::<Value>(text).map_err(said);
            assert_eq!(yaml(text).map_err(said), whole, "{text}");
        }
    }

    #[test]
    fn each_path_and_schema_that_cant_be_read_is_named() {
        let paths = "  /Users: { get: { parameters: [{ name: x }], responses: {} } }\n  \
                     /Groups: { get: { responses: { '204': { description: 1 } } } }\n";
        let schemas = "    Odd: { type: string, externalDocs: { url: [] } }\n    \
                       Long: { type: string, maxLength: long }\n";
        let Err(problems) = parse("test".to_owned(), test_document::text(paths, schemas)) else {
            panic!("it was read")
        };
        let said = problems.to_string();
        let lines: Vec<&str> = said.lines().collect();
        let places = [
            "/paths/~1Users",
            "/paths/~1Groups",
            "/components/schemas/Odd",
            "/components/schemas/Long/maxLength",
        ];
        assert_eq!(lines.len(), places.len(), "{said}");
        for (line, at) in lines.iter().zip(places) {
            assert!(line.contains(&format!(" at {at}")), "{said}");
        }
    }

    #[test]
    fn keys_that_are_gone_are_reported_in_every_part() {
        let path = "  /Users: { get: { nowhere: 1, responses: { '204': { description: x } } } }\n";
        let text = test_document::text(path, "")
            .replace("info: {", "info: { strange: 1,")
            .replace("responses:\n    error:", "responses:\n    error:\n      foreign: 1");
        let Err(problems) = parse("test".to_owned(), text) else { panic!("it was read") };
        let said = problems.to_string();
        for at in
            ["/info/strange", "/paths/~1Users/get/nowhere", "/components/responses/error/foreign"]
        {
            assert_eq!(said.matches(at).count(), 1, "{at}: {said}");
        }
        assert_eq!(said.lines().count(), 3, "{said}");
    }
}
