//! Whether an answer with a status of success is one: gateways send their pages under a 200, and a PBX
//! may say what went wrong there.

use std::fmt;

use reqwest::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::entity;
use crate::error::Error;
use crate::info::OperationInfo;

/// The most that is read of an error's body.
pub(crate) const ERROR_BODY: usize = 64 * 1024;

/// The media type of an error as RFC 9457 describes it.
const PROBLEM: &str = "application/problem+json";
const WEB_PAGE: &str = "text/html";

/// The error that the body of a success stands for, without these secrets; none if it may be an answer.
pub(crate) fn denied<'s>(
    info: OperationInfo,
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    secrets: impl FnOnce() -> Vec<&'s str>,
) -> Option<Error> {
    let (json, media_type) = (json_text(body), media_type(headers));
    if is_web_page(media_type, json) {
        return Some(web_page(info, status));
    }
    let says_so = (media_type.eq_ignore_ascii_case(PROBLEM) && !json.is_empty())
        || holds_error(json) == Some(true);
    let kept = body.get(..ERROR_BODY).unwrap_or(body);
    says_so.then(|| Error::refused(status, headers, kept, &secrets()))
}

/// The error of an answer in a coding that is not read. The HTTP client removes the header of those that it
/// reads.
pub(crate) fn encoded(info: OperationInfo, status: u16, headers: &HeaderMap) -> Option<Error> {
    let coding = headers.get(CONTENT_ENCODING)?.to_str().unwrap_or_default().trim();
    let message = match coding.to_ascii_lowercase().as_str() {
        "" | "identity" => return None,
        "gzip" | "x-gzip" | "deflate" => {
            "the answer is compressed, which this crate's feature `compression` reads"
        }
        _ => "the answer is compressed in a way that this crate does not read",
    };
    Some(Error::undecoded(info, message).with_status(status))
}

/// A page of HTML in place of an answer.
pub(crate) fn web_page(info: OperationInfo, status: u16) -> Error {
    let message =
        "the server sent a web page in place of the answer: is the base URL that of a PBX?";
    Error::undecoded(info, message).with_status(status)
}

/// Whether what comes in place of a file may be no file: the headers neither name one nor a type that
/// only files have.
pub(crate) fn may_deny_file(headers: &HeaderMap) -> bool {
    let (typed, media_type) = (["application/json", PROBLEM, WEB_PAGE], media_type(headers));
    !headers.contains_key(CONTENT_DISPOSITION)
        && typed.iter().any(|it| media_type.eq_ignore_ascii_case(it))
}

/// Whether the beginning of such a body tells already that it is a file after all.
pub(crate) fn is_file(headers: &HeaderMap, begun: &[u8]) -> bool {
    let (json, media_type) = (json_text(begun), media_type(headers));
    match json.first() {
        None => false,
        Some(b'{') => !media_type.eq_ignore_ascii_case(PROBLEM) && holds_error(json) == Some(false),
        Some(_) => !is_web_page(media_type, json),
    }
}

/// JSON text without byte order mark and surrounding space.
pub(super) fn json_text(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii()
}

/// The media type of a body as the headers spell it.
fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn is_web_page(media_type: &str, text: &[u8]) -> bool {
    // No JSON begins like this.
    text.starts_with(b"<")
        || (media_type.eq_ignore_ascii_case(WEB_PAGE)
            && !text.is_empty()
            && serde_json::from_slice::<IgnoredAny>(text).is_err())
}

/// Whether the first property of an object is an `error`, as in OData and in the sign-in's answers;
/// `None` if the text ends before that is known.
fn holds_error(json: &[u8]) -> Option<bool> {
    if json.first() != Some(&b'{') {
        return Some(false);
    }
    look(json, &mut |key| match key {
        "error" => Look::AtValue(|text| text.starts_with(['{', '"']) && text != "\"\""),
        _ if key.starts_with('@') => Look::On,
        _ => Look::Enough(false),
    })
}

/// Whether an object has one of these properties, or names its OData context. `keys` are sorted. What is
/// no whole object does, because its reader can say what is wrong with it.
pub(crate) fn shows(json: &[u8], keys: &'static [&'static str], is_open: bool) -> bool {
    let seen = look(json, &mut |key| match key {
        "@odata.context" | "@context" => Look::Enough(true),
        _ if entity::is_among(keys, key) => Look::Enough(true),
        _ if is_open && !key.contains("@odata.") => Look::Enough(true),
        _ => Look::On,
    });
    keys.is_empty() || seen != Some(false)
}

/// Whether the object has a list as its `value`.
pub(crate) fn holds_list(json: &[u8]) -> bool {
    let seen = look(json, &mut |key| match key {
        "value" => Look::AtValue(|text| text.starts_with('[')),
        _ => Look::On,
    });
    seen == Some(true)
}

/// What a key tells.
enum Look {
    On,
    Enough(bool),
    /// The value's text tells.
    AtValue(fn(&str) -> bool),
}

/// Looks at the keys of an object until one is enough; `false` if none is.
fn look(json: &[u8], at: &mut dyn FnMut(&str) -> Look) -> Option<bool> {
    glance(json, at).or_else(|| read(json, at))
}

/// The same without a JSON reader: to begin one and to break it off takes longer than to look at the first keys
/// of an answer. It gives up at whatever a reader is for: escapes, and values that are no texts.
fn glance(json: &[u8], at: &mut dyn FnMut(&str) -> Look) -> Option<bool> {
    let mut rest = json.strip_prefix(b"{")?;
    loop {
        let (key, after) = plain_text(rest)?;
        match at(key) {
            Look::On => {}
            Look::Enough(enough) => return Some(enough),
            Look::AtValue(_) => return None,
        }
        let value = after.trim_ascii_start().strip_prefix(b":")?;
        let (_, after) = plain_text(value)?;
        rest = after.trim_ascii_start().strip_prefix(b",")?;
    }
}

/// A JSON string without escapes, and what follows it.
fn plain_text(json: &[u8]) -> Option<(&str, &[u8])> {
    let text = json.trim_ascii_start().strip_prefix(b"\"")?;
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\') || byte.is_ascii_control();
    let (text, after) = text.split_at(text.iter().position(is_end)?);
    Some((std::str::from_utf8(text).ok()?, after.strip_prefix(b"\"")?))
}

/// The same with a JSON reader.
fn read(json: &[u8], at: &mut dyn FnMut(&str) -> Look) -> Option<bool> {
    let mut seen = None;
    let mut reader = serde_json::Deserializer::from_slice(json);
    // It stops in the middle of the object, which the reader takes for an error.
    let _ = reader.deserialize_map(Keys { at, seen: &mut seen });
    seen
}

struct Keys<'a> {
    at: &'a mut dyn FnMut(&str) -> Look,
    seen: &'a mut Option<bool>,
}

impl<'de> Visitor<'de> for Keys<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(look) = map.next_key_seed(Key(&mut *self.at))? {
            match look {
                Look::On => drop(map.next_value::<IgnoredAny>()?),
                Look::Enough(enough) => {
                    *self.seen = Some(enough);
                    return Ok(());
                }
                Look::AtValue(tells) => {
                    *self.seen = Some(tells(map.next_value::<&RawValue>()?.get()));
                    return Ok(());
                }
            }
        }
        *self.seen = Some(false);
        Ok(())
    }
}

struct Key<'a>(&'a mut dyn FnMut(&str) -> Look);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Look;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Look, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Look;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Look, E> {
        Ok((self.0)(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_known_by_its_first_key() {
        for (json, expected) in [
            (r#"{"error":{}}"#, Some(true)),
            (r#"{"error":"x"}"#, Some(true)),
            (r#"{"\u0065rror":"x"}"#, Some(true)),
            (r#"{"@odata.context":"x","error":{"code":1}}"#, Some(true)),
            (r#"{"error":""}"#, Some(false)),
            (r#"{"error":null}"#, Some(false)),
            (r#"{"Id":1,"error":{}}"#, Some(false)),
            (r#"{"Id":"#, Some(false)),
            ("{}", Some(false)),
            ("[]", Some(false)),
            ("", Some(false)),
            ("{", None),
            (r#"{"err"#, None),
            (r#"{"error":{"code""#, None),
        ] {
            assert_eq!(holds_error(json.as_bytes()), expected, "{json}");
        }
    }

    #[test]
    fn a_glance_says_what_the_reader_says_or_nothing() {
        let mut keys = |key: &str| match key {
            "a" => Look::Enough(true),
            "b" => Look::Enough(false),
            "c" => Look::AtValue(|text| text == "1"),
            _ => Look::On,
        };
        for (json, at_a_glance) in [
            (r#"{"a":1}"#, Some(true)),
            (r#"{"b":1}"#, Some(false)),
            ("{ \n\t\"x\" :\r\"y, \u{fc}\" , \"a\":", Some(true)),
            (r#"{"":"","x":"a","b":{"a":1}}"#, Some(false)),
            (r#"{"c":1,"a":1}"#, None),
            (r#"{"x":1,"a":1}"#, None),
            (r#"{"x":"\"","a":1}"#, None),
            (r#"{"\u0061":1}"#, None),
            (r#"{"x":"y","a"#, None),
            (r#"{"x":"y";"a":1}"#, None),
            (r#"{"x" "y","a":1}"#, None),
            (r#"{"x":"y"}"#, None),
            (r#"{"x":{"a":1}}"#, None),
            ("{\"x\":\"\n\",\"a\":1}", None),
            ("{}", None),
            (r#"["a"]"#, None),
            (r#""a""#, None),
            ("", None),
        ] {
            let glance = glance(json.as_bytes(), &mut keys);
            assert_eq!(glance, at_a_glance, "{json}");
            assert!(glance.is_none() || glance == read(json.as_bytes(), &mut keys), "{json}");
        }
        assert_eq!(glance(b"{\"\xff\":\"\",\"a\":1}", &mut keys), None);
    }

    #[test]
    fn an_entity_shows_a_property_or_its_context() {
        for (json, expected, if_open) in [
            (r#"{"Id":null}"#, true, true),
            (r#"{"New":1,"Number":"1"}"#, true, true),
            (r#"{"@odata.context":"x"}"#, true, true),
            (r#"{"@odata.etag":"x","New":{"Id":1}}"#, false, true),
            (r#"{"@odata.etag":"x"}"#, false, false),
            ("{}", false, false),
            // The reader of the entity says what is wrong.
            ("[]", true, true),
            (r#"{"New":"#, true, true),
        ] {
            assert_eq!(shows(json.as_bytes(), &["Id", "Number"], false), expected, "{json}");
            assert_eq!(shows(json.as_bytes(), &["Id", "Number"], true), if_open, "{json}");
            assert!(shows(json.as_bytes(), &[], false), "a type without properties has none");
        }
    }
}
