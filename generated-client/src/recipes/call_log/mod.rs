//! The call log of a period: [`Client::call_log`].

mod border;
mod items;
#[cfg(feature = "blocking")]
mod iter;
mod place;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use threecx_xapi_runtime::edm::DateTimeOffset;
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::operation::Operation;

use crate::client::Client;
use crate::generated::resources::report_call_log_data::GetCallLogData;
use crate::request::Request;

pub use items::{CallLogItems, Progress};
#[cfg(feature = "blocking")]
pub use iter::CallLogIter;
pub use place::CallLogContinuation;

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
    /// it; see [`Items::read_ahead`](crate::paging::Items::read_ahead). The rows, their order and errors stay the same. The first window is read
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

impl fmt::Debug for CallLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLog")
            .field("operation", &self.operation)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}
