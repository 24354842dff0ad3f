//! The pure part of the pipeline: documents → files and diagnostics.
//!
//! In: the text of each document. Out: what belongs into the generated crate, and everything that was noticed.
//!
//! Invariant: no file is read or written here, and the same documents give the same bytes. If there is any error, there
//! are no files at all.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;
use serde_json::Value;

use crate::call_variants::{CallVariants, call_variants};
use crate::emit::{self, Context};
use crate::ir::Api;
use crate::lower::InputTypes;
use crate::name::{Names, name};
pub use crate::write::File;
use crate::{decode, format, lower};
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Diagnostic, any_error, codes};
use clientwright_normalizer::limits::{self, STACK};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::{load, normalize, structure};

/// What [`generate`] makes.
#[derive(Clone, Debug, Default)]
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

/// One document on its way: its module's name and its text.
#[derive(Clone, Debug)]
pub struct Document {
    /// The module's name: the stem of the file's name.
    pub module: String,
    /// The text, with the name that people see.
    pub source: Source,
}

/// Generates the modules of some documents, and the root of a crate that holds `modules`.
///
/// `modules` are the names of all modules that the crate has; those of `documents` have to be among them. `command` is how the
/// files are generated again, as their first line says it: `cargo xtask codegen`.
#[must_use]
pub fn generate(documents: &[Document], modules: &[String], command: &str) -> Generation {
    let mut generation = Generation::default();
    for (api, noticed) in in_parallel(documents, command) {
        generation.apis.extend(api);
        generation.diagnostics.extend(noticed);
    }
    match formatted("lib.rs", &header(command, &all(documents)), emit::crate_root(modules)) {
        Ok(file) => generation.root = Some(file),
        Err(message) => generation.diagnostics.push(not_rust(message, "lib.rs")),
    }
    if any_error(&generation.diagnostics) {
        generation.apis.clear();
        generation.root = None;
    }
    generation.apis.sort_by(|one, other| one.api.module.cmp(&other.api.module));
    generation
}

/// The stages that end with the IR: load, normalize, resolve and lower.
///
/// # Errors
///
/// What keeps the document from being understood. What is merely not generated is in the second part of a success.
pub fn read_api(document: &Document) -> Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>> {
    read_with(document, InputTypes::Separate)
}

/// As [`read_api`], with a choice of the forms of types.
///
/// # Errors
///
/// As there.
pub fn read_with(document: &Document, input_types: InputTypes) -> Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>> {
    let value = load::parse(&document.source)?;
    read_value(document, value, input_types)
}

/// Everything that the stages up to the IR have to say against a document of OpenAPI 3.0.3.
pub(crate) fn objections(value: &Value) -> Vec<Diagnostic> {
    let source = Source { name: String::new(), text: String::new() };
    let document = Document { module: String::new(), source };
    let read = || read_value(&document, value.clone(), InputTypes::Separate).err().unwrap_or_default();
    limits::on_stack(STACK, read).unwrap_or_default()
}

fn read_value(
    document: &Document,
    value: Value,
    input_types: InputTypes,
) -> Result<(Api, Vec<Diagnostic>), Vec<Diagnostic>> {
    let source = &document.source;
    let value = normalize::normalize(source, value)?.value;
    let examined = structure::examine(&source.name, &value);
    let decoded = decode::decode_examined(&source.name, &value, &examined);
    let mut diagnostics = examined.found;
    let malformed = any_error(&diagnostics);
    let (webhooks, unusable) = decode::webhooks(&source.name, &value);
    diagnostics.extend(unusable);
    let lowered = match decoded {
        Ok(decoded) => lower::lower_all(&document.module, &source.name, &decoded, &webhooks, input_types),
        // What keeps a malformed document from being decoded has been said.
        Err(_) if malformed => return Err(diagnostics),
        Err(lost) => {
            diagnostics.extend(lost);
            return Err(diagnostics);
        }
    };
    let placed = lowered.diagnostics.into_iter().map(|mut found| {
        found.pointer = decode::place_in_document(&value, found.pointer);
        found.notes.iter_mut().for_each(|(at, _)| *at = decode::place_in_document(&value, std::mem::take(at)));
        found
    });
    let news = placed.filter(|found| !follows(found, &diagnostics)).collect::<Vec<_>>();
    diagnostics.extend(news);
    match lowered.api {
        Some(api) if !any_error(&diagnostics) => Ok((api, diagnostics)),
        _ => Err(diagnostics),
    }
}

/// Whether a finding may be nothing but the consequence of an error that is known: it is about the same object, or about
/// what is in it.
fn follows(found: &Diagnostic, known: &[Diagnostic]) -> bool {
    known.iter().filter(|known| known.is_error()).any(|known| {
        let object = known.pointer.parent().unwrap_or_default();
        let (object, found) = (object.as_str(), found.pointer.as_str());
        object.starts_with(found)
            || found.strip_prefix(object).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// What comes of one document.
type Attempt = (Option<GeneratedApi>, Vec<Diagnostic>);

/// Generates every document on a thread of its own. The results come in the documents' order, whichever is ready first.
fn in_parallel(documents: &[Document], command: &str) -> Vec<Attempt> {
    thread::scope(|scope| {
        let spawn = |document| {
            let builder = thread::Builder::new().stack_size(STACK);
            (document, builder.spawn_scoped(scope, move || generate_one(document, command)))
        };
        let started: Vec<_> = documents.iter().map(spawn).collect();
        let finish = |(document, thread): (_, std::io::Result<thread::ScopedJoinHandle<'_, Attempt>>)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|_| (None, vec![gave_up(document)])),
            // No thread to be had: then without one.
            Err(_) => generate_one(document, command),
        };
        started.into_iter().map(finish).collect()
    })
}

fn generate_one(document: &Document, command: &str) -> Attempt {
    let mut noticed = Vec::new();
    (generate_api(document, command, &mut noticed), noticed)
}

/// A panic in a stage, which would be our own fault, is reported like any other fault of ours.
fn gave_up(document: &Document) -> Diagnostic {
    Diagnostic::bug(codes::PANIC, &document.source.name, Pointer::root(), "the generator gave up on this document")
        .with_help("please report this with the document; nothing was written")
}

fn generate_api(document: &Document, command: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<GeneratedApi> {
    let start = Instant::now();
    let api = match read_api(document) {
        Ok((api, noticed)) => {
            diagnostics.extend(noticed);
            api
        }
        Err(errors) => {
            diagnostics.extend(errors);
            return None;
        }
    };
    let calls: Vec<CallVariants> = api.operations.iter().map(call_variants).collect();
    let names: Names = name(&api, &calls);
    let context = Context::new(&api, &calls, &names);
    let mut files = Vec::new();
    for written in write_all(&context, &header(command, &document.source.name)) {
        match written {
            Ok(file) => files.push(file),
            Err(message) => diagnostics.push(not_rust(message, &document.source.name)),
        }
    }
    let types = api.types.iter().filter(|(id, _)| names.ty(*id).is_some()).count();
    Some(GeneratedApi { api, types, elapsed: start.elapsed(), files })
}

/// A file, or why there is none.
type Formatted = Result<File, String>;

/// Emits and formats all files of an API, on as many threads as the machine has. The files come in their own order,
/// whichever is ready first.
fn write_all(context: &Context<'_>, header: &str) -> Vec<Formatted> {
    let artifacts = emit::artifacts(context);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done: Vec<(usize, Formatted)> = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(artifact) = artifacts.get(index) else { return done };
            done.push((index, formatted(&artifact.path, header, artifact.tokens(context))));
        }
    };
    let helpers = thread::available_parallelism().map_or(1, NonZero::get).min(artifacts.len()) - 1;
    let mut written = thread::scope(|scope| {
        // No thread to be had: then with fewer. A file is taken by one thread alone, so one that ended early leaves a gap.
        let spawn = |_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok();
        let helpers: Vec<_> = (0..helpers).filter_map(spawn).collect();
        let mut written = work();
        for helper in helpers {
            match helper.join() {
                Ok(others) => written.extend(others),
                Err(panic) => resume_unwind(panic),
            }
        }
        written
    });
    written.sort_unstable_by_key(|(index, _)| *index);
    written.into_iter().map(|(_, written)| written).collect()
}

/// The file that declares modules where a crate includes it, which may not have inner attributes.
pub(crate) fn included_root(modules: &[String], command: &str) -> File {
    let declarations: String = modules.iter().map(|module| format!("pub mod {module};\n")).collect();
    let header = format!("// @generated by {command}. Do not edit.");
    let contents = format!("{header}\n\nclientwright_runtime::codegen::contract!(1);\n\n{declarations}");
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

/// Formats one file.
fn formatted(path: &str, header: &str, tokens: TokenStream) -> Formatted {
    let contents = format::format(header, tokens)
        .map_err(|failure| format!("the generated file {path} is not Rust: {failure}"))?;
    Ok(File { path: path.to_owned(), contents })
}

/// That what was generated does not parse can only be our own fault.
fn not_rust(message: String, file: &str) -> Diagnostic {
    Diagnostic::bug(codes::GENERATED_CODE, file, Pointer::root(), message)
        .with_help("please report this with the document; nothing was written")
}
