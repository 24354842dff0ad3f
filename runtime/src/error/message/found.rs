//! The texts found in an error body, and the resulting message.
//!
//! In: texts, and the values that they refer to. Out: one message: the general text, then the details. Invariants:
//! nothing is repeated, and texts for programs are omitted: stack traces, pages, bare URLs.

use http::StatusCode;

/// The maximum number of details, including redundant ones.
const DETAILS: usize = 20;

/// The texts found so far.
#[derive(Default)]
pub(super) struct Found {
    general: Option<String>,
    /// Places and texts.
    details: Vec<(String, String)>,
    /// The number of details that were added.
    count: usize,
    /// A code or the name of a status, as a fallback for a message.
    word: Option<String>,
}

impl Found {
    /// Adds the general text, or a detail if there already is a general text.
    pub(super) fn add_general(&mut self, text: &str) {
        if self.is_empty() { self.general = Some(text.to_owned()) } else { self.add_detail("", text) }
    }

    /// Adds a text about a place in the request; the place may be empty.
    pub(super) fn add_detail(&mut self, place: &str, text: &str) {
        if self.is_full() {
            return;
        }
        self.count += 1;
        if !self.has(place, text) {
            self.details.push((place.to_owned(), text.to_owned()));
        }
    }

    /// Adds a fallback for a missing message. The name of a status is the last choice, because the status itself is
    /// shown.
    pub(super) fn add_word(&mut self, text: &str) {
        if self.word.as_deref().is_none_or(|word| is_status(word) && !is_status(text)) {
            self.word = Some(text.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.general.is_none() && self.details.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.count >= DETAILS
    }

    /// Returns `true` if a detail repeats another, or is a part of the general text.
    fn has(&self, place: &str, text: &str) -> bool {
        let field = place.rsplit(['.', '/']).next().unwrap_or_default();
        self.general.as_ref().is_some_and(|general| general.contains(text) && general.contains(field))
            || self.details.iter().any(|(other, known)| known == text && (place.is_empty() || other == place))
    }

    /// Returns the complete message.
    pub(super) fn into_message(self) -> Option<String> {
        let mut details = String::new();
        let mut last = "";
        for (place, text) in &self.details {
            if !details.is_empty() {
                details.push_str("; ");
            }
            if !place.is_empty() && place != last {
                details.push_str(place);
                details.push_str(": ");
            }
            details.push_str(text);
            last = place;
        }
        match self.general {
            Some(general) => Some(connected(&general, &details)),
            None if details.is_empty() => self.word,
            None => Some(details),
        }
    }
}

/// Returns a text with its explanation. If one contains the other, the longer one suffices.
pub(super) fn connected(text: &str, more: &str) -> String {
    if more.contains(text) {
        more.to_owned()
    } else if text.contains(more) {
        text.to_owned()
    } else if text.ends_with(['.', '!', '?', ':', ';']) {
        format!("{text} {more}")
    } else if text.contains(": ") {
        format!("{text}; {more}")
    } else {
        format!("{text}: {more}")
    }
}

/// Returns the human-readable part of a string: without surrounding white space and without a stack trace.
pub(super) fn for_people(text: &str) -> Option<&str> {
    let text = without_traceback(text);
    let is_frame = |line: &str| {
        // `at ["name"]` is a place in the request.
        let place = line.trim_start().strip_prefix("at ");
        line.starts_with([' ', '\t']) && place.is_some_and(|place| !place.starts_with('['))
    };
    let end: usize = text.split_inclusive('\n').take_while(|line| !is_frame(line)).map(str::len).sum();
    let text = text.get(..end)?.trim();
    let is_page = text.starts_with('<') && text.contains("</");
    let is_url = text.contains("://") && !is_sentence(text);
    (!text.is_empty() && !is_page && !is_url).then_some(text)
}

/// Returns the text before a Python traceback, or else the last line of the traceback that is not indented. In the traceback of a group,
/// lines begin with bars.
fn without_traceback(text: &str) -> &str {
    let Some((before, trace)) = text.split_once("Traceback (most recent call last):") else { return text };
    let before = before.trim().trim_end_matches("+ Exception Group");
    if !before.is_empty() {
        return before;
    }
    let behind_bar = |line| str::trim_start(line).strip_prefix("| ").unwrap_or(line);
    trace.lines().map(behind_bar).rfind(|line| line.starts_with(char::is_alphabetic)).unwrap_or(text)
}

/// Returns `true` if a string is more than a single word, which is likely to be a code. Not all scripts have spaces.
pub(super) fn is_sentence(text: &str) -> bool {
    !text.is_ascii() || text.contains(char::is_whitespace)
}

/// Returns `true` if a string is the name of a status: `Bad Request`, `BAD_REQUEST`, `badRequest`.
pub(super) fn is_status(text: &str) -> bool {
    (400..600).filter_map(|status| StatusCode::from_u16(status).ok()).any(|status| is_name_of(text, status))
}

/// Returns `true` if a string is the name of this status.
pub(in crate::error) fn is_name_of(text: &str, status: StatusCode) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_lowercase())
    }
    status.canonical_reason().is_some_and(|name| letters(name).eq(letters(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_and_what_explains_it() {
        for (text, more, expected) in [
            ("Not valid", "name is empty", "Not valid: name is empty"),
            ("Not valid.", "name is empty", "Not valid. name is empty"),
            ("Not valid: age", "name: empty", "Not valid: age; name: empty"),
            ("name is empty", "name is empty, age is low", "name is empty, age is low"),
            ("name is empty, age is low", "age is low", "name is empty, age is low"),
        ] {
            assert_eq!(connected(text, more), expected);
        }
    }

    #[test]
    fn only_what_is_for_people_is_told() {
        for (text, expected) in [
            (" no pet \n", Some("no pet")),
            ("no pet\n  at a.b(c.js:1)\n  at d", Some("no pet")),
            ("arrive\nat noon", Some("arrive\nat noon")),
            (
                "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    run()\nRuntimeError: no pet\n",
                Some("RuntimeError: no pet"),
            ),
            (
                "  + Exception Group Traceback (most recent call last):\n  |   File \"a.py\", line 1\n  | Group: 1 error\n  \
                 +-+---- 1 ----\n    | Traceback (most recent call last):\n    |   File \"b.py\", line 1\n    | ValueError: no pet\n    +----\n",
                Some("ValueError: no pet"),
            ),
            ("no pet\nTraceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 1", Some("no pet")),
            ("no id\n  at [\"id\"]", Some("no id\n  at [\"id\"]")),
            ("see https://example.com", Some("see https://example.com")),
            ("https://example.com", None),
            ("<p>no pet</p>", None),
            ("<pet> is <none>", Some("<pet> is <none>")),
            (" ", None),
        ] {
            assert_eq!(for_people(text), expected);
        }
    }

    #[test]
    fn a_repeated_detail_is_told_once() {
        let mut found = Found::default();
        found.add_word("Bad Request");
        found.add_word("E_PET");
        found.add_word("other");
        assert_eq!(found.word.as_deref(), Some("E_PET"));
        found.add_general("age is low");
        for (place, text) in
            [("age", "is low"), ("name", "is low"), ("name", "is short"), ("name", "is low"), ("", "is short")]
        {
            found.add_detail(place, text);
        }
        assert_eq!(found.into_message().as_deref(), Some("age is low: name: is low; is short"));
    }
}
