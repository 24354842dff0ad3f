//! Diagnostics as text, in rustc's style.

use std::borrow::Cow;
use std::collections::BTreeMap;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};

use super::{ByteRange, Diagnostic, DiagnosticKind, Highlight};
use crate::source::Source;
use crate::spans::{LineBreaks, Spans, boundary};

/// Longer lines (minified JSON) are cut before the renderer sees them; it cuts shorter ones to the terminal's width.
const LONG_LINE: usize = 10_000;

/// Longer messages quote a text or a key of the document that nobody wants to read as a whole: they are cut.
const LONG_MESSAGE: usize = 2_000;

/// Places that are farther apart than this are not shown in one excerpt.
const LARGE_EXCERPT: usize = 64 << 10;

/// Renders diagnostics for people: kind, code and message, the place in the source with an excerpt, the help and the JSON
/// pointer. They come in the order of the sources and of their places in them. Plain text, or with ANSI colours.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], sources: &[Source], colour: bool) -> String {
    let mut lookup = Lookup { sources, spans: BTreeMap::new() };
    let mut placed: Vec<Placed<'_>> = diagnostics.iter().map(|diagnostic| lookup.place(diagnostic)).collect();
    placed.sort_by_key(|placed| {
        (placed.source.unwrap_or(usize::MAX), placed.primary.as_ref().map_or(0, |span| span.start))
    });
    let lines: Vec<Lines<'_>> = sources.iter().map(Lines::of).collect();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let rendered: Vec<String> = placed
        .iter()
        .map(|placed| {
            let lines = placed.source.and_then(|index| lines.get(index));
            format!("{}\n", renderer.render(&[group(placed, lines)]).trim_end())
        })
        .collect();
    rendered.join("\n")
}

/// A diagnostic and its places in the source.
struct Placed<'d> {
    diagnostic: &'d Diagnostic,
    source: Option<usize>,
    primary: Option<ByteRange>,
    notes: Vec<(Option<ByteRange>, &'d str)>,
}

/// Positions, found once per source and only if needed.
struct Lookup<'s> {
    sources: &'s [Source],
    spans: BTreeMap<usize, Spans>,
}

impl Lookup<'_> {
    fn place<'d>(&mut self, diagnostic: &'d Diagnostic) -> Placed<'d> {
        let index = self.sources.iter().position(|source| source.name == diagnostic.file);
        let source = index.and_then(|index| self.sources.get(index).map(|source| (index, source)));
        let Some((index, source)) = source else {
            let notes = diagnostic.notes.iter().map(|(_, text)| (None, text.as_str())).collect();
            return Placed { diagnostic, source: None, primary: None, notes };
        };
        let needs_spans =
            diagnostic.span.is_none() && !diagnostic.pointer.as_str().is_empty() || !diagnostic.notes.is_empty();
        let spans = needs_spans.then(|| self.spans.entry(index).or_insert_with(|| Spans::of(&source.text)));
        let find = |pointer, place| spans.as_deref().and_then(|spans| spans.find(pointer, place));
        let primary = diagnostic.span.clone().or_else(|| find(&diagnostic.pointer, diagnostic.place));
        let note = |(pointer, text): &'d (_, String)| {
            (find(pointer, Highlight::Key).map(|span| on_one_line(&source.text, span)), text.as_str())
        };
        let notes = diagnostic.notes.iter().map(note).collect();
        Placed { diagnostic, source: Some(index), primary: primary.map(|span| on_one_line(&source.text, span)), notes }
    }
}

/// The span up to the end of its first line, inside of the text and on character boundaries.
fn on_one_line(text: &str, span: ByteRange) -> ByteRange {
    let start = boundary(text, span.start);
    let end = boundary(text, span.end).max(start);
    let shown = text.get(start..end).unwrap_or_default();
    start..start + shown.split(['\n', '\r']).next().unwrap_or_default().len()
}

/// Words that may quote the document: without control characters, and not longer than anybody reads.
fn words(text: &str) -> String {
    match text.char_indices().nth(LONG_MESSAGE) {
        Some((end, _)) => format!("{}…", normalize_untrusted_str(text.get(..end).unwrap_or_default())),
        None => normalize_untrusted_str(text),
    }
}

fn group<'t>(placed: &Placed<'t>, lines: Option<&Lines<'t>>) -> Group<'t> {
    let diagnostic = placed.diagnostic;
    let level = match diagnostic.kind {
        DiagnosticKind::Invalid => Level::ERROR.with_name("invalid"),
        DiagnosticKind::Unsupported => Level::WARNING.with_name("unsupported"),
        DiagnosticKind::Bug => Level::ERROR.with_name("bug"),
    };
    let title = level.primary_title(words(&diagnostic.message)).id(diagnostic.code.0);
    let mut group = Group::with_title(title);
    let mut unseen: Vec<&str> = Vec::new();
    group = match (lines, &placed.primary) {
        (Some(lines), Some(primary)) => excerpt(group, lines, primary, &placed.notes, &mut unseen),
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
    group
}

/// The lines around the primary place, and around the notes if they are near. What is not shown goes to `unseen`.
fn excerpt<'t>(
    group: Group<'t>,
    lines: &Lines<'t>,
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
    let shown = source.text.get(whole.clone()).unwrap_or_default();
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

/// Lines of a source by byte offset.
struct Lines<'t> {
    source: &'t Source,
    text: &'t str,
    breaks: LineBreaks,
}

impl<'t> Lines<'t> {
    fn of(source: &'t Source) -> Self {
        Self { source, text: &source.text, breaks: LineBreaks::of(&source.text) }
    }

    /// The line of the span's start, without its line break.
    fn around(&self, span: &ByteRange) -> ByteRange {
        let start = self.text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let rest = self.text.get(span.start..).unwrap_or_default();
        let length = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r').len();
        start..span.start + length
    }

    /// A part of a long line around the span, and the span within it.
    fn part(&self, line: &ByteRange, span: &ByteRange) -> (&'t str, ByteRange) {
        let start = boundary(self.text, span.start.saturating_sub(60).max(line.start));
        let end = boundary(self.text, (span.start + 80).min(line.end));
        let shown = self.text.get(start..end).unwrap_or_default();
        (shown, span.start - start..span.end.min(end) - start)
    }
}

#[cfg(test)]
mod tests;
