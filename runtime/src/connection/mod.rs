//! The connection to one PBX: the HTTP client, where it leads, and what the PBX has said of itself.
//! Sign-in and calls share it.

mod base;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::error::Error;
use crate::info::Service;
use crate::json::Nesting;
use crate::message::{ERROR_BODY, OWN_IN_CALLS, PreparedRequest, Reply, header};
use crate::release::{Known, Release};

pub(crate) use base::{Base, origin};
pub(crate) use tls::{Config, Tls, random, sha256};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The client gives up an idle connection before the servers and gateways that we know close it. A POST
/// that crosses with the closing fails, and the client must not repeat it.
const POOL_IDLE: Duration = Duration::from_secs(45);
/// The most memory that is taken for a body before its bytes arrive.
const AHEAD: usize = 1024 * 1024;
/// The header in which a PBX tells its release.
const VERSION: HeaderName = HeaderName::from_static("x-3cx-version");
/// The limit of time for reading an error's body.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// What a connection is made of, beside its base URL.
pub struct Settings {
    /// The builder of the HTTP client, for what is not set here.
    pub http: Option<reqwest::ClientBuilder>,
    pub tls: Tls,
    pub proxy: Option<String>,
    /// Whether token and secret may go over the network in plain HTTP.
    pub allow_plain_http: bool,
    /// Sent with every request, sign-in included.
    headers: HeaderMap,
    /// Where the host of the base URL is, whatever its name resolves to.
    pub addresses: Vec<IpAddr>,
    pub connect_timeout: Duration,
    pub user_agent: String,
    /// The PBX's release, if the program knows it.
    pub release: Option<Release>,
    /// The first thing that cannot be set so.
    pub(crate) problem: Option<Error>,
}

impl Settings {
    pub(crate) fn new(user_agent: &str) -> Self {
        Self {
            http: None,
            tls: Tls::default(),
            proxy: None,
            allow_plain_http: false,
            headers: HeaderMap::new(),
            addresses: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: user_agent.to_owned(),
            release: None,
            problem: None,
        }
    }

    /// Sends a header with every request; one of the same name goes.
    pub fn header(&mut self, name: &str, value: &str) {
        match header(name, value, OWN_IN_CALLS) {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(error) => drop(self.problem.get_or_insert(error)),
        }
    }
}

/// Stands in for a PBX: takes a request and gives the reply.
pub(crate) type Function = Arc<dyn Fn(&PreparedRequest) -> Result<Reply, Error> + Send + Sync>;

enum Line {
    /// With the TLS that it shares with others.
    Network(reqwest::Client, #[allow(dead_code, reason = "it lives as long as the client")] Config),
    Function(Function),
}

pub(crate) struct Connection {
    line: Line,
    /// Scheme, host and port, without a slash at the end.
    pub(crate) origin: String,
    /// Where the service is, with a slash at the end.
    pub(crate) root: Url,
    pub(crate) service: Service,
    /// Scheme, host and port for people, with the proxy if there is one.
    pub(crate) host: String,
    /// The PBX's release.
    pub(crate) release: Known,
    /// The values of the headers of every request, which may be secrets.
    pub(crate) secrets: Vec<String>,
}

impl Connection {
    /// Opens nothing yet: the first request does.
    pub(crate) fn new(base: Base, settings: Settings) -> Result<Self, Error> {
        let text = |value: &HeaderValue| Some(value.to_str().ok()?.to_owned());
        let secrets = settings.headers.values().filter_map(text).collect();
        // A plain base on this machine without a proxy has no use for TLS.
        let is_direct = base.is_loopback && settings.proxy.is_none();
        let tls = settings.tls.config(base.is_https || !is_direct)?;
        let mut http = settings
            .http
            .unwrap_or_else(reqwest::Client::builder)
            .tls_backend_preconfigured(tls.for_http())
            .http1_only()
            // A redirect would carry token or body elsewhere: the caller decides.
            .redirect(reqwest::redirect::Policy::none())
            // The client's own policy decides what is sent again. Without a number, reqwest would copy each
            // request for a second try.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .connect_timeout(settings.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .default_headers(settings.headers)
            .user_agent(settings.user_agent);
        let mut host = base.origin.clone();
        if let Some(url) = &settings.proxy {
            let (proxy, name) = base::proxy(url)?;
            if !base.is_https && !settings.allow_plain_http {
                return Err(Error::configuration(
                    "the base URL is plain HTTP, and the proxy would carry secret and token over the network: use https://, or `allow_plain_http`",
                ));
            }
            host = format!("{host} (through the proxy {name})");
            http = http.proxy(proxy);
        } else if base.is_loopback {
            http = http.no_proxy();
        }
        if !settings.addresses.is_empty() {
            let Some(name) = &base.name else {
                return Err(Error::configuration(
                    "`resolve` needs a base URL with a host name, which this one does not have",
                ));
            };
            // The port is that of the URL.
            let addresses: Vec<SocketAddr> =
                settings.addresses.iter().map(|address| (*address, 0).into()).collect();
            http = http.resolve_to_addrs(name, &addresses);
        }
        let http = http.build().map_err(|_| {
            Error::configuration("the user agent has characters that a header cannot carry")
        })?;
        let (line, release) = (Line::Network(http, tls), Known::new(settings.release));
        let Base { origin, root, service, .. } = base;
        Ok(Self { line, origin, root, service, host, release, secrets })
    }

    /// A connection that a function answers.
    pub(crate) fn over(function: Function, base: Base, release: Option<Release>) -> Self {
        let (line, release) = (Line::Function(function), Known::new(release));
        let host = base.origin.clone();
        let Base { origin, root, service, .. } = base;
        Self { line, origin, root, service, host, release, secrets: Vec::new() }
    }

    /// The function that takes the place of the network, if there is one.
    pub(crate) fn function(&self) -> Option<&Function> {
        match &self.line {
            Line::Network(..) => None,
            Line::Function(function) => Some(function),
        }
    }

    /// Sends one request, once.
    pub(crate) async fn send(&self, request: reqwest::Request) -> Result<reqwest::Response, Error> {
        let Line::Network(http, _) = &self.line else {
            return Err(Error::configuration("a function answers this client, not a network"));
        };
        let sent = http.execute(request).await;
        let response = sent.map_err(|error| Error::transport(error, &self.host))?;
        self.learn(response.headers());
        Ok(response)
    }

    /// Takes the PBX's release from an answer. The connection believes every answer that names it.
    pub(crate) fn learn(&self, headers: &HeaderMap) {
        let version = headers.get(VERSION).and_then(|it| it.to_str().ok());
        if let Some(release) = version.and_then(|version| version.parse().ok()) {
            self.release.learn(release);
        }
    }

    /// Reads a body whole, or fails as soon as it is known to pass the limit, or to be too deep.
    pub(crate) async fn read(
        &self,
        response: &mut reqwest::Response,
        limit: usize,
    ) -> Result<Bytes, Error> {
        let announced = response.content_length().unwrap_or(0);
        if usize::try_from(announced).map_or(true, |length| length > limit) {
            return Err(Error::too_large(limit));
        }
        let (mut body, mut nesting) = (BytesMut::new(), Nesting::default());
        while let Some(chunk) = self.chunk(response).await? {
            if chunk.len() > limit - body.len() {
                return Err(Error::too_large(limit));
            }
            // Most answers come whole, and need not be copied.
            if body.is_empty() && response.content_length() == Some(0) {
                return Ok(chunk);
            }
            // The announced length is the server's word alone.
            if body.is_empty() {
                body.reserve(usize::try_from(announced).unwrap_or(0).min(AHEAD));
            }
            body.extend_from_slice(&chunk);
            if nesting.is_excessive(&body) {
                return Err(Error::too_deep());
            }
        }
        Ok(body.freeze())
    }

    /// The next piece of a body; none at its end.
    pub(crate) async fn chunk(
        &self,
        response: &mut reqwest::Response,
    ) -> Result<Option<Bytes>, Error> {
        response.chunk().await.map_err(|error| Error::transport(error, &self.host))
    }

    /// As much of an error's body as comes within this time and the client's own. A body that breaks off or
    /// stalls is used as far as it came: the status says most.
    pub(crate) async fn read_error(
        &self,
        response: &mut reqwest::Response,
        within: Duration,
    ) -> Bytes {
        let mut body = BytesMut::new();
        let read = async {
            while body.len() < ERROR_BODY {
                match response.chunk().await {
                    Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                    Ok(None) | Err(_) => break,
                }
            }
        };
        let _ = tokio::time::timeout(ERROR_BODY_TIME.min(within), read).await;
        body.truncate(ERROR_BODY);
        body.freeze()
    }
}
