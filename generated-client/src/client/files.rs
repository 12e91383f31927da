//! Files beside the API document: links to download, prompts to upload.

use bytes::Bytes;
use threecx_xapi_runtime::answer::Value;
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::files::{DownloadLink, UploadPrompt};
use tokio::io::AsyncRead;

use super::Client;
use crate::request::Request;

/// Files that the API document leaves out
impl Client {
    /// Fetches the file behind a link that the PBX handed out, e.g. in
    /// [`Backups::download_link`](crate::entities::Backups::download_link): a path that begins with
    /// a slash, a path relative to `/xapi/v1/`, or a whole URL of this PBX.
    ///
    /// The token goes with it, so a link to anywhere else (another scheme, host or port, or one with
    /// a user in it) is refused before anything is sent, with an error that
    /// [`is_usage`](Error::is_usage). A redirect is an error too.
    ///
    /// ```no_run
    /// # async fn run(pbx: threecx_xapi::Client) -> threecx_xapi::Result<()> {
    /// for backup in pbx.backups().list().await? {
    ///     if let (Some(link), Some(name)) = (backup.download_link, backup.file_name) {
    ///         pbx.download_link(link).await?.save_to(name).await?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn download_link(&self, link: impl Into<String>) -> Request<DownloadLink> {
        self.request(DownloadLink::new(link))
    }

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
        self.request(UploadPrompt::new(file_name, content))
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
        let prompt = UploadPrompt::read(file_name, reader, self.0.response_limit).await?;
        self.request(prompt).await
    }
}
