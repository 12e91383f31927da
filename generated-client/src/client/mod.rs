//! The client and its builder.

mod files;
mod lists;

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use threecx_xapi_runtime::auth::{ServicePrincipal, TokenSource};
use threecx_xapi_runtime::error::Error;
use threecx_xapi_runtime::message::{PreparedRequest, Reply, RetryPolicy};
use threecx_xapi_runtime::operation::Operation;
use threecx_xapi_runtime::release::Release;
use threecx_xapi_runtime::transport::{Service, Settings, Transport};

use crate::request::Request;
use crate::service;

const USER_AGENT: &str = concat!("threecx-xapi/", env!("CARGO_PKG_VERSION"));

/// A client of one PBX: [`builder`](Self::builder) begins it, and a method for each of the
/// [`resources`](crate::resources) leads to its calls.
///
/// Cloning is cheap, and all clones share connections and the one token that the PBX allows. Calls need a
/// Tokio runtime with time and I/O.
#[derive(Clone)]
pub struct Client(Arc<Transport>);

impl Client {
    /// Begins a client for the PBX at `base_url`: `https://pbx.example.com:5001`, with or without a
    /// slash or `/xapi/v1` at the end.
    #[must_use = "call build()"]
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        let service = Service { root: service::ROOT, token_path: service::TOKEN_PATH };
        ClientBuilder(Settings::new(base_url.into(), service, USER_AGENT))
    }

    /// Makes a call of any operation. The generated methods (`users().list()`, …) end here.
    pub fn request<O: Operation>(&self, operation: O) -> Request<O> {
        Request::new(Arc::clone(&self.0), operation)
    }

    /// Scheme, host and port of the PBX, without a slash at the end.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.0.origin()
    }

    /// The PBX's release as far as it is known: from the builder, or from the header `X-3CX-Version`
    /// of any answer so far.
    #[must_use]
    pub fn release(&self) -> Option<Release> {
        self.0.release()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("origin", &self.origin()).finish_non_exhaustive()
    }
}

/// The settings of a [`Client`].
///
/// All have defaults but the way to sign in: [`service_principal`](Self::service_principal), or another of
/// those in [`auth`](crate::auth).
#[must_use = "call build()"]
pub struct ClientBuilder(Settings);

impl ClientBuilder {
    /// Signs in as a service principal (Integrations > API on the PBX) with its client id and
    /// secret.
    ///
    /// The token is fetched with the first call and renewed before it ends. A new sign-in with the
    /// same id makes the PBX drop the token before: let all parts of a program share one client,
    /// and give each program its own id.
    pub fn service_principal(self, id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        self.token_source(ServicePrincipal::new(id, secret))
    }

    /// Signs in through this source: a [`UserLogin`](crate::auth::UserLogin), an
    /// [`OAuthGrant`](crate::auth::OAuthGrant), or one of your own.
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.0.sign_in(source);
        self
    }

    /// Uses this access token, which is never renewed. Without credentials, calls go out without
    /// `Authorization`.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.0.token(token.into());
        self
    }

    /// The limit of time for a call with all its attempts, the pauses between them and the sign-in;
    /// 60 seconds by default. For downloads see
    /// [`Request::timeout`](crate::Request::timeout), which sets it for one call.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.0.timeout = limit;
        self
    }

    /// The limit of time for each attempt of a call, after which it is tried again where the
    /// [`RetryPolicy`] allows that; by default an attempt may take all the call's time, as reports
    /// can be slow. For a download it covers everything up to the headers. It limits a sign-in too
    /// (30 seconds by default).
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.0.attempt_timeout = Some(limit);
        self
    }

    /// How often the client tries a call, and how long it pauses in between. [`RetryPolicy`] has the
    /// defaults, and says what the client never repeats.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.0.retry = policy;
        self
    }

    /// The PBX's release, if the program knows it. If the PBX names another release, that one counts.
    ///
    /// The release decides how the client sends the few operations that changed between releases. If the
    /// client does not know the release at the first such call, it asks the PBX once.
    pub fn release(mut self, release: Release) -> Self {
        self.0.connection.release = Some(release);
        self
    }

    /// Limits how many requests are under way at once, over all clones; the others wait. By default
    /// there is no limit.
    ///
    /// A request counts until the client has read its answer: a [`Download`](crate::Download) until its last
    /// chunk, or until it is dropped.
    pub fn max_concurrent_requests(mut self, limit: usize) -> Self {
        self.0.concurrency = Some(limit);
        self
    }

    /// Reaches the PBX through this proxy: `http://proxy.example.com:3128`, with user and password
    /// in the URL if it asks for them. It replaces the proxies that the environment names
    /// (`HTTPS_PROXY` …), which are used otherwise, unless the PBX is on this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.0.connection.proxy = Some(url.into());
        self
    }

    /// The limit of time for making a connection; 10 seconds by default, and at most three quarters of a
    /// sign-in's time.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.0.connection.connect_timeout = limit;
        self
    }

    /// The header `User-Agent`; name and version of this crate by default.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.0.connection.user_agent = name.into();
        self
    }

    /// The most bytes that an answer held in memory may have; 64 MiB by default. Reading a download
    /// chunk by chunk is not limited.
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.0.response_limit = bytes;
        self
    }

    /// Sends a header with every request, sign-in included: gateways in front of PBXs ask for some. A second
    /// call replaces a header of the same name. Neither `Debug` nor errors show the value, which may be a
    /// secret.
    ///
    /// The client sets `Authorization`, `Host`, `Accept` and the headers of the body itself: these are refused
    /// by [`build`](Self::build), and so is what HTTP does not allow.
    pub fn default_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.0.connection.header(name.as_ref(), value.as_ref());
        self
    }

    /// Reaches the PBX at these addresses, whatever its name resolves to: for names that mean another machine
    /// inside a network than outside. The port and the name in the certificate stay those of the base URL.
    pub fn resolve(mut self, addresses: impl IntoIterator<Item = IpAddr>) -> Self {
        self.0.connection.addresses = addresses.into_iter().collect();
        self
    }

    /// Makes the HTTP client of this builder of [`reqwest`](crate::reqwest)'s, for what this crate has no
    /// method for: a resolver, a network interface, keep-alive.
    ///
    /// What this crate has a method for is set here and not there: TLS, proxy, limits of time, user agent.
    /// The client speaks HTTP/1.1 and follows no redirect, whatever the builder says, because a redirect
    /// could carry token or secret elsewhere. It sends a request again by its own
    /// [`retry`](Self::retry) alone.
    ///
    /// ```
    /// use threecx_xapi::{Client, reqwest};
    ///
    /// # fn main() -> threecx_xapi::Result<()> {
    /// let http = reqwest::Client::builder().pool_max_idle_per_host(2);
    /// let pbx = Client::builder("https://pbx.example.com:5001").http(http).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.0.connection.http = Some(builder);
        self
    }

    /// Shows the PBX, or a gateway in front of it, this certificate: PEM text with the certificate, those
    /// that lead from it to its root, and its private key (PKCS#8, PKCS#1 or SEC1, not encrypted;
    /// with the TLS of the feature `native-tls` PKCS#8 alone).
    pub fn client_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.0.connection.tls.identify(pem.as_ref());
        self
    }

    /// Trusts the certificates in this PEM text, beside the operating system's roots: as roots, and each as
    /// the certificate of the PBX itself. So a self-signed one works as `openssl req -x509` makes it, as
    /// long as it is good for the host's name and today. The TLS of the feature `native-tls` takes only roots
    /// and those that sign themselves.
    pub fn add_root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.0.connection.tls.add_roots(pem.as_ref());
        self
    }

    /// Accepts any certificate. Anyone between this machine and the PBX can then read and change
    /// everything, including the client secret.
    /// [`add_root_certificate`](Self::add_root_certificate) is the safe way to a self-signed PBX.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.0.connection.tls.accept_any();
        self
    }

    /// Allows `http://` to another machine. Anyone on the way can then read the secret, the token and the
    /// data. Loopback needs no permission, unless a [`proxy`](Self::proxy) would carry it.
    pub fn allow_plain_http(mut self) -> Self {
        self.0.connection.allow_plain_http = true;
        self
    }

    /// Lets a function answer every request in place of the network, so that a program can test its own
    /// code without a PBX and without sockets.
    ///
    /// The function gets the request as the client would send it. The client reads the returned
    /// [`Reply`] as it reads one of a PBX: a status that is not a success becomes an [`Error`] with all
    /// its details, and the [`RetryPolicy`] applies. A failure below HTTP is a
    /// [`Fault`](crate::error::Fault). The client does not sign in, so credentials have no effect.
    ///
    /// ```
    /// use threecx_xapi::entities::User;
    /// use threecx_xapi::{Client, Page, Reply};
    ///
    /// # async fn run() -> threecx_xapi::Result<()> {
    /// let pbx = Client::builder("https://pbx.example.com:5001")
    ///     .answered_by(|request| {
    ///         let reply = Reply::new(request.info(), 200);
    ///         match request.info().id {
    ///             "ListUser" => reply.with_json(&Page::from(vec![User::default().number("101")])),
    ///             _ => Ok(Reply::new(request.info(), 404).with_body(r#"{"error":"Not here"}"#)),
    ///         }
    ///     })
    ///     .build()?;
    ///
    /// assert_eq!(pbx.users().list().await?.len(), 1);
    /// assert!(pbx.users().get(7).await.unwrap_err().is_not_found());
    /// # Ok(())
    /// # }
    /// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    /// # runtime.block_on(run()).unwrap();
    /// ```
    pub fn answered_by(
        mut self,
        function: impl Fn(&PreparedRequest) -> Result<Reply, Error> + Send + Sync + 'static,
    ) -> Self {
        self.0.function = Some(Arc::new(function));
        self
    }

    /// Makes the client. It sends nothing before the first call.
    ///
    /// # Errors
    /// A base URL that is none, or that would put a secret at risk; a certificate or a token that cannot be
    /// read; a proxy that is no URL; a header that cannot be sent; a limit of zero requests.
    pub fn build(self) -> Result<Client, Error> {
        self.0.open().map(|transport| Client(Arc::new(transport)))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL may wrongly hold a password, and the proxy's rightly.
        let (settings, connection) = (&self.0, &self.0.connection);
        f.debug_struct("ClientBuilder")
            .field("timeout", &settings.timeout)
            .field("attempt_timeout", &settings.attempt_timeout)
            .field("connect_timeout", &connection.connect_timeout)
            .field("retry", &settings.retry)
            .field("max_concurrent_requests", &settings.concurrency)
            .field("user_agent", &connection.user_agent)
            .field("response_limit", &settings.response_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Client;

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

    #[test]
    fn a_wrong_or_risky_base_url_is_refused_and_not_repeated() {
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
    fn a_proxy_that_is_no_url_is_refused_without_repeating_it() {
        let plain = Client::builder("http://localhost").proxy("http://127.0.0.1:3128");
        assert!(plain.build().unwrap_err().to_string().contains("the proxy would carry"));
        let allowed = Client::builder("http://localhost").proxy("http://127.0.0.1:3128");
        assert!(allowed.allow_plain_http().build().is_ok());
        for text in ["", "canary", "ftp://canary", "socks5://canary:1", "http://"] {
            let error = Client::builder("https://pbx.example.com").proxy(text).build().unwrap_err();
            assert!(error.is_usage(), "{text}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{text}: {error}");
        }
    }
}
