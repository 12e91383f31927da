//! Clients put together, so that one run of the compiler judges many.
//!
//! The client of a changed document differs from that of the unchanged one in a few files. A batch is the
//! unchanged client with the differences of many, merged line by line. So the compiler sees the very
//! lines that each update would write. A client that can't be merged into a batch waits for the next.

use std::collections::BTreeMap;

use crate::emit::Files;

/// The files by which a client differs from another; none where a file is gone.
pub type Delta = BTreeMap<String, Option<String>>;

/// The differences of a client.
pub fn delta(base: &Files, client: &Files) -> Delta {
    let changed = client.iter().filter(|(path, text)| base.get(*path) != Some(text));
    let changed = changed.map(|(path, text)| (path.clone(), Some(text.clone())));
    let gone = base.keys().filter(|path| !client.contains_key(*path));
    changed.chain(gone.map(|path| (path.clone(), None))).collect()
}

/// The client with as many of the differences as fit together, and which of them these are.
pub fn together(base: &Files, deltas: &[&Delta]) -> (Files, Vec<usize>) {
    let mut files = base.clone();
    let mut joined = Vec::new();
    for (index, delta) in deltas.iter().enumerate() {
        if let Some(with) = merged(base, &files, delta) {
            files = with;
            joined.push(index);
        }
    }
    (files, joined)
}

fn merged(base: &Files, files: &Files, delta: &Delta) -> Option<Files> {
    let mut with = files.clone();
    for (path, theirs) in delta {
        let (base, ours) = (base.get(path), files.get(path));
        let theirs = theirs.as_ref();
        let text = if ours == base || ours == theirs {
            theirs.cloned()
        } else {
            Some(diffy::merge(base?, ours?, theirs?).ok()?)
        };
        match text {
            Some(text) => with.insert(path.clone(), text),
            None => with.remove(path),
        };
    }
    Some(with)
}

/// Compiles clients in batches. Returns the seeds of those that don't compile, each with what the compiler
/// says.
pub fn compile(
    base: &Files,
    mut deltas: Vec<(u64, Delta)>,
    compiler: &mut dyn FnMut(Files) -> Result<(), String>,
) -> Result<Vec<(u64, String)>, String> {
    let mut failed = Vec::new();
    deltas.retain(|(_, delta)| !delta.is_empty());
    while !deltas.is_empty() {
        let mut batch = Vec::new();
        let (_, joined) = together(base, &parts(&deltas[..deltas.len().min(MOST)]));
        // From the end, so that the places of the others stay.
        for index in joined.into_iter().rev() {
            batch.push(deltas.remove(index));
        }
        parted(base, batch, compiler, &mut failed)?;
    }
    failed.sort_unstable();
    Ok(failed)
}

/// The number of clients that are put together at most.
const MOST: usize = 64;

fn parts(deltas: &[(u64, Delta)]) -> Vec<&Delta> {
    deltas.iter().map(|(_, delta)| delta).collect()
}

/// Compiles a batch. If it fails, its parts say which client is at fault.
fn parted(
    base: &Files,
    mut batch: Vec<(u64, Delta)>,
    compiler: &mut dyn FnMut(Files) -> Result<(), String>,
    failed: &mut Vec<(u64, String)>,
) -> Result<(), String> {
    let Err(error) = compiler(together(base, &parts(&batch)).0) else { return Ok(()) };
    if batch.len() > 1 {
        // Those that have the file of the error come first.
        let is_suspect = |delta: &Delta| delta.keys().any(|file| error.contains(file.as_str()));
        batch.sort_by_key(|(_, delta)| !is_suspect(delta));
        let suspects = batch.iter().filter(|(_, delta)| is_suspect(delta)).count();
        let some = (1..batch.len()).contains(&suspects);
        let others = batch.split_off(if some { suspects } else { batch.len() / 2 });
        parted(base, batch, compiler, failed)?;
        return parted(base, others, compiler, failed);
    }
    if failed.is_empty() {
        // Else every client would be at fault.
        compiler(base.clone()).map_err(|it| format!("the unchanged client: {it}"))?;
    }
    failed.extend(batch.into_iter().map(|(seed, _)| (seed, error.clone())));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        all.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn differences_that_fit_together_are_one_client() {
        let lines = "a\nb\nc\nd\ne\nf\ng\n";
        let base = files(&[("mod", lines), ("gone", "x\n")]);
        let changed = |text: &str| files(&[("mod", text), ("gone", "x\n")]);
        let clients = [
            changed("a\nB\nc\nd\ne\nf\ng\n"),
            changed("a\nb\nc\nd\ne\nF\ng\n"),
            // Says something else of the line that the first changed.
            changed("a\n2\nc\nd\ne\nf\ng\n"),
            files(&[("mod", lines), ("new", "y\n")]),
        ];
        let deltas = clients.each_ref().map(|it| delta(&base, it));
        let (all, joined) = together(&base, &deltas.each_ref());
        assert_eq!(joined, [0, 1, 3]);
        assert_eq!(all, files(&[("mod", "a\nB\nc\nd\ne\nF\ng\n"), ("new", "y\n")]));
    }

    #[test]
    fn the_client_that_does_not_compile_is_found() {
        let base = files(&[("mod", "")]);
        let deltas = (0..9).map(|seed| {
            let text = if seed == 5 { "wrong" } else { "right" };
            (seed, delta(&base, &files(&[("mod", ""), (&format!("m{seed}"), text)])))
        });
        let deltas: Vec<_> = deltas.collect();
        let mut runs = 0;
        let mut compiler = |files: Files| {
            runs += 1;
            match files.values().any(|it| it == "wrong") {
                true => Err("m5:1: wrong".to_owned()),
                false => Ok(()),
            }
        };
        let failed = compile(&base, deltas.clone(), &mut compiler);
        assert_eq!(failed, Ok(vec![(5, "m5:1: wrong".to_owned())]));
        // The whole, the suspect, the unchanged client, the others.
        assert_eq!(runs, 4);
        let broken = compile(&base, deltas, &mut |_| Err("no cargo".to_owned()));
        assert_eq!(broken, Err("the unchanged client: no cargo".to_owned()));
    }
}
