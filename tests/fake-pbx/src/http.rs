//! The connections: requests come in, answers and faults go out.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::fault::{Effect, Ending, Fault};
use super::reply::{Body, Reply};
use super::routes::handle;
use super::shared::Shared;
use crate::recorded::Recorded;

/// Bytes of a generated file that are in memory at once.
const CHUNK: u64 = 64 * 1024;

/// Accepts connections until it is dropped, and they with it.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // A connection that breaks is the client's to notice.
        connections.spawn(async move { drop(connection(stream, &shared).await) });
        while connections.try_join_next().is_some() {}
    }
}

/// Counts a request as long as something happens to it.
struct Busy<'s>(&'s Shared);

impl<'s> Busy<'s> {
    fn new(shared: &'s Shared) -> Self {
        shared.busy.send_modify(|count| *count += 1);
        Self(shared)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.send_modify(|count| *count -= 1);
    }
}

async fn connection(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = Recorded::read(&mut stream, &mut buffer).await? {
        let close = request.header("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"));
        let _busy = Busy::new(shared);
        let fault = shared.arrived(&request);
        if let Some(gate) = fault.as_ref().and_then(|fault| fault.gate.as_ref()) {
            gate.pass().await;
        }
        if let Some(fault) = fault.as_ref().filter(|fault| !fault.delay.is_zero()) {
            tokio::time::sleep(fault.delay).await;
        }
        let effect = fault.map_or(Effect::Nothing, |fault: Fault| fault.effect);
        let answer = |reply: Reply| shared.finish(reply);
        match effect {
            Effect::Nothing => write(&mut stream, &answer(handle(shared, &request)), 100).await?,
            Effect::Answer(reply) => write(&mut stream, &answer(reply), 100).await?,
            Effect::Revoke => {
                shared.state().tokens.revoke();
                write(&mut stream, &answer(handle(shared, &request)), 100).await?;
            }
            Effect::Relabel(media_type) => {
                let reply = handle(shared, &request).with("Content-Type", &media_type);
                write(&mut stream, &answer(reply), 100).await?;
            }
            Effect::Truncate => {
                let mut reply = handle(shared, &request);
                reply.body = Body::Bytes(reply.body.slice(0, reply.body.length() / 2));
                write(&mut stream, &answer(reply), 100).await?;
            }
            Effect::Hangup { ending, handled } => {
                if handled {
                    handle(shared, &request);
                }
                return end(stream, ending).await;
            }
            Effect::Cut { percent, ending } => {
                let reply = answer(handle(shared, &request));
                write(&mut stream, &reply, percent).await?;
                // Without a body the answer is whole, and nothing can be cut off it.
                if reply.body.length() > 0 {
                    return end(stream, ending).await;
                }
            }
        }
        if close {
            break;
        }
    }
    Ok(())
}

/// Sends an answer with so many percent of its body.
async fn write(stream: &mut TcpStream, reply: &Reply, percent: u64) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} Status\r\n", reply.status);
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    let length = reply.body.length();
    if reply.status != 204 {
        head += &format!("Content-Length: {length}\r\n");
    }
    head += "\r\n";
    let end =
        u64::try_from(u128::from(length) * u128::from(percent.min(100)) / 100).unwrap_or(length);
    let mut at = end.min(CHUNK);
    // The head goes with the first bytes, so that a short answer is one packet.
    stream.write_all(&[head.into_bytes(), reply.body.slice(0, at)].concat()).await?;
    while at < end {
        let next = end.min(at + CHUNK);
        stream.write_all(&reply.body.slice(at, next)).await?;
        at = next;
    }
    stream.flush().await
}

async fn end(mut stream: TcpStream, ending: Ending) -> std::io::Result<()> {
    match ending {
        Ending::Reset => stream.set_zero_linger(),
        Ending::Close => stream.shutdown().await,
        Ending::Stall => {
            // Until the other side gives up.
            let mut rest = [0; 1024];
            while stream.read(&mut rest).await? > 0 {}
            Ok(())
        }
    }
}
