//! Path parameters whose values have several segments: slashes are kept, and no value leaves the server or the path
//! around it.

use crate::support::{Recorder, leaked, record, refused};
use clientwright_runtime::Style;
use clientwright_runtime::codegen::Operation;
use proptest::prelude::*;
use serde_json::json;

#[tokio::test]
async fn slashes_are_kept_and_nothing_else_is() {
    for (template, value, expected) in [
        ("/files/{x}", json!("a/b c/d.txt"), "/files/a/b%20c/d.txt"),
        ("/files/{x}", json!("a?b#c%2F;d\\e"), "/files/a%3Fb%23c%252F%3Bd%5Ce"),
        ("/files/{x}/raw", json!("a/"), "/files/a//raw"),
        ("/files/{x}", json!("/etc/hosts"), "/files//etc/hosts"),
        ("/files/{x}", json!(["a/b", "c"]), "/files/a/b/c"),
        ("/files/{x}:cancel", json!("..a/.b"), "/files/..a/.b:cancel"),
    ] {
        let operation = Operation::get("op", template);
        let sent = record(|client| client.request(leaked(operation)).path_styled("x", Style::Segments, &value)).await;
        assert_eq!(sent.target(), expected, "{template} {value}");
    }
    let operation = Operation::get("op", "/q");
    let error = refused(|client| client.request(leaked(operation)).query_styled("x", Style::Segments, "a/b")).await;
    assert!(error.contains("not allowed in this location"), "{error}");
}

#[tokio::test]
async fn reserved_characters_and_triples_are_kept() {
    for (value, expected) in [
        ("a/b c%2Fd%zz", "/files/a/b%20c%2Fd%25zz"),
        ("a:b@c!$&'()*+,;=~", "/files/a:b@c!$&'()*+,;=~"),
        ("a?b#c[d]", "/files/a%3Fb%23c%5Bd%5D"),
    ] {
        let operation = Operation::get("op", "/files/{x}");
        let sent =
            record(|client| client.request(leaked(operation)).path_styled("x", Style::SegmentsReserved, value)).await;
        assert_eq!(sent.target(), expected, "{value}");
    }
    let operation = Operation::get("op", "/files/{x}");
    let error =
        refused(|client| client.request(leaked(operation)).path_styled("x", Style::SegmentsReserved, "%2E%2e/a")).await;
    assert!(error.contains("another resource"), "{error}");
}

#[tokio::test]
async fn a_whole_path_brings_its_slash_along() {
    for (template, value, expected) in [
        ("/{x}", "/pulp/api/v3/x/1/", "/pulp/api/v3/x/1/"),
        ("/{x}modify/", "/pulp/x/1/", "/pulp/x/1/modify/"),
        ("/{x}", "pulp/x/", "/pulp/x/"),
        ("/{x}", "//evil.example/a", "//evil.example/a"),
        ("/{x}", "https://evil.example/a", "/https%3A//evil.example/a"),
        ("/{x}", "\\\\evil.example/a", "/%5C%5Cevil.example/a"),
    ] {
        let operation = Operation::get("op", template);
        let sent = record(|client| client.request(leaked(operation)).path_styled("x", Style::Segments, value)).await;
        assert_eq!(sent.target(), expected, "{template} {value}");
    }
    // Any other style stays in its segment.
    let operation = Operation::get("op", "/{x}");
    let sent = record(|client| client.request(leaked(operation)).path("x", "/pulp/x/")).await;
    assert_eq!(sent.target(), "/%2Fpulp%2Fx%2F");
}

#[tokio::test]
async fn segments_that_would_address_another_resource_are_refused() {
    let values = ["", "/", "//", ".", "..", "../a", "a/..", "a/../../b", "a/./b", "/../a"];
    let templates = ["/{x}", "/files/{x}", "/files/{x}/raw"];
    let all = values.iter().flat_map(|value| templates.map(|template| (template, *value)));
    for (template, value) in all.chain([("/a/{x}.", "b/."), ("/a/.{x}", "./b")]) {
        let operation = Operation::get("op", template);
        let error = refused(|client| client.request(leaked(operation)).path_styled("x", Style::Segments, value)).await;
        assert!(error.contains("another resource"), "{template} {value}: {error}");
    }
}

/// The text between two parts of the path is the value with all characters except slashes encoded; or the call is
/// refused.
#[test]
fn any_text_stays_below_what_is_before_it() {
    const OPERATION: Operation = Operation::get("op", "/p/{x}/end");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let recorder = Recorder::start();
    let client = recorder.client(&[]);
    let text = prop_oneof![any::<String>(), "[./%?#;&=+ \\\\2eEfF,:@]{0,10}"];
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    let outcome = proptest::test_runner::TestRunner::new(config).run(&text, |text| {
        let request = client.request(&OPERATION).path_styled("x", Style::Segments, &text);
        let result = runtime.block_on(request.send());
        let leaves = text.split('/').any(|segment| matches!(segment, "." | "..")) || text.trim_matches('/').is_empty();
        prop_assert_eq!(result.is_err(), leaves, "{:?}", result);
        if !leaves {
            let sent = recorder.sent().pop().unwrap();
            let inner = sent.target().strip_prefix("/p/").and_then(|rest| rest.strip_suffix("/end")).unwrap();
            let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
            prop_assert!(inner.chars().all(plain), "{inner}");
            let decoded = percent_encoding::percent_decode_str(inner).decode_utf8().unwrap().into_owned();
            prop_assert_eq!(decoded, text);
        }
        Ok(())
    });
    outcome.unwrap();
}
