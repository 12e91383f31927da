//! TLS of the operating system, or OpenSSL where it has none.

use native_tls::{Certificate, Identity, TlsConnector};
use sha2::Digest;

use super::{NO_FIT, NO_IDENTITY, NO_ROOT};
use crate::error::Error;

/// The marks of a private key in PKCS #8, the one form that all systems take.
const KEY: [&str; 2] = ["-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"];

/// Whom the client trusts, and who it is itself.
#[derive(Default)]
pub struct Tls {
    roots: Vec<Certificate>,
    identity: Option<Identity>,
    any: bool,
    problem: Option<&'static str>,
}

impl Tls {
    /// Adds the certificates of a PEM text; a mistake in it is reported by [`config`](Self::config).
    pub fn add_roots(&mut self, pem: &[u8]) {
        match Certificate::stack_from_pem(pem) {
            Ok(roots) if !roots.is_empty() => self.roots.extend(roots),
            _ => self.problem = Some(NO_ROOT),
        }
    }

    /// Takes the client's own certificates and key from a PEM text.
    pub fn identify(&mut self, pem: &[u8]) {
        let identity = parts(pem).and_then(|(certificates, key)| {
            let identity = Identity::from_pkcs8(certificates.as_bytes(), key.as_bytes());
            // The error is not repeated, since it is about a secret.
            identity.map_err(|_| NO_FIT)
        });
        match identity {
            Ok(identity) => self.identity = Some(identity),
            Err(problem) => self.problem = Some(problem),
        }
    }

    pub fn accept_any(&mut self) {
        self.any = true;
    }

    /// The operating system's roots are read in any case.
    pub(crate) fn config(self, _is_used: bool) -> Result<Config, Error> {
        if let Some(problem) = self.problem {
            return Err(Error::configuration(problem));
        }
        let mut builder = TlsConnector::builder();
        for root in self.roots {
            builder.add_root_certificate(root);
        }
        if let Some(identity) = self.identity {
            builder.identity(identity);
        }
        builder.danger_accept_invalid_certs(self.any).danger_accept_invalid_hostnames(self.any);
        builder
            .build()
            .map(Config)
            .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))
    }
}

/// A finished configuration.
#[derive(Debug)]
pub(crate) struct Config(TlsConnector);

impl Config {
    /// What the HTTP library takes.
    pub(crate) fn for_http(&self) -> TlsConnector {
        self.0.clone()
    }
}

/// The certificates and the private key of a PEM text.
fn parts(pem: &[u8]) -> Result<(String, String), &'static str> {
    let [begin, end] = KEY;
    let text = str::from_utf8(pem).map_err(|_| NO_IDENTITY)?;
    let (before, rest) = text.split_once(begin).ok_or(NO_IDENTITY)?;
    let (key, after) = rest.split_once(end).ok_or(NO_IDENTITY)?;
    let certificates = [before, after].concat();
    match Certificate::stack_from_pem(certificates.as_bytes()) {
        Ok(all) if !all.is_empty() => Ok((certificates, [begin, key, end].concat())),
        _ => Err(NO_IDENTITY),
    }
}

pub(crate) fn sha256(text: &[u8]) -> Result<[u8; 32], Error> {
    Ok(sha2::Sha256::digest(text).into())
}

/// 256 random bits.
pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|_| Error::configuration("the operating system gives no random numbers"))?;
    Ok(bytes)
}
