//! The pages that say what each diagnostic means: `cli/explain/<code>.md`, compiled into the command.
//!
//! In: a code. Out: its page, or the code that is meant. Invariant: there is a page for every code of
//! [`clientwright::diagnostic::codes::ALL`], and the table is sorted.

use std::process::ExitCode;

use clientwright::diagnostic::codes;
use clientwright_normalizer::spelling;

/// Pairs each code with the text of its page.
macro_rules! pages {
    ($($code:literal),* $(,)?) => {
        [$(($code, include_str!(concat!("../explain/", $code, ".md")))),*]
    };
}

/// Every code with its page, sorted by code. The workspace test `explain` finds one that is missing.
#[rustfmt::skip]
const PAGES: &[(&str, &str)] = &pages![
    "alias-limit",
    "anchor-redefined",
    "bad-key",
    "bad-merge",
    "bad-method",
    "bad-name",
    "bad-path",
    "bad-reference",
    "bad-status",
    "bad-value",
    "broken-reference",
    "conflicting-all-of",
    "contract-value",
    "contradiction",
    "cyclic-reference",
    "default-contradicts-schema",
    "discriminator-mapping",
    "discriminator-property",
    "duplicate-enum-value",
    "duplicate-key",
    "duplicate-operation-id",
    "duplicate-parameter",
    "duplicate-route",
    "dynamic-reference",
    "empty-document",
    "endless-alias",
    "enum-contradicts-type",
    "expansion",
    "external-reference",
    "generated-code",
    "ignored-alternatives",
    "ignored-encoding",
    "ignored-field",
    "ignored-header-parameter",
    "ignored-keyword",
    "ignored-not",
    "ignored-request-body",
    "inexact-number",
    "lossy-step",
    "missing-field",
    "missing-operation-id",
    "missing-version",
    "no-response",
    "not-a-mapping",
    "optional-path-parameter",
    "overlay-target",
    "overlay-update",
    "pagination",
    "panic",
    "path-template",
    "polling",
    "project",
    "protocol-switch",
    "reference-siblings",
    "server-template",
    "several-bodies",
    "several-documents",
    "syntax",
    "too-deep",
    "too-long",
    "undecidable-union",
    "undeclared-required",
    "unknown-field",
    "unknown-security-scheme",
    "unreadable",
    "unsupported-callbacks",
    "unsupported-composition",
    "unsupported-media-type",
    "unsupported-parameter-content",
    "unsupported-reference",
    "unsupported-security",
    "unsupported-stream",
    "unsupported-version",
    "unsupported-webhook",
    "wrong-reference-kind",
    "wrong-type",
    "xml",
    "yaml-tag",
];

/// What to explain.
#[derive(clap::Args)]
pub struct Arguments {
    /// The code of a diagnostic, such as `unknown-field`; without it, all codes are listed
    code: Option<String>,
}

/// Prints a page, or all codes.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let Some(code) = &arguments.code else {
        for (code, explanation) in codes::ALL {
            println!("{:width$}  {explanation}", code.0, width = WIDTH);
        }
        return ExitCode::SUCCESS;
    };
    match page(code) {
        Some(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        None => {
            let help = closest(code).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
            eprintln!("error: there is no diagnostic `{code}`{help}");
            ExitCode::FAILURE
        }
    }
}

/// The width of the longest code.
const WIDTH: usize = 30;

/// The page of a code, in Markdown.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    let index = PAGES.binary_search_by_key(&code, |(known, _)| known).ok()?;
    PAGES.get(index).map(|(_, page)| *page)
}

/// The code that a misspelled one stands for.
#[must_use]
pub fn closest(code: &str) -> Option<&'static str> {
    let written = code.to_ascii_lowercase().replace('_', "-");
    spelling::closest(&written, PAGES.iter().map(|(known, _)| *known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_have_pages() {
        assert!(PAGES.is_sorted_by(|(one, _), (next, _)| one < next));
        for (code, text) in PAGES {
            assert_eq!(page(code), Some(*text));
            assert!(text.starts_with(&format!("# {code}\n")), "{code}");
        }
        assert_eq!(page("no-such-code"), None);
        assert_eq!(page(""), None);
    }

    #[test]
    fn misspelt_codes_are_recognized() {
        for (written, meant) in [
            ("bad-paht", Some("bad-path")),
            ("BAD_PATH", Some("bad-path")),
            ("unkown-field", Some("unknown-field")),
            ("overlay-targets", Some("overlay-target")),
            ("wholly-different-words", None),
            ("", None),
        ] {
            assert_eq!(closest(written), meant, "{written}");
        }
        assert_eq!(closest(&"bad-path".repeat(1000)), None);
    }
}
