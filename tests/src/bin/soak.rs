//! Lets many tasks work over one client for so long, against a PBX with which everything goes wrong.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

/// Works for so long and prints a line that says what happened.
///
/// The exit code is 0 only if all that was read was right, and all that was written was written once.
#[derive(Parser)]
struct Arguments {
    /// For how long
    #[arg(long)]
    seconds: u64,
    /// The seed of what is done and of what goes wrong; a random one if it is missing
    #[arg(long)]
    seed: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tests::exit_code(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Result<bool, String> {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    let line = tests::soak::run(seed, Duration::from_secs(arguments.seconds)).await?;
    writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())?;
    Ok(true)
}
