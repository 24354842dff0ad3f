//! Stage `normalize`: any supported version → canonical OpenAPI 3.0.3.
//!
//! In: a document as published by its vendor (Swagger 2.0, OpenAPI 3.0, 3.1 or 3.2, one file or many, YAML or JSON), and overlays. Out: one
//! 3.0.3 document in canonical order, and a ledger of the changes. Invariant: the result is 3.0.3 with the shape of [`crate::structure`],
//! and every lossy or interpreted change is in the ledger with its line. A mistake in one place is never an error: it is repaired, or the
//! smallest faulty node is removed. Errors are unusable texts (not YAML, or without paths, webhooks and components), faults in overlays,
//! and documents that would expand without bound.
//!
//! There are two entry points. A vendor's document passes through all steps, once, when it is added to `specs/`:
//!
//! ```no_run
//! use clientwright_normalizer::normalize::normalize_files;
//!
//! let normalized = normalize_files("vendor/openapi.json".as_ref(), &[])?;
//! print!("{}", normalized.ledger.summary());
//! std::fs::write("specs/pets.yaml", normalized.yaml)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Documents in `specs/` are already 3.0 and are only sorted, by [`canonical`], each time they are read.
//!
//! Numbers: integers of 64 bits, signed or unsigned, and floats of 64 bits are kept exactly. A number beyond them is rounded to the nearest
//! float and listed, or kept as text if its schema declares a string.

mod api_version;
mod bundle;
mod discriminator_values;
mod evidence;
mod extensions;
mod files;
mod key_spelling;
mod ledger;
mod media_types;
mod names;
mod null_types;
mod operation_names;
mod order;
mod overlay;
mod pass;
mod pipeline;
mod proposals;
mod reference;
mod references;
mod repair;
mod swagger2;
mod trail;
mod v31;
mod version;

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Findings};
use crate::load::{self, Decoded};
use crate::source::Source;
use crate::yaml;
use files::Folder;
#[doc(hidden)]
pub use files::beside;
pub use ledger::{Entry, Ledger};
#[doc(hidden)]
pub use names::operation_id;
#[doc(hidden)]
pub use pass::EntryKind;
pub use pipeline::{Normalized, Origins};
pub use version::{CANONICAL_VERSION, canonical};

/// An input file, and its name in the ledger and in diagnostics.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct InputFile {
    /// The path of the file.
    pub path: PathBuf,
    /// The displayed name.
    pub shown: String,
    /// The folder that contains all files of the document, by default the file's own. A reference to a file outside of
    /// it has no target, so that a document cannot include foreign files.
    pub root: Option<PathBuf>,
    /// The text, if the file is only in memory. It cannot refer to other files.
    pub text: Option<String>,
}

impl InputFile {
    /// Creates an input file that is displayed by its path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned(), shown: files::shown(path), root: None, text: None }
    }

    /// Returns its name in the ledger.
    fn name(&self) -> String {
        self.path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }
}

/// Normalizes the document at `input` and the files that it refers to, after applying the overlays in order.
///
/// Only files in the input's folder and below are read.
///
/// # Errors
/// Returns all diagnostics of the document, its files or the overlays, each with its place.
pub fn normalize_files(input: &Path, overlays: &[PathBuf]) -> Result<Normalized, Findings> {
    let overlays: Vec<_> = overlays.iter().map(|path| InputFile::at(path)).collect();
    normalize_for(&InputFile::at(input), &overlays)
}

/// Normalizes as [`normalize_files`] does, with chosen display names of the files.
///
/// # Errors
/// As [`normalize_files`].
pub fn normalize_for(input: &InputFile, overlays: &[InputFile]) -> Result<Normalized, Findings> {
    let (source, folder) = read(input)?;
    let mut read_overlays = Vec::new();
    for overlay in overlays {
        read_overlays.push((load::read(&overlay.path, &overlay.shown)?, overlay.name()));
    }
    pipeline::run(source, &input.name(), folder, read_overlays, |work, files| pipeline::whole(work, &files))
}

/// Returns the normalized document and the origins of its nodes. Overlays are not applied, and nothing is suggested from examples and
/// names.
///
/// # Errors
/// As [`normalize_files`].
pub fn normalized_document(input: &InputFile) -> Result<(Normalized, Origins), Findings> {
    let (source, folder) = read(input)?;
    pipeline::run(source, &input.name(), folder, Vec::new(), pipeline::document)
}

/// Returns the text of a file, and the folder of the files that it refers to, unless it is in memory.
fn read(input: &InputFile) -> Result<(Decoded, Option<Folder>), Diagnostic> {
    if let Some(text) = input.text.clone() {
        return Ok((Source { name: input.shown.clone(), text }.into(), None));
    }
    let path = input.path.parent().map_or_else(PathBuf::new, Path::to_owned);
    let folder = Folder { root: input.root.clone().unwrap_or_else(|| path.clone()), path };
    Ok((load::read_decoded(&input.path, &input.shown)?, Some(folder)))
}

/// Normalizes a document that is one file, after applying the overlays in order.
///
/// # Errors
/// As [`normalize_files`]; a reference to another file is a finding.
pub fn normalize_text(input: &Source, overlays: &[Source]) -> Result<Normalized, Findings> {
    let overlays = overlays.iter().map(|overlay| (overlay.clone(), overlay.name.clone())).collect();
    pipeline::run(input.clone().into(), &input.name, None, overlays, |work, files| pipeline::whole(work, &files))
}

/// Returns the value as canonical YAML: fields in the order of the specification's tables, `x-` keys last, paths and properties in their
/// order, components sorted by name, one trailing newline.
///
/// Reading the text returns an equal value, and writing that value returns the same text. The value must not be nested deeper than
/// [`crate::load`] accepts.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    yaml::write(&order::canonical(value.clone()))
}

#[cfg(test)]
mod tests;
