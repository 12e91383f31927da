//! A server that answers as fast as it can, or some time later.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Starts one on a thread of its own; the base URL. `answer` gets the target of a request.
pub(crate) fn start(
    latency: Duration,
    answer: impl Fn(&str) -> String + Send + Sync + 'static,
) -> String {
    let (tell, told) = std::sync::mpsc::channel();
    let answer: Arc<dyn Fn(&str) -> String + Send + Sync> = Arc::new(answer);
    std::thread::spawn(move || {
        crate::runtime().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                tokio::spawn(serve(stream, latency, Arc::clone(&answer)));
            }
        });
    });
    format!("http://{}", told.recv().unwrap())
}

async fn serve(
    mut stream: TcpStream,
    latency: Duration,
    answer: Arc<dyn Fn(&str) -> String + Send + Sync>,
) {
    let mut buffer = Vec::new();
    loop {
        // The requests have no body.
        while !buffer.ends_with(b"\r\n\r\n") {
            match stream.read_buf(&mut buffer).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        let body = {
            let text = std::str::from_utf8(&buffer).unwrap();
            answer(text.split(' ').nth(1).unwrap())
        };
        buffer.clear();
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all((head + &body).as_bytes()).await.is_err() {
            return;
        }
    }
}
