//! The pages that explain diagnostics: `cli/explain/<code>.md`, compiled into the command.
//!
//! In: a code. Out: its page, or the closest code. Invariant: there is a page for every code of
//! [`clientwright::diagnostic::codes::ALL`].

use std::collections::BTreeSet;

use clientwright::diagnostic::codes;
use clientwright_normalizer::spelling;

use crate::Outcome;

/// Pairs each code with the text of its page.
macro_rules! pages {
    ($($code:literal),*) => {
        &[$(($code, include_str!(concat!("../explain/", $code, ".md")))),*]
    };
}

/// Every code with its page.
const PAGES: &[(&str, &str)] = clientwright_normalizer::diagnostic_codes!(pages);

/// The arguments of `explain`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Code of a diagnostic, such as `unknown-field` [default: list all codes]
    code: Option<String>,
}

/// Prints a page, or all codes.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let Some(code) = &arguments.code else {
        for (code, explanation) in codes::ALL {
            println!("{:width$}  {explanation}", code.0, width = WIDTH);
        }
        return Ok(true);
    };
    let Some(text) = page(code) else {
        let help = closest(code).map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
        return Err(format!("error: unknown diagnostic `{code}`{help}"));
    };
    print!("{text}");
    Ok(true)
}

/// The width of the longest code.
const WIDTH: usize = 30;

/// Returns the page of a code, in Markdown.
#[must_use]
pub fn page(code: &str) -> Option<&'static str> {
    PAGES.iter().find(|(known, _)| *known == code).map(|(_, page)| *page)
}

/// Returns the code closest to a misspelled one.
#[must_use]
pub fn closest(code: &str) -> Option<&'static str> {
    let written = code.to_ascii_lowercase().replace('_', "-");
    let known: BTreeSet<&'static str> = PAGES.iter().map(|(known, _)| *known).collect();
    spelling::closest(&written, known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page() {
        for (code, text) in PAGES {
            assert_eq!(page(code), Some(*text));
            assert!(text.starts_with(&format!("# {code}\n")), "{code}");
        }
        assert_eq!(page("no-such-code"), None);
        assert_eq!(page(""), None);
    }

    #[test]
    fn misspelled_codes_are_recognized() {
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
