//! Tuples: arrays of a fixed length.

use clientwright_runtime::{JsonValue, Secret, UnknownJson, codegen, wire};

type Point = (f64, f64);

#[derive(Clone, PartialEq)]
struct Place {
    point: Point,
    key: Option<(String, Secret<String>)>,
    counts: Vec<(u64, Option<String>)>,
}
codegen::object!(Place {
    "point" => point,
    "key" => key?,
    "counts" => counts as Vec<(codegen::Quoted, ())>,
});

#[test]
fn there_and_back() {
    let text = r#"{"point":[1.5,-2.5],"key":["a","hidden"],"counts":[["7",null],["8","b"]]}"#;
    let place: Place = wire::from_slice(text.as_bytes()).unwrap();
    assert_eq!((place.point, place.counts.len(), &place.counts[1]), ((1.5, -2.5), 2, &(8, Some("b".to_owned()))));
    assert_eq!(wire::to_string(&place), text);
    assert_eq!(format!("{place:?}"), format!("Place {}", text.replace("hidden", "[redacted]")));
    let all = (true, 1_i64, 2_u8, "c".to_owned(), (), vec![1_i32], 0.5, JsonValue::Null);
    assert_eq!(wire::to_string(&all), r#"[true,1,2,"c",null,[1],0.5,null]"#);
    assert_eq!(wire::from_slice(wire::to_string(&all).as_bytes()), Ok(all));
}

#[test]
fn another_length_is_an_error() {
    for (text, error) in [
        ("[]", "expected array of 2 elements, found 0 at line 1 column 1"),
        ("[1]", "expected array of 2 elements, found 1 at line 1 column 1"),
        ("[1, 2, 3, [4]]", "expected array of 2 elements, found 4 at line 1 column 1"),
        ("null", "expected array, found null at line 1 column 1"),
        ("{}", "expected array, found object at line 1 column 1"),
        ("[1, \"2\"]", "[1]: expected number, found string at line 1 column 5"),
        ("[1, 2,]", "trailing comma at line 1 column 7"),
        ("[1, 2", "EOF while parsing a list at line 1 column 5"),
        ("[1 2]", "expected `,` or `]` at line 1 column 4"),
    ] {
        assert_eq!(wire::from_slice::<Point>(text.as_bytes()).unwrap_err().to_string(), error, "{text}");
    }
    let error = wire::from_slice::<Place>(br#"{"point":[1,2],"counts":[["7",null],["8"]]}"#).unwrap_err();
    assert_eq!(error.to_string(), "counts[1]: expected array of 2 elements, found 1 at line 1 column 37");
}

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Range {
    Pair((i64, i64)),
    Named((String, i64)),
    Triple((i64, i64, i64)),
    Numbers(Vec<i64>),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Range {
    Pair => tuple[integer | integer],
    Named => tuple[string | integer],
    Triple => tuple[integer | integer | integer],
    Numbers => array[integer],
});

#[test]
fn a_union_tells_tuples_by_length_and_elements() {
    let read = |text: &str| wire::from_slice::<Range>(text.as_bytes()).unwrap();
    assert!(matches!(read("[1, 2]"), Range::Pair((1, 2))));
    assert!(matches!(read("[\"a\", 2]"), Range::Named(_)));
    assert!(matches!(read("[1, 2, 3]"), Range::Triple((1, 2, 3))));
    assert!(matches!(read("[1, 2, 3, 4]"), Range::Numbers(_)));
    assert!(matches!(read("[1]"), Range::Numbers(_)));
    assert!(matches!(read("[true, 2]"), Range::Unknown(_)));
}
