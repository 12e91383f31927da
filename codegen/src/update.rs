//! What an update makes of a new document: the union with it, a report, and the changelog's entries.

use std::path::Path;

use crate::changelog;
use crate::client::Rows;
use crate::compare::{self, Side, differences};
use crate::diff::report::Report;
use crate::history;
use crate::import::{Given, Tracked, merged};
use crate::load;
use crate::model::{self, Api, DocumentId, Summary};
use crate::track;

/// A document that was merged into the union.
pub struct Imported {
    /// The union with the document.
    pub union: Api,
    /// The text of the tracked document with it.
    pub text: String,
    id: DocumentId,
    document: Api,
    summary: Summary,
}

impl Imported {
    /// Reads a document, and merges it into the union.
    pub fn read(
        source: String,
        text: String,
        given: &Given,
        tracked: Option<&Tracked>,
    ) -> Result<Self, String> {
        let document = load::parse(source.clone(), text).map_err(|it| it.to_string())?;
        let id = given.id(Path::new(&source), &document)?;
        let (document, summary) = model::read(document).map_err(|it| it.to_string())?;
        let union = merged(tracked.map(|it| &it.union), id.clone(), document.clone());
        let union = union.map_err(|problems| format!("{source}: {problems}"))?;
        let text = track::write(&union).map_err(|error| error.to_string())?;
        Ok(Self { union, text, id, document, summary })
    }

    /// The tracked document that already says the same: the same document, or one that the same
    /// release published on another day. An update has nothing to do if the changelog has its entry.
    pub fn known<'t>(
        &self,
        tracked: &'t Tracked,
        changelog: Option<&str>,
        rows: &Rows,
    ) -> Result<Option<&'t DocumentId>, String> {
        let known = self.same_facts(tracked, rows)?;
        let has_entry = |it: &&DocumentId| changelog.is_some_and(|text| changelog::has(text, it));
        Ok(known.filter(has_entry))
    }

    fn same_facts<'t>(
        &self,
        tracked: &'t Tracked,
        rows: &Rows,
    ) -> Result<Option<&'t DocumentId>, String> {
        let known = tracked.union.documents.iter().rev();
        if let Some(known) = known.clone().find(|it| **it == self.id) {
            return Ok((tracked.text == self.text).then_some(known));
        }
        let mut of_release = known.filter(|it| it.release == self.id.release);
        let Some(known) = of_release.next() else { return Ok(None) };
        let before = history::at(&tracked.union, &known.full())?;
        let diff = differences(&before, &self.document, rows);
        Ok(diff.rows.is_empty().then_some(known))
    }

    /// The report on the document, and the changelog with its entry and with those of earlier imports
    /// that have none yet. The first document has nothing to be compared with, so no report.
    pub fn compared(
        &self,
        tracked: Option<&Tracked>,
        changelog: Option<String>,
        version: &str,
        rows: &Rows,
    ) -> Result<(Option<Report>, String), String> {
        let (mut report, changelog) = self.entries(changelog, version, rows)?;
        if let Some(report) = &mut report {
            self.complete(report, tracked, rows)?;
        }
        Ok((report, changelog))
    }

    /// The entries of this document and of those after it: each compares the union with the one before, so
    /// that the order of imports can't be seen. And the entries of older documents that have none.
    fn entries(
        &self,
        mut changelog: Option<String>,
        version: &str,
        rows: &Rows,
    ) -> Result<(Option<Report>, String), String> {
        let union = &self.union;
        let mut changed = None;
        let mut before: Option<Side> = None;
        for known in &union.documents {
            let text = changelog.as_deref();
            if *known < self.id && text.is_some_and(|it| changelog::has(it, known)) {
                before = None;
                continue;
            }
            let new = Side::release(union, &known.full())?;
            let place = union.documents.iter().position(|it| it == known).unwrap_or_default();
            let old = match (before.take(), place.checked_sub(1)) {
                (Some(side), _) => Some(side),
                (None, Some(place)) => Some(Side::release(union, &union.documents[place].full())?),
                (None, None) => None,
            };
            let entry = match &old {
                None => changelog::first(new.newest()),
                Some(old) => {
                    let report = compare::report(old, &new, rows)?;
                    // An entry that is written again keeps the version of its day.
                    let from = text.and_then(|it| changelog::version(it, known));
                    let entry = changelog::entry(from.unwrap_or(version), &report);
                    if *known == self.id {
                        changed = Some(report);
                    }
                    entry
                }
            };
            changelog = Some(changelog::with(text, known, &entry));
            before = Some(new);
        }
        Ok((changed, changelog.unwrap_or_default()))
    }

    /// Adds to a report what the union with the document does not know.
    fn complete(
        &self,
        report: &mut Report,
        tracked: Option<&Tracked>,
        rows: &Rows,
    ) -> Result<(), String> {
        // A union knows how one signs in to its newest release alone, so the document is compared with
        // the newest one as the union had it before.
        if let Some(before) = tracked.map(|it| &it.union)
            && let Some(newest) = before.documents.last()
            && *newest < self.id
        {
            report.diff = differences(&history::at(before, &newest.full())?, &self.document, rows);
        }
        // The quirks that the reader repaired are no change of the API either.
        let repairs = self.summary.repairs.iter().filter(|(_, count)| *count > 0);
        report.diff.noise.extend(repairs.copied());
        Ok(())
    }
}
