use serde_json::json;

use super::*;
use crate::diagnostic::codes;

fn source(text: &str) -> Source {
    Source { name: String::from("a.yaml"), text: text.to_owned() }
}

fn value(text: &str) -> Value {
    parse(&source(text)).unwrap()
}

/// Returns the code, the text that the finding points at, and the message.
fn finding(text: &str) -> (String, String, String) {
    let source = source(text);
    let mut found = parse(&source).unwrap_err();
    assert_eq!(found.len(), 1, "{found:?}");
    let found = found.remove(0);
    let span = found.span.or_else(|| Spans::of(text).find(&found.pointer, found.place)).unwrap_or(0..0);
    (found.code.0.to_owned(), text[span].to_owned(), found.message)
}

#[test]
fn reads_yaml_and_json_alike() {
    let expected = json!({"b": [1, 2.5, null, true], "a": {"200": "x"}});
    assert_eq!(value("b: [1, 2.5, null, yes]\na:\n  200: x\n"), json!({"b": [1, 2.5, null, "yes"], "a": {"200": "x"}}));
    assert_eq!(value("{\"b\": [1, 2.5, null, true],\n\t\"a\": {\"200\": \"x\"}}"), expected);
    assert_eq!(value("\u{feff}{\"b\": 1}"), json!({"b": 1}));
    assert_eq!(value("\u{feff}b: 1\r\nc: 2\r\n"), json!({"b": 1, "c": 2}));
    let keys: Vec<_> = value("z: 1\na: 2\nm: 3\n").as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["z", "a", "m"]);
}

#[test]
fn keys_are_taken_as_written() {
    let text = "200: a\ntrue: b\nnull: c\n1.10: d\nno: e\n0x10: f\n~: g\n";
    assert_eq!(
        value(text),
        json!({"200": "a", "true": "b", "null": "c", "1.10": "d", "no": "e", "0x10": "f", "~": "g"})
    );
}

#[test]
fn duplicate_keys_are_all_located() {
    let text = "a:\n  k: 1\n  k: 2\nb: 1\n'b': 2\n";
    let found = parse(&source(text)).unwrap_err();
    let places: Vec<_> = found.iter().map(|d| (d.code, d.pointer.as_str(), &text[d.span.clone().unwrap()])).collect();
    assert_eq!(places, [(codes::DUPLICATE_KEY, "/a/k", "k"), (codes::DUPLICATE_KEY, "/b", "'b'")]);
    assert_eq!(found[0].notes[0].0.as_str(), "/a/k");
    assert_eq!(found[0].span, Some(12..13));
    assert_eq!(finding("{\"a\": 1, \"\\u0061\": 2}").0, "duplicate-key");
    assert_eq!(finding("200: 1\n'200': 2\n").0, "duplicate-key");
}

#[test]
fn what_a_careless_text_says_is_read_beside_its_mistakes() {
    let text = "a: {k: 1}\na: {l: 2}\nb: {k: 1, l: 1}\nb: {k: 2}\nc: !x 1\nd: .nan\ne:\n  <<: 1\n  k: 1\n---\nf: 1\n";
    let Loaded { value, inexact, mistakes, .. } = parse_leniently(&source(text)).unwrap();
    assert_eq!(value, json!({"a": {"k": 1, "l": 2}, "b": {"k": 2}, "c": 1, "d": null, "e": {"k": 1}}));
    assert_eq!(inexact, []);
    let codes: Vec<_> = mistakes.iter().map(|mistake| mistake.code.0).collect();
    let expected = ["duplicate-key", "duplicate-key", "yaml-tag", "inexact-number", "bad-merge", "several-documents"];
    assert_eq!(codes, expected);
    assert!(parse_leniently(&source("a: [1\n")).is_err());
}

#[test]
fn an_alias_means_the_last_anchor_before_it() {
    let text = "\u{feff}a: &x {k: 1}\nb: *x\nc: &x [ü]\nd: *x\ne: &x-5 1\nf: [*x, &x 2, *x, *x-5]\n";
    let Loaded { value, mistakes, .. } = parse_leniently(&source(text)).unwrap();
    let expected = json!({"a": {"k": 1}, "b": {"k": 1}, "c": ["ü"], "d": ["ü"], "e": 1, "f": [["ü"], 2, 2, 1]});
    assert_eq!(value, expected);
    let found: Vec<_> = mistakes.iter().map(|mistake| (mistake.code.0, &text[mistake.span.clone().unwrap()])).collect();
    assert_eq!(found, [("anchor-redefined", "&x [ü]"), ("anchor-redefined", "&x 2")]);
}

#[test]
fn brackets_in_strings_are_not_nested() {
    let text = format!("{{\"a\": \"{}\"}}", "[".repeat(10_000));
    assert_eq!(value(&text)["a"].as_str().map(str::len), Some(10_000));
}

#[test]
fn anchors_aliases_and_merge_keys_work() {
    let text = "a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3\nd:\n  <<: [{p: 1}, {p: 2, q: 3}]\n";
    let expected = json!({"a": {"k": 1, "l": 2}, "b": {"k": 1, "l": 2}, "c": {"l": 3, "k": 1}, "d": {"p": 1, "q": 3}});
    assert_eq!(value(text), expected);
    assert_eq!(finding("a:\n  <<: 1\n").0, "bad-merge");
    assert_eq!(value("{\"<<\": {\"a\": 1}}"), json!({"<<": {"a": 1}}));
    assert_eq!(value("'<<': {a: 1}\n"), json!({"<<": {"a": 1}}));
    assert_eq!(finding("a: *x\n").0, "syntax");
    assert_eq!(finding("a: &x 1\nb: &x 2\n").0, "anchor-redefined");
    assert_eq!(value("a: rock & roll & more\nb: 'no &x, &x'\n")["a"], "rock & roll & more");
}

#[test]
fn alias_bombs_do_not_explode() {
    let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..12 {
        let row = vec![format!("*a{}", level - 1); 9].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{row}]\n"));
    }
    assert_eq!(finding(&laughs).0, "alias-limit");
    let wide = format!("a: &a \"{}\"\nb: [{}]\n", "x".repeat(1_000_000), vec!["*a"; 5000].join(","));
    assert_eq!(finding(&wide).0, "alias-limit");
}

#[test]
fn an_alias_inside_of_what_it_stands_for_is_a_reference() {
    let text = "a: &a\n  b/c: &b [1, {d: *a, e: *b}]\n  f: *b\ng: *a\n";
    let merged = parse_leniently(&source("a: &a {<<: *a, b: 1}\n")).unwrap();
    assert_eq!((merged.value, merged.mistakes.len()), (json!({"a": {"b": 1}}), 1));
    let a = json!({
        "b/c": [1, {"d": {"$ref": "#/a"}, "e": {"$ref": "#/a/b~1c"}}],
        "f": [1, {"d": {"$ref": "#/a"}, "e": {"$ref": "#/a/b~1c"}}],
    });
    let Loaded { value, mistakes, .. } = parse_leniently(&source(text)).unwrap();
    assert_eq!(value, json!({"a": a, "g": a}));
    let found: Vec<_> = mistakes.iter().map(|mistake| (mistake.code.0, &text[mistake.span.clone().unwrap()])).collect();
    assert_eq!(found, [("endless-alias", "*a"), ("endless-alias", "*b")]);
    assert_eq!(mistakes[0].message, "the YAML alias `*a` refers to a node that contains it");
    assert_eq!(mistakes[1].pointer.as_str(), "/a/b~1c/1/e");
}

#[test]
fn tags_are_findings() {
    assert_eq!(finding("a: !foo 1\n").0, "yaml-tag");
    assert_eq!(finding("a: !!binary aGk=\n").0, "yaml-tag");
    assert_eq!(finding("a: !foo {b: 1}\n").0, "yaml-tag");
    assert_eq!(finding("a: [!<tag:example.com,2000:x> 1]\n").0, "yaml-tag");
    assert_eq!(
        value("a: !!str 12\nb: !!int \"3\"\nc: wow !important\n"),
        json!({"a": "12", "b": 3, "c": "wow !important"})
    );
}

#[test]
fn syntax_errors_are_located_and_explained() {
    let (code, at, message) = finding("a:\n\tb: 1\n");
    assert_eq!((code.as_str(), at.as_str(), message.as_str()), ("syntax", "\t", "a tab cannot indent YAML"));
    assert_eq!(finding("a: [1, 2\nb: 3\n").0, "syntax");
    assert_eq!(finding("a: b: c\n").0, "syntax");
    assert_eq!(finding("a:\n   b: 1\n  c: 2\n").0, "syntax");
    assert_eq!(finding("a: @x\n").1, "@");
    assert_eq!(finding("ü: 1\nü2: @x\n").1, "@");
    assert_eq!(finding("a: \"b\n").0, "syntax");
    assert_eq!(finding("? {a: 1}\n: 2\n").0, "bad-key");
    assert_eq!(finding("a: 1\n---\nb: 2\n").0, "several-documents");
    assert_eq!(finding("a: 1\n---\nb: 2\n").2, "the file contains more than one YAML document");
    let json = Source { name: String::from("a.json"), text: String::from("{\"a\": 1,}") };
    let found = parse(&json).unwrap_err().remove(0);
    assert_eq!((found.code, found.span), (codes::SYNTAX, Some(8..9)));
}

#[test]
fn documents_without_a_mapping_are_findings() {
    for text in ["", " \n\n", "# only a comment\n", "---\n", "null\n", "\u{feff}"] {
        assert_eq!(finding(text).0, "empty-document", "{text:?}");
    }
    for text in ["- a\n", "text\n", "12\n", "[1]"] {
        assert_eq!(finding(text).0, "not-a-mapping", "{text:?}");
    }
    assert_eq!(value("---\na: 1\n...\n"), json!({"a": 1}));
}

#[test]
fn depth_is_limited_without_overflow() {
    let nested = |depth: usize| format!("a: {}1{}\n", "[".repeat(depth), "]".repeat(depth));
    value(&nested(100));
    assert_eq!(finding(&nested(200)).0, "too-deep");
    assert_eq!(finding(&nested(5000)).0, "too-deep");
    assert_eq!(finding(&nested(100_000)).0, "too-deep");
    assert_eq!(finding(&format!("a:\n  {}1\n", "- ".repeat(100_000))).0, "too-deep");
    let json = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
    value(&json(100));
    assert_eq!(finding(&json(200)).0, "too-deep");
    assert_eq!(finding(&json(100_000)).0, "too-deep");
}

#[test]
fn long_texts_and_numbers_are_kept() {
    let long = "x".repeat(10_000_000);
    assert_eq!(value(&format!("a: \"{long}\"\n"))["a"].as_str().unwrap().len(), 10_000_000);
    let text = "a: 18446744073709551615\nb: -9223372036854775808\nc: 1e3\nd: 0.1\ne: 0123\nf: 1_000\n";
    let expected = json!({"a": u64::MAX, "b": i64::MIN, "c": 1e3, "d": 0.1, "e": "0123", "f": "1_000"});
    assert_eq!(value(text), expected);
}

#[test]
fn inexact_numbers_are_findings() {
    assert_eq!(finding("a: 18446744073709551617\n").1, "18446744073709551617");
    assert_eq!(finding("a: {b: -99999999999999999999999}\n").0, "inexact-number");
    assert_eq!(finding("a: 0.10000000000000000555\n").0, "inexact-number");
    assert_eq!(finding("a: .inf\n").0, "inexact-number");
    assert_eq!(finding("a: .nan\n").0, "inexact-number");
    assert_eq!(finding("{\"a\": 18446744073709551617}").0, "inexact-number");
    let json = Source { name: String::from("a.json"), text: String::from("{\"a\": 1e400}") };
    assert_eq!(parse(&json).unwrap_err()[0].code, codes::INEXACT_NUMBER);
    // YAML has no such number and reads it as text.
    assert_eq!(value("a: 1e400\n"), json!({"a": "1e400"}));
}

#[test]
fn what_has_a_long_pointer_is_left_out_and_counted() {
    let (fits, long) = ("f".repeat(2000), "l".repeat(2048));
    let text = format!("{{\"a\": {{\"{fits}\": {{\"b\": 1}}, \"{long}\": {{\"c\": 2}}}}, \"{long}\": 3, \"d\": 4}}");
    let source = Source { name: String::from("a.json"), text };
    let loaded = parse_leniently(&source).unwrap();
    assert_eq!(loaded.value, json!({"a": {fits: {"b": 1}}, "d": 4}));
    let mistake = &loaded.mistakes[0];
    assert_eq!((mistake.code, mistake.pointer.as_str()), (codes::TOO_LONG, "/a"));
    assert!(mistake.message.starts_with("2 values, the first in this object"), "{}", mistake.message);
    assert!(parse(&source).is_ok());
    let text = format!("{{\"{}\": 1}}", "l".repeat(8192));
    assert_eq!(parse(&Source { name: String::from("a.json"), text }).unwrap_err()[0].code, codes::TOO_LONG);
}

#[test]
fn files_that_are_not_text_are_findings() {
    let folder = std::env::temp_dir().join(format!("clientwright-load-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("bad.yaml");
    std::fs::write(&path, b"a: 1\nb: \xff\n").unwrap();
    let found = read(&path, "specs/bad.yaml").unwrap_err();
    assert_eq!(found.message, "specs/bad.yaml is not UTF-8: the first bad byte is in line 2");
    let missing = read(&folder.join("none.yaml"), "specs/none.yaml").unwrap_err();
    assert!(missing.message.starts_with("cannot read specs/none.yaml: "), "{}", missing.message);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Returns the nodes that were read, but whose position is only known as the position of a node above them.
fn lost(text: &str) -> Vec<String> {
    let Loaded { value, .. } = parse_leniently(&source(text)).unwrap();
    let spans = Spans::of(text);
    let mut lost = Vec::new();
    let mut open = vec![(Pointer::root(), &value)];
    while let Some((pointer, value)) = open.pop() {
        if !spans.knows(&pointer) {
            lost.push(pointer.as_str().to_owned());
        }
        crate::json::each(value, |key, child| open.push((pointer.key(key), child)));
    }
    lost
}

/// Returns `true` if a text has the layout of `normalize`. Asserts that values and positions are the same as from the general YAML parser.
pub(crate) fn is_read_alike(text: &str) -> bool {
    let source = source(text);
    let Some((value, _)) = read_canonical(text, MAX_WRITTEN_POINTER) else { return false };
    let read = read_yaml(Text { source: &source, body: text, max_pointer: MAX_WRITTEN_POINTER });
    let (known, found, further) = read.unwrap_or_else(|fault| panic!("{fault:?}\n{text}"));
    assert_eq!(value, known, "{text}");
    let mut loaded = Loaded::default();
    loaded.add(&source, found);
    assert_eq!((loaded.mistakes, loaded.inexact, further), (vec![], vec![], None), "{text}");
    // Space at the end of a block belongs to the block, and is not shown.
    let shown = |span: &ByteRange| span.start..span.start + text[span.clone()].trim_end().len();
    let place = |spans: &Spans, node| (spans.key(node), shown(&spans.span(node).unwrap()));
    let places = |spans: Spans| (0..spans.len()).map(|node| place(&spans, node)).collect::<Vec<_>>();
    assert_eq!(places(Spans::of(text)), places(Spans::of_yaml(text, 0)), "{text}");
    true
}

#[test]
fn other_layouts_are_read_by_the_parser_of_all_of_yaml() {
    for text in [
        "", "a: 1", "a:\n", "a: 1\n\n", "\na: 1\n", "# c\na: 1\n", "a: 1 # c\n", "a: 1\nb:\n    c: 1\n", "a: [1]\n",
        "a:\n- b\n", "a: 1\na: 2\n", "a: 01\n", "a: +1\n", "a: 1e5\n", "a: -0\n", "a: 0.10\n",
        "a: 99999999999999999999\n", "a: ~\n", "a: Null\n", "a: yes\n", "a: 'b'\n", "a: \"b\"\n", "a: \"\\x41\"\n",
        "a: b\n  c\n", "a: |+\n  b\n  c\n", "a: |\n  b\n  c\n\n", "a: |-\n  b\n c\n", "a: |\n   b\n  c\n",
        "? a\n: 1\n", "a: &b c\n", "a: *b\n", "a: !t b\n", "<<: {}\n", "a: 1\r\n", "a: 1\n---\nb: 1\n",
        "- - a\n  - b: c: d\n", "a:\n  b\n", "a : 1\n", "\"a: 1\n", "'a: 1\n",
    ] {
        assert!(!is_read_alike(text), "{text:?}");
    }
    for depth in [127, 128] {
        let text =
            format!("a:{}", (1..depth).map(|level| format!("\n{}a:", "  ".repeat(level))).collect::<String>()) + " 1\n";
        assert_eq!(is_read_alike(&text), depth == 127);
    }
}

/// Known differences: a key that is an alias, and a byte order mark in a key.
const FORMS: &[&str] = &[
    "a: \"two\nlines\"\nz: 1\n",
    "a: 'two\nlines'\nz: 1\n",
    "o:\n  a: \"two\n  lines\n\n  and more\"\n  b: 'x\n  y'\nz: 1\n",
    "o:\n  a: \"two\nlines\"\nz: 1\n",
    "o:\n  a: \"two \\\n  lines \\\" x\n  y\"\nz: 1\n",
    "o:\n  a: 'two ''\n  lines'' x\n  y'\nz: 1\n",
    "o:\n- 'a\n  b'\n- \"a\nb\"\n- k: \"a\n  b\"\nz: 1\n",
    "o:\n  a: \"two\r\n  lines\"\r\nz: 1\r\n",
    "o:\n  a: \"two\n\tlines\"\nz: 1\n",
    "o:\n  a: {b: \"two\n  lines\", c: [1,\n  2\n]}\nz: 1\n",
    "o:\n  a: {b: two\n  lines, c: [1,\n  2\n  ]}\nz: 1\n",
    "o:\n  a: two\n    lines\n   and\nz: 1\n",
    "o:\n  a: |2\n      two\n    lines\n  b: >-1\n   x\nz: 1\n",
    "o:\n  a: |+\n    two\n\n\n  b: >1-\n   x\nz: 1\n",
    "o:\n  a: | # why\n    # no comment\n    x\n # comment\n  b: 1\nz: 1\n",
    "o:\n- |\n a\n b\n-\n  - b\n  -\n   c: 1\nz: 1\n",
    "a: 1 # x\n# y\nb: # z\n  c: 1\n   # w\n  d: 2\n",
    "a: plain # comment\n  # more\nb: 1\n",
    "a: !!str 1\nb: &x !!map {c: 1}\nd: &y\n  e: 1\nf: !t\n  g: 1\nh: !<tag:yaml.org,2002:str> x\nz: *x\ny: *y\n",
    "a: &x\n- 1\nb:\n  &y\n  c: 1\nz: *x\n",
    "--- # x\na: 1\n...\n",
    "---\na: 1\n---\n",
    "%YAML 1.1\n---\na: 1\n",
    "%YAML 1.2\n---\na: 1\n",
    "--- {a: 1,\nb: 2}\n",
    "a:\t1\nb:\t\tc\nd: [\t1,\n\t2]\n",
    "a: 1\r\nb:\r\n  - c\r\n  - d: |\r\n      x\r\n",
    "a: 1\rb:\r  c: 1\r",
    "'a b': 1\n\"c\\n\": 2\n\"d\" : 3\n'e''f': 4\n",
    "? a\n: 1\n? b\n: c: 1\n? 'd'\n? e\nz: 1\n",
    "{a: 1, \"b\":2, 'c':[1,2,], d: {e: , f}, ? g : 1}\n",
    "a: {b: 1,\n}\nc: [\n]\nd: [a, b: c, {e: f}]\n",
    "a: [\n1,\n2\n]\nb: {\nc: 1\n}\nz: 1\n",
    "a: [x, # one\n# two\n y]\nz: 1\n",
    "a: \"x\"#c\nb: 1\n",
    "a: \"x\" #c\nb: 1\n",
    "a: [a:b, http://x]\nb: {u: http://x:1/, v: {w: x}}\n",
    "a: {b:c, \"d\":e}\n",
    "a: [-]\n",
    "a: [-, x]\n",
    "a: \"\\/\\x41\\u00e9\\U0001F600\\_\\L\\N\\e\"\nb: 1\n",
    "a: x\u{85}b: 1\n",
    "a: x\u{2028}b: 1\nz: 1\n",
    "a: \u{a0}x\nb\u{a0}: 1\n",
    "a: &a1 {k: 1}\nb: *a1\nc: {<<: *a1, l: 2}\n",
    "a:\n- b\n- c:\n  - d\n  e: 1\nf:\n  - g\n",
    "a:\n  - - 1\n    - 2\n  -   - 3\n",
    "a: |\nb: 1\n",
    "a: >\n\n  x\n\n   y\n\nb: 1\n",
    "a:\n\n\n  b: 1\n\n# c\n\n  d: 1\n",
    "a: 'x\n\n  y'\nb: \"x\n\n\n  y\"\n",
    "a: \"x\n  --- y\"\nb: 1\n",
    "a: x %y\nb: 1\n",
    "a: [!t, x]\ne: 1\n",
    "a: &x\nb: *x\nc: 1\n",
    "a: &x:y 1\nb: 1\n",
    "a: 1\n...\n# c\n",
    "a: 1\n... x\n",
    "a: 1\n...x: 1\n---y: 1\n",
    "a: {b: 1}\n  \nc: 1\n",
    "  a: 1\n  b: 2\n",
    "  a: 1\n  b:\n  - 1\n",
    "\n\n# c\n  # d\na: 1",
    "a: 'x'\n  \nb: 1\n",
    "a: [ # c\n  {b: 1}, # d\n  # e\n]\nf: 1\n",
    "a: {\n  # c\n  b: 1 # d\n  # e\n  , c: 2}\nf: 1\n",
    "!!map\na: 1\nb: 1\n",
    "&x\na: 1\nb: 1\n",
    "--- !!map\na: 1\n",
    "--- &x\na: 1\n",
    "--- |\n x\n",
    "--- \"a\nb\"\n",
    "- a\n- \"b\nc\"\n- d\n",
    "-\n a: 1\n-\n- b\n",
    "200: 1\n~: 2\ntrue: 3\n1.5: 4\n",
    "a: 1\nb: http://x:80/#y\nc: a:b\nd: -1\nf: ?x\n",
    "? |\n  a\n: 1\n? b\n\n: 1\n",
    "a: [&x y, *x]\nb: {c: *x, d: 1}\n",
    "a: &a {k: 1}\nb: {<<: *a, l: 2}\nc: {<<: [*a, {m: [3]}]}\n",
    "a: !!binary x\nb: ! x\nc: !\ne: 1\n",
];

#[test]
fn all_that_is_read_is_located() {
    for form in FORMS {
        assert_eq!(lost(form), [""; 0], "{form:?}");
    }
}

#[test]
fn other_encodings_are_decoded() {
    let folder = std::env::temp_dir().join(format!("clientwright-encodings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("a.yaml");
    let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let cases = [
        ("a: ü".as_bytes().to_vec(), "a: ü", None),
        (b"a: \xfc".to_vec(), "a: ü", Some("Latin-1")),
        ([&[0xff, 0xfe][..], &utf16("a: ü")].concat(), "a: ü", Some("UTF-16LE")),
        ("a: ü\u{0}".as_bytes()[..5].to_vec(), "a: ü", None),
        ([b"a: \xfc ", "ü".as_bytes()].concat(), "a: \u{fffd} ü", Some("UTF-8 with characters that cannot be read")),
    ];
    for (bytes, text, encoding) in cases {
        std::fs::write(&path, bytes).unwrap();
        let decoded = read_decoded(&path, "a.yaml").unwrap();
        assert_eq!((decoded.source.text.as_str(), decoded.encoding), (text, encoding));
    }
    std::fs::write(&path, b"a: \xfc\x00").unwrap();
    assert_eq!(read_decoded(&path, "a.yaml").unwrap_err().code, codes::UNREADABLE);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn slips_in_json_are_mistakes() {
    for text in ["{\"a\": [1, 2,],}", "{\"a\": [1, 2] // two\n}", "{\"a\"/* one */: [1, 2]}", "{a: [1, 2]}"] {
        let source = Source { name: String::from("a.json"), text: text.to_owned() };
        let loaded = parse_leniently(&source).unwrap();
        assert_eq!(loaded.value, serde_json::json!({"a": [1, 2]}), "{text}");
        assert_eq!(loaded.mistakes.iter().map(|mistake| mistake.code).collect::<Vec<_>>(), [codes::SYNTAX]);
        assert!(parse(&source).is_err());
    }
    for text in ["{\"a\": 1", "{\"a\": 1 \"b\": 2}", "{\"a\": }x"] {
        let source = Source { name: String::from("a.json"), text: text.to_owned() };
        assert!(parse_leniently(&source).is_err(), "{text}");
    }
}

#[test]
fn infinite_numbers_of_json_are_rounded_one_by_one() {
    let text = "{\"a\": 1e400, \"b\": [2, -1e999],\t\"c\": \"1e400\"}";
    let source = Source { name: "a.json".into(), text: text.into() };
    let loaded = parse_leniently(&source).unwrap();
    assert_eq!(loaded.value, json!({"a": f64::MAX, "b": [2, f64::MIN], "c": "1e400"}));
    let found: Vec<_> = loaded.inexact.iter().map(|(pointer, written)| (pointer.as_str(), written.as_str())).collect();
    assert_eq!(found, [("/a", "1e400"), ("/b/1", "-1e999")]);
}

#[test]
fn tabs_indent_like_spaces() {
    let expected = json!({"a": {"b": [{"c": 1}, {"c": 2}], "d": {"e": "x\ty"}}});
    for text in [
        "a:\n\tb:\n\t- c: 1\n\t- c: 2\n\td:\n\t\te: \"x\ty\"\n",
        "a:\n  b:\n  - c: 1\n  - c: 2\n  d:\n\te: \"x\ty\"\n",
        "a:\n    b:\n    - c: 1\n    - c: 2\n\td:\n\t\te: \"x\ty\"\n",
    ] {
        let loaded = parse_leniently(&Source { name: "a.yaml".into(), text: text.into() }).unwrap();
        assert_eq!(loaded.value, expected, "{text}");
        assert_eq!(loaded.mistakes.len(), 1, "{text}");
    }
}
