//! Whether the process grows: its memory, and its open files, most of which are sockets.

use std::fmt;

use super::TASKS;

/// The memory of the same work differs by some MiB with what the allocator keeps for each thread. A leak of
/// a hundred bytes per call passes this within the ten minutes of a long run.
const MEMORY_KIB: u64 = 16 * 1024;
/// Between rounds, the client keeps a connection for each task, both of whose ends are here; and some more,
/// since it also opens one while another becomes free.
const FILES: usize = 2 * TASKS + TASKS;

/// What was taken between the rounds so far.
pub(super) struct Growth {
    rounds: usize,
    /// The open files before the first round.
    files_before: usize,
    most_files: usize,
    files: usize,
    /// The memory once all was warm.
    warm_kib: Option<u64>,
    kib: u64,
}

impl Growth {
    pub(super) fn begin() -> Self {
        let (files, kib) = (open_files(), memory());
        Self { rounds: 0, files_before: files, most_files: files, files, warm_kib: None, kib }
    }

    /// Looks after a round whether too much was kept.
    pub(super) fn note(&mut self, is_warm: bool) -> Result<(), String> {
        self.rounds += 1;
        (self.files, self.kib) = (open_files(), memory());
        self.most_files = self.most_files.max(self.files);
        if is_warm && self.warm_kib.is_none() {
            self.warm_kib = Some(self.kib);
        }
        if self.files > self.files_before + FILES {
            return Err(format!("connections are left open: {self}"));
        }
        if self.warm_kib.is_some_and(|warm| self.kib > warm + MEMORY_KIB) {
            return Err(format!("the memory grows: {self}"));
        }
        Ok(())
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rounds, files_before, most_files, files, warm_kib, kib } = self;
        let warm = warm_kib.unwrap_or(*kib);
        write!(
            f,
            "{rounds} rounds; {warm} KiB of memory after a quarter of the time, {kib} now; \
             {files_before} open files at first, {most_files} at the most, {files} now"
        )
    }
}

/// The present memory in KiB; 0 where the system does not tell.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// How many files are open; 0 where the system does not tell.
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
