//! The streams: items and pages, typed.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::ahead::Pace;
use super::continuation::Continuation;
use super::cursor::{Caps, Place};
use super::outline::Outline;
use super::pager::Pager;
use super::walk::Plan;
use crate::answer::Page;
use crate::error::Error;
use crate::message::Reply;

/// How a page is read: all that is compiled for each type of row.
type Decode<T> = fn(Reply) -> Result<Page<T>, Error>;

/// The items of all pages, made by [`Request::items`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.items).
///
/// It ends after an error; [`continuation`](Self::continuation) then leads to the page that failed.
/// Dropping it, or a [`next`](Self::next) that is not done, loses nothing that was not given.
#[must_use = "nothing is asked for before `next` is called"]
pub struct Items<T> {
    pager: Pager,
    decode: Decode<T>,
    page: Option<Opened<T>>,
}

/// A page that is being read.
struct Opened<T> {
    rows: std::vec::IntoIter<T>,
    outline: Outline,
    /// How many of its rows have been passed.
    at: usize,
}

/// All pages, made by [`Request::pages`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.pages).
///
/// It ends after an error; [`continuation`](Self::continuation) then leads to the page that failed.
#[must_use = "nothing is asked for before `next` is called"]
pub struct Pages<T> {
    pager: Pager,
    decode: Decode<T>,
    /// The place behind the last page.
    place: Option<Place>,
}

impl<T> Items<T> {
    #[doc(hidden)]
    pub fn new(plan: Plan, decode: Decode<T>) -> Self {
        Self { pager: Pager::new(plan), decode, page: None }
    }

    /// What the walk has learned of the server.
    #[doc(hidden)]
    pub fn caps(&self) -> Caps {
        self.place().caps
    }

    /// Takes over what another walk has learned.
    #[doc(hidden)]
    pub fn assume(mut self, caps: Caps) -> Self {
        self.pager.assume(caps);
        self
    }

    /// Fetches pages ahead at a pace that other walks share.
    #[doc(hidden)]
    pub fn at_pace(mut self, pace: &Arc<Pace>) -> Self {
        self.pager.read_ahead(Arc::clone(pace));
        self
    }

    /// Asks for the first page before it is wanted.
    #[doc(hidden)]
    pub fn begin(&mut self) {
        self.pager.begin_early();
    }

    /// How many pages are on their way.
    #[doc(hidden)]
    pub fn in_flight(&self) -> usize {
        self.pager.in_flight()
    }

    /// Leaves room for so many pages of others among those that it may fetch at once.
    #[doc(hidden)]
    pub fn share(&mut self, others: usize) {
        self.pager.share(others);
    }

    fn place(&self) -> Place {
        match &self.page {
            Some(page) => page.outline.place(page.at),
            None => self.pager.start.clone(),
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(page) = &mut self.page {
                while page.at < page.outline.end {
                    let row = page.rows.next();
                    let is_fresh = page.outline.fresh.get(page.at).copied().unwrap_or(true);
                    page.at += 1;
                    if let Some(row) = row.filter(|_| is_fresh) {
                        return Poll::Ready(Some(Ok(row)));
                    }
                }
                // Before the next page is decoded this one's rows are gone.
                page.rows = Vec::new().into_iter();
            }
            let Some(fetched) = ready!(self.pager.poll(context)) else {
                return Poll::Ready(None);
            };
            let opened = fetched.and_then(|fetched| {
                let rows = (self.decode)(fetched.reply)?.value.into_iter();
                Ok(Opened { rows, outline: fetched.outline, at: 0 })
            });
            match opened {
                Ok(page) => self.page = Some(page),
                Err(error) => {
                    self.pager.stop();
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T> Pages<T> {
    #[doc(hidden)]
    pub fn new(plan: Plan, decode: Decode<T>) -> Self {
        Self { pager: Pager::new(plan), decode, place: None }
    }

    fn place(&self) -> Place {
        self.place.clone().unwrap_or_else(|| self.pager.start.clone())
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        loop {
            let Some(fetched) = ready!(self.pager.poll(context)) else {
                return Poll::Ready(None);
            };
            let page =
                fetched.and_then(|fetched| Ok(((self.decode)(fetched.reply)?, fetched.outline)));
            let (mut page, outline) = match page {
                Ok(page) => page,
                Err(error) => {
                    self.pager.stop();
                    return Poll::Ready(Some(Err(error)));
                }
            };
            self.place = Some(outline.place(outline.end));
            page.value.truncate(outline.end);
            let mut fresh = outline.fresh.iter();
            page.value.retain(|_| fresh.next().copied().unwrap_or(true));
            if !page.value.is_empty() {
                return Poll::Ready(Some(Ok(page)));
            }
        }
    }
}

/// What both streams have alike.
macro_rules! stream {
    ($stream:ident, $item:ty, $one:literal) => {
        impl<T> $stream<T> {
            /// Asks for so many items at once, in place of 100 from lists and 1000 from functions. If
            /// the PBX refuses that and names its limit, the limit counts.
            pub fn page_size(mut self, items: u32) -> Self {
                self.pager.page_size(items);
                self
            }

            /// Fetches up to so many pages while the current one is read, in tasks of their own, which end
            /// when this is dropped. One page is in memory besides. If the PBX refuses requests, or becomes
            /// slow, the client asks for fewer at once. See [`paging`](crate::paging#several-pages-at-once).
            pub fn read_ahead(mut self, pages: usize) -> Self {
                self.pager.read_ahead(Pace::new(pages));
                self
            }

            /// Goes on where a continuation was taken. Set it before the first item is asked for.
            ///
            /// A continuation of another operation, or of a request with other values or options, is an
            /// error that [`is_usage`](crate::Error::is_usage), and nothing is sent.
            pub fn resume(mut self, continuation: Continuation) -> Self {
                self.pager.resume(continuation);
                self
            }

            #[doc = concat!("The place behind the last ", $one, " that was given, to go on from later.")]
            ///
            /// Behind the end, it leads to what has been added since, as far as that comes last.
            pub fn continuation(&self) -> Continuation {
                self.pager.continuation(self.place())
            }

            /// The number of all matches, if [`count`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.count) asked for it and the first
            /// page has come. The PBX says it; some report functions say the page's length.
            #[must_use]
            pub fn total(&self) -> Option<i64> {
                self.pager.total
            }

            #[doc = concat!("The next ", $one, "; `None` at the end.")]
            ///
            /// # Errors
            /// Those of a request; a PBX that does not page as it is asked to; settings that don't fit.
            #[allow(
                clippy::should_implement_trait,
                reason = "the future of a stream's `next`, by the name that it has everywhere"
            )]
            pub async fn next(&mut self) -> Option<Result<$item, Error>> {
                poll_fn(|context| self.poll(context)).await
            }
        }

        impl<T> Stream for $stream<T> {
            type Item = Result<$item, Error>;

            fn poll_next(
                self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Option<Self::Item>> {
                self.get_mut().poll(context)
            }
        }

        // Nothing in it is pinned, whatever `T` is.
        impl<T> Unpin for $stream<T> {}

        impl<T> fmt::Debug for $stream<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let name = stringify!($stream);
                f.debug_struct(name).field("operation", &self.pager.operation()).finish_non_exhaustive()
            }
        }
    };
}

stream!(Items, T, "item");
stream!(Pages, Page<T>, "page");
