//! Stage `load`: bytes → [`Value`].
//!
//! In: a path, or the text of one YAML or JSON document. Out: a `serde_json::Value` in document order, or every finding with its place.
//! Invariant: the only module that reads files; nothing is dropped or altered silently, and no text makes it panic, recurse without bound
//! or use memory out of proportion to its size. Duplicate keys, tags, numbers beyond 64 bits and further documents are findings: errors for
//! [`parse`], mistakes in addition to the value for [`parse_leniently`].

mod number;
mod relaxed;
mod syntax;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::Path;
use std::sync::OnceLock;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use serde::de::DeserializeSeed;
use serde_json::Value;

use crate::certain::Certain;
use crate::diagnostic::codes::*;
use crate::diagnostic::{ByteRange, Code, Diagnostic, NodeLines};
use crate::limits::{self, MAX_BRACKETS, MAX_BYTES, MAX_POINTER, MAX_WRITTEN_POINTER};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::spans::{Spans, read_canonical};
use tree::{Build, Notes, What};

/// Reads the file at `path`; diagnostics name it `shown`. Pipes and devices are rejected, because they may never end.
///
/// # Errors
/// Returns a diagnostic if the file cannot be read, is not a regular file, is larger than the limit or is not UTF-8.
pub fn read(path: &Path, shown: &str) -> Result<Source, Diagnostic> {
    let text = String::from_utf8(bytes(path, shown)?).map_err(|error| not_utf8(&error, shown))?;
    Ok(Source { name: shown.to_owned(), text })
}

/// The text of a file in any supported encoding.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Decoded {
    /// The text.
    pub(crate) source: Source,
    /// The encoding that was assumed, if the file is not UTF-8.
    pub(crate) encoding: Option<&'static str>,
}

impl From<Source> for Decoded {
    fn from(source: Source) -> Self {
        Self { source, encoding: None }
    }
}

/// Reads the file as [`read`] does; also accepts UTF-16 with a byte order mark, and Latin-1.
///
/// # Errors
/// As [`read`]; a file that contains zeros and is not UTF-16 is not text.
pub(crate) fn read_decoded(path: &Path, shown: &str) -> Result<Decoded, Diagnostic> {
    let decoded = |text: String, encoding| Decoded { source: Source { name: shown.to_owned(), text }, encoding };
    let error = match String::from_utf8(bytes(path, shown)?) {
        Ok(text) => return Ok(decoded(text, None)),
        Err(error) => error,
    };
    let bytes = error.as_bytes();
    if let Some((utf16, _)) = Encoding::for_bom(bytes).filter(|(encoding, _)| *encoding != UTF_8) {
        return Ok(decoded(utf16.decode(bytes).0.into_owned(), Some(utf16.name())));
    }
    if bytes.contains(&0) {
        return Err(not_utf8(&error, shown));
    }
    let damaged = String::from_utf8_lossy(bytes);
    // Latin-1 letters rarely form valid UTF-8 by chance.
    if damaged.chars().any(|c| !c.is_ascii() && c != char::REPLACEMENT_CHARACTER) {
        return Ok(decoded(damaged.into_owned(), Some("UTF-8 with characters that cannot be read")));
    }
    Ok(decoded(WINDOWS_1252.decode(bytes).0.into_owned(), Some("Latin-1")))
}

fn bytes(path: &Path, shown: &str) -> Result<Vec<u8>, Diagnostic> {
    let failed = |error| unreadable(shown, format!("cannot read {shown}: {error}"));
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(unreadable(shown, format!("{shown} is not a regular file")));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > MAX_BYTES {
        return Err(unreadable(shown, format!("{shown} is larger than {} MiB", MAX_BYTES >> 20)));
    }
    Ok(bytes)
}

fn unreadable(shown: &str, message: String) -> Diagnostic {
    Diagnostic::invalid(UNREADABLE, shown, Pointer::root(), message)
}

fn not_utf8(error: &std::string::FromUtf8Error, shown: &str) -> Diagnostic {
    let valid = error.utf8_error().valid_up_to();
    let line = 1 + error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
    unreadable(shown, format!("{shown} is not UTF-8: the first bad byte is in line {line}"))
        .with_help("save the file as UTF-8")
}

/// The value of a text that may have mistakes.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The value. For duplicate keys, objects without a common key are merged; otherwise the last value is used. Tags are ignored, infinite
    /// numbers are null, an alias refers to the last anchor before it. Only the first of several documents is used.
    pub value: Value,
    /// The numbers that were rounded because 64 bits cannot hold them exactly: pointer and original text.
    pub inexact: Vec<(Pointer, String)>,
    /// The mistakes in the text.
    pub mistakes: Vec<Diagnostic>,
    /// The positions of nodes, if they were computed.
    pub(crate) spans: OnceLock<Spans>,
}

/// Parses one YAML or JSON document whose top level is an object. Keys keep the order of the document; keys that YAML
/// would read as numbers or booleans (`200:`) are read as text.
///
/// # Errors
/// Returns every finding that can be determined: one for a syntax error, all of them for duplicate keys, tags and
/// numbers.
pub fn parse(source: &Source) -> Result<Value, Vec<Diagnostic>> {
    Ok(parse_located(source)?.0)
}

/// Parses as [`parse`] does, and also returns the positions of nodes. A text in the layout of `normalize` is read in one pass.
///
/// # Errors
/// As [`parse`].
pub fn parse_located(source: &Source) -> Result<(Value, NodeLines<'_>), Vec<Diagnostic>> {
    let (value, lines) = match read_canonical(&source.text, MAX_WRITTEN_POINTER) {
        Some((value, spans)) => (value, NodeLines::known(source, spans)),
        None => {
            let Loaded { value, inexact, mistakes: mut diagnostics, .. } = load(source, MAX_WRITTEN_POINTER)?;
            diagnostics.extend(inexact.into_iter().map(|(pointer, written)| refused(source, pointer, &written)));
            if !diagnostics.is_empty() {
                return Err(diagnostics);
            }
            (value, NodeLines::of(source))
        }
    };
    if value.is_object() { Ok((value, lines)) } else { Err(vec![not_a_mapping(source, &value)]) }
}

/// The text given to a parser: without a byte order mark.
#[derive(Clone, Copy)]
struct Text<'t> {
    source: &'t Source,
    body: &'t str,
    /// The maximum length of a pointer to a node, in bytes.
    max_pointer: usize,
}

impl Text<'_> {
    /// Converts a range of the body to a range of the source.
    fn span(self, span: ByteRange) -> ByteRange {
        let offset = self.source.text.len().saturating_sub(self.body.len());
        span.start + offset..span.end + offset
    }
}

/// Parses a YAML or JSON document of any type leniently. Numbers that 64 bits cannot hold are rounded to the nearest
/// float.
///
/// # Errors
/// Returns an error if there is no value: an empty text, a syntax error, nesting or aliases without bound.
pub fn parse_leniently(source: &Source) -> Result<Loaded, Vec<Diagnostic>> {
    match read_canonical(&source.text, MAX_POINTER) {
        Some((value, spans)) => Ok(Loaded { value, spans: spans.into(), ..Loaded::default() }),
        None => load(source, MAX_POINTER),
    }
}

/// Parses a text of any layout.
fn load(source: &Source, max_pointer: usize) -> Result<Loaded, Vec<Diagnostic>> {
    let body = source.text.trim_start_matches('\u{feff}');
    if body.chars().all(char::is_whitespace) {
        return Err(vec![empty(source)]);
    }
    let (annotated, apart) = if tree::may_be_annotated(body) { annotations(source) } else { Default::default() };
    let body = apart.as_deref().unwrap_or(&source.text).trim_start_matches('\u{feff}');
    let text = Text { source, body, max_pointer };
    let (value, found, further) = read_text(text).map_err(|fault| vec![fault])?;
    let mut loaded = Loaded { value, ..Loaded::default() };
    loaded.add(source, found);
    loaded.mistakes.extend(annotated.into_iter().chain(further));
    Ok(loaded)
}

/// The value, the notes of the walk, and a mistake in the text as a whole.
type Read = (Value, Notes, Option<Diagnostic>);

/// Reads a text. If it looks like JSON, it is parsed as JSON first: that is faster, and YAML rejects some JSON (tabs, surrogate pairs).
/// Further documents are a mistake.
fn read_text(text: Text<'_>) -> Result<Read, Diagnostic> {
    let Text { source, body, max_pointer } = text;
    if body.trim_start().starts_with(['{', '[']) {
        let extension = Path::new(&source.name).extension();
        let has_json_name = || extension.is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let (build, read) = read_json(body, max_pointer);
        match read {
            Ok(value) => return Ok((value, build.found(), None)),
            Err(error) if build.exhausted() || has_json_name() => {
                let fault = syntax::json(&error, text, &build);
                return match fault.code {
                    SYNTAX => read_relaxed(text, fault),
                    // YAML has infinite numbers, which are found and reported one by one.
                    INEXACT_NUMBER => read_yaml(Text { body: &relaxed::relaxed(text.body), ..text }).map_err(|_| fault),
                    _ => Err(fault),
                };
            }
            Err(_) => {}
        }
    }
    read_yaml(text).or_else(|fault| read_with_tabs(text, fault))
}

/// Reads a YAML text with tabs in the indentation. Next to spaces, a tab gets the first width with which the text can be read. `fault`
/// becomes a mistake if the text can be read this way.
fn read_with_tabs(text: Text<'_>, fault: Diagnostic) -> Result<Read, Diagnostic> {
    if !text.body.contains('\t') {
        return Err(fault);
    }
    let has_spaces = text.body.lines().any(|line| line.starts_with(' '));
    let widths: &[usize] = if has_spaces { &[8, 4, 2] } else { &[1] };
    for width in widths {
        let indented = with_spaces(text.body, *width);
        if let Ok((value, found, None)) = read_yaml(Text { body: &indented, ..text })
            && value.is_object()
        {
            return Ok((value, found, Some(fault)));
        }
    }
    Err(fault)
}

/// Returns the text with each tab in an indentation replaced by `width` spaces.
fn with_spaces(text: &str, width: usize) -> String {
    let mut indented = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (indent, rest) = line.split_at(line.len() - line.trim_start_matches([' ', '\t']).len());
        indented.push_str(&indent.replace('\t', &" ".repeat(width)));
        indented.push_str(rest);
    }
    indented
}

/// Reads a text that is JSON except for small mistakes. `fault` becomes a mistake if the text can be read this way.
fn read_relaxed(text: Text<'_>, fault: Diagnostic) -> Result<Read, Diagnostic> {
    let relaxed = relaxed::relaxed(text.body);
    let (build, read) = read_json(&relaxed, text.max_pointer);
    match read {
        Ok(value) => Ok((value, build.found(), Some(fault))),
        Err(_) if build.exhausted() => Err(fault),
        Err(_) => match read_yaml(Text { body: &relaxed, ..text }) {
            Ok((value, found, None)) if value.is_object() => Ok((value, found, Some(fault))),
            _ => Err(fault),
        },
    }
}

/// Reads JSON with a new walk.
fn read_json(body: &str, max_pointer: usize) -> (Build, serde_json::Result<Value>) {
    let mut build = Build::new(body, false, max_pointer);
    let mut json = serde_json::Deserializer::from_str(body);
    let read = build.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    (build, read)
}

fn read_yaml(text: Text<'_>) -> Result<Read, Diagnostic> {
    let Text { source, body, max_pointer } = text;
    if limits::flow_nesting(body) > MAX_BRACKETS {
        return Err(too_deep(source));
    }
    // serde does not distinguish a quoted key from a plain one. No document uses both.
    let mut build = Build::new(body, !body.contains("\"<<\"") && !body.contains("'<<'"), max_pointer);
    let mut documents = serde_yaml::Deserializer::from_str(body);
    let Some(first) = documents.next() else { return Err(empty(source)) };
    let value = build.deserialize(first).map_err(|error| syntax::yaml(&error, text, &build))?;
    let further = documents.next().map(|_| {
        let start = Spans::of(&source.text).second_document.unwrap_or(source.text.len());
        let message = "the file contains more than one YAML document";
        let several = fault(source, SEVERAL_DOCUMENTS, message).with_span(start..start);
        several.with_help("move each document to a separate file")
    });
    Ok((value, build.found(), further))
}

impl Loaded {
    /// Adds the notes of the walk as mistakes, and the rounded numbers; positions are only looked up here.
    fn add(&mut self, source: &Source, found: Notes) {
        for (pointer, what) in found {
            let spans = self.spans.get_or_init(|| Spans::of(&source.text));
            let What::Number(value) = what else {
                self.mistakes.push(finding(source, spans, pointer, what));
                continue;
            };
            let written = spans.written(&source.text, &pointer).unwrap_or_default();
            match value {
                None => self.mistakes.push(refused(source, pointer, written)),
                Some(value) if value.is_finite() && number::is_exact(written, value) => {}
                Some(_) => self.inexact.push((pointer, written.to_owned())),
            }
        }
    }
}

/// Returns the diagnostic for a finding other than a number.
fn finding(source: &Source, spans: &Spans, pointer: Pointer, what: What) -> Diagnostic {
    let invalid = |code, pointer, message| Diagnostic::invalid(code, source.name.as_str(), pointer, message);
    match what {
        What::Duplicate => {
            let key = pointer.last().certain("a key is in an object");
            let mut duplicate = invalid(DUPLICATE_KEY, pointer.clone(), format!("the key `{key}` is defined twice"));
            duplicate.span = spans.second_key(&pointer);
            duplicate.at_key().with_note(pointer, "first defined here").with_help("remove or rename one of the two")
        }
        What::Tag(tag) => Diagnostic { pointer, ..meaningless_tag(source, &format!("!{tag}")) },
        What::TooLong(count) => {
            let message = format!("{count} values, the first in this object, have a JSON pointer that is too long");
            invalid(TOO_LONG, pointer, message).at_key().with_help("shorten the keys that lead to them")
        }
        What::BadMerge | What::Number(_) => {
            invalid(BAD_MERGE, pointer, "a merge key `<<` must be an object or an array of objects".to_owned())
                .with_help("point the alias at an object, or quote the key if it is literal")
        }
    }
}

/// Returns the diagnostic for a rejected number.
fn refused(source: &Source, at: Pointer, written: &str) -> Diagnostic {
    let shown = if written.is_empty() { "the number" } else { written };
    let message = format!("{shown} is a number that 64 bits cannot hold exactly");
    Diagnostic::invalid(INEXACT_NUMBER, source.name.as_str(), at, message)
        .with_help("quote it if it is meant as a string, or write a number that fits")
}

fn meaningless_tag(source: &Source, tag: &str) -> Diagnostic {
    fault(source, YAML_TAG, format!("the YAML tag `{tag}` has no meaning in OpenAPI"))
        .with_help("remove the tag, and quote the value if it is meant as a string")
}

/// Returns the findings that need the positions of a YAML text: tags that serde hides, duplicate anchors, and aliases inside the node that
/// they refer to. If there are such anchors or aliases, also returns the text with a unique name for each anchor, because the YAML reader
/// confuses them. An alias inside its own node would be endless, and becomes a reference.
fn annotations(source: &Source) -> (Vec<Diagnostic>, Option<String>) {
    let spans = Spans::of(&source.text);
    let mut mistakes = Vec::new();
    let span = |node: &usize| spans.span(*node).certain("the node is in the text");
    let anchor = |node| tree::anchor_name(&source.text, span(node).start);
    let anchors = spans.marks.iter().filter(|(_, marks)| marks.anchored);
    let names: BTreeSet<&str> = anchors.filter_map(|(node, _)| source.text.get(anchor(node)?)).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut renamed: BTreeMap<usize, String> = BTreeMap::new();
    let mut edits: Vec<(ByteRange, String)> = Vec::new();
    for (index, marks) in &spans.marks {
        let place = span(index);
        if let Some(tag) = marks.tag.as_deref().filter(|tag| !tag.is_empty() && !tree::is_core_tag(tag)) {
            mistakes.push(meaningless_tag(source, tag).with_span(place.clone()));
        }
        if let Some(anchor) = marks.target {
            if spans.is_inside(*index, anchor) {
                // Merging an object into itself adds nothing.
                let is_merged = spans.key(*index).and_then(|key| source.text.get(key)) == Some("<<");
                let reference = || format!("{{$ref: {}}}", Value::from(format!("#{}", spans.pointer_to(anchor))));
                let meant = if is_merged { "{}".to_owned() } else { reference() };
                let pointer = spans.pointer_to(*index);
                let alias = source.text.get(place.clone()).certain("a node is in the text");
                let message = format!("the YAML alias `{alias}` refers to a node that contains it");
                let endless = fault(source, ENDLESS_ALIAS, message).with_span(place.clone());
                mistakes.push(Diagnostic { pointer, ..endless.with_help(format!("write `{meant}` instead")) });
                edits.push((place.clone(), meant));
            } else if let Some(name) = renamed.get(&anchor) {
                edits.push((place.clone(), format!("*{name}")));
            }
        }
        let Some(at) = marks.anchored.then(|| anchor(index)).flatten() else { continue };
        let Some(name) = source.text.get(at.clone()).filter(|name| !seen.insert(name)) else { continue };
        let message = format!("the YAML anchor `&{name}` is defined twice");
        let twice = fault(source, ANCHOR_REDEFINED, message).with_help("give the second one another name");
        mistakes.push(twice.with_span(place));
        let mut own = format!("{name}-{index}");
        while names.contains(own.as_str()) {
            own.push('_');
        }
        edits.push((at, own.clone()));
        renamed.insert(*index, own);
    }
    (mistakes, (!edits.is_empty()).then(|| edited(&source.text, &edits)))
}

/// Returns the text with edits, which are sorted by position.
fn edited(text: &str, edits: &[(ByteRange, String)]) -> String {
    let (mut edited, mut end) = (String::with_capacity(text.len()), 0);
    for (place, words) in edits {
        if let Some(before) = text.get(end..place.start) {
            edited.extend([before, words.as_str()]);
            end = place.end;
        }
    }
    edited + text.get(end..).certain("edits end at characters")
}

/// Returns a diagnostic about the whole text.
fn fault(source: &Source, code: Code, message: impl Into<String>) -> Diagnostic {
    Diagnostic::invalid(code, source.name.as_str(), Pointer::root(), message)
}

fn empty(source: &Source) -> Diagnostic {
    fault(source, EMPTY_DOCUMENT, format!("{} contains no document", source.name))
        .with_help("an OpenAPI document begins with `openapi: 3.0.3`")
}

fn too_deep(source: &Source) -> Diagnostic {
    fault(source, TOO_DEEP, "the document is nested more than 128 levels deep")
        .with_help("name the inner parts under `components` and refer to them with `$ref`")
}

/// Returns the diagnostic for a document whose top level is not an object.
pub(crate) fn not_a_mapping(source: &Source, value: &Value) -> Diagnostic {
    if value.is_null() {
        return empty(source);
    }
    let message = format!("an OpenAPI document must be an object, found {}", crate::json::type_name(value));
    fault(source, NOT_A_MAPPING, message).with_help("the top level has keys such as `openapi`, `info` and `paths`")
}

#[cfg(test)]
pub(crate) mod tests;
