//! Part of `normalize`: all passes on a vendor's document, one after the other.
//!
//! In: the input and the overlays. Out: the normalized document, or all that the first failing pass found. Invariant: this
//! is the only place that knows the order of the passes.

use serde_json::{Value, json};

use super::bundle::{bundle, dangling};
use super::evidence::{self, Contradicted};
use super::files::{Files, Folder, SourceText};
use super::ledger::Ledger;
use super::overlay::overlay;
use super::pass::{Entry, Passed, Record, Weight, fault};
use super::repair;
use super::trail::{Origin, SourceLocation, Trail};
use super::version::{self, Version};
use super::{
    Normalized, Objections, api_version, discriminator_values, extensions, last_resort, media_types, null_types, order,
    proposals, swagger2, v31, yaml,
};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::json::type_name;
use crate::limits;
use crate::load::{self, Decoded};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::structure;

/// How often a document is repaired at most: each round may uncover a mistake within another.
const MAX_ROUNDS: usize = 4;

/// Runs the passes on a thread with enough stack. Overlays come with their names in the ledger.
pub(super) fn run(
    input: Decoded,
    relative: &str,
    folder: Option<Folder>,
    overlays: Vec<(Source, String)>,
    objections: &Objections<'_>,
) -> Result<Normalized, Findings> {
    let all = move || {
        let (mut files, faults) = Files::new(input, relative, folder);
        let done = if faults.is_empty() { passes(&mut files, overlays, objections) } else { Err(faults) };
        done.map_err(|mut diagnostics| {
            diagnostics.dedup();
            Findings::new(diagnostics, files.into_sources())
        })
    };
    limits::on_stack(all).unwrap_or_else(|| {
        let message = "the normalizer gave up on this document";
        let fault = Diagnostic::bug(codes::PANIC, "", Pointer::root(), message)
            .with_help("please report this with the document; nothing was written");
        Err(Findings::from(vec![fault]))
    })
}

/// A document between two passes.
#[derive(Default)]
struct Work {
    value: Value,
    trail: Trail,
    /// What was done, each step with the number of passes after which its `after` holds.
    noted: Vec<(usize, Entry)>,
    /// How often something was left out.
    left_out: usize,
    /// Whether unknown keywords of schemas are annotations.
    has_annotations: bool,
    /// The document after the overlays, and how many passes there were by then.
    overlaid: (Value, usize),
}

impl Work {
    /// Takes what a pass gave.
    fn take(&mut self, passed: Passed) {
        self.value = passed.value;
        self.trail.push(passed.moves);
        let passes = self.trail.len();
        self.noted.extend(passed.entries.into_iter().map(|entry| (passes, entry)));
    }

    /// Runs a pass that never fails.
    fn run(&mut self, pass: impl FnOnce(&mut Value, &mut Record)) {
        let (mut value, mut record) = (std::mem::take(&mut self.value), Record::default());
        pass(&mut value, &mut record);
        self.take(record.passed(value));
    }

    /// Runs a pass until it has no faults, each time without what is to blame for those it had.
    fn insist(
        &mut self,
        files: &Files,
        pass: impl Fn(Value, &Trail) -> Result<Passed, Vec<Diagnostic>>,
    ) -> Result<(), Vec<Diagnostic>> {
        loop {
            match pass(self.value.clone(), &self.trail) {
                Ok(passed) => {
                    self.take(passed);
                    return Ok(());
                }
                Err(faults) => self.leave_out(files, faults)?,
            }
        }
    }

    /// Leaves out what is to blame for the faults. If that cannot be done, the faults are what is wrong with the document: what
    /// overlays say has to be right, and a document that grows without end is none that people wrote.
    fn leave_out(&mut self, files: &Files, mut faults: Vec<Diagnostic>) -> Result<(), Vec<Diagnostic>> {
        let of_overlay = |fault: &Diagnostic| files.get(self.trail.place(&fault.pointer).file).is_overlay;
        let is_ours = faults.iter().any(of_overlay);
        if is_ours {
            faults.retain(of_overlay);
        }
        let is_endless = faults.iter().any(|fault| fault.code == codes::EXPANSION);
        let left_out =
            if is_ours || is_endless { None } else { last_resort::leave_out(&mut self.value, &faults, self.left_out) };
        let Some((moves, entries)) = left_out else {
            return Err(faults.into_iter().map(|fault| locate(&self.trail, files, fault)).collect());
        };
        self.left_out += 1;
        let value = std::mem::take(&mut self.value);
        self.take(Passed { value, moves, entries });
        Ok(())
    }
}

/// A fault in the current document, at its place in the files.
fn locate(trail: &Trail, files: &Files, Diagnostic { code, pointer, message, help, .. }: Diagnostic) -> Diagnostic {
    let SourceLocation { file, pointer } = trail.place(&pointer);
    Diagnostic::invalid(code, files.shown(file), pointer, message).with_help_if(help)
}

fn passes(
    files: &mut Files,
    overlays: Vec<(Source, String)>,
    objections: &Objections<'_>,
) -> Result<Normalized, Vec<Diagnostic>> {
    let said = version::of(&files.get(0).value);
    let is_said = said.is_ok();
    let version = said
        .or_else(|fault| version::assumed(&files.get(0).value).ok_or(fault))
        .map_err(|fault| vec![Diagnostic { file: files.shown(0).to_owned(), ..fault }])?;
    let mut work = bundled(files)?;
    work.has_annotations = version == Version::V3_1;
    apply_overlays(&mut work, files, overlays)?;
    work.overlaid = (work.value.clone(), work.trail.len());
    if is_said {
        work.run(version_text);
    } else {
        work.run(|value, record| version::assume(value, version, record));
    }
    if let Some(paths) = work.value.get("paths").filter(|paths| !paths.is_object()) {
        let message = format!("`paths` takes an object, found {}", type_name(paths));
        let at = Pointer::root().key("paths");
        work.leave_out(files, vec![Diagnostic::invalid(codes::WRONG_TYPE, "", at, message)])?;
    }
    work.run(extensions::ms_paths);
    work.run(extensions::any_method);
    work.run(extensions::stream_definitions);
    let written = SourceText { files, trail: &work.trail, has_annotations: work.has_annotations };
    let nulls = null_types::find(&work.value, &written);
    if !nulls.is_empty() {
        work.run(|value, record| null_types::quote(value, nulls, record));
    }
    if version == Version::Swagger {
        work.insist(files, |value, _| swagger2::pass(value))?;
    } else if swagger2::has_left_over(&work.value) {
        work.insist(files, |value, _| swagger2::left_over(value))?;
    }
    loop {
        repair(&mut work, files)?;
        work.run(extensions::ms_pageable);
        work.run(api_version::state);
        work.run(discriminator_values::state);
        let mut faults = faults(&work.value);
        if faults.is_empty() {
            faults = objections(&work.value).into_iter().filter(Diagnostic::is_error).collect();
        }
        if faults.is_empty() {
            return Ok(finish(work, files));
        }
        work.leave_out(files, faults)?;
    }
}

/// One document, without the references that lead to no file or to nothing in it.
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
        if faults.iter().any(|(fault, _)| fault.code == codes::TOO_DEEP) {
            return Err(faults.into_iter().map(|(fault, _)| fault).collect());
        }
        for (Diagnostic { code, file, pointer, message, .. }, slot) in &faults {
            let Some((place, became)) = files.leave_out(file, pointer, *slot) else { continue };
            let after = if place.file == 0 { pointer.parent().unwrap_or_default() } else { Pointer::root() };
            let text = format!("{message}: {became}");
            left_out.push(Entry::of_fault(*code, Weight::Lossy, Origin::In(place), after, text));
        }
        if left_out.len() == before {
            return Err(faults.into_iter().map(|(fault, _)| fault).collect());
        }
    }
}

/// Repeats until nothing changes, up to [`MAX_ROUNDS`] times. A repair may expose keywords of a later dialect, and following a reference may add media types.
fn repair(work: &mut Work, files: &Files) -> Result<(), Vec<Diagnostic>> {
    for _ in 0..MAX_ROUNDS {
        work.run(media_types::repair);
        work.insist(files, |value, _| v31::pass(value))?;
        work.run(|value, record| version::patch_release(value).into_iter().for_each(|entry| record.note(entry)));
        let before = work.noted.len();
        let has_annotations = work.has_annotations;
        work.insist(files, |value, trail| repair::pass(value, &SourceText { files, trail, has_annotations }))?;
        if work.noted.len() == before && media_types::find(&work.value).is_empty() {
            break;
        }
    }
    Ok(())
}

fn apply_overlays(work: &mut Work, files: &mut Files, overlays: Vec<(Source, String)>) -> Result<(), Vec<Diagnostic>> {
    for (source, relative) in overlays {
        let value = load::parse(&source).inspect_err(|_| {
            files.add(source.clone(), relative.clone(), Value::Null);
        })?;
        let index = files.add(source, relative, value);
        let overlaid = overlay(std::mem::take(&mut work.value), files, index)?;
        work.take(overlaid);
    }
    Ok(())
}

/// `openapi: 3.1`, which YAML reads as a number, is the string that it looks like.
fn version_text(value: &mut Value, record: &mut Record) {
    for key in ["openapi", "swagger"] {
        let Some(version @ Value::Number(_)) = value.get_mut(key) else { continue };
        let number = version::text(version);
        let text = if number.contains('.') { number.clone() } else { format!("{number}.0") };
        *version = Value::String(text.clone());
        let text = format!("the version is a number: read as the string `{text}`");
        record.note(Entry::here("version-number", Weight::Interpreted, Pointer::root().key(key), text));
    }
}

/// What makes the document none of OpenAPI 3.0.3.
fn faults(document: &Value) -> Vec<Diagnostic> {
    let shape = structure::examine("", document).into_iter().filter(Diagnostic::is_error);
    let dangling = dangling(document).into_iter().map(|(at, text)| {
        let message = format!("`{text}` leads to no component");
        Diagnostic::invalid(codes::BROKEN_REFERENCE, "", at, message)
    });
    let too_deep = limits::first_below(document, limits::MAX_WRITTEN_DEPTH).map(|at| {
        let message = "the normalized document would be nested too deep to be read";
        fault(codes::TOO_DEEP, at, message, "name the inner parts as components and refer to them")
    });
    shape.chain(dangling).chain(too_deep).collect()
}

/// The result in canonical order.
fn finish(work: Work, files: &Files) -> Normalized {
    let Work { mut value, trail, mut noted, overlaid, .. } = work;
    order::canonical(&mut value);
    let yaml = yaml::write(&value);
    let found = evidence::contradictions(&value);
    let entry = |found: &Contradicted| {
        let before = Origin::In(trail.place(&found.schema));
        Entry::new(found.keyword(), Weight::Contradictory, before, found.schema.clone(), found.text())
    };
    noted.extend(found.iter().map(|found| (trail.len(), entry(found))));
    let (overlaid, passes) = overlaid;
    let earlier = |pointer: &Pointer| trail.earlier(passes, pointer);
    let mut actions = evidence::actions(&found, &overlaid, earlier);
    for proposal in proposals::proposals(&value) {
        // A document may have come by an operation in a way that overlays cannot name.
        let Some(at) = earlier(&proposal.operation).filter(|at| overlaid.pointer(at.as_str()).is_some()) else {
            continue;
        };
        actions.push(proposal.action(&at));
        let before = Origin::In(trail.place(&proposal.operation));
        let (after, text) = (proposal.operation.clone(), proposal.text(&at));
        noted.push((trail.len(), Entry::new("pagination", Weight::Proposed, before, after, text)));
    }
    let info = json!({"title": "What the document suggests", "version": "1"});
    let suggestion =
        (!actions.is_empty()).then(|| yaml::write(&json!({"overlay": "1.1.0", "info": info, "actions": actions})));
    let ledger = Ledger::of(noted, &trail, files);
    Normalized { value, ledger, yaml, suggestion }
}
