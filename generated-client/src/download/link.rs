//! Links that the PBX hands out in place of a file: a backup's, a prompt's.

use reqwest::Url;

use super::Download;
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Method, Operation, OperationInfo, OperationKind, RequestParts};
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
        Request::new(self, DownloadLink { link: link.into() })
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

/// The URL of a link. What leads elsewhere is decided by the parser that the HTTP client uses too:
/// `//host`, `\\host` or a tab in the scheme mean the same to both.
pub(crate) fn resolve(origin: &str, link: &str, info: OperationInfo) -> Result<Url, Error> {
    let refuse = |message: &str| Err(Error::bad_request(info, message));
    let Ok(base) = Url::parse(&format!("{origin}/xapi/v1/")) else {
        return refuse("the base URL is not a URL");
    };
    if link.trim().is_empty() {
        return refuse("the link is empty");
    }
    let Ok(mut url) = base.join(link) else {
        return refuse("the link is neither a path nor a URL");
    };
    if url.origin() != base.origin() {
        return refuse(
            "the link leads away from this PBX: the token must not go there, so fetch it without this client",
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("the link holds a user or password");
    }
    url.set_fragment(None);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::{DownloadLink, Operation, resolve};

    #[test]
    fn a_link_stays_with_its_origin_or_is_refused() {
        let origin = "https://pbx.example.com:5001";
        for (link, target) in [
            ("/backups/a.zip", "/backups/a.zip"),
            ("/xapi/v1/Backups('a b.zip')?t=1&u=%2F#x", "/xapi/v1/Backups('a%20b.zip')?t=1&u=%2F"),
            ("customPrompts/a.wav", "/xapi/v1/customPrompts/a.wav"),
            ("https://pbx.example.com:5001/a.zip", "/a.zip"),
            ("HTTPS://PBX.example.com:5001/a.zip", "/a.zip"),
            ("//pbx.example.com:5001/a.zip", "/a.zip"),
            ("/../../a.zip", "/a.zip"),
        ] {
            let url = resolve(origin, link, DownloadLink::INFO).unwrap();
            assert_eq!(url.as_str(), format!("{origin}{target}"), "{link}");
        }
        for link in [
            "",
            "  ",
            "https://canary.example/a.zip",
            "https://pbx.example.com/a.zip",
            "https://pbx.example.com:5001.canary.example/a.zip",
            "https://pbx.example.com:5001@canary.example/a.zip",
            "https://canary@pbx.example.com:5001/a.zip",
            "https://:canary@pbx.example.com:5001/a.zip",
            "http://pbx.example.com:5001/a.zip",
            "//canary.example/a.zip",
            "\\\\canary.example\\a.zip",
            "/\\canary.example/a.zip",
            "/\t/canary.example/a.zip",
            "ht\ntps://canary.example/a.zip",
            " https://canary.example/a.zip",
            "file:///etc/canary",
            "data:,canary",
            "https://[canary",
        ] {
            let error = resolve(origin, link, DownloadLink::INFO).unwrap_err();
            assert!(error.is_usage() && !error.is_retryable(), "{link}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{link}: {error}");
        }
    }
}
