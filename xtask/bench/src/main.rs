//! The programs of `cargo xtask bench`: each measures one thing beside what people would write by hand, in
//! turn, and prints medians and their ratios.

mod call;
mod decode;
mod derived;
mod export;
mod fleet;
mod server;
mod texts;

use std::time::{Duration, Instant};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["decode", folder] => decode::run(folder),
        ["write", folder, name, way] => decode::write(folder, name, way),
        ["call"] => call::run(),
        ["export"] => export::run(),
        ["export", "rows"] => export::stream(),
        ["fleet"] => fleet::run(),
        _ => eprintln!("`cargo xtask bench` calls this program"),
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The medians of the times that some ways to do the same say they take, each taken in turn so many times.
/// Every second round goes backwards, since each way finds the memory as the one before has left it.
fn medians<const N: usize>(rounds: usize, ways: [&mut dyn FnMut() -> f64; N]) -> [f64; N] {
    let mut times = [const { Vec::new() }; N];
    for round in 0..rounds {
        for index in 0..N {
            let at = if round % 2 == 0 { index } else { N - 1 - index };
            times[at].push(ways[at]());
        }
    }
    times.map(median)
}

/// How many seconds it takes to make something and to drop it.
fn time<T>(work: impl FnOnce() -> T) -> f64 {
    let begun = Instant::now();
    drop(work());
    begun.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A figure of `/proc/self/status` in KiB; 0 where there is none.
fn status(name: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
}

fn ms(time: f64) -> String {
    format!("{:.1} ms", Duration::from_secs_f64(time).as_secs_f64() * 1e3)
}
