//! Links that a PBX sends: they must lead to the PBX itself, because the token goes with the request.

use reqwest::Url;

use crate::error::Error;
use crate::info::OperationInfo;

/// A part of a link that is shorter than this is no ticket.
const TICKET: usize = 8;

/// The URL of a link, which may be relative to the service's root. What leads elsewhere is decided by the
/// parser that the HTTP client uses too: `//host`, `\\host` or a tab in the scheme mean the same to both.
pub(crate) fn resolve(root: &Url, link: &str, info: OperationInfo) -> Result<Url, Error> {
    let refuse = |message: &str| Err(Error::bad_request(info, message));
    if link.trim().is_empty() {
        return refuse("the link is empty");
    }
    let Ok(mut url) = root.join(link) else {
        return refuse("the link is neither a path nor a URL");
    };
    if url.origin() != root.origin() {
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

/// What of a link may be good without a token: the link itself, and the parts of its path and query, of
/// which one may be a ticket.
pub(crate) fn secrets(link: &str) -> Vec<String> {
    let parts = link.split(['/', '?', '&', '=', '#', ';']).filter(|part| part.len() >= TICKET);
    std::iter::once(link).chain(parts).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::resolve;
    use crate::info::{Method, OperationInfo, OperationKind};

    const INFO: OperationInfo =
        OperationInfo::new("DownloadLink", "Files", OperationKind::Function, Method::Get, "{link}");

    #[test]
    fn a_link_stays_with_its_origin_or_is_refused() {
        let origin = "https://pbx.example.com:5001";
        let root = Url::parse(&format!("{origin}/xapi/v1/")).unwrap();
        for (link, target) in [
            ("/backups/a.zip", "/backups/a.zip"),
            ("/xapi/v1/Backups('a b.zip')?t=1&u=%2F#x", "/xapi/v1/Backups('a%20b.zip')?t=1&u=%2F"),
            ("customPrompts/a.wav", "/xapi/v1/customPrompts/a.wav"),
            ("https://pbx.example.com:5001/a.zip", "/a.zip"),
            ("HTTPS://PBX.example.com:5001/a.zip", "/a.zip"),
            ("//pbx.example.com:5001/a.zip", "/a.zip"),
            ("/../../a.zip", "/a.zip"),
        ] {
            let url = resolve(&root, link, INFO).unwrap();
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
            let error = resolve(&root, link, INFO).unwrap_err();
            assert!(error.is_usage() && !error.is_retryable(), "{link}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{link}: {error}");
        }
    }
}
