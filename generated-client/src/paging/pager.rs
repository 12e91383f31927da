//! Fetches page after page, in place or in a task ahead of the reader. Not generic.

use std::collections::HashSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::future::BoxFuture;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::continuation::Continuation;
use super::cursor::{Caps, Place};
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
    read_ahead: bool,
    /// Something is wrong with how it was set up.
    problem: Option<Error>,
    /// The hashes of the links that were followed.
    followed: HashSet<u64>,
    pub(super) total: Option<i64>,
}

/// A page on its way.
enum Fetching {
    Here(BoxFuture<'static, Result<Fetched, Error>>),
    Ahead(JoinHandle<Result<Fetched, Error>>),
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
            read_ahead: false,
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

    pub(super) fn read_ahead(&mut self) {
        self.read_ahead = true;
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
        self.abort();
        (self.next, self.fetching, self.problem) = (None, None, None);
    }

    fn abort(&self) {
        if let Some(Fetching::Ahead(task)) = &self.fetching {
            task.abort();
        }
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
                Ok(Some(fetch)) => self.fetching = Some(Fetching::Here(fetch)),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        let outcome = match &mut self.fetching {
            Some(Fetching::Here(fetch)) => ready!(fetch.as_mut().poll(context)),
            Some(Fetching::Ahead(task)) => {
                ready!(Pin::new(task).poll(context)).unwrap_or_else(|_| {
                    Err(Error::cut_off("the task that fetched a page has ended without it"))
                })
            }
            None => return Poll::Ready(None),
        };
        self.fetching = None;
        if let Ok(fetched) = &outcome {
            let outline = &fetched.outline;
            self.total = self.total.or(outline.count);
            let behind = outline.place(outline.end);
            self.next = if outline.more { Some(behind) } else { self.plan.next_part(behind) };
            if self.read_ahead {
                self.fetch_ahead();
            }
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
        Ok(Some(Arc::clone(&self.plan).fetch(place)))
    }

    /// Begins with the next page in a task of its own. An error waits until the page before is read.
    fn fetch_ahead(&mut self) {
        let Ok(runtime) = Handle::try_current() else { return };
        match self.fetch() {
            Ok(None) => {}
            Ok(Some(fetch)) => {
                self.fetching = Some(Fetching::Ahead(runtime.spawn(fetch.in_current_span())));
            }
            Err(error) => self.problem = Some(error),
        }
    }
}

impl Drop for Pager {
    fn drop(&mut self) {
        self.abort();
    }
}
