//! A place in a call log, as text.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};
use threecx_xapi_runtime::edm::DateTimeOffset;
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::paging::Continuation;

use super::border::Border;

/// The place that [`CallLogItems`](super::CallLogItems) have reached.
///
/// Its text ([`Display`](fmt::Display), one line of JSON) can be stored and read back with
/// [`parse`](str::parse). It holds a fingerprint of the call log, where to go on, and hashes of the last rows,
/// but no row and no token. The text is for this crate alone: other programs should not make anything of it.
#[derive(Clone, PartialEq)]
pub struct CallLogContinuation {
    /// Of the start of the period and of all options.
    pub(super) log: u64,
    /// Where the window begins in which the place is, or the next one.
    pub(super) from: DateTimeOffset,
    /// The place in that window, if it has been begun.
    pub(super) within: Option<Continuation>,
    /// The rows of the window before that may come again.
    pub(super) before: Border,
    /// The rows of this window that may come again with the next one.
    pub(super) border: Border,
    /// How many rows have been given.
    pub(super) rows: u64,
}

impl fmt::Display for CallLogContinuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Map::new();
        let mut set = |name: &str, value: Value| drop(out.insert(name.to_owned(), value));
        set("call_log", hex(self.log).into());
        set("from", self.from.to_string().into());
        set("rows", self.rows.into());
        if let Some(within) = &self.within {
            set("within", within.to_string().into());
        }
        set("before", value_of(&self.before));
        set("border", value_of(&self.border));
        write!(f, "{}", Value::Object(out))
    }
}

fn hex(hash: u64) -> String {
    format!("{hash:016x}")
}

fn value_of(border: &Border) -> Value {
    border.0.iter().map(|(row, times)| (hex(*row), Value::from(*times))).collect()
}

impl FromStr for CallLogContinuation {
    type Err = Error;

    /// # Errors
    /// A text that is not one of [`Display`](fmt::Display)'s; it [`is_usage`](Error::is_usage).
    fn from_str(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).ok().and_then(|value| read(&value)).ok_or_else(|| {
            Error::configuration(
                "the text is no continuation of a call log: store what `continuation()` displays, unchanged",
            )
        })
    }
}

fn read(value: &Value) -> Option<CallLogContinuation> {
    let within = match value.get("within") {
        Some(within) => Some(within.as_str()?.parse().ok()?),
        None => None,
    };
    Some(CallLogContinuation {
        log: hash_of(value.get("call_log")?.as_str()?)?,
        from: value.get("from")?.as_str()?.parse().ok()?,
        within,
        before: border_of(value.get("before")?)?,
        border: border_of(value.get("border")?)?,
        rows: value.get("rows")?.as_u64()?,
    })
}

fn hash_of(hex: &str) -> Option<u64> {
    u64::from_str_radix(hex, 16).ok()
}

fn border_of(value: &Value) -> Option<Border> {
    let row = |(row, times): (&String, &Value)| {
        let times = times.as_u64().filter(|times| *times > 0)?;
        Some((hash_of(row)?, times))
    };
    value.as_object()?.iter().map(row).collect::<Option<_>>().map(Border)
}

impl fmt::Debug for CallLogContinuation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallLogContinuation").field(&self.to_string()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"before":{},"border":{"0f":2},"call_log":"01","from":"2026-01-01T00:00:00+02:00","rows":7}"#;

    #[test]
    fn a_place_in_a_call_log_is_read_back_from_its_text() {
        let continuation: CallLogContinuation = GOOD.parse().unwrap();
        let text = continuation.to_string();
        assert!(text.contains("2026-01-01T00:00:00+02:00") && !text.contains('\n'), "{text}");
        assert_eq!(text.parse::<CallLogContinuation>().unwrap(), continuation);
    }

    #[test]
    fn another_text_is_no_place_in_a_call_log() {
        for (part, other) in [
            ("\"0f\":2", "\"0f\":0"),
            ("\"0f\":2", "\"xy\":2"),
            ("{\"0f\":2}", "[]"),
            ("\"before\":{},", ""),
            ("\"01\"", "1"),
            ("+02:00", ""),
            ("\"rows\":7", "\"rows\":-7"),
            ("\"rows\":7", "\"rows\":7,\"within\":null"),
            ("\"rows\":7", "\"rows\":7,\"within\":\"{}\""),
            ("{", ""),
        ] {
            let text = GOOD.replacen(part, other, 1);
            let error = text.parse::<CallLogContinuation>().unwrap_err();
            assert!(error.is_usage() && error.to_string().contains("no continuation"), "{text}");
        }
    }
}
