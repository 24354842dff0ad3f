//! Trees of files: a real folder, and one in memory for tests and for callers that only want to look.

#[cfg(test)]
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A tree of files. Paths are relative to its root, with `/` between folders.
pub trait Tree {
    /// The bytes of a file; `None` if there is no such file.
    ///
    /// # Errors
    /// If there is one and it cannot be read.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// The paths of all files below a folder; none if there is no such folder.
    ///
    /// # Errors
    /// If a folder cannot be read.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// Writes a file as a whole, and creates the folders above it.
    ///
    /// # Errors
    /// If that is not possible; the file is then as it was.
    fn write(&mut self, path: &str, contents: &[u8]) -> io::Result<()>;

    /// Deletes a file, and the folders above it that this leaves empty.
    ///
    /// # Errors
    /// If the file cannot be deleted.
    fn remove(&mut self, path: &str) -> io::Result<()>;
}

/// A tree in memory.
#[cfg(test)]
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Memory {
    /// The files by path.
    pub files: BTreeMap<String, Vec<u8>>,
}

#[cfg(test)]
impl Tree for Memory {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files.get(path).cloned())
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let prefix = format!("{folder}/");
        Ok(self.files.keys().filter(|path| path.starts_with(&prefix)).cloned().collect())
    }

    fn write(&mut self, path: &str, contents: &[u8]) -> io::Result<()> {
        self.files.insert(path.to_owned(), contents.to_vec());
        Ok(())
    }

    fn remove(&mut self, path: &str) -> io::Result<()> {
        self.files.remove(path).map(|_| ()).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

/// A real folder. Symbolic links below it are neither followed nor written through.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The folder `root`; it is created with the first file.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The real path, if no folder on the way down is a symbolic link out of the tree.
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
}

impl Tree for Directory {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.real(path)?) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.real(&folder)?) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let entry = entry?;
                let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
                let kind = entry.file_type()?;
                if kind.is_dir() {
                    folders.push(path);
                } else if kind.is_file() {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn write(&mut self, path: &str, contents: &[u8]) -> io::Result<()> {
        let real = self.real(path)?;
        if is_link(&real)? {
            return Err(io::Error::other("the file is a symbolic link"));
        }
        let Some(folder) = real.parent() else { return Err(io::Error::from(io::ErrorKind::InvalidInput)) };
        fs::create_dir_all(folder)?;
        // Written beside its place and then moved there: whoever reads sees the old text or the new one, never half of it.
        let temporary = folder.join(format!(".clientwright-{}.tmp", std::process::id()));
        let written = fs::write(&temporary, contents).and_then(|()| fs::rename(&temporary, &real));
        if written.is_err() {
            // The error that counts is the one above.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    fn remove(&mut self, path: &str) -> io::Result<()> {
        let real = self.real(path)?;
        fs::remove_file(&real)?;
        for folder in real.ancestors().skip(1) {
            // `remove_dir` refuses a folder that is not empty, which is where this ends.
            if folder == self.root || !folder.starts_with(&self.root) || fs::remove_dir(folder).is_err() {
                break;
            }
        }
        Ok(())
    }
}

fn is_link(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(metadata.file_type().is_symlink()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(error),
    }
}
