use super::*;
use crate::diagnostic::codes;
use crate::load::parse;
use crate::pointer::Pointer;
use crate::structure;

fn source(text: &str) -> Source {
    Source { name: String::from("specs/a.yaml"), text: text.to_owned() }
}

fn at(pointer: &str) -> Pointer {
    Pointer::parse(pointer).unwrap()
}

#[test]
fn a_misspelt_key() {
    let source = source(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    Größe:\n      type: object\n    Tags:\n      requried: [a]\n      x: 1\n",
    );
    let found = structure::examine(&source.name, &parse(&source).unwrap());
    assert_eq!(
        render(&found, &[source], false),
        "\
invalid[bad-name]: the component name `Größe` contains characters other than letters, digits, `.`, `-` and `_`
 --> specs/a.yaml:6:5
  |
6 |     Größe:
  |     ^^^^^
  |
  = at: /components/schemas/Größe

invalid[unknown-field]: unknown key `requried` in a schema
 --> specs/a.yaml:9:7
  |
9 |       requried: [a]
  |       ^^^^^^^^
  |
  = help: did you mean `required`?
  = at: /components/schemas/Tags/requried

invalid[unknown-field]: unknown key `x` in a schema
  --> specs/a.yaml:10:7
   |
10 |       x: 1
   |       ^
   |
   = at: /components/schemas/Tags/x
"
    );
}

#[test]
fn equal_diagnostics_are_shown_once() {
    let source = source("a: {x: 1}\nb: 2\nc: {x: 1, y: {x: 1}}\nd: {x: 1}\n");
    let found = [("/a", "m"), ("/b", "other"), ("/d/x", "m"), ("/c/x", "m"), ("/c/y/x", "m")]
        .map(|(node, message)| Diagnostic::invalid(codes::BAD_VALUE, "specs/a.yaml", at(node), message));
    assert_eq!(
        render(&found, &[source], false),
        "\
invalid[bad-value]: m
 --> specs/a.yaml:1:4
  |
1 | a: {x: 1}
  |    ^^^^^^
  |
  = at: /a
  = and: 3 more, in lines 3, 4

invalid[bad-value]: other
 --> specs/a.yaml:2:4
  |
2 | b: 2
  |    ^
  |
  = at: /b
"
    );
    let unknown = ["/a", "/b"].map(|node| Diagnostic::invalid(codes::BAD_VALUE, "b.yaml", at(node), "m"));
    assert_eq!(render(&unknown, &[], false).matches("bad-value").count(), 2, "without a source, each has its pointer");
}

#[test]
fn a_duplicate_key_shows_both_places() {
    let source = source("a:\r\n  k: 1\r\n  l: 1\r\n  m: 1\r\n  n: 1\r\n  o: 1\r\n  k: 2\r\n");
    let found = parse(&source).unwrap_err();
    assert_eq!(
        render(&found, &[source], false),
        "\
invalid[duplicate-key]: the key `k` is defined twice
 --> specs/a.yaml:7:3
  |
2 |   k: 1
  |   - first defined here
...
7 |   k: 2
  |   ^
  |
  = help: remove or rename one of the two
  = at: /a/k
"
    );
}

#[test]
fn a_syntax_error_has_a_place_and_no_pointer() {
    let source = source("a: 1\nb:\n\tc: 1\n");
    let found = parse(&source).unwrap_err();
    assert_eq!(
        render(&found, &[source], false),
        "\
invalid[syntax]: a tab cannot indent YAML
 --> specs/a.yaml:3:1
  |
3 |     c: 1
  | ^^^^
  |
  = help: indent with spaces
"
    );
}

#[test]
fn a_long_line_is_shown_in_part() {
    for filling in [200, 20_000] {
        let text = format!(
            "{{\"paths\": {{\"a\": \"{}\", \"ü😀\": {{\"bad\": \"{}\"}}}}}}",
            "x".repeat(filling),
            "y".repeat(filling)
        );
        let source = source(&text);
        let found =
            Diagnostic::unsupported(codes::IGNORED_FIELD, "specs/a.yaml", at("/paths/ü😀/bad"), "`bad` is ignored")
                .at_key();
        let rendered = render(&[found], &[source], false);
        assert!(rendered.contains(&format!(" --> specs/a.yaml:1:{}\n", filling + 28)), "{rendered}");
        assert!(rendered.contains("xx\", \"ü😀\": {\"bad\": \"yyy"), "{rendered}");
        assert!(rendered.contains(" ^^^^^\n") && rendered.len() < 700, "{rendered}");
    }
}

#[test]
fn diagnostics_come_in_the_order_of_the_sources() {
    let sources = [source("a: 1\nb: 2\n"), Source { name: String::from("other.yaml"), text: String::from("c: 1\n") }];
    let bug = |file: &str, pointer: &str| {
        Diagnostic::bug(codes::PANIC, file, at(pointer), pointer).with_note(at("/a"), "see here")
    };
    let found =
        [bug("nowhere.yaml", "/z"), bug("other.yaml", "/c"), bug("specs/a.yaml", "/b"), bug("specs/a.yaml", "/a")];
    let text = render(&found, &sources, false);
    let order: Vec<_> = text.lines().filter(|line| line.starts_with("bug[panic]")).collect();
    assert_eq!(order, ["bug[panic]: /a", "bug[panic]: /b", "bug[panic]: /c", "bug[panic]: /z"]);
    assert!(text.ends_with("bug[panic]: /z\n--> nowhere.yaml\n = note: see here\n = at: /z\n"), "{text}");
    assert!(!text.contains('\u{1b}'));
    assert!(render(&found, &sources, true).contains('\u{1b}'));
    assert_eq!(render(&[], &sources, false), "");
}

#[test]
fn any_place_is_survived() {
    let source = source("ü: 1\n");
    for span in [0..100, 1..1, 1..2, 4..6, 6..6, 7..9] {
        let found = Diagnostic::invalid(codes::SYNTAX, "specs/a.yaml", Pointer::root(), "m\u{1b}[31m").with_span(span);
        let text = render(&[found], std::slice::from_ref(&source), false);
        assert!(!text.contains('\u{1b}') && text.contains("specs/a.yaml:"), "{text}");
    }
}
