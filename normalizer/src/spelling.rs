//! Comparison of names: suggestions for misspelled ones, and equivalent spellings.
//!
//! In: a word and the known names. Out: the name that was probably meant. Invariant: the cost is bounded.

/// The maximum length of a word: longer words are not typed by hand, and the cost is the product of the lengths.
const LONGEST: usize = 200;

/// Returns the known name that is closest to `word`, the first if there are several: at most a third of its characters
/// differ.
pub fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > LONGEST {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1);
    // Wrong case is the most common mistake.
    let distance = |name: &str| if name.eq_ignore_ascii_case(word) { 0 } else { strsim::osa_distance(word, name) };
    let candidates = known.into_iter().filter(|name| name.len() <= LONGEST);
    let close = candidates.map(|name| (distance(name), name)).filter(|(distance, _)| *distance <= limit);
    close.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// Returns the result of [`closest`] as the help of a diagnostic.
pub fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    closest(word, known).map(|name| format!("did you mean `{name}`?"))
}

/// Returns the letters and digits of a name in lower case, to compare different spellings.
#[must_use]
pub fn squashed(name: &str) -> String {
    name.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns `true` if a text is one or more ASCII digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns `true` if a word is in a space-separated list.
pub(crate) fn is_among(words: &str, word: &str) -> bool {
    words.as_bytes().split(|byte| *byte == b' ').any(|known| known == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let fields = ["required", "properties", "description", "in", "type"];
        for (word, meant) in [
            ("requried", Some("required")),
            ("Required", Some("required")),
            ("descripton", Some("description")),
            ("propertys", Some("properties")),
            ("tpye", Some("type")),
            ("wholly-else", None),
        ] {
            assert_eq!(closest(word, fields), meant, "{word}");
        }
        assert_eq!(closest(&"type".repeat(1000), fields), None);
    }
}
