//! Where in a JSON text an error is, and what it says without the value.

use std::fmt::Write;

use serde_json::error::Category;

use crate::plain::plain;

/// What is wrong, in words that hold nothing of the text itself: it may be a password.
pub(super) fn reason(error: &serde_json::Error) -> String {
    match error.classify() {
        Category::Io => "it cannot be read".to_owned(),
        Category::Eof => "the JSON ends too early".to_owned(),
        Category::Syntax => {
            format!("it is not JSON (line {}, column {})", error.line(), error.column())
        }
        Category::Data => data_reason(&error.to_string()),
    }
}

/// What a value should have been, in the same words: `i32`.
pub(crate) fn expected(error: &serde_json::Error) -> String {
    let reason = reason(error);
    let expected = reason.rsplit_once("expected ").map(|(_, expected)| expected);
    expected.unwrap_or("a value of the property's type").to_owned()
}

/// Keeps the type found and the type expected of serde's own messages, e.g. of "invalid type:
/// string "x", expected i32 at line 1 column 2".
fn data_reason(message: &str) -> String {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    // The types of `edm` say what they expect and no more.
    if message.starts_with("expected ") && !message.contains(['"', '`']) {
        return message.to_owned();
    }
    let found = ["invalid type: ", "invalid value: "]
        .into_iter()
        .find_map(|start| message.strip_prefix(start));
    let (Some(found), Some((_, expected))) = (found, message.rsplit_once(", expected ")) else {
        return "a value does not fit its type".to_owned();
    };
    // A custom message may have put anything in either place: only known kinds and plain words are
    // passed on.
    match KINDS.into_iter().find(|kind| found.starts_with(kind)) {
        Some(kind) if !expected.contains(['"', '`']) => {
            format!("found {}, expected {expected}", kind.trim_end_matches([' ', '`', '"']))
        }
        _ => "a value does not fit its type".to_owned(),
    }
}

/// What serde calls the things it finds in JSON.
const KINDS: [&str; 8] = [
    "null",
    "boolean `",
    "integer `",
    "floating point `",
    "number",
    "string \"",
    "sequence",
    "map",
];

/// A path has no more steps than this.
const DEEPEST: usize = 32;

enum Frame<'a> {
    Object { key: Option<&'a [u8]>, at_key: bool },
    Array(usize),
}

/// The path of the value that ends or begins at `line` and `column` (both as serde_json counts
/// them): `$.value[3].Groups[0].Id`.
///
/// It walks the text once and knows strings and brackets only, so that it also works on text that
/// breaks off.
pub(super) fn path(json: &[u8], line: usize, column: usize) -> String {
    let end = offset(json, line, column);
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut at = 0;
    while at < end {
        match json.get(at) {
            Some(b'{' | b'[') if frames.len() == DEEPEST => return render(&frames) + "…",
            Some(b'{') => frames.push(Frame::Object { key: None, at_key: true }),
            Some(b'[') => frames.push(Frame::Array(0)),
            Some(b'}' | b']') => {
                frames.pop();
            }
            Some(b',') => match frames.last_mut() {
                Some(Frame::Object { key, at_key }) => (*key, *at_key) = (None, true),
                Some(Frame::Array(index)) => *index += 1,
                None => {}
            },
            Some(b':') => {
                if let Some(Frame::Object { at_key, .. }) = frames.last_mut() {
                    *at_key = false;
                }
            }
            Some(b'"') => {
                let close = string_end(json, at + 1);
                if let Some(Frame::Object { key, at_key: true }) = frames.last_mut() {
                    *key = json.get(at + 1..close);
                }
                at = close;
            }
            Some(_) => {}
            None => break,
        }
        at += 1;
    }
    render(&frames)
}

fn render(frames: &[Frame<'_>]) -> String {
    let mut out = String::from("$");
    for frame in frames {
        match frame {
            Frame::Object { key: Some(key), .. } => {
                out.push('.');
                // Keys are short names; a long one is not a name.
                let key: String = String::from_utf8_lossy(key).chars().take(64).collect();
                out.push_str(&plain(&key));
            }
            Frame::Object { key: None, .. } => {}
            Frame::Array(index) => {
                let _ = write!(out, "[{index}]");
            }
        }
    }
    out
}

/// The index of the closing quote, or the end of the text.
fn string_end(json: &[u8], mut at: usize) -> usize {
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

/// The number of bytes before the error.
fn offset(json: &[u8], line: usize, column: usize) -> usize {
    let start = match line.checked_sub(2) {
        None => 0,
        Some(nth) => json
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(nth)
            .map_or(json.len(), |(at, _)| at + 1),
    };
    json.len().min(start.saturating_add(column))
}

#[cfg(test)]
mod tests {
    use super::{path, reason};
    use crate::test_entities::User;

    fn error(json: &str) -> serde_json::Error {
        serde_json::from_str::<User>(json).unwrap_err()
    }

    #[test]
    fn a_decoding_error_names_the_path_of_the_value() {
        for (json, expected) in [
            (r#"{"Id":"x"}"#, "$.Id"),
            (r#"{"Id":1.5,"Number":"n"}"#, "$.Id"),
            (r#"{"Id":true}"#, "$.Id"),
            (r#"{"Id":{}}"#, "$.Id"),
            (r#"{"Id":[1]}"#, "$.Id"),
            (r#"{"Groups":[{},null]}"#, "$.Groups[1]"),
            (r#"{"Number":"a","Id":99999999999}"#, "$.Id"),
            (r#"{"Groups":[{"Id":1},{"Number":"],{\"","Id":"x"}]}"#, "$.Groups[1].Id"),
            (
                "{\n \"Groups\": [\n  {\"Id\": 1},\n  {\"old\": [{}, 1],\n \"Id\": \"x\"}]}",
                "$.Groups[1].Id",
            ),
            (r#"{"Groups":[{"Id":1},{"Id":2,"#, "$.Groups[1]"),
            (r#"{"Groups":[{"Id":1},{"Id":"#, "$.Groups[1].Id"),
            (r#"{"Groups":[{"Id":1},{"Nu"#, "$.Groups[1].Nu"),
            ("7", "$"),
            ("", "$"),
            // The path of what is deeper is cut.
            (&format!("{{\"X\":{}", "[".repeat(100)), &format!("$.X{}…", "[0]".repeat(31))),
            (&format!("{}1", r#"{"a":"#.repeat(100)), &format!("${}…", ".a".repeat(32))),
        ] {
            let error = error(json);
            assert_eq!(
                path(json.as_bytes(), error.line(), error.column()),
                expected,
                "{json}: {error}"
            );
        }
    }

    #[test]
    fn a_decoding_error_does_not_repeat_the_value() {
        for (json, expected) in [
            (r#"{"Id":"canary"}"#, "found string, expected i32"),
            (r#"{"Id":"canary, expected canary"}"#, "found string, expected i32"),
            (r#"{"Id":"canary\", expected canary\" at line 1"}"#, "found string, expected i32"),
            (r#"{"Number":4711}"#, "found integer, expected a string"),
            (r#"{"Number":4.711}"#, "found floating point, expected a string"),
            (r#"{"Groups":[null]}"#, "found null, expected an object of type Pbx.Group"),
            (r#"{"Id":99999999999}"#, "found integer, expected i32"),
            (r#"{"Id":{"canary":1}}"#, "found map, expected i32"),
            (r#"{"Id":1"#, "the JSON ends too early"),
            (r#"{"Id":canary}"#, "it is not JSON (line 1, column 7)"),
        ] {
            assert_eq!(reason(&error(json)), expected, "{json}");
        }
        let json = r#""canary""#;
        let error = serde_json::from_str::<crate::edm::TimeOfDay>(json).unwrap_err();
        assert_eq!(reason(&error), "expected a time of day such as 08:30:00");
        let custom = <serde_json::Error as serde::de::Error>::custom("`canary` is not a date");
        assert_eq!(reason(&custom), "a value does not fit its type");
    }
}
