//! Calls without an async runtime (feature `blocking`).
//!
//! With [`Wait`] in scope, `.wait()` stands where `.await` would. Client, options, answers and errors are
//! the same.
//!
//! ```no_run
//! use threecx_xapi::Client;
//! use threecx_xapi::blocking::Wait;
//!
//! # fn main() -> threecx_xapi::Result<()> {
//! let pbx = Client::builder("https://pbx.example.com:5001")
//!     .service_principal("integration", "the API key")
//!     .build()?;
//! for user in pbx.users().list().top(5).wait()? {
//!     println!("{:?}", user.number);
//! }
//! for user in pbx.users().list().items().wait() {
//!     println!("{:?}", user?.number);
//! }
//! pbx.recordings().download_recording(981).wait()?.save_to("981.wav").wait()?;
//! # Ok(())
//! # }
//! ```
//!
//! The first call starts one thread, which does the work of all clients. So the client keeps its
//! connections from one call to the next. Any number of threads may wait at once.
//!
//! Inside a future that runs on an async runtime, waiting would stop the runtime's thread, and could stop
//! the call with it. There, `.wait()` returns an error that says so. Use `.await`, or call `.wait()` inside
//! `tokio::task::spawn_blocking`. Don't wait with a client that has made calls on a runtime that now
//! stands still (a `current_thread` runtime outside its `block_on`): its kept connections stand still
//! too, and the call times out.

mod drive;
mod iter;
mod reader;

use std::pin::pin;
use std::task::Poll;

use crate::error::Error;

pub use iter::Iter;
pub use reader::Reader;

/// Waits for a value that could be awaited: a [`Request`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Request.html), a [`Call`](crate::call::Call), or a
/// method of [`Download`](crate::Download) or [`Client`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html).
pub trait Wait<T>: Sized {
    /// Blocks the thread until the result is there.
    ///
    /// # Errors
    /// Those of the call. In an async context the client sends nothing, and the error
    /// [`is_usage`](Error::is_usage).
    fn wait(self) -> Result<T, Error>;
}

impl<T, F: IntoFuture<Output = Result<T, Error>>> Wait<T> for F {
    fn wait(self) -> Result<T, Error> {
        let mut future = pin!(self.into_future());
        let mut outcome = None;
        drive::to_the_end(&mut |context| match future.as_mut().poll(context) {
            Poll::Ready(ready) => {
                outcome = Some(ready);
                true
            }
            Poll::Pending => false,
        })?;
        outcome.unwrap_or_else(|| Err(Error::cut_off("the call ended without a result")))
    }
}
