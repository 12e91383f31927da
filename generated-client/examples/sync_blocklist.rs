//! Makes the IP addresses that the PBX blocks those of a file.

mod common;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use common::{Failure, Outcome};
use threecx_xapi::Keyed;
use threecx_xapi::entities::BlocklistAddr;
use threecx_xapi::enums::{AddedBy, BlockType};
use threecx_xapi::recipes::Difference;

/// Makes the IP addresses that the PBX blocks those of a file
///
/// The file has an address on each line, with a mask if need be, as the PBX takes it; lines that begin
/// with # count as none. Entries of the PBX that this program did not make stay as they are: it knows its
/// own by their description.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// The file with the addresses
    file: PathBuf,
    /// The first word in the descriptions of the entries, by which this program knows its own
    #[arg(long, default_value = "blocklist-file")]
    mark: String,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Delete all entries of this program, if the file has no address
    #[arg(long)]
    allow_empty: bool,
    #[command(flatten)]
    place: common::Place,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    let wanted = read_addresses(&arguments.file)?;
    if wanted.is_empty() && !arguments.allow_empty {
        return Err(Failure::usage(format!(
            "{} has no address; --allow-empty deletes all entries of this program",
            arguments.file.display()
        )));
    }
    let connection = arguments.place.connect().await?;
    let blocklist = connection.pbx.blocklist();

    // The description holds the address as the file has it. The PBX may write it in another way in
    // `IPAddrMask`, and then every run would delete the entry and create it again.
    let start = format!("{} ", arguments.mark);
    let own = BlocklistAddr::DESCRIPTION.starts_with(&start);
    let present = blocklist.list().filter(own).all(100_000).await?;
    let address =
        |it: &BlocklistAddr| Some(it.description.as_ref()?.strip_prefix(&start)?.to_owned());
    let difference = Difference::of(wanted, present, String::clone, address);

    println!(
        "{} to create, {} to delete, {} stay.",
        difference.missing.len(),
        difference.surplus.len(),
        difference.kept.len()
    );
    if arguments.dry_run {
        return Ok(());
    }
    for address in &difference.missing {
        let entry = BlocklistAddr::default()
            .ip_addr_mask(address)
            .description(format!("{start}{address}"))
            .block_type(BlockType::Block)
            .added_by(AddedBy::Manual);
        blocklist.create(entry).await?;
    }
    // Last, so that no moment has fewer addresses than both lists.
    let gone = difference.surplus.iter().map(Keyed::key).collect::<Result<Vec<_>, _>>()?;
    if !gone.is_empty() {
        blocklist.bulk_ips_delete(gone).await?;
    }
    Ok(())
}

/// The addresses of the file. What stands behind a slash is for the PBX to judge.
fn read_addresses(path: &Path) -> Outcome<Vec<String>> {
    let mut addresses = Vec::new();
    for (at, line) in common::read(path)?.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let address = line.split_once('/').map_or(line, |(address, _)| address);
        if address.parse::<IpAddr>().is_err() {
            let (path, at) = (path.display(), at + 1);
            return Err(Failure::usage(format!("{path}: line {at}: {line} is no IP address")));
        }
        addresses.push(line.to_owned());
    }
    Ok(addresses)
}
