//! Types that are only sent are read as well. Feature `decode-all`.
#![cfg(feature = "decode-all")]

use std::collections::BTreeMap;

use clientwright_runtime::{File, Maybe, Secret, UnknownJson, UnknownString, codegen, wire};

#[derive(Clone, PartialEq)]
struct Start {
    kind: Kind,
    name: String,
    parent: Option<i64>,
    force: Option<bool>,
    limit: Maybe<u64>,
    token: Secret<String>,
    target: Option<Target>,
    search: Option<Search>,
    size: Option<Size>,
    rest: BTreeMap<String, i64>,
}
codegen::sent_object!(Start {
    "kind" => kind,
    "name" => name,
    "parent" => parent,
    "force" => force?,
    "limit" => limit? as Maybe<codegen::Quoted>,
    "token" => token,
    "target" => target?,
    "search" => search?,
    "size" => size?,
    .. => rest,
});

#[derive(Clone, PartialEq)]
enum Kind {
    Import,
    Unknown(UnknownString),
}
codegen::string_enum!(Kind { Import => "import" });

#[derive(Clone, PartialEq)]
struct Branch {
    kind: Option<String>,
    name: String,
}
codegen::sent_object!(Branch { "kind" => kind?, "name" => name });

#[derive(Clone, PartialEq)]
enum Target {
    Branch(Branch),
    Unknown(UnknownJson),
}
codegen::sent_tagged_union!(Target, "kind" { Branch => "branch" });

#[derive(Clone, PartialEq)]
enum Search {
    Numbers(Vec<i64>),
    Names(Vec<String>),
    Unknown(UnknownJson),
}
codegen::sent_fitted_union!(Search { Numbers => array[integer], Names => array[string] });

#[derive(Clone, PartialEq)]
enum Size {
    Number(Limit),
    Text(String),
    Unknown(UnknownJson),
}
codegen::sent_union!(Size { Number => integer, Text => string });

#[derive(Clone, PartialEq)]
struct Limit(u32);
codegen::sent_newtype!(Limit);

fn start() -> Start {
    Start {
        kind: Kind::Import,
        name: "main".into(),
        parent: None,
        force: None,
        limit: Maybe::Value(u64::MAX),
        token: "s3cr3t".into(),
        target: Some(Target::Branch(Branch { kind: None, name: "dev".into() })),
        search: Some(Search::Names(vec!["a".into()])),
        size: Some(Size::Number(Limit(5))),
        rest: BTreeMap::from([("extra".into(), 1)]),
    }
}

#[test]
fn what_was_written_is_read_as_it_was() {
    let text = wire::to_string(&start());
    let expected = concat!(
        r#"{"kind":"import","name":"main","parent":null,"limit":"18446744073709551615","token":"s3cr3t","#,
        r#""target":{"kind":"branch","name":"dev"},"search":["a"],"size":5,"extra":1}"#
    );
    assert_eq!(text, expected);
    let read: Start = wire::from_slice(text.as_bytes()).unwrap();
    assert_eq!(wire::to_string(&read), text);
    assert!(read.search == start().search && read.size == start().size && read.rest == start().rest);
    // The discriminator was added when the variant was written.
    let Some(Target::Branch(branch)) = read.target else { panic!() };
    assert_eq!(branch.kind.as_deref(), Some("branch"));
}

#[test]
fn what_is_required_has_to_be_there() {
    let error = wire::from_slice::<Branch>(b"{}").unwrap_err();
    assert!(error.to_string().contains("missing required property \"name\""), "{error}");
    let text = r#"{"other":1}"#;
    let Target::Unknown(unknown) = wire::from_slice(text.as_bytes()).unwrap() else { panic!() };
    assert_eq!(unknown.as_str(), text);
}

#[test]
fn a_file_is_not_in_json() {
    #[derive(Clone, PartialEq)]
    struct Upload {
        title: String,
        file: Option<File>,
    }
    codegen::sent_object!(Upload { "title" => title, "file" => file? });
    assert!(wire::from_slice::<Upload>(br#"{"title":"a"}"#).unwrap().file.is_none());
    let error = wire::from_slice::<Upload>(br#"{"title":"a","file":"x"}"#).unwrap_err();
    assert!(error.to_string().starts_with("file: a file cannot be read from JSON"), "{error}");
}

#[cfg(feature = "serde")]
#[test]
fn serde_reads_them_too() {
    let value = serde_json::to_value(start()).unwrap();
    let read: Start = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), value);
}
