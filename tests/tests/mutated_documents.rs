//! No text makes the front stages panic: documents with random damage go through load, normalize, structure, gate and
//! render.

use clientwright::internal::decode;
use clientwright::normalize::{normalize, to_yaml};
use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Diagnostic, any_error, render};
use clientwright_normalizer::load::parse;
use clientwright_normalizer::structure;

const DOCUMENT: &str = include_str!("mutated_documents.yaml");

/// A small generator of pseudo-random numbers (xorshift64): the same damage on every run.
struct Random(u64);

impl Random {
    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts.get(self.below(texts.len())).copied().unwrap_or_default()
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

const SNIPPETS: &[&str] = &[
    ":",
    " ",
    "\n",
    "\t",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "'",
    "\"",
    "#",
    "&a ",
    "*a",
    "!x ",
    "!!binary ",
    "|\n",
    ">\n",
    "? ",
    "<<: ",
    "---\n",
    "...\n",
    "%",
    "@",
    "\u{feff}",
    "\u{0}",
    "ü",
    "😀",
    "\r\n",
    "null",
    "true",
    "1e400",
    "99999999999999999999",
    "$ref: 1\n",
    "-1",
    "x-a",
    "{}",
    "[]",
    "\\",
    "\u{2028}",
    "required",
    "type: [a]\n",
    "0.1234567890123456789",
];

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn damage(text: &mut String, random: &mut Random) {
    let at = random.below(text.len() + 1);
    let start = boundary(text, at);
    let length = 1 + random.below(30);
    let end = boundary(text, (start + length).min(text.len())).max(start);
    match random.below(5) {
        0 => text.replace_range(start..end, ""),
        1 => text.insert_str(start, random.pick(SNIPPETS)),
        2 => text.replace_range(start..end, random.pick(SNIPPETS)),
        3 => {
            let copy = text.get(start..end).unwrap_or_default().to_owned();
            let at = random.below(text.len() + 1);
            let at = boundary(text, at);
            text.insert_str(at, &copy);
        }
        _ => {
            // A whole line somewhere else: wrong nesting, duplicate keys.
            let lines: Vec<&str> = text.split_inclusive('\n').collect();
            let mut moved = lines.clone();
            moved.insert(random.below(lines.len() + 1), random.pick(&lines));
            *text = moved.concat();
        }
    }
}

/// All findings of the front stages.
fn front(source: &Source) -> Vec<Diagnostic> {
    let value = match parse(source) {
        Ok(value) => value,
        Err(found) => return found,
    };
    let yaml = to_yaml(&value);
    let again = parse(&Source { name: source.name.clone(), text: yaml.clone() });
    assert_eq!(again.as_ref(), Ok(&value), "{yaml}");
    let normalized = match normalize(source, value) {
        Ok(normalized) => normalized.value,
        Err(found) => return found,
    };
    let examined = structure::examine(&source.name, &normalized);
    let decoded = decode::decode(&source.name, &normalized, &examined);
    let mut found = examined.found;
    match decoded {
        // What decodes without a loss is only missing what structure asks for beyond that.
        Ok(_) => {}
        Err(losses) => {
            assert!(any_error(&found), "structure let this through: {losses:?}\n{}", source.text);
            found.extend(losses);
        }
    }
    found
}

#[test]
fn no_damage_makes_it_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..4000 {
        let mut text = DOCUMENT.to_owned();
        for _ in 0..=random.below(4) {
            damage(&mut text, &mut random);
        }
        let name = if round % 7 == 0 { "a.json" } else { "a.yaml" };
        let source = Source { name: name.to_owned(), text };
        let found = front(&source);
        let rendered = render(&found, &[source], false);
        assert_eq!(found.is_empty(), rendered.is_empty());
    }
}

#[test]
fn the_undamaged_document_is_correct() {
    let source = Source { name: "a.yaml".to_owned(), text: DOCUMENT.to_owned() };
    let found = front(&source);
    assert!(!any_error(&found), "{}", render(&found, &[source], false));
    assert_eq!(to_yaml(&parse(&Source { name: "a.yaml".to_owned(), text: DOCUMENT.to_owned() }).unwrap()), DOCUMENT);
}
