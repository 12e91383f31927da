//! Reports names that can't stand: no identifiers, and names that two things share. Each report has one
//! row that mends it.

use std::collections::{BTreeMap, BTreeSet};

use super::row::Row;
use super::taken;
use crate::model::Seen;
use crate::problem::Problem;

/// A section of `spec/names.yaml` with its rows.
pub(super) struct Section<'e> {
    pub(super) name: &'static str,
    pub(super) rows: &'e [Row],
}

/// A thing with its Rust name.
pub(super) struct Named {
    /// What a row calls it.
    wire: String,
    /// The name that a row gives it.
    rust: String,
    /// Another name that follows from it.
    follows: Option<String>,
    is_taken: bool,
    /// The documents that have it, where its name on the wire may have changed.
    seen: Option<Seen>,
    /// The first document that has it.
    since: Option<usize>,
}

impl Named {
    pub(super) fn new(wire: &str, rust: &str) -> Self {
        let (wire, rust) = (wire.to_owned(), rust.to_owned());
        Self { wire, rust, follows: None, is_taken: false, seen: None, since: None }
    }

    /// With a name that follows from the given one.
    pub(super) fn also(self, name: &str) -> Self {
        Self { follows: Some(name.to_owned()), ..self }
    }

    /// Whether our own code has the name. Only a row can give such a name.
    pub(super) fn taken(self, is_taken: bool) -> Self {
        Self { is_taken, ..self }
    }

    /// An operation: its id may be a former one.
    pub(super) fn seen(self, seen: Seen) -> Self {
        Self { seen: Some(seen), ..self.since(seen) }
    }

    /// With the documents that have it. If two share a name, the one that came later gives way.
    pub(super) fn since(self, seen: Seen) -> Self {
        Self { since: seen.first(), ..self }
    }
}

/// Those that are not among the wire names.
pub(super) fn without(named: Vec<Named>, wires: &BTreeSet<String>) -> Vec<Named> {
    named.into_iter().filter(|it| !wires.contains(&it.wire)).collect()
}

/// What was found wrong with names, and the names that rows were told to give.
#[derive(Default)]
pub(super) struct Reports {
    pub(super) problems: Vec<Problem>,
    suggested: BTreeSet<String>,
}

impl Reports {
    /// Checks the names of one scope. `own` are names that other things have there. Returns the wire
    /// names of what was reported.
    pub(super) fn check(
        &mut self,
        section: &Section<'_>,
        scope: &str,
        own: &[(&str, &str)],
        mut named: Vec<Named>,
    ) -> BTreeSet<String> {
        named.sort_by_key(|it| it.since);
        let mut reported = BTreeSet::new();
        let mut owners: BTreeMap<&str, &Named> = BTreeMap::new();
        let mut follow: BTreeMap<&str, &Named> = BTreeMap::new();
        let rusts: BTreeSet<&str> = named.iter().map(|it| it.rust.as_str()).collect();
        for one in &named {
            let own = own.iter().find(|(_, rust)| *rust == one.rust).map(|(what, _)| *what);
            let other = owners.insert(&one.rust, one);
            let follows = one.follows.as_deref();
            let other = other.or_else(|| follow.insert(follows?, one));
            let name = follows.unwrap_or(&one.rust);
            let (what, mended) = if !taken::is_identifier(&one.rust) {
                (format!("`{}` would be `{}`, no identifier", one.wire, one.rust), one)
            } else if one.is_taken {
                let what =
                    format!("`{}` would be `{}`, which our own code has", one.wire, one.rust);
                (what, one)
            } else if let Some(own) = own {
                (format!("`{}` and {own} would both be `{}`", one.wire, one.rust), one)
            } else if let Some(other) = other {
                // A row that is there already wins.
                let has_row = |it: &Named| section.rows.iter().any(|row| row.wire == it.wire);
                let mended = if has_row(one) && !has_row(other) { other } else { one };
                let what = format!("`{}` and `{}` would both be `{name}`", one.wire, other.wire);
                if let Some(row) = former_id(one, other) {
                    reported.insert(one.wire.clone());
                    self.report(scope, format!("{what}; {row}"));
                    continue;
                }
                (what, mended)
            } else {
                continue;
            };
            let rust = self.suggestion(&mended.rust, &rusts);
            reported.insert(one.wire.clone());
            let advice = advice(section, &mended.wire, &rust);
            self.report(scope, format!("{what}; {advice}"));
        }
        reported
    }

    fn report(&mut self, scope: &str, message: String) {
        self.problems.push(Problem { pointer: format!("/{scope}"), message });
    }

    /// A name like this one that nothing in its scope has.
    fn suggestion(&mut self, rust: &str, known: &BTreeSet<&str>) -> String {
        let is_type = rust.starts_with(|c: char| c.is_ascii_uppercase());
        let (rust, word) = match rust.trim_end_matches('_') {
            "" => ("unnamed", "_other"),
            rust if is_type => (rust, "Other"),
            rust => (rust, "_other"),
        };
        let mut name = format!("{rust}{word}");
        while known.contains(name.as_str()) || self.suggested.contains(&name) {
            name += word;
        }
        self.suggested.insert(name.clone());
        name
    }
}

/// The row that gives a name.
fn advice(section: &Section<'_>, wire: &str, rust: &str) -> String {
    let Section { name, rows } = section;
    let has_row = rows.iter().any(|row| row.wire == wire);
    let wire = quoted(wire);
    if has_row {
        return format!(
            "change the row of {wire} in `{name}:` of spec/names.yaml to \
             {{ wire: {wire}, rust: {rust}, reason: the rule's name is taken }}"
        );
    }
    format!(
        "add to `{name}:` in spec/names.yaml: \
         {{ wire: {wire}, rust: {rust}, reason: the rule's name is taken }}"
    )
}

/// A text as YAML reads it back.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | '_');
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// The row that joins two operations, if one was gone before the other came.
fn former_id(one: &Named, other: &Named) -> Option<String> {
    let (first, second) = (one.seen?, other.seen?);
    let (former, present) = if first.last() < second.first() {
        (one, other)
    } else if second.last() < first.first() {
        (other, one)
    } else {
        return None;
    };
    Some(format!(
        "if 3CX changed the operationId, add to spec/former_ids.yaml: \
         {{ former: {}, id: {}, reason: the operationId changed }}",
        former.wire, present.wire
    ))
}
