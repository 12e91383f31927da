//! A small HTTP client over a bare socket, for tests of servers: it sends what it is told, and
//! shows what came, broken or not.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back on a connection.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// 0 if nothing came.
    pub status: u16,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// The body as far as it came.
    pub body: Vec<u8>,
    /// Whether the connection ended in order (not by a reset).
    pub orderly: bool,
}

impl Response {
    /// The value of a header; names are in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Whether the body is as long as was announced.
    pub fn is_whole(&self) -> bool {
        let length = self.header("content-length").and_then(|it| it.parse().ok());
        length.unwrap_or(0) == self.body.len()
    }
}

/// Sends one request on a connection of its own, and reads until the other side closes it.
///
/// # Errors
/// There is nobody at the address.
pub async fn send(
    base_url: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> std::io::Result<Response> {
    let address = base_url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    let mut head =
        format!("{method} {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n", body.len());
    let mut received = Vec::new();
    let mut orderly = stream.write_all(&[head.as_bytes(), body].concat()).await.is_ok();
    orderly &= stream.read_to_end(&mut received).await.is_ok();
    Ok(Response { orderly, ..parse(&received) })
}

fn parse(received: &[u8]) -> Response {
    let Some(end) = received.windows(4).position(|it| it == b"\r\n\r\n") else {
        return Response::default();
    };
    let head = String::from_utf8_lossy(&received[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|it| it.split(' ').nth(1)?.parse().ok());
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers =
        headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    let body = received[end + 4..].to_vec();
    Response { status: status.unwrap_or(0), headers, body, orderly: false }
}
