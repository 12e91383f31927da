//! How much memory a long walk takes, in a process of its own.

use std::process::Command;

use super::*;

const URL: &str = "THREECX_TEST_MEMORY_URL";
const READ_AHEAD: &str = "THREECX_TEST_MEMORY_READ_AHEAD";
/// The most above what the process has after its first call.
const MOST_KIB: u64 = 8 * 1024;

/// The peak of this process's memory in KiB; None where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[tokio::test]
async fn a_long_walk_takes_little_memory() {
    if peak().is_none() {
        tests::skipped("the memory of a walk", "this system has no /proc/self/status");
        return;
    }
    let bench = Bench::new(ROWS).await;
    for read_ahead in ["", "yes"] {
        let url = bench.pbx.url().to_owned();
        let child = tokio::task::spawn_blocking(move || {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "memory::the_process_that_walks", "--ignored", "--nocapture"])
                .env(URL, url)
                .env(READ_AHEAD, read_ahead)
                .output()
                .unwrap()
        });
        let child = child.await.unwrap();
        let output = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success(), "{output}{}", String::from_utf8_lossy(&child.stderr));
        println!("{output}");
        assert!(output.contains("1 passed"), "the child must have run: {output}");
    }
}

#[tokio::test]
#[ignore = "run by a_long_walk_takes_little_memory in a process of its own"]
async fn the_process_that_walks() {
    let (Ok(url), Ok(read_ahead)) = (std::env::var(URL), std::env::var(READ_AHEAD)) else {
        tests::skipped("a walk in a process of its own", "this is a part of another test");
        return;
    };
    let client = client(&url);
    // Idle: signed in, connected, one call made.
    client.recordings().list().top(1).await.unwrap();
    let idle = peak().unwrap();
    let mut items = client.recordings().list().items();
    if !read_ahead.is_empty() {
        items = items.read_ahead(1);
    }
    let mut rows = 0;
    while let Some(row) = items.next().await {
        row.unwrap();
        rows += 1;
    }
    assert_eq!(rows, ROWS);
    let grown = peak().unwrap() - idle;
    println!("{grown} KiB above {idle} KiB, read ahead: {read_ahead:?}");
    assert!(grown <= MOST_KIB, "{grown} KiB above {idle} KiB");
}
