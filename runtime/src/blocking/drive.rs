//! The thread that does the work, and how another one waits for it.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::runtime::{Builder, Handle};
use tokio::task::coop;

use crate::error::Error;

/// Polls until it says that it is done. Not generic: it is compiled once.
///
/// Tokio's own `block_on` panics in places where this reports an error.
pub(super) fn to_the_end(poll: &mut dyn FnMut(&mut Context<'_>) -> bool) -> Result<(), Error> {
    if in_async_context() {
        return Err(Error::configuration(
            "`wait` would stop the async runtime that it is called on: use `.await` here, or call it inside `tokio::task::spawn_blocking`",
        ));
    }
    let runtime = runtime()?;
    let _entered = runtime.enter();
    let alarm = Arc::new(Alarm { rung: AtomicBool::new(false), thread: thread::current() });
    let waker = Waker::from(Arc::clone(&alarm));
    let mut context = Context::from_waker(&waker);
    while !poll(&mut context) {
        while !alarm.rung.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
    Ok(())
}

/// Wakes a thread. The flag stays if something else on that thread has taken the `unpark`.
struct Alarm {
    rung: AtomicBool,
    thread: Thread,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

/// Sockets and timers of all waiting calls are served by one thread, which lives as long as the
/// process: a runtime of each call's own would take the kept connections with it.
fn runtime() -> Result<Handle, Error> {
    static RUNTIME: Mutex<Option<Handle>> = Mutex::new(None);
    let mut slot = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*slot {
        return Ok(handle.clone());
    }
    let failed = |error| Error::local_io("the thread for blocking calls cannot be started", error);
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_name("threecx-xapi")
        .build()
        .map_err(failed)?;
    let handle = runtime.handle().clone();
    thread::Builder::new()
        .name("threecx-xapi".to_owned())
        .spawn(move || runtime.block_on(pending::<()>()))
        .map_err(failed)?;
    *slot = Some(handle.clone());
    Ok(handle)
}

/// Whether a future of Tokio's is being polled on this thread.
///
/// A current runtime alone does not tell: `spawn_blocking` has one too, and may block. But only what
/// must not block has a budget of steps to take before it yields, so whether that budget ends
/// tells. The steps are given back.
fn in_async_context() -> bool {
    // Tokio's budget is 128.
    const MORE_THAN_ANY: usize = 256;
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    let mut steps = Vec::new();
    let mut ends = false;
    while !ends && steps.len() < MORE_THAN_ANY {
        match coop::poll_proceed(&mut context) {
            Poll::Ready(step) => steps.push(step),
            Poll::Pending => ends = true,
        }
    }
    // Each gives back what was there before it, so the first must be the last.
    while steps.pop().is_some() {}
    ends
}
