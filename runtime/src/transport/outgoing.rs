//! A prepared request as reqwest takes it.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, IF_MATCH};

use crate::auth::Token;
use crate::error::Error;
use crate::info::Method;
use crate::message::PreparedRequest;

/// One attempt, with the token that goes with it.
pub(super) fn outgoing(
    request: &PreparedRequest,
    token: Option<&Token>,
) -> Result<reqwest::Request, Error> {
    let mut outgoing = reqwest::Request::new(method(request.method()), request.url.clone());
    let headers = outgoing.headers_mut();
    headers.extend(request.options.headers.iter().cloned());
    headers.insert(ACCEPT, HeaderValue::from_static(request.accept()));
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, token.header());
    }
    if let Some(etag) = &request.options.if_match {
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
