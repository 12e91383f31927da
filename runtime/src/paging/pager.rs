//! Fetches page after page, in place or in a task ahead of the reader. Not generic.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::ahead::{Ahead, Pace};
use super::continuation::Continuation;
use super::cursor::{Caps, Place};
use super::early::Task;
use super::mark::hash;
use super::walk::{Fetched, Plan};
use crate::error::Error;

pub(super) struct Pager {
    plan: Arc<Plan>,
    /// Where the walk begins, while no page has come.
    pub(super) start: Place,
    /// Where the next page begins; none behind the last one.
    next: Option<Place>,
    fetching: Option<Fetching>,
    /// Whether a page has been asked for.
    begun: bool,
    ahead: Ahead,
    /// Something is wrong with how it was set up.
    problem: Option<Error>,
    /// The hashes of the links that were followed.
    followed: HashSet<u64>,
    pub(super) total: Option<i64>,
}

/// A page on its way.
enum Fetching {
    /// With the moment when it began.
    Here(BoxFuture<'static, Result<Fetched, Error>>, Instant),
    Ahead(Task<Result<Fetched, Error>>),
}

impl Pager {
    pub(super) fn new(plan: Plan) -> Self {
        let (start, problem) = (plan.start(), plan.problem.clone());
        Self {
            plan: Arc::new(plan),
            next: Some(start.clone()),
            start,
            fetching: None,
            begun: false,
            ahead: Ahead::new(Pace::new(0)),
            problem,
            followed: HashSet::new(),
            total: None,
        }
    }

    fn begin(&mut self, start: Place) {
        self.next = Some(start.clone());
        self.start = start;
    }

    pub(super) fn page_size(&mut self, rows: u32) {
        if rows == 0 {
            self.fail("`page_size` must be at least 1");
        }
        for place in [Some(&mut self.start), self.next.as_mut()].into_iter().flatten() {
            place.size = rows;
        }
    }

    pub(super) fn read_ahead(&mut self, pace: Arc<Pace>) {
        self.ahead = Ahead::new(pace);
    }

    pub(super) fn resume(&mut self, from: Continuation) {
        if self.begun {
            self.fail("`resume` must be set before the first item is asked for");
        } else if from.operation != self.plan.info.id {
            self.fail(&format!("the continuation belongs to `{}`", from.operation));
        } else if from.request != self.plan.fingerprint {
            self.fail(
                "the continuation belongs to a request with other values or options: make the same request again to go on",
            );
        }
        if from.place.link().is_some_and(|link| !self.plan.leads_to(link)) {
            self.fail("the continuation's link leads to something else than this request");
        }
        let (size, limited) = (self.start.size, self.start.limited);
        self.begin(Place { size, limited, ..from.place });
    }

    /// Asks for the first page before its turn.
    pub(super) fn begin_early(&mut self) {
        let is_wanted = self.problem.is_none() && self.plan.left(&self.start) > 0;
        if let (Ok(runtime), true) = (Handle::try_current(), is_wanted) {
            self.ahead.ask(&runtime, &self.plan, &self.start);
        }
    }

    /// How many pages are on their way.
    pub(super) fn in_flight(&self) -> usize {
        let next = match &self.fetching {
            Some(Fetching::Here(..)) => 1,
            Some(Fetching::Ahead(task)) => usize::from(!task.is_finished()),
            None => 0,
        };
        self.ahead.in_flight() + next
    }

    /// Leaves room for so many pages of others.
    pub(super) fn share(&mut self, others: usize) {
        self.ahead.others = others;
    }

    fn fail(&mut self, message: &str) {
        let error = || Error::bad_request(self.plan.info, message);
        self.problem.get_or_insert_with(error);
    }

    /// Takes over what a walk over the same operation has learned.
    pub(super) fn assume(&mut self, caps: Caps) {
        self.begin(Place { caps, ..self.start.clone() });
    }

    pub(super) fn operation(&self) -> &'static str {
        self.plan.info.id
    }

    /// Ends after a page that can't be read.
    pub(super) fn stop(&mut self) {
        (self.next, self.fetching, self.problem) = (None, None, None);
        self.ahead.clear();
    }

    pub(super) fn continuation(&self, place: Place) -> Continuation {
        let (operation, request) = (self.plan.info.id.to_owned(), self.plan.fingerprint);
        // How long the pages are is the reader's own.
        let place = Place { size: 0, limited: false, ..place };
        Continuation { operation, request, place }
    }

    /// The next page. After an error there is none.
    pub(super) fn poll(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Fetched, Error>>> {
        if let Some(problem) = self.problem.take() {
            self.next = None;
            return Poll::Ready(Some(Err(problem)));
        }
        if self.fetching.is_none() {
            match self.fetch() {
                Ok(None) => return Poll::Ready(None),
                Ok(Some(fetch)) => self.fetching = Some(Fetching::Here(fetch, Instant::now())),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        let outcome = match &mut self.fetching {
            Some(Fetching::Here(fetch, begun)) => {
                let outcome = ready!(fetch.as_mut().poll(context));
                self.ahead.took(begun.elapsed());
                outcome
            }
            Some(Fetching::Ahead(task)) => {
                ready!(Pin::new(task).poll(context)).unwrap_or_else(|| {
                    Err(Error::cut_off("the task that fetched a page has ended without it"))
                })
            }
            None => return Poll::Ready(None),
        };
        self.fetching = None;
        let Ok(fetched) = &outcome else {
            self.ahead.clear();
            return Poll::Ready(Some(outcome));
        };
        let outline = &fetched.outline;
        self.total = self.total.or(outline.count);
        let behind = outline.place(outline.end);
        self.next = if outline.more { Some(behind) } else { self.plan.next_part(behind) };
        if self.ahead.most() > 0 {
            self.fetch_ahead();
        }
        Poll::Ready(Some(outcome))
    }

    /// Begins with the next page, if there is one.
    fn fetch(&mut self) -> Result<Option<BoxFuture<'static, Result<Fetched, Error>>>, Error> {
        self.begun = true;
        let Some(place) = self.next.take().filter(|place| self.plan.left(place) > 0) else {
            return Ok(None);
        };
        if let Some(link) = place.link()
            && !self.followed.insert(hash(link.url.as_bytes()))
        {
            return Err(self.plan.misled(
                "its `@odata.nextLink` leads back to a page that was read already, so there would be no end",
            ));
        }
        let early = self.ahead.take(self.plan.ask(&place));
        Ok(Some(Arc::clone(&self.plan).fetch(place, early)))
    }

    /// Begins with the next page in a task of its own, and with some behind it. An error waits until the page
    /// before is read.
    fn fetch_ahead(&mut self) {
        let (Ok(runtime), Some(next)) = (Handle::try_current(), self.next.clone()) else {
            return self.ahead.clear();
        };
        match self.fetch() {
            Ok(None) => self.ahead.clear(),
            Ok(Some(fetch)) => {
                self.fetching = Some(Fetching::Ahead(Task::spawn(&runtime, fetch)));
                self.ahead.fill(&runtime, &self.plan, &next, self.total);
            }
            Err(error) => self.problem = Some(error),
        }
    }
}
