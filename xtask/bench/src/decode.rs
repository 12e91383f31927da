//! Reading and writing entities, beside serde's derive, serde_json's own speed over the text, and the time that
//! its texts take alone.

use std::process::{Command, Stdio};

use bytes::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use threecx_xapi::answer::Answer;
use threecx_xapi::operation::Operation;
use threecx_xapi::resources::report_call_log_data::GetCallLogData;
use threecx_xapi::resources::users::ListUser;
use threecx_xapi::{Entity, Page, Reply, entities};

use crate::{derived, medians, ms, texts, time};

const ROUNDS: usize = 15;
/// How many processes write a sample in one way, and how often each does.
const PROCESSES: usize = 9;
const WRITES: usize = 12;

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Envelope<T> {
    value: Vec<T>,
    #[serde(rename = "@odata.count")]
    #[allow(dead_code, reason = "an envelope has it")]
    count: Option<i64>,
    #[serde(rename = "@odata.nextLink")]
    #[allow(dead_code, reason = "an envelope has it")]
    next_link: Option<String>,
}

/// Measures each sample in `folder`.
pub(crate) fn run(folder: &str) {
    let names =
        ["users", "users-absent", "users-shuffled", "calls", "calls-absent", "calls-shuffled"];
    for name in names {
        of(folder, name, Task::Compare);
        let [by_derive, ours] = medians(
            PROCESSES,
            [&mut || in_process([folder, name, "derive"]), &mut || {
                in_process([folder, name, "ours"])
            }],
        );
        println!(
            "encode {name}: {}; {:.2} x the speed of serde's derive",
            ms(ours),
            by_derive / ours
        );
    }
}

/// Prints the seconds that it takes to write one sample in one way.
pub(crate) fn write(folder: &str, name: &str, way: &str) {
    of(folder, name, if way == "ours" { Task::WriteOurs } else { Task::WriteDerived });
}

/// Writes a sample in a process of its own. A program has rows of one kind, and two kinds would share their
/// memory: the rows of the one don't fit into what the rows of the other have left, so they lie less well.
fn in_process(arguments: [&str; 3]) -> f64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let output = command.arg("write").args(arguments).stderr(Stdio::inherit()).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

enum Task {
    /// Compare the ways to read.
    Compare,
    WriteDerived,
    WriteOurs,
}

fn of(folder: &str, name: &str, task: Task) {
    let body = Bytes::from(std::fs::read(format!("{folder}/{name}.json")).unwrap());
    if name.starts_with("users") {
        one::<derived::User, entities::User, ListUser>(name, &body, task);
    } else {
        one::<derived::CallLogData, entities::CallLogData, GetCallLogData>(name, &body, task);
    }
}

fn one<D, E, O>(name: &str, body: &Bytes, task: Task)
where
    D: DeserializeOwned + Serialize,
    E: Entity,
    O: Operation<Output = Page<E>>,
    Page<E>: Answer,
{
    let reply = || Reply::new(O::INFO, 200).with_body(body.clone());
    let rows = || Page::<E>::decode(reply()).unwrap().value;
    let derived = || serde_json::from_slice::<Envelope<D>>(body).unwrap().value;
    match task {
        Task::Compare => compare(name, body, derived, rows),
        Task::WriteDerived => println!("{}", time_to_write(body, derived)),
        Task::WriteOurs => println!("{}", time_to_write(body, rows)),
    }
}

fn compare<D, E>(name: &str, body: &[u8], derived: impl Fn() -> Vec<D>, rows: impl Fn() -> Vec<E>) {
    assert_eq!(rows().len(), derived().len());
    let text = std::str::from_utf8(body).unwrap();
    let [ignored, texts, by_derive, ours] = medians(
        ROUNDS,
        [
            &mut || time(|| serde_json::from_slice::<IgnoredAny>(body).unwrap()),
            &mut || time(|| texts::of(text)),
            &mut || time(&derived),
            &mut || time(&rows),
        ],
    );
    println!(
        "decode {name}: {} of {:.1} MB; {:.2} x the speed of serde's derive ({}), {:.2} x the time of `IgnoredAny` ({}), {:.2} x that of the texts alone ({})",
        ms(ours),
        body.len() as f64 / 1e6,
        by_derive / ours,
        ms(by_derive),
        ours / ignored,
        ms(ignored),
        ours / texts,
        ms(texts),
    );
}

/// The shortest time of some rounds, which is the one that the rest of the machine disturbed least. Each round
/// reads the rows anew, so that they are nowhere near the processor, and writes into memory that is there before.
fn time_to_write<T: Serialize>(body: &[u8], rows: impl Fn() -> Vec<T>) -> f64 {
    let mut text = Vec::with_capacity(2 * body.len());
    let times = (0..WRITES).map(|_| {
        let rows = rows();
        text.clear();
        time(|| serde_json::to_writer(&mut text, &rows).unwrap())
    });
    times.fold(f64::INFINITY, f64::min)
}
