//! Stage `load`: bytes → [`Value`].
//!
//! In: a path, or the text of one YAML or JSON document. Out: a `serde_json::Value` in document order, or every
//! finding with its place. Invariant: the only module that reads files and knows YAML; nothing is dropped or
//! altered in silence (duplicate keys, tags, numbers beyond 64 bits and further documents are findings), and no
//! text makes it panic, recurse without bound or use memory out of proportion to its size.

mod number;
mod syntax;
mod tree;

use std::collections::BTreeSet;
use std::path::Path;

use serde::de::DeserializeSeed;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, codes};
use crate::limits::{self, MAX_BRACKETS};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::spans::Spans;
use tree::{Build, What};

/// Reads the file at `path`; diagnostics call it `shown`.
///
/// # Errors
/// A diagnostic if the file cannot be read or is not UTF-8.
#[expect(clippy::result_large_err, reason = "once per file, and every caller wants the diagnostic itself")]
pub fn read(path: &Path, shown: &str) -> Result<Source, Diagnostic> {
    let unreadable = |message: String| Diagnostic::invalid(codes::UNREADABLE, shown, Pointer::root(), message);
    let bytes = std::fs::read(path).map_err(|error| unreadable(format!("cannot read {shown}: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
        unreadable(format!("{shown} is not UTF-8: the first bad byte is in line {line}"))
            .with_help("save the file as UTF-8")
    })?;
    Ok(Source { name: shown.to_owned(), text })
}

/// A number that 64 bits cannot hold exactly and that was rounded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inexact {
    /// Where it stands.
    pub pointer: Pointer,
    /// How it is written.
    pub written: String,
}

/// Parses one YAML or JSON document whose top level is a mapping. Keys keep the order of the document; keys that
/// YAML would read as numbers or booleans (`200:`) are taken as they are written.
///
/// # Errors
/// Every finding that can be made out: one for a syntax error, all of them for duplicate keys, tags and numbers.
pub fn parse(source: &Source) -> Result<Value, Vec<Diagnostic>> {
    let (value, mut diagnostics, inexact) = parse_all(source)?;
    diagnostics.extend(inexact.into_iter().map(|number| refused(source, number)));
    if diagnostics.is_empty() && !value.is_object() {
        diagnostics.push(not_a_mapping(source, &value));
    }
    if diagnostics.is_empty() { Ok(value) } else { Err(diagnostics) }
}

/// Parses one YAML or JSON document of any type, and rounds numbers that 64 bits cannot hold to the nearest that they can.
///
/// # Errors
/// As [`parse`].
pub fn parse_rounding(source: &Source) -> Result<(Value, Vec<Inexact>), Vec<Diagnostic>> {
    let (value, diagnostics, inexact) = parse_all(source)?;
    if diagnostics.is_empty() { Ok((value, inexact)) } else { Err(diagnostics) }
}

/// The value, what is wrong with it, and the numbers that were rounded.
fn parse_all(source: &Source) -> Result<(Value, Vec<Diagnostic>, Vec<Inexact>), Vec<Diagnostic>> {
    let text = source.text.trim_start_matches('\u{feff}');
    let offset = source.text.len() - text.len();
    if text.chars().all(char::is_whitespace) {
        return Err(vec![empty(source)]);
    }
    if limits::nesting(text, b"[{", b"]}") > MAX_BRACKETS {
        return Err(vec![too_deep(source)]);
    }
    let build = Build::new(text);
    let value = match read_text(source, text, &build) {
        Ok(value) => value,
        Err(failure) => return Err(vec![failure.diagnostic(source, offset)]),
    };
    let (mut diagnostics, inexact) = findings(source, &build);
    if let Some(marks) = tree::unclear_yaml(text) {
        diagnostics.extend(annotations(source, &marks));
    }
    Ok((value, diagnostics, inexact))
}

/// JSON first where the text looks like it: it is faster, and YAML refuses some JSON (tabs, surrogate pairs).
fn read_text(source: &Source, text: &str, build: &Build) -> Result<Value, syntax::Failure> {
    if text.trim_start().starts_with(['{', '[']) {
        let mut json = serde_json::Deserializer::from_str(text);
        let read = build.root().deserialize(&mut json).and_then(|value| json.end().map(|()| value));
        match read {
            Ok(value) => return Ok(value),
            Err(error) if build.exhausted() || has_json_name(source) => return Err(syntax::json(&error, text, build)),
            Err(_) => build.clear(),
        }
    }
    // serde does not tell a quoted key from a plain one. Nobody uses both in one document.
    build.with_merge_keys(!text.contains("\"<<\"") && !text.contains("'<<'"));
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let Some(first) = documents.next() else { return Err(syntax::Failure::Empty) };
    let value = build.root().deserialize(first).map_err(|error| syntax::yaml(&error, text, build))?;
    if documents.next().is_some() {
        return Err(syntax::Failure::SeveralDocuments);
    }
    Ok(value)
}

fn has_json_name(source: &Source) -> bool {
    Path::new(&source.name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// What the walk noted, as diagnostics, and the numbers that it rounded; positions are looked up only now.
fn findings(source: &Source, build: &Build) -> (Vec<Diagnostic>, Vec<Inexact>) {
    let found = build.take();
    let (mut diagnostics, mut inexact) = (Vec::new(), Vec::new());
    if found.is_empty() {
        return (diagnostics, inexact);
    }
    let spans = Spans::of(&source.text);
    for (pointer, what) in found {
        match what {
            What::Number(value) => {
                let written = number::text_at(&spans, &source.text, &pointer);
                let Some(value) = value else {
                    diagnostics.push(refused(source, Inexact { pointer, written: written.to_owned() }));
                    continue;
                };
                if !number::is_exact(written, value) {
                    inexact.push(Inexact { pointer, written: written.to_owned() });
                }
            }
            other => diagnostics.push(finding(source, &spans, pointer, other)),
        }
    }
    (diagnostics, inexact)
}

/// Something that the walk noted and that is no number.
fn finding(source: &Source, spans: &Spans, pointer: Pointer, what: What) -> Diagnostic {
    let invalid = |code, pointer, message| Diagnostic::invalid(code, source.name.as_str(), pointer, message);
    match what {
        What::Duplicate => {
            let key = pointer.last().unwrap_or_default();
            let mut duplicate =
                invalid(codes::DUPLICATE_KEY, pointer.clone(), format!("the key `{key}` is defined twice"));
            duplicate.span = spans.second_key(&pointer);
            duplicate.at_key().with_note(pointer, "first defined here").with_help("remove or rename one of the two")
        }
        What::Tag(tag) => invalid(codes::YAML_TAG, pointer, format!("the YAML tag `!{tag}` has no meaning in OpenAPI"))
            .with_help("remove the tag, and quote the value if it is meant as a string"),
        What::BadMerge | What::Number(_) => {
            invalid(codes::BAD_MERGE, pointer, String::from("a merge key `<<` takes an object or an array of objects"))
                .with_help("point the alias at an object, or quote the key if it is meant literally")
        }
    }
}

/// A number that is not taken.
fn refused(source: &Source, number: Inexact) -> Diagnostic {
    let shown = if number.written.is_empty() { "the number" } else { &number.written };
    let message = format!("{shown} is a number that 64 bits cannot hold exactly");
    Diagnostic::invalid(codes::INEXACT_NUMBER, source.name.as_str(), number.pointer, message)
        .with_help("quote it if it is meant as a string, or write a number that fits")
}

/// Tags that serde does not show, and anchors defined twice (which the YAML reader is known to confuse).
fn annotations(source: &Source, marks: &tree::Annotated) -> Vec<Diagnostic> {
    let spans = Spans::of(&source.text);
    let mut diagnostics = Vec::new();
    let mut anchors: BTreeSet<&str> = BTreeSet::new();
    for node in spans.nodes() {
        let written = node.tag.as_deref().unwrap_or_default();
        if marks.tags && !written.is_empty() && !tree::is_core_tag(written) {
            let message = format!("the YAML tag `{written}` has no meaning in OpenAPI");
            let finding = Diagnostic::invalid(codes::YAML_TAG, source.name.as_str(), Pointer::root(), message)
                .with_help("remove the tag, and quote the value if it is meant as a string");
            diagnostics.push(finding.with_span(node.span.clone()));
        }
        let Some(name) = node.anchored.then(|| tree::anchor_name(&source.text, node.span.start)).flatten() else {
            continue;
        };
        if !anchors.insert(name) {
            let message = format!("the YAML anchor `&{name}` is defined twice");
            let finding = Diagnostic::invalid(codes::ANCHOR_REDEFINED, source.name.as_str(), Pointer::root(), message)
                .with_help("give the second one another name");
            diagnostics.push(finding.with_span(node.span.clone()));
        }
    }
    diagnostics
}

fn empty(source: &Source) -> Diagnostic {
    let message = format!("{} holds no document", source.name);
    Diagnostic::invalid(codes::EMPTY_DOCUMENT, source.name.as_str(), Pointer::root(), message)
        .with_help("an OpenAPI document begins with `openapi: 3.0.3`")
}

fn too_deep(source: &Source) -> Diagnostic {
    let message = "the document is nested more than 128 levels deep";
    Diagnostic::invalid(codes::TOO_DEEP, source.name.as_str(), Pointer::root(), message)
        .with_help("name the inner parts under `components` and refer to them with `$ref`")
}

/// The finding that the top level of a document is no mapping.
pub(crate) fn not_a_mapping(source: &Source, value: &Value) -> Diagnostic {
    if value.is_null() {
        return empty(source);
    }
    let found = crate::json::type_name(value);
    let message = format!("an OpenAPI document is an object, this one is {found}");
    Diagnostic::invalid(codes::NOT_A_MAPPING, source.name.as_str(), Pointer::root(), message)
        .with_help("the top level holds keys such as `openapi`, `info` and `paths`")
}

#[cfg(test)]
mod tests;
