//! Documentation: characters. In: text as written. Out: text of visible characters and white space only.
//!
//! Invariant: nothing invisible reaches a source file (CVE-2021-42574, rustc's `text_direction_codepoint_in_comment`).

/// Converts line ends of every kind to `\n`, and removes hidden characters except tabs.
pub(super) fn text(text: &str) -> String {
    let ends = text.replace("\r\n", "\n");
    let ends = ends.chars().map(|c| if ends_line(c) { '\n' } else { c });
    ends.filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c)).collect()
}

/// Cleans text that is part of a line. Entities may represent any character (`&#10;`, `&#x202E;`).
pub(super) fn line(text: &str) -> String {
    self::text(text).replace(['\n', '\t'], " ")
}

/// Returns `true` if a reader, compiler or editor treats this as the end of a line (Unicode 16 §5.8).
fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns `true` for control characters, direction marks, byte order marks and tag characters, which are invisible. The
/// joiners of scripts and emoji (U+200C, U+200D) and variation selectors affect the display and are kept.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
