//! A walk over the pages of one request: what is asked next, what of a page is new, and where it
//! ends. Not generic: it is compiled once for all operations.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::mark::{Mark, hash};
use crate::answer::{Page, Reply};
use crate::client::Client;
use crate::download;
use crate::error::Error;
use crate::filter::Filter;
use crate::operation::{OperationInfo, OperationKind, RequestParts};
use crate::property::Property;
use crate::request::{self, PreparedRequest};
use crate::transport::{self, BoxFuture};

/// The pages of lists and navigations, of which the PBX allows no longer ones.
const LIST_PAGE: u32 = 100;
/// The pages of functions: reports take this many.
const FUNCTION_PAGE: u32 = 1000;

/// What is the same for all pages of a walk.
pub(super) struct Plan {
    client: Client,
    pub(super) info: OperationInfo,
    /// The request in each of the operation's forms, the newest first.
    forms: Vec<RequestParts>,
    /// The property by which the pages go.
    by_key: Option<&'static str>,
    /// The property that tells rows apart.
    key: Option<&'static str>,
    /// The most items over all pages.
    most: Option<u64>,
    /// Where it begins.
    start: u64,
    /// Of path and options, so that a continuation of another request is recognised.
    pub(super) fingerprint: u64,
}

/// A place between two rows, and what is known there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// How many rows lie before it.
    pub(super) skip: u64,
    /// The key of the row before it, where pages go by key.
    pub(super) key: Option<i64>,
    /// The link to the page it is on.
    pub(super) link: Option<Link>,
    /// How many items were given.
    pub(super) given: u64,
    /// Whether a page has come.
    pub(super) begun: bool,
    pub(super) caps: Caps,
    /// The rows before it, a page or more.
    pub(super) recent: Arc<[Mark]>,
    /// How many rows a page is to have.
    pub(super) size: u32,
    /// Whether the PBX has named a limit for that.
    pub(super) limited: bool,
}

/// A page that the PBX has linked to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) url: String,
    /// How many of its rows lie before the place.
    pub(super) passed: usize,
    /// The `$top` of the request whose answer the links divide.
    pub(super) asked: u64,
    /// How many rows of that answer came with the pages before.
    pub(super) came: u64,
}

/// What is known of a server that caps its pages without saying so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Caps {
    /// The length of its pages.
    pub(super) cap: Option<u64>,
    /// Whether the next page tells if there is a cap at all.
    pub(super) suspected: bool,
    /// The longest short page that was the last one: the cap, if there is one, is above.
    pub(super) above: u64,
}

/// A page that has come.
pub(super) struct Fetched {
    pub(super) reply: Reply,
    pub(super) outline: Outline,
}

/// What is known of a page beside its rows.
pub(super) struct Outline {
    by_key: bool,
    before: State,
    marks: Arc<[Mark]>,
    /// Which rows have not been given before.
    pub(super) fresh: Vec<bool>,
    /// Where the walk leaves the page: behind its last row, or where it has enough.
    pub(super) end: usize,
    next: Option<Link>,
    caps: Caps,
    /// Whether another page is to be asked for.
    pub(super) more: bool,
    pub(super) count: Option<i64>,
}

impl Plan {
    pub(super) fn new(
        client: Client,
        info: OperationInfo,
        mut forms: Vec<RequestParts>,
        key: Option<&'static str>,
    ) -> Self {
        let mut plan = Self {
            client,
            info,
            by_key: None,
            key,
            most: None,
            start: 0,
            fingerprint: 0,
            forms: Vec::new(),
        };
        for parts in &mut forms {
            if let Some(key) = key {
                super::select_key(&mut parts.options.query, key);
            }
        }
        if let Some(newest) = forms.first() {
            let mut query = newest.options.query.clone();
            query.count = None;
            let mut text = format!("{}\n{}", info.id, newest.path);
            query.write(&mut text);
            plan.by_key = newest.options.by_key;
            text.push_str(plan.by_key.unwrap_or_default());
            plan.most = query.top.map(u64::from);
            plan.start = query.skip.unwrap_or(0);
            plan.fingerprint = hash(text.as_bytes());
        }
        Self { forms, ..plan }
    }

    /// Lowers the most items to one more than `most`.
    pub(super) fn limit(&mut self, most: usize) {
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        self.most = Some(self.most.map_or(limit, |most| most.min(limit)));
    }

    pub(super) fn start(&self) -> State {
        let size = match self.info.kind {
            OperationKind::Function => FUNCTION_PAGE,
            _ => LIST_PAGE,
        };
        State { skip: self.start, size, ..State::default() }
    }

    /// How many items may still be given.
    pub(super) fn left(&self, state: &State) -> u64 {
        self.most.map_or(u64::MAX, |most| most.saturating_sub(state.given))
    }

    /// Fetches the page at a place.
    pub(super) fn fetch(self: Arc<Self>, mut state: State) -> BoxFuture<Result<Fetched, Error>> {
        Box::pin(async move {
            loop {
                let asked = u64::from(state.size).min(self.left(&state));
                let mut forms = self.forms.iter().map(|parts| self.request(parts, &state, asked));
                let newest = forms.next().unwrap_or_else(|| Err(self.misled("it has no form")));
                // A link is the same in all forms.
                let former = if state.link.is_some() { Vec::new() } else { forms.collect() };
                let client = self.client.clone();
                match transport::execute(client, self.info, newest, former).await {
                    Ok(reply) => return self.read(reply, state, asked),
                    Err(error) => match limit_of(&error) {
                        Some(limit) if !state.limited && u64::from(limit) < asked => {
                            (state.size, state.limited) = (limit, true);
                        }
                        _ => return Err(error),
                    },
                }
            }
        })
    }

    fn request(
        &self,
        parts: &RequestParts,
        state: &State,
        asked: u64,
    ) -> Result<PreparedRequest, Error> {
        let mut parts = parts.clone();
        let query = &mut parts.options.query;
        if let Some(link) = &state.link {
            // The check is made anew by `prepare`; here it is known whose link it is.
            let checked = download::resolve(self.client.origin(), &link.url, self.info);
            checked.map_err(|error| {
                let why = error.message().unwrap_or_default().to_owned();
                self.misled(&format!("its `@odata.nextLink` can't be followed: {why}"))
            })?;
            parts.link = Some(link.url.clone());
        } else {
            query.top = u32::try_from(asked).ok();
            query.skip = (state.skip > 0 && state.key.is_none()).then_some(state.skip);
            if let (Some(last), Some(key)) = (state.key, self.by_key) {
                let after = Property::<(), i64>::new(key).gt(last);
                let filter = match query.filter.take() {
                    Some(filter) => Filter::raw(filter).and(after),
                    None => after,
                };
                query.filter = Some(filter.to_string());
            }
        }
        if state.begun {
            query.count = None;
        }
        request::prepare(&self.client, self.info, parts, false)
    }

    /// An answer that leads nowhere.
    pub(super) fn misled(&self, message: &str) -> Error {
        Error::undecoded(self.info, message)
    }

    fn read(&self, reply: Reply, before: State, asked: u64) -> Result<Fetched, Error> {
        let page = reply.raw_page()?;
        let mut outline = self.outline(&page, before, asked)?;
        // A link that is only a query belongs to the path that answered.
        let path = self.forms.get(reply.form.unwrap_or(0)).map(|parts| parts.path.as_str());
        if let (Some(link), Some(path)) = (&mut outline.next, path)
            && link.url.starts_with('?')
        {
            link.url.insert_str(0, &format!("/xapi/v1{path}"));
        }
        Ok(Fetched { reply, outline })
    }

    fn outline(&self, page: &Page<&RawValue>, before: State, asked: u64) -> Result<Outline, Error> {
        let marks: Arc<[Mark]> = page.iter().map(|row| Mark::of(row, self.key)).collect();
        let rows = marks.len() as u64;
        let (asked, passed, came) = match &before.link {
            Some(link) => (link.asked, link.passed, link.came),
            None => (asked, 0, 0),
        };
        let known: HashSet<&Mark> = before.recent.iter().filter(|mark| mark.is_key()).collect();
        let fresh: Vec<bool> =
            marks.iter().enumerate().map(|(at, it)| at >= passed && !known.contains(it)).collect();
        let expected = before.caps.cap.map_or(asked, |cap| cap.min(asked));
        let is_full = before.link.is_none() && rows >= expected;
        if passed == 0 && repeats(&marks, &before.recent, !fresh.contains(&true) && is_full) {
            return Err(self.misled(
                "a page repeats the rows of the one before, so the PBX does not page here by `$skip` or its own links: await the request without `items` or `pages` for what it gives at once, and if `select` leaves rows that look alike, select more",
            ));
        }
        if self.by_key.is_some() {
            self.check_order(&marks, &fresh, before.key)?;
        }
        let left = usize::try_from(self.left(&before)).unwrap_or(usize::MAX);
        let last =
            fresh.iter().enumerate().filter(|(_, fresh)| **fresh).nth(left.saturating_sub(1));
        let end = last.map_or(marks.len(), |(at, _)| at + 1);
        let next = page.next_link.clone().filter(|_| end == marks.len());
        let next = next.map(|url| Link { url, passed: 0, asked, came: came.saturating_add(rows) });
        let mut caps = before.caps;
        if caps.suspected {
            caps.suspected = false;
            if rows == 0 {
                caps.above = caps.above.max(caps.cap.take().unwrap_or(0));
            }
        }
        let more = if last.is_some() {
            false
        } else if next.is_some() {
            true
        } else if before.link.is_some() {
            // The links have divided one answer, which was as long as was asked for or the last one.
            came.saturating_add(rows) == asked
        } else if rows == 0 || rows >= expected {
            rows > 0
        } else {
            caps.suspected = !before.begun && caps.cap.is_none() && rows > caps.above;
            caps.cap = if caps.suspected { Some(rows) } else { caps.cap };
            caps.suspected
        };
        let by_key = self.by_key.is_some();
        let count = page.count;
        Ok(Outline { by_key, before, marks, fresh, end, next, caps, more, count })
    }

    /// Pages by key miss nothing only if the PBX keeps to the order and the filter.
    fn check_order(
        &self,
        marks: &[Mark],
        fresh: &[bool],
        mut last: Option<i64>,
    ) -> Result<(), Error> {
        for (mark, _) in marks.iter().zip(fresh).filter(|(_, fresh)| **fresh) {
            match mark {
                Mark::Integer(key) if last.is_none_or(|last| last < *key) => last = Some(*key),
                Mark::Integer(_) => {
                    return Err(self.misled(
                        "the rows are not in the order of their keys, so the PBX ignores `$orderby` or `$filter` here: page without `by_key`",
                    ));
                }
                _ => {
                    return Err(self.misled("a row has no key: page without `by_key`"));
                }
            }
        }
        Ok(())
    }
}

impl Outline {
    /// The place before the row `at`; behind the last one, that of the next page.
    pub(super) fn place(&self, at: usize) -> State {
        let mut state = self.before.clone();
        let passed = state.link.as_ref().map_or(0, |link| link.passed);
        if at <= passed && at < self.marks.len() {
            return state;
        }
        let (seen, rest) = self.marks.split_at(at.min(self.marks.len()));
        state.begun = true;
        state.caps = self.caps;
        // A continuation may say any number.
        let given = self.fresh.iter().take(at).filter(|fresh| **fresh).count();
        state.skip = state.skip.saturating_add(seen.len().saturating_sub(passed) as u64);
        state.given = state.given.saturating_add(given as u64);
        if let (true, Some(Mark::Integer(key))) = (self.by_key, seen.last()) {
            (state.key, state.link) = (Some(*key), None);
        } else if rest.is_empty() {
            state.link = self.next.clone();
        } else if let Some(link) = &mut state.link {
            link.passed = at;
        }
        state.recent = if rest.is_empty() {
            Arc::clone(&self.marks)
        } else {
            let seen = seen.get(passed..).unwrap_or_default();
            state.recent.iter().chain(seen).cloned().collect()
        };
        state
    }
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

/// The limit that a PBX names when it is asked for more: `The limit of '100' for Top query has been
/// exceeded.`
fn limit_of(error: &Error) -> Option<u32> {
    let message = error.message().filter(|_| error.status() == Some(400))?;
    let (_, rest) = message.split_once("The limit of '")?;
    let (number, rest) = rest.split_once('\'')?;
    let limit = number.parse().ok().filter(|limit| *limit > 0)?;
    rest.trim_start().starts_with("for Top query has been exceeded").then_some(limit)
}
