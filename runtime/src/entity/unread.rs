//! The values of an answer that did not fit their types.

use std::cell::RefCell;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use super::table::Table;
use crate::error::Error;
use crate::json::{Json, Writing};

/// A value of an answer that does not fit the type of its property; see
/// [`Entity::unread`](crate::Entity::unread). `Debug` does not show the value.
#[derive(Clone, PartialEq)]
pub struct Unread {
    path: String,
    expected: String,
    json: Json,
}

impl Unread {
    /// Where it stands in the entity: `FirmwareAvailable`, `Groups[0].Id`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the property's type expects: `a boolean`, `i32`.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The JSON text of the value, as it came.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.text()
    }

    /// The value as a type that it fits.
    ///
    /// # Errors
    /// A value that does not fit this type either.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        self.json.read().map_err(|error| Error::unfit(&self.path, &error))
    }
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unread")
            .field("path", &self.path)
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

thread_local! {
    static FOUND: RefCell<Vec<Unread>> = const { RefCell::new(Vec::new()) };
}

/// The key of a mark. No property is called so.
const MARK: &str = "@unread";

/// What is written in the place of a value that was not read: its number among those found.
pub(super) fn mark(json: &Json, expected: &str) -> impl Serialize {
    struct Mark(usize);

    impl Serialize for Mark {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(MARK, &self.0)?;
            map.end()
        }
    }

    let unread = Unread { path: String::new(), expected: expected.to_owned(), json: json.clone() };
    FOUND.with_borrow_mut(|found| {
        found.push(unread);
        Mark(found.len() - 1)
    })
}

/// All of an entity, at any depth.
pub(super) fn of<E: Table>(entity: &E) -> Vec<Unread> {
    // The entity writes itself with marks, and the marks tell the paths: so no further code is needed
    // for each entity.
    FOUND.take();
    let mode = Writing::Unread.begin();
    let written = serde_json::to_vec(entity);
    drop(mode);
    located(&written.unwrap_or_default())
}

fn located(json: &[u8]) -> Vec<Unread> {
    let mut found = FOUND.take();
    if !found.is_empty() {
        let value = serde_json::from_slice(json).unwrap_or_default();
        locate(&value, String::new(), &mut found);
    }
    found
}

fn locate(value: &Value, path: String, found: &mut [Unread]) {
    match value {
        Value::Object(entries) => {
            let at = entries.get(MARK).and_then(Value::as_u64);
            let at = at.and_then(|at| usize::try_from(at).ok());
            if let Some(unread) = at.and_then(|at| found.get_mut(at)) {
                unread.path = path;
                return;
            }
            for (name, value) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                locate(value, format!("{path}{dot}{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                locate(value, format!("{path}[{place}]"), found);
            }
        }
        _ => {}
    }
}
