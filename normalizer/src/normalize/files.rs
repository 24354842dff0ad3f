//! Part of `normalize`: the files of a document.
//!
//! In: the input, and relative paths in its references. Out: each file once, parsed, with its display name and its name
//! in the ledger. Invariant: file 0 is the input; only local files are read, and only through [`crate::load`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::pass::{Entry, Interpreted, LEFT_OUT, Lossy};
use super::references::without_reference;
use super::trail::{Provenance, SourceLocation, Trail};
use crate::diagnostic::{Diagnostic, Highlight, codes};
use crate::limits::MAX_BYTES;
use crate::load::{self, Decoded, Loaded};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::spans::{LineBreaks, Spans};
use crate::spelling::is_among;
use crate::structure::slots::Slot;
use Missing::Unreadable;

/// A file.
#[derive(Default)]
pub(super) struct File {
    /// The text, with the name in diagnostics.
    pub(super) source: Source,
    /// The path relative to the input's folder, with `/` on every platform: the name in the ledger.
    pub(super) relative: String,
    /// The parsed value.
    pub(super) value: Arc<Value>,
    /// The original texts of rounded numbers.
    pub(super) inexact: BTreeMap<Pointer, String>,
    /// The encoding that was assumed, if the file is not UTF-8.
    encoding: Option<&'static str>,
    /// The mistakes in the text that still leave a value.
    mistakes: Vec<Diagnostic>,
    /// The canonical path, which identifies the file.
    identity: Option<PathBuf>,
    /// Whether the file is an overlay and not part of the document.
    pub(super) is_overlay: bool,
    spans: OnceLock<Spans>,
    lines: OnceLock<LineBreaks>,
}

/// All files of one run.
#[derive(Default)]
pub(super) struct Files {
    input: File,
    others: Vec<File>,
    folder: Option<Folder>,
}

/// The folders for looking up files.
pub(super) struct Folder {
    /// The input's folder, to which paths are relative.
    pub(super) path: PathBuf,
    /// The folder that must contain all files.
    pub(super) root: PathBuf,
}

/// The reason why a file is missing.
pub(super) enum Missing {
    /// The file cannot be read, for this reason; the reference is at fault.
    Unreadable(String),
    /// The file exists, but is not a document.
    Malformed(Vec<Diagnostic>),
}

impl Files {
    /// Creates the list of files with the input, and returns the input's faults. References to other files are resolved in `folder`;
    /// without a folder they have no target.
    pub(super) fn new(input: impl Into<Decoded>, relative: &str, folder: Option<Folder>) -> (Self, Vec<Diagnostic>) {
        let identity = folder.as_ref().and_then(|folder| identity(&folder.path.join(relative)));
        let (file, mut faults) = File::parse(input.into(), relative, identity);
        if faults.is_empty() && !file.value.is_object() {
            faults.push(load::not_a_mapping(&file.source, &file.value));
        }
        (Self { input: file, others: Vec::new(), folder }, faults)
    }

    /// Returns a file; the input if the index is unknown.
    pub(super) fn get(&self, index: usize) -> &File {
        index.checked_sub(1).and_then(|index| self.others.get(index)).unwrap_or(&self.input)
    }

    fn iter(&self) -> impl Iterator<Item = &File> {
        [&self.input].into_iter().chain(&self.others)
    }

    /// Returns the total size of all files in bytes.
    pub(super) fn size(&self) -> usize {
        self.iter().map(|file| file.source.text.len()).sum()
    }

    /// Returns the mistakes in the texts of the files, and how they were handled.
    pub(super) fn mistakes(&self) -> Vec<Entry> {
        let all = self.iter().enumerate().flat_map(|(index, file)| {
            let encoding = file.encoding.map(|encoding| {
                let text = format!("read {}, which is not UTF-8, as {encoding}", file.relative);
                let before = SourceLocation { file: index, pointer: Pointer::root() };
                Entry::new(("encoding", Interpreted), before, Pointer::root(), text)
            });
            encoding.into_iter().chain(file.mistakes.iter().map(move |mistake| tolerated(index, mistake)))
        });
        all.collect()
    }

    /// Takes the value of the input and keeps its text.
    pub(super) fn take_input(&mut self) -> Value {
        Arc::unwrap_or_clone(std::mem::take(&mut self.input.value))
    }

    /// Removes a node from the file with this display name, and returns its place and what was done. An item of an array becomes null, so
    /// that the others keep their places. The value of a malformed file is already null. `slot` is the kind of object that contains the
    /// reference.
    pub(super) fn leave_out(
        &mut self,
        shown: &str,
        at: &Pointer,
        slot: Slot,
    ) -> Option<(SourceLocation, &'static str)> {
        let slot = if self.input.value.get("swagger").is_some() { Slot::Data } else { slot };
        let mut files = [&mut self.input].into_iter().chain(&mut self.others).enumerate();
        let (index, file) = files.find(|(_, file)| file.source.name == shown)?;
        let place = SourceLocation { file: index, pointer: at.clone() };
        if file.value.is_null() {
            return Some((place, LEFT_OUT));
        }
        let value = Arc::make_mut(&mut file.value);
        let became = if at.parent()?.get(value)?.is_object() {
            without_reference(value, at, slot, &mut Provenance::default())?
        } else {
            Some(at.get_mut(value)?.take()).filter(|item| !item.is_null()).map(|_| LEFT_OUT)?
        };
        Some((place, became))
    }

    /// Returns the display name.
    pub(super) fn shown(&self, index: usize) -> &str {
        &self.get(index).source.name
    }

    /// Returns the sources of all files, for rendering diagnostics.
    pub(super) fn into_sources(self) -> Vec<Source> {
        [self.input].into_iter().chain(self.others).map(|file| file.source).collect()
    }

    /// Adds a file that is not part of the document (an overlay).
    pub(super) fn add(&mut self, source: Source, relative: String, value: Value) -> usize {
        self.others.push(File { source, relative, value: Arc::new(value), is_overlay: true, ..File::default() });
        self.others.len()
    }

    /// Returns the file at `relative`, a path from the input's folder; reads it on first use.
    pub(super) fn load(&mut self, relative: &str) -> Result<usize, Missing> {
        if let Some(index) = self.iter().position(|file| file.relative == relative) {
            return Ok(index);
        }
        let Some(folder) = &self.folder else {
            return Err(Unreadable("a document without a file cannot refer to other files".to_owned()));
        };
        let path = folder.path.join(relative);
        let Some(identity) = identity(&path) else {
            return Err(Unreadable(format!("there is no {relative}")));
        };
        if let Some(index) = self.iter().position(|file| file.identity.as_ref() == Some(&identity)) {
            return Ok(index);
        }
        if !self::identity(&folder.root).is_some_and(|root| identity.starts_with(root)) {
            return Err(Unreadable("it is outside of the document's folder (see `--root`)".to_owned()));
        }
        let shown = beside(self.shown(0), relative);
        let decoded =
            load::read_decoded(&path, &shown).map_err(|fault| Unreadable(fault.message.replace(&shown, relative)))?;
        if self.size() + decoded.source.text.len() > MAX_BYTES {
            return Err(Unreadable(format!("the files would have more than {} MiB in all", MAX_BYTES >> 20)));
        }
        let (file, faults) = File::parse(decoded, relative, Some(identity));
        self.others.push(file);
        if faults.is_empty() { Ok(self.others.len()) } else { Err(Missing::Malformed(faults)) }
    }
}

impl File {
    /// Parses a file; if it is malformed, its value is null.
    fn parse(decoded: Decoded, relative: &str, identity: Option<PathBuf>) -> (Self, Vec<Diagnostic>) {
        let Decoded { source, encoding } = decoded;
        let prose = || Loaded { value: Value::from(source.text.trim_end()), ..Loaded::default() };
        let loaded = if is_prose(relative) { Ok(prose()) } else { load::parse_leniently(&source) };
        let (Loaded { value, inexact, mistakes, spans }, faults) = match loaded {
            Ok(loaded) => (loaded, Vec::new()),
            Err(faults) => (Loaded::default(), faults),
        };
        let file = Self {
            source,
            relative: relative.to_owned(),
            value: Arc::new(value),
            inexact: inexact.into_iter().collect(),
            encoding,
            mistakes,
            spans,
            identity,
            ..Self::default()
        };
        (file, faults)
    }

    /// Returns the line of a node's key (or of the item), counted from 1, and the column in bytes if the file has only one line.
    pub(super) fn position(&self, pointer: &Pointer) -> (usize, Option<usize>) {
        let start = self.spans().find(pointer, Highlight::Key).map_or(0, |span| span.start);
        let lines = self.lines.get_or_init(|| LineBreaks::of(&self.source.text));
        let is_only = lines.line(self.source.text.trim_end().len()) == 1;
        (lines.line(start), is_only.then_some(start + 1))
    }

    /// Returns the positions of the nodes, computed once.
    pub(super) fn spans(&self) -> &Spans {
        self.spans.get_or_init(|| Spans::of(&self.source.text))
    }
}

/// The source text of a node in the document that a pass receives.
pub(super) struct SourceText<'w> {
    pub(super) files: &'w Files,
    pub(super) trail: &'w Trail,
    /// Whether unknown keywords of schemas are annotations (JSON Schema 2020-12 §6.5), as in OpenAPI 3.1 and later.
    pub(super) has_annotations: bool,
}

impl SourceText<'_> {
    /// Returns the source text of a node.
    pub(super) fn text(&self, pointer: &Pointer) -> Option<&str> {
        let SourceLocation { file, pointer } = self.trail.place(pointer);
        let file = self.files.get(file);
        file.spans().written(&file.source.text, &pointer)
    }

    /// Returns the source text of a number that was rounded.
    pub(super) fn rounded(&self, pointer: &Pointer) -> Option<String> {
        let SourceLocation { file, pointer } = self.trail.place(pointer);
        self.files.get(file).inexact.get(&pointer).cloned()
    }
}

/// Returns the entry for a mistake in the text of a file.
fn tolerated(file: usize, mistake: &Diagnostic) -> Entry {
    let (what, kind) = match mistake.code {
        codes::YAML_TAG => ("ignored", Interpreted),
        codes::ANCHOR_REDEFINED => ("each alias refers to the last definition before it", Interpreted),
        codes::ENDLESS_ALIAS => ("read as a reference, or as nothing in a merge", Interpreted),
        codes::DUPLICATE_KEY => ("merged objects with different keys; used the last of other values", Lossy),
        codes::SEVERAL_DOCUMENTS => ("used the first one", Lossy),
        codes::SYNTAX => ("read with the evident meaning", Interpreted),
        codes::INEXACT_NUMBER => ("replaced with null", Lossy),
        _ => (LEFT_OUT, Lossy),
    };
    let pointer = &mistake.pointer;
    let after = if file == 0 { pointer.clone() } else { Pointer::root() };
    let before = SourceLocation { file, pointer: pointer.clone() };
    Entry::of_fault(mistake.clone(), kind, before, after, what)
}

/// Returns `true` if a file is one string: long descriptions are kept in such files.
fn is_prose(relative: &str) -> bool {
    let ending = relative.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| is_among("md markdown txt html rst adoc", &ending))
}

/// Returns the canonical path, which identifies a file. `None` if there is no such file.
fn identity(path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::fs::canonicalize(path).ok()
}

/// Returns the name of a file in the folder of the file displayed as `shown`.
#[must_use]
pub fn beside(shown: &str, relative: &str) -> String {
    match shown.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{relative}"),
        None => relative.to_owned(),
    }
}

/// Returns a path as displayed: with `/` on every platform.
pub(super) fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").replacen("//", "/", 1)
}
