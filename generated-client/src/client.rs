//! The client and its builder.

mod base;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::auth::{Auth, Credentials, ServicePrincipal, TokenSource};
use crate::error::Error;
use crate::operation::Operation;
use crate::release::{Known, Release};
use crate::request::Request;
use crate::tls::Tls;
use crate::transport::{RetryPolicy, SIGN_IN, Wire};

pub(crate) use base::Base;

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// An idle connection is given up before the servers and gateways at hand close it: a POST that
/// crosses with the closing fails, and must not be repeated.
const POOL_IDLE: Duration = Duration::from_secs(45);
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
    attempt_timeout: Option<Duration>,
    retry: RetryPolicy,
    permits: Option<Arc<Semaphore>>,
    response_limit: usize,
    /// Set once the PBX was asked for its release, whatever came of it.
    probed: OnceCell<()>,
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
            attempt_timeout: None,
            connect_timeout: CONNECT_TIMEOUT,
            retry: RetryPolicy::default(),
            concurrency: None,
            proxy: None,
            user_agent: concat!("threecx-xapi/", env!("CARGO_PKG_VERSION")).to_owned(),
            response_limit: RESPONSE_LIMIT,
            allow_plain_http: false,
            release: None,
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

    /// The PBX's release as far as it is known: from the builder, or from the header `X-3CX-Version`
    /// of any answer so far.
    #[must_use]
    pub fn release(&self) -> Option<Release> {
        self.0.wire.release.get()
    }

    pub(crate) fn probed(&self) -> &OnceCell<()> {
        &self.0.probed
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

    pub(crate) fn attempt_timeout(&self) -> Option<Duration> {
        self.0.attempt_timeout
    }

    /// The limit of time for a sign-in, which serves many calls and so has none of theirs.
    pub(crate) fn sign_in_timeout(&self) -> Duration {
        self.0.attempt_timeout.unwrap_or(SIGN_IN.min(self.0.timeout))
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        self.0.retry
    }

    /// Waits until another request may go out. Dropping the permit allows the next one.
    pub(crate) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        match &self.0.permits {
            // It fails only once the semaphore is closed, which nobody does.
            Some(permits) => Arc::clone(permits).acquire_owned().await.ok(),
            None => None,
        }
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
    attempt_timeout: Option<Duration>,
    connect_timeout: Duration,
    retry: RetryPolicy,
    concurrency: Option<usize>,
    proxy: Option<String>,
    user_agent: String,
    response_limit: usize,
    allow_plain_http: bool,
    release: Option<Release>,
    tls: Tls,
}

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
        self.credentials = Credentials::Source(Arc::new(source));
        self
    }

    /// Uses this access token, which is never renewed. Without credentials, calls go out without
    /// `Authorization`.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.credentials = Credentials::Fixed(token.into());
        self
    }

    /// The limit of time for a call with all its attempts, the pauses between them and the sign-in;
    /// 60 seconds by default. For downloads see
    /// [`Request::timeout`](crate::Request::timeout), which sets it for one call.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// The limit of time for each attempt of a call, after which it is tried again where the
    /// [`RetryPolicy`] allows that; by default an attempt may take all the call's time, as reports
    /// can be slow. For a download it covers everything up to the headers. It limits a sign-in too
    /// (30 seconds by default).
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.attempt_timeout = Some(limit);
        self
    }

    /// How often a call is tried, and after what pauses; see [`RetryPolicy`] for the default and
    /// for what is never repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// The PBX's release, where it is known beforehand; what the PBX itself says of it counts more.
    ///
    /// It decides how the few operations are sent that have changed from one release to another. If
    /// it is not known when the first of them is called, the PBX is asked, once.
    pub fn release(mut self, release: Release) -> Self {
        self.release = Some(release);
        self
    }

    /// Lets at most this many requests be under way at once, over all clones; the others wait. By
    /// default there is no limit.
    ///
    /// A request counts until its answer is read: a [`Download`](crate::Download) until its last
    /// chunk, or until it is dropped.
    pub fn max_concurrent_requests(mut self, limit: usize) -> Self {
        self.concurrency = Some(limit);
        self
    }

    /// Reaches the PBX through this proxy: `http://proxy.example.com:3128`, with user and password
    /// in the URL if it asks for them. It replaces the proxies that the environment names
    /// (`HTTPS_PROXY` …), which are used otherwise, unless the PBX is on this machine.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
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
    /// that cannot be read; a proxy that is no URL; a limit of zero requests.
    pub fn build(self) -> Result<Client, Error> {
        let base = Base::parse(&self.base_url, self.allow_plain_http)?;
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(self.tls.config(base.is_https)?)
            .http1_only()
            // A redirect would carry token or body elsewhere: the caller decides.
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .user_agent(self.user_agent);
        let mut host = base.origin.clone();
        if let Some(url) = &self.proxy {
            let (proxy, name) = base::proxy(url)?;
            host = format!("{host} (through the proxy {name})");
            http = http.proxy(proxy);
        } else if base.is_loopback {
            http = http.no_proxy();
        }
        let permits = match self.concurrency {
            Some(0) => {
                return Err(Error::configuration("`max_concurrent_requests` must be at least 1"));
            }
            Some(limit) => Some(Arc::new(Semaphore::new(limit.min(Semaphore::MAX_PERMITS)))),
            None => None,
        };
        let http = http.build().map_err(|_| {
            Error::configuration("the user agent has characters that a header cannot carry")
        })?;
        Ok(Client(Arc::new(Inner {
            wire: Wire { http, origin: base.origin, host, release: Known::new(self.release) },
            auth: Auth::new(self.credentials)?,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            permits,
            response_limit: self.response_limit,
            probed: OnceCell::new(),
        })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL may wrongly hold a password, and the proxy's rightly.
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .field("max_concurrent_requests", &self.concurrency)
            .field("user_agent", &self.user_agent)
            .field("response_limit", &self.response_limit)
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
}
