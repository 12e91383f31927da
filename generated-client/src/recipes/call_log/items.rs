//! The rows of a call log as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use threecx_xapi_runtime::edm::DateTimeOffset;
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::operation::Operation;
use threecx_xapi_runtime::paging::{All, Caps, Items, Pace};

use super::CallLog;
use super::border::Border;
use super::place::CallLogContinuation;
use crate::generated::entities::CallLogData;
use crate::generated::resources::report_call_log_data::GetCallLogData;

/// Reading
impl CallLog {
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

impl fmt::Debug for CallLogItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLogItems").field("log", &self.log).finish_non_exhaustive()
    }
}
