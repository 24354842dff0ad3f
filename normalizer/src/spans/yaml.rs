//! Positions in YAML, from saphyr's events: they keep both of two equal keys, and what came before an error.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Marker, Parser, Tag};

use super::{ByteRange, CharOffsets, Content, Node, Spans, Tree};

/// How many lines are read as the end of the one before them.
const MAX_JOINED: usize = 50;

/// The positions in `text` from a byte on, up to its end or to the first error.
///
/// saphyr wants lines within brackets to be indented, and the parser of `load` does not: a line that is not indented is read
/// as the end of the one before it.
pub(super) fn spans(text: &str, start: usize) -> Spans {
    // A byte order mark in the middle, which saphyr refuses, gives way to a character of the same length.
    let mut body = Cow::from(text.get(start..).unwrap_or_default());
    if body.contains('\u{feff}') {
        body = body.replace('\u{feff}', "\u{2060}").into();
    }
    let (mut spans, mut outdented) = read(text, start, &body);
    for _ in 0..MAX_JOINED {
        let Some(line_break) = outdented.and_then(|line| line_break_before(&body, line)) else { break };
        let spaces = " ".repeat(line_break.len());
        body.to_mut().replace_range(line_break, &spaces);
        (spans, outdented) = read(text, start, &body);
    }
    spans
}

/// The positions, and the byte of `body` where the parser stopped because what is there is not indented.
fn read(text: &str, start: usize, body: &str) -> (Spans, Option<usize>) {
    let mut builder =
        Builder { text, start, offsets: CharOffsets::new(body), tree: Tree::default(), anchors: BTreeMap::new() };
    let (mut second_document, mut outdented, mut documents) = (None, None, 0);
    for item in Parser::new_from_str(body) {
        let (event, span) = match item {
            Ok(event) => event,
            Err(error) => {
                let is_outdented = error.info().starts_with("invalid indentation");
                outdented = is_outdented.then(|| builder.offsets.byte(error.marker().index()));
                break;
            }
        };
        let bytes = builder.byte(span.start)..builder.byte(span.end);
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents == 2 {
                second_document = Some(bytes.start);
                break;
            }
        }
        builder.event(event, bytes);
    }
    (Spans { nodes: builder.tree.nodes, second_document }, outdented)
}

/// The line break right before the line that begins with what is at this byte.
fn line_break_before(text: &str, byte: usize) -> Option<ByteRange> {
    let before = text.get(..byte)?.trim_end_matches([' ', '\t']);
    let rest = before.trim_end_matches(['\r', '\n']);
    (rest.len() < before.len()).then_some(rest.len()..before.len())
}

struct Builder<'t> {
    text: &'t str,
    /// Where the parsed text begins.
    start: usize,
    offsets: CharOffsets<'t>,
    tree: Tree,
    /// saphyr's number of an anchor → the node that carries it.
    anchors: BTreeMap<usize, usize>,
}

impl Builder<'_> {
    fn byte(&self, marker: Marker) -> usize {
        self.start + self.offsets.byte(marker.index())
    }

    fn event(&mut self, event: Event<'_>, bytes: ByteRange) {
        match event {
            Event::Scalar(value, ..) if self.tree.wants_key() => self.tree.key(value.into_owned(), bytes),
            Event::Scalar(_, _, anchor, tag) => self.add(trimmed(self.text, bytes), Content::Scalar, anchor, tag),
            Event::Alias(_) if self.tree.wants_key() => {
                let name = self.text.get(bytes.clone()).unwrap_or_default().to_owned();
                self.tree.key(name, bytes);
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(&anchor).copied();
                self.add(bytes, Content::Alias(target), 0, None);
            }
            Event::SequenceStart(anchor, tag) => self.add(bytes, Content::Sequence(Vec::new()), anchor, tag),
            Event::MappingStart(anchor, tag) => self.add(bytes, Content::Mapping(Vec::new()), anchor, tag),
            Event::SequenceEnd | Event::MappingEnd => {
                let text = self.text;
                if let Some(node) = self.tree.close() {
                    node.span = trimmed(text, node.span.start..bytes.end.max(node.span.start));
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }

    fn add(&mut self, span: ByteRange, content: Content, anchor: usize, tag: Option<Cow<'_, Tag>>) {
        let tag = tag.map(|tag| format!("{}{}", tag.handle, tag.suffix));
        let index = self.tree.add(Node { span, key: None, content, tag, anchored: anchor != 0 });
        if anchor != 0 {
            self.anchors.insert(anchor, index);
        }
    }
}

/// A block's end is reported where the next token begins: takes the space before it away again.
fn trimmed(text: &str, bytes: ByteRange) -> ByteRange {
    let inner = text.get(bytes.clone()).unwrap_or_default();
    bytes.start..bytes.start + inner.trim_end().len()
}
