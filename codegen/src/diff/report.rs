//! A diff for people and for programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Change, Diff, Row, What};
use crate::surface::{Level, Verdict};

/// What is reported of two documents.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The older one's name.
    pub old: String,
    /// The newer one's name.
    pub new: String,
    /// What the change means for who uses the client.
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
                out.extend(rows.into_iter().map(line));
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
    let Verdict { level, breaking, added, deprecated } = verdict;
    let said = match level {
        Level::None => "the client's surface stays as it is".to_owned(),
        Level::Minor => format!("{added} items of the client are new, {deprecated} deprecated"),
        Level::Major => format!(
            "{} items of the client are gone or changed, {added} new, {deprecated} deprecated",
            breaking.len()
        ),
    };
    let mut out = format!("**{}**: {said}.\n", capital(level.as_str()));
    if !breaking.is_empty() {
        out += "\n## What breaks callers\n\n";
    }
    out.extend(breaking.iter().map(|it| {
        let new = it.new.as_ref().map_or("gone".to_owned(), |new| format!("`{new}`"));
        let old = if it.old.is_empty() { "was there".to_owned() } else { format!("`{}`", it.old) };
        format!("- `{}`: {old} → {new}\n", it.item)
    }));
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

fn line(row: &Row) -> String {
    let change = row.change.as_str();
    match (&row.old, &row.new) {
        (Some(old), Some(new)) => format!("- {change} `{}`: `{old}` → `{new}`\n", row.at),
        // A value is what it is called.
        (Some(only), None) | (None, Some(only)) if !row.at.ends_with(only.as_str()) => {
            format!("- {change} `{}`: `{only}`\n", row.at)
        }
        _ => format!("- {change} `{}`\n", row.at),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
