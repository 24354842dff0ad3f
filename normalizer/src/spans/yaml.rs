//! Positions in YAML text, from saphyr's events. Events instead of its tree: they keep both of two equal keys,
//! need no recursion, and what came before an error stays usable.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, Span};

use super::{ByteRange, CharOffsets, Content, Member, Node, Spans};

/// The positions in `text` up to its end or to the first error.
pub(super) fn spans(text: &str) -> Spans {
    let mut builder = Builder {
        text,
        offsets: CharOffsets::new(text),
        spans: Spans::default(),
        anchors: BTreeMap::new(),
        open: Vec::new(),
    };
    let mut documents = 0;
    for item in Parser::new_from_str(text) {
        let Ok((event, span)) = item else {
            builder.spans.uncovered = Some(String::new());
            break;
        };
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents == 2 {
                builder.spans.second_document = Some(builder.offsets.byte(span.start.index()));
                break;
            }
        }
        builder.event(event, span);
    }
    builder.spans
}

struct Builder<'t> {
    text: &'t str,
    offsets: CharOffsets<'t>,
    spans: Spans,
    /// saphyr's number of an anchor → the node that carries it.
    anchors: BTreeMap<usize, usize>,
    open: Vec<Open>,
}

/// A container that is still open.
struct Open {
    node: usize,
    key: Option<(String, ByteRange)>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        let bytes = self.offsets.byte(span.start.index())..self.offsets.byte(span.end.index());
        match event {
            Event::Scalar(value, _, anchor, tag) => {
                if self.takes_key(&value, &bytes) {
                    return;
                }
                let bytes = self.trimmed(bytes);
                self.add(bytes, Content::Scalar, anchor, tag.map(|tag| full(&tag)));
            }
            Event::Alias(anchor) => {
                let name = self.text.get(bytes.clone()).unwrap_or_default().to_owned();
                if self.takes_key(&name, &bytes) {
                    return;
                }
                let target = self.anchors.get(&anchor).copied();
                self.add(bytes, Content::Alias(target), 0, None);
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(bytes, Content::Sequence(Vec::new()), anchor, tag.map(|tag| full(&tag)));
            }
            Event::MappingStart(anchor, tag) => {
                self.open(bytes, Content::Mapping(Vec::new()), anchor, tag.map(|tag| full(&tag)));
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return };
                let Some(start) = self.spans.nodes.get(open.node).map(|node| node.span.start) else { return };
                let whole = self.trimmed(start..bytes.end.max(start));
                if let Some(node) = self.spans.nodes.get_mut(open.node) {
                    node.span = whole;
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }

    /// Takes a scalar as the key of the mapping that is open, if that mapping waits for one.
    fn takes_key(&mut self, value: &str, bytes: &ByteRange) -> bool {
        let Some(open) = self.open.last_mut() else { return false };
        let in_mapping = matches!(self.spans.nodes.get(open.node), Some(Node { content: Content::Mapping(_), .. }));
        if in_mapping && open.key.is_none() {
            open.key = Some((value.to_owned(), bytes.clone()));
            return true;
        }
        false
    }

    fn open(&mut self, bytes: ByteRange, content: Content, anchor: usize, tag: Option<String>) {
        let node = self.add(bytes, content, anchor, tag);
        self.open.push(Open { node, key: None });
    }

    fn add(&mut self, span: ByteRange, content: Content, anchor: usize, tag: Option<String>) -> usize {
        let index = self.spans.nodes.len();
        self.spans.nodes.push(Node { span, content, tag, anchored: anchor != 0 });
        if anchor != 0 {
            self.anchors.insert(anchor, index);
        }
        let Some(open) = self.open.last_mut() else { return index };
        match self.spans.nodes.get_mut(open.node).map(|node| &mut node.content) {
            Some(Content::Mapping(members)) => match open.key.take() {
                Some((key, span)) => members.push(Member { key, span, value: index }),
                // A mapping or sequence as a key: it takes the key's turn under no name that a pointer could have.
                None => open.key = Some((String::from("\u{0}"), 0..0)),
            },
            Some(Content::Sequence(items)) => items.push(index),
            Some(Content::Scalar | Content::Alias(_)) | None => {}
        }
        index
    }

    /// A block's end is reported where the next token begins: take the space before it away again.
    fn trimmed(&self, bytes: ByteRange) -> ByteRange {
        let inner = self.text.get(bytes.clone()).unwrap_or_default();
        bytes.start..bytes.start + inner.trim_end().len()
    }
}

fn full(tag: &saphyr_parser::Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}
