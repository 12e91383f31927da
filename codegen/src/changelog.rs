//! `CHANGELOG.md`: an entry for each imported document, the newest first. An entry depends on the
//! documents alone, so importing the same document on another day writes the same text.

use crate::diff::report::Report;
use crate::diff::{Change, Row, What};
use crate::model::{Api, DocumentId};
use crate::surface::Level;

const HEAD: &str = "\
# Changelog

An entry for each document of the API, the newest first; `cargo xtask update` writes them. Nothing that the API loses goes
from the client: it stays, deprecated. The version in an entry is a proposal; CONTRIBUTING.md says who makes it one.
";

/// What begins an entry.
const MARK: &str = "\n## ";

/// What begins the title of a published version. The entries below it belong to it.
const VERSION: &str = "Version ";

/// The next version by Cargo's rules: below 1.0.0, a breaking change raises the second number.
pub fn next_version(version: &str, level: Level) -> String {
    let numbers: Vec<u64> = version.split('.').filter_map(|it| it.parse().ok()).collect();
    let [major, minor, patch] = numbers.as_slice() else { return version.to_owned() };
    let (major, minor, patch) = match (level, major) {
        (Level::None, _) => (*major, *minor, *patch),
        (Level::Minor, 0) => (0, *minor, patch + 1),
        (Level::Major, 0) | (Level::Minor, _) => (*major, minor + 1, 0),
        (Level::Major, _) => (major + 1, 0, 0),
    };
    format!("{major}.{minor}.{patch}")
}

/// The proposal in one line: `0.1.0 → 0.2.0: …`.
pub fn proposal(version: &str, report: &Report) -> String {
    let next = next_version(version, report.verdict.level);
    let why = match report.verdict.level {
        Level::None => "nothing changes for callers".to_owned(),
        Level::Minor => "nothing is gone or changed, something is new or deprecated".to_owned(),
        Level::Major => format!("{} items are gone or changed", report.verdict.breaking.len()),
    };
    format!("{version} → {next}: {}, {why}", report.verdict.level.as_str())
}

/// The entry of the first document, which no other document precedes.
pub fn first(api: &Api) -> String {
    let (entities, enumerations) = (api.entities.len(), api.enumerations.len());
    format!(
        "The first document: {} operations, {entities} entities, {enumerations} enumerations.\n",
        api.operations.len()
    )
}

/// The entry of a document that changed something.
pub fn entry(version: &str, report: &Report) -> String {
    let rows = &report.diff.rows;
    let mut out = format!("Version {}.\n", proposal(version, report));
    if !report.verdict.breaking.is_empty() {
        out += "\n### What breaks callers\n\n";
        out.extend(report.verdict.breaking.iter().map(ToString::to_string));
    }
    let of = |what: What| rows.iter().filter(move |row| row.what == what);
    if of(What::Operation).count() > 0 {
        out += "\n### Operations\n\n";
        out.extend(of(What::Operation).chain(of(What::Route)).map(ToString::to_string));
    }
    let others = What::ALL.into_iter().filter(|it| !matches!(it, What::Operation | What::Route));
    let others: Vec<String> = others.filter_map(|what| counted(what, of(what))).collect();
    if !others.is_empty() {
        out += &format!("\n### Everything else\n\n{}", others.concat());
    }
    out
}

/// `- properties: 65 added, 13 removed`
fn counted<'r>(what: What, rows: impl Iterator<Item = &'r Row> + Clone) -> Option<String> {
    let counts = Change::ALL.into_iter().filter_map(|change| {
        let count = rows.clone().filter(|row| row.change == change).count();
        let said = if change == Change::Constraint { "with other limits" } else { change.as_str() };
        (count > 0).then(|| format!("{count} {said}"))
    });
    let counts: Vec<String> = counts.collect();
    (!counts.is_empty()).then(|| format!("- {}: {}\n", what.plural(), counts.join(", ")))
}

/// Puts a document's entry into the changelog: it replaces the entry that the document has, or takes
/// its place in the order of the documents. No new entry goes below a published version.
pub fn with(changelog: Option<&str>, id: &DocumentId, entry: &str) -> String {
    let text = changelog.unwrap_or(HEAD);
    let is_new = !has(text, id);
    let mut parts = text.split(MARK);
    let mut out = parts.next().unwrap_or_default().to_owned();
    let title = title(id);
    let mut new = Some(format!("{title}\n\n{entry}"));
    for part in parts {
        let known = part.lines().next().unwrap_or_default();
        let comes_after = match read(known) {
            Some(known) => known <= *id,
            None => is_new && known.starts_with(VERSION),
        };
        if comes_after && let Some(new) = new.take() {
            out += &format!("{MARK}{new}");
        }
        if known != title {
            out += &format!("{MARK}{part}");
        }
    }
    if let Some(new) = new {
        out += &format!("{MARK}{new}");
    }
    out
}

/// Whether the changelog has an entry for a document.
pub fn has(changelog: &str, id: &DocumentId) -> bool {
    let title = title(id);
    changelog.split(MARK).skip(1).any(|part| part.lines().next() == Some(title.as_str()))
}

/// The version that a document's entry starts from.
pub fn version<'t>(changelog: &'t str, id: &DocumentId) -> Option<&'t str> {
    let title = title(id);
    let parts = changelog.split(MARK).skip(1);
    let mut entries = parts.filter(|part| part.lines().next() == Some(title.as_str()));
    let line = entries.next()?.lines().find_map(|line| line.strip_prefix("Version "))?;
    Some(line.split_once(" → ")?.0)
}

/// `20.0.10 (2026-06-11)`
fn title(id: &DocumentId) -> String {
    format!("{} ({})", id.release, id.date)
}

fn read(title: &str) -> Option<DocumentId> {
    let (release, date) = title.strip_suffix(')')?.split_once(" (")?;
    if release.starts_with(VERSION) {
        return None;
    }
    Some(DocumentId { release: release.to_owned(), date: date.to_owned(), build: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_version_follows_the_rules_of_cargo() {
        let rows = [
            ("0.1.0", Level::None, "0.1.0"),
            ("0.1.4", Level::Minor, "0.1.5"),
            ("0.1.4", Level::Major, "0.2.0"),
            ("1.2.3", Level::None, "1.2.3"),
            ("1.2.3", Level::Minor, "1.3.0"),
            ("1.2.3", Level::Major, "2.0.0"),
        ];
        for (version, level, next) in rows {
            assert_eq!(next_version(version, level), next, "{version} {level:?}");
        }
    }

    #[test]
    fn entries_stand_newest_first_whatever_order_they_come_in() {
        let release = |release: &str, date: &str| DocumentId {
            release: release.into(),
            date: date.into(),
            build: None,
        };
        let (nine, ten) = (release("20.0.9", "2026-01-22"), release("20.0.10", "2026-06-11"));
        let later = release("20.0.9", "2026-02-01");
        let orders = [[&nine, &ten, &later], [&ten, &later, &nine], [&later, &nine, &ten]];
        let made = orders.map(|order| {
            let add = |text: Option<String>, it: &&DocumentId| {
                Some(with(text.as_deref(), it, &format!("What {} changed.\n", it.full())))
            };
            order.iter().fold(None, add).unwrap()
        });
        let titles: Vec<&str> = made[0].lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(
            titles,
            ["## 20.0.10 (2026-06-11)", "## 20.0.9 (2026-02-01)", "## 20.0.9 (2026-01-22)"]
        );
        assert!(made.iter().all(|it| *it == made[0]), "{made:#?}");
        // An entry is replaced, and by nothing else than its own document's.
        let replaced = with(Some(&made[0]), &later, "Something else.\n");
        assert_eq!(replaced, made[0].replace("What 20.0.9/2026-02-01 changed.", "Something else."));
        assert!(has(&replaced, &later) && !has(&replaced, &release("20.0.9", "2026-03-01")));
    }

    #[test]
    fn a_new_entry_stands_above_the_published_version() {
        let release = |release: &str, date: &str| DocumentId {
            release: release.into(),
            date: date.into(),
            build: None,
        };
        let text = "# Changelog\n\n## Unreleased\n\n## Version 0.1.0 (2026-12-01)\n\n## 20.0.9 (2026-01-22)\n\nOld.\n";
        let titles = |id: &DocumentId| -> Vec<String> {
            let text = with(Some(text), id, "New.\n");
            text.lines().filter_map(|line| Some(line.strip_prefix("## ")?.to_owned())).collect()
        };
        let published = ["Version 0.1.0 (2026-12-01)", "20.0.9 (2026-01-22)"];
        for (id, new) in [
            (release("20.0.10", "2026-06-11"), "20.0.10 (2026-06-11)"),
            (release("20.0.8", "2025-07-15"), "20.0.8 (2025-07-15)"),
        ] {
            assert_eq!(titles(&id), ["Unreleased", new, published[0], published[1]]);
        }
        // The entry that a version was published with stays with it.
        let known = release("20.0.9", "2026-01-22");
        assert_eq!(titles(&known), ["Unreleased", published[0], published[1]]);
    }
}
