//! Codec, the notation of numbers (RFC 8259 §6).

use super::scan::digit_count;

/// Returns the length of the number at the beginning of a text. `None` if there is no number.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let start = usize::from(text.first() == Some(&b'-'));
    let mut end = start + digits(text, start)?;
    if text.get(start) == Some(&b'0') && end > start + 1 {
        return None;
    }
    if text.get(end) == Some(&b'.') {
        end += 1;
        end += digits(text, end)?;
    }
    if let Some(b'e' | b'E') = text.get(end) {
        end += 1;
        end += usize::from(matches!(text.get(end), Some(b'+' | b'-')));
        end += digits(text, end)?;
    }
    Some(end)
}

/// Returns the number of digits from a position on; `None` if there is no digit.
#[inline]
fn digits(text: &[u8], start: usize) -> Option<usize> {
    let count = digit_count(text.get(start..)?);
    (count > 0).then_some(count)
}

/// An integer at the beginning of a text.
pub(super) struct Integer {
    pub(super) is_negative: bool,
    pub(super) magnitude: u64,
    pub(super) length: usize,
}

/// The maximum number of digits that fit in any `u64`.
const DIGITS: usize = 19;

/// Returns the integer at the beginning of a text. `None` for a number with a fraction, an exponent or more than
/// [`DIGITS`] digits, for `-0`, and for text that is not a number.
#[inline]
pub(super) fn integer(text: &[u8]) -> Option<Integer> {
    let is_negative = text.first() == Some(&b'-');
    let start = usize::from(is_negative);
    let mut magnitude = 0_u64;
    let mut length = start;
    while let Some(digit) = text.get(length).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        magnitude = magnitude.wrapping_mul(10).wrapping_add(u64::from(digit));
        length += 1;
    }
    let count = length - start;
    let is_odd = text.get(start) == Some(&b'0') && (count > 1 || is_negative);
    let is_more = matches!(text.get(length), Some(b'.' | b'e' | b'E'));
    ((1..=DIGITS).contains(&count) && !is_odd && !is_more).then_some(Integer { is_negative, magnitude, length })
}

/// Returns the integer value of a JSON number with a fraction or an exponent. `None` if it is not an integer, or has
/// more digits than an `i128`.
pub(super) fn whole(number: &str) -> Option<i128> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{integer}{fraction}");
    let fraction = i64::try_from(fraction.len()).ok()?;
    let zeros = exponent.parse::<i64>().ok()?.checked_sub(fraction)?;
    if digits.bytes().all(|byte| matches!(byte, b'0' | b'-')) {
        return Some(0);
    }
    let count = usize::try_from(zeros.unsigned_abs()).ok()?;
    if zeros >= 0 {
        return digits.parse::<i128>().ok()?.checked_mul(10_i128.checked_pow(u32::try_from(count).ok()?)?);
    }
    let (kept, cut) = digits.split_at_checked(digits.len().checked_sub(count)?)?;
    if cut.bytes().all(|byte| byte == b'0') { kept.parse().ok() } else { None }
}
