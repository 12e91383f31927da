//! Puts the client against a server: sends every operation once with sample values, and prints a
//! JSON line for each.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use serde_json::json;
use tests::document::answer_in;
use tests::sample;
use tests::server::{Recorded, Server};
use tests::wire::{CALLS, Call, Line, calls_in};
use threecx_xapi::{Client, Release};
use xapi_codegen::model::Api;

/// Sends every operation of the client once, with sample values.
///
/// The exit code is 0 only if every call was sent.
#[derive(Parser)]
struct Arguments {
    /// The server, with or without /xapi/v1
    #[arg(long, required_unless_present = "record")]
    base_url: Option<String>,
    /// The bearer token to send
    #[arg(long, default_value = "token")]
    token: String,
    /// Only this operationId
    #[arg(long)]
    operation: Option<String>,
    /// Play the caller of a PBX of this release (20.0.8, or the document 20.0.8/2025-09-01): only send what it
    /// knows
    #[arg(long)]
    release: Option<String>,
    /// Call a PBX of the release that this program plays itself, and print the requests as they came in place
    /// of how the calls went
    #[arg(long, requires = "release", conflicts_with = "base_url")]
    record: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    tests::exit_code(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Result<bool, String> {
    let played = match &arguments.release {
        None => None,
        Some(document) => Some(play(document)?),
    };
    let calls = played.map_or_else(|| CALLS.to_vec(), |(api, release)| calls_in(api, release));
    let left_out = |id: &&String| calls.iter().all(|(called, _)| called != id);
    for id in played.iter().flat_map(|(api, _)| api.operations.keys()).filter(left_out) {
        eprintln!("{id} is left out: nothing tells the client on which route this PBX has it");
    }
    let server = match played {
        Some((api, release)) if arguments.record => Some(serve(api, release).await?),
        _ => None,
    };
    let url = server.as_ref().map(Server::url).or(arguments.base_url).unwrap_or_default();
    let mut client = Client::builder(&url).token(arguments.token);
    if let Some((_, release)) = played {
        client = client.release(release);
    }
    let client = client.build().map_err(|error| error.to_string())?;
    let only = arguments.operation.as_deref();
    let wanted = calls.iter().filter(|(id, _)| only.is_none_or(|only| only == *id));
    let (mut found, mut all_sent) = (false, true);
    for (_, call) in wanted {
        found = true;
        let (line, request) = made(&client, *call, server.as_ref()).await;
        all_sent &= line.sent;
        let json = match &server {
            None => serde_json::to_value(&line).map_err(|error| error.to_string())?,
            Some(_) => recorded(&line, &request.ok_or_else(|| not_sent(&line))?),
        };
        writeln!(std::io::stdout(), "{json}").map_err(|error| error.to_string())?;
    }
    match (found, arguments.operation) {
        (false, Some(id)) => Err(format!("--operation {id}: there is no such operation")),
        _ => Ok(all_sent),
    }
}

/// Makes a call, and tells what came to the server of this program. A read may be repeated in another variant;
/// the last one is what the PBX takes.
async fn made(client: &Client, call: Call, server: Option<&Server>) -> (Line, Option<Recorded>) {
    let before = server.map_or(0, |it| it.recorded().len());
    let line = call(client).await;
    let request = server.and_then(|it| it.recorded().split_off(before).pop());
    (line, request)
}

fn not_sent(line: &Line) -> String {
    format!("{} was not sent: {}", line.operation_id, line.outcome)
}

/// A request as the judges read it.
fn recorded(line: &Line, request: &Recorded) -> serde_json::Value {
    json!({
        "operationId": line.operation_id,
        "method": request.method,
        "target": request.target,
        "headers": request.headers,
        "body": request.text(),
    })
}

/// A build before all whose number a document names: a PBX of the other documents has such a one.
const BUILD: u16 = 995;

/// The API that the caller knows from now on, and its release.
fn play(document: &str) -> Result<(&'static Api, Release), String> {
    let api = sample::only(document)?;
    let known = api.documents.first().ok_or_else(|| format!("{document}: no document"))?;
    let release: Release =
        known.release.parse().map_err(|error| format!("{}: {error}", known.release))?;
    Ok((api, release.with_build(known.build.unwrap_or(BUILD))))
}

/// A PBX that has this API alone.
async fn serve(api: &'static Api, release: Release) -> Result<Server, String> {
    let version = release.to_string();
    let answer =
        move |request: &Recorded| answer_in(api, 404, request).with("X-3CX-Version", &version);
    Server::start(answer).await.map_err(|error| error.to_string())
}
