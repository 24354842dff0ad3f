//! Display of untrusted strings.

use std::fmt::Write as _;

/// The maximum number of characters shown.
const SHOWN: usize = 500;

/// Shows an untrusted string on one line: cut after [`SHOWN`] characters, with characters that control a terminal
/// escaped.
pub(crate) struct Clipped<'a>(pub(crate) &'a str);

fmt!(Display for Clipped<'_>: self, f => {
    let mut characters = self.0.chars();
    for character in characters.by_ref().take(SHOWN) {
        if character.is_control() || controls_display(character) {
            write!(f, "{}", character.escape_default())?;
        } else {
            f.write_char(character)?;
        }
    }
    if characters.next().is_some() { f.write_str("…") } else { Ok(()) }
});

/// Returns `true` for line separators, paragraph separators and characters that change the direction of text. They are
/// not control characters in Unicode, but have similar effects.
fn controls_display(character: char) -> bool {
    matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_and_a_control_character_escaped() {
        let shown = Clipped(&format!("a\u{1b}[31m\r\n\u{202e}{}", "ü".repeat(1000))).to_string();
        assert!(shown.starts_with("a\\u{1b}[31m\\r\\n\\u{202e}üü"), "{shown}");
        assert!(shown.ends_with("ü…"));
        assert!(!Clipped(&"x".repeat(500)).to_string().ends_with('…'));
    }
}
