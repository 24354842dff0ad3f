//! Documentation: HTML. In come tags and blocks of HTML, out goes what they mean, as far as Markdown can say it.
//!
//! Invariant: no tag is passed on. Known ones become Markdown or nothing, all others are text, for `<id>` in a
//! description is a placeholder far more often than a tag. A tag that is never closed is no tag either.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

use super::block::Writer;
use super::clean;
use super::inline::Mark;
use super::link;

/// How long a tag or an entity may be; bounds what is looked at again and again.
const MAX_TAG: usize = 2000;
const MAX_ENTITY: usize = 40;

/// What a tag says.
#[derive(Clone, Copy)]
enum Meaning {
    Mark(Mark),
    Code,
    Preformatted,
    Link,
    Image,
    Break,
    Block,
    Heading,
    List {
        ordered: bool,
    },
    Item,
    /// `2<sup>64</sup>`
    Power,
    Nothing,
}

const TAGS: &[(&str, Meaning)] = &[
    ("a", Meaning::Link),
    ("abbr", Meaning::Nothing),
    ("b", Meaning::Mark(Mark::Strong)),
    ("big", Meaning::Nothing),
    ("blockquote", Meaning::Block),
    ("br", Meaning::Break),
    ("center", Meaning::Block),
    ("cite", Meaning::Mark(Mark::Emphasis)),
    ("code", Meaning::Code),
    ("dd", Meaning::Block),
    ("del", Meaning::Mark(Mark::Strike)),
    ("details", Meaning::Block),
    ("dfn", Meaning::Mark(Mark::Emphasis)),
    ("div", Meaning::Block),
    ("dl", Meaning::Block),
    ("dt", Meaning::Block),
    ("em", Meaning::Mark(Mark::Emphasis)),
    ("font", Meaning::Nothing),
    ("h1", Meaning::Heading),
    ("h2", Meaning::Heading),
    ("h3", Meaning::Heading),
    ("h4", Meaning::Heading),
    ("h5", Meaning::Heading),
    ("h6", Meaning::Heading),
    ("hr", Meaning::Block),
    ("i", Meaning::Mark(Mark::Emphasis)),
    ("img", Meaning::Image),
    ("ins", Meaning::Nothing),
    ("kbd", Meaning::Code),
    ("li", Meaning::Item),
    ("nobr", Meaning::Nothing),
    ("ol", Meaning::List { ordered: true }),
    ("p", Meaning::Block),
    ("pre", Meaning::Preformatted),
    ("s", Meaning::Mark(Mark::Strike)),
    ("samp", Meaning::Code),
    ("section", Meaning::Block),
    ("small", Meaning::Nothing),
    ("span", Meaning::Nothing),
    ("strike", Meaning::Mark(Mark::Strike)),
    ("strong", Meaning::Mark(Mark::Strong)),
    ("sub", Meaning::Nothing),
    ("summary", Meaning::Block),
    ("sup", Meaning::Power),
    ("tt", Meaning::Code),
    ("u", Meaning::Nothing),
    ("ul", Meaning::List { ordered: false }),
    ("wbr", Meaning::Nothing),
];

/// Tags that stand alone, or whose end may be left out.
const UNCLOSED: &[&str] = &["br", "dd", "dt", "hr", "img", "li", "p", "wbr"];

/// What is to be known of the HTML in a text.
#[derive(Default)]
pub(super) struct Html {
    /// The known tags that are closed somewhere.
    closed: Vec<&'static str>,
    /// The code that is open: its tag, and its text so far.
    code: Option<(String, String)>,
}

impl Html {
    pub(super) fn of(text: &str) -> Self {
        let mut closed = Vec::new();
        for (at, start) in text.match_indices("</") {
            let name = name_of(text.get(at + start.len()..).unwrap_or_default());
            if let Some((known, _)) = known(name).filter(|(known, _)| !closed.contains(known)) {
                closed.push(known);
            }
        }
        Self { closed, code: None }
    }

    /// Where text goes instead of the paragraph.
    pub(super) fn code_mut(&mut self) -> Option<&mut String> {
        self.code.as_mut().map(|(_, text)| text)
    }
}

fn name_of(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

fn known(name: &str) -> Option<(&'static str, Meaning)> {
    TAGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).copied()
}

/// Text that is no tag.
pub(super) fn text(writer: &mut Writer, text: &str) {
    match writer.html.code_mut() {
        Some(code) => code.push_str(text),
        None => writer.inline.text(text),
    }
}

/// Ends `<code>` where a paragraph ends: the tag was not closed in it, so it is text.
pub(super) fn close_code(writer: &mut Writer) {
    if let Some((tag, text)) = writer.html.code.take() {
        writer.inline.text(&tag);
        writer.inline.text(&text);
    }
}

/// One tag, comment or the like, as the parser or [`block`] cut it out.
pub(super) fn tag(writer: &mut Writer, tag: &str) {
    if tag.starts_with("<!--") {
        return;
    }
    let inner = tag.trim_start_matches('<');
    let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    let name = name_of(inner);
    let attributes = inner.get(name.len()..).unwrap_or_default();
    let is_tag = attributes.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/');
    let meaning =
        known(name).filter(|(name, _)| is_tag && (UNCLOSED.contains(name) || writer.html.closed.contains(name)));
    if let Some((_, Meaning::Code)) = meaning {
        return code(writer, tag, closing);
    }
    match (meaning, writer.html.code_mut()) {
        (Some((_, meaning)), None) => apply(writer, meaning, closing, attributes),
        // Inside of code, tags that only decorate are left out.
        (Some((_, Meaning::Mark(_) | Meaning::Link | Meaning::Nothing)), Some(_)) => {}
        _ => text(writer, tag),
    }
}

fn code(writer: &mut Writer, tag: &str, closing: bool) {
    if !closing {
        if writer.html.code.is_none() {
            writer.html.code = Some((tag.to_owned(), String::new()));
        }
    } else if let Some((_, code)) = writer.html.code.take() {
        writer.inline.code(code.trim());
    }
}

fn apply(writer: &mut Writer, meaning: Meaning, closing: bool, attributes: &str) {
    match meaning {
        Meaning::Mark(mark) if closing => writer.inline.close(mark),
        Meaning::Mark(mark) => writer.inline.open(mark),
        Meaning::Link if closing => writer.inline.close_link(),
        Meaning::Link => writer.inline.open_link(attribute(attributes, "href").and_then(|href| link::target(&href))),
        Meaning::Image => writer.inline.text(&attribute(attributes, "alt").unwrap_or_default()),
        Meaning::Power if !closing => writer.inline.text("^"),
        Meaning::Power | Meaning::Nothing | Meaning::Code => {}
        Meaning::Item if !writer.can_break() => writer.inline.text(if closing { " " } else { " • " }),
        _ if !writer.can_break() => writer.inline.text(" "),
        Meaning::Break => writer.inline.hard_break(),
        Meaning::Heading => {
            if closing {
                writer.inline.close(Mark::Strong);
            }
            writer.finish_paragraph(false);
            if !closing {
                writer.inline.open(Mark::Strong);
            }
        }
        Meaning::Block | Meaning::Preformatted => writer.finish_paragraph(false),
        Meaning::List { .. } | Meaning::Item => list(writer, meaning, closing),
    }
}

fn list(writer: &mut Writer, meaning: Meaning, closing: bool) {
    match meaning {
        Meaning::List { ordered } if !closing => writer.start_list(ordered.then_some(1), true),
        Meaning::List { .. } => {
            writer.finish_paragraph(true);
            writer.close_html_frame(true);
            writer.close_html_frame(false);
        }
        _ => {
            writer.finish_paragraph(true);
            writer.close_html_frame(true);
            if !closing {
                if !writer.in_html_list() {
                    writer.start_list(None, true);
                }
                writer.start_item(true);
            }
        }
    }
}

/// The value of an attribute that is in quotes.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let lower = attributes.to_ascii_lowercase();
    let at = lower
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| lower.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace)))?;
    let value = attributes.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| *c == '"' || *c == '\'')?;
    value.split(quote).nth(1).map(|value| decode(value).trim().to_owned())
}

/// Cuts HTML into text and tags.
struct Pieces<'h> {
    rest: &'h str,
    /// Length of what comes after the last comment's end: known beforehand, lest every `<!--` be followed to the end in
    /// vain.
    after_comments: usize,
}

/// A tag, or a comment, is told from text by the `<` that it starts with; a single `<` is text.
impl<'h> Pieces<'h> {
    fn of(html: &'h str) -> Self {
        Self { rest: html, after_comments: html.rfind("-->").map_or(usize::MAX, |end| html.len() - end) }
    }

    fn tag_length(&self) -> usize {
        match self.rest.strip_prefix("<!--") {
            Some(comment) if comment.len() >= self.after_comments => {
                comment.find("-->").map_or(1, |end| "<!--".len() + end + "-->".len())
            }
            Some(_) => 1,
            None => tag_length(self.rest),
        }
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = &'h str;

    fn next(&mut self) -> Option<&'h str> {
        if self.rest.is_empty() {
            return None;
        }
        let length =
            if self.rest.starts_with('<') { self.tag_length() } else { self.rest.find('<').unwrap_or(self.rest.len()) };
        let (piece, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(piece)
    }
}

/// A block of HTML, whose text is not Markdown (CommonMark 0.31 §4.6).
pub(super) fn block(writer: &mut Writer, html: &str) {
    let mut pieces = Pieces::of(html);
    while let Some(piece) = pieces.next() {
        if !piece.starts_with('<') || piece.len() == 1 {
            prose(writer, piece);
        } else if is_preformatted(piece, "<") && writer.can_break() {
            preformatted(writer, &mut pieces);
        } else {
            tag(writer, piece);
        }
    }
}

fn is_preformatted(tag: &str, start: &str) -> bool {
    tag.strip_prefix(start).is_some_and(|inner| name_of(inner).eq_ignore_ascii_case("pre"))
}

/// Text between tags: entities stand for characters, line ends are spaces. Blank lines are only in what the parser did
/// not find the end of.
fn prose(writer: &mut Writer, raw: &str) {
    let mut lines = raw.split('\n').peekable();
    text(writer, &decode(lines.next().unwrap_or_default()));
    while let Some(line) = lines.next() {
        let is_blank = line.trim().is_empty() && lines.peek().is_some() && writer.can_break();
        match writer.html.code_mut() {
            Some(code) => code.push(' '),
            None if is_blank => writer.finish_paragraph(false),
            None => writer.inline.soft_break(),
        }
        text(writer, &decode(line.trim_start()));
    }
}

/// Code up to `</pre>`.
fn preformatted(writer: &mut Writer, pieces: &mut Pieces<'_>) {
    let mut code = String::new();
    for piece in pieces.take_while(|piece| !is_preformatted(piece, "</")) {
        if !piece.starts_with('<') {
            code.push_str(&decode(piece));
        } else if known(name_of(piece.trim_start_matches(['<', '/']))).is_none() {
            code.push_str(piece);
        }
    }
    let mut lines = String::with_capacity(code.len());
    for line in code.split('\n') {
        clean::push_line(&mut lines, line);
        lines.push('\n');
    }
    writer.code("text", &lines);
}

/// Length of the tag at the start of the text; 1 if there is only its `<`.
fn tag_length(text: &str) -> usize {
    let Some(inner) = text.get(1..).filter(|inner| inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'))
    else {
        return 1;
    };
    let mut quote = None;
    for (at, c) in inner.char_indices().take(MAX_TAG) {
        match (quote, c) {
            (None, '>') => return at + 2,
            (None, '<') => return 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    1
}

/// Entities as the characters they stand for.
fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('&') {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, entity)) = rest.find('&').and_then(|at| rest.split_at_checked(at)) {
        text.push_str(before);
        let length = entity.bytes().take(MAX_ENTITY).position(|byte| byte == b';').map_or(1, |at| at + 1);
        let (entity, after) = entity.split_at_checked(length).unwrap_or((entity, ""));
        match entity {
            "&lt;" => text.push('<'),
            "&gt;" => text.push('>'),
            "&amp;" => text.push('&'),
            "&quot;" => text.push('"'),
            "&nbsp;" => text.push('\u{a0}'),
            "&" => text.push('&'),
            // The parser knows all of them.
            other => Parser::new(other).for_each(|event| {
                if let Event::Text(decoded) = event {
                    text.push_str(&decoded);
                }
            }),
        }
        rest = after;
    }
    text.push_str(rest);
    Cow::Owned(text)
}
