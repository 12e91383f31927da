//! Downloads the recordings that are new since the last run.

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use common::{Failure, Outcome};
use threecx_xapi::Keyed;
use threecx_xapi::entities::Recording;

/// Downloads the recordings that are new since the last run
///
/// The files are called as their ids, such as 981.wav. The file `last-id` beside them holds the id of the
/// last recording that is there; the next run goes on behind it, also if this one breaks off. The role of
/// the service principal must be one that may read recordings; a system administrator may not.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// The folder for the files, which is made if it is not there
    #[arg(long)]
    into: PathBuf,
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
    let state = folder.join("last-id");
    let last = last_id(&state)?;
    let connection = arguments.place.connect().await?;
    let pbx = &connection.pbx;

    // By the key, so that recordings that come while this runs neither shift the pages nor get lost.
    let columns = (Recording::ID, Recording::START_TIME, Recording::FROM_DN, Recording::TO_DN);
    let list = pbx.recordings().list().filter(Recording::ID.gt(last)).select(columns);
    let mut recordings = list.by_key().items();
    let (mut fetched, mut gone) = (0, 0);
    while let Some(recording) = recordings.next().await.transpose()? {
        let id = recording.key()?;
        match pbx.recordings().download_recording(id).await {
            Ok(file) => {
                let bytes = file.save_to(folder.join(format!("{id}.wav"))).await?;
                let [from, to] =
                    [recording.from_dn, recording.to_dn].map(Option::unwrap_or_default);
                let start = recording.start_time.map(|it| it.to_string()).unwrap_or_default();
                println!("{id}.wav: {start}, {from} to {to}, {bytes} bytes");
                fetched += 1;
            }
            // Somebody deleted it after the list was read.
            Err(error) if error.is_not_found() => {
                eprintln!("{id} is gone.");
                gone += 1;
            }
            Err(error) => return Err(error.into()),
        }
        // Only now: what is noted here is never asked for again.
        common::replace(&state, &id.to_string())?;
    }
    println!("{fetched} new recordings are in {}, {gone} were gone.", folder.display());
    Ok(())
}

/// The id of the last recording that is there; 0 before the first run.
fn last_id(state: &Path) -> Outcome<i32> {
    if !state.exists() {
        return Ok(0);
    }
    common::read(state)?
        .trim()
        .parse()
        .map_err(|_| Failure::usage(format!("{} must hold the id of a recording", state.display())))
}
