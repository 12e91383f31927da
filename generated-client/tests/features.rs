//! The features that are not on by default, over real sockets: answers that a gateway has compressed, and
//! TLS with the cryptography of AWS-LC.

#![cfg(any(feature = "compression", feature = "aws-lc"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::TcpListener;

use threecx_xapi::Client;

/// `{"Id":7}`
const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xf2\x4c\x51\xb2\x32\xaf\x05\x00\x75\x5a\xab\x15\x08\x00\x00\x00";
const DEFLATE: &[u8] = b"\x78\x9c\xab\x56\xf2\x4c\x51\xb2\x32\xaf\x05\x00\x0a\x99\x02\x5b";

/// Serves each of these answers once; the base URL.
fn serve(answers: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).unwrap();
            stream.write_all(&answer).unwrap();
        }
    });
    url
}

fn answer(coding: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

#[cfg(feature = "compression")]
#[tokio::test]
async fn compressed_answers_are_read() {
    let url = serve(vec![answer("gzip", GZIP), answer("deflate", DEFLATE), answer("gzip", GZIP)]);
    let client = Client::builder(url).token("t").build().unwrap();
    for _ in 0..2 {
        assert_eq!(client.users().get(7).await.unwrap().id, Some(7));
    }
    let file = client.recordings().download_recording(7).await.unwrap();
    assert_eq!(&file.bytes().await.unwrap()[..], br#"{"Id":7}"#);
}

#[cfg(feature = "compression")]
#[tokio::test]
async fn the_limit_counts_what_a_compressed_answer_becomes() {
    let url = serve(vec![answer("gzip", GZIP)]);
    let client = Client::builder(url).token("t").response_limit(7).build().unwrap();
    assert!(client.users().get(7).await.unwrap_err().is_too_large());
}

#[cfg(feature = "aws-lc")]
#[tokio::test]
async fn tls_can_be_that_of_aws_lc() {
    let url = serve(vec![b"no TLS".to_vec()]).replace("http:", "https:");
    let client = Client::builder(url).token("t").retry(threecx_xapi::RetryPolicy::none());
    let error = client.build().unwrap().users().get(7).await.unwrap_err();
    assert!(error.is_tls() || error.is_connect(), "{error}");
}
