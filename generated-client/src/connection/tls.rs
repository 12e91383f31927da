//! TLS through rustls with the `ring` provider, handed over explicitly: nothing process-wide is
//! installed or expected.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use crate::error::Error;

/// Whom the client trusts.
#[derive(Default)]
pub(crate) struct Tls {
    roots: Vec<CertificateDer<'static>>,
    any: bool,
    unreadable: bool,
}

impl Tls {
    /// Adds the certificates of a PEM text; a mistake in it is reported by
    /// [`config`](Self::config).
    pub(crate) fn add_roots(&mut self, pem: &[u8]) {
        let before = self.roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            match certificate {
                Ok(certificate) => self.roots.push(certificate),
                Err(_) => self.unreadable = true,
            }
        }
        self.unreadable |= self.roots.len() == before;
    }

    pub(crate) fn accept_any(&mut self) {
        self.any = true;
    }

    pub(crate) fn config(self, is_https: bool) -> Result<ClientConfig, Error> {
        if self.unreadable {
            return Err(Error::configuration(
                "a root certificate cannot be read: it must be PEM text, -----BEGIN CERTIFICATE-----",
            ));
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::configuration(format!("TLS cannot be set up: {error}")))?;
        if !is_https {
            // Never used; the operating system's roots need not be read.
            return Ok(builder
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth());
        }
        let verifier: Arc<dyn ServerCertVerifier> = if self.any {
            Arc::new(AcceptAny(provider))
        } else {
            let verifier =
                rustls_platform_verifier::Verifier::new_with_extra_roots(self.roots, provider);
            Arc::new(verifier.map_err(|error| {
                Error::configuration(format!(
                    "the root certificates cannot be used: {error}; `add_root_certificate` adds one"
                ))
            })?)
        };
        Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
    }
}

/// Accepts every certificate; only the handshake's own signature is checked.
#[derive(Debug)]
struct AcceptAny(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::Tls;

    #[test]
    fn text_without_a_certificate_is_refused() {
        for pem in ["", "nonsense", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"]
        {
            let mut tls = Tls::default();
            tls.add_roots(pem.as_bytes());
            assert!(tls.config(true).unwrap_err().is_usage(), "{pem:?}");
        }
    }

    #[test]
    fn accepting_anyone_needs_no_roots() {
        let mut tls = Tls::default();
        tls.accept_any();
        assert!(tls.config(true).is_ok());
    }
}
