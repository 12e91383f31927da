//! A call: an operation is written with its options and sent, and its answer is read.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::future::BoxFuture;

use crate::answer::Answer;
use crate::error::Error;
use crate::message::{Options, PreparedRequest, Reply, RequestParts, Routing, prepare};
use crate::operation::Operation;
use crate::transport::{self, Transport};

/// A call under way, generic over its answer alone: the work behind it is compiled once.
///
/// Dropping it at any moment cancels the call and leaves the client usable.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    reply: BoxFuture<'static, Result<Box<Reply>, Error>>,
    decode: fn(Reply) -> Result<T, Error>,
}

impl<T> Future for Call<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.reply.as_mut().poll(context) {
            Poll::Ready(Ok(reply)) => Poll::Ready((self.decode)(*reply)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

/// Begins the call of an operation, whose reply `decode` reads.
#[doc(hidden)]
pub fn call<O: Operation, T>(
    transport: Arc<Transport>,
    operation: &O,
    options: Options,
    decode: fn(Reply) -> Result<T, Error>,
) -> Call<T> {
    let prepare = |parts| prepare(transport.root(), O::INFO, parts, O::Output::STREAMED);
    // The client knows only during the call which variant the PBX takes, so it writes each.
    let former = 1..O::INFO.variants.len();
    let former = former.map(|variant| prepare(written(operation, options.clone(), variant)));
    let former = former.collect();
    let newest = prepare(written(operation, options, 0));
    Call { reply: transport::execute(transport, O::INFO, newest, former), decode }
}

/// The request as it would be sent now.
#[doc(hidden)]
pub fn prepared<O: Operation>(
    transport: &Transport,
    operation: &O,
    options: &Options,
) -> Result<PreparedRequest, Error> {
    let variant = |variant| {
        let parts = written(operation, options.clone(), variant);
        prepare(transport.root(), O::INFO, parts, O::Output::STREAMED)
    };
    Routing::of(O::INFO.variants, transport.release()).choose(variant).map(|request| *request)
}

/// The operation in one of its variants.
pub(crate) fn written<O: Operation>(
    operation: &O,
    options: Options,
    variant: usize,
) -> RequestParts {
    let mut parts = RequestParts::new(options, variant);
    operation.write(&mut parts);
    parts
}
