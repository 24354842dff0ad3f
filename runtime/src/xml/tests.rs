use std::borrow::Cow;

use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value as JsonValue, json};

use super::{Root, Type, document};

static ROOT: Root = Root(
    "contact{urn:contacts}",
    Type::Object(
        &[
            ("id", "@id", &Type::Literal),
            ("kind", "@class", &Type::Text),
            ("name", "name", &Type::Text),
            ("born", "born", &Type::Literal),
            ("score", "s:points{urn:scores}", &Type::Literal),
            ("emails", "emails/", &Type::Array("email", &Type::Text)),
            ("phones", "phone", &Type::Array("", &Type::Text)),
            ("friends", "friends{urn:contacts}/", &Type::Array("contact", &ROOT.1)),
            ("labels", "labels", &Type::Object(&[], &Type::Literal)),
            ("extra", "extra", &Type::Any),
        ],
        &Type::Any,
    ),
);

fn read(xml: &str, root: &Root) -> Result<JsonValue, String> {
    super::json(xml, root).map_err(|error| error.to_string()).map(|json| serde_json::from_slice(&json).unwrap())
}

#[test]
fn every_place_of_a_value_is_written_and_read() {
    let value = json!({
        "id": 7, "kind": "person", "name": "Ada <& \"Lovelace\"\r\n", "born": "1815-12-10", "score": 1.5,
        "emails": ["a@example.com", ""], "phones": ["1", "2"],
        "friends": [{"id": 8, "phones": []}], "labels": {"x": 1, "y": true}, "extra": {"a": ["1", "2"], "b": {"c": "d"}},
    });
    let xml = document(&value.to_string(), &ROOT).unwrap();
    let expected = concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<contact xmlns=\"urn:contacts\" id=\"7\" class=\"person\"><name>Ada &lt;&amp; &quot;Lovelace&quot;&#13;&#10;</name>",
        "<born>1815-12-10</born><s:points xmlns:s=\"urn:scores\">1.5</s:points>",
        "<emails><email>a@example.com</email><email/></emails><phone>1</phone><phone>2</phone>",
        "<friends xmlns=\"urn:contacts\"><contact id=\"8\"/></friends><labels><x>1</x><y>true</y></labels>",
        "<extra><a>1</a><a>2</a><b><c>d</c></b></extra></contact>",
    );
    // Keys of `json!` are sorted, so the elements are sorted, too.
    let read_again = read(expected, &ROOT).unwrap();
    assert_eq!(read_again, value);
    assert_eq!(read(&xml, &ROOT).unwrap(), value);
    assert_eq!(xml.len(), expected.len(), "{xml}");
}

#[test]
fn order_namespaces_and_comments_are_ignored() {
    let xml = "<?xml version='1.0'?><!DOCTYPE c [<!ENTITY e 'x'>]><c:contact xmlns:c='urn:c' other='1' class='p'>\
        <c:phone>1</c:phone><!-- no --><c:name>A<![CDATA[<b>]]>&amp;&#x41;&e;</c:name><unknown><a/></unknown>\
        <phone>2</phone><points> 2.50 </points></c:contact>";
    let json = String::from_utf8(super::json(xml, &ROOT).unwrap()).unwrap();
    assert_eq!(
        json,
        r#"{"kind":"p","name":"A<b>&A&e;","score":2.50,"phones":["1","2"],"other":"1","unknown":{"a":""}}"#
    );
}

#[test]
fn empty_elements_and_nil() {
    let xml = "<contact xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><id/><born/><name/><emails/><friends/>\
        <labels/><score i:nil='true'/></contact>";
    let expected = json!({"id": null, "born": null, "name": "", "score": null, "emails": [], "phones": [], "friends": [], "labels": {}});
    assert_eq!(read(xml, &ROOT).unwrap(), expected);
    assert_eq!(read("<contact/>", &ROOT).unwrap(), json!({"phones": []}));
    let xml = document(r#"{"name":null,"id":null,"emails":null,"phones":[]}"#, &ROOT).unwrap();
    assert_eq!(read(&xml, &ROOT).unwrap(), json!({"name": null, "emails": null, "phones": []}));
}

#[test]
fn invalid_values_are_left_to_the_codec() {
    let read = |xml: &str| read(xml, &ROOT).unwrap();
    assert_eq!(
        read("<contact id='x7'><points>NaN</points></contact>"),
        json!({"id": "x7", "score": "NaN", "phones": []})
    );
    assert_eq!(read("<contact><id>007</id></contact>"), json!({"id": "007", "phones": []}));
}

static LIST: Root = Root("ListOutput", BUCKETS);
const BUCKETS: Type = Type::Object(
    &[
        ("Buckets", "Buckets", &Type::Array("Bucket", &BUCKET)),
        ("Topics", "Topics", &Type::Array("", &BUCKET)),
        ("Methods", "Method", &Type::Array("", &Type::Text)),
    ],
    &Type::Any,
);
const BUCKET: Type = Type::Object(&[("Name", "Name", &Type::Text)], &Type::Any);

#[test]
fn arrays_are_read_wrapped_and_unwrapped() {
    for xml in [
        "<R><Buckets><Bucket><Name>a</Name></Bucket><Bucket><Name>b</Name></Bucket></Buckets></R>",
        "<R><Bucket><Name>a</Name></Bucket><Bucket><Name>b</Name></Bucket></R>",
    ] {
        assert_eq!(
            read(xml, &LIST).unwrap(),
            json!({"Buckets": [{"Name": "a"}, {"Name": "b"}], "Methods": [], "Topics": []}),
            "{xml}"
        );
    }
    let xml = "<R><Topics><member><Name>a</Name></member><member/></Topics><Methods><member>GET</member></Methods></R>";
    assert_eq!(read(xml, &LIST).unwrap(), json!({"Buckets": [], "Topics": [{"Name": "a"}, {}], "Methods": ["GET"]}));
    let xml = "<R><Topics><Name>a</Name></Topics><Method>GET</Method><Method>PUT</Method></R>";
    assert_eq!(read(xml, &LIST).unwrap(), json!({"Buckets": [], "Topics": [{"Name": "a"}], "Methods": ["GET", "PUT"]}));
    assert_eq!(read("<R><Topics/><Buckets/></R>", &LIST).unwrap(), json!({"Buckets": [], "Methods": [], "Topics": []}));
    let list = Root("Names", Type::Array("Name", &Type::Text));
    let xml = document(r#"["a","b"]"#, &list).unwrap();
    assert!(xml.ends_with("<Names><Name>a</Name><Name>b</Name></Names>"), "{xml}");
    assert_eq!(read(&xml, &list).unwrap(), json!(["a", "b"]));
}

#[test]
fn roots_may_be_a_property_or_an_envelope() {
    let xml = "<ListOutput><Result><Buckets/></Result><Metadata><Id>1</Id></Metadata></ListOutput>";
    assert_eq!(read(xml, &LIST).unwrap(), json!({"Buckets": [], "Methods": [], "Topics": []}));
    assert_eq!(read("<Method>GET</Method>", &LIST).unwrap(), json!({"Buckets": [], "Methods": ["GET"], "Topics": []}));
    let error = read("<Error><Code>NoSuchBucket</Code></Error>", &LIST).unwrap_err();
    assert_eq!(error, "unknown root element `Error`");
    let anonymous = Root("", BUCKETS);
    let xml = document(r#"{"Methods":["GET"]}"#, &anonymous).unwrap();
    assert!(xml.ends_with("?>\n<Method>GET</Method>"), "{xml}");
    let xml = document(r#"{"Methods":["GET"],"Topics":[]}"#, &anonymous).unwrap();
    assert!(xml.ends_with("<root><Method>GET</Method></root>"), "{xml}");
}

#[test]
fn what_xml_cannot_contain_is_an_error() {
    let error = |json: &str| document(json, &ROOT).unwrap_err();
    assert_eq!(error(r#"{"name":"\u0000"}"#), "has a character that XML cannot contain");
    assert_eq!(error(r#"{"labels":{"a b":1}}"#), "has a property `a b`, which cannot name an element");
    let deep = (0..200).fold("{}".to_owned(), |json, _| format!(r#"{{"friends":[{json}]}}"#));
    assert!(document(&deep, &ROOT).is_err());
}

#[test]
fn broken_documents_are_errors() {
    for xml in ["", "<a>", "</a>", "<a></b>", "<a/><b/>", "text", "<a x></a>", "<!-- "] {
        assert!(read(xml, &ROOT).is_err(), "{xml}");
    }
    let deep = format!("{}{}", "<a>".repeat(1_000_000), "</a>".repeat(1_000_000));
    assert_eq!(read(&deep, &ROOT).unwrap_err(), "elements are nested too deeply");
    let entities = format!(
        "<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '{}'>]><contact><name>&b;</name></contact>",
        "&a;".repeat(1000)
    );
    assert_eq!(read(&entities, &ROOT).unwrap()["name"], "&b;");
}

#[test]
fn bodies_are_decoded() {
    let response = |media_type: &str, body: &str| {
        let headers =
            [("content-type", media_type)].map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        crate::codegen::decode::RawResponse::new(
            http::StatusCode::OK,
            headers.into_iter().collect(),
            Bytes::copy_from_slice(body.as_bytes()),
        )
    };
    let root = Root("Names", Type::Array("n", &Type::Literal));
    let decode = |media_type: &str, body: &str| {
        crate::codegen::decode::xml::<Vec<i64>, ()>(&response(media_type, body), &root)
            .map_err(|error| error.to_string())
    };
    assert_eq!(decode("text/xml", "\u{feff} <Names><n>1</n><n>2</n></Names>"), Ok(vec![1, 2]));
    assert_eq!(decode("application/json", "[1]"), Ok(vec![1]));
    assert_eq!(decode("text/xml", "<N><n>1</n><n>x</n></N>").unwrap_err(), "[1]: expected integer, found string");
    assert!(decode("text/xml", "<N><n>1</n>").unwrap_err().starts_with("invalid XML: "));
    assert_eq!(decode("text/xml", ""), Ok(vec![]));
}

/// Generates values of `CONTACT` that XML can represent.
fn contacts() -> impl Strategy<Value = JsonValue> {
    let text = "[ -~\u{a0}-\u{d7ff}\n\t\r]{0,8}".prop_map(JsonValue::from);
    let scores = proptest::option::of(any::<i32>());
    let leaf = (any::<u32>(), text.clone(), scores, proptest::collection::vec(text, 0..3)).prop_map(
        |(id, name, score, texts)| {
            let mut value = json!({"id": id, "kind": "k", "name": name, "emails": texts, "phones": texts});
            if let Some(score) = score {
                value["score"] = score.into();
            }
            value
        },
    );
    leaf.prop_recursive(4, 16, 3, |inner| {
        (inner.clone(), proptest::collection::vec(inner, 0..3)).prop_map(|(mut value, friends)| {
            value["friends"] = friends.into();
            value
        })
    })
}

proptest! {
    #[test]
    fn values_survive(value in contacts()) {
        let xml = document(&value.to_string(), &ROOT).unwrap();
        prop_assert_eq!(read(&xml, &ROOT).unwrap(), value, "{}", xml);
    }

    #[test]
    fn no_text_panics(text in "[<>/&;#x!\\[\\]?'\"= a-c\u{0}é-]{0,60}") {
        let _: Result<JsonValue, String> = read(&text, &ROOT);
        let _: Result<JsonValue, String> = read(&format!("<contact>{text}</contact>"), &ROOT);
        let response: Cow<'_, str> = serde_json::Value::from(text).to_string().into();
        let _: Result<String, String> = document(&response, &ROOT);
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _: Result<JsonValue, String> = read(&String::from_utf8_lossy(&bytes), &LIST);
    }
}
