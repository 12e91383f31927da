//! JSON text that comes from a person, a file or another program, read strictly.
//!
//! Answers of a PBX are read with tolerance, because a newer release adds to them. In text of one's
//! own the same tolerance would let a mistyped key vanish without a word: [`from_str`] refuses it.
//!
//! ```
//! use threecx_xapi::{entities::User, json};
//!
//! let user: User = json::from_str(r#"{"Number": "101", "FirstName": "Ada"}"#)?;
//! assert_eq!(user.first_name.as_deref(), Some("Ada"));
//!
//! let error = json::from_str::<User>(r#"{"Number": "101", "FristName": "Ada"}"#).unwrap_err();
//! assert_eq!(error.json_path(), Some("$.FristName"));
//! assert!(error.to_string().ends_with("did you mean `FirstName`?"));
//! # Ok::<(), threecx_xapi::Error>(())
//! ```

mod allowance;
mod answer;
mod mode;
mod nearest;
mod nesting;
mod text;

use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde::ser::Serialize;

use crate::error::Error;

pub(crate) use allowance::{Allowance, Excess, Failure, spend, take_row};
pub(crate) use answer::{
    Misfit, answering, begin_entity, keeps_nulls, may_go_deeper, note_misfit, read_answer,
    read_rows, read_whole, within,
};
pub(crate) use mode::{
    Reading, Writing, counting_unknown, is_second_reading, is_tolerant, note_unfit,
};
pub(crate) use nesting::Nesting;
pub(crate) use text::{Json, Object, object, of_one, push_entry};

/// Reads an entity, or a `Vec`, [`Page`](crate::Page) or [`Value`](crate::Value) of entities, from
/// JSON text, at any depth strictly:
///
/// - a key that is not a property of its entity is an error, which names the property that may be
///   meant; `@odata.…` keys and annotations such as `Groups@odata.count` are skipped, and the few
///   open types of the API keep what they don't know;
/// - so is a key that stands twice in one object;
/// - so is a value of another type, such as a string in place of a number or a number in place of
///   an enumeration's name.
///
/// `null` is as good as absent: to send a null, use [`clear`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.clear). The name of an
/// enumeration's value is not checked, as the PBX may know more of them. A byte order mark at the
/// beginning is skipped.
///
/// # Errors
/// Text that is not such JSON: the error [`is_decode`](Error::is_decode) and
/// [`is_usage`](Error::is_usage), and says where through [`json_path`](Error::json_path). It repeats
/// keys, but no value.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let json = text.strip_prefix('\u{feff}').unwrap_or(text).as_bytes();
    PROBLEM.set(None);
    let mode = Reading::Strict.begin();
    let outcome = match serde_json::from_slice::<Distinct>(json) {
        Ok(Distinct) => parse(json),
        Err(error) => Err(error),
    };
    drop(mode);
    outcome.map_err(|error| explain(json, &error))
}

thread_local! {
    static PROBLEM: RefCell<Option<Problem>> = const { RefCell::new(None) };
    static PART: RefCell<Option<String>> = const { RefCell::new(None) };
    static SECRETS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// What is wrong with a key; serde's own errors could not carry it without the values beside.
enum Problem {
    Unknown(Option<&'static str>),
    Twice,
}

/// Writes JSON for the PBX: what was kept goes out as it came.
///
/// # Errors
/// A value that can't be written, and a list of which the PBX sent a part alone.
#[doc(hidden)]
pub fn to_body<T: Serialize + ?Sized>(what: &str, value: &T) -> Result<Vec<u8>, Error> {
    PART.set(None);
    SECRETS.take();
    let mode = Writing::Body.begin();
    let written = serde_json::to_vec(value);
    drop(mode);
    written.map_err(|error| unwritten(what, &error))
}

/// The secrets in the body that was written last.
pub(crate) fn take_secrets() -> Vec<String> {
    SECRETS.take()
}

/// Notes a secret that is being written into a body.
pub(crate) fn note_secret<T: Serialize + ?Sized>(value: &T) {
    let text = Json::of(value);
    let secret = text.as_ref().map(|json| unquoted(json.text())).unwrap_or_default();
    SECRETS.with_borrow_mut(|secrets| secrets.push(secret.to_owned()));
}

/// The inside of a JSON string, its escapes as they are; a value that is no string as it is.
pub(crate) fn unquoted(json: &str) -> &str {
    json.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(json)
}

fn unwritten(what: &str, error: &serde_json::Error) -> Error {
    match PART.take() {
        None => Error::unwritable(what, error),
        Some(list) => Error::part_of_list(&list),
    }
}

/// Reads JSON text. It is compiled once for each type, though it is called in several places.
///
/// That the text is UTF-8 is checked at once, which takes less time than to check each string.
#[inline(never)]
fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_str(as_text(json)?)
}

fn as_text(json: &[u8]) -> Result<&str, serde_json::Error> {
    str::from_utf8(json).map_err(|error| not_text(&json[..error.valid_up_to()]))
}

/// The error of a text that is none from here on: that of a character that no JSON has.
#[cold]
fn not_text(before: &[u8]) -> serde_json::Error {
    let cut = [before, b"\x01"].concat();
    match serde_json::from_slice::<IgnoredAny>(&cut) {
        Err(error) => error,
        Ok(IgnoredAny) => serde_json::Error::custom("it is not UTF-8"),
    }
}

/// Notes why an entity refuses to be written for the PBX.
pub(crate) fn refuse_part(list: &str) {
    PART.set(Some(list.to_owned()));
}

fn explain(json: &[u8], error: &serde_json::Error) -> Error {
    let problem = match PROBLEM.take() {
        None => None,
        Some(Problem::Twice) => Some(("the same key again", String::new())),
        Some(Problem::Unknown(None)) => Some(("unknown key", String::new())),
        Some(Problem::Unknown(Some(key))) => {
            Some(("unknown key", format!(": did you mean `{key}`?")))
        }
    };
    Error::bad_input(json, error, problem)
}

/// Whether this thread reads text that must be right, and not an answer.
pub(crate) fn is_strict() -> bool {
    Reading::now() == Reading::Strict
}

/// Whether a key that is not among `keys` is an error. The reason is kept for the report.
pub(crate) fn refuses(name: &str, keys: &[&'static str]) -> bool {
    if !is_strict() || name.contains("@odata.") {
        return false;
    }
    PROBLEM.set(Some(Problem::Unknown(nearest::nearest(name, keys))));
    true
}

/// Any JSON in which no object has a key twice. The entities' own reader does not look at that: it
/// would cost every answer.
struct Distinct;

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Distinct {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !keys.insert(key) {
                PROBLEM.set(Some(Problem::Twice));
                return Err(A::Error::custom("a key comes twice"));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
