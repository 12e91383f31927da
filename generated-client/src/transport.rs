//! The execution core. It is not generic: sign-in, sending, status, limits of time and size are
//! compiled once for all operations.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, IF_MATCH};

use crate::answer::Reply;
use crate::auth::Token;
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Method, OperationInfo};
use crate::request::PreparedRequest;

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The most that is read of an error's body.
const ERROR_BODY: usize = 64 * 1024;

/// What the sign-in and the core share: the HTTP client and where it points.
pub(crate) struct Wire {
    pub(crate) http: reqwest::Client,
    /// Scheme, host and port, without a slash at the end.
    pub(crate) origin: String,
}

impl Wire {
    /// Sends one request, once.
    pub(crate) async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Error> {
        self.http.execute(request).await.map_err(|error| Error::transport(error, &self.origin))
    }

    /// Reads a body whole, or fails as soon as it is known to pass the limit.
    pub(crate) async fn read(
        &self,
        response: &mut reqwest::Response,
        limit: usize,
    ) -> Result<Bytes, Error> {
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |length| length > limit) {
            return Err(Error::too_large(limit));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| Error::transport(error, &self.origin))?
        {
            if chunk.len() > limit - body.len() {
                return Err(Error::too_large(limit));
            }
            // The announced length is the server's word: memory is taken only once bytes arrive.
            if body.is_empty() {
                body.reserve(usize::try_from(announced).unwrap_or(0));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    /// The error that a refusing answer stands for. A body that breaks off is used as far as it
    /// came.
    pub(crate) async fn refusal(&self, mut response: reqwest::Response) -> Error {
        let mut body = BytesMut::new();
        while body.len() < ERROR_BODY {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
        body.truncate(ERROR_BODY);
        Error::refused(response.status().as_u16(), response.headers(), &body)
    }
}

/// The body of a successful reply.
pub(crate) enum Body {
    Whole(Bytes),
    Stream(Box<Stream>),
}

/// A body that is read on demand.
pub(crate) struct Stream {
    response: reqwest::Response,
    client: Client,
    /// The longest wait for the next chunk.
    idle: Duration,
    info: OperationInfo,
}

impl Stream {
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let wire = self.client.wire();
        let error = match tokio::time::timeout(self.idle, self.response.chunk()).await {
            Ok(Ok(chunk)) => return Ok(chunk),
            Ok(Err(error)) => Error::transport(error, &wire.origin),
            Err(_) => Error::timeout(self.idle, &wire.origin),
        };
        Err(error.in_operation(self.info))
    }

    pub(crate) async fn whole(mut self) -> Result<Bytes, Error> {
        let limit = self.client.response_limit();
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if chunk.len() > limit - body.len() {
                return Err(Error::too_large(limit).in_operation(self.info));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }
}

/// Runs a call. A request that could not be written fails here, so that every error comes from
/// awaiting.
pub(crate) fn execute(
    client: Client,
    prepared: Result<PreparedRequest, Error>,
) -> BoxFuture<Result<Reply, Error>> {
    Box::pin(async move {
        let request = prepared?;
        let limit = request.timeout.unwrap_or(client.timeout());
        let reply = match tokio::time::timeout(limit, exchange(&client, &request, limit)).await {
            Ok(reply) => reply,
            Err(_) => Err(Error::timeout(limit, &client.wire().origin)),
        };
        reply.map_err(|error| error.in_operation(request.info))
    })
}

/// Sends the request; after a 401 once more with a new token. The PBX has not acted on a 401, so
/// this holds for writes too.
async fn exchange(
    client: &Client,
    request: &PreparedRequest,
    idle: Duration,
) -> Result<Reply, Error> {
    let (wire, auth) = (client.wire(), client.auth());
    let mut token = auth.token(wire).await?;
    let mut response = wire.send(outgoing(request, token.as_ref())?).await?;
    if response.status() == StatusCode::UNAUTHORIZED {
        let refusal = wire.refusal(response).await;
        token = match &token {
            Some(refused) if auth.can_renew() => auth.renew(wire, refused).await?,
            _ => return Err(blotted(refusal, token.as_ref())),
        };
        response = wire.send(outgoing(request, token.as_ref())?).await?;
    }
    if !response.status().is_success() {
        return Err(blotted(wire.refusal(response).await, token.as_ref()));
    }
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = if request.streamed {
        Body::Stream(Box::new(Stream {
            response,
            client: client.clone(),
            idle,
            info: request.info,
        }))
    } else {
        Body::Whole(wire.read(&mut response, client.response_limit()).await?)
    };
    Ok(Reply { info: request.info, status, headers, body })
}

fn blotted(error: Error, token: Option<&Token>) -> Error {
    match token {
        Some(token) => error.without(token.expose()),
        None => error,
    }
}

/// One attempt as reqwest takes it.
fn outgoing(request: &PreparedRequest, token: Option<&Token>) -> Result<reqwest::Request, Error> {
    let mut outgoing = reqwest::Request::new(method(request.info.method), request.url.clone());
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
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *outgoing.body_mut() = Some(body.clone().into());
    } else if !request.info.method.is_read() {
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
