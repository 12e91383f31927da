//! The first calls: which release the PBX has, who is there, and what an error tells.
//!
//! Without settings it works with a fake PBX inside of this program: `cargo run --example quickstart`.

mod common;

use clap::Parser;
use std::process::ExitCode;
use threecx_xapi::entities::{Defs, Group, User};

/// Reads a few things from the PBX, and changes nothing
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    #[command(flatten)]
    place: common::Place,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> common::Outcome {
    let connection = arguments.place.connect_or_demo().await?;
    let pbx = &connection.pbx;

    // The cheapest call there is. The client learns the release from its answer.
    pbx.defs().get().select(Defs::ID).await?;
    if let Some(release) = pbx.release() {
        println!("The PBX has release {release}.");
    }

    println!("It has {} users. The first of them:", pbx.users().list().count_only().await?);
    let users = pbx
        .users()
        .list()
        .select((User::NUMBER, User::DISPLAY_NAME))
        .order_by(User::NUMBER.asc())
        .top(5)
        .await?;
    for user in users {
        let (number, name) = (user.number.unwrap_or_default(), user.display_name);
        println!("  {number}  {}", name.unwrap_or_default());
    }

    println!("Its departments:");
    let mut departments = pbx.groups().list().select((Group::ID, Group::NAME)).items();
    while let Some(department) = departments.next().await.transpose()? {
        println!("  {}", department.name.unwrap_or_default());
    }

    match pbx.users().get_by_number("no-such-number").await {
        Ok(_) => println!("Somebody has the number no-such-number."),
        Err(error) if error.is_not_found() => println!("Nobody has the number no-such-number."),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
