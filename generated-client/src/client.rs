//! The client and its builder.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use secrecy::SecretString;

use crate::auth::{Auth, Credentials};
use crate::error::Error;
use crate::operation::Operation;
use crate::request::Request;
use crate::tls::Tls;
use crate::transport::Wire;

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RESPONSE_LIMIT: usize = 64 * 1024 * 1024;

/// A client of one PBX. Cloning is cheap, and all clones share connections and the one token that
/// the PBX allows.
///
/// Calls need a Tokio runtime with time and I/O.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    wire: Wire,
    auth: Auth,
    timeout: Duration,
    response_limit: usize,
}

impl Client {
    /// Begins a client for the PBX at `base_url`: `https://pbx.example.com:5001`, with or without a
    /// slash or `/xapi/v1` at the end.
    #[must_use = "call build()"]
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            base_url: base_url.into(),
            credentials: Credentials::None,
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: concat!("threecx-xapi/", env!("CARGO_PKG_VERSION")).to_owned(),
            response_limit: RESPONSE_LIMIT,
            allow_plain_http: false,
            tls: Tls::default(),
        }
    }

    /// Makes a call of any operation. The generated methods (`users().list()`, …) end here.
    pub fn request<O: Operation>(&self, operation: O) -> Request<O> {
        Request::new(self, operation)
    }

    /// Scheme, host and port of the PBX, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.wire.origin
    }

    pub(crate) fn wire(&self) -> &Wire {
        &self.0.wire
    }

    pub(crate) fn auth(&self) -> &Auth {
        &self.0.auth
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(crate) fn response_limit(&self) -> usize {
        self.0.response_limit
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("origin", &self.origin()).finish_non_exhaustive()
    }
}

/// The settings of a [`Client`].
#[must_use = "call build()"]
pub struct ClientBuilder {
    base_url: String,
    credentials: Credentials,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: String,
    response_limit: usize,
    allow_plain_http: bool,
    tls: Tls,
}

impl ClientBuilder {
    /// Signs in as a service principal (Integrations > API on the PBX) with its client id and
    /// secret.
    ///
    /// The token is fetched with the first call and renewed before it ends. A new sign-in with the
    /// same id makes the PBX drop the token before: let all parts of a program share one client,
    /// and give each program its own id.
    pub fn service_principal(
        mut self,
        id: impl Into<String>,
        secret: impl Into<SecretString>,
    ) -> Self {
        self.credentials = Credentials::ServicePrincipal { id: id.into(), secret: secret.into() };
        self
    }

    /// Uses this access token, which is never renewed. Without credentials, calls go out without
    /// `Authorization`.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.credentials = Credentials::Fixed(token.into());
        self
    }

    /// The limit of time for a call, sign-in included; 60 seconds by default. For downloads see
    /// [`Request::timeout`](crate::Request::timeout), which sets it for one call.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The limit of time for making a connection; 10 seconds by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// The header `User-Agent`; name and version of this crate by default.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// The most bytes that an answer held in memory may have; 64 MiB by default. Reading a download
    /// chunk by chunk is not limited.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// Trusts the certificates in this PEM text as roots, beside those of the operating system.
    pub fn add_root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.tls.add_roots(pem.as_ref());
        self
    }

    /// Accepts any certificate from anyone. Whoever is between this machine and the PBX can then
    /// read and change everything, the client secret included.
    /// [`add_root_certificate`](Self::add_root_certificate) is the safe way to a self-signed PBX.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.tls.accept_any();
        self
    }

    /// Allows `http://` to another machine, where secret, token and data can be read on the way.
    /// Loopback needs no permission.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    /// A base URL that is none, or that would put a secret at risk; a root certificate or a token
    /// that cannot be read.
    pub fn build(self) -> Result<Client, Error> {
        let base = Base::parse(&self.base_url, self.allow_plain_http)?;
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.config(base.is_https)?)
            .http1_only()
            // A redirect would carry token or body elsewhere: the caller decides.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .user_agent(self.user_agent);
        if base.is_loopback {
            http = http.no_proxy();
        }
        let http = http.build().map_err(|_| {
            Error::configuration("the user agent has characters that a header cannot carry")
        })?;
        Ok(Client(Arc::new(Inner {
            wire: Wire { http, origin: base.origin },
            auth: Auth::new(self.credentials)?,
            timeout: self.timeout,
            response_limit: self.response_limit,
        })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL may wrongly hold a password.
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .field("response_limit", &self.response_limit)
            .finish_non_exhaustive()
    }
}

/// What a base URL says.
#[derive(Debug, PartialEq, Eq)]
struct Base {
    origin: String,
    is_https: bool,
    is_loopback: bool,
}

impl Base {
    fn parse(text: &str, allow_plain_http: bool) -> Result<Self, Error> {
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
        if !matches!(url.path().trim_end_matches('/'), "" | "/xapi/v1") {
            return refuse("must end after host and port, or with /xapi/v1");
        }
        let is_https = url.scheme() == "https";
        let is_loopback = is_loopback(&url);
        if !is_https && !is_loopback && !allow_plain_http {
            return refuse(
                "is plain HTTP, which shows secret and token to the network: use https://, or `allow_plain_http`",
            );
        }
        Ok(Self { origin: url.origin().ascii_serialization(), is_https, is_loopback })
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Base, Client};

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
            assert_eq!(Base::parse(text, false).unwrap().origin, origin, "{text}");
        }
    }

    #[test]
    fn a_base_url_that_is_wrong_or_risky_is_refused_without_repeating_it() {
        for (text, part) in [
            ("", "is not a URL"),
            ("canary", "is not a URL"),
            ("pbx.canary.example:5001", "must begin with https://"),
            ("ftp://canary", "must begin with https://"),
            ("https://user:canary@pbx.example.com", "user or password"),
            ("https://canary@pbx.example.com", "user or password"),
            ("https://pbx.example.com?canary", "query"),
            ("https://pbx.example.com/#canary", "query"),
            ("https://pbx.example.com/canary", "must end after"),
            ("https://pbx.example.com/xapi/v1/Users", "must end after"),
            ("http://pbx.canary.example", "plain HTTP"),
            ("http://127.0.0.1.canary.example", "plain HTTP"),
        ] {
            let error = Client::builder(text).build().unwrap_err();
            assert!(error.is_usage(), "{text}");
            assert!(error.to_string().contains(part), "{text}: {error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{text}: {error}");
        }
        assert!(Client::builder("http://pbx.example.com").allow_plain_http().build().is_ok());
    }

    #[test]
    fn debug_shows_no_credentials() {
        let builder =
            Client::builder("https://u:canary@host").service_principal("canary", "canary");
        assert!(!format!("{builder:?}").contains("canary"));
        let client = Client::builder("http://localhost").token("canary").build().unwrap();
        assert!(!format!("{client:?}").contains("canary"));
        let error = Client::builder("http://localhost").token("can\nary").build().unwrap_err();
        assert!(!format!("{error:?}").contains("ary"), "{error:?}");
    }
}
