//! A secret at the beginning of a string, in any notation.
//!
//! In: an untrusted text, and a secret. Out: the length of the secret in the text. Each of its characters may be plain,
//! escaped for a URL, or escaped for a JSON string, which may itself be in a JSON string. Invariant: the time grows
//! with the length of a secret only up to [`ENOUGH`] characters, except for matches.

/// The maximum nesting of JSON in JSON strings.
const DEEPEST: u32 = 3;
/// The maximum number of times that a string with `%` is percent-encoded: once for each enclosing URL.
const URLS: usize = 2;
/// A match of this many characters counts as the secret, regardless of the rest.
const ENOUGH: usize = 128;
/// A match of this many characters counts as the secret if the text is truncated after it.
const SOME: usize = 8;
/// The replacements of truncated text, by this crate or by the server.
const ELLIPSES: [&str; 2] = ["…", "..."];
/// The maximum length of an escaped character, in bytes: a UTF-16 pair, each half with seven backslashes.
const LONGEST: usize = 24;

/// A match of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Found {
    /// Only the beginning of the secret: the text ends there.
    Beginning,
    /// The whole secret, in this many bytes.
    Whole(usize),
}

/// The notation that all characters of a secret share.
#[derive(Clone, Copy)]
struct Form {
    /// The number of enclosing JSON strings.
    depth: u32,
    /// The number of times that it is percent-encoded, which turns `%` into `%25`.
    encoded: usize,
}

/// Returns the forms in which a string is searched. The deepest form also matches less escaped text; shallower ones are
/// needed only if the string itself contains `\`, and percent-encoded ones only if it contains `%`.
fn forms(text: &str) -> impl Iterator<Item = Form> {
    let least = if text.contains('\\') { 0 } else { DEEPEST };
    let most = if text.contains('%') { URLS } else { 0 };
    (least..=DEEPEST).flat_map(move |depth| (0..=most).map(move |encoded| Form { depth, encoded }))
}

/// Returns the match of a secret at the beginning of a text.
pub(super) fn find(text: &str, secret: &str) -> Option<Found> {
    forms(secret).filter_map(|form| find_in_form(text, secret, form)).max()
}

/// Returns `true` if the text begins with a character.
pub(super) fn begins_with(text: &str, character: char) -> bool {
    forms(character.encode_utf8(&mut [0; 4])).any(|form| after(text, character, form).is_some())
}

fn find_in_form(text: &str, secret: &str, form: Form) -> Option<Found> {
    let mut rest = text;
    for (index, character) in secret.chars().enumerate() {
        match after(rest, character, form) {
            Some(after) => rest = after,
            None if index >= ENOUGH => break,
            None if index >= SOME && ELLIPSES.iter().any(|ellipsis| rest.starts_with(ellipsis)) => break,
            None if index > 0 && is_cut_off(rest) => return Some(Found::Beginning),
            None => return None,
        }
    }
    Some(Found::Whole(text.len() - rest.len()))
}

/// Returns `true` if the rest is empty or an incomplete character.
fn is_cut_off(rest: &str) -> bool {
    rest.is_empty() || rest.len() < LONGEST && rest.starts_with(['%', '\\'])
}

/// Returns the rest after a character.
fn after(text: &str, character: char, form: Form) -> Option<&str> {
    match (character, form.encoded) {
        ('%', 1..) => (0..form.encoded).try_fold(text.strip_prefix('%')?, |rest, _| rest.strip_prefix("25")),
        ('%', 0) => after_in_json(text, character, form.depth),
        _ => after_in_json(text, character, form.depth).or_else(|| after_in_url(text, character)),
    }
}

/// Returns the rest after a character that is plain, or escaped in a JSON string (RFC 8259 §7) of this depth. Each
/// enclosing string doubles the backslashes.
fn after_in_json(text: &str, character: char, depth: u32) -> Option<&str> {
    let doubled = 1 << depth;
    let backslashes = text.bytes().take(doubled).take_while(|byte| *byte == b'\\').count();
    let rest = text.get(backslashes..)?;
    if backslashes == doubled {
        return (character == '\\').then_some(rest);
    }
    if backslashes == 0 {
        return rest.strip_prefix(character);
    }
    let short = match character {
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        other => other.is_ascii_punctuation().then_some(other),
    };
    short.and_then(|short| rest.strip_prefix(short)).or_else(|| after_number(rest, character))
}

/// Returns the rest after `uXXXX`, or after two of them for a surrogate pair.
fn after_number(text: &str, character: char) -> Option<&str> {
    character.encode_utf16(&mut [0; 2]).iter().try_fold(text, |rest, unit| {
        let digits = rest.trim_start_matches('\\').strip_prefix('u')?;
        let (number, after) = digits.split_at_checked(4)?;
        (u16::from_str_radix(number, 16) == Ok(*unit)).then_some(after)
    })
}

/// Returns the rest after `%XX` for each byte, or `+` for a space. A URL may be in the query of another one, with
/// `%25XX`.
fn after_in_url(text: &str, character: char) -> Option<&str> {
    if let (' ', Some(after)) = (character, text.strip_prefix('+')) {
        return Some(after);
    }
    character.encode_utf8(&mut [0; 4]).bytes().try_fold(text, |rest, byte| {
        let digits = rest.strip_prefix('%')?.trim_start_matches("25");
        let (number, after) = digits.split_at_checked(2)?;
        (u8::from_str_radix(number, 16) == Ok(byte)).then_some(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Maps each character of a string.
    fn each(text: &str, write: impl Fn(char) -> String) -> String {
        text.chars().map(write).collect()
    }

    fn in_json(text: &str) -> String {
        let json = crate::wire::to_string(&text);
        json.strip_prefix('"').unwrap().strip_suffix('"').unwrap().to_owned()
    }

    fn in_utf16(character: char) -> String {
        character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    }

    fn in_url(character: char) -> String {
        character.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02x}")).collect()
    }

    /// Returns a secret in all forms.
    fn forms(secret: &str) -> Vec<String> {
        let url = each(secret, in_url);
        let numbers = each(secret, in_utf16);
        let php = in_json(secret).replace('/', "\\/");
        let strings = [in_json(secret), in_json(&in_json(secret)), in_json(&in_json(&in_json(secret)))];
        let others = [
            secret.to_owned(),
            in_json(&numbers),
            in_json(&php),
            url.to_uppercase().replace('%', "%25"),
            secret.replace('%', "%25").replace('/', "%2f").replace(' ', "+"),
            format!("{secret:?}").trim_matches('"').to_owned(),
            numbers.to_uppercase().replace("\\U", "\\u"),
            url.to_uppercase(),
        ];
        strings.into_iter().chain(others).chain([url, numbers, php]).collect()
    }

    #[test]
    fn a_secret_is_found_in_each_of_its_forms() {
        for secret in
            ["sk-Abc/def+ghi=jkl&mno", "a b", "pa\"ss", "wörd", "key😀s", "line\nline", "c:\\new\\\\x", "50%2F", "'"]
        {
            for form in forms(secret) {
                let text = format!("{form}; and more");
                assert_eq!(find(&text, secret), Some(Found::Whole(form.len())), "{secret:?} as {form}");
                assert_eq!(find(&form, secret), Some(Found::Whole(form.len())), "{secret:?} as {form}");
            }
        }
    }

    #[test]
    fn another_text_is_not_found() {
        for (text, secret) in [
            ("", "secret"),
            ("Secret", "secret"),
            ("secre%7", "secret?"),
            ("%2", "/"),
            ("\\u00", "ö"),
            ("a+b", "a-b"),
            ("sec\\ret", "secret"),
            ("%zz\\uzzzz", "zz"),
            ("\\\\\\\\\\\\\\\\\\\\\"", "\""),
        ] {
            assert!(!matches!(find(text, secret), Some(Found::Whole(_))), "{secret} in {text}");
        }
    }

    #[test]
    fn the_beginning_of_a_secret_is_found_wherever_the_text_ends() {
        let secret = "wörd/😀\"s";
        for form in forms(secret) {
            for end in (0..form.len()).filter(|end| form.is_char_boundary(*end)) {
                let begun = form.get(..end).unwrap();
                let has_character = begins_with(begun, 'w');
                assert_eq!(find(begun, secret), has_character.then_some(Found::Beginning), "{begun}");
            }
        }
    }

    #[test]
    fn a_secret_that_was_cut_off_is_found() {
        for text in ["0123456789…", "01234567...", "012%33456789... and more"] {
            assert_eq!(find(text, "0123456789ab"), Some(Found::Whole(text.find(['…', '.']).unwrap())), "{text}");
        }
        for text in ["0123456…", "0123456...", "0123456789.", "0123456789"] {
            assert!(!matches!(find(text, "0123456789ab"), Some(Found::Whole(_))), "{text}");
        }
    }

    #[test]
    fn a_long_secret_is_known_by_its_beginning() {
        let secret = "0123456789".repeat(100);
        assert_eq!(find(&secret, &secret), Some(Found::Whole(1000)));
        assert_eq!(find(secret.get(..300).unwrap(), &secret), Some(Found::Whole(300)));
        assert_eq!(find(&format!("{}, and more", secret.get(..128).unwrap()), &secret), Some(Found::Whole(128)));
        assert_eq!(find(&format!("{}, and more", secret.get(..127).unwrap()), &secret), None);
    }
}
