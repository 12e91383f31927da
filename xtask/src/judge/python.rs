//! The judges that are libraries for Python, each with a script in `tests/judges/`.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::complaint::{Complaint, Judge};
use super::recording::Recording;
use super::tools;
use crate::workspace::own_root;

/// What openapi-core says of the requests.
pub(super) fn requests(document: &Path, recording: &Recording) -> Result<Vec<Complaint>, String> {
    let input = File::open(&recording.file).map_err(|error| error.to_string())?;
    let lines = run("judge_requests.py", document, input.into())?;
    let complaints = lines.iter().map(|line| {
        let place = line["place"].as_u64().and_then(|it| usize::try_from(it).ok())?;
        Some(Complaint::of(Judge::OpenapiCore, place, line["text"].as_str()?.to_owned()))
    });
    complaints.collect::<Option<_>>().ok_or_else(|| "judge_requests.py: unknown lines".to_owned())
}

/// What openapi-spec-validator says of the document itself.
pub(super) fn document(document: &Path) -> Result<Vec<Complaint>, String> {
    let lines = run("judge_document.py", document, Stdio::null())?;
    let complaints = lines.iter().map(|line| {
        let text = format!("{}: {}", line["place"].as_str()?, line["text"].as_str()?);
        Some(Complaint::of_document(Judge::SpecValidator, text))
    });
    complaints.collect::<Option<_>>().ok_or_else(|| "judge_document.py: unknown lines".to_owned())
}

/// The JSON lines that a script prints.
fn run(script: &str, document: &Path, input: Stdio) -> Result<Vec<Value>, String> {
    let output = Command::new(tools::python()?)
        .arg(own_root().join("tests/judges").join(script))
        .arg(document)
        .stdin(input)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{script}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{script} failed ({})", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
    lines.map_err(|error| format!("{script}: {error}"))
}
