//! What the parsers' own errors mean to the author of a document.

use serde_json::error::Category;

use super::tree::{Build, KEY_EXPECTED};
use super::{empty, too_deep};
use crate::diagnostic::{ByteRange, Code, Diagnostic, codes};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::spans::Spans;

/// Why a text is no document.
pub(super) enum Failure {
    Empty,
    SeveralDocuments,
    /// At these bytes of the text.
    At {
        code: Code,
        message: String,
        help: Option<&'static str>,
        span: ByteRange,
    },
}

impl Failure {
    /// The failure as a diagnostic; `offset` is where the parsed text begins in the source.
    pub(super) fn diagnostic(self, source: &Source, offset: usize) -> Diagnostic {
        match self {
            Self::Empty => empty(source),
            Self::SeveralDocuments => {
                let start = Spans::of(&source.text).second_document().unwrap_or(source.text.len());
                let message = "the file holds more than one YAML document";
                Diagnostic::invalid(codes::SEVERAL_DOCUMENTS, source.name.as_str(), Pointer::root(), message)
                    .with_span(start..start)
                    .with_help("put each document into a file of its own")
            }
            Self::At { code, message, help, span } => {
                let mut diagnostic = if code == codes::TOO_DEEP {
                    too_deep(source)
                } else {
                    Diagnostic::invalid(code, source.name.as_str(), Pointer::root(), message)
                };
                if let Some(help) = help {
                    diagnostic = diagnostic.with_help(help);
                }
                diagnostic.with_span(span.start + offset..span.end + offset)
            }
        }
    }
}

/// Reads a JSON error.
pub(super) fn json(error: &serde_json::Error, text: &str, build: &Build) -> Failure {
    let full = error.to_string();
    let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message).to_owned();
    let start = byte_of(text, error.line(), error.column());
    let (code, help) = match error.classify() {
        _ if build.exhausted() => (codes::ALIAS_LIMIT, None),
        _ if message.contains("recursion limit") => (codes::TOO_DEEP, None),
        _ if message.contains("number out of range") => {
            (codes::INEXACT_NUMBER, Some("quote it if it is meant as a string, or write a number that fits"))
        }
        Category::Eof => (codes::SYNTAX, Some("the text ends too early: a bracket or a quote is left open")),
        _ => (codes::SYNTAX, None),
    };
    Failure::At { code, message, help, span: character_at(text, start) }
}

/// serde_json counts lines from 1, and bytes of a line from 1 up to the last byte that it has read.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// Reads a YAML error.
pub(super) fn yaml(error: &serde_yaml::Error, text: &str, build: &Build) -> Failure {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or_default();
    let start = error.location().map_or(0, |location| location.index());
    let span = character_at(text, start);
    let failure =
        |code, message: &str, help| Failure::At { code, message: message.to_owned(), help, span: span.clone() };
    if build.exhausted() || message.contains("repetition limit") {
        let help = Some("write the repeated parts under `components` and refer to them with `$ref`");
        return failure(codes::ALIAS_LIMIT, "YAML aliases expand to far more than the file holds", help);
    }
    if message.contains("recursion limit") {
        return failure(codes::TOO_DEEP, message, None);
    }
    if message.contains("EOF while parsing a value") || message.contains("end of stream") {
        return Failure::Empty;
    }
    if message.contains(KEY_EXPECTED) {
        let help = Some("write the key as a string; quote it if it begins with `{` or `[`");
        return failure(codes::BAD_KEY, "a key is a string, not an array or an object", help);
    }
    let (message, help) = explain(message, text.get(span.clone()).unwrap_or_default());
    failure(codes::SYNTAX, &message, help)
}

/// libyaml's words, and what usually is behind them.
fn explain(message: &str, found: &str) -> (String, Option<&'static str>) {
    if found == "\t" {
        return (String::from("a tab cannot indent YAML"), Some("indent with spaces"));
    }
    let help = if message.contains("cannot start any token") {
        Some("quote a value that begins with `@`, `%`, `|`, `>` or a backtick")
    } else if message.contains("mapping values are not allowed") {
        Some("quote a value that holds a colon followed by a space, or check the indentation of this line")
    } else if message.contains("did not find expected key") || message.contains("did not find expected '-'") {
        Some("check the indentation: a key stands exactly below the keys beside it, an item below the items beside it")
    } else if message.contains("could not find expected ':'") {
        Some("a line of an object is `key: value`; a longer string needs `|`, `>` or quotes")
    } else if message.contains("flow sequence")
        || message.contains("flow mapping")
        || message.contains("expected ',' or")
    {
        Some("a bracket is left open, or a comma is missing")
    } else if message.contains("unknown anchor") {
        Some("an alias `*name` needs an anchor `&name` before it; quote the value if it is meant as a string")
    } else if message.contains("quoted scalar") {
        Some("a quote is left open, or an escape is none of YAML's")
    } else {
        None
    };
    (message.to_owned(), help)
}

/// The character that begins at or around this byte; empty at the end of the text.
fn character_at(text: &str, byte: usize) -> ByteRange {
    let mut start = byte.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    start..start + length
}
