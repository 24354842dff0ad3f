//! Documentation → elements.
//!
//! In: Markdown from the doc comments of generated code. Out: JSON: a text, or an array of an element's name and its children; Rust code is
//! `["rust", lines]`, a link is `["a", address, children…]`. Invariant: HTML is shown as text, and links only lead to web pages.

use pulldown_cmark::{BrokenLink, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag};
use serde_json::{Value, json};

use crate::highlight::highlighted;
use crate::visible;

/// The schemes of links in generated documentation, except links to items.
const WEB: [&str; 2] = ["https://", "http://"];

/// Returns the elements of a text.
pub(crate) fn elements(markdown: &str) -> Vec<Value> {
    // The target of a link to an item is its own name, which only rustdoc can resolve.
    let item = |link: BrokenLink<'_>| Some((CowStr::from(link.reference.to_string()), CowStr::Borrowed("")));
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let parser = Parser::new_with_broken_link_callback(markdown, options, Some(item));
    let mut open = vec![vec![]];
    for event in parser {
        let text = match event {
            Event::Start(tag) => {
                open.push(start(&tag));
                continue;
            }
            Event::End(_) => match open.pop() {
                Some(element) => finished(element),
                None => continue,
            },
            Event::Code(code) => json!(["code", visible(&code)]),
            Event::SoftBreak => json!(" "),
            Event::HardBreak => json!(["br"]),
            Event::Rule => json!(["hr"]),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => json!(visible(&text)),
            _ => continue,
        };
        open.last_mut().into_iter().for_each(|parent| parent.push(text.clone()));
    }
    open.into_iter().next().unwrap_or_default()
}

/// Returns the beginning of an element.
fn start(tag: &Tag<'_>) -> Vec<Value> {
    let name = match tag {
        Tag::Link { dest_url, .. } if WEB.iter().any(|scheme| dest_url.starts_with(scheme)) => {
            return vec![json!("a"), json!(visible(dest_url))];
        }
        // Rust, unless the block has another language.
        Tag::CodeBlock(CodeBlockKind::Fenced(language)) if ["", "ignore", "no_run"].contains(&&**language) => "rust",
        Tag::CodeBlock(_) => "pre",
        Tag::Heading { level: HeadingLevel::H1, .. } => "h3",
        Tag::Heading { .. } => "h4",
        Tag::BlockQuote(_) => "blockquote",
        Tag::List(None) => "ul",
        Tag::List(Some(_)) => "ol",
        Tag::Item => "li",
        Tag::Table(_) => "table",
        Tag::TableHead | Tag::TableRow => "tr",
        Tag::TableCell => "td",
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        Tag::Strikethrough => "s",
        Tag::Paragraph | Tag::HtmlBlock => "p",
        // Images are not loaded: their descriptions are shown.
        _ => "span",
    };
    vec![json!(name)]
}

/// Returns a finished element.
fn finished(element: Vec<Value>) -> Value {
    if element.first().is_some_and(|name| name == "rust") {
        let code: String = element.iter().skip(1).filter_map(Value::as_str).collect();
        return json!(["rust", highlighted(&code)]);
    }
    Value::Array(element)
}
