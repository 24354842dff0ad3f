//! Documentation: the tree between parsing and writing a description.
//!
//! Invariant: it has a bounded depth, and all text in it is clean.

use pulldown_cmark::Alignment;

/// A block (CommonMark 0.31 §4 and §5).
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    Code { language: &'static str, code: String },
    Quote(Vec<Block>),
    List { tight: bool, items: Vec<Item> },
    Table { alignments: Vec<Alignment>, rows: Vec<Vec<Vec<Inline>>> },
    Rule,
}

pub(super) struct Item {
    /// A bullet or a number, with the following space.
    pub(super) marker: String,
    pub(super) blocks: Vec<Block>,
}

/// A part of a paragraph, heading or table cell (CommonMark 0.31 §6).
pub(super) enum Inline {
    /// Text; `\n` is a line break in the source.
    Text(String),
    /// A hard line break (§6.7).
    Break,
    Span(Span, Vec<Inline>),
}

pub(super) enum Span {
    Strong,
    Emphasis,
    Strike,
    Code,
    /// A link to an absolute destination.
    Link(String),
}

/// Returns the text without markup.
pub(super) fn text(inlines: &[Inline]) -> String {
    let parts = inlines.iter().map(|inline| match inline {
        Inline::Text(text) => text.clone(),
        Inline::Break => " ".to_owned(),
        Inline::Span(Span::Link(target), children) if children.is_empty() => target.clone(),
        Inline::Span(_, children) => text(children),
    });
    parts.collect()
}
