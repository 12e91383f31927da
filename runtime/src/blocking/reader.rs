//! A download as a reader of the standard library.

use std::io::{self, Read};

use bytes::{Buf, Bytes};

use super::Wait;
use crate::download::{Download, Incoming};
use crate::error::Error;

/// A [`Download`] as an [`std::io::Read`]: for `std::io::copy`, a CSV or zip reader, and the like.
///
/// An error is an [`io::Error`] with this crate's [`Error`] inside; its kind is `TimedOut`,
/// `ConnectionAborted` or `Other`.
pub struct Reader {
    file: Incoming,
    rest: Bytes,
}

impl<T> Download<T> {
    /// Reads the file through [`std::io::Read`], which blocks.
    #[must_use]
    pub fn into_reader(self) -> Reader {
        Reader { file: self.into_incoming(), rest: Bytes::new() }
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !out.is_empty() {
            match self.file.chunk().wait().map_err(io_error)? {
                Some(chunk) => self.rest = chunk,
                None => return Ok(0),
            }
        }
        let length = self.rest.len().min(out.len());
        let (filled, _) = out.split_at_mut(length);
        self.rest.copy_to_slice(filled);
        Ok(length)
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

fn io_error(error: Error) -> io::Error {
    // Not `Interrupted`: readers take that for a reason to go on at once.
    let kind = if error.is_timeout() {
        io::ErrorKind::TimedOut
    } else if error.is_interrupted() {
        io::ErrorKind::ConnectionAborted
    } else {
        io::ErrorKind::Other
    };
    io::Error::new(kind, error)
}
