use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::load::parse;
use crate::load::tests::is_read_alike;

fn source(text: &str) -> Source {
    Source { name: String::from("a.yaml"), text: text.to_owned() }
}

fn failure(value: Value) -> (String, String, Option<String>) {
    let found = canonical(&source(""), value).unwrap_err().remove(0);
    (found.pointer.to_string(), found.message, found.help)
}

#[test]
fn versions_are_told_apart() {
    for version in ["3.0.0", "3.0.1", "3.0.2", "3.0.3", "3.0.4"] {
        let normalized = canonical(&source(""), json!({"openapi": version})).unwrap();
        assert_eq!(normalized, json!({"openapi": "3.0.3"}));
    }
    let convert = Some(String::from("run `normalize` on the document"));
    assert_eq!(
        failure(json!({"swagger": "2.0"})),
        ("/swagger".into(), "Swagger 2.0 is not canonical".into(), convert.clone())
    );
    assert_eq!(
        failure(json!({"openapi": "3.1.0"})),
        ("/openapi".into(), "OpenAPI 3.1.0 is not canonical".into(), convert.clone())
    );
    assert_eq!(failure(json!({"openapi": "3.2.0"})).2, convert);
    assert_eq!(failure(json!({"openapi": "4.0"})).1, "OpenAPI 4.0 is not supported");
    for (key, version) in [
        ("swaggerVersion", json!("1.2")),
        ("swaggerVersion", json!(1.1)),
        ("swagger", json!("1.2")),
        ("openapi", json!(1.2)),
    ] {
        let (at, message, help) = failure(json!({key: version, "apis": []}));
        let number = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        assert_eq!((at, message), (format!("/{key}"), format!("Swagger {number} is not supported")));
        assert!(help.is_some_and(|help| help.starts_with("convert all of its files")), "{key}");
    }
    assert_eq!(failure(json!({"openapi": 3.0})).2.unwrap(), "write `openapi: 3.0.3`");
    assert_eq!(failure(json!({})).1, "the document does not state its version of OpenAPI");
}

const UNORDERED: &str = r##"x-top: 1
components:
  schemas:
    Zebra:
      x-inferred: "y"
      description: d
      type: object
      properties:
        z: {description: d, type: string}
        a: {nullable: true, type: string}
      required: [z, a]
    Ape: {$ref: '#/components/schemas/Zebra'}
  responses: {}
paths:
  /z:
    get:
      responses:
        default: {description: d}
        200: {description: d}
      operationId: z
  x-p: 1
  /a: {}
info: {version: "1", title: t}
openapi: 3.0.3
"##;

const ORDERED: &str = "openapi: 3.0.3
info:
  title: t
  version: '1'
paths:
  /z:
    get:
      operationId: z
      responses:
        default:
          description: d
        '200':
          description: d
  /a: {}
  x-p: 1
components:
  schemas:
    Ape:
      $ref: '#/components/schemas/Zebra'
    Zebra:
      required:
        - z
        - a
      type: object
      properties:
        z:
          type: string
          description: d
        a:
          type: string
          nullable: true
      description: d
      x-inferred: 'y'
  responses: {}
x-top: 1
";

#[test]
fn keys_have_the_order_of_the_specification() {
    let value = parse(&source(UNORDERED)).unwrap();
    assert_eq!(to_yaml(&value), ORDERED);
    assert_eq!(to_yaml(&canonical(&source(UNORDERED), value).unwrap()), ORDERED);
}

#[test]
fn texts_are_quoted_where_some_reader_needs_it() {
    let quoted = [
        "", "no", "On", "y", "~", "null", "True", "1.0", "2020-01-01", "2020-1-1T10:00", "0123", "1e3", "0x1f",
        "1_000", "12:30:45", "-1", "+.5", ".inf", "0o17", "0b1", "5.", "- a", "a: b", "a #b", "a:", "#a", "*a", "&a",
        "!a", "%a", "@a", "`a", "[a", "{a", " a", "a ", "?a", "'a'", "\"a\"", "|", ">", "<<", "=", "1e400",
        "190:20:30.15", "2020",
    ];
    for text in quoted {
        assert!(to_yaml(&json!({"a": text})).starts_with("a: '"), "{text}");
    }
    assert_eq!(to_yaml(&json!({"200": 1, "no": 2, "a\tb": 3})), "'200': 1\n'no': 2\n\"a\\tb\": 3\n");
}

#[test]
fn texts_are_plain_where_every_reader_takes_them_for_texts() {
    let plain = [
        "3.0.3", "1.0.0", "a b", "/a/{b}", "a#b", "a:b", "https://a.b/c?d=e", "$ref", "text/plain; charset=utf-8",
        "ünï😀", "<b>", "v1", "0xg", "1 a", "nope", "a\\n", "it's", "x, [y]", "2020-01",
    ];
    for text in plain {
        assert_eq!(to_yaml(&json!({"a": text})), format!("a: {text}\n"));
    }
}

#[test]
fn numbers_are_written_so_that_every_reader_takes_them_for_numbers() {
    assert_eq!(
        to_yaml(&json!({"a": [1e16, 1.5, -0.5, 1e300, u64::MAX]})),
        "a:\n  - 1.0e+16\n  - 1.5\n  - -0.5\n  - 1.0e+300\n  - 18446744073709551615\n"
    );
}

#[test]
fn several_lines_become_blocks_where_that_keeps_them() {
    let value = json!({"a": "one\ntwo\n", "b": ["one\n\n  two: #x", [["x"], {"k": {}, "l": [{}]}]], "c": "a\n\n", "d": " a\nb", "e": "\na\n", "f": "a\n \nb", "g": "\n"});
    let expected = "a: |
  one
  two
b:
  - |-
    one

      two: #x
  - - - x
    - k: {}
      l:
        - {}
c: \"a\\n\\n\"
d: \" a\\nb\"
e: |

  a
f: \"a\\n \\nb\"
g: \"\\n\"
";
    assert_eq!(to_yaml(&value), expected);
    assert_eq!(parse(&source(expected)).unwrap(), value);
    assert!(is_read_alike(expected));
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,6}",
        "[-+0-9._:eExob ]{0,8}",
        "[ -~]{0,12}",
        "[\\PC\n\t\r :#-]{0,12}",
        any::<String>(),
        Just(String::from("\u{feff}\u{85}\u{2028}\u{0}\u{7f}\u{9f}\u{fffe}\u{10ffff}")),
        Just("k".repeat(1100)),
        Just("é".repeat(700)),
        Just("\"\t".repeat(400)),
        prop::sample::select(vec![
            "~", "null", "Yes", "off", "<<", "=", "---", "...", "- ", "? ", "2001-12-14t21:59:43.10-05:00", ".NaN",
            "-.INF"
        ])
        .prop_map(String::from),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |float| serde_json::Number::from_f64(float).map(Value::Number)),
        any_text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((any_text(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn writing_and_reading_changes_nothing(value in any_value()) {
        let value = json!({ "top": value });
        let text = to_yaml(&value);
        let read = match parse(&source(&text)) {
            Ok(read) => read,
            Err(found) => return Err(TestCaseError::fail(format!("{found:?}\n{text}"))),
        };
        prop_assert_eq!(&read, &value, "{}", text);
        prop_assert_eq!(to_yaml(&read), text);
    }

    #[test]
    fn the_layout_of_the_writer_is_read_like_all_of_yaml(
        value in any_value(), place in any::<prop::sample::Index>(), length in 0..3_usize,
        instead in prop_oneof![Just(String::new()), "[-: \n'\"|#a1{}\\[\\]&*!,?~]{1,3}", any_text()],
    ) {
        let text = to_yaml(&json!({ "top": value }));
        let has_long_key = text.lines().any(|line| line.trim_start_matches(['-', ' ']).starts_with("? "));
        prop_assert_eq!(is_read_alike(&text), !has_long_key, "{}", text);
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let start = place.index(places.len());
        let end = (start + length).min(places.len() - 1);
        let mut changed = text.clone();
        changed.replace_range(places[start]..places[end], &instead);
        is_read_alike(&changed);
    }
}

/// A body of Swagger 2.0 with two media types is two nodes of the normalized document, but one node of the vendor's
/// document.
#[test]
fn what_an_overlay_suggests_can_be_applied() {
    let document = json!({
        "swagger": "2.0", "info": {"title": "t", "version": "1"},
        "paths": {"/notes": {"post": {
            "operationId": "add", "consumes": ["application/json", "application/xml"],
            "parameters": [{"name": "note", "in": "body", "schema": {"type": "object", "properties": {
                "weight": {"type": "number", "format": "double", "example": "heavy"},
            }}}],
            "responses": {"204": {"description": "d"}},
        }}},
    });
    let source = source(&document.to_string());
    let suggestion = normalize_text(&source, &[]).unwrap().suggestion.expect("a suggestion");
    assert_eq!(suggestion.matches("weight.format").count(), 1, "{suggestion}");
    let overlay = Source { name: String::from("suggested.yaml"), text: suggestion };
    let followed = normalize_text(&source, &[overlay]).unwrap();
    assert!(followed.suggestion.is_none(), "{:?}", followed.suggestion);
}

#[test]
fn a_post_that_creates_has_no_pages() {
    let suggests = |id: &str| {
        let text = |name: &str| {
            json!({"content": {"application/json": {"schema": {"type": "object", "properties": {
            name: {"type": "string"}, "items": {"type": "array", "items": {"type": "string"}},
        }}}}, "description": "d"})
        };
        let post =
            json!({"operationId": id, "requestBody": text("pageToken"), "responses": {"200": text("nextPageToken")}});
        let document =
            json!({"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/items": {"post": post}}});
        let normalized = normalize_text(&source(&document.to_string()), &[]).unwrap();
        normalized.suggestion.is_some_and(|overlay| overlay.contains("x-pagination"))
    };
    assert!(suggests("listItems") && !suggests("createItemList") && !suggests("items"));
}

#[test]
fn entries_of_a_document_of_one_line_have_columns() {
    let text = r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {}}}}}}"#;
    let ledger = |text: &str| {
        let source = Source { name: "a.json".to_owned(), text: text.to_owned() };
        normalize_text(&source, &[]).unwrap().ledger
    };
    let column = text.find("\"200\"").unwrap() + 1;
    assert!(ledger(text).markdown("a").contains(&format!("- a.json:1:{column} ")), "{}", ledger(text).summary());
    let lines = ledger(&text.replacen("{\"get\"", "\n{\"get\"", 1));
    assert!(lines.markdown("a").contains("- a.json:2 "), "{}", lines.summary());
}
