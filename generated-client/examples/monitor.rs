//! Watches the PBX, and writes what it sees as text for Prometheus.

mod common;

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use common::Outcome;
use threecx_xapi::entities::{ActiveCall, Trunk};
use threecx_xapi::{Client, Error};

/// Watches the PBX, and writes what it sees as text for Prometheus
///
/// It prints the text, or writes it to a file for the textfile collector of Prometheus' node exporter.
/// While the PBX does not answer, `pbx_up` is 0, and it goes on.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// How many seconds lie between two looks
    #[arg(long, default_value_t = 15)]
    every: u64,
    /// How often to look; without it until the program is stopped
    #[arg(long)]
    rounds: Option<u64>,
    /// The file to write, such as /var/lib/node_exporter/pbx.prom
    #[arg(long)]
    file: Option<PathBuf>,
    #[command(flatten)]
    place: common::Place,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    let connection = arguments.place.connect().await?;
    let mut round = 0;
    loop {
        let text = match look(&connection.pbx).await {
            Ok(metrics) => metrics.text,
            // A wrong setting does not mend itself.
            Err(error) if error.is_sign_in() && error.is_unauthorized() => return Err(error.into()),
            Err(error) => {
                eprintln!("{error}");
                let mut metrics = Metrics::default();
                metrics.one("pbx_up", "Whether the PBX answers", 0.into());
                metrics.text
            }
        };
        match &arguments.file {
            Some(file) => common::replace(file, &text)?,
            None => print!("{text}"),
        }
        round += 1;
        if arguments.rounds.is_some_and(|rounds| round >= rounds) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(arguments.every)).await;
    }
}

/// One look at the PBX.
async fn look(pbx: &Client) -> Result<Metrics, Error> {
    let status = pbx.system_status().get().await?;
    let trunks = pbx.trunks().list().select((Trunk::NUMBER, Trunk::IS_ONLINE)).all(1_000).await?;
    let calls = pbx.active_calls().list().select(ActiveCall::ID).all(10_000).await?;

    let mut metrics = Metrics::default();
    metrics.one("pbx_up", "Whether the PBX answers", 1.into());
    metrics.one("pbx_calls_active", "Calls that are going on", length(calls.len()));
    // The PBX leaves out counts that are zero.
    let count = |value: Option<i32>| value.unwrap_or_default().into();
    for (name, help, value) in [
        ("pbx_extensions", "Extensions", count(status.extensions_total)),
        (
            "pbx_extensions_registered",
            "Extensions with a phone",
            count(status.extensions_registered),
        ),
        ("pbx_calls_limit", "Calls that the licence allows at once", count(status.max_sim_calls)),
        ("pbx_disk_free_bytes", "Free disk", status.free_disk_space.unwrap_or_default()),
        ("pbx_disk_bytes", "Size of the disk", status.total_disk_space.unwrap_or_default()),
    ] {
        metrics.one(name, help, value);
    }
    metrics.head("pbx_trunk_online", "Whether a trunk is registered");
    for trunk in trunks {
        let number = trunk.number.unwrap_or_default();
        let online = i64::from(trunk.is_online == Some(true));
        metrics.labelled("pbx_trunk_online", "number", &number, online);
    }
    Ok(metrics)
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Prometheus' text format; every metric here is a gauge.
#[derive(Default)]
struct Metrics {
    text: String,
}

impl Metrics {
    fn head(&mut self, name: &str, help: &str) {
        self.line(format_args!("# HELP {name} {help}"));
        self.line(format_args!("# TYPE {name} gauge"));
    }

    fn one(&mut self, name: &str, help: &str, value: i64) {
        self.head(name, help);
        self.line(format_args!("{name} {value}"));
    }

    fn labelled(&mut self, name: &str, label: &str, text: &str, value: i64) {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        self.line(format_args!("{name}{{{label}=\"{text}\"}} {value}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a text cannot fail.
        _ = writeln!(self.text, "{line}");
    }
}
