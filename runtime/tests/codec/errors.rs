//! Decode errors: message, path and position.

use std::collections::BTreeMap;

use clientwright_runtime::{DateTime, JsonValue, Secret, Uuid, codegen, wire};

#[derive(Clone, PartialEq)]
struct Page {
    data: Vec<Item>,
    next: Option<String>,
}
codegen::object!(Page { "data" => data, "next" => next });

#[derive(Clone, PartialEq)]
struct Item {
    state: String,
    labels: Option<BTreeMap<String, Vec<u8>>>,
    parent: Option<Box<Item>>,
    since: Option<DateTime>,
    id: Option<Uuid>,
    token: Option<Secret<String>>,
    size: Option<u64>,
    pair: Option<JsonValue>,
}
codegen::object!(Item {
    "state" => state,
    "labels" => labels?,
    "parent" => parent?,
    "since" => since?,
    "id" => id?,
    "token" => token?,
    "size" => size? as Option<codegen::Quoted>,
    "pair" => pair?,
});

fn error(text: &str) -> String {
    wire::from_slice::<Page>(text.as_bytes()).unwrap_err().to_string()
}

fn item_error(item: &str) -> String {
    wire::from_slice::<Item>(item.as_bytes()).unwrap_err().to_string()
}

#[test]
fn says_which_value() {
    assert_eq!(
        error("{\"next\": null,\n \"data\": [{\"state\":\"a\"}, {\"state\": 7}]}"),
        "data[1].state: expected string, found number at line 2 column 36"
    );
    assert_eq!(error("[]"), "expected object, found array at line 1 column 1");
    assert_eq!(
        item_error(r#"{"state":"","parent":{"state":"","labels":{"a b":[1,2,256]}}}"#),
        r#"parent.labels["a b"][2]: number out of range at line 1 column 55"#
    );
    assert_eq!(
        item_error(r#"{"state":"","labels":{"":[-1]}}"#),
        r#"labels[""][0]: number out of range at line 1 column 27"#
    );
    assert_eq!(
        item_error(r#"{"state":"","labels":{"x":[1.5]}}"#),
        "labels.x[0]: expected integer, found floating-point number at line 1 column 28"
    );
    assert_eq!(
        item_error(r#"{"state":"","pair":[{"x":[1e999]}]}"#),
        "pair[0].x[0]: number out of range at line 1 column 27"
    );
}

#[test]
fn says_what_is_missing_or_too_much() {
    assert_eq!(error(r#"{"data":[]}"#), r#"missing required property "next" at line 1 column 11"#);
    assert_eq!(
        error(r#"{"data":[{}],"next":null}"#),
        r#"data[0]: missing required property "state" at line 1 column 11"#
    );
    assert_eq!(item_error(r#"{"state":"a","state":"b"}"#), "state: duplicate property at line 1 column 22");
    assert_eq!(error(r#"{"data":[],"next":null} x"#), "trailing characters at line 1 column 25");
    // A property after the end of an object does not belong to it.
    assert_eq!(error(r#"{"data":[]}"next":null"#), r#"missing required property "next" at line 1 column 11"#);
    assert_eq!(error(r#"{"d\u0061ta":[],"d\u0061ta":[],"next":null}"#), "data: duplicate property at line 1 column 29");
    assert_eq!(error(r#"{"data":[],"ne\u0078t" null}"#), "expected `:` at line 1 column 24");
}

#[test]
fn says_where_the_text_is_no_json() {
    assert_eq!(error(""), "EOF while parsing a value at line 1 column 0");
    assert_eq!(error("{\"data\":[{\"state\":\"a\"}"), "data: EOF while parsing a list at line 1 column 22");
    assert_eq!(error("{\"data\":[]\n\"next\":null}"), "expected `,` or `}` at line 2 column 1");
    assert_eq!(error("{\"unknown\":\n [1,\n  tru]}"), "unknown: expected ident at line 3 column 6");
    assert_eq!(item_error("{\"state\":\"a\\x\"}"), "state: invalid escape at line 1 column 13");
    assert_eq!(error("\u{feff}{}"), "expected value at line 1 column 1");
}

/// A person's input does not belong in a log.
#[test]
fn does_not_repeat_values() {
    for (text, expected) in [
        (r#"{"state":"","id":"hunter2"}"#, "id: expected UUID, found another string at line 1 column 18"),
        (r#"{"state":"","size":"hunter2"}"#, "size: expected integer, found another string at line 1 column 20"),
        (r#"{"state":"","token":["hunter2"]}"#, "token: expected string, found array at line 1 column 21"),
    ] {
        let error = wire::from_slice::<Item>(text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}

#[test]
fn long_names_are_cut() {
    let error =
        wire::from_slice::<BTreeMap<String, u8>>(format!("{{\"{}\":null}}", "é".repeat(1000)).as_bytes()).unwrap_err();
    assert_eq!(error.path(), format!("{}…", "é".repeat(64)));
}

#[test]
fn debug_is_readable_and_hides_secrets() {
    let item: Item =
        wire::from_slice(br#"{"state":"a:{\"b\"}","token":"hunter2","labels":{},"pair":[1,{"x":null}]}"#).unwrap();
    assert_eq!(
        format!("{item:?}"),
        r#"Item {"state":"a:{\"b\"}","labels":{},"token":"[redacted]","pair":[1,{"x":null}]}"#
    );
    let lines = r#"Item {
    "state": "a:{\"b\"}",
    "labels": {},
    "token": "[redacted]",
    "pair": [
        1,
        {
            "x": null
        }
    ]
}"#;
    assert_eq!(format!("{item:#?}"), lines);
    assert!(wire::to_string(&item).contains("hunter2"));
}
