//! The pure part of the pipeline: documents → files and diagnostics.
//!
//! In: the text of each document. Out: the files of the generated crate, and diagnostics.
//!
//! Invariant: no file is read or written here; the same documents give the same bytes; if there is any error, no files are returned.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::iter;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::call_variants::{CallVariants, call_variants};
use crate::emit::{self, Artifact, CONTRACT, Context, Draft};
use crate::ir::Api;
use crate::lower::InputTypes;
use crate::name::{ItemPlaces, Lock, Names, item_places, name_locked};
pub use crate::write::File;
use crate::{format, lower};
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Code, Diagnostic, Findings, any_error, codes, placed};
use clientwright_normalizer::limits::in_parallel;
use clientwright_normalizer::normalize::{InputFile, Ledger, Normalized, Origins};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{load, normalize, repetition, structure};

/// The result of [`generate`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Generation {
    /// The APIs, sorted by module name. Empty if there was an error.
    pub apis: Vec<GeneratedApi>,
    /// `lib.rs` of the generated crate. `None` if there was an error.
    pub root: Option<File>,
    /// All errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// The result for one document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GeneratedApi {
    /// The intermediate representation.
    pub api: Api,
    /// The number of types that are named Rust items.
    pub types: usize,
    /// The Cargo features of its tags, sorted (`x-tag-features`).
    pub tag_features: Vec<String>,
    /// Whether the API needs the feature `xml`.
    pub xml: bool,
    /// The duration from text to formatted files.
    pub elapsed: Duration,
    /// The files of its module, with paths below the crate's `src`.
    pub files: Vec<File>,
    /// The text of the lock of names.
    pub lock: String,
    /// The lines that the lock no longer needs.
    pub removed_names: Vec<String>,
}

/// A document to generate from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Document {
    /// The module name: the file stem.
    pub module: String,
    /// The text, with its display name.
    pub source: Source,
    /// The lock of names, with its display name; `None` to derive all names.
    pub lock: Option<Source>,
    /// The content of the source, if the normalizer wrote it.
    pub(crate) value: Option<Value>,
}

impl Document {
    /// Creates a document without a lock of names.
    pub fn new(module: impl Into<String>, source: Source) -> Self {
        Self { module: module.into(), source, lock: None, value: None }
    }

    /// Reads and normalizes a document, without a lock of names. Also returns the ledger and the origins of nodes.
    ///
    /// # Errors
    /// Returns the findings of [`normalize::normalized_document`].
    pub fn normalized(module: impl Into<String>, input: &InputFile) -> Result<(Self, Ledger, Origins), Findings> {
        let (Normalized { value, ledger, yaml: text, .. }, origins) = normalize::normalized_document(input)?;
        let source = Source { name: input.shown.clone(), text };
        Ok((Self { value: Some(value), ..Self::new(module, source) }, ledger, origins))
    }
}

/// Generates the modules of documents, and the root of a crate that contains `modules`.
///
/// `modules` are all modules of the crate, including the modules of `documents`. `command` regenerates the files and appears in their first
/// line: `cargo xtask codegen`.
#[must_use]
pub fn generate(documents: &[Document], modules: &[String], command: &str) -> Generation {
    let mut generation = Generation::default();
    let attempt = |document: &Document| {
        // A panic in a stage is a bug of the generator, and is reported as a diagnostic.
        catch_unwind(AssertUnwindSafe(|| generate_api(document, command))).unwrap_or_else(|_| {
            (None, vec![bug(codes::PANIC, &document.source.name, "the generator panicked on this document")])
        })
    };
    for (api, noticed) in in_parallel(documents, attempt) {
        generation.apis.extend(api);
        generation.diagnostics.extend(noticed);
    }
    match formatted("lib.rs", &header(command, &all(documents)), "lib.rs", emit::crate_root(modules)) {
        Ok(file) => generation.root = Some(file),
        Err(fault) => generation.diagnostics.push(fault),
    }
    if any_error(&generation.diagnostics) {
        generation.apis.clear();
        generation.root = None;
    }
    generation.apis.sort_by(|one, other| one.api.module.cmp(&other.api.module));
    generation
}

/// An API and its warnings, or the errors of its document.
type ReadResult = Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>>;

/// Runs the stages that end with the IR: load, resolve and lower.
///
/// # Errors
/// Returns an error if the document has errors. Items that are not generated are in the second part of a success.
pub fn read_api(document: &Document) -> ReadResult {
    read_with(document, InputTypes::Separate)
}

/// Like [`read_api`], with a choice of input types for verification.
#[doc(hidden)]
pub fn read_with(document: &Document, input_types: InputTypes) -> ReadResult {
    let (value, lines) = load::parse_located(&document.source)?;
    let (api, warnings) = read_canonical(document, &normalize::canonical(&document.source, value)?, input_types)?;
    Ok((api, placed(&warnings, &lines)))
}

fn read_canonical(document: &Document, value: &Value, input_types: InputTypes) -> ReadResult {
    let source = &document.source;
    let mut diagnostics = structure::examine(&source.name, value);
    if !can_be_lowered(&diagnostics) {
        return Err(diagnostics);
    }
    diagnostics.extend(repetition::examine(&source.name, value));
    let (api, lowered) = lower::lower_all(&document.module, &source.name, value, input_types);
    let errors = diagnostics.iter().filter(|known| known.is_error());
    let objects = errors.map(|known| known.pointer.parent().unwrap_or_default()).collect();
    diagnostics.extend(lowered.into_iter().filter(|found| !follows(found, &objects)));
    if any_error(&diagnostics) { Err(diagnostics) } else { Ok((api, diagnostics)) }
}

/// Returns `true` if `lower` can read a document with these diagnostics of `structure`. Otherwise, diagnostics of `lower` would be
/// meaningless.
pub(crate) fn can_be_lowered(found: &[Diagnostic]) -> bool {
    const FATAL: [Code; 4] = [codes::WRONG_TYPE, codes::MISSING_FIELD, codes::BAD_VALUE, codes::BAD_REFERENCE];
    !found.iter().any(|found| FATAL.contains(&found.code))
}

/// Returns `true` if a diagnostic may follow from a known error in the same object, an ancestor or a descendant.
fn follows(found: &Diagnostic, objects: &BTreeSet<Pointer>) -> bool {
    let mut above = iter::successors(Some(found.pointer.clone()), Pointer::parent);
    let below = format!("{}/", found.pointer.as_str());
    let next = objects.range::<str, _>((Bound::Included(&*below), Bound::Unbounded)).next();
    above.any(|above| objects.contains(&above)) || next.is_some_and(|next| next.is_at_or_below(&found.pointer))
}

fn generate_api(document: &Document, command: &str) -> (Option<GeneratedApi>, Vec<Diagnostic>) {
    // WebAssembly has no clock.
    let start = (!cfg!(target_family = "wasm")).then(Instant::now);
    let read = lock(document).and_then(|lock| Ok((read_api(document)?, lock)));
    let ((api, mut diagnostics), mut lock) = match read {
        Ok(read) => read,
        Err(errors) => return (None, errors),
    };
    let calls = call_variants(&api);
    let (names, removed_names, faults) = name_locked(&api, &calls, &mut lock);
    let about = &document.source.name;
    diagnostics.extend(faults.into_iter().map(|(place, why)| {
        Diagnostic::invalid(codes::BAD_VALUE, about, place, format!("`x-rust-name` cannot be used: {why}"))
            .with_help("write another name")
    }));
    let context = Context::new(&api, &calls, &names);
    let header = header(command, about);
    let write = |artifact: &Artifact<'_>| formatted(&artifact.path, &header, about, artifact.draft());
    let mut files = Vec::new();
    for written in in_parallel(&emit::artifacts(&context), write) {
        match written {
            Ok(file) => files.push(file),
            Err(fault) => diagnostics.push(fault),
        }
    }
    let types = api.types.iter().filter(|(id, _)| names.ty(*id).is_some()).count();
    let tag_features = emit::tag_features(&context);
    let xml = !names.xml.is_empty();
    let lock = lock.text();
    let elapsed = start.map_or(Duration::ZERO, |start| start.elapsed());
    (Some(GeneratedApi { api, types, tag_features, xml, elapsed, files, lock, removed_names }), diagnostics)
}

/// Reads the lock of a document; empty without a lock.
pub(crate) fn lock(document: &Document) -> Result<Lock, Vec<Diagnostic>> {
    document.lock.as_ref().map_or_else(|| Ok(Lock::default()), Lock::read)
}

/// A document with its API, for a comparison.
pub(crate) struct Read<'d> {
    pub(crate) value: Cow<'d, Value>,
    pub(crate) warnings: Vec<Diagnostic>,
    api: Api,
    calls: Vec<CallVariants>,
}

impl<'d> Read<'d> {
    /// Reads a document.
    pub(crate) fn new(document: &'d Document) -> Result<Self, Vec<Diagnostic>> {
        let (value, canonical) = match &document.value {
            Some(value) => (Cow::Borrowed(value), Cow::Borrowed(value)),
            None => {
                let value = load::parse(&document.source)?;
                let canonical = normalize::canonical(&document.source, value.clone())?;
                (Cow::Owned(value), Cow::Owned(canonical))
            }
        };
        let (api, warnings) = read_canonical(document, &canonical, InputTypes::Separate)?;
        Ok(Self { value, warnings, calls: call_variants(&api), api })
    }

    /// Returns the names from a lock, new names for all others, and the places of all items.
    pub(crate) fn names(&self, lock: &mut Lock) -> (Names, ItemPlaces) {
        let (mut names, ..) = name_locked(&self.api, &self.calls, lock);
        let places = item_places(&self.api, &self.calls, &mut names);
        (names, places)
    }

    /// Returns the unformatted files, with their doc comments at the end.
    pub(crate) fn files(&self, names: &Names) -> Vec<File> {
        let write = |artifact: &Artifact<'_>| {
            let Draft { tokens, docs } = artifact.draft();
            let docs: String = docs.iter().flatten().map(|line| format!("\n//{line}")).collect();
            File { path: artifact.path.clone(), contents: format!("{tokens}{docs}") }
        };
        in_parallel(&emit::artifacts(&Context::new(&self.api, &self.calls, names)), write)
    }
}

/// Returns the file that declares modules for inclusion in a crate; such a file cannot have inner attributes.
pub(crate) fn included_root(modules: &[String], command: &str) -> File {
    let declarations: String = modules.iter().map(|module| format!("pub mod {module};\n")).collect();
    let header = format!("// @generated by {command}. Do not edit.");
    let contents = format!("{header}\n\nclientwright_runtime::codegen::contract!({CONTRACT});\n\n{declarations}");
    File { path: "mod.rs".to_owned(), contents }
}

/// Returns the first line of a generated file.
fn header(command: &str, from: &str) -> String {
    format!("// @generated by {command} from {from}. Do not edit.")
}

/// Returns a pattern that matches all documents of a folder.
fn all(documents: &[Document]) -> String {
    let folder =
        documents.first().and_then(|document| document.source.name.rsplit_once('/')).map_or(".", |(folder, _)| folder);
    format!("{folder}/*.yaml")
}

/// Formats one file. Invalid Rust is a bug of the generator; its diagnostic names the file `about`.
fn formatted(path: &str, header: &str, about: &str, draft: Draft) -> Result<File, Diagnostic> {
    let contents = format::format(header, draft).map_err(|failure| {
        bug(codes::GENERATED_CODE, about, &format!("the generated file {path} is not valid Rust: {failure}"))
    })?;
    Ok(File { path: path.to_owned(), contents })
}

fn bug(code: Code, file: &str, message: &str) -> Diagnostic {
    Diagnostic::bug(code, file, Pointer::root(), message)
        .with_help("report this with the document; nothing was written")
}
