//! Documentation: from Markdown to the tree. In: clean text. Out: blocks.
//!
//! Invariant: only tags, comments, and destinations that rustdoc cannot link to are dropped.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::build::{Builder, Container};
use super::html::Html;
use super::tree::{Block, Inline, Span};
use super::{code, link};

/// Parses the text into blocks.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    let (mut events, html) = (Parser::new_ext(text, options), Html::of(text));
    let mut builder = Builder::default();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = if let CodeBlockKind::Fenced(info) = &kind { code::language(info) } else { "text" };
                builder.push(Block::Code { language, code: raw(&mut events) });
            }
            Event::Start(Tag::HtmlBlock) => {
                builder.finish();
                html.block(&mut builder, &raw(&mut events));
                builder.end_html();
            }
            Event::Start(Tag::Table(alignments)) => {
                builder.finish();
                let rows = rows(&mut builder, &mut events, &html);
                builder.push(Block::Table { alignments, rows });
            }
            Event::Rule => builder.push(Block::Rule),
            event => inline(&mut builder, event, &html),
        }
    }
    builder.into_blocks()
}

/// Returns the text up to the end of a block without inlines.
fn raw(events: &mut Parser<'_>) -> String {
    let mut raw = String::new();
    while let Some(Event::Text(text) | Event::Html(text)) = events.next() {
        raw.push_str(&text);
    }
    raw
}

fn rows(builder: &mut Builder, events: &mut Parser<'_>, html: &Html) -> Vec<Vec<Vec<Inline>>> {
    let mut rows: Vec<Vec<_>> = Vec::new();
    builder.inline_only = true;
    for event in events {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::End(TagEnd::TableCell) => {
                rows.last_mut().into_iter().for_each(|row| row.push(builder.take_inlines()));
            }
            Event::End(TagEnd::Table) => break,
            event => inline(builder, event, html),
        }
    }
    builder.inline_only = false;
    rows
}

fn inline(builder: &mut Builder, event: Event<'_>, html: &Html) {
    match event {
        Event::Start(tag) => start(builder, tag),
        Event::End(tag) => end(builder, tag),
        Event::Text(text) => builder.text(&text),
        Event::Code(code) => builder.code(&code),
        Event::InlineHtml(tag) => html.tag(builder, &tag),
        Event::SoftBreak => builder.soft_break(),
        Event::HardBreak => builder.hard_break(),
        // Events of disabled extensions.
        _ => {}
    }
}

fn start(builder: &mut Builder, tag: Tag<'_>) {
    match tag {
        Tag::Paragraph => builder.loosen(),
        Tag::Heading { .. } => {
            builder.finish();
            builder.inline_only = true;
            builder.open(Span::Strong);
        }
        Tag::BlockQuote(kind) => {
            builder.start(Container::Quote, false);
            if let Some(kind) = kind {
                builder.open(Span::Strong);
                // The name of a kind is its title: Note, Warning, …
                builder.text(&format!("{kind:?}:"));
                builder.close(&Span::Strong);
                builder.text(" ");
            }
        }
        Tag::List(first) => builder.start(Container::list(first), false),
        Tag::Strong => builder.open(Span::Strong),
        Tag::Emphasis => builder.open(Span::Emphasis),
        Tag::Strikethrough => builder.open(Span::Strike),
        Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
            builder.open_link(link::target(&format!("mailto:{dest_url}")));
        }
        // An image becomes a link, so that the reader's browser does not fetch it.
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => builder.open_link(link::target(&dest_url)),
        _ => {}
    }
}

fn end(builder: &mut Builder, tag: TagEnd) {
    match tag {
        TagEnd::Paragraph => builder.end_html(),
        TagEnd::Heading(_) => {
            builder.close(&Span::Strong);
            builder.inline_only = false;
            builder.finish();
        }
        TagEnd::Item => {
            builder.end_html();
            builder.end_item();
        }
        TagEnd::BlockQuote(_) | TagEnd::List(_) => {
            builder.end_html();
            builder.end();
        }
        TagEnd::Strong => builder.close(&Span::Strong),
        TagEnd::Emphasis => builder.close(&Span::Emphasis),
        TagEnd::Strikethrough => builder.close(&Span::Strike),
        TagEnd::Link | TagEnd::Image => builder.close_link(),
        _ => {}
    }
}
