//! Enums and unions: open, selected before decoding, and written as they were read.

use std::collections::BTreeMap;

use clientwright_runtime::{JsonValue, UnknownInteger, UnknownJson, UnknownString, codegen, wire};

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum State {
    Published,
    Draft,
    Unknown(UnknownString),
}
codegen::string_enum!(State { Published => "PUBLISHED", Draft => "draft\n\"1\"" });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Level {
    Low,
    High,
    Unknown(UnknownInteger),
}
codegen::integer_enum!(Level { Low => -1, High => 2 });

#[derive(Clone, PartialEq)]
struct Cat {
    pet_type: String,
    friends: Vec<Pet>,
}
codegen::object!(Cat { "petType" => pet_type, "friends" => friends });

#[derive(Clone, PartialEq)]
struct Dog {
    pet_type: String,
}
codegen::object!(Dog { "petType" => pet_type });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Pet {
    Cat(Box<Cat>),
    Dog(Dog),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Pet, "petType" { Cat => "cat" | "kitty", Dog => "dog" });

#[derive(Clone, PartialEq)]
struct Beast {
    pet_type: Option<String>,
}
codegen::object!(Beast { "petType" => pet_type? });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Animal {
    Dog(Dog),
    Other(Beast),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Animal, "petType" else Other => "other" { Dog => "dog" });

#[derive(Clone, PartialEq)]
struct One {
    kind: i64,
}
codegen::object!(One { "kind" => kind });

#[derive(Clone, PartialEq)]
struct Yes {
    kind: bool,
}
codegen::object!(Yes { "kind" => kind });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Kinds {
    One(One),
    Yes(Yes),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Kinds, unquoted "kind" { One => "1", Yes => "true" });

#[derive(Clone, PartialEq)]
struct May {
    kind: Option<i64>,
}
codegen::object!(May { "kind" => kind? });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Rest {
    First(May),
    Other(May),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Rest, unquoted "kind" else Other { First => "1" });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Optional {
    First(May),
    Second(May),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Optional, unquoted "kind" { First => "1", Second => "2" });

#[derive(Clone, PartialEq)]
struct Round {
    radius: f64,
}
codegen::object!(Round { "radius" => radius });

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Any {
    Nothing(()),
    Flag(bool),
    Count(i64),
    Amount(f64),
    Name(String),
    List(Vec<Any>),
    Sphere(Round),
    Circle(Round),
    Other(clientwright_runtime::JsonObject),
    Unknown(UnknownJson),
}
codegen::union!(Any {
    Nothing => null,
    Flag => boolean,
    Count => integer,
    Amount => number,
    Name => string,
    List => array,
    Sphere => object where "radius" & "kind" = "sphere",
    Circle => object where "radius",
    Other => object where "kind" & "x",
});

#[derive(Clone, PartialEq)]
struct CopyAndNow {
    copies: i64,
    others: BTreeMap<String, String>,
}
codegen::object!(CopyAndNow { "copies" => copies, .. => others });

#[derive(Clone, PartialEq)]
struct CopyAndLater {
    copies: i64,
    at: String,
}
codegen::object!(CopyAndLater { "copies" => copies, "at" => at });

/// The combinations of two choices.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum Job {
    CopyAndLater(Box<CopyAndLater>),
    CopyAndNow(Box<CopyAndNow>),
    Unknown(UnknownJson),
}
codegen::union!(Job {
    CopyAndLater => object where "copies" & "at",
    CopyAndNow => object where "copies",
});

/// The text is written unchanged, and the variant is the one that the test names.
macro_rules! assert_variant {
    ($type:ty, $text:expr, $pattern:pat) => {
        let value = wire::from_slice::<$type>($text.as_bytes()).unwrap();
        assert!(matches!(value, $pattern), "{value:?}");
        assert_eq!(wire::to_string(&value), $text);
    };
}

#[test]
fn enumerations() {
    assert_variant!(State, r#""PUBLISHED""#, State::Published);
    assert_variant!(State, r#""draft\n\"1\"""#, State::Draft);
    assert_variant!(State, r#""published""#, State::Unknown(_));
    assert!(State::from("PUBLISHED") == State::Published && State::from("PUBLISHED".to_owned()) == State::Published);
    assert!("PUBLISHED".parse::<State>() == Ok(State::Published));
    assert_eq!(format!("{:>12} {:?}", State::Published, State::from("x")), r#"   PUBLISHED State("x")"#);
    assert!(wire::from_slice::<State>(b"1").is_err());

    assert_variant!(Level, "-1", Level::Low);
    assert_variant!(Level, "9223372036854775807", Level::Unknown(_));
    assert!(Level::from(2) == Level::High && Level::from(3).as_i64() == 3);
    assert_eq!(format!("{} {:?}", Level::High, Level::Low), "2 Level(-1)");
    assert!(wire::from_slice::<Level>(b"2.0").unwrap() == Level::High);
    assert!(wire::from_slice::<Level>(b"2.5").is_err() && wire::from_slice::<Level>(b"9223372036854775808").is_err());
}

#[test]
fn tagged() {
    assert_variant!(Pet, r#"{"petType":"dog"}"#, Pet::Dog(_));
    assert_variant!(
        Pet,
        r#"{"petType":"kitty","friends":[{"petType":"dog"},{"petType":"cat","friends":[]}]}"#,
        Pet::Cat(_)
    );
    for unknown in
        [r#"{"petType":"axolotl", "age" : 1.50}"#, r#"{"petType":1}"#, "{}", r#"{"pet":"cat"}"#, r#"{"petType":"Cat"}"#]
    {
        assert_variant!(Pet, unknown, Pet::Unknown(_));
    }
    // The tag can have any position and notation.
    let text = r#" { "friends": [{"petType":"dog"}] , "x": {"petType":"dog"}, "pet\u0054ype": "c\u0061t" } "#;
    assert!(matches!(wire::from_slice(text.as_bytes()), Ok(Pet::Cat(_))));
    // The discriminator of some APIs is not a string.
    assert_variant!(Kinds, r#"{"kind":1}"#, Kinds::One(One { kind: 1 }));
    assert_variant!(Kinds, r#"{"kind":true}"#, Kinds::Yes(Yes { kind: true }));
    for unknown in [r#"{"kind":2}"#, r#"{"kind":false}"#, r#"{"kind":1.0}"#, r#"{"kind":[1]}"#, r#"{"kind":null}"#] {
        assert_variant!(Kinds, unknown, Kinds::Unknown(_));
    }
    for (text, expected) in [
        ("5", "expected object, found number at line 1 column 1"),
        (
            r#"{"petType":"cat","friends":[{"petType":"dog"},null]}"#,
            "friends[1]: expected object, found null at line 1 column 47",
        ),
        (r#"{"petType":"cat"}"#, r#"missing required property "friends" at line 1 column 17"#),
        (r#"{"petType":"dog","petType":"cat"}"#, "petType: duplicate property at line 1 column 28"),
        (r#"{"petType":"dog""#, "EOF while parsing an object at line 1 column 16"),
        (r#"{"x":tru,"petType":"dog"}"#, "expected ident at line 1 column 9"),
    ] {
        assert_eq!(wire::from_slice::<Pet>(text.as_bytes()).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn tagged_with_a_default() {
    assert_variant!(Animal, r#"{"petType":"dog"}"#, Animal::Dog(_));
    for other in [r#"{"petType":"other"}"#, r#"{"petType":"axolotl"}"#] {
        assert_variant!(Animal, other, Animal::Other(_));
    }
    assert!(matches!(wire::from_slice(b"{}"), Ok(Animal::Other(_))) && wire::from_slice::<Animal>(b"[]").is_err());
    // A missing discriminator is added, unless the variant has none.
    let none = wire::to_string(&Animal::Other(Beast { pet_type: None }));
    assert_eq!(none, r#"{"petType":"other"}"#);
    // A value of the caller is sent unchanged.
    let unknown = || UnknownJson::from(serde_json::json!({"petType": "axolotl"}));
    let text = r#"{"petType":"axolotl"}"#;
    assert_eq!([wire::to_string(&Animal::Unknown(unknown())), wire::to_string(&Rest::Unknown(unknown()))], [text; 2]);
    assert_variant!(Rest, r#"{"kind":1}"#, Rest::First(_));
    assert_variant!(Rest, r#"{"kind":7}"#, Rest::Other(_));
    assert_variant!(Rest, "{}", Rest::Other(_));
}

#[test]
fn ladder() {
    assert_variant!(Any, "null", Any::Nothing(()));
    assert_variant!(Any, "true", Any::Flag(true));
    assert_variant!(Any, "-12", Any::Count(-12));
    assert_variant!(Any, "1.5", Any::Amount(_));
    assert_variant!(Any, "1e+30", Any::Amount(_));
    assert_variant!(Any, r#""""#, Any::Name(_));
    assert_variant!(Any, r#"[1,[],"x"]"#, Any::List(_));
    assert_variant!(Any, r#"{"radius":1.5}"#, Any::Circle(_));
    assert_variant!(Any, r#"{"kind":[],"x":null}"#, Any::Other(_));
    assert_variant!(Any, r#"{"kind":"sphere"}"#, Any::Unknown(_));
    let sphere = |text: &str| matches!(wire::from_slice(text.as_bytes()), Ok(Any::Sphere(_)));
    assert!(sphere(r#"{"kind":"sphere","radius":1}"#) && sphere(r#"{"radius":1,"a":[{}],"kind":"\u0073phere"}"#));
    assert!(!sphere(r#"{"radius":1,"kind":"cube"}"#) && !sphere(r#"{"radius":1,"kind":["sphere"]}"#));
    // The first matching rule decides; an error inside does not select the next rule.
    assert_eq!(
        wire::from_slice::<Any>(br#"{"radius":"1"}"#).unwrap_err().to_string(),
        "radius: expected number, found string at line 1 column 11"
    );
    assert!(wire::from_slice::<Any>(b"9223372036854775808").is_err());
    for broken in ["", "{", r#"{"radius"}"#, r#"{"a":[}"#, "nul", "@", "-", "[1,"] {
        assert!(wire::from_slice::<Any>(broken.as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn combinations_keep_the_properties_of_all_choices() {
    assert_variant!(Job, r#"{"copies":2,"at":"noon"}"#, Job::CopyAndLater(_));
    assert_variant!(Job, r#"{"copies":2}"#, Job::CopyAndNow(_));
    assert_variant!(Job, r#"{"copies":2,"unevaluated":"kept"}"#, Job::CopyAndNow(_));
    assert_variant!(Job, r#"{"at":"noon"}"#, Job::Unknown(_));
}

#[test]
fn unknown_json() {
    let unknown = UnknownJson::from(serde_json::json!({"petType": "axolotl", "gills": 3}));
    assert_eq!(unknown.to_value().unwrap()["gills"], 3);
    assert!(unknown.decode::<Dog>().is_ok() && unknown.decode::<Cat>().is_err());
    let pet = Pet::Unknown(unknown);
    let value: JsonValue = wire::from_slice(wire::to_string(&pet).as_bytes()).unwrap();
    assert_eq!(value["petType"], "axolotl");

    // A value of any depth can be kept, shown and written; it cannot be converted into a tree.
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let unknown: UnknownJson = wire::from_slice(deep.as_bytes()).unwrap();
    assert_eq!(wire::to_string(&unknown), deep);
    assert!(unknown.to_value().is_err());
    assert!(format!("{:#?}", Pet::Unknown(unknown)).len() > 200_000);
    assert!(wire::from_slice::<UnknownJson>(b"\"\xff\"").is_err());
}

#[derive(Clone, PartialEq)]
struct Fish {
    pet_type: Option<String>,
}
codegen::object!(Fish { "petType" => pet_type? });

#[derive(Clone, PartialEq)]
enum Tank {
    Fish(Fish),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Tank, "petType" { Fish => "fish" | "shark" });

#[test]
fn an_absent_discriminator_is_written() {
    let fish = |pet_type: Option<&str>| Tank::Fish(Fish { pet_type: pet_type.map(str::to_owned) });
    assert_eq!(wire::to_string(&fish(None)), r#"{"petType":"fish"}"#);
    assert_eq!(wire::to_string(&fish(Some("shark"))), r#"{"petType":"shark"}"#);
    let list = vec![fish(None), fish(Some("shark"))];
    assert_eq!(wire::to_string(&list), r#"[{"petType":"fish"},{"petType":"shark"}]"#);
    let optional = [None, Some(1), Some(7)].map(|kind| Optional::First(May { kind }));
    assert_eq!(wire::to_string(&optional.to_vec()), r#"[{"kind":1},{"kind":1},{"kind":7}]"#);
    assert_eq!(wire::to_string(&Optional::Second(May { kind: None })), r#"{"kind":2}"#);
    assert_eq!(format!("{:?}", fish(None)), "Tank::Fish {}");
    assert_eq!(
        format!("{:?}", Tank::Unknown(wire::from_slice(b"{\"petType\":1}").unwrap())),
        "Tank::Unknown {\"petType\":1}"
    );
}
