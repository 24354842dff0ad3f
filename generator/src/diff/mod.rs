//! Stage `diff`: two versions of a document → changes for servers, clients and callers.
//!
//! In: two canonical documents and the files that are generated from each. Out: changes of messages and of the client's public items.
//!
//! Invariant: no difference is dropped; a difference without a rule is breaking.

mod effect;
mod node;
mod operations;
mod places;
mod rust;
mod walk;
mod wire;

use std::collections::BTreeSet;

use clientwright_normalizer::diagnostic::{Diagnostic, Findings};
use clientwright_normalizer::limits::{both, in_parallel};
use serde_json::json;

use crate::generate::{Document, Read};
use crate::name::{ItemPlaces, Lock, Names};
use crate::write::File;
pub use rust::{ItemChange, VersionBump};
#[doc(hidden)]
pub use wire::messages;
pub use wire::{Severity, WireChange};

/// The differences between two versions of a document and its client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Differences {
    /// The changes of messages, the most severe ones first.
    pub wire: Vec<WireChange>,
    /// The changes of public items.
    pub items: Vec<ItemChange>,
    /// The part of the client's version that has to be increased.
    pub bump: VersionBump,
    /// The paths of the generated files that differ, below the crate's `src`.
    pub files: BTreeSet<String>,
    /// The warnings that occur only in the old document.
    pub resolved: Vec<Diagnostic>,
    /// The warnings that occur only in the new document.
    pub introduced: Vec<Diagnostic>,
}

impl Differences {
    /// Returns the greatest severity for old clients with the new server, if anything changed.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.wire.iter().map(|change| change.severity).max()
    }

    /// Returns `true` if neither messages nor generated files changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.wire.is_empty() && self.bump == VersionBump::None && self.resolved == self.introduced
    }
}

/// Compares two versions of a document; `None` stands for a document that does not exist. If the new version has no lock of names, it is
/// generated with the names of the old one.
///
/// ```
/// use clientwright::Source;
/// use clientwright::diff::{Severity, compare};
/// use clientwright::generate::Document;
///
/// let version = |code: u16| {
///     let text = format!(
///         "
/// openapi: 3.0.3
/// info: {{ title: Pets, version: '1' }}
/// paths:
///   /pets:
///     get: {{ operationId: listPets, responses: {{ '{code}': {{ description: d }} }} }}
/// "
///     );
///     Document::new("pets", Source { name: "pets.yaml".to_owned(), text })
/// };
/// let differences = compare(Some(&version(200)), Some(&version(204))).unwrap();
/// assert_eq!(differences.severity(), Some(Severity::Risky));
/// assert_eq!(differences.wire[0].message, "added response `204`");
/// ```
///
/// # Errors
/// Returns the diagnostics of a document that has errors, the old one first.
pub fn compare(old: Option<&Document>, new: Option<&Document>) -> Result<Differences, Findings> {
    let mut versions = in_parallel(&[old, new], |document| document.map(read).transpose()).into_iter();
    let mut next = || versions.next().unwrap_or(Ok(None));
    let ((old, old_lock), (new, new_lock)) = (next()?.unzip(), next()?.unzip());
    let mut lock = old_lock.flatten().unwrap_or_default();
    let all_files = || {
        let old_named = named(&old, &mut lock);
        // Without a lock of its own, the new version is generated with the old one's.
        let mut lock = new_lock.flatten().unwrap_or(lock);
        let write_new = || {
            let (names, places) = named(&new, &mut lock);
            (files(&new, &names), places)
        };
        let (old_files, new) = both(|| files(&old, &old_named.0), write_new);
        ((old_files, old_named.1), new)
    };
    let nothing = json!({});
    let [before, after] = [&old, &new].map(|read| read.as_ref().map_or(&nothing, |read| &*read.value));
    let (wire, ((old_files, old_places), (new_files, new_places))) = both(|| wire::messages(before, after), all_files);
    let [old_files, new_files] = [&old_files, &new_files].map(|files| files.iter().collect::<BTreeSet<_>>());
    let files = old_files.symmetric_difference(&new_files).map(|file| file.path.clone()).collect();
    let (mut items, bump) = rust::items(&old_files, &new_files);
    places::connect(&mut items, &wire, [(before, &old_places), (after, &new_places)]);
    let [old, new] = [old, new].map(|read| read.map_or_else(Vec::new, |read| read.warnings));
    Ok(Differences { wire, items, bump, files, resolved: only_in(&old, &new), introduced: only_in(&new, &old) })
}

fn named(read: &Option<Read<'_>>, lock: &mut Lock) -> (Names, ItemPlaces) {
    read.as_ref().map(|read| read.names(lock)).unwrap_or_default()
}

fn files(read: &Option<Read<'_>>, names: &Names) -> Vec<File> {
    read.as_ref().map(|read| read.files(names)).unwrap_or_default()
}

/// Reads a document and its lock of names, if it has one.
fn read(document: &Document) -> Result<(Read<'_>, Option<Lock>), Findings> {
    let read = document.lock.as_ref().map(Lock::read).transpose().and_then(|lock| Ok((Read::new(document)?, lock)));
    read.map_err(|diagnostics| Findings::new(diagnostics, vec![document.source.clone()]))
}

/// Returns the diagnostics that are only in the first list.
fn only_in(these: &[Diagnostic], others: &[Diagnostic]) -> Vec<Diagnostic> {
    let identity = |one: &Diagnostic| (one.code, one.pointer.clone(), one.message.clone());
    let others: BTreeSet<_> = others.iter().map(identity).collect();
    these.iter().filter(|one| !others.contains(&identity(one))).cloned().collect()
}
