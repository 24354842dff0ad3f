//! Models in serde: the same documents as with the codec, through JSON and through other formats.
#![cfg(feature = "serde")]

use std::collections::BTreeMap;

use ciborium::Value as Cbor;
use clientwright_runtime::{
    Date, DateTime, Duration, JsonValue, Maybe, Secret, UnknownJson, UnknownString, codegen, wire,
};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq)]
#[non_exhaustive]
enum State {
    On,
    Unknown(UnknownString),
}
codegen::string_enum!(State { On => "ON" });

#[derive(Clone, PartialEq)]
struct Model {
    zulu: String,
    alpha: Option<f64>,
    big: u64,
    negative: i64,
    state: State,
    maybe: Maybe<bool>,
    since: DateTime,
    pair: (Date, Option<Duration>),
    token: Secret<String>,
    children: Vec<Model>,
    rest: BTreeMap<String, JsonValue>,
}
codegen::object!(Model {
    "zulu" => zulu,
    "alpha" => alpha?,
    "big" => big,
    "negative" => negative,
    "state" => state,
    "maybe" => maybe?,
    "since" => since,
    "pair" => pair,
    "token" => token,
    "children" => children,
    .. => rest,
});

const TEXT: &str = r#"{"zulu":"ä\"\n😀","alpha":0.1,"big":18446744073709551615,"negative":-9223372036854775808,"state":"ON","maybe":null,"since":"2024-05-01 12:00","pair":["2024-05-01","PT5M"],"token":"t","children":[{"zulu":"","alpha":-0.0,"big":9007199254740993,"negative":0,"state":"off","since":"2024-05-01T12:00:00.123456789012+02","pair":["soon",null],"token":"","children":[]}],"x":[],"y":{"b":{},"c":[null,1e+300]}}"#;

fn model() -> Model {
    wire::from_slice(TEXT.as_bytes()).unwrap()
}

#[test]
fn json_in_the_same_order_with_all_digits() {
    assert_eq!(wire::to_string(&model()), TEXT);
    assert_eq!(serde_json::to_string(&model()).unwrap(), TEXT);
    assert!(serde_json::from_str::<Model>(TEXT).unwrap() == model());
    assert!(serde_json::from_value::<Model>(serde_json::to_value(model()).unwrap()).unwrap() == model());
    assert!(serde_json::from_reader::<_, Model>(TEXT.as_bytes()).unwrap() == model());
}

#[test]
fn cbor() {
    let mut bytes = Vec::new();
    ciborium::into_writer(&model(), &mut bytes).unwrap();
    assert!(ciborium::from_reader::<Model, _>(bytes.as_slice()).unwrap() == model());
}

/// Models inside of derived types, the most common use.
#[test]
fn inside_of_derived_types() {
    #[derive(Serialize, Deserialize, PartialEq)]
    struct Stored {
        #[serde(flatten)]
        model: Model,
        version: u32,
    }
    #[derive(Serialize, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Model(Box<Model>),
        Text(Maybe<String>),
    }
    let stored = Stored { model: model(), version: 3 };
    let text = serde_json::to_string(&stored).unwrap();
    let read: Stored = serde_json::from_str(&text).unwrap();
    assert_eq!((read.version, read.model.zulu), (3, stored.model.zulu));
    let either = serde_json::to_string(&Either::Model(Box::new(model()))).unwrap();
    assert!(serde_json::from_str::<Either>(&either).unwrap() == Either::Model(Box::new(model())));
    assert!(serde_json::from_str::<Either>("null").unwrap() == Either::Text(Maybe::Null));
}

#[test]
fn errors_say_where() {
    let error = serde_json::from_str::<Model>(r#"{"zulu": 3}"#).unwrap_err();
    assert!(error.to_string().starts_with("zulu: expected string, found number"), "{error}");
    assert!(serde_json::from_str::<Model>("{").is_err());
    // JSON has no equivalent of a byte string.
    assert!(Cbor::Bytes(vec![1]).deserialized::<UnknownJson>().is_err());
}

#[test]
fn what_json_does_not_have() {
    let json = |value: Cbor| value.deserialized::<UnknownJson>().map(|json| json.as_str().to_owned());
    assert_eq!(json(Cbor::Float(f64::NAN)).unwrap(), "null");
    assert_eq!(json(Cbor::Integer(u64::MAX.into())).unwrap(), "18446744073709551615");
    let keys = [(Cbor::Integer(1.into()), Cbor::Null), (Cbor::Bool(true), Cbor::Text("x".into()))];
    assert_eq!(json(Cbor::Map(keys.to_vec())).unwrap(), r#"{"1":null,"true":"x"}"#);
    assert!(json(Cbor::Map(vec![(Cbor::Null, Cbor::Null)])).is_err());
    // Beyond 64 bits, which serde supports and CBOR does not.
    let wide: UnknownJson = serde_json::from_str("340282366920938463463374607431768211456").unwrap();
    assert_eq!(wide.as_str(), "3.402823669209385e+38");
    let wide: UnknownJson = wire::from_slice(b"-170141183460469231731687303715884105728").unwrap();
    assert_eq!(serde_json::to_string(&wide).unwrap(), wide.as_str());
    let negative_zero: UnknownJson = wire::from_slice(b"-0").unwrap();
    assert_eq!(serde_json::to_string(&negative_zero).unwrap(), "-0.0");
}

/// A format may have no limit of its own.
#[test]
fn depth_is_limited_both_ways() {
    for (depth, fits) in [(127, true), (128, false), (1000, false)] {
        let nested = (0..depth).fold(Cbor::Null, |inner, _| Cbor::Array(vec![inner]));
        assert_eq!(nested.deserialized::<UnknownJson>().is_ok(), fits, "{depth}");
        let nested = (0..depth).fold(Cbor::Null, |inner, _| Cbor::Map(vec![(Cbor::Text(String::new()), inner)]));
        assert_eq!(nested.deserialized::<UnknownJson>().is_ok(), fits, "{depth}");
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let deep: UnknownJson = wire::from_slice(deep.as_bytes()).unwrap();
        assert_eq!(Cbor::serialized(&deep).is_ok(), fits, "{depth}");
    }
}

fn json() -> impl Strategy<Value = JsonValue> {
    let leaf = prop_oneof![
        Just(JsonValue::Null),
        any::<bool>().prop_map(JsonValue::from),
        any::<i64>().prop_map(JsonValue::from),
        any::<u64>().prop_map(JsonValue::from),
        any::<f64>().prop_map(JsonValue::from),
        any::<String>().prop_map(JsonValue::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(JsonValue::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn round<T: Serialize + DeserializeOwned>(value: &T) -> T {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    ciborium::from_reader(bytes.as_slice()).unwrap()
}

proptest! {
    #[test]
    fn any_json_survives(value in json()) {
        let kept = UnknownJson::from(value.clone());
        prop_assert_eq!(kept.to_value().unwrap(), value.clone());
        prop_assert_eq!(serde_json::to_string(&kept).unwrap(), serde_json::to_string(&value).unwrap());
        prop_assert_eq!(serde_json::from_str::<UnknownJson>(kept.as_str()).unwrap(), kept.clone());
        prop_assert_eq!(round(&kept), kept);
    }
}
