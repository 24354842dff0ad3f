//! No document makes the generator panic, whatever is wrong with it: there is correct output, or a finding with its place.
//!
//! Documents are damaged at random, with fixed seeds, so that a failure can be looked at again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use clientwright::diagnostic::{Diagnostic, DiagnosticKind as Finding, any_error};
use clientwright::generate::Document;
use serde_json::{Map, Value, json};
use workspace_tests::{Kind, document, fixtures, one, rendered, rust, specs};

/// A sequence of numbers that is the same every time (xorshift64*).
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or(0) % limit.max(1)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// Generates a document and judges what comes of it.
fn judge(document: &Document, seed: &str) {
    let text = &document.source.text;
    let shown = || text.chars().take(4000).collect::<String>();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let generation = one(document);
        let said = rendered(&generation.diagnostics, document);
        (generation, said)
    }));
    let Ok((generation, said)) = outcome else { panic!("{seed}: a panic; the document:\n{}", shown()) };
    for diagnostic in &generation.diagnostics {
        assert!(is_located(diagnostic, document), "{seed}: {diagnostic:?} has no place in\n{}", shown());
        assert_ne!(diagnostic.kind, Finding::Bug, "{seed}: {said}\n{}", shown());
        assert!(said.contains(&format!("[{}]", diagnostic.code)), "{seed}: {diagnostic:?} is not shown:\n{said}");
    }
    assert_eq!(generation.root.is_none(), any_error(&generation.diagnostics), "{seed}: {said}");
    for api in &generation.apis {
        let faults = rust::faults(&api.files);
        assert!(faults.is_empty(), "{seed}: {}\n{}", faults.join("\n"), shown());
    }
}

/// A span has to be one of the text, a pointer has to lead to a node, or to the parent of the one that is missing.
fn is_located(diagnostic: &Diagnostic, document: &Document) -> bool {
    if diagnostic.file != document.source.name {
        return false;
    }
    match &diagnostic.span {
        Some(span) => span.start <= span.end && document.source.text.get(span.clone()).is_some(),
        None => match clientwright_normalizer::load::parse(&document.source) {
            Ok(value) => value.pointer(diagnostic.pointer.as_str()).is_some(),
            // What cannot be read as a whole is located by the parser.
            Err(_) => true,
        },
    }
}

/// Small documents that between them hold everything.
fn seeds() -> Vec<Document> {
    let fixtures = [Kind::Ok, Kind::Unsupported].into_iter().flat_map(fixtures);
    let small = fixtures.filter(|fixture| fixture.document.source.text.len() < 8000);
    small.map(|fixture| fixture.document).collect()
}

/// The pointers of all nodes.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
        }),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| {
            pointers(value, &format!("{at}/{index}"), found);
        }),
        _ => {}
    }
}

/// Values of every JSON type, among them some that mean trouble.
fn any_value(chance: &mut Chance) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(1e300),
        json!(""),
        json!("string"),
        json!("object"),
        json!("#/components/schemas/Missing"),
        json!("*/ }"),
        json!("\u{0}\u{7}\u{85}\u{2028}"),
        json!([]),
        json!({}),
        json!([null]),
        json!([[]]),
        json!({"": null}),
        json!({"$ref": "#/components/schemas/Missing"}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/"}),
        json!({"$ref": "#/paths"}),
        json!({"$ref": ""}),
        json!({"type": "string"}),
        json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        json!({"oneOf": []}),
        json!({"allOf": [{}]}),
        json!({"anyOf": [{"type": "null"}]}),
        json!({"enum": [null]}),
        json!({"not": {}}),
    ];
    chance.of(&values)
}

/// Damages one node.
fn damage(value: &mut Value, chance: &mut Chance) {
    let mut all = Vec::new();
    pointers(value, "", &mut all);
    let other = value.pointer(&chance.of(&all)).cloned().unwrap_or_default();
    let target = chance.of(&all);
    let random = any_value(chance);
    let Some(node) = value.pointer_mut(&target) else { return };
    match (chance.below(9), node) {
        (0, node) => *node = random,
        (1, node) => *node = other,
        (2, Value::Object(object)) => {
            remove(object, chance);
        }
        (3, Value::Object(object)) => rename(object, chance),
        (4, Value::Object(object)) => {
            let keys = [
                "type",
                "properties",
                "required",
                "$ref",
                "allOf",
                "nullable",
                "enum",
                "x-secret",
                "schema",
                "items",
                "in",
            ];
            object.insert(chance.of(&keys).to_owned(), random);
        }
        (5, Value::Array(items)) if !items.is_empty() => {
            let item = chance.of(items);
            items.push(item);
        }
        (6, Value::Array(items)) => {
            items.pop();
        }
        (7, Value::String(text)) => *text = damaged_text(text, chance),
        (_, Value::String(text)) if text.starts_with("#/") => *text = chance.of(&all).replacen('/', "#/", 1),
        (_, Value::Object(object)) => {
            remove(object, chance);
        }
        (_, node) => *node = random,
    }
}

fn remove(object: &mut Map<String, Value>, chance: &mut Chance) -> Option<(String, Value)> {
    let keys: Vec<String> = object.keys().cloned().collect();
    if keys.is_empty() {
        return None;
    }
    let key = chance.of(&keys);
    object.remove(&key).map(|value| (key, value))
}

fn rename(object: &mut Map<String, Value>, chance: &mut Chance) {
    if let Some((key, value)) = remove(object, chance) {
        object.insert(damaged_text(&key, chance), value);
    }
}

fn damaged_text(text: &str, chance: &mut Chance) -> String {
    let odd = ["", " ", "/", "~", "{", "}", "#", "\u{0}", "ü", "🦀", "$ref", "x-", "200", "*/", "_", "\n"];
    let cut = text.char_indices().map(|(index, _)| index).nth(chance.below(text.chars().count())).unwrap_or(0);
    let (start, end) = text.split_at(cut);
    match chance.below(4) {
        0 => format!("{start}{}{end}", chance.of(&odd)),
        1 => start.to_owned(),
        2 => format!("{end}{start}"),
        _ => chance.of(&odd).to_owned(),
    }
}

#[test]
fn damaged_structure() {
    let seeds = seeds();
    for round in 0..3000 {
        let mut chance = Chance::new(round);
        let seed = chance.of(&seeds);
        let mut value = clientwright_normalizer::load::parse(&seed.source).expect("a fixture that is right");
        for _ in 0..=chance.below(3) {
            damage(&mut value, &mut chance);
        }
        let text = if chance.below(2) == 0 {
            value.to_string()
        } else {
            serde_yaml::to_string(&value).unwrap_or_else(|_| value.to_string())
        };
        judge(&document("damaged", text), &format!("round {round}, {}", seed.source.name));
    }
}

#[test]
fn damaged_text_of_a_document() {
    let seeds = seeds();
    for round in 0..2000 {
        let mut chance = Chance::new(1_000_000 + round);
        let seed = chance.of(&seeds);
        let mut bytes = seed.source.text.clone().into_bytes();
        for _ in 0..=chance.below(4) {
            mangle(&mut bytes, &mut chance);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        judge(&document("damaged", text), &format!("round {round}, {}", seed.source.name));
    }
}

fn mangle(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len());
    let signs = b"\n\t\r :-{}[],&*!|>'\"%@`#?~\0\x7f\xff\xef<0aZ";
    match chance.below(7) {
        0 => bytes.truncate(at),
        1 => bytes.insert(at, chance.of(signs)),
        2 if at < bytes.len() => bytes[at] = chance.of(signs),
        3 if at < bytes.len() => {
            bytes.remove(at);
        }
        4 => {
            let end = (at + chance.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        5 => {
            let end = (at + chance.below(40)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            let to = chance.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        _ => {
            // A line further in, or further out.
            let start = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |index| index + 1);
            if bytes.get(start) == Some(&b' ') && chance.below(2) == 0 {
                bytes.remove(start);
            } else {
                bytes.insert(start, b' ');
            }
        }
    }
}

#[test]
fn random_text() {
    let pieces = [
        "openapi: 3.0.3\n",
        "info:",
        " {",
        "}",
        "[",
        "]",
        "- ",
        "? ",
        ": ",
        "\n",
        "  ",
        "\t",
        "&a ",
        "*a",
        "!t ",
        "|",
        ">",
        "'",
        "\"",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "# x\n",
        "paths",
        "components",
        "$ref",
        "<<",
        "~",
        "null",
        "0",
        "1e999",
        ",",
        "\u{feff}",
        "ü",
        "🦀",
        "\\",
        "\u{0}",
        "\u{85}",
        "@",
        "`",
    ];
    for round in 0..3000 {
        let mut chance = Chance::new(2_000_000 + round);
        let text: String = (0..chance.below(40)).map(|_| chance.of(&pieces)).collect();
        judge(&document("random", text), &format!("round {round}"));
    }
}

#[test]
fn damaged_specs() {
    let specs = specs();
    for round in 0..40 {
        let mut chance = Chance::new(3_000_000 + round);
        let seed = chance.of(&specs);
        let mut value = clientwright_normalizer::load::parse(&seed.source).expect("a document that is right");
        damage(&mut value, &mut chance);
        let text = serde_yaml::to_string(&value).expect("it can be written");
        judge(&document("damaged", text), &format!("round {round}, {}", seed.source.name));
    }
}

/// One error makes no other ones: after one key is misspelt, that key alone is talked about.
#[test]
fn one_mistake_is_one_error() {
    for (right, wrong) in [("operationId:", "operationid:"), ("required:", "requried:"), ("in: query", "in: querry")] {
        let text = "openapi: 3.0.3
info: {title: One, version: 1.0.0}
paths:
  /a:
    get:
      operationId: a
      parameters:
      - {name: x, in: query, schema: {type: object, required: [y], properties: {y: {type: string}}}}
      responses: {'204': {description: Done.}}
";
        assert!(text.contains(right));
        let document = document("mistake", text.replace(right, wrong));
        let generation = one(&document);
        let errors = generation.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        assert_eq!(errors, 1, "{wrong}: {}", rendered(&generation.diagnostics, &document));
    }
}

fn with_schema(schema: &str) -> Document {
    document(
        "extreme",
        format!(
            "openapi: 3.0.3\ninfo: {{title: Extreme, version: 1.0.0}}\npaths: {{}}\ncomponents:\n  schemas:\n    Thing: {schema}\n"
        ),
    )
}

#[test]
fn a_hundred_levels_are_generated() {
    let schema = (0..95).fold("{type: string}".to_owned(), |inner, _| format!("{{type: array, items: {inner}}}"));
    let document = with_schema(&schema);
    let generation = one(&document);
    assert!(generation.diagnostics.is_empty(), "{}", rendered(&generation.diagnostics, &document));
    judge(&document, "a hundred levels");
}

#[test]
fn a_hundred_thousand_levels_are_refused() {
    const LEVELS: usize = 100_000;
    let flow = |open: &str, close: &str| with_schema(&format!("{}{}", open.repeat(LEVELS), close.repeat(LEVELS)));
    let block: String = (0..3000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    let compact = format!("{}a\n", "- ".repeat(LEVELS));
    let json = format!("{{\"openapi\": {}1{}}}", "[".repeat(LEVELS), "]".repeat(LEVELS));
    for (what, document) in [
        ("flow lists", flow("[", "]")),
        ("flow mappings", flow("{a: ", "}")),
        ("unclosed lists", flow("[", "")),
        ("block mappings", document("extreme", block)),
        ("compact lists", document("extreme", compact)),
        ("complex keys", document("extreme", "? ".repeat(LEVELS))),
        ("JSON", document("extreme", json)),
        ("quotes", with_schema(&format!("{}{}", "'".repeat(LEVELS), "\""))),
        ("aliases", with_schema(&"&a ".repeat(LEVELS))),
    ] {
        let generation = one(&document);
        assert!(any_error(&generation.diagnostics), "{what} are not refused");
        let said = rendered(&generation.diagnostics, &document);
        assert!(said.len() < 20_000, "{what}: {} bytes are said", said.len());
    }
}

/// Depth that no text shows: references that lead deeper and deeper.
#[test]
fn deep_chains_of_references_do_no_harm() {
    for shape in [
        "{$ref: '#/components/schemas/N'}",
        "{allOf: [{$ref: '#/components/schemas/N'}]}",
        "{type: array, items: {$ref: '#/components/schemas/N'}}",
        "{type: object, required: [x], properties: {x: {$ref: '#/components/schemas/N'}}}",
        "{oneOf: [{type: string}, {$ref: '#/components/schemas/N'}]}",
    ] {
        let mut text =
            "openapi: 3.0.3\ninfo: {title: Chain, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n".to_owned();
        for index in 0..2000 {
            let next = shape.replace("/N'", &format!("/S{}'", index + 1));
            text.push_str(&format!("    S{index}: {next}\n"));
        }
        text.push_str("    S2000: {type: string}\n");
        judge(&document("chain", text), shape);
    }
}

#[test]
fn ten_megabytes_of_text() {
    let long = "x".repeat(10_000_000);
    let schema = with_schema(&format!("{{type: string, description: {long}}}"));
    let generation = one(&schema);
    assert!(generation.diagnostics.is_empty());
    let lines = "word word word\\n".repeat(100_000);
    judge(&with_schema(&format!("{{type: string, description: \"{lines}\"}}")), "many lines");
    let refused = with_schema(&format!("{{type: {long}}}"));
    let generation = one(&refused);
    assert!(any_error(&generation.diagnostics));
    let said = rendered(&generation.diagnostics, &refused);
    assert!(said.len() < 20_000, "{} bytes are said about one word", said.len());
}

#[test]
fn many_properties_and_many_values() {
    let properties: String = (0..5000).map(|index| format!("p{index}: {{type: string}}, ")).collect();
    judge(&with_schema(&format!("{{type: object, properties: {{{properties}}}}}")), "properties");
    let values: String = (0..5000).map(|index| format!("v{index}, ")).collect();
    judge(&with_schema(&format!("{{type: string, enum: [{values}]}}")), "values");
}

/// Bytes that are no text are told apart from text that is no YAML.
#[test]
fn bytes_that_are_no_text() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [
        ("latin1", b"openapi: 3.0.3\ninfo: {title: Gr\xf6\xdfe}\n".to_vec()),
        ("utf16", "openapi: 3.0.3\n".encode_utf16().flat_map(u16::to_le_bytes).chain([0xff]).collect()),
        ("zip", b"PK\x03\x04\x14\x00\xff\xfe".to_vec()),
        ("zeros", vec![0; 1000]),
        ("surrogate", b"openapi: \xed\xa0\x80\n".to_vec()),
    ] {
        let path = folder.path().join(format!("{name}.yaml"));
        std::fs::write(&path, bytes).expect("a file");
        match clientwright_normalizer::load::read(&path, &format!("specs/{name}.yaml")) {
            Err(fault) => {
                assert!(fault.is_error() && fault.file == format!("specs/{name}.yaml"), "{fault:?}");
                assert!(fault.help.is_some(), "{fault:?}");
            }
            Ok(source) => judge(&Document { module: name.to_owned(), source }, name),
        }
    }
}
