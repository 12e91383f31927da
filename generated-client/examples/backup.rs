//! Backs up the PBX: starts a backup, waits for it, fetches the file, and deletes it on the PBX.

mod common;

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use common::{Failure, Outcome};
use threecx_xapi::Client;
use threecx_xapi::entities::{Backups, CreateBackup};
use tokio::time::Instant;

/// Backs up the PBX to a folder of this machine
///
/// The backup is deleted on the PBX once its file is here as a whole.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// The folder for the file, which is made if it is not there
    #[arg(long)]
    into: PathBuf,
    /// The name of the backup; the PBX refuses one that a backup there already has
    #[arg(long)]
    name: String,
    /// Keep the backup on the PBX too
    #[arg(long)]
    keep: bool,
    /// How many seconds to wait between two looks
    #[arg(long, default_value_t = 10)]
    every: u64,
    /// After how many seconds to give up
    #[arg(long, default_value_t = 3600)]
    within: u64,
    #[command(flatten)]
    place: common::Place,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    let folder = &arguments.into;
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::usage(format!("{}: {error}", folder.display())))?;
    let connection = arguments.place.connect().await?;
    let pbx = &connection.pbx;

    let before = pbx.backups().list().all(10_000).await?;
    let before: HashSet<_> = before.into_iter().filter_map(|it| it.file_name).collect();
    pbx.backups().backup(CreateBackup::default().name(&arguments.name)).await?;
    eprintln!("The PBX makes the backup {}.", arguments.name);
    let (name, link) = wait(pbx, &arguments, &before).await?;

    let file = pbx.download_link(link).await?;
    // The name comes from the PBX, and only the client's own way makes it safe.
    let safe = file.file_name().unwrap_or_else(|| format!("{}.zip", arguments.name));
    let path = folder.join(&safe);
    let bytes = file.on_progress(progress()).save_to(&path).await?;
    println!("{} has {bytes} bytes.", path.display());

    // Only now, when the file is here.
    if !arguments.keep {
        pbx.backups().delete(&name).await?;
        println!("Deleted {name} on the PBX.");
    }
    Ok(())
}

/// Waits until there is a new backup of this name with a link.
async fn wait(
    pbx: &Client,
    arguments: &Arguments,
    before: &HashSet<String>,
) -> Outcome<(String, String)> {
    let end = Instant::now() + Duration::from_secs(arguments.within);
    loop {
        for backup in pbx.backups().list().all(10_000).await? {
            let Backups { file_name: Some(name), download_link: Some(link), .. } = backup else {
                continue;
            };
            // The PBX also makes backups of its own, and adds to the name.
            if name.contains(&arguments.name) && !before.contains(&name) && !link.is_empty() {
                return Ok((name, link));
            }
        }
        if Instant::now() >= end {
            return Err(Failure::new(format!(
                "the backup {} is not ready after {} seconds; the PBX may still be at it",
                arguments.name, arguments.within
            )));
        }
        eprintln!("It is not ready yet.");
        tokio::time::sleep(Duration::from_secs(arguments.every)).await;
    }
}

/// Says how far the file is, at each tenth of it.
fn progress() -> impl FnMut(u64, Option<u64>) + Send + Sync + 'static {
    let mut tenths = 0;
    move |bytes, length| {
        let Some(length) = length.filter(|length| *length > 0) else { return };
        let now = bytes.saturating_mul(10) / length;
        if now > tenths {
            tenths = now;
            eprintln!("{} % of the file are here.", tenths * 10);
        }
    }
}
