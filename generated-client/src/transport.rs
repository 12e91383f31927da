//! The execution core. It is not generic: sign-in, sending, repeating, status, limits of time and
//! size are compiled once for all operations.

mod body;
mod retry;
mod routing;
mod wire;

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, IF_MATCH};
use tokio::sync::OwnedSemaphorePermit;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::answer::Reply;
use crate::auth::{self, Token};
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Method, OperationInfo};
use crate::request::PreparedRequest;

pub(crate) use body::{Body, Stream};
pub use retry::RetryPolicy;
pub(crate) use routing::Routing;
pub(crate) use wire::Wire;

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Runs a call; `former` are the other forms of its operation, the newer ones first.
pub(crate) fn execute(
    client: Client,
    info: OperationInfo,
    newest: Result<PreparedRequest, Error>,
    former: Vec<Result<PreparedRequest, Error>>,
) -> BoxFuture<Result<Reply, Error>> {
    if former.is_empty() {
        return once_prepared(client, newest);
    }
    Box::pin(routing::execute(client, info, newest, former))
}

/// Runs a call in one form. A request that could not be written fails here, so that every error comes
/// from awaiting.
fn once_prepared(
    client: Client,
    prepared: Result<PreparedRequest, Error>,
) -> BoxFuture<Result<Reply, Error>> {
    Box::pin(async move {
        let request = prepared?;
        let span = span(request.info);
        run(client, request, &span).instrument(span.clone()).await
    })
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

async fn run(client: Client, request: PreparedRequest, span: &Span) -> Result<Reply, Error> {
    let begun = Instant::now();
    let limit = request.timeout.unwrap_or(client.timeout());
    let mut calling =
        Calling { client: &client, request: &request, at: Stage::SignIn, sent: 0, renewed: false };
    let outcome = match tokio::time::timeout(limit, calling.repeat(begun.checked_add(limit))).await
    {
        Ok(outcome) => outcome,
        Err(_) => {
            let host = &client.wire().host;
            Err(match calling.at {
                Stage::SignIn => Error::timeout(limit, host).in_sign_in(),
                Stage::Queue => Error::queued(limit, host),
                Stage::Exchange => Error::timeout(limit, host),
            })
        }
    };
    let sent = calling.sent;
    let outcome = outcome.map_err(|error| {
        let error = error.in_operation(request.info).after_attempts(sent);
        error.explained_by(|| absence(&client, &request))
    });
    if !span.is_disabled() {
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
fn absence(client: &Client, request: &PreparedRequest) -> Option<String> {
    let release = client.release()?;
    let named = request.bounded.iter().map(|(name, releases)| (*name, *releases));
    std::iter::once((request.info.id, request.info.releases))
        .chain(named)
        .find_map(|(name, releases)| releases.absence(&format!("`{name}`"), release))
}

/// What a call waits for.
enum Stage {
    SignIn,
    Queue,
    Exchange,
}

/// A call on its way.
struct Calling<'a> {
    client: &'a Client,
    request: &'a PreparedRequest,
    at: Stage,
    /// How often it was sent.
    sent: u32,
    /// Whether a refused token was replaced: that happens once.
    renewed: bool,
}

impl Calling<'_> {
    /// Tries until it succeeds, or must not be tried again.
    async fn repeat(&mut self, deadline: Option<Instant>) -> Result<Reply, Error> {
        let policy = self.request.retry.unwrap_or(self.client.retry());
        let mut number = 0;
        loop {
            let error = match self.attempt().await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            number += 1;
            let Some(pause) = retry::pause(&policy, self.request, &error, number) else {
                return Err(error);
            };
            // Waiting for the deadline would only hide the reason behind a timeout.
            let resumed = Instant::now().checked_add(pause);
            if deadline.is_some_and(|deadline| resumed.is_none_or(|at| at >= deadline)) {
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
    async fn attempt(&mut self) -> Result<Reply, Error> {
        let client = self.client;
        self.at = Stage::SignIn;
        let mut token = auth::shared_token(client).await?;
        loop {
            // Signing in is done by now: it must not wait for calls that wait for it.
            self.at = Stage::Queue;
            let permit = client.permit().await;
            self.at = Stage::Exchange;
            self.sent += 1;
            let once = once(client, self.request, token.as_ref(), permit);
            let limit = self.request.attempt_timeout.or(client.attempt_timeout());
            let outcome = match limit {
                None => once.await,
                Some(limit) => match tokio::time::timeout(limit, once).await {
                    Ok(outcome) => outcome,
                    Err(_) => Err(Error::timeout(limit, &client.wire().host)),
                },
            };
            match (outcome, &token) {
                (Err(error), Some(refused))
                    if error.status() == Some(StatusCode::UNAUTHORIZED.as_u16())
                        && client.auth().can_renew()
                        && !self.renewed =>
                {
                    self.renewed = true;
                    self.at = Stage::SignIn;
                    token = auth::renewed_token(client, refused).await?;
                }
                (outcome, _) => return outcome,
            }
        }
    }
}

/// Sends the request and reads the answer. The permit ends with the body.
async fn once(
    client: &Client,
    request: &PreparedRequest,
    token: Option<&Token>,
    permit: Option<OwnedSemaphorePermit>,
) -> Result<Reply, Error> {
    let wire = client.wire();
    let mut response = wire.send(outgoing(request, token)?).await?;
    if !response.status().is_success() {
        return Err(wire.refusal(response, token.map(Token::expose).as_slice()).await);
    }
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = if request.streamed {
        Body::Stream(Box::new(Stream {
            response,
            client: client.clone(),
            idle: request.timeout.unwrap_or(client.timeout()),
            info: request.info,
            permit,
        }))
    } else {
        Body::Whole(wire.read(&mut response, client.response_limit()).await?)
    };
    let selected = request.selected.clone();
    Ok(Reply { info: request.info, status, headers, body, selected, form: None })
}

/// One attempt as reqwest takes it.
fn outgoing(request: &PreparedRequest, token: Option<&Token>) -> Result<reqwest::Request, Error> {
    let mut outgoing = reqwest::Request::new(method(request.method()), request.url.clone());
    let headers = outgoing.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static(accept(request.streamed)));
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, token.header());
    }
    if let Some(etag) = &request.if_match {
        let etag = HeaderValue::from_str(etag).map_err(|_| {
            Error::bad_request(request.info, "the ETag has characters that a header cannot carry")
        })?;
        headers.insert(IF_MATCH, etag);
    }
    if let Some(body) = &request.body {
        let kind = HeaderValue::from_str(request.content_type()).map_err(|_| {
            Error::bad_request(request.info, "the content type cannot be sent in a header")
        })?;
        headers.insert(CONTENT_TYPE, kind);
        *outgoing.body_mut() = Some(body.clone().into());
    } else if !request.method().is_read() {
        // hyper leaves it out, and some servers and gateways answer 411 then.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    Ok(outgoing)
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Patch => reqwest::Method::PATCH,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

/// A file may be of any type.
pub(crate) fn accept(streamed: bool) -> &'static str {
    if streamed { "*/*" } else { "application/json" }
}

/// How long a sign-in may take, where no attempt is limited.
pub(crate) const SIGN_IN: Duration = Duration::from_secs(30);
