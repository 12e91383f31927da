//! Writes generated files, or compares those on the disk with what they should be.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::emit::{Files, HEADER};

/// The changes that were made to a folder, or that are to be made. Paths are relative to the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that differed or were missing.
    pub written: Vec<String>,
    /// Files that no longer belong.
    pub removed: Vec<String>,
    /// How many files were right already.
    pub kept: usize,
    /// The first difference: the file, the line's number, the line on the disk and the line wanted.
    pub first: Option<String>,
}

impl Changes {
    /// Whether the folder is up to date.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }

    /// Notes whether a file differs.
    fn note(&mut self, name: &str, difference: Option<String>) {
        match difference {
            None => self.kept += 1,
            Some(difference) => {
                self.first.get_or_insert(difference);
                self.written.push(name.to_owned());
            }
        }
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (written, removed) = (self.written.len(), self.removed.len());
        write!(f, "{written} written, {removed} removed, {} unchanged", self.kept)
    }
}

/// An error of the file system with the path it concerns.
#[derive(Debug)]
pub struct OutputError {
    /// The file or folder.
    pub path: PathBuf,
    /// What happened.
    pub error: io::Error,
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for OutputError {}

type Output<T> = Result<T, OutputError>;

fn at<T>(path: &Path, result: io::Result<T>) -> Output<T> {
    result.map_err(|error| OutputError { path: path.to_owned(), error })
}

/// Generated text and its place on the disk.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder that holds these files and no others.
    Folder(PathBuf, Files),
    /// A file among others.
    File(PathBuf, String),
}

impl Place {
    /// The folder or file.
    pub fn path(&self) -> &Path {
        let (Self::Folder(path, _) | Self::File(path, _)) = self;
        path
    }

    /// Compares the files on the disk with the generated ones.
    pub fn check(&self) -> Output<Changes> {
        let mut changes = Changes::default();
        let (folder, files) = match self {
            Self::Folder(folder, files) => (folder, files),
            Self::File(path, text) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                changes.note(&name, compare(path, &name, text)?);
                return Ok(changes);
            }
        };
        // On all cores: most often nothing is to be written, and reading takes the time.
        let compared = files.par_iter().map(|(name, text)| compare(&folder.join(name), name, text));
        let differences: Vec<_> = compared.collect::<Output<_>>()?;
        for (name, difference) in files.keys().zip(differences) {
            changes.note(name, difference);
        }
        for path in files_below(folder)? {
            if !files.contains_key(&path) {
                changes.first.get_or_insert_with(|| format!("{path}: does not belong here"));
                changes.removed.push(path);
            }
        }
        Ok(changes)
    }

    /// Writes what differs beside its place.
    fn stage(&self) -> Output<(Changes, Vec<Staged>)> {
        let changes = self.check()?;
        let staged = match self {
            Self::Folder(folder, files) => {
                refuse_foreign(folder, &changes.removed)?;
                let texts =
                    changes.written.iter().filter_map(|path| Some((path, files.get(path)?)));
                let staged = texts.map(|(path, text)| stage(&folder.join(path), text));
                staged.collect::<Output<Vec<Staged>>>()?
            }
            Self::File(path, text) if !changes.is_empty() => vec![stage(path, text)?],
            Self::File(..) => Vec::new(),
        };
        Ok((changes, staged))
    }
}

/// Writes the files that differ and removes those that no longer belong. It first writes all files of
/// all places beside their places, then renames them. If a step fails, it restores the former files.
pub fn write(places: &[Place]) -> Output<Vec<Changes>> {
    let staged: Output<Vec<_>> = places.iter().map(Place::stage).collect();
    let (all, staged): (Vec<Changes>, Vec<Vec<Staged>>) = staged?.into_iter().unzip();
    let mut before = Vec::new();
    let done = put_in_place(places, &all, staged.into_iter().flatten(), &mut before);
    if done.is_err() {
        for (path, bytes) in before.into_iter().rev() {
            // If a file can't be restored, the first error is still the one to report.
            let _ = match bytes {
                Some(bytes) => std::fs::write(path, bytes),
                None => std::fs::remove_file(path),
            };
        }
    }
    done.map(|()| all)
}

/// Renames and removes files, and puts their former contents into `before`.
fn put_in_place(
    places: &[Place],
    all: &[Changes],
    staged: impl Iterator<Item = Staged>,
    before: &mut Vec<(PathBuf, Option<Vec<u8>>)>,
) -> Output<()> {
    for staged in staged {
        let (place, bytes) = (staged.place.clone(), std::fs::read(&staged.place).ok());
        staged.publish()?;
        before.push((place, bytes));
    }
    for (place, changes) in places.iter().zip(all) {
        if let Place::Folder(folder, _) = place {
            for path in &changes.removed {
                let path = folder.join(path);
                let bytes = std::fs::read(&path).ok();
                at(&path, std::fs::remove_file(&path))?;
                before.push((path, bytes));
            }
            remove_empty(folder)?;
        }
    }
    Ok(())
}

/// Writes one file: beside its place first, then renamed.
pub fn write_file(path: &Path, text: &str) -> Output<()> {
    stage(path, text)?.publish()
}

/// The first difference of a file on the disk, if there is one. `name` is the file's name in it.
fn compare(path: &Path, name: &str, text: &str) -> Output<Option<String>> {
    let there = match std::fs::read_to_string(path) {
        Ok(there) => Some(there),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(OutputError { path: path.to_owned(), error }),
    };
    let there = there.as_deref();
    Ok((there != Some(text)).then(|| difference(name, there, text)))
}

/// Refuses to remove a stray file that this program did not generate: it is somebody's work.
fn refuse_foreign(folder: &Path, strays: &[String]) -> Output<()> {
    for path in strays {
        let path = folder.join(path);
        let text = at(&path, std::fs::read_to_string(&path))?;
        if !text.starts_with(HEADER.trim_end()) {
            let message = "was not generated, so it is not removed; move it elsewhere or choose \
                           another folder";
            return Err(OutputError { path, error: io::Error::other(message) });
        }
    }
    Ok(())
}

/// A file that is written beside its place. Dropping it removes it.
struct Staged {
    file: tempfile::TempPath,
    place: PathBuf,
}

fn stage(place: &Path, text: &str) -> Output<Staged> {
    let folder = place.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    at(folder, std::fs::create_dir_all(folder))?;
    let mut file = at(folder, tempfile::Builder::new().prefix(".new-").tempfile_in(folder))?;
    at(place, file.write_all(text.as_bytes()))?;
    #[cfg(unix)]
    {
        // A temporary file is for its owner alone; the code is for everybody.
        use std::os::unix::fs::PermissionsExt;
        at(place, file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644)))?;
    }
    // Closed here: there may be more files than a process may have open.
    Ok(Staged { file: file.into_temp_path(), place: place.to_owned() })
}

impl Staged {
    fn publish(self) -> Output<()> {
        at(&self.place, self.file.persist(&self.place).map_err(|error| error.error))?;
        Ok(())
    }
}

fn difference(path: &str, there: Option<&str>, wanted: &str) -> String {
    let Some(there) = there else { return format!("{path}: is missing") };
    let mut lines = (1..).zip(there.lines().zip(wanted.lines()));
    match lines.find(|(_, (there, wanted))| there != wanted) {
        Some((line, (there, wanted))) => {
            format!("{path}:{line}:\n  there is  {there}\n  should be {wanted}")
        }
        None => {
            format!("{path}: {} lines, should be {}", there.lines().count(), wanted.lines().count())
        }
    }
}

/// All files below a folder, as paths with `/`, relative to it. A folder that isn't there has none.
fn files_below(folder: &Path) -> Output<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, prefix)) = open.pop() {
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound && prefix.is_empty() => break,
            Err(error) => return Err(OutputError { path, error }),
        };
        for entry in entries {
            let entry = at(&path, entry)?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if at(&path, entry.file_type())?.is_dir() {
                open.push((entry.path(), name + "/"));
            } else {
                found.insert(name);
            }
        }
    }
    Ok(found)
}

fn remove_empty(folder: &Path) -> Output<()> {
    for entry in at(folder, std::fs::read_dir(folder))? {
        let entry = at(folder, entry)?;
        let path = entry.path();
        if path.is_dir() {
            remove_empty(&path)?;
            if at(&path, std::fs::read_dir(&path))?.next().is_none() {
                at(&path, std::fs::remove_dir(&path))?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_comes_back_if_a_file_cant_be_put_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("old"), "as it was").unwrap();
        let file = |name: &str| Place::File(path(name), "new".to_owned());
        // The last one needs a folder where the third is to be a file.
        let places = [file("old"), file("new"), file("taken"), file("taken/inner")];
        let error = write(&places).unwrap_err();
        assert!(error.path.ends_with("taken"), "{error}");
        assert_eq!(std::fs::read_to_string(path("old")).unwrap(), "as it was");
        assert!(!path("new").exists());
        // Without it all are written.
        std::fs::remove_dir_all(path("taken")).unwrap();
        write(&places[..3]).unwrap();
        assert_eq!(std::fs::read_to_string(path("old")).unwrap(), "new");
        assert!(places[..3].iter().all(|place| place.check().unwrap().is_empty()));
    }
}
