//! How commands print and end.

use std::path::Path;
use std::time::Instant;

/// The end of a command: done, or a message for people.
pub(crate) type Outcome = Result<(), String>;

/// Prints to standard output; a reader that went away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Outcome {
    use std::io::Write;
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// Runs a command, and says on standard error how long it took: what it prints itself stays the same.
pub(crate) fn timed(command: impl FnOnce() -> Outcome) -> Outcome {
    let start = Instant::now();
    command()?;
    eprintln!("took {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// A path as people know it: relative to their folder, if it is below that.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).display().to_string()
}
