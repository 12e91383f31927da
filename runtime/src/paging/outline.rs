//! What a page means for the walk: which of its rows are new, where the walk leaves it, and whether
//! another page follows.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::cursor::{Caps, Cursor, Link, Place};
use super::mark::Mark;
use crate::answer::Page;
use crate::error::Error;
use crate::info::OperationInfo;

/// So many pages in a row bring nothing new only if there is no end to them.
pub(super) const MOST_IDLE: u32 = 100;

/// What a page is held against.
pub(super) struct Expected {
    pub(super) info: OperationInfo,
    /// The property that tells rows apart.
    pub(super) key: Option<&'static str>,
    /// Whether the walk goes by key.
    pub(super) by_key: bool,
    /// How many items the walk may still give.
    pub(super) left: u64,
    /// How many rows the request asked for.
    pub(super) asked: u64,
}

/// What is known of a page beside its rows.
pub(super) struct Outline {
    by_key: bool,
    before: Place,
    marks: Arc<[Mark]>,
    /// Which rows the walk has not given before.
    pub(super) fresh: Vec<bool>,
    /// Where the walk leaves the page: behind its last row, or where it has enough.
    pub(super) end: usize,
    next: Option<Link>,
    caps: Caps,
    /// How many pages in a row have brought nothing, with this one.
    idle: u32,
    /// Whether the walk asks for another page.
    pub(super) more: bool,
    pub(super) count: Option<i64>,
}

impl Outline {
    pub(super) fn of(
        page: &Page<&RawValue>,
        before: Place,
        expected: &Expected,
    ) -> Result<Self, Error> {
        let marks: Arc<[Mark]> = page.iter().map(|row| Mark::of(row, expected.key)).collect();
        let fresh = fresh(&marks, &before);
        let full = expected_rows(&before, expected.asked);
        let is_full = before.link().is_none() && marks.len() as u64 >= full;
        check_progress(&marks, &fresh, &before, is_full, expected.info)?;
        if expected.by_key {
            check_order(&marks, &fresh, before.after(), expected.info)?;
        }
        let enough = enough(&fresh, expected.left);
        let end = enough.unwrap_or(marks.len());
        let next = next_link(page, &before, expected.asked).filter(|_| end == marks.len());
        let ending = match (enough, &next) {
            (Some(_), _) => Some(false),
            (None, Some(_)) => Some(true),
            (None, None) => None,
        };
        let (caps, more) = judge(&before, marks.len() as u64, expected.asked, ending);
        let idle = if fresh.contains(&true) { 0 } else { before.idle + 1 };
        if more && idle >= MOST_IDLE {
            return Err(idling(expected.info));
        }
        let (by_key, count) = (expected.by_key, page.count);
        Ok(Self { by_key, before, marks, fresh, end, next, caps, idle, more, count })
    }

    /// The URL of the link to the next page, to be completed.
    pub(super) fn next_url(&mut self) -> Option<&mut String> {
        self.next.as_mut().map(|link| &mut link.url)
    }

    /// The place before the row `at`; behind the last one, that of the next page.
    pub(super) fn place(&self, at: usize) -> Place {
        let mut place = self.before.clone();
        let passed = place.link().map_or(0, |link| link.passed);
        if at <= passed && at < self.marks.len() {
            return place;
        }
        let (seen, rest) = self.marks.split_at(at.min(self.marks.len()));
        place.begun = true;
        (place.caps, place.idle) = (self.caps, self.idle);
        // A continuation may say any number.
        let given = self.fresh.iter().take(at).filter(|fresh| **fresh).count();
        place.skip = place.skip.saturating_add(seen.len().saturating_sub(passed) as u64);
        place.given = place.given.saturating_add(given as u64);
        place.cursor = self.cursor(at, seen, rest.is_empty());
        place.recent = if rest.is_empty() {
            Arc::clone(&self.marks)
        } else {
            let seen = seen.get(passed..).unwrap_or_default();
            place.recent.iter().chain(seen).cloned().collect()
        };
        place
    }

    /// How the walk goes on before the row `at`.
    fn cursor(&self, at: usize, seen: &[Mark], is_end: bool) -> Cursor {
        let after = self.before.after();
        match (&self.before.cursor, seen.last()) {
            (_, Some(Mark::Integer(key))) if self.by_key => Cursor::After(*key),
            _ if is_end => match (&self.next, after) {
                (Some(next), _) => Cursor::Link(Link { after, ..next.clone() }),
                (None, Some(key)) => Cursor::After(key),
                (None, None) => Cursor::Skip,
            },
            (Cursor::Link(link), _) => Cursor::Link(Link { passed: at, ..link.clone() }),
            (cursor, _) => cursor.clone(),
        }
    }
}

/// The rows that the walk has not given before.
fn fresh(marks: &[Mark], before: &Place) -> Vec<bool> {
    let passed = before.link().map_or(0, |link| link.passed);
    let known: HashSet<&Mark> = before.recent.iter().filter(|mark| mark.is_key()).collect();
    marks.iter().enumerate().map(|(at, it)| at >= passed && !known.contains(it)).collect()
}

/// How many rows make a full page.
pub(super) fn expected_rows(before: &Place, asked: u64) -> u64 {
    let asked = before.link().map_or(asked, |link| link.asked);
    before.caps.cap.map_or(asked, |cap| cap.min(asked))
}

/// Where the walk has enough: behind the row with which it gives the last item that it may.
fn enough(fresh: &[bool], left: u64) -> Option<usize> {
    let left = usize::try_from(left).unwrap_or(usize::MAX);
    let mut fresh = fresh.iter().enumerate().filter(|(_, fresh)| **fresh);
    fresh.nth(left.saturating_sub(1)).map(|(at, _)| at + 1)
}

/// The link to the next page, if the PBX sent one.
fn next_link(page: &Page<&RawValue>, before: &Place, asked: u64) -> Option<Link> {
    let url = page.next_link.clone()?;
    let (asked, came) = before.link().map_or((asked, 0), |link| (link.asked, link.came));
    let came = came.saturating_add(page.len() as u64);
    Some(Link { url, passed: 0, asked, came, after: None })
}

/// What the length of a page says of the server's cap, and whether another page follows. `ending` says
/// so if something else decides it.
fn judge(before: &Place, rows: u64, asked: u64, ending: Option<bool>) -> (Caps, bool) {
    let mut caps = before.caps;
    if caps.suspected {
        caps.suspected = false;
        if rows == 0 {
            caps.above = caps.above.max(caps.cap.take().unwrap_or(0));
        }
    }
    let more = match (ending, before.link()) {
        (Some(more), _) => more,
        // The links have divided one answer, which was as long as was asked for or the last one.
        (None, Some(link)) => link.came.saturating_add(rows) == link.asked,
        (None, None) if rows == 0 => false,
        (None, None) if rows >= expected_rows(before, asked) => true,
        // The first short page may be capped: one more page tells.
        (None, None) => {
            caps.suspected = !before.begun && caps.cap.is_none() && rows > caps.above;
            caps.cap = if caps.suspected { Some(rows) } else { caps.cap };
            caps.suspected
        }
    };
    (caps, more)
}

/// An answer that leads nowhere.
pub(super) fn misled(info: OperationInfo, message: &str) -> Error {
    Error::undecoded(info, message)
}

/// The links of pages without rows lead on and on.
pub(super) fn idling(info: OperationInfo) -> Error {
    misled(
        info,
        "a hundred pages in a row have brought no new row and lead on to another page, so there would be no end",
    )
}

/// A page that brings nothing but what came before would be followed by others for ever.
fn check_progress(
    marks: &[Mark],
    fresh: &[bool],
    before: &Place,
    is_full: bool,
    info: OperationInfo,
) -> Result<(), Error> {
    let passed = before.link().map_or(0, |link| link.passed);
    if passed == 0 && repeats(marks, &before.recent, !fresh.contains(&true) && is_full) {
        return Err(misled(
            info,
            "a page repeats the rows of the one before, so the PBX does not page here by `$skip` or its own links: await the request without `items` or `pages` for what it gives at once, and if `select` leaves rows that look alike, select more",
        ));
    }
    Ok(())
}

/// Pages by key miss nothing only if the PBX keeps to the order and the filter.
fn check_order(
    marks: &[Mark],
    fresh: &[bool],
    mut last: Option<i64>,
    info: OperationInfo,
) -> Result<(), Error> {
    for (mark, _) in marks.iter().zip(fresh).filter(|(_, fresh)| **fresh) {
        match mark {
            Mark::Integer(key) if last.is_none_or(|last| last < *key) => last = Some(*key),
            Mark::Integer(_) => {
                return Err(misled(
                    info,
                    "the rows are not in the order of their keys, so the PBX ignores `$orderby` or `$filter` here: page without `by_key`",
                ));
            }
            _ => return Err(misled(info, "a row has no key: page without `by_key`")),
        }
    }
    Ok(())
}

/// Whether a page brings nothing but what came before: the same rows, or, where there are as many as
/// were asked for, some of them. Fewer may be what others have moved by adding rows.
fn repeats(marks: &[Mark], recent: &[Mark], full_of_known: bool) -> bool {
    if marks.is_empty() || recent.is_empty() {
        return false;
    }
    let sorted = |marks: &[Mark]| {
        let mut marks = marks.to_vec();
        marks.sort_unstable();
        marks
    };
    full_of_known || (marks.len() == recent.len() && sorted(marks) == sorted(recent))
}
