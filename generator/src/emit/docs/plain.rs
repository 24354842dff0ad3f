//! Documentation, the short way: prose without markup, which most descriptions are. In comes clean text, out go its
//! lines.
//!
//! Invariant: text that passes [`is_plain`] reads the same as Markdown and as it is.

use super::layout;

/// Whether nothing in the text means anything to a Markdown parser or to rustdoc. Only a quick guess: prose may be
/// refused.
pub(super) fn is_plain(text: &str) -> bool {
    text.split('\n').all(|line| {
        let Some(first) = line.bytes().next() else {
            return true;
        };
        let starts_plainly = first.is_ascii_alphanumeric() || !first.is_ascii() || b"\"'($@%".contains(&first);
        starts_plainly && !layout::is_list_number(line) && !line.ends_with("  ") && has_no_markup(line.as_bytes())
    })
}

fn has_no_markup(line: &[u8]) -> bool {
    let mut before = b' ';
    let mut rest = line;
    while let [byte, after @ ..] = rest {
        let harmless = match byte {
            b'`' | b'*' | b'[' | b']' | b'<' | b'&' | b'\\' | b'|' | b'~' => false,
            // An underscore inside a word (CommonMark 0.31 §6.2, rule 2).
            b'_' => before.is_ascii_alphanumeric() && after.first().is_some_and(u8::is_ascii_alphanumeric),
            b':' => !after.starts_with(b"//"),
            _ => true,
        };
        if !harmless {
            return false;
        }
        before = *byte;
        rest = after;
    }
    true
}

/// The lines of plain text: paragraphs, one blank line between two.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text.trim_matches('\n');
    while !rest.is_empty() {
        let (paragraph, after) = rest.split_once("\n\n").unwrap_or((rest, ""));
        if !lines.is_empty() {
            lines.push(String::new());
        }
        layout::paragraph(paragraph, layout::WIDTH, &mut lines);
        rest = after.trim_start_matches('\n');
    }
    lines
}
