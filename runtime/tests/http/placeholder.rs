//! Placeholder values. Feature `test`.
#![cfg(feature = "test")]

use std::collections::BTreeMap;

use clientwright_runtime::testing::{Placeholder, placeholder};
use clientwright_runtime::wire::{self, Decode, Encode};
use clientwright_runtime::{
    Base64, Date, DateTime, Decimal, Duration, JsonObject, JsonValue, Maybe, Secret, Time, UnknownInteger, UnknownJson,
    UnknownString, Uuid, codegen,
};

/// A placeholder value as JSON, which is read as the same value.
fn json<T: Placeholder + Encode + Decode>() -> String {
    let text = wire::to_string(&placeholder::<T>().unwrap());
    let read: T = wire::from_slice(text.as_bytes()).unwrap();
    assert_eq!(wire::to_string(&read), text);
    text
}

#[derive(Clone, PartialEq)]
struct Scalars {
    text: String,
    number: f64,
    small: u8,
    quoted: u64,
    flag: bool,
    nothing: (),
    id: Uuid,
    at: DateTime,
    day: Date,
    time: Time,
    length: Duration,
    price: Decimal,
    bytes: Base64,
    any: JsonValue,
    object: JsonObject,
    secret: Secret<String>,
    pair: (String, Option<i64>),
    list: Vec<i64>,
    map: BTreeMap<String, i64>,
    nullable: Option<i64>,
    level: Level,
    constant: Only,
    mixed: Mixed,
    optional: Option<String>,
    maybe: Maybe<String>,
    defaulted: i64,
    defaulted_null: Option<i64>,
    rest: JsonObject,
}
codegen::object!(Scalars {
    "text" => text,
    "number" => number,
    "small" => small,
    "quoted" => quoted as codegen::Quoted,
    "flag" => flag,
    "nothing" => nothing,
    "id" => id,
    "at" => at,
    "day" => day,
    "time" => time,
    "length" => length,
    "price" => price,
    "bytes" => bytes,
    "any" => any,
    "object" => object,
    "secret" => secret,
    "pair" => pair,
    "list" => list,
    "map" => map,
    "nullable" => nullable,
    "level" => level,
    "constant" => constant,
    "mixed" => mixed,
    "optional" => optional?,
    "maybe" => maybe?,
    "defaulted" => defaulted = 20,
    "defaultedNull" => defaulted_null =? Some(7),
    .. => rest,
});

#[derive(Clone, PartialEq)]
enum Level {
    Two,
    One,
    Unknown(UnknownInteger),
}
codegen::integer_enum!(Level { Two => 2, One => 1 });

#[derive(Clone, PartialEq)]
enum Only {
    Thing,
    Unknown(UnknownString),
}
codegen::string_enum!(Only { Thing => "thing" });

#[derive(Clone, PartialEq)]
enum Mixed {
    True,
    Auto,
    Unknown(UnknownJson),
}
codegen::mixed_enum!(Mixed { True => true, Auto => "auto" });

#[test]
fn a_placeholder_is_as_empty_as_its_type_allows() {
    let expected = concat!(
        r#"{"text":"","number":0,"small":0,"quoted":"0","flag":false,"nothing":null,"#,
        r#""id":"00000000-0000-0000-0000-000000000000","at":"2000-01-01T00:00:00Z","day":"2000-01-01","time":"00:00:00Z","#,
        r#""length":"PT0S","price":0,"bytes":"","any":null,"object":{},"secret":"","pair":["",null],"list":[],"map":{},"#,
        r#""nullable":null,"level":2,"constant":"thing","mixed":true,"defaulted":20,"defaultedNull":7}"#
    );
    assert_eq!(json::<Scalars>(), expected);
}

#[derive(Clone, PartialEq)]
struct Cat {
    kind: String,
    lives: i64,
}
codegen::object!(Cat { "kind" => kind, "lives" => lives });

#[derive(Clone, PartialEq)]
enum Pet {
    Cat(Cat),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Pet, "kind" { Cat => "cat" | "kitty" });

/// An expression that contains expressions, and comes first.
#[derive(Clone, PartialEq)]
enum Expression {
    Both(Box<Both>),
    Not(Negation),
    Literal(i64),
    Unknown(UnknownJson),
}
codegen::union!(Expression { Both => object where "left", Not => array, Literal => integer });

#[derive(Clone, PartialEq)]
struct Both {
    left: Expression,
    right: Expression,
}
codegen::object!(Both { "left" => left, "right" => right });

#[derive(Clone, PartialEq)]
struct Negation(Box<Expression>);
codegen::newtype!(Negation);

#[derive(Clone, PartialEq)]
enum Endless {
    Again(Box<Endless>),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Endless { Again => object where "x" });

#[derive(Clone, PartialEq)]
struct Around {
    endless: Endless,
    tree: Tree,
    pet: Pet,
}
codegen::sent_object!(Around { "endless" => endless, "tree" => tree, "pet" => pet });

#[derive(Clone, PartialEq)]
struct Tree {
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}
codegen::object!(Tree { "children" => children, "parent" => parent });

#[test]
fn a_union_is_its_first_variant_that_ends() {
    assert_eq!(json::<Pet>(), r#"{"kind":"cat","lives":0}"#);
    assert_eq!(json::<Expression>(), "0");
    assert_eq!(json::<Both>(), r#"{"left":0,"right":0}"#);
    assert_eq!(json::<Tree>(), r#"{"children":[],"parent":null}"#);
    assert_eq!(json::<Endless>(), "null");
    let expected = r#"{"endless":null,"tree":{"children":[],"parent":null},"pet":{"kind":"cat","lives":0}}"#;
    assert_eq!(json::<Around>(), expected);
}

#[derive(Clone, PartialEq)]
struct Itself {
    again: Box<Itself>,
}
codegen::object!(Itself { "again" => again });

#[derive(Clone, PartialEq)]
struct HasItself {
    name: String,
    itself: Itself,
}
codegen::object!(HasItself { "name" => name, "itself" => itself });

#[test]
fn a_type_that_requires_itself_has_no_value() {
    assert!(placeholder::<Itself>().is_none());
    assert!(placeholder::<HasItself>().is_none());
}
