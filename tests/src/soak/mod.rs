//! Many tasks over one client for a long time, while everything goes wrong that the fake PBX knows.
//!
//! The tasks work in rounds. After each round nothing is under way, so what the PBX has must be what the
//! tasks know, and memory and sockets can be compared with those of other rounds. What a task does, and what
//! goes wrong with its requests, are functions of the seed and of the numbers of task, call and request.

mod contacts;
mod faults;
mod growth;
mod judge;
mod reads;
mod rows;
mod task;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use threecx_xapi::{Client, RetryPolicy};
use tokio::task::JoinSet;

use crate::fake_pbx::{DEMO_CLIENT, FakePbx, Links};
use faults::Faults;
use growth::Growth;
use rows::Seen;
use task::Task;

/// How many tasks share the client.
const TASKS: usize = 64;
/// For how long tasks begin new calls, before what is under way is waited for.
const ROUND: Duration = Duration::from_secs(3);
/// How long a token is good.
const TOKEN_LIFE: Duration = Duration::from_secs(3);
/// The limits of a call and of each of its attempts.
const TIMEOUT: Duration = Duration::from_secs(8);
const ATTEMPT: Duration = Duration::from_secs(2);
const USERS: usize = 90;
/// The PBX's pages have no more rows, and link to the next ones.
const PAGE: usize = 40;
const RECORDINGS: usize = 3;
const RECORDING_SIZE: u64 = 70_000;

/// What all tasks share.
struct Bench {
    seed: u64,
    pbx: FakePbx,
    client: Client,
    faults: Arc<Faults>,
    /// Id, number and first name of each user; nobody changes them.
    users: Vec<(i32, String, String)>,
    /// How many calls ended so.
    endings: Mutex<BTreeMap<&'static str, u64>>,
}

impl Bench {
    async fn start(seed: u64) -> Result<Self, String> {
        let pbx = FakePbx::builder()
            .users(USERS)
            .contacts(0)
            .recordings(RECORDINGS, RECORDING_SIZE)
            .page_size(PAGE)
            .links(Links::Relative)
            .token_life(TOKEN_LIFE)
            .offers_ranges()
            .forgetful();
        let pbx = pbx.start().await.map_err(|error| error.to_string())?;
        let faults = Arc::new(Faults::new(seed));
        let plan = Arc::clone(&faults);
        pbx.plan(move |request| plan.next(request));
        let client = Client::builder(pbx.url())
            .service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1)
            .timeout(TIMEOUT)
            .attempt_timeout(ATTEMPT)
            .retry(RetryPolicy::default().base_delay(Duration::from_millis(20)));
        let client = client.build().map_err(|error| error.to_string())?;
        let users = pbx.rows("Users");
        let users = users.iter().filter_map(|row| {
            let text = |name: &str| row[name].as_str().map(str::to_owned);
            Some((i32::try_from(row["Id"].as_i64()?).ok()?, text("Number")?, text("FirstName")?))
        });
        let users = users.collect();
        Ok(Self { seed, pbx, client, faults, users, endings: Mutex::default() })
    }

    fn ended(&self, how: &'static str) {
        let mut endings = self.endings.lock().unwrap_or_else(PoisonError::into_inner);
        *endings.entry(how).or_default() += 1;
    }

    /// Waits until nothing is under way.
    async fn settle(&self) {
        // A request that its caller gave up may still lie in the PBX's socket: it gets a moment to be read.
        for _ in 0..3 {
            self.pbx.idle().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.pbx.idle().await;
    }

    /// Compares what the PBX has with what the tasks know, and what they were unsure of becomes certain.
    fn audit(&self, tasks: &mut [Task]) -> Result<(), String> {
        let seen: Vec<Seen> = self.pbx.rows("Contacts").iter().map(Seen::of_json).collect();
        let mut actions = BTreeMap::<String, usize>::new();
        for (_, body) in self.pbx.take_actions() {
            let destination = body["destination"].as_str().unwrap_or_default();
            *actions.entry(destination.to_owned()).or_default() += 1;
        }
        for task in tasks {
            let company = task.company();
            let own: Vec<&Seen> = seen.iter().filter(|it| it.company == company).collect();
            task.audit(&own, &actions).map_err(|what| format!("{company}, at an audit: {what}"))?;
        }
        Ok(())
    }
}

/// Runs for so long and yields a line that says what happened.
///
/// # Errors
/// The first thing that went wrong, with the seed.
pub async fn run(seed: u64, time: Duration) -> Result<String, String> {
    rounds(seed, time).await.map_err(|what| format!("seed {seed}: {what}"))
}

async fn rounds(seed: u64, time: Duration) -> Result<String, String> {
    let begun = Instant::now();
    let bench = Arc::new(Bench::start(seed).await?);
    let mut tasks: Vec<Task> = (0..TASKS).map(|at| Task::new(&bench, at)).collect();
    let mut growth = Growth::begin();
    let end = begun + time;
    while Instant::now() < end {
        let until = end.min(Instant::now() + ROUND);
        let mut round = JoinSet::new();
        tasks.drain(..).for_each(|task| drop(round.spawn(task.round(until))));
        while let Some(task) = round.join_next().await {
            tasks.push(task.map_err(|error| error.to_string())??);
        }
        bench.settle().await;
        bench.audit(&mut tasks)?;
        growth.note(begun.elapsed() >= time / 4)?;
    }
    bench.faults.compare_sign_ins(begun.elapsed())?;
    let calls: u64 = tasks.iter().map(Task::calls).sum();
    let endings = bench.endings.lock().unwrap_or_else(PoisonError::into_inner);
    let endings: Vec<String> =
        endings.iter().map(|(how, count)| format!("{how} {count}")).collect();
    Ok(format!(
        "seed {seed}: {} s, {calls} calls ({}); {}; {growth}",
        begun.elapsed().as_secs(),
        endings.join(", "),
        bench.faults.summary(),
    ))
}

/// Random numbers for one thing among many.
fn rng(seed: u64, path: [u64; 3]) -> Rng {
    let mix = |mixed: u64, part: u64| Rng::with_seed(mixed ^ part.rotate_left(32)).u64(..);
    Rng::with_seed(path.into_iter().fold(seed, mix))
}
