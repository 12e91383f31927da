//! Carries a prepared request to the PBX and brings the reply back. It is not generic: sign-in, sending,
//! repeating, status, and limits of time and size are compiled once for all operations.

mod attempt;
mod call;
mod incoming;
mod outgoing;
mod rest;
mod settings;
mod shared;
mod variants;

use std::sync::Arc;

use futures_core::future::BoxFuture;

use crate::error::Error;
use crate::info::OperationInfo;
use crate::message::{PreparedRequest, Reply};

pub use crate::info::Service;
pub use settings::Settings;
pub use shared::Transport;

/// Makes a call; `former` are the other variants of its operation, the newer ones first.
pub(crate) fn execute(
    transport: Arc<Transport>,
    info: OperationInfo,
    newest: Result<Box<PreparedRequest>, Error>,
    former: Vec<Result<Box<PreparedRequest>, Error>>,
) -> BoxFuture<'static, Result<Box<Reply>, Error>> {
    let mut written = std::iter::once(&newest).chain(&former).flatten();
    if let Some(reply) = written.find_map(|it| it.foregone()) {
        return Box::pin(std::future::ready(Ok(Box::new(reply))));
    }
    if former.is_empty() {
        return Box::pin(call::call(transport, newest));
    }
    Box::pin(variants::execute(transport, info, newest, former))
}
