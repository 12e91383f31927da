//! TLS, and the randomness and the hash that come with it. The crate's features say what it is made of.

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
mod native;
#[cfg(feature = "rustls")]
mod over_rustls;

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(crate) use native::{Config, Tls, random, sha256};
#[cfg(feature = "rustls")]
pub(crate) use over_rustls::{Config, Tls, random, sha256};

#[cfg(not(any(feature = "ring", feature = "aws-lc", feature = "native-tls")))]
compile_error!("threecx-xapi needs one of its features `ring`, `aws-lc` and `native-tls`, for TLS");

/// What is said of certificates that cannot be read.
const NO_ROOT: &str =
    "a root certificate cannot be read: it must be PEM text, -----BEGIN CERTIFICATE-----";
const NO_IDENTITY: &str =
    "the client certificate cannot be read: it must be PEM text with certificate and private key";
const NO_FIT: &str = "the client certificate and its private key do not fit";

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
    fn a_client_certificate_needs_its_key() {
        let pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for pem in ["", "nonsense", pem] {
            let mut tls = Tls::default();
            tls.identify(pem.as_bytes());
            let error = tls.config(true).unwrap_err();
            assert!(error.is_usage() && error.to_string().contains("private key"), "{error}");
        }
    }

    #[test]
    fn accepting_anyone_needs_no_roots() {
        let mut tls = Tls::default();
        tls.accept_any();
        assert!(tls.config(true).is_ok());
    }

    #[test]
    fn the_hash_is_sha_256() {
        let hash = super::sha256(b"abc").unwrap();
        assert_eq!(hash[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(hash.len(), 32);
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(super::random().unwrap(), super::random().unwrap());
    }
}
