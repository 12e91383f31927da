//! The streams of pages as iterators of the standard library.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use futures_core::Stream;

use super::Wait;
use crate::error::Error;
use crate::paging::{Continuation, Items, Pages};

/// A stream as an [`Iterator`] that blocks, made by the `wait` of [`Items`] and [`Pages`].
///
/// It ends after an error. In an async context the client sends nothing, and the error
/// [`is_usage`](Error::is_usage).
#[must_use = "iterators are lazy"]
pub struct Iter<S> {
    stream: S,
    ended: bool,
}

impl<T, S: Stream<Item = Result<T, Error>> + Unpin> Iterator for Iter<S> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let stream = &mut self.stream;
        let next =
            poll_fn(|context| Pin::new(&mut *stream).poll_next(context).map(Option::transpose));
        let item = next.wait().transpose();
        self.ended = !matches!(item, Some(Ok(_)));
        item
    }
}

impl<T, S: Stream<Item = Result<T, Error>> + Unpin> std::iter::FusedIterator for Iter<S> {}

/// What both kinds of stream have alike.
macro_rules! waiting {
    ($stream:ident, $one:literal) => {
        impl<T> $stream<T> {
            /// The same as an iterator that blocks.
            pub fn wait(self) -> Iter<Self> {
                Iter::new(self)
            }
        }

        impl<T> Iter<$stream<T>> {
            #[doc = concat!("The place behind the last ", $one, " that was given; see [`", stringify!($stream), "::continuation`].")]
            pub fn continuation(&self) -> Continuation {
                self.stream.continuation()
            }

            /// The number of all matches, if the request asked for it and the first page has come; see
            #[doc = concat!("[`", stringify!($stream), "::total`].")]
            #[must_use]
            pub fn total(&self) -> Option<i64> {
                self.stream.total()
            }
        }
    };
}

waiting!(Items, "item");
waiting!(Pages, "page");

/// For iterators that wrap this one.
impl<S> Iter<S> {
    #[doc(hidden)]
    pub fn new(stream: S) -> Self {
        Self { stream, ended: false }
    }

    #[doc(hidden)]
    pub fn stream(&self) -> &S {
        &self.stream
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").finish_non_exhaustive()
    }
}
