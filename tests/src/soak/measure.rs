//! How much the process takes: memory, and open files, most of which are sockets.

use std::fmt;

use super::TASKS;

/// The memory of the same work differs by some MiB with what the allocator keeps for each thread. A leak of
/// a hundred bytes per call passes this within the ten minutes of a long run.
const MEMORY_KIB: u64 = 16 * 1024;
/// A task may leave a connection in the client's pool that was not there before, and both of its ends are here.
const FILES: usize = 2 * TASKS;

#[derive(Debug)]
pub(super) struct Measure {
    memory_kib: u64,
    files: usize,
}

impl Measure {
    /// Zeros where the system does not tell.
    pub(super) fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let memory_kib = line.and_then(|it| it.split_whitespace().next()?.parse().ok());
        let files = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        Self { memory_kib: memory_kib.unwrap_or(0), files }
    }

    /// Whether it is about what it was before.
    pub(super) fn compare(&self, before: &Self) -> Result<(), String> {
        if self.memory_kib > before.memory_kib + MEMORY_KIB {
            return Err(format!("the memory grows: {before}, then {self}"));
        }
        if self.files > before.files + FILES {
            return Err(format!("connections are left open: {before}, then {self}"));
        }
        Ok(())
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory_kib, files } = self;
        write!(f, "{:.1} MiB and {files} open files", *memory_kib as f64 / 1024.0)
    }
}
