//! A small HTTP/1.1 server that records each request byte for byte and answers what it is told to,
//! whole or broken.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

pub use threecx_xapi_fake::Recorded;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers beside Content-Length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer without a body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// An answer of a media type.
    pub fn typed(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), media_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// A JSON answer as the PBX labels it.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::typed(status, "application/json; odata.metadata=minimal", body.to_string())
    }

    /// The same with one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Answer {
    /// The answer as it goes over the socket.
    pub fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Status\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if self.status != 204 {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        head += "\r\n";
        [head.as_bytes(), &self.body].concat()
    }
}

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Play {
    /// Sends these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Sends these bytes and closes the connection.
    Cut(Vec<u8>),
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Sends these bytes and falls silent.
    Stall(Vec<u8>),
    /// Sends these bytes after a while, and keeps the connection.
    Late(Duration, Vec<u8>),
}

impl From<Answer> for Play {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer.bytes())
    }
}

type Script = dyn Fn(&Recorded, usize) -> Play + Send + Sync;

/// A server on a port of its own; it stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    recorded: Arc<Mutex<Vec<Recorded>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts on a free port of the loopback interface.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start(
        handler: impl Fn(&Recorded) -> Answer + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::play(move |request, _| handler(request).into()).await
    }

    /// Starts a server that also fails. `script` gets each request with the number of those before it.
    ///
    /// # Errors
    /// There is no port.
    pub async fn play(
        script: impl Fn(&Recorded, usize) -> Play + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        Self::on(TcpListener::bind(("127.0.0.1", 0)).await?, script)
    }

    /// The same on an address at which [`nobody`] listened before.
    ///
    /// # Errors
    /// The socket cannot listen.
    pub fn on(
        listener: TcpListener,
        script: impl Fn(&Recorded, usize) -> Play + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let (log, script): (_, Arc<Script>) = (Arc::clone(&recorded), Arc::new(script));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                // A connection that breaks is the client's to notice.
                tokio::spawn(async move { drop(serve(stream, &log, script.as_ref()).await) });
            }
        });
        Ok(Self { address, recorded, task })
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What came so far.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What came so far, beside sign-ins.
    pub fn calls(&self) -> Vec<Recorded> {
        let mut all = self.recorded();
        all.retain(|request| !request.is_sign_in());
        all
    }

    /// How many sign-ins came so far.
    pub fn sign_ins(&self) -> usize {
        self.recorded().iter().filter(|request| request.is_sign_in()).count()
    }

    /// How many bytes of requests came so far.
    pub fn bytes(&self) -> usize {
        self.recorded().iter().map(|request| request.size).sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An address at which nobody listens. The socket keeps it from being given to another test.
///
/// # Errors
/// There is no port.
pub fn nobody() -> std::io::Result<(SocketAddr, TcpSocket)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    Ok((socket.local_addr()?, socket))
}

async fn serve(
    mut stream: TcpStream,
    log: &Mutex<Vec<Recorded>>,
    script: &Script,
) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while let Some(request) = Recorded::read(&mut stream, &mut buffer).await? {
        let number = {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push(request.clone());
            log.len() - 1
        };
        match script(&request, number) {
            Play::Answer(bytes) => stream.write_all(&bytes).await?,
            Play::Late(pause, bytes) => {
                tokio::time::sleep(pause).await;
                stream.write_all(&bytes).await?;
            }
            Play::Cut(bytes) => return stream.write_all(&bytes).await,
            Play::Reset(bytes) => {
                stream.write_all(&bytes).await?;
                // What was written must not be overtaken by the reset.
                tokio::time::sleep(Duration::from_millis(5)).await;
                return stream.set_zero_linger();
            }
            Play::Stall(bytes) => {
                stream.write_all(&bytes).await?;
                std::future::pending::<()>().await;
            }
        }
    }
    Ok(())
}
