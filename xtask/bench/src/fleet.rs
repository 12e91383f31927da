//! Many clients, each of another PBX, that do nothing.

use std::time::Instant;

use threecx_xapi::Client;

use crate::status;

const CLIENTS: u64 = 1_000;

fn client(number: u64) -> Client {
    let builder = Client::builder(format!("https://pbx{number}.example.com:5001"));
    builder.service_principal("integration", "secret").build().unwrap()
}

pub(crate) fn run() {
    let first = client(0);
    let (memory, threads, begun) = (status("VmRSS"), status_threads(), Instant::now());
    let all: Vec<Client> = (1..=CLIENTS).map(client).collect();
    let took = begun.elapsed();
    println!(
        "fleet: {:.1} KiB for each client beyond the first, {} threads more, {:.2} ms to build one",
        (status("VmRSS") - memory) as f64 / CLIENTS as f64,
        status_threads() - threads,
        took.as_secs_f64() * 1e3 / CLIENTS as f64
    );
    drop((first, all));
}

fn status_threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}
