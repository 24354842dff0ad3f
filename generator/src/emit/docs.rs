//! Documentation: from a document's free text to the lines of a doc comment. In: a `description`, CommonMark by
//! OpenAPI 3.0.3 §4.3 from untrusted sources. Out: lines with the same meaning in rustdoc.
//!
//! Invariant: no line contains a line end, a hidden character, HTML, a doctest or a link to a Rust item, and neither
//! rustdoc nor clippy reports a lint. [`check`] verifies every result; text that fails becomes a code block.
//!
//! Text without markup needs [`layout`] alone. Passes for other text: [`clean`] removes characters; [`parse`] and [`html`] create a
//! [`tree`] with a [`build`]er; [`mod@write`] writes lines for its blocks, with [`inline`] for the contents of a paragraph and [`layout`]
//! for its lines.

mod build;
mod check;
mod clean;
mod code;
mod html;
mod inline;
mod layout;
mod link;
mod parse;
#[cfg(test)]
mod tests;
mod tree;
mod write;

use crate::memo::Memo;

thread_local! {
    /// The lines of each text with markup, because many parameters and responses share their texts.
    static KNOWN: Memo<Vec<String>> = Memo::default();
}

/// Returns the lines of a doc comment, without leading space; empty if nothing is visible.
pub(crate) fn lines(text: &str) -> Vec<String> {
    prose(text).unwrap_or_else(|| KNOWN.with(|known| known.get(text, |text| checked(&clean::text(text)))))
}

/// Returns the lines of text with markup; a code block if a check fails.
fn checked(text: &str) -> Vec<String> {
    let lines = markdown(text);
    if check::is_harmless(&lines) { lines } else { code::block(text, "text") }
}

/// Returns the lines of text without markup, without a parser. `None` for other text.
fn prose(text: &str) -> Option<Vec<String>> {
    let is_plain = |line: &str| {
        line.starts_with(|first: char| first.is_ascii_alphabetic())
            && !line.ends_with(' ')
            && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" !\"$%'()+,-./:;=?".contains(&byte))
    };
    let paragraphs = text.trim_end().split("\n\n").map(|paragraph| {
        let words = || layout::paragraph(&layout::words(paragraph), layout::WIDTH);
        (paragraph.split('\n').all(is_plain) && !paragraph.contains("://")).then(words)
    });
    Some(paragraphs.collect::<Option<Vec<_>>>()?.join(&String::new()))
}

/// Returns the lines before they are checked.
fn markdown(text: &str) -> Vec<String> {
    write::lines(&parse::blocks(&clean::dedented(text)), layout::WIDTH, false)
}

/// Joins paragraphs with blank lines, skipping empty ones.
pub(crate) fn paragraphs(all: impl IntoIterator<Item = Vec<String>>) -> Vec<String> {
    let all: Vec<Vec<String>> = all.into_iter().filter(|paragraph| !paragraph.is_empty()).collect();
    all.join(&String::new())
}

/// Returns the first paragraph, or all lines if a code block begins in it.
pub(crate) fn summary(lines: &[String]) -> Vec<String> {
    let summary: Vec<String> = lines.iter().take_while(|line| !line.is_empty()).cloned().collect();
    if summary.iter().any(|line| line.contains("```")) { lines.to_vec() } else { summary }
}

/// Returns a list below its title; empty if the list is empty.
pub(crate) fn titled(title: &str, items: Vec<String>) -> Vec<String> {
    if items.is_empty() { items } else { paragraphs([vec![title.to_owned()], items]) }
}

/// Returns a block of Rust that `rustdoc` shows but does not run.
pub(crate) fn example(lines: &[String]) -> Vec<String> {
    [&["```ignore".to_owned()], lines, &["```".to_owned()]].concat()
}

/// Returns a list item from `label`, which is Markdown, and the lines of a doc comment. A block begins on its own line.
pub(crate) fn item(label: &str, lines: &[String]) -> Vec<String> {
    let lines = match lines.split_first() {
        None => vec![label.to_owned()],
        Some((first, others)) if layout::is_prose(first) => [&[format!("{label}: {first}")], others].concat(),
        Some(_) => [&[format!("{label}:"), String::new()], lines].concat(),
    };
    write::prefixed("- ", "  ", &lines)
}

/// Returns a code span of the text; a space if nothing is visible.
pub(crate) fn code(text: impl AsRef<str>) -> String {
    let clean = clean::line(text.as_ref());
    code::span(if clean.is_empty() { " " } else { &clean })
}
