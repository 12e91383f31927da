//! Answers, and the errors among them.

use std::sync::Arc;

use serde_json::{Value, json};

/// The bytes of a generated file: a block that is repeated, so that it is never all in memory.
#[derive(Clone, Debug)]
pub(super) struct FileBytes {
    block: Arc<[u8]>,
    length: u64,
}

/// After so many bytes a file starts over.
const BLOCK: u64 = 64 * 1024;

/// The byte that the files of the PBX have at a place; `seed` is the recording's id, 0 for backups.
pub fn file_byte(seed: u64, at: u64) -> u8 {
    let at = at % BLOCK;
    let mixed = (at ^ (at >> 8)).wrapping_mul(31).wrapping_add(seed);
    mixed.to_le_bytes()[0]
}

impl FileBytes {
    pub(super) fn new(seed: u64, length: u64) -> Self {
        Self { block: (0..BLOCK.min(length)).map(|at| file_byte(seed, at)).collect(), length }
    }

    fn slice(&self, from: u64, to: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut at = from;
        while at < to {
            let start = usize::try_from(at % BLOCK).unwrap_or_default();
            let room = usize::try_from(to - at).unwrap_or(usize::MAX);
            let part = &self.block[start..self.block.len().min(start.saturating_add(room))];
            bytes.extend_from_slice(part);
            at += part.len() as u64;
        }
        bytes
    }
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Bytes(Vec<u8>),
    File(FileBytes),
}

impl Body {
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => file.length,
        }
    }

    /// The bytes between two places.
    pub(super) fn slice(&self, from: u64, to: u64) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => {
                let place =
                    |at: u64| usize::try_from(at).map_or(bytes.len(), |at| at.min(bytes.len()));
                bytes[place(from)..place(to)].to_vec()
            }
            Self::File(file) => file.slice(from, to),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Body,
}

impl Reply {
    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Bytes(Vec::new()) }
    }

    pub(super) fn typed(status: u16, media_type: &str, body: Body) -> Self {
        Self { body, ..Self::empty(status) }.with("Content-Type", media_type)
    }

    pub(super) fn json(status: u16, body: &Value) -> Self {
        let media_type = "application/json; odata.metadata=minimal; odata.streaming=true";
        Self::typed(status, media_type, Body::Bytes(body.to_string().into_bytes()))
            .with("OData-Version", "4.0")
    }

    /// Sets a header, in place of one of that name.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The part of a file that a request wants (`bytes=7-`), and the offer of such parts.
    pub(super) fn in_range(mut self, range: Option<&str>) -> Self {
        let (200, Body::File(file)) = (self.status, &self.body) else { return self };
        let length = file.length;
        let start = range.and_then(|it| it.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        if let Some(start) = start.filter(|start: &u64| *start < length) {
            // Not a file: what is left of it does not begin where a block does.
            self.body = Body::Bytes(file.slice(start, length));
            self.status = 206;
            let part = format!("bytes {start}-{}/{length}", length - 1);
            self = self.with("Content-Range", &part);
        }
        // Files never change, and the address tells them apart.
        self.with("Accept-Ranges", "bytes").with("ETag", "\"1\"")
    }

    /// An error without details.
    pub(super) fn error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "error": { "code": "", "message": message } }))
    }

    /// A query that can't be carried out.
    pub(super) fn bad_query(problem: &str) -> Self {
        let message = format!("The query specified in the URI is not valid. {problem}");
        Self::error(400, &message)
    }

    /// Fields that are refused, each with a token or a sentence.
    pub(super) fn refused(fields: &[(String, String)]) -> Self {
        let text: Vec<_> = fields.iter().map(|(field, why)| format!("{field}:\n{why}")).collect();
        let details: Vec<_> = fields
            .iter()
            .map(|(field, why)| json!({ "code": "", "message": why, "target": field }))
            .collect();
        let error = json!({ "code": "", "message": text.join("\n\n"), "details": details });
        Self::json(400, &json!({ "error": error }))
    }

    /// A body, or a parameter of an action, that is missing or could not be read.
    pub(super) fn required(field: &str) -> Self {
        let why = format!("The {field} field is required.");
        let message = format!("The input was not valid.\n\n{field}:\n{why}");
        let details = json!([{ "code": "", "message": why, "target": field }]);
        Self::json(400, &json!({ "error": { "code": "", "message": message, "details": details } }))
    }
}
