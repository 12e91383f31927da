//! The rows of `spec/names.yaml`.

use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    pub(super) word: String,
    #[allow(dead_code, reason = "for the reader of the file; so that each row says why")]
    reason: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) wire: String,
    pub(super) rust: String,
    #[allow(dead_code, reason = "for the reader of the file; so that each row says why")]
    reason: String,
}
