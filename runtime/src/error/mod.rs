//! The one error type: what went wrong, where, and what to do next.
//!
//! An [`Error`] never holds a token, a client secret or a value of a body.

mod fault;
mod kind;
mod locate;
mod message;
mod predicates;
mod refusal;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
use native_tls::Error as TlsError;
use reqwest::header::HeaderMap;
#[cfg(feature = "rustls")]
use rustls::Error as TlsError;

use crate::info::OperationInfo;
use crate::redact::blotted;
use kind::{Kind, Network};
use refusal::Refusal;

pub use fault::Fault;
pub(crate) use locate::expected;
pub use refusal::ErrorDetail;
pub(crate) use refusal::http_date;

/// Why a call failed.
///
/// Ask the predicates for the kind, the accessors for the details. `Display` says what happened and
/// what to do next, on one line. Neither it nor `Debug` shows a token, a secret or a value of a request
/// or an entity. A message that the PBX itself wrote is shown: shortened if it is long, its control and
/// bidirectional characters escaped. [`message`](Self::message), [`details`](Self::details) and
/// [`excerpt`](Self::excerpt) have it as it came.
#[derive(Clone)]
pub struct Error(Box<Inner>);

/// Short for a result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Clone)]
struct Inner {
    /// What went wrong, with the data that only this kind of error has.
    kind: Kind,
    operation: Option<OperationInfo>,
    /// The error belongs to the sign-in that the operation needed.
    sign_in: bool,
    /// How often the client sent the request.
    attempts: u32,
    /// What to do next, if the kind and the status alone do not tell.
    advice: &'static str,
    message: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            sign_in: false,
            attempts: 0,
            advice: "",
            message: message.into(),
            source: None,
        }))
    }

    #[doc(hidden)]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// A value that could not become JSON.
    pub(crate) fn unwritable(what: &str, error: &serde_json::Error) -> Self {
        Self::new(
            Kind::Unwritable,
            format!("{what} cannot be written as JSON: {}", locate::reason(error)),
        )
    }

    /// A list that was read in part and is about to be sent as the whole.
    pub(crate) fn part_of_list(name: &str) -> Self {
        Self::new(
            Kind::Unwritable,
            format!(
                "the PBX sent a part of the list `{name}`, and sending it back would delete the rest: read the rest with `Client::complete`, or say with `whole` that the list is meant as it is"
            ),
        )
    }

    /// An entity that is not known by its key.
    pub(crate) fn no_key(entity: &str, key: &str) -> Self {
        Self::configuration(format!(
            "this {entity} has no `{key}`: take one that the PBX sent, and let `select` ask for `{key}`"
        ))
    }

    #[doc(hidden)]
    pub fn bad_request(info: OperationInfo, message: &str) -> Self {
        Self::new(Kind::Unwritable, message).in_operation(info)
    }

    /// A failure below HTTP.
    pub(crate) fn transport(error: reqwest::Error, host: &str) -> Self {
        // The URL may hold values, and the operation is named anyway.
        let error = error.without_url();
        let network = || Network { host: Some(host.to_owned()), timed_out: error.is_timeout() };
        let kind = if error.is_connect() {
            if is_tls(&error) { Kind::Tls(network()) } else { Kind::Connect(network()) }
        } else if error.is_timeout() {
            Kind::Timeout(network())
        } else if error.is_builder() {
            Kind::Unwritable
        } else {
            Kind::Interrupted(network())
        };
        let mut this = Self::new(kind, root_cause(&error));
        this.0.source = Some(Arc::new(error));
        this
    }

    pub(crate) fn timeout(limit: Duration, host: &str) -> Self {
        let network = Network { host: Some(host.to_owned()), timed_out: true };
        Self::new(Kind::Timeout(network), format!("no complete answer within {limit:?}"))
    }

    /// The call's time passed before the client could send the request at all.
    pub(crate) fn queued(limit: Duration, host: &str) -> Self {
        let mut this = Self::timeout(limit, host);
        this.0.message = format!(
            "as many requests as `max_concurrent_requests` allows were under way for {limit:?}, so this one was not sent"
        );
        this
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(Kind::TooLarge, format!("the answer is larger than the limit of {limit} bytes"))
    }

    /// An answer of which the client takes no more.
    pub(crate) fn excess(message: &str, advice: &'static str) -> Self {
        let mut this = Self::new(Kind::TooLarge, message.to_owned());
        this.0.advice = advice;
        this
    }

    /// An answer that is nested deeper than any that a PBX sends.
    pub(crate) fn too_deep() -> Self {
        Self::excess(
            "the answer has values inside of values, deeper than any PBX sends them",
            "Find out what answers in place of the PBX",
        )
    }

    /// More items than [`Request::all`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.all) was to take.
    pub(crate) fn too_many(info: OperationInfo, most: usize) -> Self {
        let mut this = Self::new(Kind::TooLarge, format!("there are more than {most} items"));
        this.0.advice =
            "Give `all` a larger bound, narrow the `filter`, or read them one by one with `items`";
        this.in_operation(info)
    }

    /// No row where [`Request::exactly_one`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html#method.exactly_one) was to find one.
    pub(crate) fn nothing(info: OperationInfo) -> Self {
        Self::new(Kind::Nothing, "there is no such item").in_operation(info)
    }

    /// Several where it was to find one.
    pub(crate) fn not_one(info: OperationInfo) -> Self {
        let mut this = Self::too_many(info, 1);
        this.0.message = "there are several such items".to_owned();
        this.0.advice = "Narrow the `filter`, or take the `first` of them";
        this
    }

    /// A status that is not a success. `body` may be cut off, so secrets are removed from it before
    /// it is: half a secret would not be found.
    pub(crate) fn refused(status: u16, headers: &HeaderMap, body: &[u8], secrets: &[&str]) -> Self {
        let text = blotted(&String::from_utf8_lossy(body), secrets).into_owned();
        let (refusal, message) = Refusal::read(status, headers, text.as_bytes());
        Self::new(Kind::Refused(Box::new(refusal)), message).without(secrets)
    }

    /// A successful status without what was asked for.
    pub(crate) fn refused_because(status: u16, message: impl Into<String>) -> Self {
        let refusal = Refusal { status, ..Refusal::default() };
        Self::new(Kind::Refused(Box::new(refusal)), refusal::line(&message.into()))
    }

    fn credentials(kind: Kind, message: &str) -> Self {
        Self::new(kind, refusal::line(message)).in_sign_in()
    }

    /// A sign-in without the second factor, or with a wrong one.
    pub(crate) fn second_factor(status: Option<u16>, message: impl Into<String>) -> Self {
        let code = String::new();
        Self::credentials(Kind::Credentials { status, code, second_factor: true }, &message.into())
    }

    /// There is nothing left to sign in with.
    pub(crate) fn no_credentials(message: impl Into<String>) -> Self {
        Self::not_granted(None, Some(&message.into()))
    }

    /// The browser came back from the PBX without a code.
    pub(crate) fn not_granted(code: Option<&str>, description: Option<&str>) -> Self {
        let description = description.unwrap_or("the sign-in was not granted");
        let code = refusal::line(code.unwrap_or_default());
        let kind = Kind::Credentials { status: None, code, second_factor: false };
        Self::credentials(kind, description)
    }

    /// The connection, or the work that used it, ended without a result.
    pub(crate) fn cut_off(message: &str) -> Self {
        Self::new(Kind::Interrupted(Network::default()), message)
    }

    /// For a [`TokenSource`](crate::auth::TokenSource) of your own: a sign-in that failed because
    /// of `error`, which becomes the [`source`](StdError::source). Its message is shown, so it must
    /// hold no secret.
    ///
    /// It counts as [`is_unauthorized`](Self::is_unauthorized), and the client does not call the
    /// source again for some seconds. Hand an error of this crate on as it is.
    #[must_use]
    pub fn from_token_source(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let error: Arc<dyn StdError + Send + Sync> = Arc::from(error.into());
        let mut this = Self::no_credentials(error.to_string());
        this.0.source = Some(error);
        this
    }

    pub(crate) fn undecoded(info: OperationInfo, message: &str) -> Self {
        Self::new(Kind::Decode { path: None, status: None }, message).in_operation(info)
    }

    /// JSON that does not fit: where, and what was expected, but not the value.
    pub(crate) fn misfit(info: OperationInfo, json: &[u8], error: &serde_json::Error) -> Self {
        let path = locate::path(json, error.line(), error.column());
        let message = format!("{} at {path}", locate::reason(error));
        Self::new(Kind::Decode { path: Some(path), status: None }, message).in_operation(info)
    }

    /// The same of an answer that came under this status.
    pub(crate) fn with_status(mut self, came: u16) -> Self {
        if let Kind::Decode { status, .. } = &mut self.0.kind {
            *status = Some(came);
        }
        self
    }

    /// JSON text of the caller's that does not fit. `problem` is what is wrong and what may be meant
    /// instead; without one, it is what `error` says.
    pub(crate) fn bad_input(
        json: &[u8],
        error: &serde_json::Error,
        problem: Option<(&str, String)>,
    ) -> Self {
        let path = locate::path(json, error.line(), error.column());
        let (what, hint) = match problem {
            Some((what, hint)) => (what.to_owned(), hint),
            None => (locate::reason(error), String::new()),
        };
        let message = format!("{what} at {path} (line {}){hint}", error.line());
        Self::new(Kind::Input { path }, message)
    }

    /// The value of a property that does not fit the type asked for.
    pub(crate) fn unfit(name: &str, error: &serde_json::Error) -> Self {
        let path = format!("$.{name}");
        Self::new(
            Kind::Input { path: path.clone() },
            format!("{} at {path}", locate::reason(error)),
        )
    }

    /// A file or writer on this side that failed.
    pub(crate) fn local_io(what: &str, error: std::io::Error) -> Self {
        let mut this = Self::new(Kind::Local, format!("{what}: {error}"));
        this.0.source = Some(Arc::new(error));
        this
    }

    pub(crate) fn in_operation(mut self, info: OperationInfo) -> Self {
        self.0.operation = Some(info);
        self
    }

    pub(crate) fn after_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Says what to do about credentials that are not accepted.
    pub(crate) fn advising_if_refused(mut self, advice: &'static str) -> Self {
        if matches!(self.status(), Some(200..=299 | 400 | 401)) {
            self.0.advice = advice;
        }
        self
    }

    /// Says what of the call the PBX's release does not have, where that may be why it was refused.
    pub(crate) fn explained_by(mut self, absence: impl FnOnce() -> Option<String>) -> Self {
        if let Kind::Refused(refusal) = &mut self.0.kind
            && matches!(refusal.status, 400 | 404 | 405)
        {
            refusal.absence = absence();
        }
        self
    }

    pub(crate) fn in_sign_in(mut self) -> Self {
        self.0.sign_in = true;
        self
    }

    /// Blots out secrets that a server echoed elsewhere than in the body.
    fn without(mut self, secrets: &[&str]) -> Self {
        let Inner { kind, message, .. } = &mut *self.0;
        let texts = match kind {
            Kind::Refused(refusal) => refusal.texts(),
            _ => Vec::new(),
        };
        for text in texts.into_iter().chain([message]) {
            if let Cow::Owned(without) = blotted(text, secrets) {
                *text = without;
            }
        }
        self
    }

    fn refusal(&self) -> Option<&Refusal> {
        match &self.0.kind {
            Kind::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

/// What is known about it
impl Error {
    /// The HTTP status, if there was an answer. It is one of success (2xx) if the answer was none: the
    /// PBX's own error, a web page, or JSON that is not what was declared.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::Refused(refusal) => Some(refusal.status),
            Kind::Credentials { status, .. } | Kind::Decode { status, .. } => *status,
            _ => None,
        }
    }

    /// The operationId of the call, e.g. `CreateUser`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|info| info.id)
    }

    /// The OData error's code; usually absent, see [`warnings`](Self::warnings).
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Refused(refusal) => present(&refusal.code),
            Kind::Credentials { code, .. } => present(code),
            _ => None,
        }
    }

    /// The property that the error is about, if the PBX names one for the error as a whole; see also the
    /// [`details`](Self::details).
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        present(&self.refusal()?.target)
    }

    /// What the PBX says, or this crate where the PBX was not asked. If the PBX says it in the
    /// [`details`](Self::details) alone, it is the first of them.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        let of_details = || self.details().iter().find_map(|detail| present(&detail.message));
        present(&self.0.message).or_else(of_details)
    }

    /// How often the request was sent; zero where that was never tried, because the client could not
    /// sign in or the request could not be written, and where a download broke off after its headers.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The entries of the OData error's details, each with the property it is about.
    #[must_use]
    pub fn details(&self) -> &[ErrorDetail] {
        self.refusal().map_or(&[], |refusal| &refusal.details)
    }

    /// The `WARNINGS.…` codes in message and details, each once: the machine-readable part of a 3CX
    /// error.
    #[must_use]
    pub fn warnings(&self) -> Vec<&str> {
        refusal::warnings(&self.0.message, self.details())
    }

    /// How long the server asks to wait, counted from the arrival of the answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.refusal()?.retry_after
    }

    /// The beginning of an error body that is not an OData error, without markup.
    #[must_use]
    pub fn excerpt(&self) -> Option<&str> {
        present(&self.refusal()?.excerpt)
    }

    /// Where in the answer's JSON a decoding error is, e.g. `$.value[3].Groups[0].Id`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode { path, .. } => path.as_deref(),
            Kind::Input { path } => Some(path),
            _ => None,
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &format_args!("{}", self.kind_name()));
        if let Some(info) = &inner.operation {
            out.field("operation", &info.id);
        }
        if let Some(status) = self.status() {
            out.field("status", &status);
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
    error.is::<TlsError>() || wrapped.is_some_and(|inner| holds_tls(inner))
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
