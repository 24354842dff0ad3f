//! Documentation: characters. In: text as written. Out: text of visible characters and white space only.
//!
//! Invariant: nothing invisible reaches a source file (CVE-2021-42574, rustc's `text_direction_codepoint_in_comment`).

use std::borrow::Cow;

use clientwright_normalizer::hidden::is_hidden;

/// Converts line ends of every kind to `\n`, and removes hidden characters except tabs.
pub(super) fn text(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return text.to_owned();
    }
    let ends = text.replace("\r\n", "\n");
    let ends = ends.chars().map(|c| if ends_line(c) { '\n' } else { c });
    ends.filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c)).collect()
}

/// Removes the indentation that all lines share, as in a docstring of Python: Markdown would show code.
pub(super) fn dedented(text: &str) -> Cow<'_, str> {
    let indented = text.split('\n').filter(|line| !line.trim().is_empty());
    let shared = indented.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or_default();
    if shared == 0 {
        return Cow::Borrowed(text);
    }
    let lines = text.split('\n').map(|line| line.get(shared..).unwrap_or_default());
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// Cleans text that is part of a line. Entities may represent any character (`&#10;`, `&#x202E;`).
pub(super) fn line(text: &str) -> String {
    self::text(text).replace(['\n', '\t'], " ")
}

/// Returns `true` if a reader, compiler or editor treats this as the end of a line (Unicode 16 §5.8).
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
