//! Deviations from the API document that are tolerated, but not by a strict client. `docs/SERVERS.md` lists them.

use std::collections::BTreeMap;

use crate::support::Recorder;
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{
    Call, Client, Date, DateTime, Decimal, Duration, Error, JsonObject, JsonValue, Maybe, Response, Time, UnknownJson,
    UnknownString, wire,
};

const GET: Operation = Operation::get("getThing", "/r").accept("application/json");

#[derive(Clone, PartialEq)]
struct Thing {
    tags: Vec<String>,
    labels: BTreeMap<String, i64>,
    extra: JsonObject,
    note: Option<String>,
    size: i64,
    price: Decimal,
}
codegen::object!(Thing {
    "tags" => tags,
    "labels" => labels,
    "extra" => extra,
    "note" => note?,
    "size" => size,
    "price" => price,
});

/// The response to a call of `operation`, read by the default client or by a strict one.
async fn answered<T>(
    operation: &'static Operation,
    answer: &str,
    decoder: decode::Decoder<T>,
    strict: bool,
) -> Result<Response<T>, Error> {
    let recorder = Recorder::answering(&[answer]);
    let builder = Client::builder(&recorder.url);
    let client = if strict { builder.strict() } else { builder }.build().unwrap();
    let call: Call<T> = Call::new(client.request(operation), decoder, decode::undocumented);
    call.await
}

async fn usual<T>(answer: &str, decoder: decode::Decoder<T>) -> Result<T, Error> {
    answered(&GET, answer, decoder, false).await.map(Response::into_inner)
}

async fn strict<T>(answer: &str, decoder: decode::Decoder<T>) -> Result<T, Error> {
    answered(&GET, answer, decoder, true).await.map(Response::into_inner)
}

fn json(body: &str) -> String {
    format!("200 OK\nContent-Type: application/json\n\n{body}")
}

const EXACT: &str = r#"{"tags":[],"labels":{},"extra":{},"note":null,"size":5,"price":1.50}"#;

#[tokio::test]
async fn null_is_an_empty_array_or_map() {
    for (written, body) in [
        (r#""tags":[]"#, r#""tags":null"#),
        (r#""labels":{}"#, r#""labels":null"#),
        (r#""extra":{}"#, r#""extra": null"#),
        (r#""price":1.50"#, r#""price":"1.50""#),
    ] {
        let answer = json(&EXACT.replace(written, body));
        let read = usual(&answer, decode::json::<Thing>).await.unwrap();
        assert_eq!(wire::to_string(&read), EXACT.replace(r#""note":null,"#, ""), "{body}");
        assert!(strict(&answer, decode::json::<Thing>).await.unwrap_err().is_decode(), "{body}");
    }
    assert!(strict(&json(EXACT), decode::json::<Thing>).await.is_ok());
    assert_eq!(usual(&json("null"), decode::json::<Vec<i64>>).await.unwrap(), Vec::<i64>::new());
    assert!(usual(&json("[null]"), decode::json::<Vec<String>>).await.is_err());
    assert!(usual(&json("null"), decode::json::<Thing>).await.is_err());
}

#[tokio::test]
async fn the_last_value_of_a_repeated_property_takes_precedence() {
    let answer = json(&EXACT.replace(r#""size":5"#, r#""size":4,"si\u007ae":5"#));
    assert_eq!(usual(&answer, decode::json::<Thing>).await.unwrap().size, 5);
    assert!(strict(&answer, decode::json::<Thing>).await.is_err());
}

#[derive(Clone, PartialEq)]
struct Blanks {
    size: Option<i64>,
    flag: Maybe<bool>,
    list: Option<Vec<i64>>,
    name: Option<String>,
    tags: Vec<Option<i64>>,
}
codegen::object!(Blanks { "size" => size?, "flag" => flag?, "list" => list?, "name" => name?, "tags" => tags });

#[tokio::test]
async fn an_empty_string_is_an_absent_optional_value() {
    let answer = json(r#"{"size":"","flag":"","list": "","name":"","tags":["",5]}"#);
    let read = usual(&answer, decode::json::<Blanks>).await.unwrap();
    assert_eq!(wire::to_string(&read), r#"{"name":"","tags":[null,5]}"#);
    for body in [r#"{"size":" ","tags":[]}"#, r#"{"list":[""],"tags":[]}"#, r#"{"tags":""}"#] {
        assert!(usual(&json(body), decode::json::<Blanks>).await.is_err(), "{body}");
    }
    assert!(strict(&answer, decode::json::<Blanks>).await.is_err());
}

/// Values that scripting languages write for empty, true or false.
#[derive(Clone, PartialEq)]
struct Scripted {
    owner: Option<Owner>,
    labels: BTreeMap<String, i64>,
    extra: JsonObject,
    tags: Vec<String>,
    any: JsonValue,
}
codegen::object!(Scripted {
    "owner" => owner?,
    "labels" => labels,
    "extra" => extra,
    "tags" => tags,
    "any" => any,
});

#[derive(Clone, PartialEq)]
struct Owner {
    name: Option<String>,
}
codegen::object!(Owner { "name" => name? });

#[tokio::test]
async fn an_empty_array_or_object_is_the_other_where_that_is_documented() {
    let exact = r#"{"owner":{},"labels":{},"extra":{},"tags":[],"any":[]}"#;
    for (written, body) in [
        (r#""owner":{}"#, r#""owner":[]"#),
        (r#""labels":{}"#, r#""labels":[ ]"#),
        (r#""extra":{}"#, r#""extra":[]"#),
        (r#""tags":[]"#, "\"tags\":{\n}"),
    ] {
        let answer = json(&exact.replace(written, body));
        let read = usual(&answer, decode::json::<Scripted>).await.unwrap();
        assert_eq!(wire::to_string(&read), exact, "{body}");
        assert!(strict(&answer, decode::json::<Scripted>).await.unwrap_err().is_decode(), "{body}");
    }
    assert!(strict(&json(exact), decode::json::<Scripted>).await.is_ok());
    let any = usual(&json(&exact.replace(r#""any":[]"#, r#""any":{}"#)), decode::json::<Scripted>).await.unwrap();
    assert_eq!(any.any, JsonValue::Object(JsonObject::new()));

    assert_eq!(usual(&json("[]"), decode::json::<Owner>).await.unwrap(), Owner { name: None });
    let error = usual(&json("[]"), decode::json::<Thing>).await.unwrap_err().to_string();
    assert!(error.contains("expected object, found an empty array at line 1 column 2"), "{error}");
    for (body, expected) in [("[1]", "expected object, found array"), ("[", "expected object, found array")] {
        let error = usual(&json(body), decode::json::<Owner>).await.unwrap_err().to_string();
        assert!(error.contains(&format!(": {expected} at line 1 column 1")), "{error}");
    }
    let error = usual(&json("[{\"a\":1}]"), decode::json::<Vec<Vec<i64>>>).await.unwrap_err().to_string();
    assert!(error.contains("[0]: expected array, found object at line 1 column 2"), "{error}");
    let error = usual(&json("{}"), decode::json::<(i64, i64)>).await.unwrap_err().to_string();
    assert!(error.contains("expected array, found object"), "{error}");
}

#[tokio::test]
async fn one_and_zero_are_booleans_where_these_are_documented() {
    let answer = json(r#"[1,0,"1","0","true","false",true,false]"#);
    let read = usual(&answer, decode::json::<Vec<bool>>).await.unwrap();
    assert_eq!(read, [true, false, true, false, true, false, true, false]);
    assert_eq!(usual(&json("1"), decode::json::<Option<bool>>).await.unwrap(), Some(true));
    for body in ["1", r#""true""#, r#""0""#] {
        assert!(strict(&json(body), decode::json::<bool>).await.is_err(), "{body}");
        assert_ne!(usual(&json(body), decode::json::<JsonValue>).await.unwrap(), true, "{body}");
    }
    for (body, found) in [
        ("2", "number"),
        ("-1", "number"),
        ("1.0", "number"),
        (r#""yes""#, "string"),
        (r#""""#, "string"),
        (r#"" 1""#, "string"),
        ("[]", "array"),
    ] {
        let error = usual(&json(body), decode::json::<bool>).await.unwrap_err().to_string();
        assert!(error.contains(&format!(": expected boolean, found {found} at line 1 column 1")), "{body}: {error}");
    }
}

/// Every JSON type that another value may represent.
#[derive(Clone, PartialEq)]
enum Choice {
    Flag(bool),
    Count(i64),
    Unknown(UnknownJson),
}
codegen::union!(Choice { Flag => boolean, Count => integer });

/// Like `Choice`, by the best match.
#[derive(Clone, PartialEq)]
enum Fitted {
    Owner(Owner),
    Flags(Vec<bool>),
    Numbers(Vec<i64>),
    Unknown(UnknownJson),
}
codegen::fitted_union!(Fitted {
    Owner => object where "name"?,
    Flags => array[boolean],
    Numbers => array[integer],
});

/// Successes by status, each of which another one could be decoded as.
#[derive(Clone, Debug, PartialEq)]
enum Found {
    One(Owner),
    Flag(bool),
    Several(Vec<i64>),
    Count(i64),
}
codegen::responses!(Found { 200 => One(json), 203 => Flag(json), 206 => Several(json), 207 => Count(json) });

#[tokio::test]
async fn a_choice_is_made_by_what_is_written() {
    let choices = usual(&json(r#"[1,true,"1",[],{}]"#), decode::json::<Vec<Choice>>).await.unwrap();
    assert!(matches!(
        choices.as_slice(),
        [Choice::Count(1), Choice::Flag(true), Choice::Unknown(_), Choice::Unknown(_), Choice::Unknown(_)]
    ));
    let fitted = usual(&json("[{},[],[1],[true]]"), decode::json::<Vec<Fitted>>).await.unwrap();
    let expected = [
        Fitted::Owner(Owner { name: None }),
        Fitted::Flags(vec![]),
        Fitted::Numbers(vec![1]),
        Fitted::Flags(vec![true]),
    ];
    assert_eq!(fitted, expected);
    for (body, found) in [
        ("[]", Found::Several(vec![])),
        ("{}", Found::One(Owner { name: None })),
        ("1", Found::Count(1)),
        ("true", Found::Flag(true)),
        ("null", Found::Several(vec![])),
    ] {
        let answer = format!("202 Accepted\nContent-Type: application/json\n\n{body}");
        assert_eq!(usual(&answer, Found::decode).await.unwrap(), found, "{body}");
    }
    assert!(usual("202 Accepted\n\n", Found::decode).await.is_err());
    assert_eq!(usual("200 OK\n\n[]", Found::decode).await.unwrap(), Found::One(Owner { name: None }));
}

#[tokio::test]
async fn an_empty_body_is_null() {
    for answer in ["200 OK\n\n", "204 No Content\n\n", "200 OK\nContent-Type: application/json\n\n\u{feff}"] {
        assert_eq!(usual(answer, decode::json::<Vec<i64>>).await.unwrap(), Vec::<i64>::new());
        assert_eq!(usual(answer, decode::json::<JsonObject>).await.unwrap(), JsonObject::new());
        assert_eq!(usual(answer, decode::json::<Option<Thing>>).await.unwrap().map(|_| ()), None);
        assert_eq!(usual(answer, decode::json::<JsonValue>).await.unwrap(), JsonValue::Null);
        assert!(strict(answer, decode::json::<Vec<i64>>).await.unwrap_err().is_decode());
        let error = usual(answer, decode::json::<Thing>).await.unwrap_err().to_string();
        let expected = match answer.ends_with('\u{feff}') {
            true => "decoded: expected JSON, found an empty body; use `.stream()` to accept it; if the server",
            false => ": the call succeeded, but without the documented body",
        };
        assert!(error.contains(expected), "{error}");
    }
    // Go ends it with a new line.
    assert!(usual(&json("null\n"), decode::json::<Thing>).await.unwrap_err().is_no_content());
    assert!(usual("200 OK\n\n ", decode::json::<Vec<i64>>).await.unwrap_err().to_string().contains("EOF"));
}

#[tokio::test]
async fn any_string_is_kept_as_a_date_or_a_time() {
    let answer = json(r#"["01.05.2024","noon","1h30m","Tue, 02 Jan 2024 03:04:05 GMT"]"#);
    let kept = || {
        let mail = "Tue, 02 Jan 2024 03:04:05 GMT";
        (
            Date::from_text("01.05.2024"),
            Time::from_text("noon"),
            Duration::from_text("1h30m"),
            DateTime::from_text(mail),
        )
    };
    assert_eq!(usual(&answer, decode::json::<(Date, Time, Duration, DateTime)>).await.unwrap(), kept());
    assert_eq!(strict(&answer, decode::json::<(Date, Time, Duration, DateTime)>).await.unwrap(), kept());
    for body in ["1714564800", "null", r#"{"seconds":5}"#] {
        assert!(usual(&json(body), decode::json::<Duration>).await.unwrap_err().is_decode(), "{body}");
    }
    assert!(usual(&json("null"), decode::json::<(i64, i64)>).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn whole_numbers_are_integers() {
    for (text, value) in
        [("1e3", 1000), ("5.0", 5), ("-0", 0), ("-0.0", 0), ("1200e-2", 12), ("9.223372036854775807e18", i64::MAX)]
    {
        assert_eq!(usual(&json(text), decode::json::<i64>).await.unwrap(), value, "{text}");
        assert_eq!(strict(&json(text), decode::json::<i64>).await.unwrap(), value, "{text}");
        assert_eq!(wire::from_slice::<i64>(text.as_bytes()).unwrap(), value, "{text}");
        let choice: Choice = wire::from_slice(text.as_bytes()).unwrap();
        assert!(choice == Choice::Count(value), "{text}");
    }
    for text in ["0.5", "1e-1", "1e400", "1e99999999999999999999", "12345678901234567890123456789012345678901.0"] {
        assert!(usual(&json(text), decode::json::<i64>).await.is_err(), "{text}");
    }
    // In a union, an integer of more than 64 bits is kept, as any other value that fits no variant.
    for text in ["18446744073709551616", "-9223372036854775809", "1e30", "0.5"] {
        let choice: Choice = wire::from_slice(text.as_bytes()).unwrap();
        assert!(matches!(choice, Choice::Unknown(_)), "{text}");
    }
}

/// A property that may be null, but is required.
#[derive(Clone, PartialEq)]
struct Nullable {
    name: Option<String>,
    total: Option<i64>,
    owner: Option<Box<Nullable>>,
    any: JsonValue,
    note: Maybe<String>,
}
codegen::object!(Nullable {
    "name" => name,
    "total" => total as Option<codegen::Quoted>,
    "owner" => owner,
    "any" => any,
    "note" => note?,
});

#[tokio::test]
async fn what_may_be_null_may_be_left_out() {
    let read = usual(&json(r#"{"owner":{"name":"a"}}"#), decode::json::<Nullable>).await.unwrap();
    assert_eq!(
        wire::to_string(&read),
        r#"{"name":null,"total":null,"owner":{"name":"a","total":null,"owner":null,"any":null},"any":null}"#
    );
    assert!(read.note.is_absent());
    let error = strict(&json(r#"{"owner":null,"name":null,"any":null}"#), decode::json::<Nullable>).await.unwrap_err();
    assert!(error.to_string().contains("missing required property \"total\""), "{error}");
    let error = usual(&json(r#"{"tags":[]}"#), decode::json::<Thing>).await.unwrap_err();
    assert!(error.to_string().contains("missing required property"), "{error}");
}

#[tokio::test]
async fn errors_name_the_switch_that_helps() {
    let hint = "; if the server is correct, fix the API document with an overlay, here or everywhere with `x-null-anywhere: true`";
    for (body, helps) in [
        (EXACT.replace(r#""size":5"#, r#""size":null"#), true),
        (EXACT.replace(r#""size":5,"#, ""), true),
        (EXACT.replace(r#""size":5"#, r#""size":"a""#), false),
        (EXACT.replace(r#""tags":[]"#, r#""tags":[null]"#), false),
        ("null".to_owned(), false),
    ] {
        let error = usual(&json(&body), decode::json::<Thing>).await.unwrap_err().to_string();
        assert_eq!(error.ends_with(hint), helps, "{error}");
    }
    let absent = json(&EXACT.replace(r#""size":5,"#, ""));
    assert!(!strict(&absent, decode::json::<Thing>).await.unwrap_err().to_string().ends_with(hint));
}

/// An object with an identifier, and a name that a path quotes.
#[derive(Clone, PartialEq)]
struct Named {
    id: i64,
    full_name: String,
}
codegen::object!(Named { "id" => id, "full-name" => full_name });

#[tokio::test]
async fn the_switch_does_not_help_identifiers() {
    for (body, helps) in [
        (r#"{"id": 1, "full-name": null}"#, true),
        (r#"{"id": null, "full-name": "a"}"#, false),
        (r#"{"full-name": "a"}"#, false),
        (r#"{"id": 1}"#, true),
    ] {
        let error = usual(&json(body), decode::json::<Named>).await.unwrap_err().to_string();
        assert_eq!(error.contains("x-null-anywhere"), helps, "{error}");
    }
}

/// Either a string or a number.
#[derive(Clone, PartialEq)]
enum Either {
    Number(f64),
    Text(String),
    Unknown(UnknownJson),
}
codegen::union!(Either { Number => number, Text => string });

#[tokio::test]
async fn numbers_in_quotes_are_numbers() {
    let quoted = json(&EXACT.replace(r#""size":5"#, r#""size":"300""#));
    assert_eq!(usual(&quoted, decode::json::<Thing>).await.unwrap().size, 300);
    assert!(strict(&quoted, decode::json::<Thing>).await.is_err());
    let floats = json(r#"["12.50000",2,"-3","1e3"]"#);
    assert_eq!(usual(&floats, decode::json::<Vec<f64>>).await.unwrap(), [12.5, 2.0, -3.0, 1000.0]);
    assert_eq!(usual(&floats, decode::json::<Vec<f32>>).await.unwrap(), [12.5, 2.0, -3.0, 1000.0]);
    assert_eq!(usual(&json(r#""18446744073709551615""#), decode::json::<u64>).await.unwrap(), u64::MAX);
    for body in [r#""""#, r#""five""#, r#""NaN""#, r#"" 5""#, r#""5 ""#, r#""05""#, r#""+5""#, r#""0.5""#, r#""\"5\"""#]
    {
        let error = usual(&json(body), decode::json::<i64>).await.unwrap_err().to_string();
        assert!(error.contains(": expected integer, found string at line 1 column 1; "), "{body}: {error}");
    }
    assert!(usual(&json(r#""300""#), decode::json::<u8>).await.is_err());
    // A string stays a string if that is allowed.
    let either = usual(&json(r#"["5",5]"#), decode::json::<Vec<Either>>).await.unwrap();
    assert!(either == [Either::Text("5".to_owned()), Either::Number(5.0)]);
    assert_eq!(usual(&json(r#""5""#), decode::json::<JsonValue>).await.unwrap(), "5");
    assert_eq!(usual(&json(r#""5""#), decode::json::<String>).await.unwrap(), "5");
}

/// Whether a thing is enabled.
#[derive(Clone, PartialEq)]
enum Switch {
    On,
    Unknown(UnknownString),
}
codegen::string_enum!(Switch { On => "1" });

#[tokio::test]
async fn other_values_are_strings_where_these_are_documented() {
    let ids = json(r#"["a",17,-1.50,1e400,true, false ,18446744073709551616]"#);
    let texts = ["a", "17", "-1.50", "1e400", "true", "false", "18446744073709551616"];
    assert_eq!(usual(&ids, decode::json::<Vec<String>>).await.unwrap(), texts);
    assert!(strict(&ids, decode::json::<Vec<String>>).await.is_err());
    assert_eq!(usual(&json("17"), decode::json::<Option<String>>).await.unwrap().as_deref(), Some("17"));
    let switches = usual(&json("[1,\"1\",2]"), decode::json::<Vec<Switch>>).await.unwrap();
    assert!(switches[..2] == [Switch::On, Switch::On] && switches[2].as_str() == "2");
    let values = json(r#"{"a": { "b": [1, "x"] } ,"c":["é"]}"#);
    let values = usual(&values, decode::json::<BTreeMap<String, String>>).await.unwrap();
    assert_eq!((values["a"].as_str(), values["c"].as_str()), (r#"{ "b": [1, "x"] }"#, r#"["é"]"#));
    for body in ["{", "[5", "[null]", "[{]", "[[5]", "[nul]", "[-]", "[05]"] {
        assert!(usual(&json(body), decode::json::<Vec<String>>).await.is_err(), "{body}");
    }
    // A numeric time has an unknown unit, and the notation selects the variant of a union.
    assert!(usual(&json("1700000000"), decode::json::<DateTime>).await.is_err());
    assert!(usual(&json("[5]"), decode::json::<Vec<Either>>).await.unwrap() == [Either::Number(5.0)]);
}

/// A message of a server.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Text(String),
}
codegen::responses!(Said { 200 => Text(json) });

#[tokio::test]
async fn an_object_or_array_is_its_json_where_a_string_is_documented() {
    for body in [r#"{"result": "Rectified"}"#, "[1, 2]", "{}"] {
        for answer in [json(&format!(" {body}\n")), format!("200 OK\nContent-Type: text/plain\n\n{body}")] {
            assert_eq!(usual(&answer, decode::json::<String>).await.unwrap(), body);
            assert!(strict(&answer, decode::json::<String>).await.is_err());
        }
        assert!(usual(&json(body), decode::json::<DateTime>).await.is_err());
        // Not with an undocumented status.
        for status in ["203 Other", "404 Not Found"] {
            assert!(usual(&format!("{status}\n\n{body}"), Said::decode).await.is_err(), "{status}");
        }
    }
    for body in [r#"{"a": 1"#, "{} {}", "{a}", r#"{"ok": false}"#, r#"{"error": "no such zone"}"#] {
        assert!(usual(&json(body), decode::json::<String>).await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn plain_text_is_a_string_where_json_is_documented() {
    for media_type in
        ["", "Content-Type: text/plain\n", "Content-Type: text/html\n", "Content-Type: application/json\n"]
    {
        let head = format!("200 OK\n{media_type}\n");
        let answer = format!("{head}OK, \"done\"");
        assert_eq!(usual(&answer, decode::json::<String>).await.unwrap(), "OK, \"done\"");
        assert_eq!(usual(&answer, decode::json::<JsonValue>).await.unwrap(), "OK, \"done\"");
        assert!(usual(&answer, decode::json::<Thing>).await.unwrap_err().is_decode());
        assert!(strict(&answer, decode::json::<String>).await.is_err());
    }
    // JSON stays JSON, whatever its media type, and a page is not a string.
    assert_eq!(usual("200 OK\nContent-Type: text/plain\n\n\"a\"", decode::json::<String>).await.unwrap(), "a");
    assert_eq!(usual("200 OK\nContent-Type: text/plain\n\n5", decode::json::<JsonValue>).await.unwrap(), 5);
    assert!(usual("200 OK\nContent-Type: text/html\n\n<!doctype html>", decode::json::<String>).await.is_err());
    assert!(usual("200 OK\n\n<html>", decode::json::<String>).await.is_err());
    assert_eq!(usual("200 OK\nContent-Type: text/csv\n\na,b", decode::json::<String>).await.unwrap(), "a,b");
}

#[tokio::test]
async fn text_of_any_kind_is_a_string_where_any_value_is_documented() {
    for (media_type, text) in [
        ("text/csv; charset=utf-8", "a,b\r\n1,2\r\n"),
        ("text/plain", "[09:00] begun"),
        ("application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n"),
        ("Application/XML", "<a/>"),
        ("image/svg+xml", "<svg/>"),
    ] {
        let answer = format!("200 OK\nContent-Type: {media_type}\n\n{text}");
        assert_eq!(usual(&answer, decode::json::<JsonValue>).await.unwrap(), text, "{media_type}");
        assert_eq!(usual(&answer, decode::json::<Box<JsonValue>>).await.unwrap(), JsonValue::from(text).into());
        assert!(usual(&answer, decode::json::<Thing>).await.unwrap_err().is_decode(), "{media_type}");
        assert!(strict(&answer, decode::json::<JsonValue>).await.is_err(), "{media_type}");
    }
    for head in ["", "Content-Type: text/html\n", "Content-Type: text/plain\n", "Content-Type: application/xhtml+xml\n"]
    {
        let page = format!("200 OK\n{head}\n<!DOCTYPE html><p>Sign in");
        assert!(usual(&page, decode::json::<JsonValue>).await.is_err(), "{head}");
    }
    assert_eq!(usual("200 OK\nContent-Type: text/csv\n\n[1]", decode::json::<JsonValue>).await.unwrap()[0], 1);
    assert!(usual(&json("<p>"), decode::json::<JsonValue>).await.is_err());
    assert!(usual(&json("{\"a\":"), decode::json::<JsonValue>).await.is_err());
}

#[tokio::test]
async fn what_is_neither_json_nor_text_says_how_to_get_its_bytes() {
    let image = "200 OK\nContent-Type: image/png\n\n\u{1}PNG";
    let error = usual(image, decode::json::<JsonValue>).await.unwrap_err().to_string();
    assert!(
        error.contains("line 1 column 1 (the response is image/png, not JSON; use `.stream()` for its bytes); "),
        "{error}"
    );
}

#[tokio::test]
async fn a_json_string_is_its_text_where_text_is_documented() {
    for media_type in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"] {
        let answer = |body: &str| format!("200 OK\nContent-Type: {media_type}\n\n{body}");
        assert_eq!(usual(&answer(r#" "1.0\u0030" "#), decode::text).await.unwrap(), "1.00", "{media_type}");
        assert_eq!(strict(&answer("\"1.0\""), decode::text).await.unwrap(), "\"1.0\"");
        for body in ["5", "{\"a\":\"b\"}", "[\"a\"]", "null", "\"a\" \"b\"", "\"a", "a"] {
            assert_eq!(usual(&answer(body), decode::text).await.unwrap(), body);
        }
    }
    for head in ["200 OK\n\n", "200 OK\nContent-Type: text/plain\n\n"] {
        assert_eq!(usual(&format!("{head}\"a\""), decode::text).await.unwrap(), "\"a\"");
    }
    // Another method decodes JSON that is not a string.
    const BESIDE: Operation = Operation::get("getText", "/text").accept("text/plain").excludes(&["application/json"]);
    let beside = async |body: &str| {
        let answer = format!("200 OK\nContent-Type: application/json\n\n{body}");
        answered(&BESIDE, &answer, decode::text, false).await.map(Response::into_inner)
    };
    assert_eq!(beside("\"OK\"").await.unwrap(), "OK");
    assert!(beside("{}").await.unwrap_err().to_string().contains("which another method decodes"));
}

#[tokio::test]
async fn a_stream_of_another_method_is_not_json_of_any_kind() {
    const BESIDE: Operation = Operation::get("ask", "/ask").excludes(&["text/event-stream"]);
    let beside = async |body: &str, any: bool| {
        let answer = format!("200 OK\nContent-Type: text/event-stream; charset=utf-8\n\n{body}");
        let decoder =
            |one: &_| decode::json::<Vec<i64>>(one).map(|list| list.into_iter().map(JsonValue::from).collect());
        let decoder = if any { decode::json as decode::Decoder<JsonValue> } else { decoder };
        answered(&BESIDE, &answer, decoder, false).await.map(Response::into_inner)
    };
    for any in [true, false] {
        // JSON under the wrong name is still JSON.
        assert_eq!(beside("[1]", any).await.unwrap(), JsonValue::from(vec![1]));
        let error = beside("data: 1\n\n", any).await.unwrap_err().to_string();
        assert!(error.contains("the response is text/event-stream, which another method decodes"), "{error}");
    }
}

/// Bodies by status.
#[derive(Debug, Clone, PartialEq)]
enum Made {
    Done(i64),
    Later,
    Text(String),
}
codegen::responses!(Made { 200 => Done(json), 202 => Later(empty), 203 => Text(text) });

#[tokio::test]
async fn another_success_is_read_as_the_documented_one_if_it_fits() {
    assert_eq!(usual("202 Accepted\n\n7", Made::decode).await.unwrap(), Made::Later);
    assert_eq!(usual("203 Other\n\n7", Made::decode).await.unwrap(), Made::Text("7".to_owned()));
    assert_eq!(usual("201 Created\n\n7", Made::decode).await.unwrap(), Made::Done(7));
    let error = usual("201 Created\n\n{}", Made::decode).await.unwrap_err();
    assert!(error.to_string().contains("no body is documented for status 201"), "{error}");
    assert_eq!(error.raw_body().unwrap().as_ref(), b"{}");
    assert!(strict("201 Created\n\n7", Made::decode).await.is_err());
}

#[tokio::test]
async fn what_the_document_does_not_describe_is_kept() {
    let response = answered(&GET, "200 OK\n\n%PDF", decode::empty, false).await.unwrap();
    assert_eq!((response.body(), response.raw_body().as_ref()), (&(), b"%PDF".as_slice()));
}

#[tokio::test]
async fn header_lines_of_one_name_are_one_value() {
    let response = answered(&GET, "200 OK\nX-Tag: a\nX-Tag: b\n\n", decode::empty, false).await.unwrap();
    assert_eq!(response.header::<String>("x-tag").as_deref(), Some("a, b"));
    // Its dates contain commas.
    let cookies = "200 OK\nSet-Cookie: a=1; Expires=Thu, 26 Nov 2026 08:00:00 GMT\nSet-Cookie: b=2\n\n";
    let response = answered(&GET, cookies, decode::empty, false).await.unwrap();
    let first = response.header::<String>("set-cookie");
    assert_eq!(first.as_deref(), Some("a=1; Expires=Thu, 26 Nov 2026 08:00:00 GMT"));
}

/// Both were allowed once, and some servers send them.
#[tokio::test]
async fn a_pause_may_have_a_fraction() {
    for (pause, seconds) in [("1.805", Some(2)), ("1.0", Some(1)), ("1.", Some(1)), (".5", None), ("1.x", None)] {
        let answer = format!("423 Locked\nRetry-After: {pause}\n\n");
        let error = answered(&GET, &answer, decode::json::<i64>, false).await.unwrap_err();
        assert_eq!(error.retry_after().map(|pause| pause.as_secs()), seconds, "{pause}");
    }
}

#[tokio::test]
async fn header_values_may_be_folded_and_in_utf_8() {
    let answer = "200 OK\nX-Tag: a\n  b\nX-Name: Zoë\n\n";
    let response = answered(&GET, answer, decode::empty, false).await.unwrap();
    assert_eq!(response.header::<String>("x-tag").as_deref(), Some("a b"));
    assert_eq!(response.header::<String>("x-name").as_deref(), Some("Zoë"));
}

/// White space around a value does not belong to it.
#[tokio::test]
async fn header_values_are_sent_without_white_space_around_them() {
    let recorder = crate::support::Recorder::start();
    recorder.client(&[]).request(&GET).header("X-Tag", &" a b ").send().await.unwrap();
    assert_eq!(recorder.only().header("x-tag"), Some("a b"));
}

#[tokio::test]
async fn text_in_the_encoding_that_the_server_names() {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

    for (media_type, body, json) in [
        ("text/plain; charset=ISO-8859-1", b"gr\xfc\xdfe".as_slice(), false),
        ("text/plain;charset=\"utf-8\"", "grüße".as_bytes(), false),
        #[cfg(feature = "charset")]
        ("text/plain; Charset=utf-16le", b"g\0r\0\xfc\0\xdf\0e\0".as_slice(), false),
        ("text/plain; charset=utf-16", b"\xfe\xff\0g\0r\0\xfc\0\xdf\0e".as_slice(), false),
        ("text/plain", b"\xff\xfeg\0r\0\xfc\0\xdf\0e\0".as_slice(), false),
        #[cfg(feature = "charset")]
        ("application/json; charset=windows-1252", b"\"gr\xfc\xdfe\"".as_slice(), true),
        ("application/json; charset=latin1", b"\"gr\xfc\xdfe\"".as_slice(), true),
        ("application/json", b"\"\0g\0r\0\xfc\0\xdf\0e\0\"\0".as_slice(), true),
        ("application/json; charset=utf-16", b"\0\"\0g\0r\0\xfc\0\xdf\0e\0\"".as_slice(), true),
        ("application/json", b"\xfe\xff\0\"\0g\0r\0\xfc\0\xdf\0e\0\"".as_slice(), true),
        ("application/json", "\u{feff}\"grüße\"".as_bytes(), true),
        // JSON is UTF-8, regardless of the declared charset.
        ("application/json; charset=iso-8859-1", "\"grüße\"".as_bytes(), true),
    ] {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_raw(body, media_type);
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let client = Client::builder(&server.uri()).build().unwrap();
        let decoder = if json { decode::json } else { decode::text };
        let call: Call<String> = Call::new(client.request(&GET), decoder, decode::undocumented);
        assert_eq!(call.await.unwrap().body(), "grüße", "{media_type}");
    }
}

/// All values of a form are text, so numbers are read from text also by a strict client.
#[tokio::test]
async fn a_form_is_an_object() {
    let form = "tags=a+b&tags=c&labels=&extra=&note=100%25&size=5&price=1.50";
    let answer = format!("200 OK\nContent-Type: application/x-www-form-urlencoded; charset=UTF-8\n\n{form}");
    type Form = BTreeMap<String, JsonValue>;
    for form in [usual(&answer, decode::json::<Form>).await.unwrap(), strict(&answer, decode::json).await.unwrap()] {
        assert_eq!((&form["tags"], &form["note"]), (&serde_json::json!(["a b", "c"]), &serde_json::json!("100%")));
    }
    let sizes = answer.replace(form, "one=5&two=1e3");
    let expected = BTreeMap::from([("one".to_owned(), 5), ("two".to_owned(), 1000)]);
    assert_eq!(strict(&sizes, decode::json::<BTreeMap<String, i64>>).await.unwrap(), expected);
    let none = answer.replace(form, "");
    assert_eq!(usual(&none, decode::json::<Option<i64>>).await.unwrap(), None);
    assert_eq!(strict(&answer.replace(form, "7"), decode::json::<i64>).await.unwrap(), 7);
    let really_json = answer.replace(form, r#"{"one": 1}"#);
    assert_eq!(strict(&really_json, decode::json::<BTreeMap<String, i64>>).await.unwrap()["one"], 1);
}
