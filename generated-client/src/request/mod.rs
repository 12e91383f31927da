//! A request: an operation with its options, awaited through [`IntoFuture`].

mod one;
mod pages;

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use threecx_xapi_runtime::answer::{self, Answer, Response};
use threecx_xapi_runtime::call;
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::filter::Condition;
use threecx_xapi_runtime::literal::{self, Literal};
use threecx_xapi_runtime::message::{Options, PreparedRequest, Reply, RetryPolicy};
use threecx_xapi_runtime::operation::{
    Conditional, Countable, Expandable, Filterable, Operation, Orderable, Pageable, Searchable,
    Selectable, Updatable,
};
use threecx_xapi_runtime::paging::Plan;
use threecx_xapi_runtime::property::Property;
use threecx_xapi_runtime::query::{Expansion, Ordering, Selection};
use threecx_xapi_runtime::transport::Transport;

pub use threecx_xapi_runtime::call::Call;

/// A call that has not been sent: the operation, its options and the client it will use.
///
/// The client sends it when it is awaited, or when [`send`](Self::send) is awaited. It can be cloned, to
/// send it again.
///
/// # Options
/// - What to ask for: [`filter`](Self::filter), [`search`](Self::search), [`select`](Self::select),
///   [`expand`](Self::expand), [`order_by`](Self::order_by), [`top`](Self::top), [`skip`](Self::skip),
///   [`count`](Self::count). A request has those that its operation declares; the method that makes the request
///   lists them as its query options.
/// - How many rows: [`items`](Self::items), [`pages`](Self::pages) and [`all`](Self::all) read every page,
///   [`first`](Self::first) and [`exactly_one`](Self::exactly_one) one row,
///   [`count_only`](Self::count_only) the number alone.
/// - How the call is made: [`timeout`](Self::timeout), [`retry`](Self::retry),
///   [`retry_writes`](Self::retry_writes), [`header`](Self::header), [`if_match`](Self::if_match).
/// - What comes back: awaited, the request yields the value; [`send`](Self::send) adds status and headers.
/// - Values of one operation alone: the method that makes the request lists them as its optional values. Their
///   methods stand last on this page.
///
/// # Many at once
/// A request is no future yet: `into_future` makes it one, for the functions that drive several. The
/// client's [`max_concurrent_requests`](crate::ClientBuilder::max_concurrent_requests) limits how many are
/// on their way.
///
/// ```no_run
/// use futures_util::future::try_join_all;
/// use futures_util::stream::{self, StreamExt, TryStreamExt};
/// use threecx_xapi::entities::User;
///
/// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
/// // All at once; the first error ends it.
/// let ids = [12, 13, 14];
/// let users = try_join_all(ids.map(|id| pbx.users().get(id).into_future())).await?;
///
/// // Four at a time, as they come.
/// let changes = users.iter().filter_map(|user| user.id).map(|id| {
///     pbx.users().update(id, User::default().enabled(true)).into_future()
/// });
/// stream::iter(changes).buffer_unordered(4).try_collect::<Vec<_>>().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<O> {
    transport: Arc<Transport>,
    operation: O,
    options: Options,
}

/// Query options, each where the operation declares it
impl<O: Operation> Request<O> {
    /// Asks for the rows that match a condition, such as `User::NUMBER.eq("101")`; a second call replaces the first.
    /// See [`filter`](crate::filter).
    ///
    /// If no row can match, because the condition asks for one of no values, the client gives an empty
    /// answer without a request.
    pub fn filter(mut self, filter: impl Condition<<O as Filterable>::Entity>) -> Self
    where
        O: Filterable,
    {
        self.options.set_filter(&filter.into_filter(), O::Output::COLLECTION);
        self
    }

    /// Asks for the rows that the PBX finds for `text`, which counts as one word or phrase. A second call
    /// replaces the first; an empty text asks for no search.
    pub fn search(mut self, text: impl AsRef<str>) -> Self
    where
        O: Searchable,
    {
        self.options.set_search(text.as_ref());
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

    /// Asks for these navigation properties too: one, an array, a tuple, or raw text. The PBX leaves
    /// out the others. Further calls add to it.
    ///
    /// Say on each what you want of it: `User::GROUPS.select(UserGroup::NAME)`; see
    /// [`Expand`](crate::query::Expand).
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

    /// Asks for at most this many items. Configuration lists refuse more than 100 with a 400; over
    /// several pages, see [`items`](Self::items), it may be any number.
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

/// How the call is made
impl<O: Operation> Request<O> {
    pub(crate) fn new(transport: Arc<Transport>, operation: O) -> Self {
        Self { transport, operation, options: Options::default() }
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
        self.options.limits.timeout = Some(limit);
        self
    }

    /// Limits the time of each attempt of this call, in place of the client's
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.options.limits.attempt_timeout = Some(limit);
        self
    }

    /// Sends a header with this call, in place of one of the same name. See
    /// [`default_header`](crate::ClientBuilder::default_header) for what is refused; here the error comes with
    /// the call, and nothing is sent.
    ///
    /// ```
    /// # fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let request = pbx.users().list().header("X-Request-Id", "4711").prepare()?;
    /// assert!(request.headers().contains(&("x-request-id", "4711")));
    /// # Ok(())
    /// # }
    /// # run(threecx_xapi::Client::builder("http://localhost").build().unwrap()).unwrap();
    /// ```
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.options.add_header(name.as_ref(), value.as_ref());
        self
    }

    /// How often this call is tried, in place of the client's [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options.limits.retry = Some(policy);
        self
    }

    /// Lets the client repeat this call even if the PBX may have carried it out. Use it on a POST or
    /// PATCH that does no harm when done twice. GET, PUT and DELETE need no permission.
    pub fn retry_writes(mut self) -> Self {
        self.options.limits.retry_writes = true;
        self
    }

    /// Writes the request without sending it, to look at it or to test it. It holds no token.
    ///
    /// If an operation changed between releases, it is written as the PBX's release takes it
    /// ([`Client::release`](crate::Client::release)); if the client does not know that release, as the
    /// newest release takes it that the given values fit.
    ///
    /// # Errors
    /// A value that cannot be written as JSON, or that the PBX's release does not take.
    pub fn prepare(&self) -> Result<PreparedRequest, Error> {
        call::prepared(&self.transport, &self.operation, &self.options)
    }

    /// Sends the request and yields the value together with status and headers.
    pub fn send(self) -> Call<Response<O::Output>> {
        self.call_with(answer::decode_response::<O::Output>)
    }

    /// Sends the request and reads the answer in another way than as its declared type.
    pub(crate) fn call_with<T>(self, decode: fn(Reply) -> Result<T, Error>) -> Call<T> {
        call::call(self.transport, &self.operation, self.options, decode)
    }

    /// The same with a `$top` of its own.
    pub(crate) fn with_top(mut self, top: u32) -> Self {
        self.options.query.top = Some(top);
        self
    }

    /// Asks for the number of rows in place of the rows.
    pub(crate) fn only_counted(mut self) -> Self {
        self.options.count_only = true;
        self
    }

    /// The walk over the pages, whose rows `key` tells apart.
    pub(crate) fn into_plan(self, key: Option<&'static str>) -> Plan {
        Plan::new(self.transport, &self.operation, &self.options, key)
    }

    /// Orders by the key; see [`by_key`](Self::by_key).
    pub(crate) fn ordered_by_key(mut self, key: Option<&'static str>) -> Self {
        self.options.by_key = key;
        self
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
        self.options.set_property(name, value);
        self
    }
}

impl<O: Clone> Clone for Request<O> {
    fn clone(&self) -> Self {
        let (transport, operation) = (Arc::clone(&self.transport), self.operation.clone());
        Self { transport, operation, options: self.options.clone() }
    }
}

impl<O: Operation> IntoFuture for Request<O> {
    type Output = Result<O::Output, Error>;
    type IntoFuture = Call<O::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.call_with(O::Output::decode)
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

/// Null in the body of an action
impl<O: Operation> Request<O> {
    /// Sends `null` for an optional property of an action's body, by its name on the wire. What is null
    /// inside of an entity says the entity: [`Entity::null`](crate::Entity::null).
    ///
    /// A name that the action does not have is an error, and nothing is sent.
    pub fn null(mut self, name: &'static str) -> Self {
        self.options.set_property(name, &());
        self
    }
}

/// Values that may be there
impl<O: Operation> Request<O> {
    /// Calls a method that sets an option, if there is a value for it. If there is none, the request stays as
    /// it is.
    ///
    /// ```
    /// use threecx_xapi::Request;
    ///
    /// # fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// let (most, text) = (Some(10), None::<String>);
    /// let users = pbx.users().list().maybe(Request::top, most).maybe(Request::search, text);
    /// assert_eq!(users.prepare()?.target(), "/xapi/v1/Users?$top=10");
    /// # Ok(())
    /// # }
    /// # run(threecx_xapi::Client::builder("http://localhost").build().unwrap()).unwrap();
    /// ```
    pub fn maybe<V>(self, set: impl FnOnce(Self, V) -> Self, value: Option<V>) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}

/// `If-Match`
impl<O: Conditional> Request<O> {
    /// Asks the PBX to do the call only if the entity still has this ETag (`*` for any). Otherwise the PBX
    /// answers 412.
    pub fn if_match(mut self, etag: impl Into<String>) -> Self {
        self.options.if_match = Some(etag.into());
        self
    }
}

/// Null in a PATCH
impl<O: Updatable> Request<O> {
    /// Sends `null` for a property, which empties the property on the PBX. The PBX keeps properties that
    /// the request leaves out. `clear` wins over a value in the body.
    pub fn clear<T>(mut self, property: Property<O::Entity, T>) -> Self {
        if !self.options.cleared.contains(&property.name()) {
            self.options.cleared.push(property.name());
        }
        self
    }
}
