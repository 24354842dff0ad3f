//! Invisible characters, which can make a text look like another one (CVE-2021-42574).

/// Returns `true` if a character is invisible: a control character, a direction mark, a byte order mark or a tag
/// character. The joiners of scripts and emoji (U+200C, U+200D) and variation selectors affect the display and are
/// visible.
#[must_use]
#[inline]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
