//! Creates a department whose members answer the live chat of a website.

mod common;

use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use common::{Failure, Outcome};
use threecx_xapi::entities::{ChatLinkNameValidation, Group, Peer, Weblink};
use threecx_xapi::enums::PeerType;
use threecx_xapi::{Client, Keyed, roles};

/// Creates a department with members and a live chat
///
/// What is there already stays: a second run finds nothing to do, and one after a failure goes on.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    /// The name of the department
    #[arg(long)]
    name: String,
    /// The extension numbers of the members, separated by commas
    #[arg(long, value_delimiter = ',')]
    members: Vec<String>,
    /// The role of the members in the department
    #[arg(long, default_value = roles::USERS, value_parser = PossibleValuesParser::new(roles::ALL))]
    role: String,
    /// The name of the chat's link, which nobody else may have
    #[arg(long)]
    link: String,
    /// The website that shows the chat, such as https://www.example.com; several can be given
    #[arg(long, required = true)]
    website: Vec<String>,
    #[command(flatten)]
    place: common::Place,
}

#[tokio::main]
async fn main() -> ExitCode {
    common::end(run(Arguments::parse()).await)
}

async fn run(arguments: Arguments) -> Outcome {
    let connection = arguments.place.connect().await?;
    let pbx = &connection.pbx;
    // Everybody is looked up before the first change.
    let mut members = Vec::new();
    for number in &arguments.members {
        members.push((number, common::user_id(pbx, number).await?));
    }

    let department = department(pbx, &arguments.name).await?;
    let id = department.key()?;
    if department.call_us_enable_chat == Some(true) {
        println!("The live chat is on already.");
    } else {
        pbx.groups().update(id, Group::default().call_us_enable_chat(true)).await?;
        println!("The live chat is on.");
    }
    for (number, user) in members {
        let role = &arguments.role;
        match pbx.set_role(user, id, role).await? {
            true => println!("{number} has the role {role}."),
            false => println!("{number} has the role {role} already."),
        }
    }
    link(pbx, &arguments, &department).await
}

/// The department of this name, which is created if there is none.
async fn department(pbx: &Client, name: &str) -> Outcome<Group> {
    if let Some(department) = common::department(pbx, name).await? {
        println!("The department {name} is there already.");
        return Ok(department);
    }
    let department = pbx.groups().create(Group::default().name(name)).await?;
    println!("Created the department {name}.");
    Ok(department)
}

/// Creates the link of the chat.
async fn link(pbx: &Client, arguments: &Arguments, department: &Group) -> Outcome {
    let link = &arguments.link;
    let number = department.number.clone().unwrap_or_default();
    let links = pbx.website_links();
    match links.list().filter(Weblink::LINK.eq(link)).first().await? {
        Some(found) if found.group.as_ref() == Some(&number) => {
            println!("The link {link} is there already.");
            return Ok(());
        }
        Some(_) => return Err(Failure::new(format!("somebody else has the link {link}"))),
        None => {}
    }
    // Users and departments share the names of their links, so the list alone does not tell.
    let name = ChatLinkNameValidation::default().friendly_name(link).pair(&number);
    links.validate_link(name).await?;
    let target = Peer::default()
        .id(department.key()?)
        .number(&number)
        .name(&arguments.name)
        .type_(PeerType::Group);
    let weblink = Weblink::default()
        .link(link)
        .group(number)
        .dn(target)
        .website(arguments.website.clone())
        .chat_enabled(true)
        .calls_enabled(false);
    links.create(weblink).await?;
    println!("Created the link {link}.");
    Ok(())
}
