//! Part of `normalize`: the files that a document is made of.
//!
//! In: the input, and relative paths that its references name. Out: each file once, parsed, with its name as people see
//! it and its name in the ledger. Invariant: file 0 is the input; only local files are read, and only through
//! [`crate::load`].

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

/// One file.
#[derive(Default)]
pub(super) struct File {
    /// Its text, under the name that diagnostics show.
    pub(super) source: Source,
    /// Its path from the input's folder, with `/` on every machine: the name in the ledger.
    pub(super) relative: String,
    /// What it says.
    pub(super) value: Arc<Value>,
    /// How the numbers are written that were rounded.
    pub(super) inexact: BTreeMap<Pointer, String>,
    /// What its bytes were read as, if they are not UTF-8.
    encoding: Option<&'static str>,
    /// What is wrong with its text, and yet leaves a value.
    mistakes: Vec<Diagnostic>,
    /// What makes it this file and no other.
    identity: Option<PathBuf>,
    /// Whether it is not part of the document.
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

/// Where files are looked up.
pub(super) struct Folder {
    /// The input's folder, where relative paths begin.
    pub(super) path: PathBuf,
    /// The folder that no file may be outside of.
    pub(super) root: PathBuf,
}

/// Why a file is not there: in words, or with all that is wrong in it.
pub(super) enum Missing {
    /// It cannot be had; the reference to it is to blame.
    Unreadable(String),
    /// It is there and no document.
    Malformed(Vec<Diagnostic>),
}

impl Files {
    /// Begins with the input, and says what is wrong with it. References to other files are looked up in `folder`; without
    /// a folder they have no target.
    pub(super) fn new(input: impl Into<Decoded>, relative: &str, folder: Option<Folder>) -> (Self, Vec<Diagnostic>) {
        let identity = folder.as_ref().and_then(|folder| identity(&folder.path.join(relative)));
        let (file, mut faults) = File::parse(input.into(), relative, identity);
        if faults.is_empty() && !file.value.is_object() {
            faults.push(load::not_a_mapping(&file.source, &file.value));
        }
        (Self { input: file, others: Vec::new(), folder }, faults)
    }

    /// A file; the input if no file has this index.
    pub(super) fn get(&self, index: usize) -> &File {
        index.checked_sub(1).and_then(|index| self.others.get(index)).unwrap_or(&self.input)
    }

    fn get_mut(&mut self, index: usize) -> &mut File {
        index.checked_sub(1).and_then(|index| self.others.get_mut(index)).unwrap_or(&mut self.input)
    }

    fn iter(&self) -> impl Iterator<Item = &File> {
        [&self.input].into_iter().chain(&self.others)
    }

    /// Whether one of them is an overlay.
    pub(super) fn have_overlay(&self) -> bool {
        self.iter().any(|file| file.is_overlay)
    }

    /// How many bytes all files have.
    pub(super) fn size(&self) -> usize {
        self.iter().map(|file| file.source.text.len()).sum()
    }

    /// What is wrong with the texts of the files so far, and what became of it.
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

    /// Takes the value out of the input, whose text stays.
    pub(super) fn take_input(&mut self) -> Value {
        Arc::unwrap_or_clone(std::mem::take(&mut self.input.value))
    }

    /// Leaves a node out of the file that is shown by this name, and says where it was and what became of it. An item of an array
    /// becomes null, so that the others keep their places. What is malformed has nothing in it already. `slot` is the kind of object that
    /// a reference is in.
    pub(super) fn leave_out(
        &mut self,
        shown: &str,
        at: &Pointer,
        slot: Slot,
    ) -> Option<(SourceLocation, &'static str)> {
        let slot = if self.input.value.get("swagger").is_some() { Slot::Data } else { slot };
        let index = self.iter().position(|file| file.source.name == shown)?;
        let file = self.get_mut(index);
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

    /// The name that diagnostics show.
    pub(super) fn shown(&self, index: usize) -> &str {
        &self.get(index).source.name
    }

    /// The sources of all files, for the rendering of diagnostics.
    pub(super) fn into_sources(self) -> Vec<Source> {
        [self.input].into_iter().chain(self.others).map(|file| file.source).collect()
    }

    /// Adds a file that is not part of the document (an overlay).
    pub(super) fn add(&mut self, source: Source, relative: String, value: Value) -> usize {
        self.others.push(File { source, relative, value: Arc::new(value), is_overlay: true, ..File::default() });
        self.others.len()
    }

    /// The file at `relative`, a path from the input's folder; read if it is new.
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

    /// The line of a node's key (or of the item), counted from 1, and its column in bytes if the file has only one line.
    pub(super) fn position(&self, pointer: &Pointer) -> (usize, Option<usize>) {
        let start = self.spans().find(pointer, Highlight::Key).map_or(0, |span| span.start);
        let lines = self.lines.get_or_init(|| LineBreaks::of(&self.source.text));
        let is_only = lines.line(self.source.text.trim_end().len()) == 1;
        (lines.line(start), is_only.then_some(start + 1))
    }

    /// The positions of its nodes, read once.
    pub(super) fn spans(&self) -> &Spans {
        self.spans.get_or_init(|| Spans::of(&self.source.text))
    }
}

/// What the files say about a node of the document that a pass gets.
pub(super) struct SourceText<'w> {
    pub(super) files: &'w Files,
    pub(super) trail: &'w Trail,
    /// Whether unknown keywords of schemas are annotations (JSON Schema 2020-12 §6.5), as in OpenAPI 3.1 and later.
    pub(super) has_annotations: bool,
}

impl SourceText<'_> {
    /// How a node is written, letter by letter.
    pub(super) fn text(&self, pointer: &Pointer) -> Option<&str> {
        let SourceLocation { file, pointer } = self.trail.place(pointer);
        let file = self.files.get(file);
        file.spans().written(&file.source.text, &pointer)
    }

    /// How a number is written that was rounded when it was read.
    pub(super) fn rounded(&self, pointer: &Pointer) -> Option<String> {
        let SourceLocation { file, pointer } = self.trail.place(pointer);
        self.files.get(file).inexact.get(&pointer).cloned()
    }
}

/// What is done about a mistake in the text of a file.
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

/// Whether a file is one string: people keep long descriptions so.
fn is_prose(relative: &str) -> bool {
    let ending = relative.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| is_among("md markdown txt html rst adoc", &ending))
}

/// What makes a file the same, whatever way leads to it: its path without links. `None` if there is no such file.
fn identity(path: &Path) -> Option<PathBuf> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    std::fs::canonicalize(path).ok()
}

/// The name of a file beside the one that is shown as `shown`.
#[must_use]
pub fn beside(shown: &str, relative: &str) -> String {
    match shown.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{relative}"),
        None => relative.to_owned(),
    }
}

/// A path as it is shown: with `/` on every machine.
pub(super) fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").replacen("//", "/", 1)
}
