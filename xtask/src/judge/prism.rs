//! Prism: a mock server that judges each request before it answers.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::complaint::{Complaint, Judge};
use super::recording::Request;
use super::tools;

/// How long it may take to start, and to answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// What Prism says of the requests.
pub(super) fn judge(document: &Path, requests: &[Request]) -> Result<Vec<Complaint>, String> {
    let server = Server::start(document)?;
    let mut complaints = Vec::new();
    for (place, request) in requests.iter().enumerate() {
        let answer = server.send(request).map_err(|error| format!("Prism: {error}"))?;
        let texts = refusals(&answer);
        complaints.extend(texts.into_iter().map(|text| Complaint::of(Judge::Prism, place, text)));
    }
    Ok(complaints)
}

/// A Prism that runs; it ends when it is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(document: &Path) -> Result<Self, String> {
        let program = tools::prism()?;
        let said =
            |error: std::io::Error| format!("Prism can't be started: {error}; it needs node");
        let log = tools::folder().join("prism.log");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).map_err(said)?;
        let port = free.port();
        let process = Command::new("node")
            .arg(program)
            .args(["mock", "-h", "127.0.0.1", "-p", &port.to_string()])
            .arg(document)
            .stdout(File::create(&log).map_err(said)?)
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(said)?;
        let mut server = Self { process, port };
        let begun = Instant::now();
        while server.connect().is_err() {
            let ended = server.process.try_wait().map_err(said)?;
            if ended.is_some() || begun.elapsed() > PATIENCE {
                return Err(format!("Prism did not start; {} says why", log.display()));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port))
    }

    /// Sends the bytes of a request, without the document's path below the host, which Prism ignores.
    fn send(&self, request: &Request) -> std::io::Result<String> {
        let mut stream = self.connect()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.below_root());
        for (name, value) in request.headers.iter().filter(|(name, _)| name != "connection") {
            head += &format!("{name}: {value}\r\n");
        }
        head += "connection: close\r\n\r\n";
        stream.write_all(&[head.as_bytes(), request.body.as_bytes()].concat())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Why a request was refused. The header also has what Prism thinks of its own answer.
fn refusals(answer: &str) -> Vec<String> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let status = head.split(' ').nth(1).unwrap_or("no status").to_owned();
    let header = head.lines().find_map(|line| line.strip_prefix("sl-violations: "));
    let violations = header.and_then(|it| serde_json::from_str(it).ok());
    let mut refusals: Vec<String> = violations
        .iter()
        .filter_map(serde_json::Value::as_array)
        .flatten()
        .filter(|it| it["location"][0] == "request")
        .map(|it| format!("{status}: {}", it["message"].as_str().unwrap_or_default()))
        .collect();
    if refusals.is_empty() && !status.starts_with('2') {
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        refusals.push(format!("{status}: {body}"));
    }
    refusals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prism_says_of_its_own_answer_is_no_refusal() {
        let own = r#"{"location":["response","body"],"message":"own"}"#;
        let ours = r#"{"location":["request","path","id"],"message":"ours"}"#;
        for (answer, expected) in [
            ("HTTP/1.1 200 OK\r\n\r\n{}".to_owned(), vec![]),
            (format!("HTTP/1.1 200 OK\r\nsl-violations: [{own}]\r\n\r\n"), vec![]),
            (format!("HTTP/1.1 422 X\r\nsl-violations: [{ours},{own}]\r\n\r\n"), vec!["422: ours"]),
            ("HTTP/1.1 401 X\r\n\r\nno token".to_owned(), vec!["401: no token"]),
            (String::new(), vec!["no status: "]),
        ] {
            assert_eq!(refusals(&answer), expected, "{answer}");
        }
    }
}
