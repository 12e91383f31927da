//! What the caller of a release sends: the wire driver's requests, as a server recorded them.

use std::fs::File;
use std::path::PathBuf;

use serde_json::Value;

use super::tools;
use crate::workspace::{cargo, own_root};

/// The requests, and the file that has them as JSON lines.
pub(super) struct Recording {
    pub(super) file: PathBuf,
    pub(super) requests: Vec<Request>,
}

/// A request as it came over the socket.
pub(super) struct Request {
    pub(super) operation: String,
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Request {
    /// Path and query below the service's root.
    pub(super) fn below_root(&self) -> &str {
        self.target.strip_prefix("/xapi/v1").unwrap_or(&self.target)
    }

    /// `GetQueue: GET /Queues(1)`
    pub(super) fn line(&self) -> String {
        format!("{}: {} {}", self.operation, self.method, self.target)
    }

    fn read(line: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(line).ok()?;
        let text = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
        let headers = value.get("headers")?.as_array()?.iter();
        let header = |it: &Value| Some((it[0].as_str()?.to_owned(), it[1].as_str()?.to_owned()));
        Some(Self {
            operation: text("operationId")?,
            method: text("method")?,
            target: text("target")?,
            headers: headers.map(header).collect::<Option<_>>()?,
            body: text("body")?,
        })
    }
}

/// Lets the wire driver play the caller of a document's release.
pub(super) fn record(document: &str) -> Result<Recording, String> {
    let file = tools::folder().join("requests.jsonl");
    let said = |error: std::io::Error| format!("{}: {error}", file.display());
    std::fs::create_dir_all(tools::folder()).map_err(said)?;
    let status = cargo()
        .current_dir(own_root())
        .args(["run", "--quiet", "--locked", "--package", "tests", "--bin", "wire", "--"])
        .args(["--record", "--release", document])
        .stdout(File::create(&file).map_err(said)?)
        .status()
        .map_err(|error| format!("cargo can't be started: {error}"))?;
    if !status.success() {
        return Err(format!("{document}: the wire driver failed"));
    }
    let text = std::fs::read_to_string(&file).map_err(said)?;
    let requests: Option<Vec<Request>> = text.lines().map(Request::read).collect();
    let requests = requests.filter(|it| !it.is_empty());
    let requests = requests.ok_or_else(|| format!("{}: no recorded requests", file.display()))?;
    Ok(Recording { file, requests })
}
