//! Diagnostics as text, in rustc's style.

use std::borrow::Cow;
use std::ops::Range;
use std::slice;
use std::sync::OnceLock;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use super::{ByteRange, Diagnostic, DiagnosticKind, Highlight, shortened};
use crate::certain::Certain;
use crate::pointer::Pointer;
use crate::source::Source;
use crate::spans::{LineBreaks, Spans, boundary};

/// Longer lines (minified JSON) are cut before the renderer sees them; it cuts shorter ones to the terminal's width.
const LONG_LINE: usize = 10_000;

/// Messages are cut at this length; only long quotations from the document exceed it.
const LONG_MESSAGE: usize = 2_000;

/// Places that are farther apart are not shown in one excerpt.
const LARGE_EXCERPT: usize = 64 << 10;

/// Renders diagnostics: kind, code and message, the place in the source with an excerpt, the help and the JSON pointer. Diagnostics are
/// sorted by source and position; of equal ones, the first is shown with the lines of the others. The text is plain or has ANSI colours.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &[Source], colour: bool) -> String {
    let texts: Vec<NodeLines<'_>> = sources.iter().map(NodeLines::of).collect();
    let mut placed: Vec<Placed<'_>> = diagnostics.iter().map(|diagnostic| Placed::of(diagnostic, &texts)).collect();
    placed.sort_by(|one, other| (one.words(), one.start()).cmp(&(other.words(), other.start())));
    let mut equal: Vec<&[Placed<'_>]> = placed.chunk_by(|one, other| one.words() == other.words()).collect();
    equal.sort_by_key(|equal| equal.first().map(|first| (first.index, first.start())));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let groups = equal.into_iter().filter_map(<[_]>::split_first).map(|(first, others)| group(first, others));
    let rendered = groups.map(|group| format!("{}\n", renderer.render(&[group]).trim_end()));
    rendered.collect::<Vec<_>>().join("\n")
}

/// Sets the span of each diagnostic, so that [`render`] need not find it.
#[must_use]
pub fn placed(diagnostics: &[Diagnostic], lines: &NodeLines<'_>) -> Vec<Diagnostic> {
    let place = |diagnostic| Placed::of(diagnostic, slice::from_ref(lines)).primary;
    diagnostics.iter().map(|diagnostic| Diagnostic { span: place(diagnostic), ..diagnostic.clone() }).collect()
}

/// A source with an index of its lines, counted from 1, and of its nodes.
pub struct NodeLines<'t> {
    source: &'t Source,
    breaks: LineBreaks,
    /// Computed on first use.
    spans: OnceLock<Spans>,
}

impl<'t> NodeLines<'t> {
    /// Creates the index. Nodes are located on first use.
    #[must_use]
    pub fn of(source: &'t Source) -> Self {
        Self { source, breaks: LineBreaks::of(&source.text), spans: OnceLock::new() }
    }

    /// Creates the index from known node positions.
    pub(crate) fn known(source: &'t Source, spans: Spans) -> Self {
        Self { spans: spans.into(), ..Self::of(source) }
    }

    /// Returns the first line of a node, or of the nearest existing node above it.
    #[must_use]
    pub fn first(&self, node: &Pointer) -> usize {
        self.breaks.line(self.spans().find(node, Highlight::Key).map_or(0, |span| span.start))
    }

    /// Returns the lines of a node, if it exists.
    #[must_use]
    pub fn all(&self, node: &Pointer) -> Option<Range<usize>> {
        let span = self.spans().whole(node)?;
        let end = self.source.text.get(span.clone()).map_or(span.end, |text| span.start + text.trim_end().len());
        Some(self.breaks.line(span.start)..self.breaks.line(end) + 1)
    }

    /// Returns the node before a node in the same array or object, if there is one.
    #[must_use]
    pub fn before(&self, node: &Pointer) -> Option<Pointer> {
        self.spans().before(node)
    }

    fn spans(&self) -> &Spans {
        self.spans.get_or_init(|| Spans::of(&self.source.text))
    }

    /// Returns the line that contains the start of the span, without its line break.
    fn around(&self, span: &ByteRange) -> ByteRange {
        let line = self.breaks.around(span.start, self.source.text.len());
        let text = self.source.text.get(line.clone()).certain("lines are in the text");
        line.start..line.start + text.trim_end_matches('\r').len()
    }

    /// Returns a part of a long line around the span, and the span within it.
    fn part(&self, line: &ByteRange, span: &ByteRange) -> (&'t str, ByteRange) {
        let start = boundary(&self.source.text, span.start.saturating_sub(60).max(line.start));
        let end = boundary(&self.source.text, (span.start + 80).min(line.end));
        let shown = self.source.text.get(start..end).certain("both ends are at characters");
        (shown, span.start - start..span.end.min(end) - start)
    }
}

/// A diagnostic and its places in the source.
struct Placed<'d> {
    diagnostic: &'d Diagnostic,
    /// The index of the source among all sources; the last, if it is unknown.
    index: usize,
    text: Option<&'d NodeLines<'d>>,
    primary: Option<ByteRange>,
    notes: Vec<(Option<ByteRange>, &'d str)>,
}

impl<'d> Placed<'d> {
    fn of(diagnostic: &'d Diagnostic, texts: &'d [NodeLines<'d>]) -> Self {
        let index = texts.iter().position(|text| text.source.name == diagnostic.file);
        let text = index.and_then(|index| texts.get(index));
        let is_whole = diagnostic.pointer.as_str().is_empty() && diagnostic.notes.is_empty();
        let find = |pointer, place| text.filter(|_| !is_whole)?.spans().find(pointer, place);
        let on_one_line = |span| text.map(|text| on_one_line(&text.source.text, span));
        let primary = diagnostic.span.clone().or_else(|| find(&diagnostic.pointer, diagnostic.place));
        let note =
            |(pointer, words): &'d (_, String)| (find(pointer, Highlight::Key).and_then(on_one_line), words.as_str());
        Self {
            diagnostic,
            index: index.unwrap_or(usize::MAX),
            text,
            primary: primary.and_then(on_one_line),
            notes: diagnostic.notes.iter().map(note).collect(),
        }
    }

    fn start(&self) -> usize {
        self.primary.as_ref().map_or(0, |span| span.start)
    }

    /// Returns everything that is shown, except for the place in a source.
    fn words(&self) -> impl Ord + 'd {
        let Diagnostic { code, message, help, notes, file, pointer, .. } = self.diagnostic;
        (self.text.is_none().then_some(pointer), file, code.0, message, help, notes)
    }
}

/// Returns the span up to the end of its first line, within the text and on character boundaries.
fn on_one_line(text: &str, span: ByteRange) -> ByteRange {
    let start = boundary(text, span.start);
    let end = boundary(text, span.end).max(start);
    let shown = text.get(start..end).certain("both ends are at characters");
    start..start + shown.split(['\n', '\r']).next().unwrap_or_default().len()
}

/// Returns text that may quote the document, shortened and without control characters.
fn words(text: &str) -> String {
    normalize_untrusted_str(&shortened(text, LONG_MESSAGE))
}

/// Returns a diagnostic with the lines of the `others`, which are equal.
fn group<'t>(placed: &Placed<'t>, others: &[Placed<'t>]) -> Group<'t> {
    let diagnostic = placed.diagnostic;
    let level = match diagnostic.kind {
        DiagnosticKind::Invalid => Level::ERROR.with_name("invalid"),
        DiagnosticKind::Unsupported => Level::WARNING.with_name("unsupported"),
        DiagnosticKind::Bug => Level::ERROR.with_name("bug"),
    };
    let title = level.primary_title(words(&diagnostic.message)).id(diagnostic.code.0);
    let mut group = Group::with_title(title);
    let mut unseen: Vec<&str> = Vec::new();
    group = match (placed.text, &placed.primary) {
        (Some(text), Some(primary)) => excerpt(group, text, primary, &placed.notes, &mut unseen),
        _ => {
            unseen.extend(placed.notes.iter().map(|(_, text)| *text));
            group.element(Origin::path(diagnostic.file.as_str()))
        }
    };
    for text in unseen {
        group = group.element(Level::NOTE.message(words(text)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(words(help)));
    }
    if !diagnostic.pointer.as_str().is_empty() {
        group = group.element(Level::NOTE.with_name("at").message(words(diagnostic.pointer.as_str())));
    }
    if let (Some(text), false) = (placed.text, others.is_empty()) {
        let mut lines: Vec<String> = others.iter().map(|other| text.breaks.line(other.start()).to_string()).collect();
        lines.dedup();
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        let text = format!("{} more, in {noun} {}", others.len(), lines.join(", "));
        group = group.element(Level::NOTE.with_name("and").message(words(&text)));
    }
    group
}

/// Returns the lines around the primary place, and around nearby notes. Notes that are not shown are added to `unseen`.
fn excerpt<'t>(
    group: Group<'t>,
    lines: &NodeLines<'t>,
    primary: &ByteRange,
    notes: &[(Option<ByteRange>, &'t str)],
    unseen: &mut Vec<&'t str>,
) -> Group<'t> {
    let source = lines.source;
    let line = lines.around(primary);
    let number = lines.breaks.line(line.start);
    if line.len() > LONG_LINE {
        unseen.extend(notes.iter().map(|(_, text)| *text));
        let (shown, span) = lines.part(&line, primary);
        let column = 1 + source.text.get(line.start..primary.start).map_or(0, |before| before.chars().count());
        return group
            .element(Origin::path(source.name.as_str()).line(number).char_column(column))
            .element(Snippet::source(shown).line_start(number).annotation(AnnotationKind::Primary.span(span)));
    }
    let mut whole = line;
    let mut near = Vec::new();
    for (span, text) in notes {
        let grown = span.as_ref().map(|span| {
            let line = lines.around(span);
            (whole.start.min(line.start)..whole.end.max(line.end), span)
        });
        match grown {
            Some((grown, span)) if grown.len() <= LARGE_EXCERPT => {
                whole = grown;
                near.push((span, *text));
            }
            _ => unseen.push(text),
        }
    }
    let shown = source.text.get(whole.clone()).certain("lines are in the text");
    let within = |span: &ByteRange| span.start.saturating_sub(whole.start)..span.end.saturating_sub(whole.start);
    let snippet = Snippet::source(shown)
        .line_start(lines.breaks.line(whole.start))
        .path(source.name.as_str())
        .annotation(AnnotationKind::Primary.span(within(primary)))
        .annotations(
            near.into_iter()
                .map(|(span, text)| AnnotationKind::Context.span(within(span)).label(Cow::from(words(text)))),
        );
    group.element(snippet)
}

#[cfg(test)]
mod tests;
