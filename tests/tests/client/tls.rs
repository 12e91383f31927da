//! TLS against a server whose root no machine trusts.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use threecx_xapi::Client;

// Root, certificate and key were made for this test alone and are good until the year 2125.
const ROOT: &str = include_str!("tls/root.pem");

/// Serves on a thread of its own, one request for each connection; the base URL and the number of
/// requests that have arrived.
pub(super) fn serve() -> (String, Arc<AtomicUsize>) {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/leaf.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/leaf.key")).unwrap();
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let arrived = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&arrived);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut tls =
                StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut request = [0; 4096];
            if tls.read(&mut request).is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = tls.write_all(
                    b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\n{\"Id\":7}",
                );
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    (format!("https://{address}"), arrived)
}

#[tokio::test]
async fn a_root_that_is_not_known_is_a_tls_error_until_it_is_added() {
    let (url, _) = serve();
    let client = Client::builder(&url).build().unwrap();
    let error = client.users().get(7).await.unwrap_err();
    assert!(error.is_tls() && error.is_connect() && !error.is_retryable(), "{error:?}");
    assert!(error.to_string().contains("add_root_certificate"), "{error}");

    let client = Client::builder(&url).add_root_certificate(ROOT).build().unwrap();
    assert_eq!(client.users().get(7).await.unwrap().id, Some(7));

    let client = Client::builder(&url).danger_accept_invalid_certificates().build().unwrap();
    assert_eq!(client.users().get(7).await.unwrap().id, Some(7));
}
