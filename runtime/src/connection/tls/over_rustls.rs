//! TLS through rustls with a provider that is handed over explicitly: nothing process-wide is installed or
//! expected.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::hash::HashAlgorithm;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
};

use super::{NO_FIT, NO_IDENTITY, NO_ROOT};
use crate::error::Error;

/// The cryptography that TLS uses.
#[cfg(feature = "aws-lc")]
use rustls::crypto::aws_lc_rs::default_provider as provider;
#[cfg(all(feature = "ring", not(feature = "aws-lc")))]
use rustls::crypto::ring::default_provider as provider;

/// Whom the client trusts, and who it is itself.
#[derive(Default)]
pub struct Tls {
    roots: Vec<CertificateDer<'static>>,
    identity: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    any: bool,
    problem: Option<&'static str>,
}

impl Tls {
    /// Adds the certificates of a PEM text; a mistake in it is reported by
    /// [`config`](Self::config).
    pub fn add_roots(&mut self, pem: &[u8]) {
        match certificates(pem) {
            Some(roots) => self.roots.extend(roots),
            None => {
                self.problem = Some(NO_ROOT);
            }
        }
    }

    /// Takes the client's own certificates and key from a PEM text.
    pub fn identify(&mut self, pem: &[u8]) {
        match (certificates(pem), PrivateKeyDer::from_pem_slice(pem)) {
            (Some(chain), Ok(key)) => self.identity = Some((chain, key)),
            _ => {
                self.problem = Some(NO_IDENTITY);
            }
        }
    }

    pub fn accept_any(&mut self) {
        self.any = true;
    }

    /// `is_used` says whether anything may be reached over TLS.
    pub(crate) fn config(self, is_used: bool) -> Result<Config, Error> {
        if let Some(problem) = self.problem {
            return Err(Error::configuration(problem));
        }
        let is_plain = self.roots.is_empty() && self.identity.is_none() && !self.any;
        if !is_used || !is_plain {
            return self.own(is_used).map(Config::new);
        }
        // A thousand clients need not read the operating system's roots a thousand times.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = shared.upgrade() {
            return Ok(Config(config));
        }
        let config = Config::new(self.own(true)?);
        *shared = Arc::downgrade(&config.0);
        Ok(config)
    }

    fn own(self, is_used: bool) -> Result<ClientConfig, Error> {
        let provider = Arc::new(provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?;
        if !is_used {
            // The operating system's roots need not be read.
            return Ok(builder
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth());
        }
        let verifier = Trusting::new(self.roots, self.any, provider).map_err(|error| {
            Error::configuration(format!(
                "the root certificates cannot be used: {error}; `add_root_certificate` adds one"
            ))
        })?;
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        match self.identity {
            None => Ok(builder.with_no_client_auth()),
            // The error is not repeated, since it is about a secret.
            Some((chain, key)) => {
                builder.with_client_auth_cert(chain, key).map_err(|_| Error::configuration(NO_FIT))
            }
        }
    }
}

/// The configuration of the clients that have nothing of their own in it, as long as one of them lives. With
/// it they share the sessions that TLS resumes.
static SHARED: Mutex<Weak<ClientConfig>> = Mutex::new(Weak::new());

/// A finished configuration. A client keeps it, so that others can share it.
#[derive(Debug)]
pub(crate) struct Config(Arc<ClientConfig>);

impl Config {
    fn new(config: ClientConfig) -> Self {
        Self(Arc::new(config))
    }

    /// What the HTTP library takes.
    pub(crate) fn for_http(&self) -> ClientConfig {
        ClientConfig::clone(&self.0)
    }
}

/// The certificates of a PEM text; none if there is none, or one that cannot be read.
fn certificates(pem: &[u8]) -> Option<Vec<CertificateDer<'static>>> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    all.ok().filter(|all| !all.is_empty())
}

/// Trusts what the operating system's roots and the added ones have signed, and an added certificate
/// itself.
#[derive(Debug)]
struct Trusting {
    /// None if every certificate is accepted: then only the handshake's own signature is checked.
    roots: Option<rustls_platform_verifier::Verifier>,
    added: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Trusting {
    fn new(
        added: Vec<CertificateDer<'static>>,
        any: bool,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self, rustls::Error> {
        let with_roots = rustls_platform_verifier::Verifier::new_with_extra_roots;
        let roots =
            if any { None } else { Some(with_roots(added.clone(), Arc::clone(&provider))?) };
        Ok(Self { roots, added, provider })
    }

    /// Checks name and dates of a certificate that was added as it is. A self-signed one may call itself an
    /// authority, as `openssl req -x509` makes them, and such a one is refused as a server's elsewhere.
    fn verify_added(
        &self,
        certificate: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        verify_server_name(&parsed, name)?;
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone().into_owned())?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        let verdict = |at: UnixTime| {
            verify_server_cert_signed_by_trust_anchor(&parsed, &roots, &[], at, algorithms)
        };
        // The dates are checked before all that an added certificate may lack. The two other verdicts make
        // sure of that: they are about the dates as well.
        let dates = |at: u64| verdict(UnixTime::since_unix_epoch(Duration::from_secs(at)));
        match verdict(now) {
            Err(error) if is_about_dates(&error) => Err(error),
            Err(error) => {
                let are_checked = [dates(0), dates(END_OF_TIME)]
                    .iter()
                    .all(|verdict| matches!(verdict, Err(error) if is_about_dates(error)));
                if are_checked { Ok(ServerCertVerified::assertion()) } else { Err(error) }
            }
            Ok(()) => Ok(ServerCertVerified::assertion()),
        }
    }
}

/// No certificate is good in the year 30,000: their dates have four digits.
const END_OF_TIME: u64 = 884_541_340_800;

fn is_about_dates(error: &rustls::Error) -> bool {
    use CertificateError::{Expired, ExpiredContext, NotValidYet, NotValidYetContext};
    matches!(
        error,
        rustls::Error::InvalidCertificate(
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. }
        )
    )
}

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(roots) = &self.roots else { return Ok(ServerCertVerified::assertion()) };
        if self.added.iter().any(|added| added == certificate) {
            return self.verify_added(certificate, name, now);
        }
        roots.verify_server_cert(certificate, intermediates, name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The hash that TLS uses too.
pub(crate) fn sha256(text: &[u8]) -> Result<Vec<u8>, Error> {
    let suites = provider().cipher_suites;
    let hash = suites.iter().filter_map(|suite| Some(suite.tls13()?.common.hash_provider));
    let mut hash = hash.filter(|hash| hash.algorithm() == HashAlgorithm::SHA256);
    let hash = hash.next().ok_or_else(|| Error::configuration("TLS has no SHA-256 here"))?;
    Ok(hash.hash(text).as_ref().to_vec())
}

/// 256 random bits.
pub(crate) fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| Error::configuration("the operating system gives no random numbers"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_share_what_they_have_alike_and_nothing_of_their_own() {
        let config = |tls: Tls| tls.config(true).unwrap();
        let accepting = || {
            let mut tls = Tls::default();
            tls.accept_any();
            tls
        };
        let one = config(Tls::default());
        assert!(Arc::ptr_eq(&one.0, &config(Tls::default()).0));
        let any = config(accepting());
        assert!(!Arc::ptr_eq(&one.0, &any.0));
        assert!(!Arc::ptr_eq(&any.0, &config(accepting()).0));
    }
}
