//! Files and folders, with errors that name the path.

use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use clientwright::diagnostic::render;
use clientwright_normalizer::{Source, load};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Returns a function that adds a path to an error.
pub(crate) fn at<E: fmt::Display>(path: &Path) -> impl Fn(E) -> String + Copy {
    move |error| format!("{}: {error}", path.display())
}

/// Returns the text of a file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(at(path))
}

/// Returns the data in a YAML file.
pub(crate) fn data<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let source = Source { name: path.display().to_string(), text: read(path)? };
    let value = load::parse(&source).map_err(|faults| render(&faults, &[source], false))?;
    serde_json::from_value(value).map_err(at(path))
}

/// The reason of an entry in a list of exceptions, which is required.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Reason;

impl TryFrom<String> for Reason {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() { Err("an entry needs a reason") } else { Ok(Self) }
    }
}

/// Returns the entries of a folder, sorted by name.
pub(crate) fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(at(folder))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>().map_err(at(folder))?;
    paths.sort();
    Ok(paths)
}

/// Returns the name of a file without its extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Creates a folder and its parents.
pub(crate) fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(at(folder))
}

/// Installs the packages of a lock file, unless they are already installed: `stamp` is a copy of the lock file, written after the
/// installation.
pub(crate) fn once(lock: &Path, stamp: &Path, install: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let wanted = read(lock)?;
    if read(stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, wanted).map_err(at(stamp))
}

/// Creates an empty folder, or empties an existing one.
pub(crate) fn empty(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    create(folder)
}

/// Writes a file and creates its parent folders. An unchanged file is not touched, so that it is not compiled again.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(());
    }
    path.parent().map_or(Ok(()), create)?;
    fs::write(path, text).map_err(at(path))
}

/// Returns the folder for build results.
pub(crate) fn target(root: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}
