//! One call of an operation in one variant, in its span.

use std::sync::Arc;
use std::time::Instant;

use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::attempt::Calling;
use super::shared::Transport;
use crate::error::Error;
use crate::info::OperationInfo;
use crate::message::{PreparedRequest, Reply};

/// Makes the call. A request that could not be written fails here, so that every error comes from
/// awaiting.
pub(super) async fn call(
    transport: Arc<Transport>,
    prepared: Result<Box<PreparedRequest>, Error>,
) -> Result<Box<Reply>, Error> {
    let request = prepared?;
    let span = span(request.info);
    in_span(&transport, &request, &span).instrument(span.clone()).await
}

async fn in_span(
    transport: &Arc<Transport>,
    request: &PreparedRequest,
    span: &Span,
) -> Result<Box<Reply>, Error> {
    // Without a span, nobody reads how long it took.
    let begun = (!span.is_disabled()).then(Instant::now);
    let (outcome, sent) = Calling::new(transport, request).run().await;
    let outcome = outcome.map_err(|error| {
        let error = error.in_operation(request.info).after_attempts(sent);
        error.explained_by(|| absence(transport, request))
    });
    if let Some(begun) = begun {
        let status = match &outcome {
            Ok(reply) => Some(reply.status),
            Err(error) => {
                span.record("error", error.kind_name());
                error.status()
            }
        };
        if let Some(status) = status {
            span.record("status", status);
        }
        span.record("attempts", sent);
        span.record("elapsed_ms", u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX));
    }
    outcome
}

/// What of the request the PBX's release does not have, as far as both are known.
fn absence(transport: &Transport, request: &PreparedRequest) -> Option<String> {
    let release = transport.release()?;
    std::iter::once((request.info.id, request.info.releases))
        .chain(request.options.query.bounded())
        .find_map(|(name, releases)| releases.absence(&format!("`{name}`"), release))
}

/// One span for a call: what it was, but no value of it.
fn span(info: OperationInfo) -> Span {
    tracing::info_span!(
        target: "threecx_xapi",
        "call",
        operation = info.id,
        method = info.method.as_str(),
        route = info.route,
        status = Empty,
        attempts = Empty,
        elapsed_ms = Empty,
        error = Empty,
    )
}
