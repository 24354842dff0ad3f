//! What is read although the API document does not say it, and that a strict client does not. `docs/LENIENCY.md` lists it.

#![cfg(test)]

mod http_support;

use std::collections::BTreeMap;

use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, Client, Date, Decimal, Duration, Error, JsonObject, JsonValue, Response, Time, wire};
use http_support::Recorder;

const GET: Operation = Operation::get("getThing", "/r").accept("application/json");
const QUOTED: Operation = GET.quoted_numbers();

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

/// The answer to a call of `operation`, read by the usual client or by a strict one.
async fn answered<T>(
    operation: &Operation,
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
        (r#""size":5"#, r#""size":5.0"#),
        (r#""size":5"#, r#""size":0.5e1"#),
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
async fn any_string_is_kept_as_a_date_a_time_or_a_duration() {
    let answer = json(r#"["01.05.2024","noon","1h30m"]"#);
    let kept = || (Date::from_text("01.05.2024"), Time::from_text("noon"), Duration::from_text("1h30m"));
    assert_eq!(usual(&answer, decode::json::<(Date, Time, Duration)>).await.unwrap(), kept());
    assert_eq!(strict(&answer, decode::json::<(Date, Time, Duration)>).await.unwrap(), kept());
    for body in ["1714564800", "null", r#"{"seconds":5}"#] {
        assert!(usual(&json(body), decode::json::<Duration>).await.unwrap_err().is_decode(), "{body}");
    }
    assert!(usual(&json("null"), decode::json::<(i64, i64)>).await.unwrap_err().is_decode());
}

#[tokio::test]
async fn whole_numbers_are_integers() {
    for (text, value) in
        [("1e3", 1000), ("5.0", 5), ("-0.0", 0), ("1200e-2", 12), ("9.223372036854775807e18", i64::MAX), ("0e99", 0)]
    {
        assert_eq!(usual(&json(text), decode::json::<i64>).await.unwrap(), value, "{text}");
        assert!(strict(&json(text), decode::json::<i64>).await.is_err(), "{text}");
    }
    for text in ["0.5", "1e-1", "1e400", "1e99999999999999999999", "12345678901234567890123456789012345678901.0"] {
        assert!(usual(&json(text), decode::json::<i64>).await.is_err(), "{text}");
    }
}

#[tokio::test]
async fn numbers_in_quotes_where_the_document_says_so() {
    let read = |body: &str| json(&EXACT.replace(r#""size":5"#, body));
    let quoted = read(r#""size":"5""#);
    assert!(usual(&quoted, decode::json::<Thing>).await.is_err());
    assert_eq!(answered(&QUOTED, &quoted, decode::json::<Thing>, false).await.unwrap().body().size, 5);
    assert!(answered(&QUOTED, &quoted, decode::json::<Thing>, true).await.is_err());
    let floats = answered(&QUOTED, &json(r#"["1.5",2,"-3"]"#), decode::json::<Vec<f64>>, false).await.unwrap();
    assert_eq!(floats.body(), &[1.5, 2.0, -3.0]);
    for body in [r#""""#, r#""five""#, r#""NaN""#] {
        assert!(answered(&QUOTED, &json(body), decode::json::<i64>, false).await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn plain_text_is_a_string_where_json_is_documented() {
    for head in ["200 OK\n\n", "200 OK\nContent-Type: text/plain\n\n", "200 OK\nContent-Type: application/json\n\n"] {
        let answer = format!("{head}OK, \"done\"");
        assert_eq!(usual(&answer, decode::json::<String>).await.unwrap(), "OK, \"done\"");
        assert_eq!(usual(&answer, decode::json::<JsonValue>).await.unwrap(), "OK, \"done\"");
        assert!(usual(&answer, decode::json::<Thing>).await.unwrap_err().is_decode());
        assert!(strict(&answer, decode::json::<String>).await.is_err());
    }
    // JSON stays JSON, whatever its media type says, and a page is no string.
    assert_eq!(usual("200 OK\nContent-Type: text/plain\n\n\"a\"", decode::json::<String>).await.unwrap(), "a");
    assert_eq!(usual("200 OK\nContent-Type: text/plain\n\n5", decode::json::<JsonValue>).await.unwrap(), 5);
    assert!(usual("200 OK\nContent-Type: text/html\n\nhello", decode::json::<String>).await.is_err());
    assert!(usual("200 OK\n\n<html>", decode::json::<String>).await.is_err());
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
}

#[cfg(feature = "charset")]
#[tokio::test]
async fn text_in_the_encoding_that_the_server_names() {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

    for (media_type, body, json) in [
        ("text/plain; charset=ISO-8859-1", b"gr\xfc\xdfe".as_slice(), false),
        ("text/plain;charset=\"utf-8\"", "grüße".as_bytes(), false),
        ("text/plain; Charset=utf-16le", b"g\0r\0\xfc\0\xdf\0e\0".as_slice(), false),
        ("application/json; charset=windows-1252", b"\"gr\xfc\xdfe\"".as_slice(), true),
        // JSON is UTF-8, whatever the server says.
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
