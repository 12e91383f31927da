//! A place in a walk, as text.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::cursor::{Caps, Cursor, Link, Place};
use super::mark::Mark;
use crate::error::Error;

/// The place that [`Items`](crate::paging::Items) or [`Pages`](crate::paging::Pages) have reached.
///
/// Its text ([`Display`](fmt::Display), one line of JSON) can be stored and read back with
/// [`parse`](str::parse). It holds the operation, a fingerprint of the request, where to go on and the
/// keys of the last rows, but no token. A link of the PBX in it must lead to the request's own path. The text is for this crate alone: other programs should not
/// make anything of it.
///
/// ```
/// use threecx_xapi::{Client, paging::Continuation};
///
/// # fn main() -> threecx_xapi::Result<()> {
/// let pbx = Client::builder("https://pbx.example.com:5001").build()?;
/// let users = pbx.users().list().items();
/// let stored = users.continuation().to_string();
///
/// let continuation: Continuation = stored.parse()?;
/// let _the_same_walk = pbx.users().list().items().resume(continuation);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq)]
pub struct Continuation {
    pub(super) operation: String,
    pub(super) request: u64,
    pub(super) place: Place,
}

impl Continuation {
    /// Of the values and options of its request.
    #[doc(hidden)]
    pub fn fingerprint(&self) -> u64 {
        self.request
    }
}

impl fmt::Display for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { part, skip, given, begun, caps, recent, .. } = &self.place;
        let mut out = Map::new();
        let mut set = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
        set("operation", self.operation.as_str().into());
        set("request", format!("{:016x}", self.request).into());
        set("skip", (*skip).into());
        set("given", (*given).into());
        set("begun", (*begun).into());
        if *part > 0 {
            set("part", (*part).into());
        }
        if let Some(key) = self.place.after() {
            set("key", key.into());
        }
        if let Some(link) = self.place.link() {
            set("link", link.url.as_str().into());
            set("passed", link.passed.into());
            set("asked", link.asked.into());
            set("came", link.came.into());
        }
        if let Some(cap) = caps.cap {
            set("cap", cap.into());
            set("suspected", caps.suspected.into());
        }
        set("recent", recent.iter().map(value_of).collect());
        write!(f, "{}", Value::Object(out))
    }
}

fn value_of(mark: &Mark) -> Value {
    match mark {
        Mark::Integer(key) => (*key).into(),
        Mark::Text(json) => (**json).into(),
        Mark::Whole(hash) => Value::Array(vec![format!("{hash:016x}").into()]),
    }
}

fn mark_of(value: &Value) -> Option<Mark> {
    match value {
        Value::Number(key) => key.as_i64().map(Mark::Integer),
        Value::String(json) => Some(Mark::Text(json.as_str().into())),
        Value::Array(hash) => hash_of(hash.first()?).map(Mark::Whole),
        _ => None,
    }
}

fn hash_of(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?, 16).ok()
}

impl FromStr for Continuation {
    type Err = Error;

    /// # Errors
    /// A text that is not one of [`Display`](fmt::Display)'s; it [`is_usage`](Error::is_usage).
    fn from_str(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).ok().and_then(|value| read(&value)).ok_or_else(|| {
            Error::configuration(
                "the text is no continuation: store what `continuation()` displays, unchanged",
            )
        })
    }
}

fn read(value: &Value) -> Option<Continuation> {
    let number = |name: &str| value.get(name).map(Value::as_u64);
    // What is absent is none; what is there must be right.
    let optional = |name: &str| number(name).map_or(Some(None), |number| number.map(Some));
    let flag = |name: &str| value.get(name).map_or(Some(false), Value::as_bool);
    let key = match value.get("key") {
        Some(key) => Some(key.as_i64()?),
        None => None,
    };
    let link = match value.get("link") {
        Some(url) => Some(Link {
            url: url.as_str()?.to_owned(),
            passed: usize::try_from(number("passed")??).ok()?,
            asked: number("asked")??,
            came: number("came")??,
            after: key,
        }),
        None => None,
    };
    let cursor = match (link, key) {
        (Some(link), _) => Cursor::Link(link),
        (None, Some(key)) => Cursor::After(key),
        (None, None) => Cursor::Skip,
    };
    let place = Place {
        part: usize::try_from(optional("part")?.unwrap_or(0)).ok()?,
        skip: number("skip")??,
        cursor,
        given: number("given")??,
        begun: flag("begun")?,
        caps: Caps { cap: optional("cap")?, suspected: flag("suspected")?, above: 0 },
        recent: value.get("recent")?.as_array()?.iter().map(mark_of).collect::<Option<_>>()?,
        ..Place::default()
    };
    let operation = value.get("operation")?.as_str()?.to_owned();
    Some(Continuation { operation, request: hash_of(value.get("request")?)?, place })
}

impl fmt::Debug for Continuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Continuation").field(&self.to_string()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_continuation_is_read_back_from_its_text() {
        let url = "/Users?$skiptoken='a'".to_owned();
        let link = Link { url, passed: 3, asked: 100, came: 50, after: Some(-1) };
        let recent = [Mark::Integer(i64::MIN), Mark::Text("\"a\"".into()), Mark::Whole(u64::MAX)];
        let full = Place {
            part: 7,
            skip: u64::MAX,
            cursor: Cursor::Link(link),
            given: 7,
            begun: true,
            caps: Caps { cap: Some(50), suspected: true, above: 0 },
            recent: recent.into(),
            ..Place::default()
        };
        let after = Place { cursor: Cursor::After(-1), ..Place::default() };
        for place in [full, after, Place::default()] {
            let continuation = Continuation { operation: "ListUser".into(), request: 9, place };
            let text = continuation.to_string();
            assert_eq!(text.parse::<Continuation>().unwrap(), continuation, "{text}");
            assert!(!text.contains('\n'));
        }
    }

    #[test]
    fn another_text_is_no_continuation() {
        let good =
            r#"{"begun":true,"given":1,"operation":"A","recent":[1],"request":"0f","skip":1}"#;
        assert!(good.parse::<Continuation>().is_ok());
        for (part, other) in [
            ("\"skip\":1", "\"skip\":-1"),
            ("\"skip\":1", "\"skip\":\"1\""),
            ("\"skip\":1", "\"slip\":1"),
            ("[1]", "[null]"),
            ("[1]", "[1.5]"),
            ("[1]", "[[]]"),
            ("true", "1"),
            ("\"0f\"", "\"xy\""),
            ("\"0f\"", "15"),
            ("\"given\":1", "\"given\":1,\"key\":\"7\""),
            ("\"given\":1", "\"given\":1,\"cap\":null"),
            ("\"given\":1", "\"given\":1,\"link\":\"/\""),
            ("{", ""),
        ] {
            let text = good.replace(part, other);
            let error = text.parse::<Continuation>().unwrap_err();
            assert!(error.is_usage() && error.to_string().contains("no continuation"), "{text}");
        }
    }
}
