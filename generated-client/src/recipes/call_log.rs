//! The call log of a period: [`Client::call_log`].

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;

use super::border::Border;
pub use super::place::CallLogContinuation;
use crate::client::Client;
use crate::edm::DateTimeOffset;
use crate::error::Error;
use crate::generated::entities::CallLogData;
use crate::generated::resources::report_call_log_data::GetCallLogData;
use crate::operation::Operation;
use crate::paging::{All, Caps, Items, Pace};
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
            read_ahead: 0,
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
    read_ahead: usize,
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

    /// Fetches up to so many pages at once while the current one is read, of this window and of those behind
    /// it; see [`Items::read_ahead`]. The rows, their order and errors stay the same. The first window is read
    /// alone, as it tells whether the PBX caps its pages.
    pub fn read_ahead(mut self, pages: usize) -> Self {
        self.read_ahead = pages;
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
        CallLogItems {
            from: self.operation.period_from,
            pace: Pace::new(self.read_ahead),
            log: self,
            windows: VecDeque::new(),
            border: Border::default(),
            caps: None,
            rows: 0,
            resumed: None,
            begun: false,
            ended: false,
        }
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

    /// Of the start of the period and of all options, so that a continuation of another call log is recognised.
    fn fingerprint(&self) -> u64 {
        let start = self.operation.period_from;
        self.request(start..start).items().continuation().fingerprint()
    }

    /// Refuses a continuation of another call log.
    fn check(&self, from: &CallLogContinuation) -> Result<(), Error> {
        let Range { start, end } = self.operation.period_from..self.operation.period_to;
        if from.log != self.fingerprint() || from.from < start {
            return Err(Error::bad_request(
                GetCallLogData::INFO,
                "the continuation belongs to a call log with another start or other options: make the same call log again to go on",
            ));
        }
        if from.from > end {
            return Err(Error::bad_request(
                GetCallLogData::INFO,
                "the continuation leads behind the end of the period: give the call log an end that is not before it",
            ));
        }
        Ok(())
    }

    /// How many windows there are in a part of the period.
    fn windows(&self, part: Range<DateTimeOffset>) -> u64 {
        let length = Duration::try_from(part.end - part.start).unwrap_or_default();
        let seconds = length.as_secs() + u64::from(length.subsec_nanos() > 0);
        seconds.div_ceil(self.window.as_secs().max(1))
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

/// The rows of a call log, made by [`CallLog::items`].
///
/// It ends after an error; [`continuation`](Self::continuation) then leads to the page that failed.
#[must_use = "nothing is asked for before `next` is called"]
pub struct CallLogItems {
    log: CallLog,
    /// Where the next window begins.
    from: DateTimeOffset,
    /// The window that is read, and those whose first pages were asked for early.
    windows: VecDeque<Window>,
    /// The rows of the window before that the next one may repeat.
    border: Border,
    /// What the windows before have told of the server; none as long as the first one is read.
    caps: Option<Caps>,
    /// How many pages of all windows are on their way.
    pace: Arc<Pace>,
    /// How many rows have been given.
    rows: u64,
    /// Where to go on, until the first window is opened.
    resumed: Option<CallLogContinuation>,
    /// Whether a row has been asked for.
    begun: bool,
    ended: bool,
}

/// How much of a call log has been read; see [`CallLogItems::progress`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The rows that were given, those before a [`resume`](CallLogItems::resume) included.
    pub rows: u64,
    /// The windows that have been read to their ends: days, unless [`CallLog::window`] sets another length.
    pub windows: u64,
    /// The windows of the whole period.
    pub of_windows: u64,
}

/// A window that is being read.
struct Window {
    start: DateTimeOffset,
    end: DateTimeOffset,
    items: Items<CallLogData>,
    /// Its rows that the next one may repeat.
    border: Border,
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

    /// Goes on where a continuation was taken. Set it before the first row is asked for.
    ///
    /// The call log must have the same start and the same options. Its end may be a later one if the
    /// continuation was taken at the end: then the rows since come.
    ///
    /// A continuation that does not fit is an error that [`is_usage`](Error::is_usage), and nothing is sent.
    ///
    /// ```no_run
    /// use threecx_xapi::edm::DateTimeOffset;
    ///
    /// # async fn run(pbx: threecx_xapi::Client, start: DateTimeOffset, end: DateTimeOffset, stored: Option<String>) -> threecx_xapi::Result<()> {
    /// let mut calls = pbx.call_log(start..end).items();
    /// if let Some(stored) = stored {
    ///     calls = calls.resume(stored.parse()?);
    /// }
    /// while let Some(call) = calls.next().await.transpose()? {
    ///     let progress = calls.progress();
    ///     println!("{:?}, day {} of {}", call.call_id, progress.windows + 1, progress.of_windows);
    /// }
    /// let _to_store = calls.continuation().to_string();
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(mut self, continuation: CallLogContinuation) -> Self {
        self.resumed = Some(continuation);
        self
    }

    /// The place behind the last row that was given, to go on from later.
    pub fn continuation(&self) -> CallLogContinuation {
        if let Some(resumed) = &self.resumed {
            return resumed.clone();
        }
        let window = self.windows.front();
        CallLogContinuation {
            log: self.log.fingerprint(),
            from: window.map_or(self.from, |window| window.start),
            within: window.map(|window| window.items.continuation()),
            before: self.border.clone(),
            border: window.map(|window| window.border.clone()).unwrap_or_default(),
            rows: self.rows,
        }
    }

    /// How much has been read.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let (from, rows) = match (&self.resumed, self.windows.front()) {
            (Some(resumed), _) => (resumed.from, resumed.rows),
            (None, Some(window)) => (window.start, self.rows),
            (None, None) => (self.from, self.rows),
        };
        let (start, end) = (self.log.operation.period_from, self.log.operation.period_to);
        let windows = self.log.windows(start..from);
        Progress { rows, windows, of_windows: windows + self.log.windows(from..end) }
    }

    /// Begins with the next window; none at the end of the period.
    fn open(&mut self) -> Result<Option<Window>, Error> {
        let (mut within, mut border) = (None, Border::default());
        if let Some(resumed) = self.resumed.take() {
            self.log.check(&resumed)?;
            (self.from, self.border, self.rows) = (resumed.from, resumed.before, resumed.rows);
            (within, border) = (resumed.within, resumed.border);
        }
        let Range { start, end } = self.log.window_at(self.from)?;
        if start == end {
            return Ok(None);
        }
        self.from = end;
        let mut items = self.log.request(start..end).items().assume(self.caps.unwrap_or_default());
        if let Some(within) = within {
            items = items.resume(within);
        }
        items = items.at_pace(&self.pace);
        if self.log.read_ahead > 0 && self.caps.is_some() {
            items.begin();
        }
        Ok(Some(Window { start, end, items, border }))
    }

    /// Asks for the first pages of the next windows, as far as fewer pages are on their way than may be.
    fn open_ahead(&mut self) {
        while self.caps.is_some() {
            let most = self.pace.now();
            let behind: usize = self.windows.iter().skip(1).map(Window::in_flight).sum();
            let opened = self.windows.len();
            let Some(window) = self.windows.front_mut() else { return };
            window.items.share(behind);
            if opened > most || window.in_flight() + behind >= most {
                return;
            }
            // What is wrong with a window is said in its turn.
            let Ok(Some(next)) = self.open() else { return };
            self.windows.push_back(next);
        }
    }

    /// The end by an error, which leaves nothing on its way.
    fn fail(&mut self, error: Error) -> Poll<Option<Result<CallLogData, Error>>> {
        self.ended = true;
        // The window that failed says where to go on.
        self.windows.truncate(1);
        Poll::Ready(Some(Err(error)))
    }
}

impl Window {
    /// How many of its pages are on their way.
    fn in_flight(&self) -> usize {
        self.items.in_flight()
    }
}

impl Stream for CallLogItems {
    type Item = Result<CallLogData, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let is_late = std::mem::replace(&mut this.begun, true) && this.resumed.is_some();
        if is_late && !this.ended {
            let message = "`resume` must be set before the first row is asked for";
            return this.fail(Error::bad_request(GetCallLogData::INFO, message));
        }
        while !this.ended {
            this.open_ahead();
            let Some(window) = this.windows.front_mut() else {
                match this.open() {
                    Ok(Some(window)) => this.windows.push_back(window),
                    Ok(None) => this.ended = true,
                    Err(error) => return this.fail(error),
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
                        Ok(false) => {
                            this.rows += 1;
                            return Poll::Ready(Some(Ok(row)));
                        }
                        Err(error) => return this.fail(error),
                    }
                }
                Some(Err(error)) => return this.fail(error),
                None => {
                    this.caps = Some(window.items.caps());
                    this.border = std::mem::take(&mut window.border);
                    this.windows.pop_front();
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
