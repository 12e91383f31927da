//! Values of a document in words, for problems.

use std::borrow::Cow;

use serde_yaml::Value;

pub(super) fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Bool(flag) => Cow::Owned(flag.to_string()),
        _ => Cow::Borrowed("(not a scalar)"),
    }
}

pub(super) fn brief(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Mapping(_) => Cow::Borrowed("a mapping"),
        Value::Sequence(list) => Cow::Owned(format!("a list of {}", list.len())),
        Value::Null => Cow::Borrowed("nothing"),
        other => Cow::Owned(format!("`{}`", scalar(other))),
    }
}
