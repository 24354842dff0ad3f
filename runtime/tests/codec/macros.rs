//! The macros as a generated crate uses them: another crate without features, without warnings, and with unusual names
//! of API documents.
#![deny(warnings, missing_docs, clippy::all)]
#![allow(dead_code, unreachable_pub, reason = "a generated module is public in its crate, a test has no public")]

use clientwright_runtime::{codegen, wire};

/// What a generated crate looks like, with everything that can clash.
pub mod generated {
    use clientwright_runtime::codegen;

    macro_rules! documented {
        ($(#[doc = $doc:literal] $name:ident)*) => {$(
            #[doc = $doc]
            #[derive(Clone, PartialEq)]
            pub struct $name {
                /// The only property.
                pub value: ::std::string::String,
            }
            codegen::object!($name { "value" => value });
        )*};
    }

    documented! {
        /// Schemas may have the names that the macros use.
        Option
        /// As above.
        Result
        /// As above.
        String
        /// As above.
        Some
        /// As above.
        None
        /// As above.
        Ok
        /// As above.
        Default
        /// As above.
        Reader
        /// As above.
        Encode
        /// As above.
        Self_
        /// As above.
        Box
        /// As above.
        Vec
        /// As above.
        Fields
        /// As above.
        Serialize
        /// As above.
        Infallible
        /// As above.
        From
    }

    /// Fields may have the names of the macros' own variables.
    #[derive(Clone, PartialEq)]
    #[non_exhaustive]
    pub struct Clashes {
        /// One of them.
        pub key: i64,
        /// One of them.
        pub reader: i64,
        /// One of them.
        pub writer: i64,
        /// One of them.
        pub fields: i64,
        /// One of them.
        pub self_: i64,
        /// One of them.
        pub type_: i64,
        /// One of them.
        pub r#async: i64,
        /// One of them.
        pub value: i64,
        /// One of them.
        pub object: i64,
        /// One of them.
        pub f: i64,
        /// One of them.
        pub name: i64,
        /// One of them.
        pub serializer: i64,
        /// One of them.
        pub rest: ::std::collections::BTreeMap<::std::string::String, i64>,
    }
    codegen::object!(Clashes {
        "key" => key,
        "reader" => reader,
        "writer" => writer,
        "fields" => fields,
        "self" => self_,
        "@type" => type_,
        "a\"b\\c\n" => r#async,
        "" => value,
        "ключ" => object,
        "{}" => f,
        "a.b" => name,
        "serializer" => serializer,
        .. => rest,
    });

    /// An object without properties.
    #[derive(Clone, PartialEq)]
    pub struct Empty {}
    codegen::object!(Empty {});

    /// An object without declared properties.
    #[derive(Clone, PartialEq)]
    pub struct OnlyRest {
        /// Everything.
        pub rest: ::std::collections::BTreeMap<::std::string::String, u64>,
    }
    codegen::object!(OnlyRest { .. => rest as std::collections::BTreeMap<std::string::String, codegen::Quoted> });

    /// Only sent.
    #[derive(Clone, PartialEq)]
    pub struct Sent {
        /// A list.
        pub ids: ::std::vec::Vec<u64>,
        /// Free-form.
        pub rest: clientwright_runtime::JsonObject,
    }
    codegen::sent_object!(Sent { "ids" => ids as std::vec::Vec<codegen::Quoted>, .. => rest });

    /// Only sent, around a value.
    #[derive(Clone, PartialEq)]
    pub struct SentId(pub u64);
    codegen::sent_newtype!(SentId as codegen::Quoted);
}

use generated::{Clashes, Empty, OnlyRest, Sent, SentId};

#[test]
fn odd_names() {
    let text = r#"{"key":1,"reader":2,"writer":3,"fields":4,"self":5,"@type":6,"a\"b\\c\n":7,"":8,"ключ":9,"{}":10,"a.b":11,"serializer":12,"other":13}"#;
    let value: Clashes = wire::from_slice(text.as_bytes()).unwrap();
    assert_eq!(
        (value.self_, value.type_, value.r#async, value.value, value.object, value.f, value.name),
        (5, 6, 7, 8, 9, 10, 11)
    );
    assert_eq!(value.rest["other"], 13);
    assert_eq!(wire::to_string(&value), text);
    assert_eq!(format!("{value:?}"), format!("Clashes {text}"));

    // The same names with needless escapes, in the reverse order.
    let text = r#"{"other":13,"serializer":12,"a\u002eb":11,"\u007b}":10,"\u043aлюч":9,"":8,"a\u0022b\u005cc\u000a":7,"\u0040type":6,"self":5,"fields":4,"writer":3,"reader":2,"key":1}"#;
    assert!(wire::from_slice::<Clashes>(text.as_bytes()).unwrap() == value);
    // Only another property is captured, with escapes or without.
    let open: Clashes = wire::from_slice(text.replacen("other", r"oth\u0065r", 1).as_bytes()).unwrap();
    assert!(open == value);
    // A backslash in the name is not an escape in the text.
    assert!(wire::from_slice::<Clashes>(br#"{"a\"b\c\n":1}"#).is_err());
}

#[test]
fn empty_and_open_objects() {
    assert_eq!(wire::to_string(&wire::from_slice::<Empty>(br#"{"ignored":[{}]}"#).unwrap()), "{}");
    assert!(wire::from_slice::<Empty>(b"[]").is_err());

    let open: OnlyRest = wire::from_slice(br#"{"b":"2","a":1,"b":"3"}"#).unwrap();
    assert_eq!(wire::to_string(&open), r#"{"a":"1","b":"3"}"#);
    assert_eq!(
        wire::from_slice::<OnlyRest>(br#"{"a":{}}"#).unwrap_err().to_string(),
        "a: expected integer, found object at line 1 column 6"
    );
}

#[test]
fn a_captured_property_cannot_double_a_declared_one() {
    let rest = [("ids", 1), ("more", 2)].map(|(name, value)| (name.to_owned(), value.into()));
    let sent = Sent { ids: vec![u64::MAX], rest: rest.into_iter().collect() };
    assert_eq!(wire::to_string(&sent), r#"{"ids":["18446744073709551615"],"more":2}"#);
    assert_eq!(wire::to_string(&SentId(4)), r#""4""#);

    let text = r#"{"key":1,"reader":2,"writer":3,"fields":4,"self":5,"@type":6,"a\"b\\c\n":7,"":8,"ключ":9,"{}":10,"a.b":11,"serializer":12,"other":13}"#;
    let mut value: Clashes = wire::from_slice(text.as_bytes()).unwrap();
    value.rest.insert("key".to_owned(), 99);
    assert_eq!(wire::to_string(&value), text);
    assert_eq!(format!("{:?}", SentId(4)), r#"SentId("4")"#);
}

#[test]
fn everything_can_be_encoded_through_one_pointer() {
    let values: [&dyn wire::Encode; 6] = [&1_u8, &"text", &Some("x"), &None::<bool>, &[1.5, 2.0], &Empty {}];
    let written: Vec<String> = values.iter().map(|value| wire::to_string(*value)).collect();
    assert_eq!(written, ["1", r#""text""#, r#""x""#, "null", "[1.5,2]", "{}"]);
    assert_eq!(wire::to_string(&[f64::NAN, f64::INFINITY]), "[null,null]");
}

#[derive(Clone, PartialEq)]
struct Filled {
    limit: i32,
    label: String,
    width: Option<u8>,
    height: Option<u8>,
    tags: Vec<String>,
}
codegen::object!(Filled {
    "limit" => limit = -1,
    "label" => label = "none".into(),
    "width" => width =? Some(80),
    "height" => height =? None,
    "tags" => tags = [].into(),
});

#[test]
fn what_is_absent_is_its_default() {
    let read = |text: &str| wire::to_string(&wire::from_slice::<Filled>(text.as_bytes()).unwrap());
    let all = r#"{"limit":-1,"label":"none","width":80,"height":null,"tags":[]}"#;
    assert_eq!(read("{}"), all);
    assert_eq!(read(all), all, "it is the same once it is written");
    assert_eq!(
        read(r#"{"limit":null,"width":null}"#),
        r#"{"limit":-1,"label":"none","width":null,"height":null,"tags":[]}"#,
        "`null` is a value only where it is one"
    );
    assert_eq!(
        read(r#"{"tags":["a"],"height":2,"width":1,"label":"","limit":0}"#),
        r#"{"limit":0,"label":"","width":1,"height":2,"tags":["a"]}"#
    );
    assert!(wire::from_slice::<Filled>(br#"{"limit":"a"}"#).is_err());
    assert!(wire::from_slice::<Filled>(br#"{"limit":1,"limit":1}"#).is_err(), "twice");
}
