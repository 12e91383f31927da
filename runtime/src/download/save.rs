//! A file that arrives, on its way to a writer or to the disk.

use std::fs::{self, File, Metadata};
use std::future::poll_fn;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::pin::Pin;

use tokio::io::AsyncWrite;

use super::incoming::Incoming;
use crate::error::Error;
use crate::info::OperationInfo;

/// Pieces are gathered up to this many bytes: each write to the disk is a task of its own.
const BUFFER: usize = 256 * 1024;

pub(super) async fn write(
    mut file: Incoming,
    writer: &mut (dyn AsyncWrite + Send + Unpin),
) -> Result<u64, Error> {
    let info = file.reply.info;
    let failed = |error| Error::local_io("the file cannot be written", error).in_operation(info);
    while let Some(chunk) = file.chunk().await? {
        let mut rest = &chunk[..];
        while !rest.is_empty() {
            let taken = poll_fn(|context| Pin::new(&mut *writer).poll_write(context, rest)).await;
            match taken.map_err(failed)? {
                0 => return Err(failed(io::ErrorKind::WriteZero.into())),
                taken => rest = rest.get(taken..).unwrap_or_default(),
            }
        }
    }
    poll_fn(|context| Pin::new(&mut *writer).poll_flush(context)).await.map_err(failed)?;
    Ok(file.received)
}

pub(super) async fn save(mut file: Incoming, target: PathBuf) -> Result<u64, Error> {
    let disk = Disk { info: file.reply.info, target: target.clone() };
    let (partial, mut out) = disk.run(move || Partial::create(&target)).await?;
    let mut buffer = Vec::with_capacity(BUFFER);
    while let Some(chunk) = file.chunk().await? {
        if buffer.len() + chunk.len() > BUFFER {
            (out, buffer) = disk.run(move || append(out, buffer)).await?;
        }
        buffer.extend_from_slice(&chunk);
    }
    let target = disk.target.clone();
    disk.run(move || {
        let (out, _) = append(out, buffer)?;
        set_mode(&out, existing(&target)?.as_ref())?;
        // Else a power cut could leave the name with an empty file behind it.
        out.sync_all()
    })
    .await?;
    // Here and in no other task: whoever drops this future must find the target as it was.
    partial.rename(&disk.target).map_err(|error| disk.failed(error))?;
    Ok(file.received)
}

fn append(mut out: File, mut buffer: Vec<u8>) -> io::Result<(File, Vec<u8>)> {
    out.write_all(&buffer)?;
    buffer.clear();
    Ok((out, buffer))
}

/// Where blocking work is done, and what its errors are about.
struct Disk {
    info: OperationInfo,
    target: PathBuf,
}

impl Disk {
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let outcome = match tokio::task::spawn_blocking(work).await {
            Ok(outcome) => outcome,
            Err(gone) => Err(io::Error::other(gone)),
        };
        outcome.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> Error {
        let what = format!("{} cannot be written", self.target.display());
        Error::local_io(&what, error).in_operation(self.info)
    }
}

/// A temporary file, which goes with this value unless it was renamed.
struct Partial {
    path: PathBuf,
    renamed: bool,
}

impl Partial {
    /// Creates it beside the target, so that renaming it needs no copy.
    fn create(target: &Path) -> io::Result<(Self, File)> {
        existing(target)?;
        // The target's own name could be too long for an addition.
        let name = format!(".threecx-xapi-{:016x}.part", fastrand::u64(..));
        let path = target.with_file_name(name);
        let out = private(&path)?;
        Ok((Self { path, renamed: false }, out))
    }

    fn rename(mut self, target: &Path) -> io::Result<()> {
        fs::rename(&self.path, target)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The facts of the file that the target replaces, if there is one. A target that is no regular file is
/// refused: renaming would put a file in its place.
fn existing(target: &Path) -> io::Result<Option<Metadata>> {
    let refuse = |message: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    if target.file_name().is_none() {
        return refuse("the path names no file");
    }
    match fs::symlink_metadata(target) {
        Ok(found) if found.is_file() => Ok(Some(found)),
        Ok(found) if found.is_dir() => refuse("there is a folder of this name"),
        Ok(found) if found.is_symlink() => {
            refuse("there is a symbolic link of this name: save to the path that it leads to")
        }
        Ok(_) => refuse("what has this name is no regular file"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A new file that only its owner can read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives a file the mode of the one that it replaces; else its owner alone can read it, whatever the umask.
#[cfg(unix)]
fn set_mode(file: &File, replaced: Option<&Metadata>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = replaced.map_or(0o600, |it| it.permissions().mode() & 0o7777);
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Elsewhere a file has the access rights of its folder.
#[cfg(not(unix))]
fn set_mode(_: &File, _: Option<&Metadata>) -> io::Result<()> {
    Ok(())
}
