//! Documentation: builds the tree. In: text, and starts and ends of spans and blocks, which need not nest. Out: blocks.
//!
//! Invariant: a span that is not closed in its paragraph is dropped, as is one inside another of its kind.
//! Containers deeper than [`MAX_DEPTH`] are flattened, which bounds the depth of the tree and the length of lines.

use std::mem::{discriminant, replace, take};

use super::clean;
use super::tree::{self, Block, Inline, Item, Span};

/// The maximum depth of nested containers.
const MAX_DEPTH: usize = 6;
/// The largest number that can mark an item (CommonMark 0.31 §5.2).
const MAX_NUMBER: u64 = 999_999_999;

#[derive(Default)]
pub(super) struct Builder {
    /// The blocks of the innermost container, or of its last item.
    blocks: Vec<Block>,
    containers: Vec<Open>,
    /// The open paragraph.
    inlines: Vec<Inline>,
    spans: Vec<OpenSpan>,
    /// Whether only inlines are allowed, as in headings and table cells.
    pub(super) inline_only: bool,
}

/// An open container.
struct Open {
    container: Container,
    /// The blocks before the container.
    outer: Vec<Block>,
    /// Whether HTML opened the container, which then ends with its Markdown block.
    html: bool,
}

pub(super) enum Container {
    Quote,
    /// The number of the next item, if items are numbered.
    List {
        next: Option<u64>,
        tight: bool,
        items: Vec<Item>,
    },
    /// A container beyond the maximum depth: its blocks belong to the outer one.
    Flat,
}

struct OpenSpan {
    span: Span,
    /// The index of its first inline.
    start: usize,
    /// The number of open spans of the same kind.
    depth: usize,
}

impl Builder {
    pub(super) fn text(&mut self, text: &str) {
        self.push_text(&clean::line(text));
    }

    pub(super) fn soft_break(&mut self) {
        self.push_text("\n");
    }

    fn push_text(&mut self, text: &str) {
        let span_starts = self.spans.last().is_some_and(|open| open.start == self.inlines.len());
        match self.inlines.last_mut() {
            Some(Inline::Text(last)) if !span_starts => last.push_str(text),
            _ => self.inlines.push(Inline::Text(text.to_owned())),
        }
    }

    pub(super) fn hard_break(&mut self) {
        if self.can_break() { self.inlines.push(Inline::Break) } else { self.text(" ") }
    }

    /// Returns `true` if paragraphs can end here.
    pub(super) fn can_break(&self) -> bool {
        !self.inline_only && !self.in_link()
    }

    fn in_link(&self) -> bool {
        self.spans.iter().any(|open| matches!(open.span, Span::Link(_)))
    }

    /// Adds code as in Markdown: leading and trailing spaces are kept.
    pub(super) fn code(&mut self, code: &str) {
        let code = clean::line(code);
        if code.trim().is_empty() {
            self.push_text(" ");
        } else {
            self.inlines.push(Inline::Span(Span::Code, vec![Inline::Text(code)]));
        }
    }

    pub(super) fn open(&mut self, span: Span) {
        match self.spans.iter_mut().find(|open| discriminant(&open.span) == discriminant(&span)) {
            Some(open) => open.depth += 1,
            None => self.spans.push(OpenSpan { span, start: self.inlines.len(), depth: 1 }),
        }
    }

    /// Opens a link; without a destination, or inside another link, only its text is kept.
    pub(super) fn open_link(&mut self, destination: Option<String>) {
        if destination.is_some() || self.in_link() {
            self.open(Span::Link(destination.unwrap_or_default()));
        }
    }

    pub(super) fn close_link(&mut self) {
        self.close(&Span::Link(String::new()));
    }

    /// Closes the innermost span of this kind, and those inside it.
    pub(super) fn close(&mut self, span: &Span) {
        let mut spans = self.spans.iter_mut().enumerate();
        let Some((at, open)) = spans.find(|(_, open)| discriminant(&open.span) == discriminant(span)) else {
            return;
        };
        open.depth -= 1;
        if open.depth == 0 {
            let closed = self.spans.split_off(at);
            closed.into_iter().rev().for_each(|open| self.end_span(open));
        }
    }

    fn end_span(&mut self, OpenSpan { span, start, .. }: OpenSpan) {
        let mut children = self.inlines.split_off(start);
        let is_link = matches!(span, Span::Link(_));
        if tree::text(&children).trim().is_empty() && !is_link {
            self.inlines.extend(children);
            return;
        }
        if matches!(span, Span::Code) {
            children = vec![Inline::Text(tree::text(&children).trim().to_owned())];
        }
        // HTML allows spaces before the end of emphasis; Markdown does not.
        let space = match children.last_mut() {
            Some(Inline::Text(text)) if !is_link => text.split_off(text.trim_end_matches([' ', '\n']).len()),
            _ => String::new(),
        };
        self.inlines.push(Inline::Span(span, children));
        self.push_text(&space);
    }

    /// Ends the paragraph if there is one.
    pub(super) fn finish(&mut self) {
        let inlines = self.take_inlines();
        if !inlines.is_empty() {
            self.blocks.push(Block::Paragraph(inlines));
        }
    }

    /// Takes the contents of the paragraph.
    pub(super) fn take_inlines(&mut self) -> Vec<Inline> {
        self.spans.clear();
        take(&mut self.inlines)
    }

    /// Ends the paragraph if it can end here.
    pub(super) fn end_paragraph(&mut self) {
        if self.can_break() { self.finish() } else { self.text(" ") }
    }

    pub(super) fn push(&mut self, block: Block) {
        self.finish();
        self.blocks.push(block);
    }

    pub(super) fn start(&mut self, container: Container, html: bool) {
        self.finish();
        let open = if self.containers.len() < MAX_DEPTH {
            Open { container, outer: take(&mut self.blocks), html }
        } else {
            Open { container: Container::Flat, outer: Vec::new(), html }
        };
        self.containers.push(open);
    }

    /// Makes a list loose, as a paragraph in an item does (CommonMark 0.31 §5.3).
    pub(super) fn loosen(&mut self) {
        if let Some(Open { container: Container::List { tight, .. }, .. }) = self.containers.last_mut() {
            *tight = false;
        }
    }

    /// Ends the item of the innermost list. An empty one counts if the list is numbered.
    pub(super) fn end_item(&mut self) {
        self.finish();
        if let Some(Open { container: Container::List { next, items, .. }, .. }) = self.containers.last_mut() {
            let marker = next.map_or("- ".to_owned(), |number| format!("{}. ", number.min(MAX_NUMBER)));
            *next = next.map(|number| number.saturating_add(1));
            items.push(Item { marker, blocks: take(&mut self.blocks) });
        }
    }

    /// Ends the item of the innermost list unless it is empty: HTML need not mark its end.
    pub(super) fn end_nonempty_item(&mut self) {
        self.finish();
        if !self.blocks.is_empty() {
            self.end_item();
        }
    }

    /// Ends the innermost container.
    pub(super) fn end(&mut self) {
        self.end_nonempty_item();
        let Some(Open { container, outer, .. }) = self.containers.pop() else {
            return;
        };
        match container {
            Container::Flat => {}
            Container::Quote => {
                let blocks = replace(&mut self.blocks, outer);
                self.blocks.push(Block::Quote(blocks));
            }
            Container::List { tight, items, .. } => {
                self.blocks = outer;
                self.blocks.push(Block::List { tight, items });
            }
        }
    }

    pub(super) fn in_html(&self) -> bool {
        self.containers.last().is_some_and(|open| open.html)
    }

    /// Ends the paragraph and the containers that HTML opened in it.
    pub(super) fn end_html(&mut self) {
        self.finish();
        while self.in_html() {
            self.end();
        }
    }

    pub(super) fn into_blocks(mut self) -> Vec<Block> {
        self.finish();
        self.blocks
    }
}

impl Container {
    pub(super) fn list(next: Option<u64>) -> Self {
        Self::List { next, tight: true, items: Vec::new() }
    }
}
