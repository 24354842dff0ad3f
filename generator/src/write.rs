//! Stage `write`: files → a tree of files, or the differences between the two.
//!
//! In: the generated files and the tree that they belong into. Out: a [`Plan`] of what differs, which is applied or
//! only reported. Invariant: the only module that writes. Planning changes nothing; applying writes only what
//! differs, each file as a whole; a file that does not say it is generated is never deleted.

mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;

pub use tree::Directory;
#[cfg(test)]
use tree::Memory;
use tree::Tree;

/// How a generated file begins. Only files that begin so are ever deleted.
pub(crate) const GENERATED: &str = "// @generated";

/// One file to be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct File {
    /// Where it belongs, relative to the tree's root, with `/` between folders.
    pub path: String,
    /// The whole text.
    pub contents: String,
}

/// What happens, or would happen, to one file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Change {
    /// It does not exist yet.
    Created,
    /// It exists with other contents.
    Updated,
    /// It exists as it should be.
    Unchanged,
    /// It was generated once and is not any more.
    Removed,
}

/// The differences between the files and a tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// Every file and its change, sorted by path.
    pub changes: Vec<(String, Change)>,
    /// Files below an owned root that nobody generates and that do not begin with [`GENERATED`]: they stay, and somebody
    /// should know. Sorted by path.
    pub foreign: Vec<String>,
    contents: BTreeMap<String, String>,
}

impl Plan {
    /// Whether the tree is as it should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changes.iter().all(|(_, change)| *change == Change::Unchanged)
    }

    /// How many files have this change.
    #[must_use]
    pub fn count(&self, change: Change) -> usize {
        self.changes.iter().filter(|(_, other)| *other == change).count()
    }
}

/// Why a tree cannot be compared or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// A path that is not relative, leads out of the root, or is not portable.
    Path {
        /// The path.
        path: String,
    },
    /// Two files for the same path (upper and lower case are the same on some systems).
    Twice {
        /// The path.
        path: String,
    },
    /// The system says no.
    Io {
        /// The path.
        path: String,
        /// What the system says.
        source: io::Error,
    },
}

impl fmt::Display for WriteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path { path } => write!(formatter, "`{path}` is not a path inside of the output folder"),
            Self::Twice { path } => write!(formatter, "`{path}` is generated twice"),
            Self::Io { path, .. } => write!(formatter, "cannot read or write `{path}`"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Path { .. } | Self::Twice { .. } => None,
        }
    }
}

/// Compares the files with the tree. Nothing is changed.
///
/// Below the `owned_roots` (folders, relative to the tree's root) whatever says it is generated and is not among
/// `files` is due for removal.
///
/// # Errors
/// A path that leaves the root, two files for one path, or a tree that cannot be read.
pub fn plan(files: &[File], tree: &dyn Tree, owned_roots: &[&str]) -> Result<Plan, WriteError> {
    let mut plan = Plan::default();
    let mut folded = BTreeSet::new();
    for file in files {
        checked(&file.path)?;
        if !folded.insert(file.path.to_lowercase()) {
            return Err(WriteError::Twice { path: file.path.clone() });
        }
        let change = match tree.read(&file.path).map_err(|source| io_error(&file.path, source))? {
            None => Change::Created,
            Some(bytes) if bytes == file.contents.as_bytes() => Change::Unchanged,
            Some(_) => Change::Updated,
        };
        plan.changes.push((file.path.clone(), change));
        plan.contents.insert(file.path.clone(), file.contents.clone());
    }
    let mut known = BTreeSet::new();
    for root in owned_roots {
        checked(root)?;
        for path in tree.list(root).map_err(|source| io_error(root, source))? {
            if plan.contents.contains_key(&path) || !known.insert(path.clone()) {
                continue;
            }
            let bytes = tree.read(&path).map_err(|source| io_error(&path, source))?;
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

/// Makes the tree what the plan says: writes what is new or differs, then deletes what is stale and the folders that
/// this leaves empty.
///
/// # Errors
/// If the tree cannot be written; each file is then either as it was or as it should be.
pub fn apply(plan: &Plan, tree: &mut dyn Tree) -> Result<(), WriteError> {
    let stale = || plan.changes.iter().filter(|(_, change)| *change == Change::Removed).map(|(path, _)| path);
    let is_needed_as_folder = |path: &str| {
        let prefix = format!("{path}/");
        plan.contents.range(prefix.clone()..).next().is_some_and(|(next, _)| next.starts_with(&prefix))
    };
    // A stale file can stand where a folder has to be: it goes first. All others go last, so that a failure on the
    // way leaves too much rather than too little.
    for path in stale().filter(|path| is_needed_as_folder(path)) {
        tree.remove(path).map_err(|source| io_error(path, source))?;
    }
    for (path, change) in &plan.changes {
        if matches!(change, Change::Created | Change::Updated) {
            let contents = plan.contents.get(path).map(String::as_str).unwrap_or_default();
            tree.write(path, contents.as_bytes()).map_err(|source| io_error(path, source))?;
        }
    }
    for path in stale().filter(|path| !is_needed_as_folder(path)) {
        tree.remove(path).map_err(|source| io_error(path, source))?;
    }
    Ok(())
}

/// A path is names with `/` between them: nothing empty, `.` or `..`, nothing that some system reads differently.
fn checked(path: &str) -> Result<(), WriteError> {
    let is_name = |name: &str| {
        !matches!(name, "" | "." | "..") && !name.contains(['\\', ':', '\0']) && !name.ends_with([' ', '.'])
    };
    if path.split('/').all(is_name) { Ok(()) } else { Err(WriteError::Path { path: path.to_owned() }) }
}

fn io_error(path: &str, source: io::Error) -> WriteError {
    WriteError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
