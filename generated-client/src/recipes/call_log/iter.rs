//! The call log as an iterator of the standard library.

use std::fmt;
use std::iter::FusedIterator;

use threecx_xapi_runtime::blocking::Iter;
use threecx_xapi_runtime::error::Error;

use super::items::{CallLogItems, Progress};
use super::place::CallLogContinuation;
use crate::generated::entities::CallLogData;

/// The rows of a call log as an [`Iterator`] that blocks, made by [`CallLogItems::wait`].
///
/// It ends after an error. In an async context the client sends nothing, and the error
/// [`is_usage`](Error::is_usage).
#[must_use = "iterators are lazy"]
pub struct CallLogIter(Iter<CallLogItems>);

impl CallLogItems {
    /// The same as an iterator that blocks.
    pub fn wait(self) -> CallLogIter {
        CallLogIter(Iter::new(self))
    }
}

impl CallLogIter {
    /// The place behind the last row that was given; see [`CallLogItems::continuation`].
    pub fn continuation(&self) -> CallLogContinuation {
        self.0.stream().continuation()
    }

    /// How much has been read; see [`CallLogItems::progress`].
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.0.stream().progress()
    }
}

impl Iterator for CallLogIter {
    type Item = Result<CallLogData, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl FusedIterator for CallLogIter {}

impl fmt::Debug for CallLogIter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallLogIter").finish_non_exhaustive()
    }
}
