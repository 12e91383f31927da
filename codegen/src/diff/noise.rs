//! The differences between two vendor documents that change nothing on the wire: habits of the vendor's
//! tool, prose, and the order of things. Counting them shows a reader how much the diff leaves out.

use serde_yaml::{Mapping, Value};

use super::rows::Noise;

/// A document with its noise.
pub struct Noisy(Value);

impl Noisy {
    /// Reads a document's text.
    pub fn read(text: &str) -> Result<Self, String> {
        serde_yaml::from_str(text).map(Self).map_err(|error| error.to_string())
    }
}

/// Counts the noise between two documents.
pub fn between(old: &Noisy, new: &Noisy) -> Noise {
    let mut noise = Noise::new();
    compare(&old.0, &new.0, Keys::Words, &mut noise);
    noise
}

/// A property whose type is `number` in one document and `integer` in the other.
const FLIPPED_PROPERTY: &str = "property that is integer here and number there";
/// A parameter or a list's element whose type does the same.
const FLIPPED: &str = "other value that is integer here and number there";

/// The tool says it of all lists of texts, or of none.
const NULLABLE: &str = "list whose items may be null here and not there";

/// The meaning of a mapping's keys.
#[derive(Clone, Copy, PartialEq)]
enum Keys {
    /// Words of OpenAPI.
    Words,
    /// Names of the API: a property may be called `description`.
    Names,
}

/// The words of OpenAPI whose values are prose.
const PROSE: &[&str] =
    &["description", "summary", "title", "example", "examples", "pattern", "externalDocs"];

/// The words of OpenAPI whose values map names of the API.
const NAMED: &[&str] = &[
    "paths",
    "schemas",
    "responses",
    "requestBodies",
    "parameters",
    "securitySchemes",
    "properties",
];

fn compare(old: &Value, new: &Value, keys: Keys, noise: &mut Noise) {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => mappings(old, new, keys, noise),
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.iter().zip(new).for_each(|(old, new)| compare(old, new, Keys::Words, noise));
        }
        _ => {}
    }
}

fn mappings(old: &Mapping, new: &Mapping, keys: Keys, noise: &mut Noise) {
    let mut add = |kind: &'static str| *noise.entry(kind).or_default() += 1;
    if keys == Keys::Words {
        for word in PROSE.iter().filter(|word| old.get(**word) != new.get(**word)) {
            add(if *word == "pattern" { "pattern" } else { "prose" });
        }
    }
    let common = |one: &Mapping, other: &Mapping| -> Vec<Value> {
        one.keys().filter(|key| other.contains_key(*key)).cloned().collect()
    };
    if common(old, new) != common(new, old) {
        add("order");
    }
    for (key, old) in old {
        let Some(new) = new.get(key) else { continue };
        let word = key.as_str().unwrap_or_default();
        if let (Value::Mapping(old), Value::Mapping(new)) = (old, new)
            && is_flip(old, new)
        {
            let property = keys == Keys::Names;
            *noise.entry(if property { FLIPPED_PROPERTY } else { FLIPPED }).or_default() += 1;
        }
        if keys == Keys::Words && word == "items" && old.get("nullable") != new.get("nullable") {
            *noise.entry(NULLABLE).or_default() += 1;
        }
        let is_prose = keys == Keys::Words && PROSE.contains(&word);
        if !is_prose {
            let named = keys == Keys::Words && NAMED.contains(&word);
            compare(old, new, if named { Keys::Names } else { Keys::Words }, noise);
        }
    }
}

/// Whether the two have one format, and one has the type `integer` and the other `number`.
fn is_flip(old: &Mapping, new: &Mapping) -> bool {
    let word = |mapping: &Mapping, key: &str| {
        mapping.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut types = [word(old, "type"), word(new, "type")];
    types.sort();
    word(old, "format") == word(new, "format") && types == ["integer", "number"]
}
