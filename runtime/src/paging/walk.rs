//! A walk over the pages of one request: what the client asks for at each place. It is not generic, so
//! it is compiled once for all operations.

use std::sync::Arc;

use futures_core::future::BoxFuture;
use percent_encoding::percent_decode_str;

use super::cursor::{Ask, Cursor, Link, Place};
use super::early::Early;
use super::mark::hash;
use super::outline::{Expected, Outline, expected_rows, misled};
use crate::answer::raw_page;
use crate::call::written;
use crate::digits;
use crate::error::Error;
use crate::filter::Filter;
use crate::info::{OperationInfo, OperationKind};
use crate::message::{Options, PreparedRequest, Reply, RequestParts, path_of, prepare, resolve};
use crate::operation::Operation;
use crate::property::Property;
use crate::transport::{self, Transport};

/// The pages of lists and navigations, of which the PBX allows no longer ones.
const LIST_PAGE: u32 = 100;
/// The pages of functions: reports take this many.
const FUNCTION_PAGE: u32 = 1000;

/// Behind so many rows without keys the walk finds out whether the PBX takes notice of `$skip`.
const DOUBTFUL: u64 = 5_000;
/// So many rows nothing has. It fits an `Edm.Int32`.
const BEHIND_ALL: u64 = 2_000_000_000;

/// What is the same for all pages of a walk.
#[doc(hidden)]
pub struct Plan {
    transport: Arc<Transport>,
    pub(super) info: OperationInfo,
    /// The request in each variant of the operation, the newest first.
    variants: Vec<RequestParts>,
    /// The filter in parts, if it is too long for one request.
    parts: Vec<String>,
    /// What keeps the walk from beginning.
    pub(super) problem: Option<Error>,
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

/// A page that has come.
pub(super) struct Fetched {
    pub(super) reply: Reply,
    pub(super) outline: Outline,
}

impl Plan {
    /// The walk of a request, whose rows `key` tells apart.
    pub fn new<O: Operation>(
        transport: Arc<Transport>,
        operation: &O,
        options: &Options,
        key: Option<&'static str>,
    ) -> Self {
        let variants = 0..O::INFO.variants.len().max(1);
        let variants = variants.map(|variant| written(operation, options.clone(), variant));
        Self::of(transport, O::INFO, variants.collect(), key)
    }

    fn of(
        transport: Arc<Transport>,
        info: OperationInfo,
        mut variants: Vec<RequestParts>,
        key: Option<&'static str>,
    ) -> Self {
        let mut plan = Self {
            transport,
            info,
            parts: Vec::new(),
            problem: None,
            by_key: None,
            key,
            most: None,
            start: 0,
            fingerprint: 0,
            variants: Vec::new(),
        };
        for parts in &mut variants {
            if let Some(key) = key {
                parts.options.query.select_key(key);
            }
        }
        if let Some(newest) = variants.first() {
            let mut query = newest.options.query.clone();
            query.count = None;
            let mut text = format!("{}\n{}", info.id, newest.path);
            query.write(&mut text);
            plan.by_key = newest.options.by_key;
            text.push_str(plan.by_key.unwrap_or_default());
            plan.most = query.top.map(u64::from);
            plan.start = query.skip.unwrap_or(0);
            plan.fingerprint = hash(text.as_bytes());
            plan.parts = query.divided;
            let is_placed = plan.start > 0 || newest.options.query.count == Some(true);
            let is_ordered = plan.by_key.is_some() || !query.order_by.is_empty();
            if !plan.parts.is_empty() && (is_placed || is_ordered) {
                plan.problem = Some(Error::bad_request(
                    info,
                    "the filter's `is_in` has more values than one request takes: leave out `order_by`, `by_key`, `skip` and `count`, so that several can be sent, or give it fewer values",
                ));
            }
        }
        Self { variants, ..plan }
    }

    /// Lowers the most items to one more than `most`.
    pub fn limit(&mut self, most: usize) {
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        self.most = Some(self.most.map_or(limit, |most| most.min(limit)));
    }

    pub(super) fn start(&self) -> Place {
        let size = match self.info.kind {
            OperationKind::Function => FUNCTION_PAGE,
            _ => LIST_PAGE,
        };
        Place { skip: self.start, size, ..Place::default() }
    }

    /// Where the walk goes on behind the last page of a part.
    pub(super) fn next_part(&self, behind: Place) -> Option<Place> {
        let part = behind.part + 1;
        let (skip, cursor, begun, recent) = Default::default();
        (part < self.parts.len()).then_some(Place { part, skip, cursor, begun, recent, ..behind })
    }

    /// How many items may still be given.
    pub(super) fn left(&self, place: &Place) -> u64 {
        self.most.map_or(u64::MAX, |most| most.saturating_sub(place.given))
    }

    /// How many rows the page at a place is expected to have.
    pub(super) fn rows_at(&self, place: &Place) -> u64 {
        expected_rows(place, self.asked_at(place))
    }

    fn asked_at(&self, place: &Place) -> u64 {
        u64::from(place.size).min(self.left(place))
    }

    /// What the request at a place asks for; none where it follows from the page before.
    pub(super) fn ask(&self, place: &Place) -> Option<Ask> {
        let Place { part, skip, .. } = *place;
        let rows = self.asked_at(place);
        (place.cursor == Cursor::Skip).then_some(Ask { part, skip, rows })
    }

    /// Fetches the page at a place. An early reply that is an error counts for nothing: the page is asked for
    /// again in its turn.
    pub(super) fn fetch(
        self: Arc<Self>,
        mut place: Place,
        mut early: Option<Early>,
    ) -> BoxFuture<'static, Result<Fetched, Error>> {
        Box::pin(async move {
            loop {
                let asked = self.asked_at(&place);
                let early = match early.take() {
                    Some(early) => early.await.and_then(Result::ok),
                    None => None,
                };
                let sent = match early {
                    Some(reply) => Ok(reply),
                    None => self.send(&place, asked).await,
                };
                match sent {
                    Ok(reply) => {
                        let fetched = self.read(*reply, place.clone(), asked)?;
                        self.check_skip(&place, &fetched.outline).await?;
                        return Ok(fetched);
                    }
                    Err(error) => match limit_of(&error) {
                        Some(limit) if !place.limited && u64::from(limit) < asked => {
                            (place.size, place.limited) = (limit, true);
                        }
                        _ => return Err(error),
                    },
                }
            }
        })
    }

    /// A function that takes no notice of `$skip` has no end. Rows with keys show that by coming again; rows
    /// without may differ each time, so once in a long walk the client asks for what is behind all rows.
    async fn check_skip(&self, place: &Place, outline: &Outline) -> Result<(), Error> {
        let next = outline.place(outline.end);
        let is_doubtful = outline.more && self.key.is_none() && next.cursor == Cursor::Skip;
        if !is_doubtful || place.skip >= DOUBTFUL || next.skip < DOUBTFUL {
            return Ok(());
        }
        let behind = Place { skip: BEHIND_ALL, ..next };
        match self.send(&behind, 1).await {
            Ok(reply) if !raw_page(&reply)?.is_empty() => Err(self.misled(
                "there are rows behind all rows, so the PBX takes no notice of `$skip` here: await the request without `items` or `pages` for what it gives at once",
            )),
            // Whoever refuses so large a number takes notice of it.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Whether the link of a continuation leads to where the request does.
    pub(super) fn leads_to(&self, link: &Link) -> bool {
        let Ok(url) = resolve(self.transport.root(), &link.url, self.info) else {
            // What is wrong with it is said when it is followed.
            return true;
        };
        let decoded = |path: &str| percent_decode_str(path).collect::<Vec<u8>>();
        let (target, service) = (decoded(url.path()), path_of(self.transport.root()));
        self.variants.iter().any(|it| decoded(&format!("{service}{}", it.path)) == target)
    }

    pub(super) fn send(
        &self,
        place: &Place,
        asked: u64,
    ) -> BoxFuture<'static, Result<Box<Reply>, Error>> {
        let mut variants = self.variants.iter().map(|parts| self.request(parts, place, asked));
        let newest = variants.next().unwrap_or_else(|| Err(self.misled("it has no variant")));
        // A link is the same in all variants.
        let former = if place.link().is_some() { Vec::new() } else { variants.collect() };
        transport::execute(Arc::clone(&self.transport), self.info, newest, former)
    }

    fn request(
        &self,
        parts: &RequestParts,
        place: &Place,
        asked: u64,
    ) -> Result<Box<PreparedRequest>, Error> {
        let mut parts = parts.clone();
        let query = &mut parts.options.query;
        if let Some(part) = self.parts.get(place.part) {
            query.filter = Some(part.clone());
        }
        match &place.cursor {
            Cursor::Skip => query.skip = (place.skip > 0).then_some(place.skip),
            Cursor::After(last) => {
                query.skip = None;
                if let Some(key) = self.by_key {
                    let after = Property::<(), i64>::new(key).gt(*last);
                    let filter = match query.filter.take() {
                        Some(filter) => Filter::raw(filter).and(after),
                        None => after,
                    };
                    query.filter = Some(filter.to_string());
                }
            }
            Cursor::Link(link) => {
                self.check_link(link)?;
                parts.link = Some(link.url.clone());
            }
        }
        let query = &mut parts.options.query;
        if place.link().is_none() {
            query.top = u32::try_from(asked).ok();
        }
        if place.begun {
            query.count = None;
        }
        prepare(self.transport.root(), self.info, parts, false)
    }

    /// `prepare` checks every link; here the error can say whose link it is.
    fn check_link(&self, link: &Link) -> Result<(), Error> {
        match resolve(self.transport.root(), &link.url, self.info) {
            Ok(_) => Ok(()),
            Err(error) => {
                let why = error.message().unwrap_or_default();
                Err(self.misled(&format!("its `@odata.nextLink` can't be followed: {why}")))
            }
        }
    }

    /// An answer that leads nowhere.
    pub(super) fn misled(&self, message: &str) -> Error {
        misled(self.info, message)
    }

    fn read(&self, reply: Reply, before: Place, asked: u64) -> Result<Fetched, Error> {
        let left = self.left(&before);
        let (info, key, by_key) = (self.info, self.key, self.by_key.is_some());
        let expected = Expected { info, key, by_key, left, asked };
        let mut outline = Outline::of(&raw_page(&reply)?, before, &expected)?;
        // A link that is only a query belongs to the path that answered.
        let path = self.variants.get(reply.variant.unwrap_or(0)).map(|it| it.path.as_str());
        if let (Some(url), Some(path)) = (outline.next_url(), path)
            && url.starts_with('?')
        {
            url.insert_str(0, &format!("{}{path}", path_of(self.transport.root())));
        }
        Ok(Fetched { reply, outline })
    }
}

/// The limit that a PBX names when it is asked for more: `The limit of '100' for Top query has been
/// exceeded.`
fn limit_of(error: &Error) -> Option<u32> {
    let message = error.message().filter(|_| error.status() == Some(400))?;
    let (_, rest) = message.split_once("The limit of '")?;
    let (number, rest) = rest.split_once('\'')?;
    let limit = digits::number(number).filter(|limit| *limit > 0)?;
    rest.trim_start().starts_with("for Top query has been exceeded").then_some(limit)
}
