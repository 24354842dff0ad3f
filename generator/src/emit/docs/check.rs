//! Documentation: checks the result. In: finished lines. Out: whether they show their text without rustdoc lints.
//!
//! Invariant: only the lines are examined, with rustdoc's parser, so that bugs of earlier passes cannot hide.

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{code, link};
use clientwright_normalizer::hidden::is_hidden;

/// Returns the parser options of rustdoc: `main_body_opts` of rustdoc 1.95.
fn rustdoc_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
}

/// Returns `true` if readers see this text, ignoring white space.
pub(super) fn shows(lines: &[String], text: &str) -> bool {
    let markdown = lines.join("\n");
    let mut shown = String::with_capacity(text.len());
    for event in Parser::new_ext(&markdown, rustdoc_options() - Options::ENABLE_SMART_PUNCTUATION) {
        if let Event::Text(text) | Event::Code(text) = event {
            shown.push_str(&text);
        }
    }
    let visible = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    visible(&shown) == visible(text)
}

/// Returns `true` if the lines have no HTML, headings, images, footnotes, bare URLs, relative links, or code that rustdoc might run.
pub(super) fn is_harmless(lines: &[String]) -> bool {
    let text = lines.join("\n");
    let mut unresolved = false;
    let note = |_: BrokenLink<'_>| {
        unresolved = true;
        None
    };
    // URLs are allowed inside links and code.
    let mut covers = 0_usize;
    let harmless =
        Parser::new_with_broken_link_callback(&text, rustdoc_options(), Some(note)).all(|event| match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                covers += 1;
                match link_type {
                    LinkType::Inline | LinkType::Autolink => link::target(&dest_url).is_some(),
                    LinkType::Email => dest_url.contains('.'),
                    _ => false,
                }
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                covers += 1;
                code::language(&language) == &*language
            }
            Event::Start(
                Tag::CodeBlock(_)
                | Tag::HtmlBlock
                | Tag::Heading { .. }
                | Tag::Image { .. }
                | Tag::FootnoteDefinition(_),
            )
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_) => false,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => {
                covers = covers.saturating_sub(1);
                true
            }
            Event::Text(text) => covers > 0 || !has_bare_url(&text),
            _ => true,
        });
    harmless && !unresolved && !lines.iter().any(|line| line.chars().any(is_hidden))
}

fn has_bare_url(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let follows = |scheme: &str| {
        let mut after = text.match_indices(scheme).filter_map(|(at, _)| text.get(at + scheme.len()..)?.chars().next());
        after.any(|c| !c.is_whitespace())
    };
    follows("http://") || follows("https://")
}
