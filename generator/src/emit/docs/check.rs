//! Documentation: the proof of the sum. In come finished lines, out goes whether rustdoc would find anything in them
//! that it must not.
//!
//! Invariant: judged by the parser and options that rustdoc has, from the lines alone, so that a mistake of the passes
//! before cannot hide.

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{block, clean, link};

/// Whether the lines hold no HTML, heading, image, footnote, code that rustdoc might run, bare URL, nor link that is
/// not absolute.
pub(super) fn is_harmless(lines: &[String]) -> bool {
    if lines.iter().any(|line| line.chars().any(clean::is_hidden)) {
        return false;
    }
    let text = lines.join("\n");
    let mut unresolved = false;
    let mut note = |_: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        unresolved = true;
        None
    };
    // URLs may show inside of links and code.
    let mut covers = 0_usize;
    let harmless =
        Parser::new_with_broken_link_callback(&text, rustdoc_options(), Some(&mut note)).all(|event| match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                covers += 1;
                is_harmless_link(link_type, &dest_url)
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                covers += 1;
                block::language(&language) == &*language
            }
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => {
                covers = covers.saturating_sub(1);
                true
            }
            Event::Text(text) => covers > 0 || !has_bare_url(&text),
            Event::Start(tag) => is_harmless_tag(&tag),
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => false,
            _ => true,
        });
    harmless && !unresolved
}

/// What rustdoc parses with: `main_body_opts` of rustdoc 1.95.
fn rustdoc_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

fn is_harmless_tag(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::HtmlBlock
            | Tag::Heading { .. }
            | Tag::Image { .. }
            | Tag::FootnoteDefinition(_)
            | Tag::CodeBlock(CodeBlockKind::Indented)
    )
}

fn is_harmless_link(link_type: LinkType, destination: &str) -> bool {
    match link_type {
        LinkType::Inline | LinkType::Autolink => link::target(destination).is_some(),
        LinkType::Email => destination.contains('.'),
        _ => false,
    }
}

fn has_bare_url(text: &str) -> bool {
    text.match_indices("://").any(|(at, separator)| {
        let before = text.as_bytes().get(at.saturating_sub(5)..at).unwrap_or_default().to_ascii_lowercase();
        let after = text.get(at + separator.len()..).and_then(|after| after.chars().next());
        (before.ends_with(b"http") || before.ends_with(b"https")) && after.is_some_and(|c| !c.is_whitespace())
    })
}
