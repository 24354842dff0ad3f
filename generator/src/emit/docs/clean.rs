//! Documentation, first pass: characters. In comes text as written, out goes text that holds printable characters,
//! spaces and `\n` only.
//!
//! Invariant: no later pass meets a control character, so they may use control characters as marks of their own; and
//! nothing invisible reaches a source file (CVE-2021-42574, rustc's `text_direction_codepoint_in_comment`).

use std::borrow::Cow;

/// Columns between tab stops (CommonMark 0.31 §2.2).
const TAB_STOP: usize = 4;

/// Line ends of every kind become `\n`, tabs become spaces up to the next tab stop, hidden characters go.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && (c.is_control() || ends_line(c) || is_hidden(c))) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut column = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\t' {
            let spaces = TAB_STOP - column % TAB_STOP;
            clean.extend(std::iter::repeat_n(' ', spaces));
            column += spaces;
        } else if ends_line(c) {
            chars.next_if(|next| c == '\r' && *next == '\n');
            clean.push('\n');
            column = 0;
        } else if !is_hidden(c) {
            clean.push(c);
            column += 1;
        }
    }
    Cow::Owned(clean)
}

/// Appends text that stands inside a line: line ends and tabs become spaces. For text that an entity (`&#10;`,
/// `&#x202E;`) was decoded from.
pub(super) fn push_line(to: &mut String, text: &str) {
    to.extend(text.chars().filter_map(|c| match c {
        '\t' => Some(' '),
        c if ends_line(c) => Some(' '),
        c if is_hidden(c) => None,
        c => Some(c),
    }));
}

/// Whatever some reader, compiler or editor takes for the end of a line (Unicode 16 §5.8).
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Control characters, direction marks, byte order marks, tag characters: a reader sees nothing where they stand. The
/// joiners of scripts and emoji (U+200C, U+200D) and variation selectors change what is seen and stay.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
