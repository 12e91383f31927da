//! Gives the client inputs that nobody would send, made from seeds: those that are kept first, then
//! others for so many inputs or seconds. A fault ends it with the input's seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use tests::fuzz::Fuzzer;

/// The seeds of inputs that once were faults, and some of each kind.
const KEPT: &str = include_str!("../../fuzz/seeds.txt");
/// No input takes as long as this on any machine.
const HANG: Duration = Duration::from_secs(30);
/// What the client may take beside the inputs, which are short.
const MEMORY_KIB: u64 = 64 * 1024;

#[derive(Parser)]
struct Arguments {
    /// The seed of the first input; a random one if it is missing.
    #[arg(long)]
    seed: Option<u64>,
    /// How many inputs.
    #[arg(long, default_value_t = u64::MAX)]
    count: u64,
    /// For how long.
    #[arg(long)]
    seconds: Option<u64>,
}

fn main() {
    let arguments = Arguments::parse();
    let first = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    let until = arguments.seconds.map(|it| Instant::now() + Duration::from_secs(it));
    let fuzzer = Fuzzer::new();
    let (before, current) = (peak(), Arc::new(AtomicU64::new(0)));
    watch(Arc::clone(&current));
    let seeds = (0..arguments.count).map(|number| first.wrapping_add(number));
    let kept = KEPT.lines().filter_map(|line| line.split_whitespace().next()?.parse().ok());
    let (mut inputs, mut longest) = (0_u64, 0);
    for seed in kept.chain(seeds) {
        current.store(seed, Ordering::Relaxed);
        longest = longest.max(fuzzer.run(seed));
        inputs += 1;
        if until.is_some_and(|until| Instant::now() >= until) {
            break;
        }
    }
    let taken = peak().saturating_sub(before);
    println!(
        "{inputs} inputs from seed {first}, the longest of {longest} bytes; {taken} KiB of memory more at the most"
    );
    assert!(
        taken < MEMORY_KIB,
        "the memory grows with the number of inputs, or faster than their length"
    );
}

/// Names the seed of a fault: a panic, or an input that takes too long.
fn watch(current: Arc<AtomicU64>) {
    let hook = std::panic::take_hook();
    let failing = Arc::clone(&current);
    std::panic::set_hook(Box::new(move |panic| {
        eprintln!("seed {}:", failing.load(Ordering::Relaxed));
        hook(panic);
    }));
    std::thread::spawn(move || {
        let mut last = None;
        loop {
            std::thread::sleep(HANG);
            let seed = current.load(Ordering::Relaxed);
            if last == Some(seed) {
                eprintln!("seed {seed}: the input takes longer than {HANG:?}");
                std::process::exit(1);
            }
            last = Some(seed);
        }
    });
}

/// The most memory that the process has had, in KiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
