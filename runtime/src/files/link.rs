//! Links that the PBX hands out in place of a file: a backup's, a prompt's.

use crate::download::Download;
use crate::info::{Method, OperationInfo, OperationKind};
use crate::message::RequestParts;
use crate::operation::Operation;

/// Fetches a link of the PBX; see [`Client::download_link`](https://docs.rs/threecx-xapi/latest/threecx_xapi/struct.Client.html#method.download_link).
#[derive(Clone)]
pub struct DownloadLink {
    link: String,
}

impl DownloadLink {
    /// The file behind this link.
    pub fn new(link: impl Into<String>) -> Self {
        Self { link: link.into() }
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
