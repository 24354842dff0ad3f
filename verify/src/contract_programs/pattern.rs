//! Part of `contract`: strings that match a `pattern`.
//!
//! In: an ECMA-262 regular expression (OpenAPI 3.0.3 §4.7.24.1). Out: matching strings.
//!
//! Invariant: every string matches the mapped expression. An expression that cannot be mapped is reported.

use std::collections::BTreeSet;

use fancy_regex::Regex;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// The maximum length of a string.
const LONGEST: usize = 10_000;
/// The maximum number of attempts to make strings longer, and to make them different.
const GROWTHS: usize = 40;
const TURNS: usize = 12;

/// A pattern with a mapping to `regex_syntax`.
pub(crate) struct Pattern {
    regex: Regex,
    hir: Hir,
}

impl Pattern {
    /// Maps a pattern; `None` if that is impossible.
    pub(crate) fn new(ecma: &str) -> Option<Self> {
        let mapped = map(ecma);
        let regex = Regex::new(&mapped).ok()?;
        // Lookarounds produce no text; the finished string is checked against them.
        let hir = regex_syntax::Parser::new().parse(&without_looks(&mapped)).ok()?;
        Some(Self { regex, hir })
    }

    /// Returns `true` if any part of a string matches, as in the JSON Schema of OpenAPI 3.0.
    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text).unwrap_or(false)
    }

    /// Returns up to `count` different matching strings that `accepts` accepts, short and simple ones first. `wanted` is
    /// their preferred minimum number of characters.
    pub(crate) fn texts(&self, count: usize, wanted: usize, accepts: impl Fn(&str) -> bool) -> Vec<String> {
        let mut texts = Vec::new();
        let mut seen = BTreeSet::new();
        let growths = (0..GROWTHS).chain([wanted, wanted / 2, wanted / 3].map(|growth| growth.min(LONGEST)));
        for growth in growths {
            for turn in 0..TURNS {
                let mut text = String::new();
                write(&self.hir, growth, turn, &mut text);
                let padding = wanted.clamp(1, LONGEST).saturating_sub(text.chars().count());
                let padded = text.clone() + &"a".repeat(padding);
                for text in [text, padded] {
                    if self.matches(&text) && accepts(&text) && seen.insert(text.clone()) {
                        texts.push(text);
                    }
                    if texts.len() >= count {
                        return texts;
                    }
                }
            }
        }
        texts
    }
}

/// Writes a string for an expression. `growth` is the number of additional repetitions, `turn` selects characters and
/// alternatives. Recursion is limited, because the parser rejects more than 250 nested levels.
fn write(hir: &Hir, growth: usize, turn: usize, out: &mut String) {
    if out.len() > LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => out.extend(character(class, turn, out.len())),
        HirKind::Class(Class::Bytes(class)) => {
            let position = out.len();
            out.extend(class.to_unicode_class().and_then(|class| character(&class, turn, position)));
        }
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(usize::MAX, |max| max as usize);
            for _ in 0..least.saturating_add(growth).min(most) {
                write(&repetition.sub, growth, turn, out);
                if out.len() > LONGEST {
                    return;
                }
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, growth, turn, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, growth, turn, out)),
        HirKind::Alternation(alternatives) => {
            if let Some(chosen) = alternatives.get(turn % alternatives.len().max(1)) {
                write(chosen, growth, turn, out);
            }
        }
    }
}

/// Letters and digits, and all characters that a password may require.
const PLAIN: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+/ ";
const MIXED: &str = "aA0!bB1@cC2#dD3$eE4%fF5^gG6&hH7*";

/// Returns a character of a class, preferably a letter or digit. With odd turns, different kinds of characters alternate.
fn character(class: &ClassUnicode, turn: usize, position: usize) -> Option<char> {
    let holds = |wanted: &char| class.iter().any(|range| (range.start()..=range.end()).contains(wanted));
    let (characters, index) = if turn.is_multiple_of(2) { (PLAIN, turn / 2) } else { (MIXED, turn / 2 + position) };
    let plain: Vec<char> = characters.chars().filter(holds).collect();
    if let Some(chosen) = plain.get(index % plain.len().max(1)) {
        return Some(*chosen);
    }
    let visible = class.iter().flat_map(|range| [range.start(), range.end()]).find(|found| !found.is_control());
    visible.or_else(|| class.iter().next().map(regex_syntax::hir::ClassUnicodeRange::start))
}

/// Maps ECMA-262 to the syntax of the crate `regex_syntax`: literal braces and brackets, and unneeded escapes.
fn map(ecma: &str) -> String {
    let mut mapped = String::with_capacity(ecma.len());
    let mut rest = ecma.chars().peekable();
    let mut in_class = false;
    while let Some(found) = rest.next() {
        match found {
            '\\' => match rest.next() {
                Some(escaped) => {
                    mapped.push_str(&escape(escaped));
                    // In `\p{L}` and `\u{e4}`, the braces belong to the escape.
                    if "pPu".contains(escaped) && rest.peek() == Some(&'{') {
                        mapped.extend(rest.next());
                    }
                    // In `[\w-.]`, the hyphen after a class is literal.
                    if in_class && "dDwWsS".contains(escaped) && rest.peek() == Some(&'-') {
                        rest.next();
                        mapped.push_str("\\-");
                    }
                }
                None => mapped.push_str("\\\\"),
            },
            '[' if in_class => mapped.push_str("\\["),
            '&' | '~' if in_class => mapped.extend(['\\', found]),
            '[' => {
                in_class = true;
                mapped.push('[');
                if rest.peek() == Some(&'^') {
                    mapped.extend(rest.next());
                }
            }
            ']' if in_class => {
                in_class = false;
                mapped.push(']');
            }
            '{' if !in_class && !is_count(rest.clone()) => mapped.push_str("\\{"),
            other => mapped.push(other),
        }
    }
    mapped
}

/// Removes lookaheads and lookbehinds (`(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`) from an expression.
fn without_looks(mapped: &str) -> String {
    let mut kept = String::with_capacity(mapped.len());
    let mut rest = mapped;
    let mut in_class = false;
    // The number of open groups inside of a lookaround, including itself.
    let mut inside = 0_usize;
    while let Some(found) = rest.chars().next() {
        let looks = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| rest.starts_with(look));
        let length = match found {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            other => other.len_utf8(),
        };
        match found {
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && (inside > 0 || looks) => inside += 1,
            ')' if !in_class && inside > 0 => {
                inside -= 1;
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        if inside == 0 {
            kept.push_str(rest.get(..length).unwrap_or_default());
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    kept
}

/// Keeps an escape that the crate `regex_syntax` knows; otherwise returns the unescaped character.
fn escape(escaped: char) -> String {
    if escaped.is_ascii_alphanumeric() && !"dDwWsSbBtnrvfxupP123456789".contains(escaped) || "<>".contains(escaped) {
        return escaped.to_string();
    }
    format!("\\{escaped}")
}

/// Returns `true` if a repetition such as `{2,5}` follows an opening brace.
fn is_count(rest: impl Iterator<Item = char>) -> bool {
    let inner: String = rest.take_while(|found| *found != '}').collect();
    let (least, most) = inner.split_once(',').unwrap_or((&inner, ""));
    let digits = |text: &str| text.chars().all(|found| found.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the first strings for a pattern.
    fn texts(ecma: &str, count: usize) -> Vec<String> {
        Pattern::new(ecma).unwrap_or_else(|| panic!("{ecma}")).texts(count, 0, |text| !text.is_empty())
    }

    #[test]
    fn texts_match_and_differ() {
        for ecma in [
            "^[a-z0-9_-]{3,16}$",
            "^\\d{4}-\\d{2}$",
            "^s3:\\/\\/.+$",
            "^(gs|s3):\\/\\/[^/]+\\/.*$",
            "^[\\w-.]+@[\\w.]+$",
            "[^[\\]]+",
            "^\\{[a-z]+\\}$",
            "^{[a-z]+}$",
            "^[a-zA-Z][a-zA-Z0-9_\\-]*$",
            "^\\S+\\s\\S+$",
            "^(?:[A-Z]{2}|[0-9]{3})(?:-x)?$",
            "^[\\u4e00-\\u9fa5]+$",
            "^\\p{L}+$",
            "^(?!(?:admin|root)$)[a-z]+$",
            "^(?=.*[A-Z])(?=.*\\d)(?=.*[!@#$])[^ ]{8,}$",
            "^[a-z0-9-]*(?<!-)$",
        ] {
            let found = texts(ecma, 3);
            assert_eq!(found.len(), 3, "{ecma}: {found:?}");
        }
    }

    #[test]
    fn what_has_no_mapping_is_said_to_have_none() {
        for ecma in ["(a)\\1", "(", "[b-a]"] {
            assert!(Pattern::new(ecma).is_none(), "{ecma}");
        }
    }

    #[test]
    fn lengths_are_reached() {
        let pattern = Pattern::new("^[a-z]+$").unwrap();
        let found = pattern.texts(1, 300, |text| text.len() >= 300);
        assert_eq!(found.first().map(String::len), Some(300));
        let pattern = Pattern::new("x").unwrap();
        assert_eq!(pattern.texts(1, 5, |text| text.len() >= 5), ["xaaaa"]);
    }

    #[test]
    fn a_text_never_grows_without_bound() {
        let pattern = Pattern::new("^((a{50}){50}){9}$").unwrap();
        assert!(pattern.texts(1, 0, |_| true).is_empty());
    }
}
