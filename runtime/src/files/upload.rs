//! A prompt on its way to the PBX: the one upload of the API, which its document does not have.

use std::io;
use std::pin::Pin;

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};

use crate::answer::Value;
use crate::error::Error;
use crate::file_name;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::RequestParts;
use crate::operation::Operation;

/// Uploads a prompt; see [`Client::upload_prompt`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.upload_prompt).
#[derive(Clone)]
pub struct UploadPrompt {
    file_name: String,
    content: Bytes,
    /// Separates the parts; fixed, so that the request is the same however often it is prepared.
    boundary: String,
}

impl UploadPrompt {
    /// The prompt of this name with this content, the whole file.
    pub fn new(file_name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let boundary = format!("threecx-xapi-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        Self { file_name: file_name.into(), content: content.into(), boundary }
    }

    /// The prompt of this name with the content of a reader, of at most `limit` bytes.
    ///
    /// # Errors
    /// Those of the reader, and content that is larger, which are
    /// [`is_local_io`](Error::is_local_io).
    pub async fn read(
        file_name: impl Into<String>,
        reader: &mut (dyn AsyncRead + Send + Unpin),
        limit: usize,
    ) -> Result<Self, Error> {
        let file_name = file_name.into();
        let content = read(reader, limit).await.map_err(|error| {
            Error::local_io("the prompt cannot be read", error).in_operation(Self::INFO)
        })?;
        Ok(Self::new(file_name, content))
    }
}

async fn read(reader: &mut (dyn AsyncRead + Send + Unpin), limit: usize) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let mut buffer = ReadBuf::new(&mut piece);
        std::future::poll_fn(|context| Pin::new(&mut *reader).poll_read(context, &mut buffer))
            .await?;
        let filled = buffer.filled();
        if filled.is_empty() {
            return Ok(content);
        }
        if filled.len() > limit - content.len() {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it is larger than the limit of {limit} bytes"),
            ));
        }
        content.extend_from_slice(filled);
    }
}

impl Operation for UploadPrompt {
    type Output = Value<String>;

    const INFO: OperationInfo = OperationInfo::new(
        "UploadPrompt",
        "CustomPrompts",
        OperationKind::Action,
        Method::Post,
        "/customPrompts",
    );

    fn write(&self, request: &mut RequestParts) {
        request.path("/customPrompts");
        match file_name::safe(&self.file_name) {
            Some(name) => request.form_file(&self.boundary, "file", &name, &self.content),
            None => request.refuse("the prompt needs the name of a file, such as `closed.wav`"),
        }
    }
}

impl std::fmt::Debug for UploadPrompt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UploadPrompt")
            .field("file_name", &self.file_name)
            .field("content_bytes", &self.content.len())
            .finish_non_exhaustive()
    }
}
