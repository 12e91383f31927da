//! Watches a process that tries seeds, and begins another where one ended.

use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::Value;
use xapi_codegen::mutate::judge::Outcome as Judged;
use xapi_codegen::mutate::trial::Trial;

use super::child::BEGIN;

/// How long one seed may take.
const PATIENCE: Duration = Duration::from_secs(180);

/// Tries every Nth seed in processes of their own.
pub(super) fn watch(
    mut seeds: Range<u64>,
    every: u64,
    done: &Mutex<Vec<Trial>>,
) -> Result<(), String> {
    while !seeds.is_empty() {
        let mut child = begin(&seeds, every)?;
        let (last, hangs) = follow(&mut child, done)?;
        let status = child.wait().map_err(|error| error.to_string())?;
        let outcome = match hangs {
            true => (Judged::Hangs, format!("nothing came within {} s", PATIENCE.as_secs())),
            false if status.success() => return Ok(()),
            false => (Judged::Ended, status.to_string()),
        };
        let Some(seed) = last else { return Err(format!("no seed was tried: {status}")) };
        push(done, trial(seed, outcome));
        seeds.start = seed + every;
    }
    Ok(())
}

fn begin(seeds: &Range<u64>, every: u64) -> Result<Child, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let count = seeds.end - seeds.start;
    let numbers = [("--seed", seeds.start), ("--count", count), ("--every", every)];
    let arguments =
        numbers.iter().flat_map(|(name, number)| [(*name).to_owned(), number.to_string()]);
    let child = Command::new(own)
        .arg("mutate")
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn();
    child.map_err(|error| format!("the process can't be started: {error}"))
}

/// Reads what a child prints. Returns the seed that it began and did not end, and whether it hangs.
fn follow(child: &mut Child, done: &Mutex<Vec<Trial>>) -> Result<(Option<u64>, bool), String> {
    let lines = lines(child)?;
    let mut open = None;
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                let value: Value =
                    serde_json::from_str(&line).map_err(|error| error.to_string())?;
                if let Some(seed) = value.get(BEGIN).and_then(Value::as_u64) {
                    open = Some(seed);
                } else {
                    let trial = serde_json::from_value(value).map_err(|error| error.to_string())?;
                    push(done, trial);
                    open = None;
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Ok((open, false)),
            Err(RecvTimeoutError::Timeout) => {
                child.kill().map_err(|error| error.to_string())?;
                return Ok((open, true));
            }
        }
    }
}

fn lines(child: &mut Child) -> Result<Receiver<String>, String> {
    let output = child.stdout.take().ok_or("the process has no output")?;
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

fn push(done: &Mutex<Vec<Trial>>, trial: Trial) {
    if let Ok(mut done) = done.lock() {
        done.push(trial);
        if done.len().is_multiple_of(10) {
            eprintln!("{} seeds tried", done.len());
        }
    }
}

/// What became of a seed whose process ended.
fn trial(seed: u64, (outcome, message): (Judged, String)) -> Trial {
    let (kind, described) = (String::new(), String::new());
    Trial { seed, kind, described, outcome, message, delta: Default::default() }
}
