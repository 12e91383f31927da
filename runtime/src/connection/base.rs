//! The base URL: what it may be, and what it says.

use reqwest::Url;

use crate::error::Error;
use crate::info::Service;

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
    pub(super) service: Service,
}

impl Base {
    pub(crate) fn parse(
        text: &str,
        service: Service,
        allow_plain_http: bool,
    ) -> Result<Self, Error> {
        let url = url(text)?;
        let path = url.path().trim_end_matches('/');
        if !path.is_empty() && path != service.root {
            return refuse(&format!("must end after host and port, or with {}", service.root));
        }
        let is_https = url.scheme() == "https";
        let is_loopback = is_loopback(&url);
        if !is_https && !is_loopback && !allow_plain_http {
            return refuse(
                "is plain HTTP, which shows secret and token to the network: use https://, or `allow_plain_http`",
            );
        }
        let (origin, mut root) = (url.origin().ascii_serialization(), url.clone());
        root.set_path(&format!("{}/", service.root));
        let name = url.domain().map(str::to_owned);
        Ok(Self { origin, root, name, is_https, is_loopback, service })
    }
}

/// Scheme, host and port of a base URL, without a slash at the end, whatever its path.
pub(crate) fn origin(text: &str) -> Result<String, Error> {
    url(text).map(|url| url.origin().ascii_serialization())
}

/// A base URL, of which the path is still to be looked at.
fn url(text: &str) -> Result<Url, Error> {
    let Ok(url) = Url::parse(text.trim()) else {
        return refuse("is not a URL: write it like https://pbx.example.com:5001");
    };
    if !matches!(url.scheme(), "https" | "http") {
        return refuse("must begin with https://, like https://pbx.example.com:5001");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must not hold a user or password: give credentials to `service_principal`");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("must not have a query or fragment");
    }
    Ok(url)
}

/// The text itself stays out of the message, as it may hold a password.
fn refuse<T>(message: &str) -> Result<T, Error> {
    Err(Error::configuration(format!("the base URL {message}")))
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
    use crate::test_entities::SERVICE;

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
            let base = Base::parse(text, SERVICE, false).unwrap();
            assert_eq!(base.origin, origin, "{text}");
            assert_eq!(base.root.as_str(), format!("{origin}/xapi/v1/"), "{text}");
        }
    }
}
