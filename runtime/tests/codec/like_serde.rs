//! The codec against `serde_json` with derived types: both accept the same documents with the same values, and each
//! reads the output of the other. Tested with generated documents that mostly match, and with damaged texts.

mod documents;

use std::collections::BTreeMap;

use clientwright_runtime::{JsonObject, JsonValue, Maybe, codegen, wire};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use documents::{Dice, NUMBERS, OTHERS, STRINGS, damage, everything, widths};

/// The same types twice: with the macros, and with serde's derive.
mod ours {
    use super::*;
    use clientwright_runtime::{UnknownInteger, UnknownString};

    #[derive(Clone, PartialEq)]
    pub(super) struct Everything {
        pub(super) required: String,
        pub(super) nullable: Option<i64>,
        pub(super) optional: Option<bool>,
        pub(super) maybe: Maybe<String>,
        pub(super) quoted: i64,
        pub(super) quoted_maybe: Maybe<u64>,
        pub(super) quoted_list: Option<Vec<i64>>,
        pub(super) widths: Option<Widths>,
        pub(super) state: Option<State>,
        pub(super) level: Option<Level>,
        pub(super) child: Option<Box<Everything>>,
        pub(super) children: Option<Vec<Everything>>,
        pub(super) by_name: Option<BTreeMap<String, Widths>>,
        pub(super) anything: Option<JsonValue>,
        pub(super) object: Option<JsonObject>,
    }
    codegen::object!(Everything {
        "required" => required,
        "nullable" => nullable,
        "optional" => optional?,
        "may\u{e4}be" => maybe?,
        "quoted" => quoted as codegen::Quoted,
        "quotedMaybe" => quoted_maybe? as Maybe<codegen::Quoted>,
        "quotedList" => quoted_list? as Option<Vec<codegen::Quoted>>,
        "widths" => widths?,
        "state" => state?,
        "level" => level?,
        "child" => child?,
        "children" => children?,
        "by\"name\\" => by_name?,
        "" => anything?,
        "object" => object?,
    });

    #[derive(Clone, PartialEq)]
    pub(super) struct Widths {
        pub(super) i8_: Option<i8>,
        pub(super) i16_: Option<i16>,
        pub(super) i32_: Option<i32>,
        pub(super) i64_: Option<i64>,
        pub(super) u8_: Option<u8>,
        pub(super) u16_: Option<u16>,
        pub(super) u32_: Option<u32>,
        pub(super) u64_: Option<u64>,
        pub(super) f32_: Option<f32>,
        pub(super) f64_: Option<f64>,
        pub(super) rest: BTreeMap<String, JsonValue>,
    }
    codegen::object!(Widths {
        "i8" => i8_?,
        "i16" => i16_?,
        "i32" => i32_?,
        "i64" => i64_?,
        "u8" => u8_?,
        "u16" => u16_?,
        "u32" => u32_?,
        "u64" => u64_?,
        "f32" => f32_?,
        "f64" => f64_?,
        .. => rest,
    });

    #[derive(Clone, PartialEq)]
    pub(super) enum State {
        On,
        Off,
        Unknown(UnknownString),
    }
    codegen::string_enum!(State { On => "ON", Off => "o\"ff\u{1f600}" });

    #[derive(Clone, PartialEq)]
    pub(super) enum Level {
        Low,
        High,
        Unknown(UnknownInteger),
    }
    codegen::integer_enum!(Level { Low => -1, High => 9_223_372_036_854_775_807 });
}

mod theirs {
    use super::*;

    #[derive(Serialize, Deserialize)]
    pub(super) struct Everything {
        required: String,
        #[serde(deserialize_with = "Option::deserialize")]
        nullable: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        optional: Option<bool>,
        #[serde(rename = "may\u{e4}be", default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
        maybe: Option<Option<String>>,
        quoted: Quoted<i64>,
        #[serde(rename = "quotedMaybe", default, deserialize_with = "some", skip_serializing_if = "Option::is_none")]
        quoted_maybe: Option<Option<Quoted<u64>>>,
        #[serde(rename = "quotedList", skip_serializing_if = "Option::is_none")]
        quoted_list: Option<Vec<Quoted<i64>>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        widths: Option<Widths>,
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        level: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        child: Option<Box<Everything>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        children: Option<Vec<Everything>>,
        #[serde(rename = "by\"name\\", skip_serializing_if = "Option::is_none")]
        by_name: Option<BTreeMap<String, Widths>>,
        #[serde(rename = "", default, deserialize_with = "with_null", skip_serializing_if = "Option::is_none")]
        anything: Option<JsonValue>,
        #[serde(skip_serializing_if = "Option::is_none")]
        object: Option<JsonObject>,
    }

    #[derive(Serialize, Deserialize)]
    pub(super) struct Widths {
        #[serde(rename = "i8", skip_serializing_if = "Option::is_none")]
        i8_: Option<i8>,
        #[serde(rename = "i16", skip_serializing_if = "Option::is_none")]
        i16_: Option<i16>,
        #[serde(rename = "i32", skip_serializing_if = "Option::is_none")]
        i32_: Option<i32>,
        #[serde(rename = "i64", skip_serializing_if = "Option::is_none")]
        i64_: Option<i64>,
        #[serde(rename = "u8", skip_serializing_if = "Option::is_none")]
        u8_: Option<u8>,
        #[serde(rename = "u16", skip_serializing_if = "Option::is_none")]
        u16_: Option<u16>,
        #[serde(rename = "u32", skip_serializing_if = "Option::is_none")]
        u32_: Option<u32>,
        #[serde(rename = "u64", skip_serializing_if = "Option::is_none")]
        u64_: Option<u64>,
        #[serde(rename = "f32", skip_serializing_if = "Option::is_none")]
        f32_: Option<Whole<f32>>,
        #[serde(rename = "f64", skip_serializing_if = "Option::is_none")]
        f64_: Option<Whole<f64>>,
        #[serde(flatten)]
        rest: BTreeMap<String, JsonValue>,
    }

    /// `null` is a separate value.
    fn some<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }

    /// Any present value, including `null`.
    fn with_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<JsonValue>, D::Error> {
        JsonValue::deserialize(deserializer).map(Some)
    }

    /// A float whose whole numbers are written without a fraction.
    #[derive(Clone, Copy, Deserialize)]
    #[serde(transparent)]
    pub(super) struct Whole<T>(pub(super) T);

    impl<T: Serialize + Into<f64> + Copy> Serialize for Whole<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let value: f64 = self.0.into();
            let text = format!("{value:.0}");
            let is_whole = value.abs() < 9_007_199_254_740_992.0 && text.parse() == Ok(value) && text != "-0";
            match text.parse::<i64>() {
                Ok(integer) if is_whole => integer.serialize(serializer),
                _ => self.0.serialize(serializer),
            }
        }
    }

    pub(super) struct Quoted<T>(T);

    impl<T: ToString> Serialize for Quoted<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.to_string().serialize(serializer)
        }
    }

    impl<'de, T: std::str::FromStr> Deserialize<'de> for Quoted<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match JsonValue::deserialize(deserializer)? {
                JsonValue::String(text) => text.parse().ok(),
                JsonValue::Number(number) if number.is_f64() => {
                    let found = serde::de::Unexpected::Float(number.as_f64().unwrap());
                    return Err(serde::de::Error::invalid_type(found, &"an integer"));
                }
                JsonValue::Number(number) => number.to_string().parse().ok(),
                _ => None,
            }
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("expected an integer"))
        }
    }
}

/// Whether an integer was expected, and a float without a fraction found.
fn has_whole_number(error: &serde_json::Error) -> bool {
    let text = error.to_string();
    let float = text.split_once("floating point `").and_then(|(_, rest)| rest.split('`').next());
    float.and_then(|float| float.parse::<f64>().ok()).is_some_and(|float| float.fract() == 0.0)
}

/// Both accept the text, and write the same for it; or both refuse it.
fn same<T: wire::Decode + wire::Encode + PartialEq, U: serde::de::DeserializeOwned + Serialize>(text: &[u8]) {
    let shown = String::from_utf8_lossy(text);
    match (wire::from_slice::<T>(text), serde_json::from_slice::<U>(text)) {
        (Ok(our), Ok(their)) => {
            let written = wire::to_vec(&our);
            assert_eq!(String::from_utf8_lossy(&written), serde_json::to_string(&their).unwrap(), "{shown}");
            assert!(wire::from_slice::<T>(&written).unwrap() == our, "{shown}");
            serde_json::from_slice::<U>(&written).unwrap();
        }
        (Err(_), Err(_)) => {}
        // serde's derive accepts an array for a struct, property by property. Servers do not send that.
        (Err(error), Ok(_)) if error.message() == "expected object, found array" => {}
        (Err(error), Ok(_)) => panic!("only serde_json accepts {shown}\n{error}"),
        // A whole number in another notation is an integer in JSON Schema, but not for serde_json.
        (Ok(our), Err(error)) if has_whole_number(&error) => {
            serde_json::from_slice::<U>(&wire::to_vec(&our)).unwrap();
        }
        (Ok(_), Err(error)) => panic!("only the codec accepts {shown}\n{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn documents_that_mostly_fit(choices in vec(any::<u8>(), 0..400)) {
        let text = everything(&mut Dice(choices.iter()), 3);
        same::<ours::Everything, theirs::Everything>(text.as_bytes());
    }

    #[test]
    fn damaged_documents(choices in vec(any::<u8>(), 0..300), hammer in vec(any::<u8>(), 1..20)) {
        let mut text = everything(&mut Dice(choices.iter()), 2).into_bytes();
        damage(&mut Dice(hammer.iter()), &mut text);
        same::<ours::Everything, theirs::Everything>(&text);
    }

    #[test]
    fn damaged_numbers_and_captured_properties(choices in vec(any::<u8>(), 0..100), hammer in vec(any::<u8>(), 1..20)) {
        let mut text = widths(&mut Dice(choices.iter())).into_bytes();
        damage(&mut Dice(hammer.iter()), &mut text);
        same::<ours::Widths, theirs::Widths>(&text);
        same::<JsonValue, JsonValue>(&text);
        same::<BTreeMap<String, JsonValue>, BTreeMap<String, JsonValue>>(&text);
    }

    #[test]
    fn arbitrary_bytes(text in vec(any::<u8>(), 0..40)) {
        same::<JsonValue, JsonValue>(&text);
        same::<String, String>(&text);
        same::<f64, theirs::Whole<f64>>(&text);
        same::<ours::Everything, theirs::Everything>(&text);
    }

    #[test]
    fn strings(text in any::<String>(), latin in "[ -\u{ff}\u{0}-\u{1f}]{0,40}") {
        for text in [text, latin] {
            let written = wire::to_string(&text);
            prop_assert_eq!(&written, &serde_json::to_string(&text).unwrap());
            prop_assert_eq!(wire::from_slice::<String>(written.as_bytes()).unwrap(), text);
        }
    }

    #[test]
    fn floats(bits in any::<u64>(), digits in "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
        let value = f64::from_bits(bits);
        prop_assert_eq!(wire::to_string(&value), serde_json::to_string(&theirs::Whole(value)).unwrap());
        if value.is_finite() {
            prop_assert_eq!(wire::from_slice::<f64>(wire::to_string(&value).as_bytes()).unwrap().to_bits(), bits);
        }
        same::<f64, theirs::Whole<f64>>(digits.as_bytes());
        same::<f32, theirs::Whole<f32>>(digits.as_bytes());
        same::<i64, i64>(digits.as_bytes());
        same::<u64, u64>(digits.as_bytes());
        same::<JsonValue, JsonValue>(digits.as_bytes());
    }

    #[test]
    fn integers(value in any::<i64>(), wide in any::<u64>()) {
        same::<i64, i64>(value.to_string().as_bytes());
        same::<u64, u64>(wide.to_string().as_bytes());
        same::<i32, i32>(value.to_string().as_bytes());
        prop_assert_eq!(wire::from_slice::<i64>(value.to_string().as_bytes()).unwrap(), value);
        prop_assert_eq!(wire::from_slice::<u64>(wide.to_string().as_bytes()).unwrap(), wide);
    }
}

/// The generator is useful only if it creates documents of both kinds, and reaches every property.
#[test]
fn generated_documents_are_accepted_and_refused() {
    let mut state = 1_u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    let (mut accepted, mut written) = (0, Vec::new());
    for _ in 0..1000 {
        let choices: Vec<u8> = (0..400).map(|_| random()).collect();
        let text = everything(&mut Dice(choices.iter()), 3);
        if let Ok(value) = wire::from_slice::<ours::Everything>(text.as_bytes()) {
            accepted += 1;
            written.extend(wire::to_vec(&value));
        }
    }
    assert!((300..900).contains(&accepted), "{accepted}");
    let written = String::from_utf8(written).unwrap();
    for name in [
        "optional", "may\u{e4}be", "quotedMaybe", "quotedList", "widths", "f32", "u64", "state", "level", "child",
        "children", "object",
    ] {
        assert!(written.contains(&format!("\"{name}\":")), "{name}");
    }
}

#[test]
fn every_scalar_for_every_type() {
    for text in STRINGS.iter().chain(NUMBERS).chain(OTHERS) {
        for text in [
            (*text).to_owned(),
            format!(" {text}\n"),
            format!("{text} x"),
            format!("\u{feff}{text}"),
            format!("{text}\0"),
        ] {
            let text = text.as_bytes();
            same::<bool, bool>(text);
            same::<i8, i8>(text);
            same::<i16, i16>(text);
            same::<i32, i32>(text);
            same::<i64, i64>(text);
            same::<u8, u8>(text);
            same::<u16, u16>(text);
            same::<u32, u32>(text);
            same::<u64, u64>(text);
            same::<f32, theirs::Whole<f32>>(text);
            same::<f64, theirs::Whole<f64>>(text);
            same::<String, String>(text);
            same::<Option<String>, Option<String>>(text);
            same::<Vec<Option<u8>>, Vec<Option<u8>>>(text);
            same::<BTreeMap<String, f64>, BTreeMap<String, theirs::Whole<f64>>>(text);
            same::<JsonValue, JsonValue>(text);
            same::<JsonObject, JsonObject>(text);
            same::<(), ()>(text);
            same::<Box<i64>, Box<i64>>(text);
            same::<(String, Option<i64>), (String, Option<i64>)>(text);
        }
    }
}

#[test]
fn tuples() {
    for text in [
        "[]", "[1]", "[1,\"a\"]", "[1, \"a\" , null]", "[1,\"a\",null,2]", "[1,\"a\",null,]", "[1,\"a\",null",
        "[1,,null]", "[1 \"a\"]", "{}", "null", "[null,\"a\",1]", "[1,\"a\",[1,[2,3]]]", "[1,\"a\",[1,[2]]]",
        "[1,\"a\",[1,[2,3,4]]]", "[1,\"a\",[1,[2,3",
    ] {
        let text = text.as_bytes();
        same::<(i64, String), (i64, String)>(text);
        same::<(i64, String, Option<i64>), (i64, String, Option<i64>)>(text);
        same::<(i64, String, (i64, (i64, i64))), (i64, String, (i64, (i64, i64)))>(text);
        same::<Vec<(i64, i64)>, Vec<(i64, i64)>>(text);
    }
}

/// Long runs of digits take another path through the parser than short ones.
#[test]
fn numbers_of_thousands_of_digits() {
    for digits in [17, 18, 19, 20, 100, 309, 4299, 4300, 4301, 10_000] {
        let nines = "9".repeat(digits);
        let zeros = "0".repeat(digits);
        for text in [
            nines.clone(),
            format!("-{nines}"),
            format!("0.{zeros}1"),
            format!("1{zeros}e-{digits}"),
            format!("{nines}.{nines}"),
        ] {
            same::<f64, theirs::Whole<f64>>(text.as_bytes());
            same::<f32, theirs::Whole<f32>>(text.as_bytes());
            same::<i64, i64>(text.as_bytes());
            same::<JsonValue, JsonValue>(text.as_bytes());
            let unknown = format!("{{\"required\":\"\",\"nullable\":1,\"quoted\":1,\"unknown\":{text}}}");
            same::<ours::Everything, theirs::Everything>(unknown.as_bytes());
        }
    }
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Chain {
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<Box<Chain>>,
}

mod chain {
    use super::codegen;

    #[derive(Clone, PartialEq)]
    pub(super) struct Chain {
        pub(super) next: Option<Box<Chain>>,
    }
    codegen::object!(Chain { "next" => next? });
}

/// At 127 levels both still read, at 128 both refuse; and no depth overflows the stack.
#[test]
fn depth() {
    for depth in [1, 126, 127, 128, 129, 1000, 200_000] {
        let arrays = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        same::<JsonValue, JsonValue>(arrays.as_bytes());
        assert_eq!(wire::from_slice::<JsonValue>(arrays.as_bytes()).is_ok(), depth <= 127);
        let objects = format!("{}null{}", "{\"next\":".repeat(depth), "}".repeat(depth));
        same::<JsonValue, JsonValue>(objects.as_bytes());
        same::<chain::Chain, Chain>(objects.as_bytes());
        assert_eq!(wire::from_slice::<chain::Chain>(objects.as_bytes()).is_ok(), depth <= 127);
        // A skipped value may have any depth, even at the maximum depth.
        for skipped in [&arrays, &objects] {
            same::<chain::Chain, Chain>(format!("{{\"unknown\":{skipped}}}").as_bytes());
            same::<chain::Chain, Chain>(format!("{{\"unknown\":{skipped}").as_bytes());
        }
        for open in ["[", "{\"next\":", "{\"unknown\":", "[[", "{"] {
            same::<JsonValue, JsonValue>(open.repeat(depth).as_bytes());
            same::<chain::Chain, Chain>(open.repeat(depth).as_bytes());
        }
    }
}

/// The deepest document that is accepted fits the usual 2 MB stack of a thread, also with large types and without optimization.
#[test]
fn depth_of_a_large_type() {
    let item = |inner: &str| format!(r#"{{"required":"","nullable":1,"quoted":1,"child":{inner}}}"#);
    let text = (0..127).fold("null".to_owned(), |inner, _| item(&inner));
    let deep = std::thread::Builder::new().stack_size(2 << 20);
    let deep = deep.spawn(move || {
        let value: ours::Everything = wire::from_slice(text.as_bytes()).unwrap();
        let text = wire::to_string(&value);
        assert!(text.len() > 127 * 40 && value.clone() == value);
    });
    deep.unwrap().join().unwrap();
}

/// Leaving an array or object releases its level.
#[test]
fn many_shallow_siblings() {
    let wide = format!("[{}[]]", "[],{},[[1],{\"a\":{}}],".repeat(1000));
    same::<JsonValue, JsonValue>(wide.as_bytes());
    let wide = format!("[{}{{}}]", "{\"next\":{}},{},{\"unknown\":[[]]},".repeat(1000));
    same::<Vec<chain::Chain>, Vec<Chain>>(wide.as_bytes());
}
