use super::*;
use crate::docs::elements;

fn opened(file: &str, text: &str) -> (Playground, Value) {
    let mut playground = Playground::new();
    let shown = playground.open(file, text.to_owned());
    (playground, serde_json::from_str(&shown).unwrap())
}

#[test]
fn the_example_has_files_methods_and_docs() {
    let (playground, shown) = opened("example.yaml", EXAMPLE);
    assert_eq!(shown["module"], "example");
    let methods = shown["methods"].as_array().unwrap();
    let listed: Vec<_> =
        methods.iter().map(|method| (method[0].as_str().unwrap(), method[1].as_str().unwrap())).collect();
    assert_eq!(listed, [("notes().list", "GET /notes"), ("notes().create", "POST /notes")]);
    let method: Value = serde_json::from_str(&playground.method(0)).unwrap();
    let signature: String = method["signature"][0]
        .as_array()
        .unwrap()
        .iter()
        .skip(1)
        .step_by(2)
        .map(|part| part.as_str().unwrap())
        .collect();
    assert_eq!(signature, "pub fn list(&self) -> List");
    assert_eq!(method["docs"][0], json!(["p", "Lists the notes, newest first."]));
    let paths: Vec<&str> = playground.files.iter().map(|file| file.path.as_str()).collect();
    for path in [
        "client/src/lib.rs", "client/src/example/notes.rs", "specs/example.yaml", "specs/example.names.lock",
        "Cargo.toml", "README.md",
    ] {
        assert!(paths.contains(&path), "{paths:?}");
    }
    assert!(playground.archive().unwrap().starts_with(b"PK"));
}

#[test]
fn every_operation_has_a_method() {
    for text in [include_str!("../../specs/lakefs_import.yaml"), include_str!("../../specs/bytehouse.yaml")] {
        let (_, shown) = opened("api.yaml", text);
        let methods = shown["methods"].as_array().unwrap();
        assert!(methods.len() >= shown["counts"]["operations"].as_u64().unwrap() as usize);
        assert!(
            methods
                .iter()
                .all(|method| !method[0].as_str().unwrap().is_empty() && !method[1].as_str().unwrap().is_empty())
        );
    }
}

#[test]
fn lines_are_the_text_of_the_file() {
    let (playground, _) = opened("example.yaml", EXAMPLE);
    for (index, file) in playground.files.iter().enumerate() {
        let lines: Vec<Vec<String>> = serde_json::from_str(&playground.lines(index, 0, usize::MAX)).unwrap();
        let text: String = lines
            .iter()
            .map(|line| line.iter().skip(1).step_by(2).map(String::as_str).collect::<String>() + "\n")
            .collect();
        assert_eq!(text.trim_end(), file.text.trim_end(), "{}", file.path);
    }
}

#[test]
fn a_broken_document_has_a_line() {
    let (_, shown) = opened("a.yaml", "openapi: 3.0.3\ninfo: [\n");
    assert_eq!(shown["findings"]["errors"], 1);
    assert!(shown["line"] == 3, "{shown:#}");
    assert!(shown.get("files").is_none());
}

#[test]
fn html_of_docs_stays_text() {
    let shown = elements("a <b>c</b> [d](javascript:x) [e](https://e) ![f](https://f) [`g`](super::g)\n\n<script>\n");
    assert_eq!(
        json!(shown),
        json!([
            [
                "p",
                "a ",
                "<b>",
                "c",
                "</b>",
                " ",
                ["span", "d"],
                " ",
                ["a", "https://e", "e"],
                " ",
                ["span", "f"],
                " ",
                ["span", ["code", "g"]]
            ],
            ["p", "<script>\n"],
        ])
    );
}
