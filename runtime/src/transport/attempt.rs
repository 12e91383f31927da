//! The attempts of one call: sign in, wait for a permit, send, read, and try again where that is safe.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::incoming::Incoming;
use super::outgoing::outgoing;
use super::rest::Rest;
use super::shared::Transport;
use crate::auth::Token;
use crate::connection::{Connection, Function};
use crate::error::Error;
use crate::json::Allowance;
use crate::message::{
    Body, ERROR_BODY, PreparedRequest, Reply, denied, encoded, is_file, may_deny_file,
};

/// What a call waits for.
enum Stage {
    SignIn,
    Queue,
    Exchange,
}

/// A call on its way.
pub(super) struct Calling<'a> {
    transport: &'a Arc<Transport>,
    request: &'a PreparedRequest,
    at: Stage,
    /// How long it may take.
    limit: Duration,
    /// When that time passes.
    deadline: Instant,
    /// How often the client sent the request.
    sent: u32,
    /// Whether the client replaced a refused token: it does so once.
    renewed: bool,
}

impl<'a> Calling<'a> {
    pub(super) fn new(transport: &'a Arc<Transport>, request: &'a PreparedRequest) -> Self {
        let limit = request.options.limits.timeout.unwrap_or(transport.timeout);
        let deadline = after(limit);
        Self { transport, request, at: Stage::SignIn, limit, deadline, sent: 0, renewed: false }
    }

    /// Makes the call within its time; yields how often it was sent too.
    pub(super) async fn run(&mut self) -> (Result<Box<Reply>, Error>, u32) {
        let (limit, host) = (self.limit, &self.transport.connection.host);
        let repeated = tokio::time::timeout_at(self.deadline, self.repeat()).await;
        let outcome = repeated.unwrap_or_else(|_| {
            Err(match self.at {
                Stage::SignIn => Error::timeout(limit, host).in_sign_in(),
                Stage::Queue => Error::queued(limit, host),
                Stage::Exchange => Error::timeout(limit, host),
            })
        });
        (outcome, self.sent)
    }

    /// Tries until it succeeds, or must not be tried again.
    async fn repeat(&mut self) -> Result<Box<Reply>, Error> {
        let policy = self.request.options.limits.retry.unwrap_or(self.transport.retry);
        let is_repeatable = self.request.is_repeatable();
        let mut number = 0;
        loop {
            let error = match self.attempt().await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            number += 1;
            let Some(mut pause) = policy.pause(is_repeatable, &error, number) else {
                return Err(error);
            };
            if error.is_sign_in() {
                // Until then it would only get the same failure.
                pause = pause.max(self.transport.tokens.held());
            }
            // Waiting for the deadline would only hide the reason behind a timeout.
            if after(pause) >= self.deadline {
                return Err(error);
            }
            tracing::debug!(
                target: "threecx_xapi",
                error = error.kind_name(),
                status = error.status(),
                pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                "trying again"
            );
            tokio::time::sleep(pause).await;
        }
    }

    /// Sends the request; after the first 401 once more with a new token. The PBX has not acted on
    /// a 401, so this holds for writes too.
    async fn attempt(&mut self) -> Result<Box<Reply>, Error> {
        let tokens = &self.transport.tokens;
        self.at = Stage::SignIn;
        let mut token = tokens.current().await?;
        let mut is_new = false;
        loop {
            let error = match self.exchange(token.as_ref()).await {
                Ok(reply) => {
                    if let Some(used) = &token {
                        tokens.accepted(used, self.renewed);
                    }
                    return Ok(reply);
                }
                Err(error) => error,
            };
            let is_refused = error.status() == Some(StatusCode::UNAUTHORIZED.as_u16());
            let (Some(used), true) = (&token, is_refused && tokens.can_renew()) else {
                return Err(error);
            };
            match Box::pin(self.replace(used, is_new)).await? {
                Some(renewed) => (token, is_new) = (Some(renewed), true),
                None => return Err(error),
            }
        }
    }

    /// Sends the request once, as soon as it may go out.
    async fn exchange(&mut self, token: Option<&Token>) -> Result<Box<Reply>, Error> {
        let transport = self.transport;
        // The sign-in is over by now: it must not wait for calls that wait for it.
        self.at = Stage::Queue;
        let permit = permit(transport).await;
        self.at = Stage::Exchange;
        self.sent += 1;
        let limit = self.request.options.limits.attempt_timeout.or(transport.attempt_timeout);
        let until = limit.map_or(self.deadline, |limit| after(limit).min(self.deadline));
        // In a box: the futures around it are small and quick to move without it.
        let once = Box::pin(once(transport, self.request, token, permit, until));
        match limit {
            None => once.await,
            Some(limit) => tokio::time::timeout(limit, once)
                .await
                .unwrap_or_else(|_| Err(Error::timeout(limit, &transport.connection.host))),
        }
    }

    /// Another token in place of one that got a 401; none where that did not help before. `is_new` says
    /// whether this attempt has renewed it: one of an earlier attempt may have ended since.
    async fn replace(&mut self, refused: &Token, is_new: bool) -> Result<Option<Token>, Error> {
        let (tokens, operation) = (&self.transport.tokens, self.request.info.id);
        if self.renewed {
            if is_new || !refused.was_accepted() {
                tokens.rejected(refused, operation);
            }
            return Ok(None);
        }
        self.renewed = true;
        self.at = Stage::SignIn;
        tokens.renewed(refused, operation).await
    }
}

/// When this time will have passed; what is beyond the clock counts as thirty years.
fn after(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    let now = Instant::now();
    now.checked_add(time).unwrap_or_else(|| now + FAR)
}

/// Waits until another request may go out. Dropping the permit allows the next one.
async fn permit(transport: &Transport) -> Option<OwnedSemaphorePermit> {
    // It fails only once the semaphore is closed, which nobody does.
    Arc::clone(transport.permits.as_ref()?).acquire_owned().await.ok()
}

/// Sends the request and reads the answer, of which nobody waits for more at `until`. The permit ends with
/// the body.
async fn once(
    transport: &Arc<Transport>,
    request: &PreparedRequest,
    token: Option<&Token>,
    permit: Option<OwnedSemaphorePermit>,
    until: Instant,
) -> Result<Box<Reply>, Error> {
    let connection = &transport.connection;
    if let Some(function) = connection.function() {
        return answered(transport, function, request);
    }
    let outgoing = outgoing(request, token)?;
    let mut response = connection.send(outgoing).await?;
    let secrets = || -> Vec<&str> {
        let known = request.options.secrets.iter().chain(&connection.secrets).map(String::as_str);
        token.map(Token::expose).into_iter().chain(known).collect()
    };
    if !response.status().is_success() {
        // Three quarters of what is left, so that the status wins against the limit.
        let left = until - Instant::now();
        let body = connection.read_error(&mut response, left - left / 4).await;
        let status = response.status().as_u16();
        return Err(Error::refused(status, response.headers(), &body, &secrets()));
    }
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    if let Some(error) = encoded(request.info, status, &headers) {
        return Err(error);
    }
    let body = if request.streamed {
        let begun = begin(connection, &mut response, request, &headers, secrets).await?;
        Body::Stream(Box::new(Incoming {
            response,
            begun,
            host: connection.host.clone(),
            limit: transport.response_limit,
            idle: request.options.limits.timeout.unwrap_or(transport.timeout),
            info: request.info,
            permit,
            received: 0,
            rest: Rest::offered(transport, request, &headers),
        }))
    } else {
        let body = connection.read(&mut response, transport.response_limit).await?;
        if let Some(error) = denied(request.info, status, &headers, &body, secrets) {
            return Err(error);
        }
        Body::Whole(body)
    };
    let (selected, allowance) = (request.selected(), allowance(transport, request));
    let info = request.info;
    Ok(Box::new(Reply { info, status, headers, body, selected, allowance, variant: None }))
}

/// Reads as much of a file as it takes to know that it is none, and yields what was read, or the error
/// that came in its place. Mostly the headers tell.
async fn begin<'s>(
    connection: &Connection,
    response: &mut reqwest::Response,
    request: &PreparedRequest,
    headers: &HeaderMap,
    secrets: impl FnOnce() -> Vec<&'s str>,
) -> Result<Option<Bytes>, Error> {
    if !may_deny_file(headers) {
        return Ok(None);
    }
    let mut begun = BytesMut::new();
    while begun.len() < ERROR_BODY && !is_file(headers, &begun) {
        match connection.chunk(response).await? {
            Some(chunk) => begun.extend_from_slice(&chunk),
            None => break,
        }
    }
    let begun = begun.freeze();
    match denied(request.info, response.status().as_u16(), headers, &begun, secrets) {
        Some(error) => Err(error),
        None => Ok(Some(begun).filter(|begun| !begun.is_empty())),
    }
}

/// The reply of the function that takes the place of the network, read as one of a PBX.
fn answered(
    transport: &Transport,
    function: &Function,
    request: &PreparedRequest,
) -> Result<Box<Reply>, Error> {
    let reply = function(request)?;
    transport.connection.learn(&reply.headers);
    let body = match &reply.body {
        Body::Whole(body) => body,
        // Programs can't build such a reply.
        Body::Stream(_) => &Bytes::new(),
    };
    let secrets = || request.options.secrets.iter().map(String::as_str).collect::<Vec<_>>();
    if !(200..300).contains(&reply.status) {
        return Err(Error::refused(reply.status, &reply.headers, body, &secrets()));
    }
    if (!request.streamed || may_deny_file(&reply.headers))
        && let Some(error) = denied(request.info, reply.status, &reply.headers, body, secrets)
    {
        return Err(error);
    }
    let (selected, allowance) = (request.selected(), allowance(transport, request));
    Ok(Box::new(Reply { info: request.info, selected, allowance, variant: None, ..reply }))
}

fn allowance(transport: &Transport, request: &PreparedRequest) -> Allowance {
    Allowance::new(request.options.query.top, transport.response_limit)
}
