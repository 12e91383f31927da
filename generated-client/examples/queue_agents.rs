//! Puts agents into a queue and takes them out, and logs agents in and out.

mod common;

use std::process::ExitCode;

use clap::{ArgGroup, Parser};
use common::{Failure, Outcome};
use threecx_xapi::entities::{Queue, QueueAgent, User};
use threecx_xapi::enumeration::Enumeration;
use threecx_xapi::enums::QueueStatusType;
use threecx_xapi::{Client, Keyed};

/// Changes who is an agent of a queue, and who of the agents is logged in
///
/// Numbers are separated by commas. A login counts for all queues of an agent.
#[derive(Parser)]
#[command(after_help = common::SETTINGS)]
#[command(group(ArgGroup::new("change").required(true).multiple(true)))]
struct Arguments {
    /// The number of the queue
    #[arg(long)]
    queue: String,
    /// The numbers of users who become agents
    #[arg(long, value_delimiter = ',', group = "change")]
    add: Vec<String>,
    /// The numbers of agents who leave the queue
    #[arg(long, value_delimiter = ',', group = "change")]
    remove: Vec<String>,
    /// The numbers of agents to log in
    #[arg(long, value_delimiter = ',', group = "change")]
    login: Vec<String>,
    /// The numbers of agents to log out
    #[arg(long, value_delimiter = ',', group = "change")]
    logout: Vec<String>,
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
    let number = &arguments.queue;
    // A filter finds it on every release; `get_by_number` takes no `expand` before 20.0.8.
    let found = pbx.queues().list().filter(Queue::NUMBER.eq(number)).expand(Queue::AGENTS);
    let Some(queue) = found.first().await? else {
        return Err(Failure::new(format!("there is no queue with the number {number}")));
    };
    // A PATCH replaces the whole list, so it must be here as a whole.
    let queue = pbx.complete(queue, Queue::AGENTS).await?;
    // Everybody is looked up before the first change.
    for number in &arguments.add {
        common::user_id(pbx, number).await?;
    }
    let (mut logins, mut logouts) = (Vec::new(), Vec::new());
    for (numbers, ids) in [(&arguments.login, &mut logins), (&arguments.logout, &mut logouts)] {
        for number in numbers {
            ids.push(common::user_id(pbx, number).await?);
        }
    }

    change_agents(pbx, &queue, &arguments).await?;
    let statuses = [(logins, QueueStatusType::LoggedIn), (logouts, QueueStatusType::LoggedOut)];
    for (ids, status) in statuses {
        for id in ids {
            let change = User::default().queue_status(status.clone());
            pbx.users().update(id, change).retry_writes().await?;
        }
    }
    print_agents(pbx, queue.key()?).await
}

/// Sends the queue's list of agents, if it changes.
async fn change_agents(pbx: &Client, queue: &Queue, arguments: &Arguments) -> Outcome {
    let before = queue.agents.clone().unwrap_or_default();
    let is = |agent: &QueueAgent, number: &String| agent.number.as_ref() == Some(number);
    let mut after = before.clone();
    // The agents that stay are sent as they were read, with their skill groups.
    after.retain(|agent| !arguments.remove.iter().any(|number| is(agent, number)));
    for number in &arguments.add {
        if !after.iter().any(|agent| is(agent, number)) {
            after.push(QueueAgent::default().number(number));
        }
    }
    if after != before {
        let change = Queue::default().agents(after);
        pbx.queues().update(queue.key()?, change).retry_writes().await?;
    }
    Ok(())
}

async fn print_agents(pbx: &Client, queue: i32) -> Outcome {
    let mut agents = pbx.queues().list_agents(queue).items();
    while let Some(agent) = agents.next().await.transpose()? {
        let number = agent.number.unwrap_or_default();
        let user = pbx.users().list().filter(User::NUMBER.eq(&number)).select(User::QUEUE_STATUS);
        let status = user.first().await?.and_then(|user| user.queue_status);
        let status = status.as_ref().map_or("unknown", |it| it.as_str());
        println!("{number} {status}");
    }
    Ok(())
}
