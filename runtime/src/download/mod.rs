//! A file as the answer: headers first, then the bytes, whole, chunk by chunk, or to a file.

mod incoming;
mod name;
mod save;

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use bytes::Bytes;
use tokio::io::AsyncWrite;

use crate::answer::Answer;
use crate::error::Error;
use crate::message::Reply;

pub(crate) use incoming::Incoming;

/// A file that the PBX is sending: its headers are here, its bytes are read on demand.
///
/// `T` is what the API document declares in place of a file; see [`declared`](Self::declared).
///
/// If a transfer breaks off and the server offers ranges (`Accept-Ranges: bytes`, and an `ETag` or
/// `Last-Modified`), the client asks for the rest of the same file and goes on, as often in a row as the
/// [`RetryPolicy`](crate::RetryPolicy) allows. Otherwise it is an error.
///
/// ```no_run
/// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
/// let file = pbx.recordings().download_recording(981).await?;
/// let name = file.file_name().unwrap_or_else(|| "981.wav".to_owned());
/// file.on_progress(|bytes, total| println!("{bytes} of {total:?}")).save_to(name).await?;
/// # Ok(())
/// # }
/// ```
pub struct Download<T> {
    file: Incoming,
    declared: PhantomData<fn() -> T>,
}

impl<T> Download<T> {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.file.reply.status()
    }

    /// The text of a header; `None` where it is absent or not ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.file.reply.header(name)
    }

    /// The media type, e.g. `audio/x-wav`.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.header("content-type")
    }

    /// The file's length in bytes, if the PBX announced it.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.file.length()
    }

    /// The file name that the PBX proposes, made safe for every system: without folders, control characters
    /// and marks of direction; with `_` in place of `: * ? " < > |` and before the name of a device (`CON`);
    /// without full stops and spaces at either end; at most 200 bytes long.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        name::file_name(&self.file.reply.headers)
    }

    /// Calls `progress` after each piece that arrives, with the bytes so far and the
    /// [`length`](Self::length), however the file is read. A second call replaces the first.
    ///
    /// It runs between two reads, so it should return quickly.
    #[must_use = "it belongs to the download that is returned"]
    pub fn on_progress(
        mut self,
        progress: impl FnMut(u64, Option<u64>) + Send + Sync + 'static,
    ) -> Self {
        self.file.progress = Some(Box::new(progress));
        self
    }

    /// The next piece of the file; `None` at its end. Pieces are as large as they arrive.
    ///
    /// # Errors
    /// A transfer that broke off or ended before the announced length, or that stood still for
    /// longer than the timeout; all of them are retryable.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.file.chunk().await
    }

    /// The whole file in memory.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), and a file larger than the client's
    /// [`response_limit`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.ClientBuilder.html#method.response_limit).
    pub async fn bytes(self) -> Result<Bytes, Error> {
        self.file.whole().await
    }

    /// Writes the file to `writer` as it arrives, flushes it, and yields the number of bytes. It
    /// takes no more memory than a piece of the file, whatever its length.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), and those of the writer, which are
    /// [`is_local_io`](Error::is_local_io). The writer may then have got a part of the file, as it
    /// may if the future is dropped; [`save_to`](Self::save_to) leaves none.
    pub async fn write_to(
        self,
        writer: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, Error> {
        save::write(self.file, writer).await
    }

    /// Saves the file at `path` and yields the number of bytes. It takes less than 1 MiB of memory,
    /// whatever the file's length.
    ///
    /// The bytes go to a temporary file in the same folder. Once all of them are on the disk, the
    /// temporary file takes the place of the target, and replaces a file that was there before. If anything
    /// fails, or if the future is dropped, the temporary file is removed and the target is as it was.
    ///
    /// On Unix only the owner can read the file (mode 0600, whatever the umask); a file that replaces another
    /// one has that one's mode. A target that is there and is no regular file (a folder, a symbolic link, a
    /// device, a FIFO) is an error before any byte is read.
    ///
    /// # Errors
    /// Those of [`chunk`](Self::chunk), and whatever the file system reports, which is
    /// [`is_local_io`](Error::is_local_io).
    pub async fn save_to(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        save::save(self.file, path.as_ref().to_path_buf()).await
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn into_incoming(self) -> Incoming {
        self.file
    }
}

impl<T: Answer> Download<T> {
    /// Reads the answer as the declared type, for when the PBX sends JSON in place of a file.
    ///
    /// # Errors
    /// Those of [`bytes`](Self::bytes), and a body that is not this JSON.
    pub async fn declared(self) -> Result<T, Error> {
        T::decode(self.file.in_memory().await?)
    }
}

impl<T: 'static> Answer for Download<T> {
    const STREAMED: bool = true;

    fn decode(reply: Reply) -> Result<Self, Error> {
        if reply.status() == 204 {
            return Err(reply.undecoded("the PBX sent no file (204 No Content)"));
        }
        Ok(Self { file: Incoming::new(reply), declared: PhantomData })
    }
}

impl<T> fmt::Debug for Download<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("operation", &self.file.reply.info.id)
            .field("status", &self.status())
            .field("content_type", &self.content_type())
            .field("length", &self.length())
            .field("file_name", &self.file_name())
            .finish_non_exhaustive()
    }
}
