//! Unions whose branches no single test distinguishes: the best-matching branch of a value.

use clientwright_runtime::{Date, DateTime, Duration, JsonValue, Time, UnknownJson, Uuid, codegen, wire};

#[derive(Clone, PartialEq)]
struct Plain {
    id: Option<i64>,
    name: Option<String>,
}
codegen::object!(Plain { "id" => id?, "name" => name? });

#[derive(Clone, PartialEq)]
struct Sized {
    id: Option<i64>,
    size: Option<f64>,
}
codegen::object!(Sized { "id" => id?, "size" => size? });

#[derive(Clone, PartialEq)]
struct Named {
    kind: String,
    name: Option<String>,
}
codegen::object!(Named { "kind" => kind, "name" => name? });

#[derive(Clone, PartialEq)]
enum Either {
    Plain(Plain),
    Sized(Sized),
    Odd(Named),
    Level(Named),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Either {
    Plain => object where "id"? & "name"?,
    Sized => object where "id"? & "size"?,
    Odd => object where "kind" = "odd" or "\"quoted\"" & "name"?,
    Level => object where "kind" = 1 or -2 or true & "name"?,
});

fn kind(text: &str) -> &'static str {
    match wire::from_slice::<Either>(text.as_bytes()) {
        Ok(Either::Plain(_)) => "plain",
        Ok(Either::Sized(_)) => "sized",
        Ok(Either::Odd(_)) => "odd",
        Ok(Either::Level(_)) => "level",
        Ok(Either::Unknown(_)) => "unknown",
        Err(_) => "error",
    }
}

#[test]
fn the_object_that_knows_most_properties_is_taken() {
    assert_eq!(kind(r#"{"name":"a"}"#), "plain");
    assert_eq!(kind(r#"{"size":1}"#), "sized");
    assert_eq!(kind(r#"{"id":1,"size":1,"other":2}"#), "sized");
    assert_eq!(kind(r#"{"id":1}"#), "plain", "the first of equal matches");
    assert_eq!(kind("{}"), "plain");
    assert_eq!(kind("[]"), "unknown");
    assert_eq!(kind("{"), "error");
}

#[test]
fn constants_and_required_properties_hold() {
    assert_eq!(kind(r#"{"kind":"odd","name":"a"}"#), "odd");
    assert_eq!(kind(r#"{"kind":"\"quoted\"","name":"a"}"#), "odd");
    assert_eq!(kind(r#"{"kind":"od\u0064","name":"a"}"#), "odd");
    assert_eq!(kind(r#"{"kind":"even","name":"a"}"#), "plain", "it keeps at least the name");
    // Selecting is not decoding: a number that denotes a kind is not a string.
    assert_eq!(kind(r#"{"kind":1,"name":"a"}"#), "error");
    assert_eq!(kind(r#"{"kind":-2}"#), "error");
    assert_eq!(kind(r#"{"kind":true}"#), "error");
    assert_eq!(kind(r#"{"kind":3}"#), "plain");
}

#[derive(Clone, PartialEq)]
enum Value {
    Moment(DateTime),
    Id(Uuid),
    Text(String),
    Whole(i64),
    Number(f64),
    Counts(Vec<i64>),
    Amounts(Vec<f64>),
    Words(Vec<String>),
    Table(Vec<Vec<i64>>),
    Plains(Vec<Plain>),
    Sizes(Vec<Sized>),
    Open(JsonValue),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Value {
    Moment => date_time,
    Id => uuid,
    Text => string,
    Number => number,
    Whole => integer,
    Amounts => array[number],
    Counts => array[integer],
    Words => array[string],
    Table => array[array[integer]],
    Plains => array[object where "id"? & "name"?],
    Sizes => array[object where "id"? & "size"?],
    Open => any,
});

#[test]
fn scalars_go_by_what_they_are_and_arrays_by_their_elements() {
    let read = |text: &str| wire::from_slice::<Value>(text.as_bytes()).unwrap();
    assert!(matches!(read(r#""2024-05-01T12:00:00Z""#), Value::Moment(_)));
    assert!(matches!(read(r#""936da01f-9abd-4d9d-80c7-02af85c822a8""#), Value::Id(_)));
    assert!(matches!(read(r#""936da01f""#), Value::Text(_)));
    assert!(matches!(read("1"), Value::Whole(1)));
    assert!(matches!(read("1.5"), Value::Number(_)));
    assert!(matches!(read("[1, 2]"), Value::Counts(_)));
    assert!(matches!(read("[1, 2.5]"), Value::Amounts(_)));
    assert!(matches!(read(r#"["a"]"#), Value::Words(_)));
    assert!(matches!(read("[[1], []]"), Value::Table(_)));
    assert!(matches!(read(r#"[{"name":"a"}, {}]"#), Value::Plains(_)));
    assert!(matches!(read(r#"[{"size":2}]"#), Value::Sizes(_)));
    assert!(matches!(read("[]"), Value::Amounts(_)));
    for other in ["true", "null", r#"[1, "a"]"#, r#"{"a":[1]}"#, "[[1.5]]"] {
        let value = read(other);
        assert!(matches!(value, Value::Open(_)), "{other}");
        assert_eq!(wire::to_string(&value).replace(' ', ""), other.replace(' ', ""));
    }
}

#[derive(Clone, PartialEq)]
enum Loose {
    Known(Plain),
    Texts(std::collections::BTreeMap<String, String>),
    Count(u64),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Loose {
    Known => object where "id"?: integer & "name"?: string or number,
    Texts => map[string],
    Count => quoted as codegen::Quoted,
});

#[test]
fn a_map_keeps_what_no_object_knows() {
    let read = |text: &str| wire::from_slice::<Loose>(text.as_bytes()).unwrap();
    assert!(matches!(read(r#"{"name":"a","more":"b"}"#), Loose::Known(_)));
    assert!(matches!(read(r#"{"name":null}"#), Loose::Known(_)), "null stands for nothing");
    assert!(matches!(read(r#"{"more":"b"}"#), Loose::Texts(_)));
    assert!(matches!(read(r#"{"id":"x"}"#), Loose::Texts(_)), "an id of the wrong type is no id");
    assert!(matches!(read(r#"{"id":true}"#), Loose::Unknown(_)));
    assert!(matches!(read(r#""17""#), Loose::Count(17)));
    assert!(matches!(read("17"), Loose::Count(17)));
    assert!(matches!(read(r#""x""#), Loose::Unknown(_)));
    assert_eq!(wire::to_string(&Loose::Count(17)), r#""17""#);
}

#[derive(Clone, PartialEq)]
enum Detail {
    Some(Plain),
    All(Plain),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Detail {
    Some => object where "id"? & "name"? & "age"?,
    All => object where "id" & "name"?,
});

#[test]
fn of_equal_branches_the_one_that_requires_more_has_precedence() {
    let read = |text: &str| wire::from_slice::<Detail>(text.as_bytes()).unwrap();
    assert!(matches!(read(r#"{"id":1,"name":"a"}"#), Detail::All(_)));
    assert!(matches!(read(r#"{"name":"a"}"#), Detail::Some(_)));
    assert!(matches!(read(r#"{"id":1,"age":3}"#), Detail::Some(_)));
}

#[derive(Clone, PartialEq)]
enum Key {
    Word(JsonValue),
    Uuid(JsonValue),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Key { Word => object where "id" like (string), Uuid => object where "id"? like (uuid) });

#[test]
fn a_format_says_more_than_what_is_required() {
    let text = br#"{"id":"0197c2de-6f4d-7000-8000-000000000001"}"#;
    assert!(matches!(wire::from_slice::<Key>(text), Ok(Key::Uuid(_))));
}

#[derive(Clone, PartialEq)]
struct Failure {
    errors: Option<JsonValue>,
}
codegen::object!(Failure { "errors" => errors? });

#[derive(Clone, PartialEq)]
enum Within {
    Words(Failure),
    Plains(Failure),
    Sizes(Failure),
    Table(Failure),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Within {
    Words => object where "errors"? like (array[string] | integer),
    Plains => object where "errors"? like (array[object where "id"? & "name"? like (string)]),
    Sizes => object where "errors"? like (array[object where "id"? & "size"?: number]),
    Table => object where "errors"? like (map[object where "id" & "name"?]),
});

#[test]
fn what_stands_within_properties_tells() {
    let variant = |text: &str| match wire::from_slice::<Within>(text.as_bytes()) {
        Ok(Within::Words(_)) => "words",
        Ok(Within::Plains(_)) => "plains",
        Ok(Within::Sizes(_)) => "sizes",
        Ok(Within::Table(_)) => "table",
        Ok(Within::Unknown(_)) => "unknown",
        Err(_) => "error",
    };
    assert_eq!(variant(r#"{"errors":["a"]}"#), "words");
    assert_eq!(variant(r#"{"errors":7}"#), "words");
    assert_eq!(variant(r#"{"errors":[{"name":"a"}]}"#), "plains");
    assert_eq!(variant(r#"{"errors":[{"size":1}]}"#), "sizes");
    assert_eq!(variant(r#"{"errors":[{"id":1}]}"#), "plains", "the first of equal matches");
    assert_eq!(variant(r#"{"errors":[{"id":1,"name":1}]}"#), "sizes", "a name that is not a string does not match");
    assert_eq!(variant(r#"{"errors":{"a":{"id":1}}}"#), "table");
    assert_eq!(variant(r#"{"errors":{"a":{"name":""}}}"#), "unknown");
    assert_eq!(variant(r#"{"errors":{"a":{"id":1},"b":2}}"#), "unknown");
    assert_eq!(variant(r#"{"errors":null}"#), "words");
    assert_eq!(variant(r#"{"errors":true}"#), "unknown");
    assert_eq!(variant(r#"{"errors":["a",{}]}"#), "unknown");
    assert_eq!(variant(r#"{"errors":["\x"]}"#), "error");
}

#[test]
fn patterns_made_at_run_time_choose_as_the_macro_does() {
    use clientwright_runtime::codegen::{Expect, Key, Pattern, best_branch};

    let (kind, cat) = (String::from("kind"), String::from("cat"));
    let cat = cat.as_str();
    let keys = [Key { name: &kind, required: true, constants: &[&cat], types: &[], patterns: &[] }];
    let object = |keys| Pattern { expect: Expect::Object, items: &[], keys };
    let of = |expect| Pattern { expect, items: &[], keys: &[] };
    let (cats, others, ids, words) = ([object(&keys)], [object(&[])], [of(Expect::Uuid)], [of(Expect::String)]);
    let branches: [&[Pattern<'_>]; 4] = [&others, &cats, &words, &ids];
    let chosen = |json: &str| best_branch(json.as_bytes(), &branches);
    assert_eq!(chosen(r#"{"kind": "c\u0061t"}"#), Some(1));
    assert_eq!(chosen(r#"{"kind": "dog"}"#), Some(0));
    assert_eq!(chosen(r#""67e55044-10b1-426f-9247-bb680e5fe0c8""#), Some(3));
    assert_eq!(chosen(r#""a string of 32 characters, no UUID""#), Some(2));
    assert_eq!(chosen("7"), None);
    assert_eq!(chosen("{"), None);
}

#[derive(Clone, PartialEq)]
struct On {
    when: Date,
}
codegen::object!(On { "when" => when });

#[derive(Clone, PartialEq)]
struct At {
    when: Time,
}
codegen::object!(At { "when" => when });

#[derive(Clone, PartialEq)]
struct For {
    when: Duration,
}
codegen::object!(For { "when" => when });

#[derive(Clone, PartialEq)]
struct Said {
    when: String,
}
codegen::object!(Said { "when" => when });

#[derive(Clone, PartialEq)]
enum When {
    On(On),
    At(At),
    For(For),
    Said(Said),
    Unknown(UnknownJson),
}
codegen::fitted_union!(When {
    On => object where "when" like (date),
    At => object where "when" like (time),
    For => object where "when" like (duration),
    Said => object where "when" like (string),
});

#[derive(Clone, PartialEq)]
enum OnOrAt {
    On(On),
    At(At),
    Unknown(UnknownJson),
}
codegen::fitted_union!(OnOrAt { On => object where "when" like (date), At => object where "when" like (time) });

#[test]
fn dates_times_and_durations_go_by_their_format_but_take_any_string() {
    let read = |text: &str| wire::from_slice::<When>(format!(r#"{{"when":"{text}"}}"#).as_bytes()).unwrap();
    assert!(matches!(read("2024-05-01"), When::On(_)));
    assert!(matches!(read("12:30"), When::At(_)));
    assert!(matches!(read("PT5M"), When::For(_)));
    assert!(matches!(read("5m"), When::Said(_)));
    let read = |text: &str| wire::from_slice::<OnOrAt>(format!(r#"{{"when":"{text}"}}"#).as_bytes()).unwrap();
    assert!(matches!(read("12:30"), OnOrAt::At(_)));
    assert!(matches!(read("5m"), OnOrAt::On(_)));
    assert!(matches!(wire::from_slice(br#"{"when":5}"#), Ok(OnOrAt::Unknown(_))));
}
