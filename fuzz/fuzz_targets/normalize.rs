//! Any text, normalized: no panic, no hang, no refusal without a diagnostic, and what comes out is canonical.
#![no_main]

use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::Kind;
use clientwright_normalizer::load::parse;
use clientwright_normalizer::normalize::normalize_text;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let input = Source { name: String::from("input.yaml"), text: text.to_owned() };
    match normalize_text(&input, &[]) {
        Ok(normalized) => {
            let output = Source { name: String::from("output.yaml"), text: normalized.yaml };
            assert_eq!(parse(&output).as_ref(), Ok(&normalized.value), "reading the output gives another value");
            match normalize_text(&output, &[]) {
                Ok(again) => {
                    assert_eq!(again.yaml, output.text, "normalizing the output changes it");
                    assert!(again.ledger.is_empty(), "something is left to do: {}", again.ledger.summary());
                }
                Err(failure) => panic!("the output is refused:\n{failure}"),
            }
        }
        Err(failure) => {
            assert!(!failure.diagnostics.is_empty(), "refused without a word");
            assert!(failure.diagnostics.iter().all(|found| found.kind != Kind::Bug), "{failure}");
        }
    }
});
