//! Part of `contract`: strings of the formats that validators know (OpenAPI 3.0.3 §4.4, JSON Schema Validation §7.3).
//!
//! In: the name of a format. Out: strings of it, and whether a string matches it.
//!
//! Invariant: a validator that is independent of this project determines what matches a format, including the strings
//! made here.

use jsonschema::{Draft, Validator};
use serde_json::json;

/// Returns strings of a format, the simplest first; `turn` varies them. `None` for a format without a meaning here.
pub(crate) fn texts(format: &str, turn: usize) -> Option<Vec<String>> {
    let second = turn % 60;
    let texts = match format {
        "date" => vec![format!("2024-02-{:02}", 29 - turn % 28)],
        "time" => vec![format!("12:34:{second:02}Z")],
        "date-time" => {
            vec![format!("2024-02-29T12:34:{second:02}Z"), format!("2024-02-29T12:34:{second:02}.250+02:00")]
        }
        "duration" => vec![format!("P{}D", turn + 1)],
        "email" | "idn-email" => vec![format!("user{turn}@example.com"), format!("u{turn}@example.com")],
        "hostname" | "idn-hostname" => vec![format!("host{turn}.example.com"), format!("h{turn}")],
        "ipv4" => vec![format!("192.0.2.{}", turn % 250 + 1), format!("1.1.1.{}", turn % 10)],
        "ipv6" => vec![format!("2001:db8::{:x}", turn + 1), format!("::{:x}", turn + 1)],
        "uri" | "url" | "uri-reference" | "iri" | "iri-reference" => {
            vec![format!("https://example.com/path/{turn}?key=value"), format!("https://a.example/{turn}")]
        }
        "uri-template" => vec![format!("https://example.com/{{name}}/{turn}")],
        "uuid" => vec![format!("123e4567-e89b-42d3-a456-{turn:012x}")],
        "byte" => vec![format!("dGV4dA{:02}", turn % 100), format!("AA{:02}", turn % 100)],
        "json-pointer" => vec![format!("/key/{turn}")],
        "relative-json-pointer" => vec![format!("{turn}/key")],
        "regex" => vec![format!("^a{{{turn}}}$")],
        // Quoted integers that exceed the precision of a double.
        "int64" => vec![(9_007_199_254_740_993 - turn).to_string(), (turn + 1).to_string(), "1".repeat(18)],
        "uint64" => vec![(u64::MAX - turn as u64).to_string(), (turn + 1).to_string()],
        _ => return None,
    };
    Some(texts)
}

/// A check of strings against a format; any string matches an unknown format.
pub(super) struct Format(Option<Validator>);

impl Format {
    pub(super) fn new(name: &str) -> Self {
        let (draft, schema) = match name {
            // As a JSON Schema.
            "byte" => (Draft::Draft7, json!({ "contentEncoding": "base64" })),
            "int64" => (Draft::Draft201909, json!({ "pattern": "^-?[0-9]{1,18}$" })),
            "uint64" => (Draft::Draft201909, json!({ "pattern": "^[0-9]{1,20}$" })),
            "url" => (Draft::Draft201909, json!({ "format": "uri" })),
            name => (Draft::Draft201909, json!({ "format": name })),
        };
        Self(jsonschema::options().with_draft(draft).should_validate_formats(true).build(&schema).ok())
    }

    pub(super) fn holds(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|validator| validator.is_valid(&text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMATS: [&str; 26] = [
        "date", "time", "date-time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
        "uri", "url", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "byte", "json-pointer",
        "relative-json-pointer", "regex", "int64", "uint64", "password", "binary", "anything",
    ];

    #[test]
    fn what_is_made_holds() {
        for format in FORMATS {
            for turn in 0..30 {
                for text in texts(format, turn).unwrap_or_default() {
                    assert!(Format::new(format).holds(&text), "{format}: {text}");
                }
            }
        }
    }

    #[test]
    fn what_is_made_differs() {
        for format in FORMATS {
            if let (Some(one), Some(other)) = (texts(format, 0), texts(format, 1)) {
                assert_ne!(one, other, "{format}");
            }
        }
    }

    #[test]
    fn what_is_wrong_does_not_hold() {
        let wrong = [
            ("date", "2024-02-30"),
            ("date", "2023-02-29"),
            ("date", "24-1-1"),
            ("date-time", "2024-02-29 12:34:56Z"),
            ("date-time", "2024-02-29T12:34:56"),
            ("date-time", "2024-02-29T25:34:56Z"),
            ("email", "someone"),
            ("email", "a b@example.com"),
            ("hostname", "-a"),
            ("hostname", "a..b"),
            ("ipv4", "1.2.3"),
            ("ipv6", "1.2.3.4"),
            ("uri", "/relative"),
            ("uri", "https://a b"),
            ("uuid", "123e4567e89b42d3a456426614174000"),
            ("byte", "abc"),
            ("int64", "1.5"),
            ("uint64", "-1"),
            ("byte", "a*=="),
        ];
        for (format, text) in wrong {
            assert!(!Format::new(format).holds(text), "{format}: {text}");
        }
    }
}
