//! A diff for people and for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rows::{Change, Diff, Row, What};
use crate::surface::Verdict;

/// The report on two APIs.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The older one's name.
    pub old: String,
    /// The newer one's name.
    pub new: String,
    /// What the change means for users of the client.
    pub verdict: Verdict,
    /// What changed.
    #[serde(flatten)]
    pub diff: Diff,
}

impl Report {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let Self { old, new, verdict, diff } = self;
        let mut out = format!("# {old} → {new}\n\n{}", self::verdict(verdict));
        if diff.rows.is_empty() {
            out += "\nNo change of the API.\n";
        } else {
            out += &format!("\n{}", table(&diff.rows));
        }
        for what in What::ALL {
            let rows: Vec<&Row> = diff.rows.iter().filter(|row| row.what == what).collect();
            if !rows.is_empty() {
                out += &format!("\n## {}\n\n", capital(what.plural()));
                out.extend(rows.into_iter().map(ToString::to_string));
            }
        }
        if !diff.noise.is_empty() {
            out += "\n## Not listed\n\nDifferences that are no change of the API:\n\n";
            let counts = diff.noise.iter().map(|(kind, count)| format!("- {kind}: {count}\n"));
            out.extend(counts);
        }
        out
    }

    /// As JSON.
    pub fn json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

fn verdict(verdict: &Verdict) -> String {
    let mut out = format!("The client's surface: {}.\n", verdict.summary());
    if !verdict.breaking.is_empty() {
        out += "\n## What breaks callers\n\n";
    }
    out.extend(verdict.breaking.iter().map(ToString::to_string));
    out
}

/// The counts: a line for each kind of fact, a column for each change.
fn table(rows: &[Row]) -> String {
    let mut counts: BTreeMap<(What, Change), usize> = BTreeMap::new();
    for row in rows {
        *counts.entry((row.what, row.change)).or_default() += 1;
    }
    let changed: Vec<Change> = Change::ALL
        .into_iter()
        .filter(|it| counts.keys().any(|(_, change)| change == it))
        .collect();
    let heads: Vec<&str> = changed.iter().map(|it| it.as_str()).collect();
    let mut out = format!("| | {} |\n|---|{}\n", heads.join(" | "), "---:|".repeat(heads.len()));
    for what in What::ALL {
        let cells = changed.iter().map(|change| match counts.get(&(what, *change)) {
            Some(count) => count.to_string(),
            None => String::new(),
        });
        let cells: Vec<String> = cells.collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            out += &format!("| {} | {} |\n", what.plural(), cells.join(" | "));
        }
    }
    out
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
