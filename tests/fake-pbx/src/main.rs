//! Runs the fake PBX until it is killed.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use threecx_xapi_fake::{
    DEMO_ADMIN, DEMO_APP, DEMO_CLIENT, DEMO_SECOND_FACTOR, DEMO_USER, FakePbx,
};

/// A stand-in for a 3CX PBX on the loopback interface, with state that ends with it.
#[derive(Parser)]
struct Arguments {
    /// The port; 0 takes a free one
    #[arg(long)]
    port: u16,
    /// The release that is emulated
    #[arg(long, default_value = "20.0.10")]
    release: String,
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
    let pbx = FakePbx::builder()
        .port(arguments.port)
        .release(&arguments.release)
        .users(arguments.users)
        .call_log(arguments.call_log)
        .recordings(10, arguments.recording_size)
        .start()
        .await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", pbx.url())?;
    writeln!(out, "service principal  {} / {}", DEMO_CLIENT.0, DEMO_CLIENT.1)?;
    writeln!(out, "system admin       {} / {}", DEMO_ADMIN.0, DEMO_ADMIN.1)?;
    writeln!(out, "user               {} / {}", DEMO_USER.0, DEMO_USER.1)?;
    let (number, password, code) = DEMO_SECOND_FACTOR;
    writeln!(out, "second factor      {number} / {password} / {code}")?;
    writeln!(out, "OAuth client       {} -> {}", DEMO_APP.0, DEMO_APP.1)?;
    out.flush()?;
    std::future::pending().await
}
