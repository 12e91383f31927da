//! Puts the client against a server: sends every operation once with sample values, and prints a
//! JSON line for each.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use tests::wire::CALLS;
use threecx_xapi::Client;

/// Sends every operation of the client once, with sample values.
///
/// The exit code is 0 only if every call was sent.
#[derive(Parser)]
struct Arguments {
    /// The server, with or without /xapi/v1
    #[arg(long)]
    base_url: String,
    /// The bearer token to send
    #[arg(long, default_value = "token")]
    token: String,
    /// Only this operationId
    #[arg(long)]
    operation: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tests::exit_code(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Result<bool, String> {
    let client = Client::builder(&arguments.base_url).token(arguments.token).build();
    let client = client.map_err(|error| error.to_string())?;
    let wanted = |id: &str| arguments.operation.as_deref().is_none_or(|only| only == id);
    let mut found = false;
    let mut all_sent = true;
    for (_, call) in CALLS.iter().filter(|(id, _)| wanted(id)) {
        found = true;
        let line = call(&client).await;
        all_sent &= line.sent;
        let json = serde_json::to_string(&line).map_err(|error| error.to_string())?;
        writeln!(std::io::stdout(), "{json}").map_err(|error| error.to_string())?;
    }
    match (found, arguments.operation) {
        (false, Some(id)) => Err(format!("--operation {id}: the client has no such operation")),
        _ => Ok(all_sent),
    }
}
