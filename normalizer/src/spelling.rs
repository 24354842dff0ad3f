//! How names are written: suggestions for misspelled ones, and which are the same.
//!
//! In: a word and the known names. Out: the name that was probably meant. Invariant: the cost is bounded.

/// Longer words are not typed by hand; comparing two words costs the product of their lengths.
const LONGEST: usize = 200;

/// The known name that `word` probably stands for: at most a third of its characters differ. Of several, the first.
pub fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > LONGEST {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1);
    // Upper and lower case are the most common slip.
    let distance = |name: &str| if name.eq_ignore_ascii_case(word) { 0 } else { strsim::osa_distance(word, name) };
    let candidates = known.into_iter().filter(|name| name.len() <= LONGEST);
    let close = candidates.map(|name| (distance(name), name)).filter(|(distance, _)| *distance <= limit);
    close.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// [`closest`] as the help of a diagnostic.
pub fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    closest(word, known).map(|name| format!("did you mean `{name}`?"))
}

/// The letters and digits of a name, without case: what is left if it is written otherwise.
#[must_use]
pub fn squashed(name: &str) -> String {
    name.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a text is one or more ASCII digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a word is one of some that have a space between them.
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
