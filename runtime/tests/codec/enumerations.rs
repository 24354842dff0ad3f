//! Enumerations: their order, and those of values of several JSON types.

use std::collections::{BTreeSet, HashSet};

use clientwright_runtime::{UnknownInteger, UnknownJson, UnknownString, codegen, json, wire};

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Level {
    Auto,
    Quoted,
    V1,
    Minus1,
    True,
    V0_5,
    V18446744073709551615,
    Unknown(UnknownJson),
}
codegen::mixed_enum!(Level {
    Auto => "auto",
    Quoted => "1",
    V1 => 1,
    Minus1 => -1,
    True => true,
    V0_5 => number "0.5",
    V18446744073709551615 => number "18446744073709551615",
});

#[derive(Clone, PartialEq)]
enum Severity {
    Low,
    High,
    Fatal,
    Unknown(UnknownString),
}
codegen::string_enum!(Severity { Low => "low", High => "high", Fatal => "fatal" });

#[derive(Clone, PartialEq)]
enum Port {
    Https,
    Http,
    Unknown(UnknownInteger),
}
codegen::integer_enum!(Port { Https => 443, Http => 80 });

#[derive(Clone, PartialEq)]
struct Setting {
    level: Option<Level>,
    other: Level,
}
codegen::object!(Setting { "level" => level, "other" => other = 1_i64.into() });

fn read(json: &str) -> Level {
    wire::from_slice(json.as_bytes()).unwrap()
}

#[test]
fn each_value_has_its_json_and_back() {
    for (json, level) in [
        (r#""auto""#, Level::Auto),
        (r#""1""#, Level::Quoted),
        ("1", Level::V1),
        ("-1", Level::Minus1),
        ("true", Level::True),
        ("0.5", Level::V0_5),
        ("18446744073709551615", Level::V18446744073709551615),
    ] {
        assert_eq!(read(json), level);
        assert_eq!(read(&format!(" {json} ")), level);
        assert_eq!(wire::to_string(&level), json);
    }
}

#[test]
fn what_is_written_otherwise_is_the_same_value() {
    assert_eq!(read(r#""\u0061uto""#), Level::Auto);
    assert_eq!(read("1.0"), Level::V1);
    assert_eq!(read("10e-1"), Level::V1);
    assert_eq!(read("5e-1"), Level::V0_5);
    assert_eq!(read("0.50"), Level::V0_5);
}

#[derive(Clone, PartialEq)]
enum Huge {
    Auto,
    Even,
    Odd,
    Unknown(UnknownJson),
}
codegen::mixed_enum!(Huge {
    Auto => "auto",
    Even => number "100000000000000000000",
    Odd => number "100000000000000000001",
});

#[test]
fn integers_of_any_length_are_told_apart() {
    let read = |json: &str| wire::from_slice::<Huge>(json.as_bytes()).unwrap();
    assert!(read("100000000000000000000") == Huge::Even);
    assert!(read("100000000000000000001") == Huge::Odd);
    assert!(matches!(read("100000000000000000002"), Huge::Unknown(_)));
    assert!(read("1e20") == Huge::Even);
}

#[test]
fn other_values_are_kept_as_they_were() {
    for json in ["2", "0.51", "false", r#""AUTO""#, r#""true""#, "null", "[1]", r#"{"a": 1.50}"#, "1e999"] {
        let Level::Unknown(unknown) = read(json) else { panic!("{json}") };
        assert_eq!(unknown.as_str(), json);
        assert_eq!(wire::to_string(&Level::Unknown(unknown)), json);
    }
    for json in ["", "tru", "\"auto", "[1", "1 2"] {
        assert!(wire::from_slice::<Level>(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn values_of_rust_become_variants() {
    assert_eq!(Level::from("auto"), Level::Auto);
    assert_eq!(Level::from(String::from("1")), Level::Quoted);
    assert_eq!(Level::from(1), Level::V1);
    assert_eq!(Level::from(true), Level::True);
    assert_eq!(wire::to_string(&Level::from("\"\n")), r#""\"\n""#);
    assert_eq!(wire::to_string(&Level::from(false)), "false");
    assert_eq!(wire::to_string(&Level::Unknown(json!(0.7).into())), "0.7");
}

#[test]
fn text_and_debug_say_the_value() {
    let shown = |level: Level| (level.to_string(), format!("{level:?}"));
    assert_eq!(shown(Level::Auto), ("auto".into(), r#"Level("auto")"#.into()));
    assert_eq!(shown(Level::V0_5), ("0.5".into(), "Level(0.5)".into()));
    assert_eq!(shown(Level::from("a \"b\"")).0, "a \"b\"");
    assert_eq!(shown(read("[1]")).0, "[1]");
    assert_eq!(format!("{:>5}|", Level::V1), "    1|");
    assert_eq!(BTreeSet::from([Level::V1, Level::Auto, Level::V1]).len(), 2);
}

/// Values in their order, each of them twice, and how many a set by hash keeps.
fn sorted<T: Clone + std::fmt::Display + std::hash::Hash + Ord>(values: &[T]) -> (Vec<String>, usize) {
    let mut all = [values, values].concat();
    let different = all.iter().cloned().collect::<HashSet<T>>().len();
    all.sort();
    all.dedup();
    (all.iter().map(ToString::to_string).collect(), different)
}

#[test]
fn strings_are_in_the_order_of_the_document_and_integers_in_theirs() {
    let severities = ["zero", "fatal", "low", "ace", "high"].map(Severity::from);
    assert_eq!(sorted(&severities), (["low", "high", "fatal", "ace", "zero"].map(String::from).to_vec(), 5));
    assert_eq!(sorted(&[443, 8080, 80].map(Port::from)), (["80", "443", "8080"].map(String::from).to_vec(), 3));
}

#[test]
fn listed_values_of_several_types_come_before_others() {
    let levels = [Level::from("a"), Level::Unknown(json!("auto").into()), Level::V1, Level::Auto, Level::True];
    assert_eq!(sorted(&levels), (["auto", "1", "true", "a", "auto"].map(String::from).to_vec(), 5));
}

#[test]
fn it_is_a_property_like_others() {
    let setting: Setting = wire::from_slice(br#"{"level":null}"#).unwrap();
    assert!(setting.level.is_none() && setting.other == Level::V1);
    let text = r#"{"level":"auto","other":3}"#;
    let setting: Setting = wire::from_slice(text.as_bytes()).unwrap();
    assert_eq!(wire::to_string(&setting), text);
}

#[cfg(feature = "serde")]
#[test]
fn serde_has_the_same_values() {
    for value in [json!("auto"), json!(1), json!(true), json!(0.5), json!({"a": [null]})] {
        let level: Level = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&level).unwrap(), value);
    }
    assert_eq!(serde_json::from_value::<Level>(json!(1)).unwrap(), Level::V1);
}
