//! A whole collection in one list, up to a bound.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::error::Error;
use crate::info::OperationInfo;

/// All items of a stream as a list, made by [`Request::all`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.all): awaited once.
#[must_use = "nothing is asked for before it is awaited"]
pub struct All<S, T> {
    stream: S,
    info: OperationInfo,
    most: usize,
    list: Vec<T>,
}

impl<S, T> All<S, T> {
    #[doc(hidden)]
    pub fn new(info: OperationInfo, most: usize, stream: S) -> Self {
        Self { stream, info, most, list: Vec::new() }
    }
}

impl<S: Stream<Item = Result<T, Error>> + Unpin, T> Future for All<S, T> {
    type Output = Result<Vec<T>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            match ready!(Pin::new(&mut this.stream).poll_next(context)) {
                None => return Poll::Ready(Ok(std::mem::take(&mut this.list))),
                Some(Err(error)) => return Poll::Ready(Err(error)),
                Some(Ok(_)) if this.list.len() >= this.most => {
                    return Poll::Ready(Err(Error::too_many(this.info, this.most)));
                }
                Some(Ok(item)) => this.list.push(item),
            }
        }
    }
}

// Nothing in it is pinned, whatever `T` is.
impl<S: Unpin, T> Unpin for All<S, T> {}

impl<S, T> fmt::Debug for All<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("All").field("most", &self.most).finish_non_exhaustive()
    }
}
