//! TLS against servers whose certificates no machine trusts, and to those that want to see one.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use threecx_xapi::{Client, RetryPolicy};

// Root, certificate and key were made for this test alone and are good until the year 2125.
const ROOT: &str = include_str!("tls/root.pem");

// So were these, each signed by itself and called an authority, as `openssl req -x509` makes them.
const SELF_SIGNED: [&str; 2] =
    [include_str!("tls/self-signed.pem"), include_str!("tls/self-signed.key")];
const EXPIRED: [&str; 2] = [include_str!("tls/expired.pem"), include_str!("tls/expired.key")];
const LATER: [&str; 2] = [include_str!("tls/later.pem"), include_str!("tls/later.key")];
const OTHER_NAME: [&str; 2] =
    [include_str!("tls/other-name.pem"), include_str!("tls/other-name.key")];
// Certificate and key of a client, which a root of its own has signed.
const CLIENT: &str = include_str!("tls/client.pem");
const LEAF: [&str; 2] = [include_str!("tls/leaf.pem"), include_str!("tls/leaf.key")];

/// Serves on a thread of its own, one request for each connection; the base URL and the number of
/// requests that have arrived.
pub(super) fn serve() -> (String, Arc<AtomicUsize>) {
    serve_as(LEAF, None)
}

/// The same with this certificate and key, and only for clients whose certificates this root has signed.
fn serve_as([pem, key]: [&str; 2], clients: Option<&str>) -> (String, Arc<AtomicUsize>) {
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let clients: Arc<dyn ClientCertVerifier> = match clients {
        None => WebPkiClientVerifier::no_client_auth(),
        Some(root) => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(root.as_bytes()).unwrap()).unwrap();
            let provider = Arc::clone(&provider);
            let builder = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
            builder.build().unwrap()
        }
    };
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
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

#[tokio::test]
async fn an_added_certificate_is_good_for_its_name_and_time() {
    for (name, server, added, is_good) in [
        ("added", SELF_SIGNED, Some(SELF_SIGNED[0]), true),
        ("added as one of several", SELF_SIGNED, Some(&*(ROOT.to_owned() + SELF_SIGNED[0])), true),
        // OpenSSL and its like trust nothing but roots.
        ("a leaf that is added without its root", LEAF, Some(LEAF[0]), cfg!(feature = "ring")),
        ("not added", SELF_SIGNED, None, false),
        ("another one added", SELF_SIGNED, Some(OTHER_NAME[0]), false),
        ("expired", EXPIRED, Some(EXPIRED[0]), false),
        ("not good yet", LATER, Some(LATER[0]), false),
        ("for another name", OTHER_NAME, Some(OTHER_NAME[0]), false),
    ] {
        let (url, arrived) = serve_as(server, None);
        let builder = Client::builder(url).token("t");
        let builder = match added {
            Some(pem) => builder.add_root_certificate(pem),
            None => builder,
        };
        match builder.build().unwrap().users().get(7).await {
            Ok(user) => assert!(is_good && user.id == Some(7), "{name}"),
            Err(error) => assert!(!is_good && error.is_tls(), "{name}: {error}"),
        }
        assert_eq!(arrived.load(Ordering::SeqCst), usize::from(is_good), "{name}");
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_asks_for_one() {
    let (url, arrived) = serve_as(SELF_SIGNED, Some(include_str!("tls/client-root.pem")));
    let builder = || {
        let retry = RetryPolicy::none();
        Client::builder(&url).token("t").retry(retry).add_root_certificate(SELF_SIGNED[0])
    };
    let anonymous = builder().build().unwrap();
    assert!(anonymous.users().get(7).await.is_err());
    assert_eq!(arrived.load(Ordering::SeqCst), 0);
    let known = builder().client_certificate(CLIENT).build().unwrap();
    assert_eq!(known.users().get(7).await.unwrap().id, Some(7));

    let builder = builder().client_certificate(CLIENT.replace("PRIVATE KEY", "CERTIFICATE"));
    let shown = format!("{builder:?}");
    let error = builder.build().unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("private key"), "{error}");
    assert!(!shown.contains("BEGIN") && !format!("{error:?}").contains("BEGIN"));
}

#[tokio::test]
async fn the_name_is_that_of_the_url_wherever_it_resolves_to() {
    let (url, _) = serve_as(SELF_SIGNED, None);
    let url = url.replace("127.0.0.1", "PBX.test");
    let builder = || Client::builder(&url).token("t").add_root_certificate(SELF_SIGNED[0]);
    let client = builder().resolve([[127, 0, 0, 1].into()]).build().unwrap();
    assert_eq!(client.users().get(7).await.unwrap().id, Some(7));
    let client = builder().retry(RetryPolicy::none()).build().unwrap();
    assert!(client.users().get(7).await.unwrap_err().is_connect());

    let builder = Client::builder("https://127.0.0.1").resolve([[127, 0, 0, 1].into()]);
    let error = builder.build().unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("`resolve`"), "{error}");
}

#[tokio::test]
async fn a_proxy_with_tls_is_checked_although_the_pbx_has_none() {
    let (proxy, arrived) = serve_as(SELF_SIGNED, None);
    let builder = || {
        let builder = Client::builder("http://pbx.test:5000").token("t").allow_plain_http();
        builder.retry(RetryPolicy::none()).proxy(&proxy)
    };
    let client = builder().build().unwrap();
    assert!(client.users().get(7).await.is_err());
    assert_eq!(arrived.load(Ordering::SeqCst), 0);
    let client = builder().add_root_certificate(SELF_SIGNED[0]).build().unwrap();
    assert_eq!(client.users().get(7).await.unwrap().id, Some(7));
}
