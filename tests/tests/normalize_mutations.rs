//! No document makes the normalizer panic, hang or contradict itself: the fixtures with random damage, to their structure and
//! to their text. What still normalizes is canonical.
//!
//! `NORMALIZE_MUTATIONS=100000 cargo test --release --package workspace-tests --test normalize_mutations` runs more of them.

use std::fs;
use std::path::Path;

use clientwright::diagnostic::Kind;
use clientwright::load::{Source, parse};
use clientwright::normalize::normalize_text;
use serde_json::{Map, Value, json};
use workspace_tests::root;

/// How many damaged documents a plain run tries.
const COUNT: usize = 1500;

/// A small generator of pseudo-random numbers (xorshift64): the same damage on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % limit.max(1)
    }
}

fn inputs(folder: &Path, found: &mut Vec<String>) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            inputs(&path, found);
        } else {
            found.push(fs::read_to_string(&path).expect("a fixture"));
        }
    }
}

/// Every node of a document, as pointers.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn odd(random: &mut Random) -> Value {
    let odd = [
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("#"),
        json!("#/"),
        json!("a"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"$ref": "#/components/schemas/A"}),
        json!({"$ref": "#"}),
        json!({"$ref": 1}),
        json!({"$ref": "https://a.example/b"}),
        json!({"$ref": "#/paths"}),
        json!({"allOf": [{"$ref": "#"}]}),
        json!({"type": ["string", "null"]}),
        json!({"in": "body", "name": "b", "schema": {}}),
        json!(["a", "a"]),
        json!({"": {}}),
        json!({"x-a": 1}),
        json!("~1~0%2F"),
        json!("2.0"),
        json!("3.1.0"),
    ];
    odd[random.below(odd.len())].clone()
}

fn damage(document: &mut Value, donors: &[Value], random: &mut Random) {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    let at = all[random.below(all.len())].clone();
    let replacement = match random.below(4) {
        0 => odd(random),
        // A node of another document, or of this one: cycles and things in the wrong place.
        1 => {
            let donor = &donors[random.below(donors.len())];
            let mut theirs = Vec::new();
            pointers(donor, "", &mut theirs);
            donor.pointer(&theirs[random.below(theirs.len())]).expect("a node").clone()
        }
        2 => json!({"$ref": format!("#{}", all[random.below(all.len())])}),
        _ => return rename_or_remove(document, &at, random),
    };
    if !at.is_empty()
        && let Some(node) = document.pointer_mut(&at)
    {
        *node = replacement;
    }
}

fn rename_or_remove(document: &mut Value, at: &str, random: &mut Random) {
    let Some(Value::Object(members)) = document.pointer_mut(at) else { return };
    let keys: Vec<String> = members.keys().cloned().collect();
    let Some(key) = keys.get(random.below(keys.len())) else { return };
    let value = members.shift_remove(key).expect("a member");
    let names = [
        "$id",
        "$defs",
        "x-y",
        "a b",
        "/{a}/{a}",
        "{",
        "default",
        "items",
        "$ref",
        "nullable",
        "const",
        "properties",
        "",
    ];
    if random.below(2) == 0 {
        members.insert(names[random.below(names.len())].to_owned(), value);
    }
}

fn check(text: &str) {
    let source = Source { name: String::from("damaged.yaml"), text: text.to_owned() };
    match normalize_text(&source, &[]) {
        Ok(normalized) => {
            let output = Source { name: String::from("output.yaml"), text: normalized.yaml.clone() };
            assert_eq!(parse(&output).as_ref(), Ok(&normalized.value), "{text}");
            match normalize_text(&output, &[]) {
                Ok(again) => assert_eq!(again.yaml, normalized.yaml, "not canonical:\n{text}"),
                Err(failure) => panic!("the output is refused:\n{failure}\nof:\n{text}"),
            }
        }
        Err(failure) => {
            assert!(!failure.diagnostics.is_empty(), "refused without a word:\n{text}");
            assert!(failure.diagnostics.iter().all(|found| found.kind != Kind::Bug), "{failure}\nof:\n{text}");
        }
    }
}

#[test]
fn damaged_documents_are_no_trouble() {
    let count = std::env::var("NORMALIZE_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(COUNT);
    let mut texts = Vec::new();
    inputs(&root().join("tests/fixtures/normalize"), &mut texts);
    let documents: Vec<Value> = texts
        .iter()
        .filter_map(|text| parse(&Source { name: String::from("a.yaml"), text: text.clone() }).ok())
        .filter(|document| document.get("openapi").is_some() || document.get("swagger").is_some())
        .collect();
    assert!(documents.len() > 20, "only {} fixtures", documents.len());
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..count {
        let mut document = documents[round % documents.len()].clone();
        for _ in 0..=random.below(6) {
            damage(&mut document, &documents, &mut random);
        }
        if document.is_object() {
            let empty = Map::new();
            let members = document.as_object().unwrap_or(&empty);
            check(&serde_json::to_string(members).expect("JSON"));
        }
    }
}

#[test]
fn damaged_texts_are_no_trouble() {
    let mut texts = Vec::new();
    inputs(&root().join("tests/fixtures/normalize"), &mut texts);
    let mut random = Random(7);
    for round in 0..COUNT / 2 {
        let mut text: Vec<char> = texts[round % texts.len()].chars().collect();
        for _ in 0..=random.below(4) {
            let at = random.below(text.len());
            let snippet =
                [":", "\n", "- ", "{", "}", "'", "&a ", "*a", "$ref: '#/paths'\n", "1e400", "~", "\u{feff}", "ü"];
            match random.below(3) {
                0 => text.truncate(at),
                1 => drop(text.drain(at..(at + random.below(20)).min(text.len()))),
                _ => drop(text.splice(at..at, snippet[random.below(snippet.len())].chars()).collect::<Vec<_>>()),
            }
        }
        check(&text.into_iter().collect::<String>());
    }
}
