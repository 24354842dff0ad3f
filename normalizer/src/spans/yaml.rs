//! Positions in YAML, from saphyr's events, which include both of two equal keys, and everything before an error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::Event::{self, *};
use saphyr_parser::{Marker, Parser, Tag};

use super::CharOffsets;
use super::tree::{ByteRange, Kind, Marks, Spans, Tree};
use crate::certain::Certain;

/// The minimum number of times that a text may be read again, and the maximum number of bytes that are read again
/// beyond that.
const MAX_AGAIN: usize = 50;
const MAX_AGAIN_BYTES: usize = 1 << 25;

impl Spans {
    /// Returns the positions of all nodes of a YAML text of any layout, from a byte on, up to its end or to the first error.
    ///
    /// saphyr rejects some YAML that the parser of `load` accepts. Such a place is replaced with text of the same length and structure, and
    /// the text is read again.
    pub(crate) fn of_yaml(text: &str, start: usize) -> Self {
        let mut body = without_old_marks(text.get(start..).certain("a text begins at a character"));
        let (mut spans, mut stop) = read(text, start, &body);
        for again in 0.. {
            if again >= MAX_AGAIN && body.len().saturating_mul(again) > MAX_AGAIN_BYTES {
                break;
            }
            let Some((place, instead)) = stop.and_then(|stop| substitute(&body, &stop)) else { break };
            body.to_mut().replace_range(place, &instead);
            (spans, stop) = read(text, start, &body);
        }
        spans
    }
}

/// Replaces characters that YAML 1.1, and so the parser of `load`, reads differently from saphyr: a byte order mark in the middle is an
/// ordinary character, and three more characters end a line.
fn without_old_marks(body: &str) -> Cow<'_, str> {
    let mut body = Cow::from(body);
    for (old, new) in [("\u{feff}", "\u{2060}"), ("\u{85}", " \n"), ("\u{2028}", "  \n"), ("\u{2029}", "  \n")] {
        if body.contains(old) {
            body = body.replace(old, new).into();
        }
    }
    body
}

/// The position and the reason at which saphyr stopped.
struct Stop {
    byte: usize,
    why: String,
}

/// Returns the positions, and where the parser stopped before the end of `body`.
fn read(text: &str, start: usize, body: &str) -> (Spans, Option<Stop>) {
    let mut builder =
        Builder { text, start, offsets: CharOffsets::new(body), tree: Tree::default(), anchors: BTreeMap::new() };
    let (mut second_document, mut stop, mut documents) = (None, None, 0);
    for item in Parser::new_from_str(body) {
        let (event, span) = match item {
            Ok(event) => event,
            Err(error) => {
                let byte = builder.offsets.byte(error.marker().index());
                stop = Some(Stop { byte, why: error.info().to_owned() });
                break;
            }
        };
        let bytes = builder.byte(span.start)..builder.byte(span.end);
        if let DocumentStart(_) = event {
            documents += 1;
            if documents == 2 {
                second_document = Some(bytes.start);
                break;
            }
        }
        builder.event(event, bytes);
    }
    let mut spans = builder.tree.finish();
    spans.second_document = second_document;
    (spans, stop)
}

/// Returns a replacement, with the same number of bytes, for text that saphyr rejects and the parser of `load` accepts.
///
/// saphyr's errors can only be distinguished by message. The tests of `spans` have one error of each kind, and fail if a message changes.
fn substitute(body: &str, stop: &Stop) -> Option<(ByteRange, String)> {
    let rest = body.get(stop.byte..)?;
    match stop.why.as_str() {
        // The lines of a quoted scalar need no indentation.
        "invalid indentation in quoted scalar" => {
            let quoted = rest.get(..quoted_length(rest)?)?;
            Some((stop.byte..stop.byte + quoted.len(), quoted.replace(['\r', '\n'], " ")))
        }
        // Lines within brackets need none either: the line break is replaced with space.
        why if why.starts_with("invalid indentation") => {
            let before = body.get(..stop.byte)?.trim_end_matches([' ', '\t']);
            let line = before.trim_end_matches(['\r', '\n']).len();
            (line < before.len()).then(|| (line..before.len(), " ".repeat(before.len() - line)))
        }
        // A tab separates words as a space does.
        why if (why.contains("tab") || why.contains("whitespace")) && body.contains('\t') => {
            Some((0..body.len(), body.replace('\t', " ")))
        }
        // Within brackets, a single hyphen is a word.
        why if why.contains("'-'") || why.contains("\"-\"") || why.starts_with("block sequence") => {
            rest.starts_with('-').then(|| (stop.byte..stop.byte + 1, "_".to_owned()))
        }
        // A comment may follow a quote without a space.
        why if why.starts_with("comments must be separated") && rest.starts_with('#') => {
            let comment = rest.split(['\r', '\n']).next()?;
            Some((stop.byte..stop.byte + comment.len(), " ".repeat(comment.len())))
        }
        _ => None,
    }
}

/// Returns the length in bytes of the quoted scalar at the beginning of a string.
pub(super) fn quoted_length(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == quote && characters.next_if(|(_, next)| quote == '\'' && *next == quote).is_none() {
            return Some(at + 1);
        }
        if character == '\\' && quote == '"' {
            characters.next();
        }
    }
    None
}

struct Builder<'t> {
    text: &'t str,
    /// The start of the parsed text.
    start: usize,
    offsets: CharOffsets<'t>,
    tree: Tree,
    /// saphyr's number of an anchor → the anchored node.
    anchors: BTreeMap<usize, usize>,
}

impl Builder<'_> {
    fn byte(&mut self, marker: Marker) -> usize {
        self.start + self.offsets.byte(marker.index())
    }

    fn event(&mut self, event: Event<'_>, bytes: ByteRange) {
        match event {
            Scalar(value, ..) if self.tree.wants_key() => self.tree.key(&value, bytes),
            Scalar(_, _, anchor, tag) => self.add(trimmed(self.text, bytes), Kind::Scalar, anchor, tag),
            Alias(_) if self.tree.wants_key() => {
                self.tree.key(self.text.get(bytes.clone()).unwrap_or_default(), bytes);
            }
            Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                let index = self.tree.add(bytes, Kind::Alias);
                self.tree.spans.marks.insert(index, Marks { target, ..Marks::default() });
            }
            SequenceStart(anchor, tag) => self.add(bytes, Kind::Sequence, anchor, tag),
            MappingStart(anchor, tag) => self.add(bytes, Kind::Mapping, anchor, tag),
            SequenceEnd | MappingEnd => {
                if let Some(start) = self.tree.start() {
                    self.tree.close(trimmed(self.text, start..bytes.end.max(start)).end);
                }
            }
            Nothing | StreamStart | StreamEnd | DocumentStart(_) | DocumentEnd => {}
        }
    }

    fn add(&mut self, span: ByteRange, kind: Kind, anchor: usize, tag: Option<Cow<'_, Tag>>) {
        let index = self.tree.add(span, kind);
        let anchored = anchor != 0;
        if anchored {
            self.anchors.insert(anchor, index);
        }
        if anchored || tag.is_some() {
            let tag = tag.map(|tag| format!("{}{}", tag.handle, tag.suffix));
            self.tree.spans.marks.insert(index, Marks { tag, anchored, target: None });
        }
    }
}

/// Trims a block, whose end is reported at the beginning of the next token.
fn trimmed(text: &str, bytes: ByteRange) -> ByteRange {
    let inner = text.get(bytes.clone()).unwrap_or_default();
    bytes.start..bytes.start + inner.trim_end_matches([' ', '\t', '\r', '\n']).len()
}
