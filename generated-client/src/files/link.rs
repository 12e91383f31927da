//! Links that the PBX hands out in place of a file: a backup's, a prompt's.

use crate::client::Client;
use crate::download::Download;
#[cfg(doc)]
use crate::error::Error;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::RequestParts;
use crate::operation::Operation;
use crate::request::Request;

/// Fetches a link of the PBX; see [`Client::download_link`].
#[derive(Clone)]
pub struct DownloadLink {
    link: String,
}

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
        self.request(DownloadLink { link: link.into() })
    }
}

impl Operation for DownloadLink {
    type Output = Download<()>;

    const INFO: OperationInfo =
        OperationInfo::new("DownloadLink", "Files", OperationKind::Function, Method::Get, "{link}")
            .with_file();

    fn write(&self, request: &mut RequestParts) {
        request.link = Some(self.link.clone());
    }
}

impl std::fmt::Debug for DownloadLink {
    // A link may hold a ticket that is good without any token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DownloadLink").finish_non_exhaustive()
    }
}
