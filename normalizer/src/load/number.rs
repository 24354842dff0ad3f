//! The check whether the text of a number and the float that was read from it are equal.

use crate::certain::Certain;

/// Returns `true` if `text` is exactly the number `value`: the digits of its shortest form, of its integer form, or up to 17 digits of a
/// fraction. Text that is not a number (an alias, an unknown place) counts as exact.
pub(super) fn is_exact(text: &str, value: f64) -> bool {
    let Some(written) = Decimal::parse(text) else { return true };
    // Up to 17 digits identify the float of a fraction, even if fewer digits would do.
    if value.fract() != 0.0 && written.digits.len() <= 17 {
        return true;
    }
    let shortest = Decimal::parse(&format!("{value:e}"));
    let integer = Decimal::parse(&format!("{value:.0}"));
    Some(&written) == shortest.as_ref() || (value.fract() == 0.0 && Some(&written) == integer.as_ref())
}

/// Returns `true` if a text has a number that a float cannot represent. This scan is fast, so that the positions of numbers are needed in
/// few documents only.
pub(super) fn has_inexact(text: &str) -> bool {
    let is_outside = |byte: &u8| !byte.is_ascii_alphanumeric() && !b".+-_".contains(byte);
    let mut rest = text.as_bytes();
    while let Some(digit) = rest.iter().position(u8::is_ascii_digit) {
        let (before, after) = rest.split_at(digit);
        let start = before.iter().rposition(is_outside).map_or(0, |outside| outside + 1);
        let length = after.iter().position(is_outside).unwrap_or(after.len());
        if rest.get(start..digit + length).is_some_and(is_inexact) {
            return true;
        }
        rest = after.split_at(length).1;
    }
    false
}

/// Returns `true` if a word is a number that is read as a different float. Up to 15 digits without an exponent are
/// exact.
fn is_inexact(word: &[u8]) -> bool {
    let begins = matches!(word, [b'0'..=b'9' | b'.', ..] | [b'+' | b'-', b'0'..=b'9' | b'.', ..]);
    if !begins || !(word.len() > 15 || word.contains(&b'e') || word.contains(&b'E')) {
        return false;
    }
    let text = std::str::from_utf8(word).ok().certain("the word is ASCII");
    text.parse().is_ok_and(|value| !is_exact(text, value))
}

/// A decimal number in one canonical form: `0.digits × 10^exponent`.
#[derive(PartialEq, Debug)]
struct Decimal {
    negative: bool,
    /// Without leading and trailing zeros; empty for zero.
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
        if !all_digits || whole.len() + fraction.len() == 0 {
            return None;
        }
        let joined = format!("{whole}{fraction}");
        let significant = joined.trim_start_matches('0');
        let leading = joined.len() - significant.len();
        let digits = significant.trim_end_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, exponent: 0 });
        }
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        Some(Self { negative, digits, exponent: exponent.checked_add(point)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_numbers_pass() {
        for text in [
            "1.5", "0.1", "1e3", "1E+3", "-0.0", "100.00", "+2.5", ".5", "5.", "1.7976931348623157e308", "0",
            "18446744073709551616", "-9223372036854775808", "-9223372036854776000", "9007199254740993e-30",
            "0.10000000000000001",
        ] {
            let value: f64 = text.parse().unwrap();
            assert!(is_exact(text, value), "{text}");
        }
    }

    #[test]
    fn altered_numbers_do_not() {
        for text in [
            "18446744073709551617",
            "0.1000000000000000055",
            "3.14159265358979323846",
            "1e-400",
            "123456789012345678901234567890",
        ] {
            let value: f64 = text.parse().unwrap();
            assert!(!is_exact(text, value), "{text}");
        }
    }

    #[test]
    fn inexact_numbers_are_told_by_their_words() {
        let exact = "a: 1.5\nb: 123456789012345\nc: 12e10 v1.2.3 2020-01-01T10:00:00.123456Z 1.234567890123456 1.5e300";
        assert!(!has_inexact(exact));
        for inexact in ["0.1000000000000000055", "18446744073709551617", "-1E-400", "-7.12345678901234567891"] {
            assert!(has_inexact(&format!("[1.5, {inexact}]")), "{inexact}");
        }
    }

    #[test]
    fn what_is_no_number_proves_nothing() {
        for text in ["", "*alias", "e", "1.2.3", "0x10", "."] {
            assert!(is_exact(text, 1.0), "{text}");
        }
    }
}
