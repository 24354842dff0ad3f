//! The pure part of the pipeline: documents → files and diagnostics.
//!
//! In: the text of each document. Out: the files of the generated crate, and diagnostics.
//!
//! Invariant: no file is read or written here; the same documents give the same bytes; any error means no files.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;
use serde_json::Value;

use crate::call_variants::call_variants;
use crate::emit::{self, Artifact, CONTRACT, Context};
use crate::ir::Api;
use crate::lower::InputTypes;
use crate::name::{Names, name};
pub use crate::write::File;
use crate::{format, lower};
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Code, Diagnostic, any_error, codes};
use clientwright_normalizer::limits::STACK;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{load, normalize, repetition, structure};

/// What [`generate`] makes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Generation {
    /// The APIs in the order of their modules' names. Empty if there was an error.
    pub apis: Vec<GeneratedApi>,
    /// `lib.rs` of the generated crate. `None` if there was an error.
    pub root: Option<File>,
    /// Everything that was noticed, errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// What is made of one document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GeneratedApi {
    /// The intermediate representation.
    pub api: Api,
    /// How many types are items of their own.
    pub types: usize,
    /// How long it took, from text to formatted files.
    pub elapsed: Duration,
    /// The files of its module, with paths below the crate's `src`.
    pub files: Vec<File>,
}

/// A document to generate from.
#[derive(Clone, Debug)]
pub struct Document {
    /// The module's name: the stem of the file's name.
    pub module: String,
    /// The text, with the name that people see.
    pub source: Source,
}

/// Generates the modules of some documents, and the root of a crate that holds `modules`.
///
/// `modules` are all modules of the crate, those of `documents` among them. `command` generates the files again, as
/// their first line says: `cargo xtask codegen`.
#[must_use]
pub fn generate(documents: &[Document], modules: &[String], command: &str) -> Generation {
    let mut generation = Generation::default();
    let attempt = |document: &Document| {
        // A panic in a stage would be our own fault, and is reported like any other.
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
        Err(faults) => generation.diagnostics.extend(faults),
    }
    if any_error(&generation.diagnostics) {
        generation.apis.clear();
        generation.root = None;
    }
    generation.apis.sort_by(|one, other| one.api.module.cmp(&other.api.module));
    generation
}

/// An API and what was noticed, or the errors of its document.
type Read = Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>>;

/// The stages that end with the IR: load, resolve and lower.
///
/// # Errors
/// The document has errors. What is only not generated is in the second part of a success.
pub fn read_api(document: &Document) -> Read {
    read_with(document, InputTypes::Separate)
}

/// As [`read_api`], with a choice of input types, which only verification has.
#[doc(hidden)]
pub fn read_with(document: &Document, input_types: InputTypes) -> Read {
    let value = load::parse(&document.source)?;
    read_value(document, value, input_types)
}

fn read_value(document: &Document, value: Value, input_types: InputTypes) -> Read {
    let source = &document.source;
    let value = normalize::canonical(source, value)?;
    let mut diagnostics = structure::examine(&source.name, &value);
    if !can_be_lowered(&diagnostics) {
        return Err(diagnostics);
    }
    diagnostics.extend(repetition::examine(&source.name, &value));
    let lowered = lower::lower_all(&document.module, &source.name, &value, input_types);
    let news = lowered.diagnostics.into_iter().filter(|found| !follows(found, &diagnostics)).collect::<Vec<_>>();
    diagnostics.extend(news);
    match lowered.api {
        Some(api) if !any_error(&diagnostics) => Ok((api, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// Whether `lower` can read a document in which `structure` found this. What is left of an object without these leaves too little for it
/// to say anything sensible.
pub(crate) fn can_be_lowered(found: &[Diagnostic]) -> bool {
    const FATAL: [Code; 4] = [codes::WRONG_TYPE, codes::MISSING_FIELD, codes::BAD_VALUE, codes::BAD_REFERENCE];
    !found.iter().any(|found| FATAL.contains(&found.code))
}

/// Whether a finding may be the consequence of a known error: it is about the same object, or about something in it or around it.
fn follows(found: &Diagnostic, known: &[Diagnostic]) -> bool {
    known.iter().filter(|known| known.is_error()).any(|known| {
        let object = known.pointer.parent().unwrap_or_default();
        found.pointer.is_at_or_below(&object) || object.is_at_or_below(&found.pointer)
    })
}

/// Works on items on as many threads as the machine has. The results are in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let take = || {
        let index = next.fetch_add(1, Ordering::Relaxed);
        items.get(index).map(|item| (index, work(item)))
    };
    let run = || std::iter::from_fn(take).collect::<Vec<_>>();
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len());
    let mut done = thread::scope(|scope| {
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok();
        let threads: Vec<_> = (0..threads).filter_map(spawn).collect();
        let done = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        let mut done: Vec<(usize, R)> = done.collect();
        // Whatever is left, if the system gave no thread.
        done.extend(run());
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

fn generate_api(document: &Document, command: &str) -> (Option<GeneratedApi>, Vec<Diagnostic>) {
    let start = Instant::now();
    let (api, mut diagnostics) = match read_api(document) {
        Ok(read) => read,
        Err(errors) => return (None, errors),
    };
    let calls = call_variants(&api);
    let names: Names = name(&api, &calls);
    let context = Context::new(&api, &calls, &names);
    let about = &document.source.name;
    let header = header(command, about);
    let write = |artifact: &Artifact<'_>| formatted(&artifact.path, &header, about, artifact.tokens());
    let mut files = Vec::new();
    for written in in_parallel(&emit::artifacts(&context), write) {
        match written {
            Ok(file) => files.push(file),
            Err(faults) => diagnostics.extend(faults),
        }
    }
    let types = api.types.iter().filter(|(id, _)| names.ty(*id).is_some()).count();
    (Some(GeneratedApi { api, types, elapsed: start.elapsed(), files }), diagnostics)
}

/// The file that declares modules where a crate includes it, which may not have inner attributes.
pub(crate) fn included_root(modules: &[String], command: &str) -> File {
    let declarations: String = modules.iter().map(|module| format!("pub mod {module};\n")).collect();
    let header = format!("// @generated by {command}. Do not edit.");
    let contents = format!("{header}\n\nclientwright_runtime::codegen::contract!({CONTRACT});\n\n{declarations}");
    File { path: "mod.rs".to_owned(), contents }
}

/// The first line of a generated file.
fn header(command: &str, from: &str) -> String {
    format!("// @generated by {command} from {from}. Do not edit.")
}

/// All documents of the folder that some are from.
fn all(documents: &[Document]) -> String {
    let folder =
        documents.first().and_then(|document| document.source.name.rsplit_once('/')).map_or(".", |(folder, _)| folder);
    format!("{folder}/*.yaml")
}

/// Formats one file. What is not Rust can only be our own fault; `about` is the file that the diagnostic names.
fn formatted(path: &str, header: &str, about: &str, tokens: TokenStream) -> Result<File, Vec<Diagnostic>> {
    let contents = format::format(header, tokens).map_err(|failure| {
        vec![bug(codes::GENERATED_CODE, about, &format!("the generated file {path} is not valid Rust: {failure}"))]
    })?;
    Ok(File { path: path.to_owned(), contents })
}

fn bug(code: Code, file: &str, message: &str) -> Diagnostic {
    Diagnostic::bug(code, file, Pointer::root(), message)
        .with_help("report this with the document; nothing was written")
}
