//! Calls without an async runtime (feature `blocking`).
//!
//! With [`Wait`] in scope, whatever can be awaited can be waited for: `.wait()` stands where
//! `.await` would. Client, options, answers and errors are the same.
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
//! The work is done on a thread that this crate starts with the first call, for all clients; so
//! connections are kept from one call to the next. Any number of threads may wait at once.
//!
//! In a future that runs on an async runtime, waiting would stop the runtime's thread, and with it
//! perhaps what is waited for. It is an error there that says so; use `.await`, or
//! `tokio::task::spawn_blocking`, in which `.wait()` works. Don't wait with a client that has made
//! calls on a runtime which now stands still (a `current_thread` runtime outside of its
//! `block_on`): the connections that it kept stand still too, and the call times out.

mod drive;
mod iter;
mod reader;

use std::pin::pin;
use std::task::Poll;

use crate::error::Error;

pub use iter::Iter;
pub use reader::Reader;

/// Waits for what could be awaited: a [`Request`](crate::Request), a [`Call`](crate::Call), or a
/// method of [`Download`](crate::Download) or [`Client`](crate::Client).
pub trait Wait<T>: Sized {
    /// Blocks the thread until the result is there.
    ///
    /// # Errors
    /// Those of the call. In an async context nothing is sent, and the error
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
