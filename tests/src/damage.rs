//! Random damage to documents, for property tests. Edits are plain data, which proptest reduces when a test fails.
//!
//! In: documents, as values or as text. Out: the same with some edits applied. Invariant: an edit applies to every document, and the
//! same edits give the same document.

use std::fs;
use std::path::{Path, PathBuf};

use clientwright_normalizer::Source;
use clientwright_normalizer::load::parse;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Map, Value, json};

use crate::{Kind, fixtures, root};

/// Returns the configuration of a property test: a tenth of the cases, all cases in the second tier, or `PROPTEST_CASES`. The cases are
/// the same on every run, unless `PROPTEST_RNG_SEED` is set.
#[must_use]
pub fn config(cases: u32) -> Config {
    let set = |name| std::env::var_os(name).is_some();
    let default = Config::default();
    let cases = if is_second_tier() { cases } else { cases.div_ceil(10) };
    Config {
        cases: if set("PROPTEST_CASES") { default.cases } else { cases },
        rng_seed: if set("PROPTEST_RNG_SEED") { default.rng_seed } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        ..default
    }
}

/// Returns `true` if ignored tests run, too: the second tier.
fn is_second_tier() -> bool {
    std::env::args().any(|argument| matches!(argument.as_str(), "--ignored" | "--include-ignored"))
}

/// Returns the fixtures of the normalizer as text.
#[must_use]
pub fn normalizer_texts() -> Vec<String> {
    let mut texts = Vec::new();
    collect(&root().join("tests/fixtures/normalize"), &mut texts);
    texts
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    let entries = fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<PathBuf> = entries.collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, texts);
        } else if !path.ends_with("expansion.yaml") {
            // This fixture reaches the limit for copies, which takes seconds each time.
            texts.push(fs::read_to_string(&path).expect("a fixture"));
        }
    }
}

/// Returns the fixtures of the normalizer that consist of one document.
#[must_use]
pub fn normalizer_documents() -> Vec<Value> {
    let values = normalizer_texts().into_iter().filter_map(|text| value(&text));
    values.filter(|document| document.get("openapi").is_some() || document.get("swagger").is_some()).collect()
}

/// Returns the fixtures of the normalizer that consist of one document, and those of the generator that are generated.
#[must_use]
pub fn all_documents() -> Vec<Value> {
    let generated = [Kind::Ok, Kind::Unsupported].into_iter().flat_map(fixtures);
    let generated = generated.filter_map(|fixture| value(&fixture.document.source.text));
    normalizer_documents().into_iter().chain(generated).collect()
}

/// Returns the value of a text, if it is well-formed.
#[must_use]
pub fn value(text: &str) -> Option<Value> {
    parse(&Source { name: String::from("a.yaml"), text: text.to_owned() }).ok()
}

/// A change of a document's structure. A node is selected by its position among all nodes.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Replaces a node with a value.
    Replace(Index, Value),
    /// Replaces a node with a node of some document.
    Transplant(Index, Index, Index),
    /// Replaces a node with a reference to a node of this document.
    Refer(Index, Index),
    /// Redirects a reference to a node of some document, in a file with this name.
    Redirect(Index, &'static str, Index, Index),
    /// Removes a property of an object, or an element of an array.
    Remove(Index, Index),
    /// Renames a property of an object.
    Rename(Index, Index, &'static str),
    /// Adds a property to an object, or an element to an array.
    Insert(Index, &'static str, Value),
    /// Changes a string.
    Text(Index, Index, &'static str),
}

/// A change of a document's text. A place is selected among all characters.
#[derive(Clone, Debug)]
pub enum TextEdit {
    /// Truncates the text.
    Truncate(Index),
    /// Replaces some characters.
    Replace(Index, usize, &'static str),
    /// Copies some characters to another place.
    Copy(Index, usize, Index),
    /// Copies a whole line to another place.
    CopyLine(Index, Index),
    /// Indents or dedents a line by one column.
    Indent(Index, bool),
}

/// Keys and values with a meaning, and unusual ones.
const NAMES: [&str; 27] = [
    "type", "properties", "required", "$ref", "allOf", "nullable", "enum", "x-secret", "schema", "items", "in", "$id",
    "$defs", "x-y", "a b", "/{a}/{a}", "{", "default", "const", "", "~", "\u{0}", "ü", "🦀", "200", "*/", "\n",
];

/// Snippets with a meaning for a parser or a pass.
const SNIPPETS: [&str; 60] = [
    ":", " ", "\n", "\t", "\r\n", "- ", "[", "]", "{", "}", ",", "'", "\"", "#", "&a ", "*a", "<<: *a\n", "<<", "!x ",
    "!!binary ", "|\n", ">\n", "? ", "---\n", "...\n", "%", "%YAML 1.2\n", "@", "`", "~", "\\", "\u{feff}", "\u{0}",
    "\u{7f}", "\u{85}", "\u{fffd}", "\u{2028}", "ü", "😀", "null", "true", "0", "-1", "1e400", "99999999999999999999",
    "0.1234567890123456789", "$ref", "$ref: 1\n", "$ref: '#/paths'\n", "x-a", "{}", "[]", "required", "type: [a]\n",
    "openapi: 3.0.3\n", "info:", "paths", "components", "# x\n", "",
];

/// Names of files for references.
const FILES: [&str; 8] =
    ["", "openapi.yaml", "other.yaml", "pets.yaml", "common.yaml", "../openapi.yaml", "none.yaml", "."];

/// Returns values of every JSON type, including problematic ones.
fn odd() -> impl Strategy<Value = Value> {
    select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("a"),
        json!("string"),
        json!("object"),
        json!("#"),
        json!("#/"),
        json!("#/components/schemas/Missing"),
        json!("*/ }"),
        json!("\u{0}\u{7}\u{85}\u{2028}"),
        json!("~1~0%2F"),
        json!("2.0"),
        json!("3.1.0"),
        json!([]),
        json!({}),
        json!([null]),
        json!([[]]),
        json!(["a", "a"]),
        json!({"": {}}),
        json!({"": null}),
        json!({"x-a": 1}),
        json!({"$ref": 1}),
        json!({"$ref": ""}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/"}),
        json!({"$ref": "#/paths"}),
        json!({"$ref": "#/components/schemas/A"}),
        json!({"$ref": "#/components/schemas/Missing"}),
        json!({"$ref": "https://a.example/b"}),
        json!({"allOf": [{"$ref": "#"}]}),
        json!({"allOf": [{}]}),
        json!({"oneOf": []}),
        json!({"anyOf": [{"type": "null"}]}),
        json!({"enum": [null]}),
        json!({"not": {}}),
        json!({"type": "string"}),
        json!({"type": ["string", "null"]}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        json!({"in": "body", "name": "b", "schema": {}}),
    ])
}

/// Returns one to `most` edits of a structure.
pub fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    let at = any::<Index>;
    let edit = prop_oneof![
        (at(), odd()).prop_map(|(at, value)| Edit::Replace(at, value)),
        (at(), at(), at()).prop_map(|(at, donor, from)| Edit::Transplant(at, donor, from)),
        (at(), at()).prop_map(|(at, to)| Edit::Refer(at, to)),
        (at(), select(&FILES[..]), at(), at()).prop_map(|(at, file, donor, to)| Edit::Redirect(at, file, donor, to)),
        (at(), at()).prop_map(|(at, member)| Edit::Remove(at, member)),
        (at(), at(), select(&NAMES[..])).prop_map(|(at, member, name)| Edit::Rename(at, member, name)),
        (at(), select(&NAMES[..]), odd()).prop_map(|(at, name, value)| Edit::Insert(at, name, value)),
        (at(), at(), select(&NAMES[..])).prop_map(|(at, place, text)| Edit::Text(at, place, text)),
    ];
    vec(edit, 1..=most)
}

/// Returns one to `most` edits of a text.
pub fn text_edits(most: usize) -> impl Strategy<Value = Vec<TextEdit>> {
    let at = any::<Index>;
    let edit = prop_oneof![
        1 => at().prop_map(TextEdit::Truncate),
        4 => (at(), 0..40_usize, select(&SNIPPETS[..])).prop_map(|(at, length, new)| TextEdit::Replace(at, length, new)),
        2 => (at(), select(&SNIPPETS[..])).prop_map(|(at, new)| TextEdit::Replace(at, 0, new)),
        1 => (at(), 0..40_usize, at()).prop_map(|(at, length, to)| TextEdit::Copy(at, length, to)),
        1 => (at(), at()).prop_map(|(from, to)| TextEdit::CopyLine(from, to)),
        1 => (at(), any::<bool>()).prop_map(|(line, right)| TextEdit::Indent(line, right)),
    ];
    vec(edit, 1..=most)
}

/// Returns texts made of pieces of documents, in any order.
pub fn random_text() -> impl Strategy<Value = String> {
    vec(select(&SNIPPETS[..]), 0..40).prop_map(|pieces| pieces.concat())
}

/// Returns the document after the edits. Transplanted nodes come from `donors`.
#[must_use]
pub fn damaged(document: &Value, donors: &[Value], edits: &[Edit]) -> Value {
    let mut document = document.clone();
    for edit in edits {
        damage(&mut document, donors, edit);
    }
    document
}

fn damage(document: &mut Value, donors: &[Value], edit: &Edit) {
    let all = pointers(document);
    let donor = |index: &Index| if donors.is_empty() { &Value::Null } else { index.get(donors) };
    match edit {
        Edit::Replace(at, value) => replace(document, chosen(at, &all), value.clone()),
        Edit::Transplant(at, giver, from) => {
            let giver = donor(giver);
            let node = giver.pointer(chosen(from, &pointers(giver))).cloned();
            replace(document, chosen(at, &all), node.unwrap_or_default());
        }
        Edit::Refer(at, to) => replace(document, chosen(at, &all), json!({"$ref": format!("#{}", chosen(to, &all))})),
        Edit::Redirect(at, file, giver, to) => {
            let references: Vec<String> = all.into_iter().filter(|pointer| pointer.ends_with("/$ref")).collect();
            if !references.is_empty() {
                let target = format!("{file}#{}", chosen(to, &pointers(donor(giver))));
                replace(document, chosen(at, &references), Value::String(target));
            }
        }
        Edit::Remove(at, member) => {
            if let Some(node) = document.pointer_mut(chosen(at, &all)) {
                remove(node, member);
            }
        }
        Edit::Rename(at, member, name) => {
            let node = document.pointer_mut(chosen(at, &all));
            if let Some(Value::Object(members)) = node
                && let Some((_, value)) = remove_member(members, member)
            {
                members.insert((*name).to_owned(), value);
            }
        }
        Edit::Insert(at, name, value) => match document.pointer_mut(chosen(at, &all)) {
            Some(Value::Object(members)) => drop(members.insert((*name).to_owned(), value.clone())),
            Some(Value::Array(items)) => items.push(value.clone()),
            _ => {}
        },
        Edit::Text(at, place, new) => {
            let is_text = |at: &String| document.pointer(at).is_some_and(Value::is_string);
            let texts: Vec<String> = all.into_iter().filter(is_text).collect();
            if !texts.is_empty()
                && let Some(Value::String(text)) = document.pointer_mut(chosen(at, &texts))
            {
                text.insert_str(boundary(text, place), new);
            }
        }
    }
}

fn chosen<'a>(at: &Index, pointers: &'a [String]) -> &'a str {
    at.get::<String>(pointers)
}

/// Replaces a node, except the whole document, which must be an object.
fn replace(document: &mut Value, at: &str, value: Value) {
    if let Some(node) = document.pointer_mut(at).filter(|_| !at.is_empty()) {
        *node = value;
    }
}

fn remove(node: &mut Value, member: &Index) {
    match node {
        Value::Object(members) => drop(remove_member(members, member)),
        Value::Array(items) if !items.is_empty() => drop(items.remove(member.index(items.len()))),
        _ => {}
    }
}

fn remove_member(members: &mut Map<String, Value>, member: &Index) -> Option<(String, Value)> {
    let keys: Vec<String> = members.keys().cloned().collect();
    let key = (!keys.is_empty()).then(|| member.get(&keys))?;
    members.shift_remove_entry(key)
}

/// Returns the pointers to all nodes of a document.
#[must_use]
pub fn pointers(document: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut waiting = vec![(String::new(), document)];
    while let Some((at, node)) = waiting.pop() {
        let members: Vec<(String, &Value)> = match node {
            Value::Object(members) => {
                let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
                members.iter().map(|(key, value)| (format!("{at}/{}", escaped(key)), value)).collect()
            }
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)).collect()
            }
            _ => Vec::new(),
        };
        all.extend(members.iter().map(|(at, _)| at.clone()));
        waiting.extend(members);
    }
    all
}

/// Returns the text after the edits.
#[must_use]
pub fn damaged_text(text: &str, edits: &[TextEdit]) -> String {
    edits.iter().fold(text.to_owned(), damage_text)
}

fn damage_text(mut text: String, edit: &TextEdit) -> String {
    match edit {
        TextEdit::Truncate(at) => text.truncate(boundary(&text, at)),
        TextEdit::Replace(at, length, new) => {
            let start = boundary(&text, at);
            text.replace_range(start..end(&text, start, *length), new);
        }
        TextEdit::Copy(at, length, to) => {
            let start = boundary(&text, at);
            let copy = text[start..end(&text, start, *length)].to_owned();
            text.insert_str(boundary(&text, to), &copy);
        }
        TextEdit::CopyLine(from, to) => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            if !lines.is_empty() {
                let line = *from.get(&lines);
                lines.insert(to.index(lines.len()), line);
            }
            return lines.concat();
        }
        TextEdit::Indent(line, right) => {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            if !lines.is_empty() {
                let line = line.get_mut(&mut lines);
                *line = if *right { format!(" {line}") } else { line.strip_prefix(' ').unwrap_or(line).to_owned() };
            }
            return lines.concat();
        }
    }
    text
}

/// Returns a place between two characters.
fn boundary(text: &str, at: &Index) -> usize {
    whole(text, at.index(text.len() + 1))
}

/// Returns the end of a range of about this many bytes, at most the end of the text.
fn end(text: &str, start: usize, length: usize) -> usize {
    whole(text, (start + length).min(text.len())).max(start)
}

/// Returns the last start of a character at or before a place.
fn whole(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
