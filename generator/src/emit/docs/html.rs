//! Documentation: HTML. In: tags and blocks of HTML. Out: their meaning, if Markdown can express it.
//!
//! Invariant: no tag is passed on. Known ones become Markdown or nothing, all others are text: `<id>` in a
//! description is usually a placeholder, not a tag. A tag that is never closed is not a tag either.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Parser};

use super::build::{Builder, Container};
use super::tree::{Block, Span};
use super::{clean, inline, link};
use crate::name::is_among;

/// Tags without an end tag, or with an optional one.
const UNCLOSED: &str = "br dd dt hr img li p wbr";
/// Tags that begin and end paragraphs; the last five come from documentation generators.
const BLOCKS: &str =
    "blockquote center dd details div dl dt hr p pre section summary fullname important note para remarks";
/// Tags without a meaning in Markdown.
const PLAIN: &str = "abbr big font ins nobr small span sub u wbr";
/// Tags that format code.
const DECORATION: &str = "a b code em i span strong";

/// The names that are tags in a description: [`UNCLOSED`], and those with an end tag in the description.
pub(super) struct Html(BTreeSet<String>);

impl Html {
    pub(super) fn of(text: &str) -> Self {
        Self(text.split("</").skip(1).map(name_of).chain(UNCLOSED.split(' ').map(str::to_owned)).collect())
    }

    /// Processes a tag, comment or similar piece, as split by the parser or [`Html::block`].
    pub(super) fn tag(&self, builder: &mut Builder, tag: &str) {
        if tag.starts_with("<!--") {
            return;
        }
        let closing = tag.starts_with("</");
        let inner = tag.trim_start_matches(['<', '/']);
        let name = name_of(inner);
        let ends = inner.get(name.len()..).is_some_and(|rest| rest.starts_with([' ', '\n', '>', '/']));
        if !ends || !self.0.contains(&name) {
            return builder.text(tag);
        }
        match name.as_str() {
            "b" | "strong" => span(builder, Span::Strong, closing),
            "cite" | "dfn" | "em" | "i" => span(builder, Span::Emphasis, closing),
            "del" | "s" | "strike" => span(builder, Span::Strike, closing),
            "code" | "kbd" | "samp" | "tt" => span(builder, Span::Code, closing),
            "a" if closing => builder.close_link(),
            "a" => builder.open_link(attribute(tag, "href").and_then(|href| link::target(&href))),
            "img" => builder.text(&attribute(tag, "alt").unwrap_or_default()),
            "sup" => builder.text(if closing { "" } else { "^" }),
            plain if is_among(plain, &[PLAIN]) => {}
            "br" => builder.hard_break(),
            block if is_among(block, &[BLOCKS]) => builder.end_paragraph(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                builder.close(&Span::Strong);
                builder.end_paragraph();
                if !closing {
                    builder.open(Span::Strong);
                }
            }
            "li" | "ol" | "ul" => list(builder, &name, closing),
            _ => builder.text(tag),
        }
    }

    /// Processes a block of HTML, whose text is not Markdown (CommonMark 0.31 §4.6).
    pub(super) fn block(&self, builder: &mut Builder, html: &str) {
        let mut pieces = pieces(html).into_iter();
        while let Some(piece) = pieces.next() {
            if !is_tag(piece) {
                prose(builder, piece);
            } else if is_pre(piece, "<") && builder.can_break() {
                builder.push(preformatted(pieces.by_ref().take_while(|piece| !is_pre(piece, "</"))));
            } else {
                self.tag(builder, piece);
            }
        }
    }
}

fn span(builder: &mut Builder, span: Span, closing: bool) {
    if closing { builder.close(&span) } else { builder.open(span) }
}

/// Processes a list tag; where no list is allowed, writes a bullet or a space.
fn list(builder: &mut Builder, name: &str, closing: bool) {
    match (name, closing) {
        _ if !builder.can_break() => builder.text(if name == "li" && !closing { " • " } else { " " }),
        ("ul", false) => builder.start(Container::list(None), true),
        ("ol", false) => builder.start(Container::list(Some(1)), true),
        ("li", false) if !builder.in_html() => builder.start(Container::list(None), true),
        _ if !builder.in_html() => builder.finish(),
        ("li", _) => builder.end_nonempty_item(),
        _ => builder.end(),
    }
}

/// Returns the name at the start of the text, in lower case.
fn name_of(text: &str) -> String {
    text.chars().take_while(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the value of a quoted attribute.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let starts = |at: &usize| lower.get(..*at).is_some_and(|before| before.ends_with([' ', '\n']));
    let at = lower.match_indices(name).map(|(at, _)| at).find(starts)?;
    let value = tag.get(at + name.len()..)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| "\"'".contains(*c))?;
    value.split(quote).nth(1).map(|value| decode(value).trim().to_owned())
}

/// Splits HTML into text, tags and comments. A `<` that starts neither is a separate piece.
fn pieces(html: &str) -> Vec<&str> {
    let last_comment_end = html.rfind("-->").unwrap_or_default();
    let mut pieces = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let before_comment_end = html.len() - rest.len() < last_comment_end;
        let length = if rest.starts_with("<!--") && before_comment_end {
            rest.find("-->").map_or(1, |end| end + "-->".len())
        } else if rest.starts_with('<') {
            tag_length(rest).unwrap_or(1)
        } else {
            rest.find('<').unwrap_or(rest.len())
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// Returns the length of the tag at the start of the text.
fn tag_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find(['<', '>'])?;
    let is_tag = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && inner.get(end..)?.starts_with('>');
    is_tag.then_some(end + 2)
}

fn is_tag(piece: &str) -> bool {
    piece.starts_with('<') && piece.len() > 1
}

fn is_pre(piece: &str, start: &str) -> bool {
    piece.strip_prefix(start).is_some_and(|inner| name_of(inner) == "pre")
}

/// Processes text between tags: entities are decoded, line ends are spaces. Only unclosed blocks have blank lines.
fn prose(builder: &mut Builder, raw: &str) {
    for (at, paragraph) in raw.split("\n\n").enumerate() {
        if at > 0 {
            builder.end_paragraph();
        }
        for (at, line) in paragraph.split('\n').enumerate() {
            if at > 0 {
                builder.soft_break();
            }
            builder.text(&decode(line));
        }
    }
}

/// Returns the content of `<pre>`, without decoration.
fn preformatted<'h>(pieces: impl Iterator<Item = &'h str>) -> Block {
    let mut code = String::new();
    for piece in pieces {
        let name = name_of(piece.trim_start_matches(['<', '/']));
        if !is_tag(piece) {
            code.push_str(&decode(piece));
        } else if !is_among(&name, &[DECORATION]) {
            code.push_str(piece);
        }
    }
    Block::Code { language: "text", code: clean::text(&code) }
}

/// Decodes entities.
fn decode(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (entity, after) = after.split_at_checked(inline::entity_length(after)).unwrap_or(("", after));
        // The parser supports all entities.
        for event in Parser::new(&format!("&{entity}")) {
            if let Event::Text(decoded) = event {
                text.push_str(&decoded);
            }
        }
        rest = after;
    }
    text + rest
}
