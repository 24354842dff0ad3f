//! Part of `write`: a folder, in which files are named by their paths relative to it, with `/` between folders.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A folder. Symbolic links below it are neither followed nor written through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The folder `root`; it is created with the first file.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The real path, if no folder on the way down is a symbolic link.
    fn real(&self, path: &str) -> io::Result<PathBuf> {
        let mut real = self.root.clone();
        let mut names = path.split('/').peekable();
        while let Some(name) = names.next() {
            real.push(name);
            if names.peek().is_some() && is_link(&real)? {
                return Err(io::Error::other("a folder on the way is a symbolic link"));
            }
        }
        Ok(real)
    }

    /// The bytes of a file; `None` if there is no such file.
    pub(super) fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        unless_missing(fs::read(self.real(path)?))
    }

    /// The paths of all files below a folder; none if there is no such folder.
    pub(super) fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let Some(entries) = unless_missing(fs::read_dir(self.real(folder)?))? else { return Ok(files) };
        for entry in entries {
            let entry = entry?;
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type()?;
            if kind.is_dir() {
                files.extend(self.list(&path)?);
            } else if kind.is_file() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// Writes a file as a whole, and creates the folders above it. If that fails, the file is as it was.
    pub(super) fn write(&self, path: &str, contents: &str) -> io::Result<()> {
        let real = self.real(path)?;
        if is_link(&real)? {
            return Err(io::Error::other("the file is a symbolic link"));
        }
        let Some(folder) = real.parent() else { return Err(ErrorKind::InvalidInput.into()) };
        fs::create_dir_all(folder)?;
        // Written beside its place and then moved there: a reader sees the old text or the new one, never half of it.
        let temporary = folder.join(format!(".clientwright-{}.tmp", std::process::id()));
        let written = fs::write(&temporary, contents).and_then(|()| fs::rename(&temporary, &real));
        if written.is_err() {
            // The error that counts is the one above.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// Deletes a file, and the folders above it that this leaves empty.
    pub(super) fn remove(&self, path: &str) -> io::Result<()> {
        let real = self.real(path)?;
        fs::remove_file(&real)?;
        for folder in real.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            // `remove_dir` refuses a folder that is not empty.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// `None` instead of an error that says that there is no such file or folder.
fn unless_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_link(path: &Path) -> io::Result<bool> {
    Ok(unless_missing(fs::symlink_metadata(path))?.is_some_and(|metadata| metadata.file_type().is_symlink()))
}
