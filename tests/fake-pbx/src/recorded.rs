//! Requests as they come over a socket.

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// A request as it came over the socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// `GET`
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// Header names in lower case, with their values, in the order they came.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The bytes that it took on the socket, head and body.
    pub size: usize,
}

impl Recorded {
    /// The value of a header; names are in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null if there is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `GET /xapi/v1/Users`
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// Whether it asks for a token: of OAuth2, or by a user's login.
    pub fn is_sign_in(&self) -> bool {
        let path = self.target.split('?').next();
        self.method == "POST"
            && matches!(path, Some("/connect/token" | "/webclient/api/Login/GetAccessToken"))
    }

    /// Reads the next request of a connection; none if it was closed. `buffer` keeps what came beyond the
    /// request, and belongs to the connection.
    ///
    /// # Errors
    /// The connection broke.
    pub async fn read(
        stream: &mut TcpStream,
        buffer: &mut Vec<u8>,
    ) -> std::io::Result<Option<Self>> {
        loop {
            if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
                let mut request = parse_head(&head);
                let chunked = request.header("transfer-encoding");
                if chunked.is_some_and(|it| it.eq_ignore_ascii_case("chunked")) {
                    buffer.drain(..end + 4);
                    let Some((body, size)) = read_chunks(stream, buffer).await? else {
                        return Ok(None);
                    };
                    (request.body, request.size) = (body, end + 4 + size);
                    return Ok(Some(request));
                }
                let length = request.header("content-length").and_then(|it| it.parse().ok());
                let (start, length) = (end + 4, length.unwrap_or(0));
                while buffer.len() < start + length {
                    if stream.read_buf(buffer).await? == 0 {
                        return Ok(None);
                    }
                }
                request.body = buffer[start..start + length].to_vec();
                request.size = start + length;
                buffer.drain(..start + length);
                return Ok(Some(request));
            }
            if stream.read_buf(buffer).await? == 0 {
                return Ok(None);
            }
        }
    }
}

/// A body that comes in chunks, and the bytes that it took; none when it breaks off.
async fn read_chunks(
    stream: &mut TcpStream,
    buffer: &mut Vec<u8>,
) -> std::io::Result<Option<(Vec<u8>, usize)>> {
    let (mut body, mut taken) = (Vec::new(), 0);
    loop {
        let line = buffer.windows(2).position(|window| window == b"\r\n");
        let size = line.and_then(|line| {
            let text = std::str::from_utf8(&buffer[..line]).ok()?;
            usize::from_str_radix(text.split(';').next()?.trim(), 16).ok()
        });
        // A chunk has a line break after its size and another one after its bytes.
        if let (Some(line), Some(size)) = (line, size)
            && buffer.len() >= line + 4 + size
        {
            body.extend_from_slice(&buffer[line + 2..line + 2 + size]);
            buffer.drain(..line + 4 + size);
            taken += line + 4 + size;
            if size == 0 {
                return Ok(Some((body, taken)));
            }
        } else if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

fn parse_head(head: &str) -> Recorded {
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ');
    let mut word = || first.next().unwrap_or_default().to_owned();
    let (method, target) = (word(), word());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Recorded { method, target, headers, ..Recorded::default() }
}
