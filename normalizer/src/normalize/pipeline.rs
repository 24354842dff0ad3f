//! Part of `normalize`: all passes on a vendor's document, one after the other.
//!
//! In: the input and the overlays. Out: the normalized document, or all that the first failing pass found. Invariant: this
//! is the only place that knows the order of the passes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::bundle::{Bundled, bundle, dangling};
use super::files::Files;
use super::ledger::{Journal, LedgerNote};
use super::overlay::overlay;
use super::pass::{Entry, Fault, Passed, Weight};
use super::repair::{self, SourceText};
use super::trail::{Moves, SourceLocation, Trail};
use super::version::{self, Version};
use super::{CANONICAL_VERSION, InputFile, Normalized, Objections, last_resort, ms_paths, order, swagger2, v31, yaml};
use crate::diagnostic::{Diagnostic, Findings, codes};
use crate::json::type_name;
use crate::limits;
use crate::load;
use crate::pointer::Pointer;
use crate::source::Source;
use crate::structure;

/// How often a document is repaired at most: each round may uncover a mistake within another.
const MAX_ROUNDS: usize = 4;

/// See [`super::normalize_files`].
pub(super) fn files(
    input: &InputFile,
    overlays: &[InputFile],
    objections: &Objections<'_>,
) -> Result<Normalized, Findings> {
    let source = input.read()?;
    let mut read_overlays = Vec::new();
    for overlay in overlays {
        read_overlays.push((overlay.read()?, overlay.name()));
    }
    let folder = input.path.parent().map_or_else(PathBuf::new, Path::to_owned);
    on_deep_stack(move || run(source, &input.name(), Some(folder), read_overlays, objections))
}

/// See [`super::normalize_text`].
pub(super) fn text(input: &Source, overlays: &[Source]) -> Result<Normalized, Findings> {
    let overlays = overlays.iter().map(|overlay| (overlay.clone(), overlay.name.clone())).collect();
    on_deep_stack(|| run(input.clone(), &input.name, None, overlays, &|_| Vec::new()))
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
    objections: &Objections<'_>,
) -> Result<Normalized, Findings> {
    let mut files = match Files::new(input, relative, folder) {
        Ok(files) => files,
        Err((files, diagnostics)) => return Err(Findings::new(diagnostics, files.into_sources())),
    };
    match passes(&mut files, overlays, objections) {
        Ok(normalized) => Ok(normalized),
        Err(mut diagnostics) => {
            diagnostics.dedup();
            Err(Findings::new(diagnostics, files.into_sources()))
        }
    }
}

/// A document between two passes.
struct Work {
    value: Value,
    trail: Trail,
    journal: Journal,
    /// How often something was left out.
    left_out: usize,
}

impl Work {
    /// Takes what a pass did.
    fn advance(&mut self, value: Value, moves: Moves, noted: Vec<LedgerNote>) {
        self.value = value;
        self.trail.push(moves);
        self.journal.extend(self.trail.len(), noted);
    }

    /// Runs a pass that never fails.
    fn run(&mut self, pass: impl FnOnce(Value) -> Passed) {
        let passed = pass(std::mem::take(&mut self.value));
        self.take(passed);
    }

    /// Runs a pass until it has no faults, each time without what is to blame for those it had.
    fn insist(
        &mut self,
        files: &Files,
        pass: impl Fn(Value, &Trail) -> Result<Passed, Vec<Fault>>,
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
    fn leave_out(&mut self, files: &Files, mut faults: Vec<Fault>) -> Result<(), Vec<Diagnostic>> {
        let of_overlay = |fault: &Fault| files.is_overlay(self.trail.place(self.trail.len(), &fault.at).file);
        if faults.iter().any(of_overlay) {
            faults.retain(of_overlay);
            return Err(self.located(files, faults));
        }
        if faults.iter().any(|fault| fault.code == codes::EXPANSION) {
            return Err(self.located(files, faults));
        }
        match last_resort::leave_out(&mut self.value, &faults, self.left_out) {
            Some((moves, entries)) => {
                self.left_out += 1;
                let value = std::mem::take(&mut self.value);
                self.take(Passed { value, moves, entries });
                Ok(())
            }
            None => Err(self.located(files, faults)),
        }
    }

    /// Takes what a pass gave.
    fn take(&mut self, Passed { value, moves, entries }: Passed) {
        let noted = entries.into_iter().map(|entry| LedgerNote::of(entry, &self.trail)).collect();
        self.advance(value, moves, noted);
    }

    /// Faults in the current document, at their places in the files.
    fn located(&self, files: &Files, faults: Vec<Fault>) -> Vec<Diagnostic> {
        let locate = |fault: Fault| {
            let Fault { code, at, message, help } = fault;
            let SourceLocation { file, pointer } = self.trail.place(self.trail.len(), &at);
            let mut diagnostic = Diagnostic::invalid(code, files.shown(file), pointer, message);
            diagnostic.help = help;
            diagnostic
        };
        faults.into_iter().map(locate).collect()
    }
}

fn passes(
    files: &mut Files,
    overlays: Vec<(Source, String)>,
    objections: &Objections<'_>,
) -> Result<Normalized, Vec<Diagnostic>> {
    let said = version::of(files.value(0));
    let is_said = said.is_ok();
    let version = said.or_else(|unread| version::assumed(files.value(0)).ok_or(unread)).map_err(|unread| {
        let version::Unread { code, at, message, help } = unread;
        vec![Diagnostic::invalid(code, files.shown(0), at, message).with_help(help)]
    })?;
    let mut work = bundled(files)?;
    apply_overlays(&mut work, files, overlays)?;
    if is_said {
        work.run(version_text);
    } else {
        work.run(|value| version::assume(value, version));
    }
    if let Some(paths) = work.value.get("paths").filter(|paths| !paths.is_object()) {
        let message = format!("`paths` takes an object, found {}", type_name(paths));
        let at = Pointer::root().key("paths");
        work.leave_out(files, vec![Fault { code: codes::WRONG_TYPE, at, message, help: None }])?;
    }
    if work.value.get(ms_paths::KEY).is_some() {
        work.run(ms_paths::pass);
    }
    if version == Version::Swagger {
        work.insist(files, |value, _| swagger2::pass(value))?;
    }
    loop {
        repair(&mut work, files)?;
        let mut faults = faults(&work.value);
        if faults.is_empty() {
            faults = objections(&work.value).into_iter().filter(Diagnostic::is_error).map(fault).collect();
        }
        if faults.is_empty() {
            return Ok(finish(work, files));
        }
        work.leave_out(files, faults)?;
    }
}

/// One document, without the references that lead to no file or to nothing in it.
fn bundled(files: &mut Files) -> Result<Work, Vec<Diagnostic>> {
    let mut noted = Vec::new();
    loop {
        let faults = match bundle(files) {
            Ok(Bundled { value, moves, entries }) => {
                let mut work = Work { value, trail: Trail::default(), journal: Journal::default(), left_out: 0 };
                work.trail.push(moves);
                work.journal.extend(1, noted.into_iter().chain(entries));
                return Ok(work);
            }
            Err(faults) => faults,
        };
        let before = noted.len();
        if faults.iter().any(|fault| fault.code == codes::TOO_DEEP) {
            return Err(faults);
        }
        for Diagnostic { code, file, pointer, message, .. } in &faults {
            let Some(place) = files.leave_out(file, pointer) else { continue };
            let after = if place.file == 0 { pointer.parent().unwrap_or_default() } else { Pointer::root() };
            let text = format!("{message}: left out");
            noted.push(LedgerNote { rule: code.0, before: place, after, text, weight: Weight::Lossy });
        }
        if noted.len() == before {
            return Err(faults);
        }
    }
}

/// A repair may uncover keywords of a later dialect (in an `allOf` that was no array): repeats until nothing is left to do.
fn repair(work: &mut Work, files: &Files) -> Result<(), Vec<Diagnostic>> {
    for _ in 0..MAX_ROUNDS {
        work.insist(files, |value, _| v31::pass(value))?;
        work.run(canonical_version);
        let before = work.journal.len();
        work.insist(files, |value, trail| repair::pass(value, &Said::new(files, trail)))?;
        if work.journal.len() == before {
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
        let document = std::mem::take(&mut work.value);
        let trail = &work.trail;
        let place = |pointer: &Pointer| trail.place(trail.len(), pointer);
        let overlaid = overlay(document, files, index, &place)?;
        work.advance(overlaid.value, overlaid.layer, overlaid.entries);
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

/// Any patch release of 3.0 is 3.0.3.
fn canonical_version(mut value: Value) -> Passed {
    let mut entries = Vec::new();
    if let Some(Value::String(version)) = value.get_mut("openapi")
        && version != CANONICAL_VERSION
    {
        let text = version::patch_text(version);
        CANONICAL_VERSION.clone_into(version);
        entries.push(Entry::here(version::PATCH_VERSION, Weight::Same, Pointer::root().key("openapi"), text));
    }
    Passed { value, entries, ..Passed::default() }
}

/// What makes the document none of OpenAPI 3.0.3.
fn faults(document: &Value) -> Vec<Fault> {
    let mut found = structure::check("", document);
    found.retain(|finding| finding.is_error() && !is_told_apart(finding));
    let shape = found.into_iter().map(fault);
    let dangling = dangling(document).into_iter().map(|(at, text)| {
        let message = format!("`{text}` leads to no component");
        Fault { code: codes::BROKEN_REFERENCE, at, message, help: None }
    });
    let is_too_deep = limits::depth(document) > limits::MAX_WRITTEN_DEPTH;
    let too_deep = is_too_deep.then(|| limits::first_below(document, limits::MAX_WRITTEN_DEPTH)).flatten();
    let too_deep = too_deep.map(|at| Fault {
        code: codes::TOO_DEEP,
        at,
        message: String::from("the normalized document would be nested too deep to be read"),
        help: Some(String::from("name the inner parts as components and refer to them")),
    });
    shape.chain(dangling).chain(too_deep).collect()
}

fn fault(diagnostic: Diagnostic) -> Fault {
    let Diagnostic { code, pointer, message, help, .. } = diagnostic;
    Fault { code, at: pointer, message, help }
}

/// The result in canonical order.
fn finish(work: Work, files: &Files) -> Normalized {
    let Work { mut value, trail, journal, .. } = work;
    order::canonical(&mut value);
    let yaml = yaml::write(&value);
    let ledger = journal.close(&trail, files);
    Normalized { value, ledger, yaml }
}

/// Whether it is about a path whose query or fragment was left to it, because nothing else tells its operations from others.
fn is_told_apart(finding: &Diagnostic) -> bool {
    finding.code == codes::BAD_PATH && finding.pointer.segments().last().is_some_and(|path| repair::has_more(&path))
}

/// What the files say, for the pass that repairs.
struct Said<'w> {
    files: &'w Files,
    trail: &'w Trail,
    /// Rounded numbers, by place.
    rounded: BTreeMap<SourceLocation, String>,
    /// Places that were asked for already.
    places: RefCell<BTreeMap<Pointer, SourceLocation>>,
}

impl<'w> Said<'w> {
    fn new(files: &'w Files, trail: &'w Trail) -> Self {
        let mut rounded = BTreeMap::new();
        for (file, contents) in files.iter().enumerate() {
            for number in &contents.inexact {
                let place = SourceLocation { file, pointer: number.pointer.clone() };
                rounded.insert(place, number.written.clone());
            }
        }
        Self { files, trail, rounded, places: RefCell::default() }
    }

    fn place(&self, pointer: &Pointer) -> SourceLocation {
        let mut places = self.places.borrow_mut();
        let found = places.entry(pointer.clone()).or_insert_with(|| self.trail.place(self.trail.len(), pointer));
        found.clone()
    }
}

impl SourceText for Said<'_> {
    fn text(&self, pointer: &Pointer) -> Option<String> {
        let SourceLocation { file, pointer } = self.place(pointer);
        self.files.get(file)?.written(&pointer).map(str::to_owned)
    }

    fn rounded(&self, pointer: &Pointer) -> Option<String> {
        self.rounded.get(&self.place(pointer)).cloned()
    }

    fn any_rounded(&self) -> bool {
        !self.rounded.is_empty()
    }
}
