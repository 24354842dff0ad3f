//! Writes a value as YAML in one layout: two spaces per level, block style, quotes where YAML 1.1 or 1.2 needs them.

use serde_json::Value;

use crate::spelling::is_digits;

/// The maximum length of simple keys. They end at 1024 characters (YAML 1.2 §7.4.3), which libyaml counts in bytes; longer keys take the
/// explicit form.
pub(crate) const MAX_KEY: usize = 1000;

/// Returns the value as a YAML document with one trailing newline: it is written like an item of an array, without the
/// space after the dash.
pub(crate) fn write(value: &Value) -> String {
    let mut out = String::new();
    node(&mut out, value, 0, true);
    out.trim_start().to_owned()
}

/// Writes a value up to the end of its last line, after the `-` of an item, or else after the `:` of a key.
fn node(out: &mut String, value: &Value, indent: usize, is_item: bool) {
    // The first line of an item follows its dash.
    let begin = if is_item { ' ' } else { '\n' };
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push(begin);
            for (position, (key, value)) in members.iter().enumerate() {
                if position > 0 || !is_item {
                    pad(out, indent);
                }
                let written = text(key);
                if written.len() > MAX_KEY {
                    out.push_str(&format!("? {written}\n"));
                    pad(out, indent);
                } else {
                    out.push_str(&written);
                }
                out.push(':');
                node(out, value, indent + 2, false);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            out.push(begin);
            for (position, item) in items.iter().enumerate() {
                if position > 0 || !is_item {
                    pad(out, indent);
                }
                out.push('-');
                node(out, item, indent + 2, true);
            }
        }
        Value::String(text) if is_block(text) && indent > 0 => block(out, text, indent),
        // Non-empty arrays and objects are handled above.
        scalar => out.push_str(&match scalar {
            Value::Number(number) => format!(" {}\n", self::number(&number.to_string())),
            Value::String(text) => format!(" {}\n", self::text(text)),
            other => format!(" {other}\n"),
        }),
    }
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Writes a number with a decimal point and a sign of the exponent, since YAML 1.1 reads `1e16` as a string.
pub(crate) fn number(json: &str) -> String {
    let Some((mantissa, exponent)) = json.split_once('e') else { return json.to_owned() };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{mantissa}{point}e{sign}{exponent}")
}

/// Returns a string in one line: plain, in single quotes, or with escapes in double quotes.
pub(crate) fn text(text: &str) -> String {
    // Without an early exit, several bytes are compared at once.
    let is_ascii = text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~'));
    if !is_ascii && !text.chars().all(is_printable) {
        return double_quoted(text);
    }
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Returns `true` if YAML allows the character unescaped (1.2 §5.1), except line breaks and tabs.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}'
        | '\u{10000}'..='\u{10ffff}')
}

/// Returns `true` if YAML reads the unquoted string as the same string.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let is_indicator = first.is_ascii_punctuation() && "-?:,[]{}#&*!|>'\"%@`".contains(first);
    let has_trap = text.as_bytes().windows(2).any(|pair| matches!(pair, b": " | b" #")) || text.ends_with(':');
    let is_padded = text.starts_with(' ') || text.ends_with(' ');
    let is_numeric = || matches!(first, '0'..='9' | '+' | '.') && (is_number(text) || is_date(text));
    !is_indicator && !has_trap && !is_padded && !is_keyword(text) && !is_numeric()
}

/// Returns `true` for nulls, booleans and merge keys of YAML 1.1 and 1.2, in any case.
fn is_keyword(text: &str) -> bool {
    let words = ["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "=", ".inf", "+.inf", ".nan"];
    text.len() <= "false".len() && words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns `true` for integers and floats of YAML 1.1 and 1.2: decimal with `_`, hexadecimal, octal, binary, base 60,
/// with exponent.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    let lower = unsigned.to_ascii_lowercase();
    if let Some(digits) = ["0x", "0o", "0b"].iter().find_map(|base| lower.strip_prefix(base)) {
        return digits.chars().all(|c| c.is_ascii_hexdigit() || c == '_');
    }
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (lower.as_str(), None),
    };
    let is_mantissa = mantissa.contains(|c: char| c.is_ascii_digit())
        && mantissa.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | '.' | ':'))
        && mantissa.matches('.').count() <= 1;
    is_mantissa && exponent.is_none_or(|digits| digits.chars().all(|c| c.is_ascii_digit()))
}

/// Returns `true` for dates and times of YAML 1.1, and texts that begin like one.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, lengths: &[usize]| {
        part.is_some_and(|part| lengths.contains(&part.len()) && is_digits(part))
    };
    if !digits(parts.next(), &[4]) || !digits(parts.next(), &[1, 2]) {
        return false;
    }
    let rest = parts.next().unwrap_or_default();
    let day = rest.split(['T', 't', ' ', '\t']).next();
    digits(day, &[1, 2])
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' | '\n' | '\r' | '\t' => out.extend(c.escape_default()),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Returns `true` if a block scalar preserves the text: printable lines, the first not indented, none only of spaces, at most one trailing
/// line break.
pub(crate) fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let is_line = |line: &str| line.is_empty() || !line.trim().is_empty();
    text.contains('\n')
        && !body.is_empty()
        && !body.ends_with('\n')
        && !body.trim_start_matches('\n').starts_with([' ', '\t'])
        && body.split('\n').all(is_line)
        && body.chars().all(|c| c == '\n' || c == '\t' || is_printable(c))
}

fn block(out: &mut String, text: &str, indent: usize) {
    out.push_str(if text.ends_with('\n') { " |\n" } else { " |-\n" });
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            pad(out, indent);
            out.push_str(line);
        }
        out.push('\n');
    }
}
