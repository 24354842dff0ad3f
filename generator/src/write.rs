//! Stage `write`: files → a folder, or the differences between the two.
//!
//! In: the generated files and their folder. Out: a [`Plan`] of the differences, which is applied or only reported.
//! Invariant: this is the only module that writes. Planning changes nothing; applying writes only differences, all or none; a file without
//! the mark of generated files is never deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The first bytes of a generated file. Only files that begin with them are deleted.
pub(crate) const GENERATED: &str = "// @generated";

/// A file to write.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct File {
    /// The path relative to the tree's root, with `/` between folders.
    pub path: String,
    /// The whole text.
    pub contents: String,
}

/// The change of one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// The file does not exist yet.
    Created,
    /// The file exists with other contents.
    Updated,
    /// The file exists with the same contents.
    Unchanged,
    /// The file was generated before, but is no longer.
    Removed,
}

/// The differences between the files and a folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// Every file and its change, sorted by path.
    pub changes: Vec<(String, Change)>,
    /// Files below an owned root that are not generated and do not begin with [`GENERATED`], sorted by path. They are kept.
    pub foreign: Vec<String>,
    contents: BTreeMap<String, String>,
}

/// Compares the files with the folder without changing anything. Symbolic links to folders below it are not followed; a file that is a link
/// is read, but not replaced.
///
/// In the `owned_roots` (folders below `tree`), generated files that are not among `files` are marked for removal.
///
/// # Errors
/// Returns an error if a path is not relative, leaves the folder, leads through a symbolic link or is not portable. Returns an error if two
/// files have the same path (ignoring case, as some systems do) or are the same module, or if a file cannot be read.
pub fn plan(files: Vec<File>, tree: &Path, owned_roots: &[String]) -> Result<Plan, String> {
    check_folders(tree, files.iter().map(|file| file.path.as_str()))?;
    let mut plan = Plan::default();
    let mut folded = BTreeSet::new();
    for File { path, contents } in files {
        checked(&path)?;
        // `pets.rs` and `pets/mod.rs` are the same module.
        if !folded.insert(path.to_lowercase().replace("/mod.rs", ".rs")) {
            return Err(format!("`{path}` is generated twice"));
        }
        let change = match unless_missing(fs::read(tree.join(&path))).map_err(failed(&path))? {
            None => Change::Created,
            Some(bytes) if bytes == contents.as_bytes() => Change::Unchanged,
            Some(_) => Change::Updated,
        };
        plan.changes.push((path.clone(), change));
        plan.contents.insert(path, contents);
    }
    let mut known = BTreeSet::new();
    for root in owned_roots {
        checked(root)?;
        check_folders(tree, [format!("{root}/").as_str()])?;
        for path in list(tree, root).map_err(failed(root))? {
            if plan.contents.contains_key(&path) || !known.insert(path.clone()) {
                continue;
            }
            let bytes = unless_missing(fs::read(tree.join(&path))).map_err(failed(&path))?;
            if bytes.is_some_and(|bytes| bytes.starts_with(GENERATED.as_bytes())) {
                plan.changes.push((path, Change::Removed));
            } else {
                plan.foreign.push(path);
            }
        }
    }
    plan.changes.sort();
    plan.foreign.sort();
    Ok(plan)
}

/// Writes new and changed files, then deletes stale files and empty folders. The folder is created with the first file.
///
/// All files are written to a temporary folder first, and then moved to their places.
///
/// # Errors
/// Returns an error if a file cannot be written; nothing has changed then. If a file cannot be moved or deleted, each file is either in its
/// old or in its new state.
pub fn apply(plan: &Plan, tree: &Path) -> Result<(), String> {
    let of = |wanted: &'static [Change]| {
        let changes = plan.changes.iter().filter(|(_, change)| wanted.contains(change));
        changes.map(|(path, _)| path.as_str())
    };
    let aside = Staging(tree.join(format!(".clientwright-{}", std::process::id())));
    let mut folders = BTreeSet::new();
    let mut make_folder = |file: &Path| match file.parent() {
        Some(folder) if folders.insert(folder.as_os_str().to_owned()) => fs::create_dir_all(folder),
        _ => Ok(()),
    };
    for path in of(&[Change::Created, Change::Updated]) {
        let contents = plan.contents.get(path).ok_or_else(|| format!("`{path}` has no contents"))?;
        if is_link(&tree.join(path)).map_err(failed(path))? {
            return Err(failed(path)(io::Error::other("the file is a symbolic link")));
        }
        let file = aside.0.join(path);
        make_folder(&file).and_then(|()| fs::write(file, contents)).map_err(failed(path))?;
    }
    // A stale file at the path of a new folder is deleted first; all others last, so that a failure loses no file.
    let (first, last): (Vec<&str>, Vec<&str>) = of(&[Change::Removed]).partition(|path| {
        let prefix = format!("{path}/");
        plan.contents.range(prefix.clone()..).next().is_some_and(|(next, _)| next.starts_with(&prefix))
    });
    let remove = |path: &str| remove(tree, path).map_err(failed(path));
    first.into_iter().try_for_each(remove)?;
    for path in of(&[Change::Created]) {
        make_folder(&tree.join(path)).map_err(failed(path))?;
    }
    for path in of(&[Change::Created, Change::Updated]) {
        // A reader sees either the old or the new text.
        fs::rename(aside.0.join(path), tree.join(path)).map_err(failed(path))?;
    }
    last.into_iter().try_for_each(remove)
}

/// A temporary folder that is deleted on drop.
struct Staging(PathBuf);

impl Drop for Staging {
    fn drop(&mut self) {
        // A folder that cannot be deleted is not an error.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Checks a path: names with `/` between them, without empty names, `.`, `..` or names that some system interprets differently.
fn checked(path: &str) -> Result<(), String> {
    let is_name = |name: &str| {
        !matches!(name, "" | "." | "..") && !name.contains(['\\', ':', '\0']) && !name.ends_with([' ', '.'])
    };
    if path.split('/').all(is_name) {
        return Ok(());
    }
    Err(format!("`{path}` must be a path inside the output folder"))
}

/// Adds the file's path to an error.
fn failed(path: &str) -> impl FnOnce(io::Error) -> String {
    move |error| format!("cannot read or write `{path}`: {error}")
}

/// Returns an error if a parent folder of one of these files is a symbolic link. Each folder is checked once.
fn check_folders<'p>(tree: &Path, files: impl IntoIterator<Item = &'p str>) -> Result<(), String> {
    let mut known = BTreeSet::new();
    for path in files {
        let folders = path.match_indices('/').filter_map(|(end, _)| path.get(..end));
        for folder in folders.filter(|folder| known.insert(*folder)) {
            if is_link(&tree.join(folder)).map_err(failed(path))? {
                return Err(format!("cannot write `{path}`: `{folder}` is a symbolic link"));
            }
        }
    }
    Ok(())
}

/// Returns the paths of all files below a folder; empty if there is no such folder.
fn list(tree: &Path, folder: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let Some(entries) = unless_missing(fs::read_dir(tree.join(folder)))? else { return Ok(files) };
    for entry in entries {
        let entry = entry?;
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type()?;
        if kind.is_dir() {
            files.extend(list(tree, &path)?);
        } else if kind.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Deletes a file and the parent folders that become empty.
fn remove(tree: &Path, path: &str) -> io::Result<()> {
    let file = tree.join(path);
    fs::remove_file(&file)?;
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != tree) {
        // `remove_dir` fails if a folder is not empty.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// Converts a "not found" error to `None`.
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

#[cfg(test)]
mod tests;
