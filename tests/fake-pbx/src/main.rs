//! Runs the fake PBX until it is killed.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use threecx_xapi_fake::{
    DEMO_ADMIN, DEMO_APP, DEMO_CLIENT, DEMO_NOBODY, DEMO_SECOND_FACTOR, DEMO_USER, FakePbx,
};

/// A stand-in for a 3CX PBX on the loopback interface, with state that ends with it.
#[derive(Parser)]
#[command(after_help = after_help())]
struct Arguments {
    /// The port; 0 takes a free one
    #[arg(long)]
    port: u16,
    /// The release that is played: 20.0.8, a build such as 20.0.9.995, or a document, 20.0.7/2025-05-06
    #[arg(long, default_value = "20.0.10")]
    release: String,
    /// A bearer token that is good without a sign-in
    #[arg(long)]
    token: Option<String>,
    /// How many users there are
    #[arg(long, default_value_t = 250)]
    users: usize,
    /// How many rows the call log has
    #[arg(long, default_value_t = 10_000)]
    call_log: u64,
    /// How many bytes a recording has
    #[arg(long, default_value_t = 1_000_000)]
    recording_size: u64,
}

/// Who may sign in, and what is answered.
fn after_help() -> String {
    format!(
        "Who may sign in:\n{}\n\n\
         What it answers:\n\
         \x20 Every operation of the release. Rows of all collections are listed, read, created, changed and\n\
         \x20 deleted, with OData's query options. What a PBX refuses is a 400 that names the field, what the\n\
         \x20 release does not have a 404. An action or function whose effect is not known here is a 501: its\n\
         \x20 request was right, but nothing was done.",
        credentials()
    )
}

fn credentials() -> String {
    let (number, password, code) = DEMO_SECOND_FACTOR;
    [
        ("service principal", format!("{} / {}", DEMO_CLIENT.0, DEMO_CLIENT.1)),
        ("system admin", format!("{} / {}", DEMO_ADMIN.0, DEMO_ADMIN.1)),
        ("without a role", format!("{} / {}", DEMO_NOBODY.0, DEMO_NOBODY.1)),
        ("user", format!("{} / {}", DEMO_USER.0, DEMO_USER.1)),
        ("second factor", format!("{number} / {password} / {code}")),
        ("OAuth client", format!("{} -> {}", DEMO_APP.0, DEMO_APP.1)),
    ]
    .map(|(who, with)| format!("  {who:<18} {with}"))
    .join("\n")
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> std::io::Result<()> {
    let mut pbx = FakePbx::builder()
        .port(arguments.port)
        .release(&arguments.release)
        .users(arguments.users)
        .call_log(arguments.call_log)
        .recordings(10, arguments.recording_size);
    if let Some(token) = &arguments.token {
        pbx = pbx.token(token);
    }
    let pbx = pbx.start().await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}\n{}", pbx.url(), credentials())?;
    out.flush()?;
    std::future::pending().await
}
