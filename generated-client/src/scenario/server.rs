//! A server that plays a script and keeps what it received. It shares no code with the client.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// What the server does with a request.
pub(super) enum Play {
    /// Answers and keeps the connection.
    Answer(Vec<u8>),
    /// Sends these bytes and closes.
    Cut(Vec<u8>),
    /// Sends these bytes and breaks the connection (RST).
    Reset(Vec<u8>),
    /// Sends these bytes and falls silent.
    Stall(Vec<u8>),
    /// Answers after a while.
    Late(Duration, Vec<u8>),
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// `GET /xapi/v1/Users HTTP/1.1`
    pub(super) line: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Received {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn is_sign_in(&self) -> bool {
        self.line == "POST /connect/token HTTP/1.1"
            || self.line == "POST /webclient/api/Login/GetAccessToken HTTP/1.1"
    }
}

pub(super) struct Server {
    pub(super) address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

type Script = Arc<dyn Fn(&Received, usize) -> Play + Send + Sync>;

impl Server {
    /// `script` gets each request with the number of those before it.
    pub(super) async fn start(
        script: impl Fn(&Received, usize) -> Play + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (log, script): (_, Script) = (Arc::clone(&received), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&log), Arc::clone(&script)));
            }
        });
        Self { address, received }
    }

    /// A server that gives everything the same answer.
    pub(super) async fn always(answer: Vec<u8>) -> Self {
        Self::start(move |_, _| Play::Answer(answer.clone())).await
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(super) fn sign_ins(&self) -> usize {
        self.received().iter().filter(|request| request.is_sign_in()).count()
    }

    /// The requests that are no sign-ins.
    pub(super) fn calls(&self) -> usize {
        self.received().len() - self.sign_ins()
    }

    /// The only request.
    pub(super) fn only(&self) -> Received {
        let received = self.received();
        assert_eq!(received.len(), 1, "{received:?}");
        received[0].clone()
    }
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Vec<Received>>>, script: Script) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let number = {
            let mut log = log.lock().unwrap();
            log.push(request.clone());
            log.len() - 1
        };
        match script(&request, number) {
            Play::Answer(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Play::Cut(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Play::Reset(bytes) => {
                let _ = stream.write_all(&bytes).await;
                // What was written must not be overtaken by the reset.
                tokio::time::sleep(Duration::from_millis(5)).await;
                stream.set_zero_linger().unwrap();
                return;
            }
            Play::Late(pause, bytes) => {
                tokio::time::sleep(pause).await;
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Play::Stall(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Received> {
    let end = loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(buffer[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    while buffer.len() < end + 4 + length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(buffer[end + 4..end + 4 + length].to_vec()).unwrap();
    buffer.drain(..end + 4 + length);
    Some(Received { line, headers, body })
}

/// An address at which nobody listens. The socket keeps it from being given to another test.
pub(super) fn nobody() -> (SocketAddr, TcpSocket) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    (socket.local_addr().unwrap(), socket)
}

/// A whole answer with headers of its own (`"Name: value\r\n"` each).
pub(super) fn answer_with(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status} Status\r\n{headers}Content-Length: {}\r\n\r\n", body.len())
            .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub(super) fn json(status: u16, body: impl AsRef<[u8]>) -> Vec<u8> {
    answer_with(status, "Content-Type: application/json; odata.metadata=minimal\r\n", body)
}

pub(super) fn empty(status: u16) -> Vec<u8> {
    if status == 204 {
        b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()
    } else {
        answer_with(status, "", "")
    }
}
