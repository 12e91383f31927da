//! The one error type: what went wrong, where, and what to do next. It never holds a token, a
//! client secret or a value of a body.

mod answer;
mod kind;
mod locate;
mod message;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;

use crate::operation::OperationInfo;
use kind::Kind;

/// Why a call failed.
///
/// Ask the predicates for the kind, the accessors for the details. `Display` says what happened and
/// what to do next. Neither it nor `Debug` shows a token, a secret or a value of a request or an
/// entity; a message that the PBX itself wrote is shown.
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// Short for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone)]
struct Inner {
    kind: Kind,
    operation: Option<OperationInfo>,
    /// The error belongs to the sign-in that the operation needed.
    sign_in: bool,
    timed_out: bool,
    host: Option<String>,
    status: Option<u16>,
    code: String,
    message: String,
    details: Vec<ErrorDetail>,
    retry_after: Option<Duration>,
    excerpt: String,
    json_path: Option<String>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// One entry of an OData error's `details`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The machine-readable code; usually empty.
    pub code: String,
    /// What is wrong, often a `WARNINGS.…` code.
    pub message: String,
    /// The property it is about, e.g. `EmailAddress`; empty if none is named.
    pub target: String,
}

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            sign_in: false,
            timed_out: false,
            host: None,
            status: None,
            code: String::new(),
            message: message.into(),
            details: Vec::new(),
            retry_after: None,
            excerpt: String::new(),
            json_path: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// A value that could not become JSON.
    pub(crate) fn unwritable(what: &str, error: &serde_json::Error) -> Self {
        Self::new(
            Kind::Unwritable,
            format!("{what} cannot be written as JSON: {}", locate::reason(error)),
        )
    }

    pub(crate) fn bad_request(info: OperationInfo, message: &str) -> Self {
        Self::new(Kind::Unwritable, message).in_operation(info)
    }

    /// A failure below HTTP.
    pub(crate) fn transport(error: reqwest::Error, host: &str) -> Self {
        // The URL may hold values, and the operation is named anyway.
        let error = error.without_url();
        let kind = if error.is_connect() {
            if is_tls(&error) { Kind::Tls } else { Kind::Connect }
        } else if error.is_timeout() {
            Kind::Timeout
        } else if error.is_builder() {
            Kind::Unwritable
        } else {
            Kind::Interrupted
        };
        let mut this = Self::new(kind, root_cause(&error));
        this.0.timed_out = error.is_timeout();
        this.0.host = Some(host.to_owned());
        this.0.source = Some(Arc::new(error));
        this
    }

    pub(crate) fn timeout(limit: Duration, host: &str) -> Self {
        let mut this = Self::new(Kind::Timeout, format!("no complete answer within {limit:?}"));
        this.0.timed_out = true;
        this.0.host = Some(host.to_owned());
        this
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(Kind::TooLarge, format!("the answer is larger than the limit of {limit} bytes"))
    }

    /// A status that is not a success. `body` may be cut off.
    pub(crate) fn refused(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut this = Self::new(Kind::Refused, "");
        this.0.status = Some(status);
        answer::read(&mut this.0, headers, body);
        this
    }

    /// A successful status without what was asked for.
    pub(crate) fn refused_because(status: u16, message: impl Into<String>) -> Self {
        let mut this = Self::new(Kind::Refused, message);
        this.0.status = Some(status);
        this
    }

    pub(crate) fn undecoded(info: OperationInfo, message: &str) -> Self {
        Self::new(Kind::Decode, message).in_operation(info)
    }

    /// JSON that does not fit: where, and what was expected, but not the value.
    pub(crate) fn misfit(info: OperationInfo, json: &[u8], error: &serde_json::Error) -> Self {
        let path = locate::path(json, error.line(), error.column());
        let mut this = Self::undecoded(info, &format!("{} at {path}", locate::reason(error)));
        this.0.json_path = Some(path);
        this
    }

    pub(crate) fn in_operation(mut self, info: OperationInfo) -> Self {
        self.0.operation = Some(info);
        self
    }

    pub(crate) fn in_sign_in(mut self) -> Self {
        self.0.sign_in = true;
        self
    }

    /// Blots out a secret that a server echoed.
    pub(crate) fn without(mut self, secret: &str) -> Self {
        if !secret.is_empty() {
            let details = self
                .0
                .details
                .iter_mut()
                .flat_map(|d| [&mut d.code, &mut d.message, &mut d.target]);
            let inner = [&mut self.0.code, &mut self.0.message, &mut self.0.excerpt];
            for text in inner.into_iter().chain(details) {
                if text.contains(secret) {
                    *text = text.replace(secret, "[redacted]");
                }
            }
        }
        self
    }
}

/// What is known about it
impl Error {
    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The operationId of the call, e.g. `CreateUser`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|info| info.id)
    }

    /// The OData error's code; usually absent, see [`warnings`](Self::warnings).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        present(&self.0.code)
    }

    /// What the PBX says, or this crate where the PBX was not asked.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        present(&self.0.message)
    }

    /// The entries of the OData error's details, each with the property it is about.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        &self.0.details
    }

    /// The `WARNINGS.…` codes in message and details, each once: the machine-readable part of a 3CX
    /// error.
    #[must_use]
    pub fn warnings(&self) -> Vec<&str> {
        answer::warnings(&self.0)
    }

    /// How long the server asks to wait, counted from the arrival of the answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The beginning of an error body that is not an OData error, without markup.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        present(&self.0.excerpt)
    }

    /// Where in the answer's JSON a decoding error is, e.g. `$.value[3].Groups[0].Id`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        message::display(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind);
        if let Some(info) = &inner.operation {
            out.field("operation", &info.id);
        }
        if let Some(status) = &inner.status {
            out.field("status", status);
        }
        if inner.sign_in {
            out.field("sign_in", &true);
        }
        out.field("message", &self.to_string()).finish_non_exhaustive()
    }
}

fn present(text: &str) -> Option<&str> {
    if text.is_empty() { None } else { Some(text) }
}

/// Whether TLS is at the bottom of a connection error.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    causes(error).any(holds_tls)
}

/// I/O errors wrap others without naming them as their source.
fn holds_tls(error: &(dyn StdError + 'static)) -> bool {
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>() || wrapped.is_some_and(|inner| holds_tls(inner))
}

/// The innermost cause, which says most.
fn root_cause(error: &(dyn StdError + 'static)) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn StdError + 'static)| (*error).source())
}
