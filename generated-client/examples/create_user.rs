//! Creates a user: with a free number, an e-mail address that nobody has, a role in a department, and the
//! welcome e-mail.

mod common;

use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use common::{Failure, Outcome};
use threecx_xapi::entities::User;
use threecx_xapi::{Client, Error, Keyed, roles};

/// Creates a user, gives it a role in a department, and sends the welcome e-mail
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
struct Arguments {
    #[arg(long)]
    first_name: String,
    #[arg(long)]
    last_name: String,
    /// The e-mail address, which nobody else may have
    #[arg(long)]
    email: String,
    /// The name of the department
    #[arg(long)]
    department: String,
    /// The role in the department
    #[arg(long, default_value = roles::USERS, value_parser = PossibleValuesParser::new(roles::ALL))]
    role: String,
    /// The extension number; without it the first free one
    #[arg(long)]
    number: Option<String>,
    /// Send no welcome e-mail
    #[arg(long)]
    no_welcome_email: bool,
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

    // All that can be known beforehand comes before the first change.
    let name = &arguments.department;
    let Some(department) = common::department(pbx, name).await? else {
        return Err(Failure::new(format!("there is no department {name}")));
    };
    let email = &arguments.email;
    if !pbx.users().get_duplicated_emails([email.clone()]).await?.is_empty() {
        return Err(Failure::new(format!("another user has the e-mail address {email}")));
    }

    let user = create(pbx, &arguments).await?;
    let (id, number) = (user.key()?, user.number.unwrap_or_default());
    println!("Created user {number} with the id {id}.");

    // From here on the user exists, and whoever reads an error must know it.
    let unfinished = |step: &str, error: Error| {
        Failure::new(format!("user {number} exists, but without {step}: {error}"))
    };
    let role = &arguments.role;
    let set = pbx.set_role(id, department.key()?, role).await;
    set.map_err(|error| unfinished("its role", error))?;
    println!("It has the role {role} in {name}.");
    if !arguments.no_welcome_email {
        let sent = pbx.users().send_welcome_email(id).await;
        sent.map_err(|error| unfinished("its welcome e-mail", error))?;
        println!("The welcome e-mail is on its way to {email}.");
    }
    Ok(())
}

/// Creates the user. If somebody else takes the free number in the meantime, it takes the next one.
async fn create(pbx: &Client, arguments: &Arguments) -> Outcome<User> {
    let mut attempts = 3;
    loop {
        attempts -= 1;
        let number = match &arguments.number {
            Some(number) => number.clone(),
            None => free_number(pbx).await?,
        };
        let user = User::default()
            .number(number)
            .first_name(&arguments.first_name)
            .last_name(&arguments.last_name)
            .email_address(&arguments.email);
        match pbx.users().create(user).await {
            Err(error)
                if arguments.number.is_none() && attempts > 0 && is_taken(&error, "Number") => {}
            outcome => return Ok(outcome?),
        }
    }
}

async fn free_number(pbx: &Client) -> Outcome<String> {
    let free = pbx.users().get_first_available_extension_number().await?;
    free.number.ok_or_else(|| Failure::new("the PBX has no free extension number"))
}

fn is_taken(error: &Error, property: &str) -> bool {
    let mut details = error.details().iter();
    details.any(|it| it.target == property && it.message == "WARNINGS.XAPI.ALREADY_IN_USE")
}
