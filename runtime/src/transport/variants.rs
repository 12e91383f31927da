//! A call of an operation that has several variants: the PBX's release says which one to send.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;
use tokio::time::timeout;

use super::call::call;
use super::shared::Transport;
use crate::error::Error;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::{self, PreparedRequest, Reply, Routing};

/// Makes a call of an operation that has several variants. The reply says which one it answers, unless
/// what was sent may mean several.
pub(super) async fn execute(
    transport: Arc<Transport>,
    info: OperationInfo,
    newest: Result<Box<PreparedRequest>, Error>,
    former: Vec<Result<Box<PreparedRequest>, Error>>,
) -> Result<Box<Reply>, Error> {
    if are_alike(info, &newest, &former) {
        return call(transport, newest).await;
    }
    let (begun, is_known) = (Instant::now(), transport.release().is_some());
    let given =
        std::iter::once(&newest).chain(&former).flatten().find_map(|it| it.options.limits.timeout);
    let limit = given.unwrap_or(transport.timeout);
    learn(&transport, limit).await.map_err(|error| error.in_operation(info))?;
    // Asking for the release is part of the call. The limit of a file is also that of its chunks.
    let within = |mut request: Box<PreparedRequest>| {
        if !is_known && !request.streamed {
            request.options.limits.timeout = Some(limit.saturating_sub(begun.elapsed()));
        }
        request
    };
    let routing = Routing::of(info.variants, transport.release());
    let mut variants: Vec<_> = std::iter::once(newest).chain(former).map(Some).collect();
    let mut take = |index: usize| variants.get_mut(index).and_then(Option::take);
    // A variant that the given values don't fit is none that the caller means.
    let mut problem = None;
    let mut fitting = routing.order().iter().filter_map(|index| match take(*index)? {
        Ok(request) => Some((*index, request)),
        Err(error) => {
            problem.get_or_insert(error);
            None
        }
    });
    let (first, second) = (fitting.next(), fitting.next());
    let Some((index, request)) = first else {
        let nothing = || Error::bad_request(info, "the operation has no variant to send");
        return Err(problem.unwrap_or_else(nothing));
    };
    let url = request.url.clone();
    let outcome = call(Arc::clone(&transport), Ok(within(request))).await;
    match (outcome, second) {
        // Of two that fit the later one was tried. Only a read may be tried again as the other.
        (Err(error), Some((index, request)))
            if error.status() == Some(404) && request.method().is_read() && request.url != url =>
        {
            let outcome = call(transport, Ok(within(request))).await;
            outcome.map(|reply| reply.of_variant(index))
        }
        (outcome, Some(_)) => outcome,
        (outcome, None) => outcome.map(|reply| reply.of_variant(index)),
    }
}

/// Whether all variants are sent and answered in one way, as when they differ in an option that is not set.
fn are_alike(
    info: OperationInfo,
    newest: &Result<Box<PreparedRequest>, Error>,
    former: &[Result<Box<PreparedRequest>, Error>],
) -> bool {
    let Ok(newest) = newest else { return false };
    let sent = |it: &PreparedRequest| (it.method(), it.url.clone(), it.body.clone());
    let is_same = |it: &Result<Box<_>, _>| it.as_ref().is_ok_and(|it| sent(it) == sent(newest));
    info.variants.iter().all(|it| !it.former_answer) && former.iter().all(is_same)
}

/// Sees to it that the PBX's release is known, if the PBX says it at all.
async fn learn(transport: &Arc<Transport>, limit: Duration) -> Result<(), Error> {
    if transport.release().is_some() {
        return Ok(());
    }
    let begun = Instant::now();
    let late = || Error::timeout(limit, &transport.connection.host);
    // The answer to a sign-in may name it. If the sign-in fails, the call will say so.
    let signed_in = timeout(limit, transport.tokens.current()).await;
    drop(signed_in.map_err(|_| late().in_sign_in())?);
    if transport.release().is_some() {
        return Ok(());
    }
    let asked = transport.probed.get_or_init(|| probe(Arc::clone(transport)));
    timeout(limit.saturating_sub(begun.elapsed()), asked).await.map_err(|_| late())?;
    Ok(())
}

/// Upper bound on the wait for the PBX to say its release.
const PROBE: Duration = Duration::from_secs(10);

/// Asks the PBX for the cheapest thing there is, since any answer names the release. If no answer comes,
/// the client sends calls as the newest release takes them.
fn probe(transport: Arc<Transport>) -> BoxFuture<'static, ()> {
    let info = OperationInfo::new("GetDefs", "Defs", OperationKind::Get, Method::Get, "/Defs");
    Box::pin(async move {
        let request = message::plain(transport.root(), info, "/Defs?$select=Id", PROBE);
        if let Err(error) = call(transport, request).await {
            tracing::debug!(
                target: "threecx_xapi",
                error = error.kind_name(),
                status = error.status(),
                "the PBX's release is not known"
            );
        }
    })
}
