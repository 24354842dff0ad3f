//! Part of `normalize`: the sequence of all passes.
//!
//! In: the input and the overlays. Out: the normalized document, or all faults of the first failing pass. Invariant: this module alone
//! defines the order of the passes.

use std::mem::take;

use serde_json::{Value, json};

use super::bundle::bundle;
use super::evidence::{self, Contradicted};
use super::files::{Files, Folder, SourceText};
use super::ledger::Ledger;
use super::overlay::overlay;
use super::pass::{self, Contradictory, Entry, Interpreted, Lossy, Passed, Proposed, Record};
use super::repair;
use super::trail::{SourceLocation, Trail};
use super::version::{self, Version};
use super::{
    api_version, discriminator_values, extensions, key_spelling, media_types, null_types, order, proposals, references,
    swagger2, v31,
};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::json::{type_name, unquoted};
use crate::limits;
use crate::load::{self, Decoded};
use crate::pointer::Pointer;
use crate::repetition;
use crate::source::Source;
use crate::structure::extensions::{PAGINATION, POLLING};
use crate::yaml;

/// A normalized vendor document.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub struct Normalized {
    /// The 3.0.3 document, keys in canonical order.
    pub value: Value,
    /// The ledger of the changes.
    pub ledger: Ledger,
    /// The document as canonical YAML.
    pub yaml: String,
    /// An overlay (Overlay Specification 1.1.0) for review, as YAML. It makes schemas match the document's own examples where the
    /// correction is clear, and marks lists as paginated where names make that evident. `None` if there is nothing to suggest.
    pub suggestion: Option<String>,
}

/// Runs the passes on a thread with enough stack, and creates the result. Overlays come with their names in the ledger.
pub(super) fn run<T: Send>(
    input: Decoded,
    relative: &str,
    folder: Option<Folder>,
    overlays: Vec<(Source, String)>,
    finish: fn(Work, Files) -> T,
) -> Result<T, Findings> {
    let all = move || {
        let (mut files, faults) = Files::new(input, relative, folder);
        let done = if faults.is_empty() { passes(&mut files, overlays) } else { Err(faults) };
        match done {
            Ok(work) => Ok(finish(work, files)),
            Err(mut diagnostics) => {
                diagnostics.dedup();
                Err(Findings::new(diagnostics, files.into_sources()))
            }
        }
    };
    limits::on_stack(all).unwrap_or_else(|| {
        let message = "the normalizer failed on this document";
        let fault = Diagnostic::bug(codes::PANIC, "", Pointer::root(), message)
            .with_help("please report this with the document; nothing was written");
        Err(fault.into())
    })
}

/// A document between two passes.
#[derive(Default)]
pub(super) struct Work {
    value: Value,
    trail: Trail,
    /// The entries, each with the number of passes after which its `after` is valid.
    entries: Vec<(usize, Entry)>,
    /// The document after the overlays, and the number of passes up to then.
    overlaid: (Value, usize),
    /// The faults that stopped the last pass: no further pass runs.
    faults: Vec<Diagnostic>,
}

impl Work {
    /// Takes the output of a pass.
    fn take(&mut self, passed: Passed) {
        self.value = passed.value;
        self.trail.push(passed.provenance);
        let passes = self.trail.len();
        self.entries.extend(passed.entries.into_iter().map(|entry| (passes, entry)));
    }

    /// Runs a pass.
    fn run(&mut self, pass: impl FnOnce(&mut Value, &mut Record)) {
        self.run_traced(|value, record, _| pass(value, record));
    }

    /// Runs a pass that reads the files.
    fn run_traced(&mut self, pass: impl FnOnce(&mut Value, &mut Record, &Trail)) {
        if self.faults.is_empty() {
            let value = take(&mut self.value);
            match pass::run(value, |value, record| pass(value, record, &self.trail)) {
                Ok(passed) => self.take(passed),
                Err(faults) => self.faults = faults,
            }
        }
    }

    /// Returns the faults that stopped a pass, or else the mistakes of overlays, which must be valid. Mistakes of the document are not
    /// included.
    fn mistakes(&self, files: &Files) -> Vec<Diagnostic> {
        let stopped = self.faults.iter().map(|fault| locate(self.trail.place(&fault.pointer), files, fault.clone()));
        let mistake = |(passes, entry): &(usize, Entry)| {
            let fault = entry.fault.as_deref().filter(|_| self.faults.is_empty())?;
            let place = self.trail.source(passes - 1, entry.before.clone());
            files.get(place.file).is_overlay.then(|| locate(place, files, fault.clone()))
        };
        stopped.chain(self.entries.iter().filter_map(mistake)).collect()
    }
}

/// Returns a fault with its place in the files.
fn locate(place: SourceLocation, files: &Files, Diagnostic { code, message, help, .. }: Diagnostic) -> Diagnostic {
    Diagnostic::invalid(code, files.shown(place.file), place.pointer, message).with_help_if(help)
}

fn passes(files: &mut Files, overlays: Vec<(Source, String)>) -> Result<Work, Vec<Diagnostic>> {
    let stated = version::of(&files.get(0).value);
    let is_stated = stated.is_ok();
    let version = stated
        .or_else(|fault| version::assumed(&files.get(0).value).ok_or(fault))
        .map_err(|fault| vec![Diagnostic { file: files.shown(0).to_owned(), ..fault }])?;
    let mut work = bundled(files)?;
    for (source, relative) in overlays {
        let value = load::parse(&source).inspect_err(|_| {
            files.add(source.clone(), relative.clone(), Value::Null);
        })?;
        let index = files.add(source, relative, value);
        work.run(|value, record| overlay(value, record, files, index));
        if !work.faults.is_empty() {
            return Err(work.faults);
        }
    }
    work.overlaid = (work.value.clone(), work.trail.len());
    if is_stated {
        work.run(version_text);
    } else {
        work.run(|value, record| version::assume(value, version, record));
    }
    work.run(key_spelling::rename);
    work.run(paths);
    work.run(extensions::ms_paths);
    work.run(extensions::any_method);
    work.run(extensions::stream_definitions);
    let has_annotations = version >= Version::V3_1;
    work.run_traced(|value, record, trail| {
        null_types::quote(value, record, &SourceText { files, trail, has_annotations });
    });
    work.run(if version == Version::Swagger { swagger2::pass } else { swagger2::left_over });
    work.run(references::fit);
    // A removed node may have prevented a conversion. Each round makes the document smaller; most documents lose nothing.
    while convert_and_repair(&mut work, files, has_annotations) {}
    work.run(too_deep);
    work.run(repetitions);
    work.run(extensions::ms_pageable);
    work.run(api_version::state);
    work.run(discriminator_values::state);
    work.run(repetitions);
    let mistakes = work.mistakes(files);
    if mistakes.is_empty() { Ok(work) } else { Err(mistakes) }
}

/// Converts a document to 3.0.3 without mistakes. Returns `true` if nodes had to be removed.
fn convert_and_repair(work: &mut Work, files: &Files, has_annotations: bool) -> bool {
    work.run(v31::pass);
    work.run(media_types::repair);
    work.run(version::patch_release);
    let mut is_smaller = false;
    work.run_traced(|value, record, trail| {
        is_smaller = repair::repair(value, record, &SourceText { files, trail, has_annotations });
    });
    is_smaller
}

/// Removes `paths` if it is not an object.
fn paths(value: &mut Value, record: &mut Record) {
    if let Some(paths) = value.get("paths").filter(|paths| !paths.is_object()) {
        let message = format!("`paths` must be an object, found {}", type_name(paths));
        let at = Pointer::top("paths");
        record.left_out(value, &at, pass::fault(codes::WRONG_TYPE, at.clone(), message));
    }
}

/// Bundles the document, without references to missing files or nodes.
fn bundled(files: &mut Files) -> Result<Work, Vec<Diagnostic>> {
    let mut left_out = Vec::new();
    loop {
        let faults = match bundle(files) {
            Ok(mut passed) => {
                passed.entries.splice(0..0, files.mistakes().into_iter().chain(left_out));
                let mut work = Work::default();
                work.take(passed);
                return Ok(work);
            }
            Err(faults) => faults,
        };
        let before = left_out.len();
        let is_too_deep = faults.iter().any(|(fault, _)| fault.code == codes::TOO_DEEP);
        for (fault, slot) in faults.iter().filter(|_| !is_too_deep) {
            let Some((place, became)) = files.leave_out(&fault.file, &fault.pointer, *slot) else { continue };
            let after = if place.file == 0 { place.pointer.parent().unwrap_or_default() } else { Pointer::root() };
            left_out.push(Entry::of_fault(fault.clone(), Lossy, place, after, became));
        }
        if left_out.len() == before {
            return Err(faults.into_iter().map(|(fault, _)| fault).collect());
        }
    }
}

/// Removes nodes that are nested too deep for reading the normalized document.
fn too_deep(value: &mut Value, record: &mut Record) {
    for at in limits::too_deep(value).into_iter().rev() {
        let message = "the normalized document would be nested too deep to be read";
        record.left_out(value, &at, pass::fault(codes::TOO_DEEP, at.clone(), message));
    }
}

/// Removes `x-pagination` and `x-polling` with faults, each as a whole: a part of one would have a different meaning.
fn repetitions(value: &mut Value, record: &mut Record) {
    for fault in repetition::examine("", value) {
        let mut at = fault.pointer.clone();
        while !matches!(at.last().as_deref(), Some(PAGINATION | POLLING))
            && let Some(above) = at.parent()
        {
            at = above;
        }
        // Further faults of a removed key are not listed.
        record.left_out(value, &at, fault);
    }
}

/// Converts `openapi: 3.1`, which YAML reads as a number, to a string.
fn version_text(value: &mut Value, record: &mut Record) {
    for key in ["openapi", "swagger"] {
        let Some(version @ Value::Number(_)) = value.get_mut(key) else { continue };
        let number = unquoted(version);
        let text = if number.contains('.') { number.clone() } else { format!("{number}.0") };
        *version = text.clone().into();
        let text = format!("read the version, a number, as the string `{text}`");
        record.note(("version-number", Interpreted), Pointer::top(key), text);
    }
}

/// The origins of the nodes in a normalized document.
pub struct Origins {
    trail: Trail,
    files: Files,
}

impl Origins {
    /// Returns the source of a node in the normalized document: the file, the line, the column if the file has only one line, and the
    /// pointer.
    #[must_use]
    pub fn place(&self, node: &Pointer) -> String {
        let SourceLocation { file, pointer } = self.trail.place(node);
        let (line, column) = self.files.get(file).position(&pointer);
        let column = column.map(|column| format!(":{column}")).unwrap_or_default();
        format!("{}:{line}{column} {pointer}", self.files.shown(file))
    }
}

/// Returns the document and the origins of its nodes.
pub(super) fn document(Work { value, trail, entries, .. }: Work, files: Files) -> (Normalized, Origins) {
    let value = order::canonical(value);
    let yaml = yaml::write(&value);
    let ledger = Ledger::of(entries, &trail, &files);
    (Normalized { value, ledger, yaml, suggestion: None }, Origins { trail, files })
}

/// Returns the document with its ledger and suggestions.
pub(super) fn whole(work: Work, files: &Files) -> Normalized {
    let Work { value, trail, mut entries, overlaid: (overlaid, passes), .. } = work;
    let value = order::canonical(value);
    let write = || {
        files.get(0).spans();
        yaml::write(&value)
    };
    let examine = || (evidence::contradictions(&value), proposals::proposals(&value));
    let (yaml, (found, proposals)) = limits::both(write, examine);
    let entry = |found: &Contradicted| {
        let (keyword, text) = found.described();
        Entry::new((keyword, Contradictory), trail.place(&found.schema), found.schema.clone(), text)
    };
    entries.extend(found.iter().map(|found| (trail.len(), entry(found))));
    let earlier = |pointer: &Pointer| trail.earlier(passes, pointer);
    let mut actions = evidence::actions(&found, &overlaid, earlier);
    for proposal in proposals {
        // An operation may have been created in a way that overlays cannot address.
        let Some(at) = earlier(&proposal.operation).filter(|at| at.get(&overlaid).is_some()) else {
            continue;
        };
        actions.extend(proposal.actions(&overlaid, &at));
        let before = trail.place(&proposal.operation);
        let (after, text) = (proposal.operation.clone(), proposal.text(&at));
        entries.push((trail.len(), Entry::new(("pagination", Proposed), before, after, text)));
    }
    let info = json!({"title": "What the document suggests", "version": "1"});
    let suggestion =
        (!actions.is_empty()).then(|| yaml::write(&json!({"overlay": "1.1.0", "info": info, "actions": actions})));
    let ledger = Ledger::of(entries, &trail, files);
    Normalized { value, ledger, yaml, suggestion }
}
