//! A prompt on its way to the PBX: the one upload of the API, which its document does not have.

use std::io;
use std::pin::Pin;

use bytes::Bytes;
use tokio::io::{AsyncRead, ReadBuf};

use crate::answer::Value;
use crate::client::Client;
use crate::error::Error;
use crate::file_name;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::RequestParts;
use crate::operation::Operation;
use crate::request::Request;

/// Uploads a prompt; see [`Client::upload_prompt`].
#[derive(Clone)]
pub struct UploadPrompt {
    file_name: String,
    content: Bytes,
    /// Separates the parts; fixed, so that the request is the same however often it is prepared.
    boundary: String,
}

impl Client {
    /// Uploads an audio file as a prompt (a greeting, an announcement, music on hold); the answer is
    /// the name or path under which the PBX keeps it.
    ///
    /// The PBX gets the name without its folders, and made safe as that of a
    /// [download](crate::Download::file_name) is; a name of which nothing is left is an error.
    ///
    /// `content` is the whole file: bytes, a `Vec<u8>`, or text that is `'static`. It is a
    /// POST, so it is tried again only as far as [`RetryPolicy`](crate::RetryPolicy) allows for those.
    ///
    /// ```no_run
    /// # async fn run(pbx: threecx_xapi::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let kept_as = pbx.upload_prompt("closed.wav", std::fs::read("closed.wav")?).await?.value;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload_prompt(
        &self,
        file_name: impl Into<String>,
        content: impl Into<Bytes>,
    ) -> Request<UploadPrompt> {
        let boundary = format!("threecx-xapi-{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..));
        let (file_name, content) = (file_name.into(), content.into());
        self.request(UploadPrompt { file_name, content, boundary })
    }

    /// As [`upload_prompt`](Self::upload_prompt), with the content of a reader, such as a file of
    /// Tokio's.
    ///
    /// The content is read into memory first, as it is sent again after a 401.
    ///
    /// # Errors
    /// Those of the call; those of the reader, and content larger than the client's
    /// [`response_limit`](crate::ClientBuilder::response_limit), which are
    /// [`is_local_io`](Error::is_local_io).
    pub async fn upload_prompt_from(
        &self,
        file_name: impl Into<String>,
        reader: &mut (dyn AsyncRead + Send + Unpin),
    ) -> Result<Value<String>, Error> {
        let file_name = file_name.into();
        let content = read(reader, self.response_limit()).await.map_err(|error| {
            Error::local_io("the prompt cannot be read", error).in_operation(UploadPrompt::INFO)
        })?;
        self.upload_prompt(file_name, content).await
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
