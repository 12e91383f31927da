//! A request: an operation with its options, awaited through [`IntoFuture`].

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use serde::Serialize;

use crate::answer::{self, Answer, Reply, Response};
use crate::client::Client;
use crate::download;
use crate::error::Error;
use crate::filter::Condition;
use crate::literal::{self, Literal};
use crate::operation::{
    Conditional, Countable, Expandable, Filterable, Method, Operation, OperationInfo, Options,
    Orderable, Pageable, RequestParts, Searchable, Selectable, Updatable,
};
use crate::property::Property;
use crate::query::{Expansion, Ordering, Selected, Selection, search_text};
use crate::release::Releases;
use crate::transport::{self, BoxFuture, RetryPolicy, Routing};

/// A call that has not been sent: the operation, its options and the client it will use.
///
/// Nothing happens until it is awaited, or sent with [`send`](Self::send).
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<O> {
    client: Client,
    operation: O,
    options: Options,
}

impl<O: Operation> Request<O> {
    pub(crate) fn new(client: &Client, operation: O) -> Self {
        Self { client: client.clone(), operation, options: Options::default() }
    }

    /// The operation with its values.
    pub fn operation(&self) -> &O {
        &self.operation
    }

    /// Limits the time of this call, sign-in included, in place of the client's
    /// [`timeout`](crate::ClientBuilder::timeout).
    ///
    /// For a download the limit covers everything up to the headers, and each chunk anew.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.options.timeout = Some(limit);
        self
    }

    /// Limits the time of each attempt of this call, in place of the client's
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.options.attempt_timeout = Some(limit);
        self
    }

    /// How often this call is tried, in place of the client's [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.retry = Some(policy);
        self
    }

    /// Lets this call be tried again even if the PBX may already have carried it out. Use it on a
    /// POST or PATCH that does no harm when done twice; GET, PUT and DELETE need no permission.
    pub fn retry_writes(mut self) -> Self {
        self.options.retry_writes = true;
        self
    }

    /// Writes the request without sending it, to look at or to test. It holds no token.
    ///
    /// An operation that has changed over the releases is written as the PBX's release takes it, as
    /// far as that is known ([`Client::release`]), else as the newest one does.
    ///
    /// # Errors
    /// A value that cannot be written as JSON, or that the PBX's release does not take.
    pub fn prepare(&self) -> Result<PreparedRequest, Error> {
        let form = Routing::of(O::INFO.forms, self.client.release()).first();
        prepare(
            &self.client,
            O::INFO,
            written(&self.operation, self.options.clone(), form),
            O::Output::STREAMED,
        )
    }

    /// Sends the request and yields the value together with status and headers.
    pub fn send(self) -> Call<Response<O::Output>> {
        call(self, answer::decode_response::<O::Output>)
    }

    /// Sets an optional path parameter of the operation.
    pub(crate) fn set_literal<L: Literal + ?Sized>(
        mut self,
        name: &'static str,
        value: &L,
    ) -> Self {
        let mut text = String::new();
        literal::path_literal(&mut text, value);
        self.options.set_literal(name, text);
        self
    }

    /// Sets an optional property of the operation's body.
    pub(crate) fn set_property<V: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: &V,
    ) -> Self {
        self.options.set_property(name, serde_json::to_vec(value));
        self
    }
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Call<O::Output>;

    fn into_future(self) -> Self::IntoFuture {
        call(self, O::Output::decode)
    }
}

impl<O: Operation> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Path parameters and bodies may hold secrets: only the template is shown.
        f.debug_struct("Request")
            .field("operation", &O::INFO.id)
            .field("route", &O::INFO.route)
            .finish_non_exhaustive()
    }
}

/// Query options, each where the operation declares it
impl<O: Operation> Request<O> {
    /// Sends only what matches, such as `User::NUMBER.eq("101")`; a second call replaces the first.
    /// See [`filter`](crate::filter).
    pub fn filter(mut self, filter: impl Condition<<O as Filterable>::Entity>) -> Self
    where
        O: Filterable,
    {
        self.options.query.filter = Some(filter.into_filter().to_string());
        self
    }

    /// Sends only what the PBX finds for `text`, taken as one word or phrase; a second call replaces
    /// the first.
    pub fn search(mut self, text: impl AsRef<str>) -> Self
    where
        O: Searchable,
    {
        self.options.query.search = Some(search_text(text.as_ref()));
        self
    }

    /// Asks for these properties only: one, an array, or a tuple. Further calls add to it.
    ///
    /// The PBX answers 400 to a name that its release doesn't know. Which properties were asked for
    /// is known to the answer: [`Page::asked_for`](crate::Page::asked_for),
    /// [`Response::asked_for`].
    pub fn select(mut self, selection: impl Selection<<O as Selectable>::Entity>) -> Self
    where
        O: Selectable,
    {
        selection.add_to(&mut self.options.query.select);
        self
    }

    /// Asks for these navigation properties too, which are absent otherwise: one, an array, a
    /// tuple, or raw text. Further calls add to it.
    ///
    /// What is wanted of them is said on each: `User::GROUPS.select(UserGroup::NAME)`; see
    /// [`Expand`](crate::Expand).
    pub fn expand(mut self, expansion: impl Expansion<<O as Expandable>::Entity>) -> Self
    where
        O: Expandable,
    {
        expansion.add_to(&mut self.options.query.expand);
        self
    }

    /// Orders the answer, e.g. by `User::NUMBER.desc()`. Further calls add to it.
    pub fn order_by(mut self, ordering: impl Ordering<<O as Orderable>::Entity>) -> Self
    where
        O: Orderable,
    {
        ordering.add_to(&mut self.options.query.order_by);
        self
    }

    /// Asks for the number of all matches, beyond this page, in [`Page::count`](crate::Page). It
    /// can be slow.
    pub fn count(mut self, count: bool) -> Self
    where
        O: Countable,
    {
        self.options.query.count = Some(count);
        self
    }

    /// Asks for at most this many items. Configuration lists refuse more than 100 with a 400.
    pub fn top(mut self, top: u32) -> Self
    where
        O: Pageable,
    {
        self.options.query.top = Some(top);
        self
    }

    /// Leaves out this many items at the beginning.
    pub fn skip(mut self, skip: u64) -> Self
    where
        O: Pageable,
    {
        self.options.query.skip = Some(skip);
        self
    }
}

/// `If-Match`
impl<O: Conditional> Request<O> {
    /// Does the call only if the entity still has this ETag (`*` for any); the PBX answers 412
    /// otherwise.
    pub fn if_match(mut self, etag: impl Into<String>) -> Self {
        self.options.if_match = Some(etag.into());
        self
    }
}

/// Null in a PATCH
impl<O: Updatable> Request<O> {
    /// Sends `null` for a property, which empties it on the PBX, where an absent one stays as it
    /// is. It wins over a value in the body.
    pub fn clear<T>(mut self, property: Property<O::Entity, T>) -> Self {
        if !self.options.cleared.contains(&property.name()) {
            self.options.cleared.push(property.name());
        }
        self
    }
}

// The two below are free functions, as a generated option method may have any name.

fn written<O: Operation>(operation: &O, options: Options, form: usize) -> RequestParts {
    let mut parts = RequestParts::new(options, form);
    operation.write(&mut parts);
    parts
}

fn call<O: Operation, T>(request: Request<O>, decode: fn(Reply) -> Result<T, Error>) -> Call<T> {
    let Request { client, operation, options } = request;
    // Which form the PBX takes is known only once the call is under way, so each is written.
    let former = (1..O::INFO.forms.len()).map(|form| {
        let parts = written(&operation, options.clone(), form);
        prepare(&client, O::INFO, parts, O::Output::STREAMED)
    });
    let former = former.collect();
    let newest = prepare(&client, O::INFO, written(&operation, options, 0), O::Output::STREAMED);
    Call { reply: transport::execute(client, O::INFO, newest, former), decode }
}

/// Turns what the operation wrote into a request. Not generic: it exists once.
fn prepare(
    client: &Client,
    info: OperationInfo,
    mut parts: RequestParts,
    streamed: bool,
) -> Result<PreparedRequest, Error> {
    parts.refuse_leftovers();
    let form = parts.form();
    let RequestParts { options, path, body, content_type, link, .. } = parts;
    if let Some(problem) = options.problem {
        return Err(problem.in_operation(info));
    }
    let url = match link {
        Some(link) => download::resolve(client.origin(), &link, info)?,
        None => {
            let mut target = String::with_capacity(client.origin().len() + path.len() + 64);
            target.push_str(client.origin());
            target.push_str("/xapi/v1");
            target.push_str(&path);
            options.query.write(&mut target);
            // The URL type has the last word on the bytes that are sent.
            Url::parse(&target)
                .map_err(|_| Error::bad_request(info, "the path is not part of a URL"))?
        }
    };
    let body = match body {
        Some(body) => {
            let json = body.finish(&options.cleared);
            Some(Bytes::from(
                json.map_err(|error| Error::unwritable("the body", &error).in_operation(info))?,
            ))
        }
        None => None,
    };
    let target_start = client.origin().len();
    Ok(PreparedRequest {
        info,
        form,
        url,
        bounded: options.query.bounded(),
        selected: options.query.selected(),
        target_start,
        streamed,
        if_match: options.if_match,
        body,
        content_type,
        timeout: options.timeout,
        attempt_timeout: options.attempt_timeout,
        retry: options.retry,
        retry_writes: options.retry_writes,
    })
}

/// A request for a path without values.
pub(crate) fn plain(
    client: &Client,
    info: OperationInfo,
    path: &'static str,
    timeout: Duration,
) -> Result<PreparedRequest, Error> {
    let mut parts = RequestParts::new(Options { timeout: Some(timeout), ..Options::default() }, 0);
    parts.path(path);
    prepare(client, info, parts, false)
}

/// A request as it will be sent, but for the token.
#[derive(Clone)]
pub struct PreparedRequest {
    pub(crate) info: OperationInfo,
    pub(crate) url: Url,
    /// Where the path begins in the URL.
    target_start: usize,
    /// Which of the operation's forms this is.
    form: usize,
    /// What `$select` asks for.
    pub(crate) selected: Selected,
    /// Properties that it names and not every release knows.
    pub(crate) bounded: Vec<(&'static str, Releases)>,
    /// Whether the answer's body is handed over unread.
    pub(crate) streamed: bool,
    pub(crate) if_match: Option<String>,
    pub(crate) body: Option<Bytes>,
    /// `None`: JSON.
    content_type: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) retry_writes: bool,
}

impl PreparedRequest {
    /// The facts of the operation.
    #[must_use]
    pub fn info(&self) -> OperationInfo {
        self.info
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> Method {
        self.info.forms.get(self.form).map_or(self.info.method, |form| form.method)
    }

    /// Path and query as they stand in the request line, from `/xapi/v1` on.
    #[must_use]
    pub fn target(&self) -> &str {
        self.url.as_str().get(self.target_start..).unwrap_or_default()
    }

    /// The headers that this crate sets, without `Authorization`.
    #[must_use]
    pub fn headers(&self) -> Vec<(&'static str, &str)> {
        let mut headers = vec![("accept", transport::accept(self.streamed))];
        if self.body.is_some() {
            headers.push(("content-type", self.content_type()));
        }
        if let Some(etag) = &self.if_match {
            headers.push(("if-match", etag));
        }
        headers
    }

    pub(crate) fn content_type(&self) -> &str {
        self.content_type.as_deref().unwrap_or("application/json")
    }

    /// The body, if one is sent: JSON, but for the upload of a prompt. It may hold secrets.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }
}

/// Request line and headers. The body is left out, as it may hold secrets.
impl fmt::Display for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method(), self.target())?;
        for (name, value) in self.headers() {
            write!(f, "\n{name}: {value}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for PreparedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedRequest")
            .field("operation", &self.info.id)
            .field("method", &self.method())
            .field("target", &self.target())
            .field("body_bytes", &self.body.as_ref().map(Bytes::len))
            .finish()
    }
}

/// A call under way, generic over its answer alone: the work behind it is compiled once.
///
/// Dropping it at any moment cancels the call and leaves the client usable.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    reply: BoxFuture<Result<Reply, Error>>,
    decode: fn(Reply) -> Result<T, Error>,
}

impl<T> Future for Call<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.reply.as_mut().poll(context) {
            Poll::Ready(Ok(reply)) => Poll::Ready((self.decode)(reply)),
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
