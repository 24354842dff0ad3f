//! Part of `normalize`: all passes on a vendor's document, one after the other.
//!
//! In: the input and the overlays. Out: the normalized document, or all that the first failing pass found. Invariant: this
//! is the only place that knows the order of the passes.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::bundle::{bundle, dangling};
use super::files::Files;
use super::ledger::Ledger;
use super::overlay::overlay;
use super::pass::{Entry, Fault, Passed, Weight};
use super::repair::{self, SourceText};
use super::trail::{SourceLocation, Trail};
use super::version::{self, Version};
use super::{InputFile, Normalized, ms_paths, order, swagger2, v31, yaml};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::limits;
use crate::load;
use crate::pointer::Pointer;
use crate::source::Source;
use crate::structure;

/// How often a document is repaired at most: each round may uncover a mistake within another.
const MAX_ROUNDS: usize = 4;

/// See [`super::normalize_files`].
pub(super) fn files(input: &InputFile, overlays: &[InputFile]) -> Result<Normalized, Findings> {
    let source = input.read()?;
    let mut read_overlays = Vec::new();
    for overlay in overlays {
        read_overlays.push((overlay.read()?, overlay.name()));
    }
    let folder = input.path.parent().map_or_else(PathBuf::new, Path::to_owned);
    on_deep_stack(move || run(source, &input.name(), Some(folder), read_overlays))
}

/// See [`super::normalize_text`].
pub(super) fn text(input: &Source, overlays: &[Source]) -> Result<Normalized, Findings> {
    let overlays = overlays.iter().map(|overlay| (overlay.clone(), overlay.name.clone())).collect();
    on_deep_stack(|| run(input.clone(), &input.name, None, overlays))
}

/// Runs the passes on a thread with enough stack.
fn on_deep_stack(run: impl FnOnce() -> Result<Normalized, Findings> + Send) -> Result<Normalized, Findings> {
    limits::on_stack(limits::STACK, run).unwrap_or_else(|| {
        let message = "the normalizer gave up on this document";
        let fault = Diagnostic::bug(codes::PANIC, "", Pointer::root(), message)
            .with_help("please report this with the document; nothing was written");
        Err(Findings::from(vec![fault]))
    })
}

fn run(
    input: Source,
    relative: &str,
    folder: Option<PathBuf>,
    overlays: Vec<(Source, String)>,
) -> Result<Normalized, Findings> {
    let (mut files, faults) = Files::new(input, relative, folder);
    let done = if faults.is_empty() { passes(&mut files, overlays) } else { Err(faults) };
    done.map_err(|mut diagnostics| {
        diagnostics.dedup();
        Findings::new(diagnostics, files.into_sources())
    })
}

/// A document between two passes.
#[derive(Default)]
struct Work {
    value: Value,
    trail: Trail,
    /// What was done, each step with the number of passes after which its `after` holds.
    noted: Vec<(usize, Entry<SourceLocation>)>,
}

impl Work {
    /// Takes what a pass did.
    fn advance(&mut self, passed: Passed<SourceLocation>) {
        self.value = passed.value;
        self.trail.push(passed.moves);
        let passes = self.trail.len();
        self.noted.extend(passed.entries.into_iter().map(|entry| (passes, entry)));
    }

    /// Runs a pass that needs nothing but the document.
    fn run(
        &mut self,
        files: &Files,
        pass: impl FnOnce(Value) -> Result<Passed, Vec<Fault>>,
    ) -> Result<(), Vec<Diagnostic>> {
        let passed = pass(std::mem::take(&mut self.value));
        self.step(files, passed)
    }

    /// Takes what a pass gave.
    fn step(&mut self, files: &Files, step: Result<Passed, Vec<Fault>>) -> Result<(), Vec<Diagnostic>> {
        let located = |faults: Vec<Fault>| -> Vec<Diagnostic> {
            faults.into_iter().map(|fault| locate(&self.trail, files, fault.diagnostic(""))).collect()
        };
        let Passed { value, moves, entries } = step.map_err(located)?;
        let place = |Entry { rule, before, after, text, weight }| {
            let before = self.trail.place(self.trail.len(), &before);
            Entry { rule, before, after, text, weight }
        };
        let entries = entries.into_iter().map(place).collect();
        self.advance(Passed { value, moves, entries });
        Ok(())
    }
}

/// A diagnostic about a node of the current document, at its place in the files.
fn locate(trail: &Trail, files: &Files, mut diagnostic: Diagnostic) -> Diagnostic {
    let SourceLocation { file, pointer } = trail.place(trail.len(), &diagnostic.pointer);
    files.shown(file).clone_into(&mut diagnostic.file);
    Diagnostic { pointer, ..diagnostic }
}

fn passes(files: &mut Files, overlays: Vec<(Source, String)>) -> Result<Normalized, Vec<Diagnostic>> {
    let version = version::of(files.value(0)).map_err(|fault| vec![fault.diagnostic(files.shown(0))])?;
    let mut work = Work::default();
    work.advance(bundle(files)?);
    apply_overlays(&mut work, files, overlays)?;
    work.run(files, |value| Ok(version_text(value)))?;
    if work.value.get(ms_paths::KEY).is_some() {
        work.run(files, |value| Ok(ms_paths::pass(value)))?;
    }
    if version == Version::Swagger {
        work.run(files, swagger2::pass)?;
    }
    // A repair may uncover keywords of a later dialect (in an `allOf` that was no array): repeat until nothing is left to do.
    for _ in 0..MAX_ROUNDS {
        work.run(files, v31::pass)?;
        work.run(files, |mut value| {
            let entries = version::patch_release(&mut value).into_iter().collect();
            Ok(Passed { value, entries, ..Passed::default() })
        })?;
        let value = std::mem::take(&mut work.value);
        let repaired = repair::pass(value, &Said { files, trail: &work.trail });
        let is_done = repaired.as_ref().is_ok_and(|step| step.entries.is_empty());
        work.step(files, repaired)?;
        if is_done {
            break;
        }
    }
    finish(work, files)
}

fn apply_overlays(work: &mut Work, files: &mut Files, overlays: Vec<(Source, String)>) -> Result<(), Vec<Diagnostic>> {
    for (source, relative) in overlays {
        let value = load::parse(&source).inspect_err(|_| {
            files.add(source.clone(), relative.clone(), Value::Null);
        })?;
        let index = files.add(source, relative, value);
        let overlaid = overlay(std::mem::take(&mut work.value), files, index, &work.trail)?;
        work.advance(overlaid);
    }
    Ok(())
}

/// `openapi: 3.1`, which YAML reads as a number, is the string that it looks like.
fn version_text(mut value: Value) -> Passed {
    let mut entries = Vec::new();
    for key in ["openapi", "swagger"] {
        let Some(version @ Value::Number(_)) = value.get_mut(key) else { continue };
        let number = version::text(version);
        let text = if number.contains('.') { number.clone() } else { format!("{number}.0") };
        *version = Value::String(text.clone());
        let text = format!("the version is a number: read as the string `{text}`");
        entries.push(Entry::here("version-number", Weight::Interpreted, Pointer::root().key(key), text));
    }
    Passed { value, entries, ..Passed::default() }
}

/// The result in canonical order, if its shape is right.
fn finish(work: Work, files: &Files) -> Result<Normalized, Vec<Diagnostic>> {
    let Work { mut value, trail, noted } = work;
    let dangling = dangling(&value).into_iter().map(|(at, text)| {
        let message = format!("`{text}` leads to no component");
        Diagnostic::invalid(codes::BROKEN_REFERENCE, "", at, message)
    });
    let mut found = structure::check("", &value);
    found.retain(Diagnostic::is_error);
    found.extend(dangling);
    if limits::depth(&value) > limits::MAX_WRITTEN_DEPTH {
        let message = "the normalized document would be nested too deep to be read";
        found.push(
            Diagnostic::invalid(codes::TOO_DEEP, "", Pointer::root(), message)
                .with_help("name the inner parts as components and refer to them"),
        );
    }
    if !found.is_empty() {
        return Err(found.into_iter().map(|diagnostic| locate(&trail, files, diagnostic)).collect());
    }
    order::canonical(&mut value);
    let yaml = yaml::write(&value);
    let ledger = Ledger::of(noted, &trail, files);
    Ok(Normalized { value, ledger, yaml })
}

/// What the files say, for the pass that repairs.
struct Said<'w> {
    files: &'w Files,
    trail: &'w Trail,
}

impl Said<'_> {
    fn place(&self, pointer: &Pointer) -> SourceLocation {
        self.trail.place(self.trail.len(), pointer)
    }
}

impl SourceText for Said<'_> {
    fn text(&self, pointer: &Pointer) -> Option<String> {
        let SourceLocation { file, pointer } = self.place(pointer);
        self.files.get(file)?.written(&pointer).map(str::to_owned)
    }

    fn rounded(&self, pointer: &Pointer) -> Option<String> {
        let SourceLocation { file, pointer } = self.place(pointer);
        self.files.get(file)?.inexact.get(&pointer).cloned()
    }
}
