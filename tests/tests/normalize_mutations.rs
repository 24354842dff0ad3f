//! No document makes the normalizer panic, hang or contradict itself: the fixtures with random damage, to their structure and
//! to their text, as one file (Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2), as several, and to their overlays. What still
//! normalizes is canonical. A hang or an overflow of the stack ends the run.
//!
//! `NORMALIZE_MUTATIONS=100000 cargo test --release --package workspace-tests --test normalize_mutations` runs more of them.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, process, thread};

use clientwright::diagnostic::DiagnosticKind;
use clientwright::normalize::{Normalized, normalize_files, normalize_text};
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::Findings;
use clientwright_normalizer::load::parse;
use serde_json::{Value, json};
use workspace_tests::root;

/// How many damaged documents a plain run tries.
const COUNT: usize = 1500;

/// After this long it must be a hang, on the slowest machine.
const HANG: Duration = Duration::from_secs(120);

/// What means something to a parser, or to a pass.
const SNIPPETS: [&str; 19] = [
    ":",
    "\n",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    "\"",
    "&a ",
    "*a",
    "<<: *a\n",
    "$ref: '#/paths'\n",
    "1e400",
    "~",
    "\u{feff}",
    "\u{fc}",
    "\t",
];

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
    for path in paths(folder) {
        if path.is_dir() {
            inputs(&path, found);
        } else if !path.ends_with("expansion.yaml") {
            // That one goes to the limit of what is copied, which takes seconds each time.
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

/// Normalizes, and what comes out is canonical; what is refused is refused with a reason, and not by a bug.
fn check(shown: &str, normalize: impl FnOnce() -> Result<Normalized, Findings>) {
    let watch = Watch::over(shown);
    match normalize() {
        Ok(normalized) => {
            let output = Source { name: String::from("output.yaml"), text: normalized.yaml.clone() };
            assert_eq!(parse(&output).as_ref(), Ok(&normalized.value), "{shown}");
            match normalize_text(&output, &[]) {
                Ok(again) => {
                    assert_eq!(again.yaml, normalized.yaml, "not canonical:\n{shown}");
                    let left = again.ledger.summary();
                    assert!(again.ledger.is_empty(), "something is left to do: {left}\n{shown}");
                }
                Err(failure) => panic!("the output is refused:\n{failure}\nof:\n{shown}"),
            }
        }
        Err(failure) => {
            assert!(!failure.diagnostics.is_empty(), "refused without a word:\n{shown}");
            assert!(
                failure.diagnostics.iter().all(|found| found.kind != DiagnosticKind::Bug),
                "{failure}\nof:\n{shown}"
            );
        }
    }
    drop(watch);
}

fn check_text(text: &str) {
    let source = Source { name: String::from("damaged.yaml"), text: text.to_owned() };
    check(text, || normalize_text(&source, &[]));
}

/// Ends the whole run if a document takes so long that the normalizer must hang: a test cannot be stopped otherwise. Most
/// documents take a millisecond.
struct Watch(#[expect(dead_code, reason = "the thread waits until it is dropped")] mpsc::Sender<()>);

impl Watch {
    fn over(shown: &str) -> Self {
        let (sender, receiver) = mpsc::channel::<()>();
        let shown = shown.to_owned();
        thread::spawn(move || {
            if receiver.recv_timeout(HANG) == Err(mpsc::RecvTimeoutError::Timeout) {
                eprintln!("the normalizer hangs on:\n{shown}");
                process::abort();
            }
        });
        Self(sender)
    }
}

fn count(usual: usize) -> usize {
    let wanted = std::env::var("NORMALIZE_MUTATIONS").ok().and_then(|count| count.parse().ok());
    wanted.map_or(usual, |wanted: usize| wanted * usual / COUNT)
}

/// Fixtures that are one document, as values.
fn documents() -> Vec<Value> {
    let mut texts = Vec::new();
    inputs(&root().join("tests/fixtures/normalize"), &mut texts);
    let values = texts.iter().filter_map(|text| value(text));
    values.filter(|document| document.get("openapi").is_some() || document.get("swagger").is_some()).collect()
}

fn value(text: &str) -> Option<Value> {
    parse(&Source { name: String::from("a.yaml"), text: text.to_owned() }).ok()
}

#[test]
fn damaged_documents_are_no_trouble() {
    let documents = documents();
    for version in ["2.0", "3.0", "3.1", "3.2"] {
        let says = |document: &&Value| {
            let text = document.get("openapi").or(document.get("swagger")).and_then(Value::as_str);
            text.is_some_and(|text| text.starts_with(version))
        };
        assert!(documents.iter().filter(says).count() > 3, "hardly any fixture of {version}");
    }
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..count(COUNT) {
        let mut document = documents[round % documents.len()].clone();
        for _ in 0..=random.below(6) {
            damage(&mut document, &documents, &mut random);
        }
        if document.is_object() {
            check_text(&document.to_string());
        }
    }
}

#[test]
fn damaged_texts_are_no_trouble() {
    let mut texts = Vec::new();
    inputs(&root().join("tests/fixtures/normalize"), &mut texts);
    // The same once more as JSON, whose errors are others.
    let json: Vec<String> = texts.iter().filter_map(|text| Some(format!("{:#}", value(text)?))).collect();
    texts.extend(json);
    let mut random = Random(7);
    for round in 0..count(COUNT) {
        check_text(&damaged_text(&texts[round % texts.len()], &mut random));
    }
}

/// The text with pieces cut out, put in, or its end cut off.
fn damaged_text(text: &str, random: &mut Random) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len());
        let snippet = SNIPPETS[random.below(SNIPPETS.len())];
        match random.below(4) {
            0 => text.truncate(at),
            1 => drop(text.drain(at..(at + random.below(20)).min(text.len()))),
            _ => drop(text.splice(at..at, snippet.chars()).collect::<Vec<_>>()),
        }
    }
    text.into_iter().collect()
}

#[test]
fn damaged_overlays_are_no_trouble() {
    let fixtures = root().join("tests/fixtures/normalize/overlay");
    let mut pairs = Vec::new();
    for path in paths(&fixtures) {
        let overlay = path.with_extension("overlay.yaml");
        if let (true, Ok(document), Ok(overlay)) =
            (overlay.exists(), fs::read_to_string(&path), fs::read_to_string(&overlay))
        {
            pairs.push((document, overlay));
        }
    }
    assert!(pairs.len() > 5, "only {} overlays", pairs.len());
    let donors: Vec<Value> = pairs.iter().flat_map(|(one, other)| [value(one), value(other)]).flatten().collect();
    let mut random = Random(11);
    for round in 0..count(COUNT / 2) {
        let (document, overlay) = &pairs[round % pairs.len()];
        let overlay = match value(overlay).filter(|_| random.below(4) > 0) {
            Some(mut overlay) => {
                damage(&mut overlay, &donors, &mut random);
                overlay.to_string()
            }
            None => damaged_text(overlay, &mut random),
        };
        let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
        let (document, overlay) = (source("damaged.yaml", document), source("overlay.yaml", &overlay));
        let shown = format!("{}\n---\n{}", document.text, overlay.text);
        check(&shown, || normalize_text(&document, std::slice::from_ref(&overlay)));
    }
}

#[test]
fn damaged_files_are_no_trouble() {
    let bundles: Vec<PathBuf> =
        paths(&root().join("tests/fixtures/normalize/bundle")).into_iter().filter(|path| path.is_dir()).collect();
    assert!(bundles.len() > 3, "only {} fixtures of several files", bundles.len());
    let mut random = Random(13);
    for round in 0..count(COUNT / 3) {
        let bundle = &bundles[round % bundles.len()];
        let mut files = Vec::new();
        below(bundle, bundle, &mut files);
        let donors: Vec<Value> = files.iter().filter_map(|(_, text)| value(text)).collect();
        for _ in 0..=random.below(3) {
            let index = random.below(files.len());
            let text = &mut files[index].1;
            *text = match value(text).filter(|_| random.below(5) > 0 && !donors.is_empty()) {
                Some(mut document) => {
                    damage(&mut document, &donors, &mut random);
                    mix_references(&mut document, &donors, &mut random);
                    document.to_string()
                }
                None => damaged_text(text, &mut random),
            };
        }
        let folder = tempfile::tempdir().expect("a folder");
        let mut shown = String::new();
        for (path, text) in &files {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(&file, text).expect("a file");
            shown.push_str(&format!("{path}:\n{text}\n"));
        }
        check(&shown, || normalize_files(&folder.path().join("openapi.yaml"), &[]));
    }
}

/// Lets a reference lead somewhere else: into another file, to what another reference leads to, or nowhere.
fn mix_references(document: &mut Value, donors: &[Value], random: &mut Random) {
    let mut all = Vec::new();
    pointers(document, "", &mut all);
    all.retain(|pointer| pointer.ends_with("/$ref"));
    let Some(at) = all.get(random.below(all.len())).cloned() else { return };
    let mut theirs = Vec::new();
    pointers(&donors[random.below(donors.len())], "", &mut theirs);
    let files = ["", "openapi.yaml", "other.yaml", "pets.yaml", "common.yaml", "../openapi.yaml", "none.yaml", "."];
    let target = format!("{}#{}", files[random.below(files.len())], theirs[random.below(theirs.len())]);
    if let Some(reference) = document.pointer_mut(&at) {
        *reference = Value::String(target);
    }
}

/// The files below a folder: paths from `top`, and texts.
fn below(top: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for path in paths(folder) {
        if path.is_dir() {
            below(top, &path, found);
        } else {
            let relative = path.strip_prefix(top).expect("below it").to_string_lossy().into_owned();
            found.push((relative, fs::read_to_string(&path).expect("a fixture")));
        }
    }
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}
