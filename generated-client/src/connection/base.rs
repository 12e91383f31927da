//! The base URL: what it may be, and what it says.

use reqwest::Url;

use crate::error::Error;
use crate::service;

/// What a base URL says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// Scheme, host and port, without a slash at the end.
    pub(crate) origin: String,
    /// Where the service is, with a slash at the end.
    pub(crate) root: Url,
    /// The host, if it is a name and no address.
    pub(super) name: Option<String>,
    pub(super) is_https: bool,
    pub(super) is_loopback: bool,
}

impl Base {
    pub(crate) fn parse(text: &str, allow_plain_http: bool) -> Result<Self, Error> {
        let text = text.trim();
        // The text itself stays out of the messages, as it may hold a password.
        let refuse = |message: &str| Err(Error::configuration(format!("the base URL {message}")));
        let Ok(url) = Url::parse(text) else {
            return refuse("is not a URL: write it like https://pbx.example.com:5001");
        };
        if !matches!(url.scheme(), "https" | "http") {
            return refuse("must begin with https://, like https://pbx.example.com:5001");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse(
                "must not hold a user or password: give credentials to `service_principal`",
            );
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("must not have a query or fragment");
        }
        let path = url.path().trim_end_matches('/');
        if !path.is_empty() && path != service::ROOT {
            return refuse(&format!("must end after host and port, or with {}", service::ROOT));
        }
        let is_https = url.scheme() == "https";
        let is_loopback = is_loopback(&url);
        if !is_https && !is_loopback && !allow_plain_http {
            return refuse(
                "is plain HTTP, which shows secret and token to the network: use https://, or `allow_plain_http`",
            );
        }
        let (origin, mut root) = (url.origin().ascii_serialization(), url.clone());
        root.set_path(&format!("{}/", service::ROOT));
        Ok(Self { origin, root, name: url.domain().map(str::to_owned), is_https, is_loopback })
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// The proxy of a URL, and its name for messages, without user and password.
pub(super) fn proxy(text: &str) -> Result<(reqwest::Proxy, String), Error> {
    let refuse = || {
        Error::configuration("the proxy is not a URL: write it like http://proxy.example.com:3128")
    };
    let url = Url::parse(text.trim()).map_err(|_| refuse())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refuse());
    }
    let name = url.origin().ascii_serialization();
    Ok((reqwest::Proxy::all(url).map_err(|_| refuse())?, name))
}

#[cfg(test)]
mod tests {
    use super::Base;

    #[test]
    fn a_base_url_with_or_without_slash_or_path_means_the_same() {
        for (text, origin) in [
            ("https://pbx.example.com:5001", "https://pbx.example.com:5001"),
            ("https://pbx.example.com:5001/", "https://pbx.example.com:5001"),
            ("https://pbx.example.com:5001/xapi/v1", "https://pbx.example.com:5001"),
            ("https://pbx.example.com:5001/xapi/v1/", "https://pbx.example.com:5001"),
            (" https://PBX.example.com:443/ ", "https://pbx.example.com"),
            ("https://[2001:db8::1]:5001/", "https://[2001:db8::1]:5001"),
            ("https://pbx.münchen.example", "https://pbx.xn--mnchen-3ya.example"),
            ("http://localhost:5000", "http://localhost:5000"),
            ("http://127.0.0.1:5004/xapi/v1", "http://127.0.0.1:5004"),
            ("http://[::1]:5004", "http://[::1]:5004"),
        ] {
            let base = Base::parse(text, false).unwrap();
            assert_eq!(base.origin, origin, "{text}");
            assert_eq!(base.root.as_str(), format!("{origin}/xapi/v1/"), "{text}");
        }
    }
}
