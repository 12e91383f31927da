//! `cargo xtask mutate`

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Mutex;

use xapi_codegen::mutate::Kind;
use xapi_codegen::mutate::batch::{self, Delta};
use xapi_codegen::mutate::judge::Outcome as Judged;
use xapi_codegen::mutate::trial::{Trial, Trials};

use crate::console::{Outcome, print};
use crate::staging::Staging;
use scratch::{folder, trials};

pub(crate) mod child;
mod parent;
mod scratch;

/// Writes the changed document of a seed.
pub(crate) fn document(seed: u64, file: &Path) -> Outcome {
    let mutation = trials()?.mutation(seed)?;
    fs::write(file, &mutation.text).map_err(|error| format!("{}: {error}", file.display()))?;
    print(&format!("{}: {mutation}\n", mutation.kind.as_str()))
}

/// Tries all seeds, compiles what was taken, and prints what became of them.
pub(crate) fn run(seeds: Range<u64>) -> Outcome {
    let folder = folder();
    let said = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(said)?;
    let lock = fs::File::create(folder.join("lock")).map_err(said)?;
    lock.lock().map_err(said)?;
    scratch::clear().map_err(said)?;
    let trials = trials()?;
    let mut done = tried(&seeds)?;
    let failed = not_compiled(&trials, &done)?;
    for trial in &mut done {
        if trial.kind.is_empty() {
            let mutation = trials.mutation(trial.seed)?;
            (trial.kind, trial.described) =
                (mutation.kind.as_str().to_owned(), mutation.to_string());
        }
        if let Some(error) = failed.get(&trial.seed) {
            (trial.outcome, trial.message) = (Judged::NotCompiled, error.clone());
        }
    }
    print(&table(&done))?;
    let listed = |outcome: fn(Judged) -> bool| {
        done.iter().filter(move |it| outcome(it.outcome)).map(line).collect::<String>()
    };
    print(&listed(|it| it == Judged::NoRemedy))?;
    let faults = listed(Judged::is_fault);
    if faults.is_empty() { Ok(()) } else { Err(format!("faults of the generator:\n{faults}")) }
}

/// Tries the seeds in as many processes as there are cores.
fn tried(seeds: &Range<u64>) -> Result<Vec<Trial>, String> {
    let workers = std::thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..workers)
            .map(|worker| {
                let (own, done) = (seeds.start + worker..seeds.end, &done);
                scope.spawn(move || parent::watch(own, workers, done))
            })
            .collect();
        let ended = all
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|_| Err("a worker ended".to_owned())));
        ended.collect::<Result<(), String>>()
    })?;
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|it: &Trial| it.seed);
    Ok(done)
}

/// The seeds whose client does not compile.
fn not_compiled(trials: &Trials, done: &[Trial]) -> Result<BTreeMap<u64, String>, String> {
    let taken = done
        .iter()
        .filter(|it| matches!(it.outcome, Judged::Taken | Judged::TakenWithRows | Judged::Misread));
    let mut groups: BTreeMap<bool, Vec<(u64, Delta)>> = BTreeMap::new();
    let mut documents = BTreeMap::new();
    for trial in taken {
        let of = trials.mutation(trial.seed)?.of;
        let is_newest = trials.is_newest(&of);
        documents.insert(is_newest, of);
        groups.entry(is_newest).or_default().push((trial.seed, scratch::delta(trial.seed)?));
    }
    let mut failed = BTreeMap::new();
    for (is_newest, deltas) in groups {
        let staging = Staging::open()?;
        let base = &trials.unchanged(&documents[&is_newest])?.files;
        let mut batches = 0;
        let mut compiler = |files| {
            batches += 1;
            staging.compile(files)
        };
        let count = deltas.len();
        failed.extend(batch::compile(base, deltas, &mut compiler)?);
        eprintln!("compiled {count} clients in {batches} batches");
    }
    Ok(failed)
}

fn table(done: &[Trial]) -> String {
    let has = |outcome: &Judged| done.iter().any(|it| it.outcome == *outcome);
    let outcomes: Vec<Judged> = Judged::ALL.into_iter().filter(has).collect();
    let mut text = format!("{:8}", "");
    for outcome in &outcomes {
        text += &format!("  {:>12}", outcome.as_str());
    }
    text += &format!("  {:>12}\n", "all");
    let row = |name: &str, kind: Option<Kind>| {
        let of = done.iter().filter(|it| kind.is_none_or(|kind| it.kind == kind.as_str()));
        let of: Vec<&Trial> = of.collect();
        let mut text = format!("{name:8}");
        for outcome in &outcomes {
            text += &format!("  {:>12}", of.iter().filter(|it| it.outcome == *outcome).count());
        }
        text + &format!("  {:>12}\n", of.len())
    };
    for kind in Kind::ALL {
        text += &row(kind.as_str(), Some(kind));
    }
    text + &row("all", None)
}

/// A trial, what was said of it, and how it is repeated.
fn line(trial: &Trial) -> String {
    let Trial { seed, kind, described, outcome, message, .. } = trial;
    let outcome = outcome.as_str();
    format!(
        "{outcome}: {kind}: {described}\n    {message}\n    cargo xtask mutate --seed {seed} --count 1\n"
    )
}
