//! Stage `format`: draft → formatted text.
//!
//! In: the draft of one file and its header. Out: the file's text, ending in one newline. Invariant: the layout
//! depends on the syntax tree alone, not on text in strings or comments, nor on an installed rustfmt.

mod layout;
pub(crate) mod macros;

use proc_macro2::TokenTree;

use crate::emit::Draft;
use crate::never::never;
use layout::Inside;

/// The columns that a line of a macro should not exceed.
const WIDTH: usize = 100;

/// Formats one file: the header's lines, then the items with one blank line between them.
///
/// One-line `use`, `mod` or `const` items without docs stay together, as do a macro call and the type above that it names.
///
/// # Errors
/// Returns an error if the tokens are not a valid Rust file, which is a bug of the generator.
pub fn format(header: &str, draft: Draft) -> Result<String, String> {
    let Draft { tokens, docs } = draft;
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    // Inner attributes: `#![…]`.
    let is_punct = |token: &TokenTree, wanted| matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted);
    let is_inner =
        |tokens: &&[TokenTree]| matches!(tokens, [hash, bang, _] if is_punct(hash, '#') && is_punct(bang, '!'));
    let inner = tokens.chunks_exact(3).take_while(is_inner).count() * 3;
    let (head, items) = tokens.split_at(inner);
    let head = if head.is_empty() { String::new() } else { Inside::File.unparse(head)? };
    let mut out = String::new();
    for part in [header, &head] {
        if !part.trim().is_empty() {
            push(&mut out, part, &docs, false);
        }
    }
    let (mut sort_above, mut type_above) = (None, None);
    for item in layout::split(items) {
        let text = self::item(item)?;
        let (sort, (is_type, subject)) = (sort(&text), subject(item));
        let stays = sort.is_some() && sort == sort_above || !is_type && subject.is_some() && subject == type_above;
        push(&mut out, &text, &docs, stays);
        sort_above = sort.filter(|_| text.trim_end().lines().count() == 1);
        type_above = subject.filter(|_| is_type);
    }
    Ok(out)
}

/// Adds a part with its doc comments, after a blank line unless it is the first or `stays` with the previous part.
fn push(out: &mut String, part: &str, docs: &[Vec<String>], stays: bool) {
    if !out.is_empty() && !stays {
        out.push('\n');
    }
    for line in part.trim_end().lines() {
        let Some((opening, number)) = doc_comment(line) else {
            out.extend([line, "\n"]);
            continue;
        };
        let missing = || never!(&[][..], "there is no doc comment {number}");
        let lines = docs.get(number).map_or_else(missing, Vec::as_slice);
        // Line breaks in a description do not end the comment.
        for text in lines.iter().flat_map(|line| line.split('\n')) {
            out.extend([opening, if text.is_empty() { "" } else { " " }, text, "\n"]);
        }
    }
}

/// Returns the opening and the number of a doc comment's placeholder, such as `///0`.
fn doc_comment(line: &str) -> Option<(&str, usize)> {
    let number = line.trim_start().strip_prefix("//")?.strip_prefix(['/', '!'])?;
    Some((line.strip_suffix(number)?, number.parse().ok()?))
}

/// Returns the kind of an item without attributes, which stays together with others of its kind.
fn sort(text: &str) -> Option<&'static str> {
    ["pub use ", "use ", "pub mod ", "mod ", "const ", "pub const "].into_iter().find(|sort| text.starts_with(sort))
}

/// Returns whether an item is a type, and the name of the type, or the first word inside a macro's brackets.
fn subject(item: &[TokenTree]) -> (bool, Option<String>) {
    let is_type = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "struct" || word == "enum");
    match item.iter().position(is_type) {
        Some(at) => (true, item.get(at + 1).map(ToString::to_string)),
        None => (false, macros::subject(item)),
    }
}

fn item(item: &[TokenTree]) -> Result<String, String> {
    let mut out = String::new();
    let written = || layout::item(&mut out, item, Inside::File).map(|()| out);
    macros::call(item).or_else(written).map_or_else(|| Inside::File.unparse(item), Ok)
}

#[cfg(test)]
mod tests;
