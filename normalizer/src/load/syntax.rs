//! Diagnostics for the errors of the parsers, most of which can only be recognized by their messages.

use serde_json::error::Category;

use super::tree::{Build, KEY_EXPECTED};
use super::{Text, empty, fault, too_deep};
use crate::diagnostic::codes::*;
use crate::diagnostic::{ByteRange, Diagnostic};
use crate::spans::boundary;

/// Converts a JSON error.
pub(super) fn json(error: &serde_json::Error, text: Text<'_>, build: &Build) -> Diagnostic {
    let full = error.to_string();
    let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message);
    let (code, help) = match error.classify() {
        _ if build.exhausted() => (ALIAS_LIMIT, None),
        _ if message.contains("recursion limit") => (TOO_DEEP, None),
        _ if message.contains("number out of range") => {
            (INEXACT_NUMBER, Some("quote it if it is meant as a string, or write a number that fits"))
        }
        Category::Eof => (SYNTAX, Some("the text ends too early: a bracket or a quote is not closed")),
        _ => (SYNTAX, None),
    };
    let found =
        if code == TOO_DEEP { too_deep(text.source) } else { fault(text.source, code, message).with_help_if(help) };
    // serde_json counts lines from 1, and bytes within a line from 1 up to the last byte read.
    let start: usize = text.body.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let byte = (start + error.column().saturating_sub(1)).min(text.body.len());
    found.with_span(text.span(character_at(text.body, byte)))
}

/// Converts a YAML error.
pub(super) fn yaml(error: &serde_yaml::Error, text: Text<'_>, build: &Build) -> Diagnostic {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or_default();
    let span = character_at(text.body, error.location().map_or(0, |location| location.index()));
    let found = if build.exhausted() || message.contains("repetition limit") {
        fault(text.source, ALIAS_LIMIT, "YAML aliases expand to far more than the file contains")
            .with_help("write the repeated parts under `components` and refer to them with `$ref`")
    } else if message.contains("recursion limit") {
        too_deep(text.source)
    } else if message.contains("EOF while parsing a value") {
        return empty(text.source);
    } else if message.contains(KEY_EXPECTED) {
        fault(text.source, BAD_KEY, "a key must be a string, not an array or an object")
            .with_help("write the key as a string; quote it if it begins with `{` or `[`")
    } else if text.body.get(span.clone()) == Some("\t") {
        fault(text.source, SYNTAX, "a tab cannot indent YAML").with_help("indent with spaces")
    } else {
        let usual = USUAL_CAUSES.iter().find(|(words, _)| words.iter().any(|words| message.contains(words)));
        fault(text.source, SYNTAX, message).with_help_if(usual.map(|(_, help)| *help))
    };
    found.with_span(text.span(span))
}

/// Messages of libyaml, and help for their usual causes.
const USUAL_CAUSES: [(&[&str], &str); 7] = [
    (&["cannot start any token"], "quote a value that begins with `@`, `%`, `|`, `>` or a backtick"),
    (
        &["mapping values are not allowed"],
        "quote a value that contains a colon followed by a space, or check the indentation of this line",
    ),
    (
        &["did not find expected key", "did not find expected '-'"],
        "check the indentation: sibling keys and sibling items must be aligned",
    ),
    (&["could not find expected ':'"], "a line of an object is `key: value`; a longer string needs `|`, `>` or quotes"),
    (&["flow sequence", "flow mapping", "expected ',' or"], "a bracket is not closed, or a comma is missing"),
    (
        &["unknown anchor"],
        "an alias `*name` needs an anchor `&name` before it; quote the value if it is meant as a string",
    ),
    (&["quoted scalar", "unexpected end of stream"], "a quote is not closed, or an escape is invalid"),
];

/// Returns the character at this byte; empty at the end of the text.
fn character_at(text: &str, byte: usize) -> ByteRange {
    let start = boundary(text, byte);
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    start..start + length
}
