//! Codec, the search in strings and numbers (RFC 8259 §6 and §7), eight bytes at once.
//!
//! A byte of a string is *plain* unless it is a quote, a backslash or a control character: it does not end the string and needs no escape.

/// Returns a word of eight times this byte.
const fn each(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; WORD])
}

const WORD: usize = size_of::<u64>();
const HIGH_BITS: u64 = each(0x80);

/// Returns the high bit of each byte that is not plain. A byte after the first such byte may be marked wrongly.
#[inline]
const fn marks(word: u64) -> u64 {
    let quote = word ^ each(b'"');
    let backslash = word ^ each(b'\\');
    (quote.wrapping_sub(each(1)) & !quote
        | backslash.wrapping_sub(each(1)) & !backslash
        | word.wrapping_sub(each(0x20)) & !word)
        & HIGH_BITS
}

#[inline]
fn is_plain_byte(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

/// Returns the number of plain bytes at the beginning of a text.
#[inline]
pub(super) fn plain_length(text: &[u8]) -> usize {
    length(text, marks, is_plain_byte)
}

/// Returns the high bit of each byte that is not a digit. A byte after the first such byte may be marked wrongly.
#[inline]
const fn no_digits(word: u64) -> u64 {
    let values = word ^ each(b'0');
    (values.wrapping_add(each(0x80 - 10)) | values) & HIGH_BITS
}

/// Returns the number of digits at the beginning of a text.
#[inline]
pub(super) fn digit_count(text: &[u8]) -> usize {
    length(text, no_digits, |byte| byte.is_ascii_digit())
}

/// Returns the number of bytes before the first one that is marked or not accepted.
#[inline]
fn length(text: &[u8], marks: fn(u64) -> u64, is_accepted: fn(u8) -> bool) -> usize {
    let mut length = 0;
    while let Some(word) = text.get(length..).and_then(|rest| rest.first_chunk()) {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return length + marks.trailing_zeros() as usize / 8;
        }
        length += WORD;
    }
    let rest = text.get(length..).unwrap_or_default();
    length + rest.iter().position(|byte| !is_accepted(*byte)).unwrap_or(rest.len())
}

/// Returns `true` if all bytes of a text are plain.
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk() else { return marks(word_of(text)) == 0 };
    let (words, _) = text.as_chunks();
    words.iter().chain([last]).all(|word| marks(u64::from_ne_bytes(*word)) == 0)
}

/// Returns a word of all bytes of a text shorter than a word, some of them twice, and spaces.
#[inline]
fn word_of(text: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
        return u64::from(u32::from_ne_bytes(*first)) << 32 | u64::from(u32::from_ne_bytes(*last));
    }
    let [first, last] = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => [*first, *last],
        _ => [[text.first().copied().unwrap_or(b' '), b' '], [b' '; 2]],
    };
    each(b' ') << 32 | u64::from(u16::from_ne_bytes(first)) << 16 | u64::from(u16::from_ne_bytes(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_at_every_place_is_found() {
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    let is_special = byte < 0x20 || byte == b'"' || byte == b'\\';
                    assert_eq!(plain_length(&text), if is_special { at } else { length }, "{byte} at {at}");
                    assert_eq!(is_plain(&text), !is_special, "{byte} at {at} of {length}");
                    let digits: Vec<_> = text.iter().map(|byte| if *byte == b'a' { b'7' } else { *byte }).collect();
                    let is_digit = byte.is_ascii_digit() || byte == b'a';
                    assert_eq!(digit_count(&digits), if is_digit { length } else { at }, "{byte} at {at}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_several_is_found() {
        for (first, second) in [(b'"', b'!'), (b'\\', b']'), (0x1f, 0x20), (b'"', b'#'), (0, 0xff)] {
            for at in 0..14 {
                let mut text = [b'a'; 16];
                (text[at], text[at + 1]) = (first, second);
                assert_eq!(plain_length(&text), at);
            }
        }
    }
}
