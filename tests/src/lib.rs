//! Shared code for tests of the whole pipeline: fixtures, the documents under `specs/`, and views of generated code.
//!
//! In: folders of documents. Out: documents for the pipeline, and texts for comparison. Invariant: independent of the
//! generator's implementation; all counts are taken again from the documents.

pub mod census;
pub mod damage;
pub mod layout;
pub mod ratchet;
pub mod rust;
pub mod scratch;
pub mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use clientwright::diagnostic::{Diagnostic, render};
use clientwright::generate::{Document, Generation, generate};
use clientwright::internal::write::File;
use clientwright_normalizer::{Source, load};

/// The kind of a fixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Generated completely, without a diagnostic.
    Ok,
    /// Legal, but not generated completely; diagnostics name the rest.
    Unsupported,
    /// Invalid.
    Invalid,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Unsupported, Self::Invalid];

    /// Returns the name of the kind's folder.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unsupported => "unsupported",
            Self::Invalid => "invalid",
        }
    }
}

/// The codes that only `cargo xtask normalize` reports, which its fixtures show.
pub const NORMALIZE_CODES: [&str; 6] =
    ["dynamic-reference", "expansion", "lossy-step", "overlay-target", "overlay-update", "several-bodies"];

/// A document that demonstrates one case.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The kind.
    pub kind: Kind,
    /// The file stem.
    pub name: String,
    /// The document for the generator.
    pub document: Document,
}

impl Fixture {
    /// Generates the fixture alone.
    #[must_use]
    pub fn generate(&self) -> Generation {
        one(&self.document)
    }
}

/// Returns the root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Returns the fixtures of a kind, sorted by name.
///
/// # Panics
/// Panics if they cannot be read.
#[must_use]
pub fn fixtures(kind: Kind) -> Vec<Fixture> {
    let folder = root().join("tests/fixtures").join(kind.folder());
    documents(&folder, &format!("fixtures/{}", kind.folder()))
        .into_iter()
        .map(|document| Fixture { kind, name: document.module.clone(), document })
        .collect()
}

/// Returns the documents under `specs/`, sorted by name.
///
/// # Panics
/// Panics if they cannot be read.
#[must_use]
pub fn specs() -> Vec<Document> {
    documents(&root().join("specs"), "specs")
}

fn documents(folder: &Path, shown: &str) -> Vec<Document> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    paths.sort();
    let document = |path: &PathBuf| {
        let module = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let source = load::read(path, &format!("{shown}/{module}.yaml")).unwrap_or_else(|fault| panic!("{fault:?}"));
        Document::new(module, source)
    };
    // `x.overlay.yaml` is next to `x.yaml`.
    paths.iter().map(document).filter(|document| !document.module.contains('.')).collect()
}

/// Returns a document for a test.
#[must_use]
pub fn document(module: &str, text: impl Into<String>) -> Document {
    let source = Source { name: format!("{module}.yaml"), text: text.into() };
    Document::new(module, source)
}

/// Returns a document with many component schemas, each of which refers to the next.
#[must_use]
pub fn many_types(types: usize) -> String {
    let types: String = (0..types)
        .map(|this| {
            let next = (this + 1) % types;
            format!(
                "    Thing{this}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/Thing{next}'}}}}}}\n"
            )
        })
        .collect();
    format!("openapi: 3.0.3\ninfo: {{title: Types, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  schemas:\n{types}")
}

/// Generates a single document.
#[must_use]
pub fn one(document: &Document) -> Generation {
    generate(std::slice::from_ref(document), std::slice::from_ref(&document.module), "cargo xtask codegen")
}

/// Returns the files of the only API, sorted by path.
#[must_use]
pub fn files(generation: &Generation) -> Vec<File> {
    let mut files: Vec<File> = generation.apis.iter().flat_map(|api| api.files.clone()).collect();
    files.sort();
    files
}

/// Returns the text of files one after the other, each below its path.
#[must_use]
pub fn tree_text(files: &[File]) -> String {
    let mut text = String::new();
    for File { path, contents } in files {
        text.push_str(&format!("==> {path} <==\n{contents}\n"));
    }
    text
}

/// Returns rendered diagnostics.
#[must_use]
pub fn rendered(diagnostics: &[Diagnostic], document: &Document) -> String {
    render(diagnostics, std::slice::from_ref(&document.source), false)
}

/// The code blocks of pages, which are compiled as doctests.
#[cfg(doctest)]
mod pages;

/// Returns the object or array around a place, and the key there (RFC 6901).
///
/// # Panics
/// Panics if the document has no such place.
#[must_use]
pub fn holder<'d>(document: &'d mut serde_json::Value, path: &str) -> (&'d mut serde_json::Value, String) {
    let (holder, key) = path.rsplit_once('/').expect(path);
    (document.pointer_mut(holder).expect(path), key.replace("~1", "/").replace("~0", "~"))
}
