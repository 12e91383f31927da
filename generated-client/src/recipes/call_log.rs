//! The call log of a period: [`Client::call_log`].

use std::collections::HashMap;
use std::fmt;
use std::future::poll_fn;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use crate::client::Client;
use crate::edm::DateTimeOffset;
use crate::error::Error;
use crate::generated::entities::CallLogData;
use crate::generated::resources::report_call_log_data::GetCallLogData;
use crate::json;
use crate::operation::Operation;
use crate::paging::{All, Caps, Items};
use crate::request::Request;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How the operation writes "at any time of the day".
const ANY_TIME: &str = "0:00:0";

impl Client {
    /// Reads the call log of a period. The client calls `GetCallLogData` for one window of a day after the
    /// other, because the PBX is slow over longer periods, and reads each window page by page.
    ///
    /// ```no_run
    /// use threecx_xapi::edm::DateTimeOffset;
    ///
    /// # async fn run(pbx: threecx_xapi::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let from: DateTimeOffset = "2026-02-01T00:00:00+01:00".parse()?;
    /// let to = "2026-03-01T00:00:00+01:00".parse()?;
    /// let mut calls = pbx.call_log(from..to).source_filter("101").items();
    /// while let Some(call) = calls.next().await {
    ///     let call = call?;
    ///     println!("{:?} {:?}", call.start_time, call.destination_caller_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn call_log(&self, period: Range<DateTimeOffset>) -> CallLog {
        CallLog {
            operation: GetCallLogData {
                period_from: period.start,
                period_to: period.end,
                source_type: 0,
                destination_type: 0,
                calls_type: 0,
                call_time_filter_type: 0,
                hide_pcalls: false,
            },
            client: self.clone(),
            window: DAY,
            read_ahead: false,
            source_filter: None,
            destination_filter: None,
            call_time: [ANY_TIME.to_owned(), ANY_TIME.to_owned()],
            with: None,
        }
    }
}

type With = dyn Fn(Request<GetCallLogData>) -> Request<GetCallLogData> + Send + Sync;

/// The call log of a period, made by [`Client::call_log`]. It has all calls, unless its methods narrow it.
///
/// The client cuts the period into windows of a day ([`window`](Self::window) sets another length). The
/// last window ends with the period. A row at the border of two windows comes once, even if the PBX sends
/// it in both; two equal rows of one window stay two rows. If the period is empty, the client asks for
/// nothing. If it ends before it begins, that is an error that [`is_usage`](Error::is_usage).
#[derive(Clone)]
#[must_use = "nothing is asked for before its items are"]
pub struct CallLog {
    client: Client,
    operation: GetCallLogData,
    window: Duration,
    read_ahead: bool,
    source_filter: Option<String>,
    destination_filter: Option<String>,
    call_time: [String; 2],
    with: Option<Arc<With>>,
}

impl CallLog {
    /// The length of a window, in whole seconds; a day by default.
    pub fn window(mut self, length: Duration) -> Self {
        self.window = length;
        self
    }

    /// Fetches the next page of a window while the current one is read; see [`Items::read_ahead`].
    pub fn read_ahead(mut self) -> Self {
        self.read_ahead = true;
        self
    }

    /// `sourceType`: what [`source_filter`](Self::source_filter) is, 0 by default.
    pub fn source_type(mut self, value: i32) -> Self {
        self.operation.source_type = value;
        self
    }

    /// `sourceFilter`: who called.
    pub fn source_filter(mut self, value: impl Into<String>) -> Self {
        self.source_filter = Some(value.into());
        self
    }

    /// `destinationType`: what [`destination_filter`](Self::destination_filter) is, 0 by default.
    pub fn destination_type(mut self, value: i32) -> Self {
        self.operation.destination_type = value;
        self
    }

    /// `destinationFilter`: who was called.
    pub fn destination_filter(mut self, value: impl Into<String>) -> Self {
        self.destination_filter = Some(value.into());
        self
    }

    /// `callsType`: which calls, 0 by default.
    pub fn calls_type(mut self, value: i32) -> Self {
        self.operation.calls_type = value;
        self
    }

    /// `callTimeFilterType`, `callTimeFilterFrom` and `callTimeFilterTo`: calls of a certain duration
    /// only. By default 0, and `0:00:0` twice, which is no filter.
    pub fn call_time_filter(
        mut self,
        kind: i32,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Self {
        self.operation.call_time_filter_type = kind;
        self.call_time = [from.into(), to.into()];
        self
    }

    /// `hidePcalls`; `false` by default.
    pub fn hide_pcalls(mut self, value: bool) -> Self {
        self.operation.hide_pcalls = value;
        self
    }

    /// Sets further options of the request that is sent for each window: `filter`, `select`, `timeout`
    /// and so on; a `top` counts for each window. A second call replaces the first.
    ///
    /// Include `StartTime` in a `select`. Without it, a row at the border of two windows may come twice.
    ///
    /// ```no_run
    /// # use threecx_xapi::{Client, Result, edm::DateTimeOffset};
    /// # async fn run(pbx: Client, from: DateTimeOffset, to: DateTimeOffset) -> Result<()> {
    /// let minute = std::time::Duration::from_secs(60);
    /// let calls = pbx.call_log(from..to).with(move |call| call.timeout(minute)).all(10_000).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with(
        mut self,
        options: impl Fn(Request<GetCallLogData>) -> Request<GetCallLogData> + Send + Sync + 'static,
    ) -> Self {
        self.with = Some(Arc::new(options));
        self
    }

    /// The rows of all windows, one after the other: a [`Stream`] with a [`next`](CallLogItems::next) of
    /// its own. The client sends nothing before the first row is asked for.
    pub fn items(self) -> CallLogItems {
        let from = self.operation.period_from;
        let border = Border::default();
        CallLogItems { log: self, from, window: None, border, caps: Caps::default(), ended: false }
    }

    /// All rows in one list, if there are no more than `most`.
    ///
    /// # Errors
    /// More rows than `most` are an error, which [`is_too_large`](Error::is_too_large).
    pub fn all(self, most: usize) -> All<CallLogItems, CallLogData> {
        All::new(GetCallLogData::INFO, most, self.items())
    }

    /// The request for a window.
    fn request(&self, window: Range<DateTimeOffset>) -> Request<GetCallLogData> {
        let (period_from, period_to) = (window.start, window.end);
        let operation = GetCallLogData { period_from, period_to, ..self.operation.clone() };
        let [from, to] = &self.call_time;
        let mut request = self
            .client
            .request(operation)
            .call_time_filter_from(from.as_str())
            .call_time_filter_to(to.as_str());
        if let Some(filter) = &self.source_filter {
            request = request.source_filter(filter.as_str());
        }
        if let Some(filter) = &self.destination_filter {
            request = request.destination_filter(filter.as_str());
        }
        match &self.with {
            Some(with) => with(request),
            None => request,
        }
    }

    /// The window that begins at a moment.
    fn window_at(&self, from: DateTimeOffset) -> Result<Range<DateTimeOffset>, Error> {
        let to = self.operation.period_to;
        let wrong = |message| Err(Error::bad_request(GetCallLogData::INFO, message));
        if self.window.as_secs() == 0 || self.window.subsec_nanos() > 0 {
            return wrong("the window of a call log must have whole seconds, at least one");
        }
        if to < from {
            return wrong("the period of the call log ends before it begins");
        }
        // Where the calendar ends, so does the period.
        Ok(from..from.checked_add(self.window).map_or(to, |end| end.min(to)))
    }
}

/// The rows of a call log, made by [`CallLog::items`]. It ends after an error.
#[must_use = "nothing is asked for before `next` is called"]
pub struct CallLogItems {
    log: CallLog,
    /// Where the next window begins.
    from: DateTimeOffset,
    window: Option<Window>,
    /// The rows of the window before that the next one may repeat.
    border: Border,
    /// What the windows before have told of the server.
    caps: Caps,
    ended: bool,
}

/// A window that is being read.
struct Window {
    end: DateTimeOffset,
    items: Items<CallLogData>,
    /// Its rows that the next one may repeat.
    border: Border,
}

/// Rows, and how often each is there.
#[derive(Default)]
struct Border(HashMap<Vec<u8>, usize>);

impl Border {
    /// Two rows are the same if they are written in the same way.
    fn key(row: &CallLogData) -> Result<Vec<u8>, Error> {
        json::to_body("a row of the call log", row)
    }

    fn insert(&mut self, row: &CallLogData) -> Result<(), Error> {
        *self.0.entry(Self::key(row)?).or_default() += 1;
        Ok(())
    }

    /// Removes a row once; tells whether it was there.
    fn remove(&mut self, row: &CallLogData) -> Result<bool, Error> {
        if self.0.is_empty() {
            return Ok(false);
        }
        let key = Self::key(row)?;
        let Some(times) = self.0.get_mut(&key) else { return Ok(false) };
        *times -= 1;
        if *times == 0 {
            self.0.remove(&key);
        }
        Ok(true)
    }
}

impl CallLogItems {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// Those of a request; a period that ends before it begins; a window without whole seconds.
    #[allow(
        clippy::should_implement_trait,
        reason = "the future of a stream's `next`, by the name that it has everywhere"
    )]
    pub async fn next(&mut self) -> Option<Result<CallLogData, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Begins with the next window; none at the end of the period.
    fn open(&mut self) -> Result<Option<Window>, Error> {
        let window = self.log.window_at(self.from)?;
        let end = window.end;
        if window.start == end {
            return Ok(None);
        }
        self.from = end;
        let mut items = self.log.request(window).items().assume(self.caps);
        if self.log.read_ahead {
            items = items.read_ahead(1);
        }
        Ok(Some(Window { end, items, border: Border::default() }))
    }
}

impl Stream for CallLogItems {
    type Item = Result<CallLogData, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while !this.ended {
            let Some(window) = &mut this.window else {
                match this.open() {
                    Ok(Some(window)) => this.window = Some(window),
                    Ok(None) => this.ended = true,
                    Err(error) => {
                        this.ended = true;
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                continue;
            };
            match ready!(Pin::new(&mut window.items).poll_next(context)) {
                Some(Ok(row)) => {
                    let is_border = row.start_time.is_some_and(|start| start >= window.end);
                    let noted = if is_border { window.border.insert(&row) } else { Ok(()) };
                    // Each row of the window before stands for one that comes again.
                    match noted.and_then(|()| this.border.remove(&row)) {
                        Ok(true) => {}
                        Ok(false) => return Poll::Ready(Some(Ok(row))),
                        Err(error) => {
                            this.ended = true;
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                }
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.caps = window.items.caps();
                    this.border = std::mem::take(&mut window.border);
                    this.window = None;
                }
            }
        }
        Poll::Ready(None)
    }
}

impl fmt::Debug for CallLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLog")
            .field("operation", &self.operation)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallLogItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLogItems").field("log", &self.log).finish_non_exhaustive()
    }
}
