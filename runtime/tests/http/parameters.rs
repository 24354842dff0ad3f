//! Parameters on the wire: every style, unusual values, and values that try to leave their place.

use crate::support::{Recorder, leaked, record, refused};
use clientwright_runtime::codegen::{Operation, Quoted, decode, with};
use clientwright_runtime::{Bytes, Call, CallOptions, Client, Decimal, JsonValue, Style};
use proptest::prelude::*;
use serde_json::json;

const AT_PATH: Operation = Operation::get("atPath", "/p/{color}/end");
const AT_QUERY: Operation = Operation::get("atQuery", "/q");

/// The columns of OpenAPI's table "Style Examples" (3.0.3 §4.7.12.4), and the details of RFC 6570 §2.3: an empty text
/// is defined; an empty list, an empty object and null are not, nor are lists and objects of null only.
fn shapes() -> [JsonValue; 9] {
    [
        json!(""),
        json!("blue"),
        json!(["blue", "black", "brown"]),
        // In alphabetical order, because `serde_json` may be built with or without its own order.
        json!({"B": 150, "G": 200, "R": 100}),
        json!([""]),
        json!([]),
        json!({}),
        json!([null]),
        json!({ "R": null }),
    ]
}

/// The encoding of each: of the first five, since the others are not sent.
type Row = [&'static str; 5];

/// All shapes with the expected encoding; none for undefined values. An empty array is refused if it is required, as
/// all values of a raw request are, unless each element is a separate pair. `a_call_forwards_to_its_request` has an
/// optional one.
fn columns(row: Row) -> impl Iterator<Item = (JsonValue, Option<&'static str>)> {
    shapes().into_iter().zip(row.into_iter().map(Some).chain(std::iter::repeat(None)))
}

#[tokio::test]
async fn path_styles() {
    // After other text, so that an empty value is allowed.
    const OPERATION: Operation = Operation::get("op", "/p/x{color}/end");
    let table: [(Style, Row); 6] = [
        (Style::Simple { explode: false }, ["", "blue", "blue,black,brown", "B,150,G,200,R,100", ""]),
        (Style::Simple { explode: true }, ["", "blue", "blue,black,brown", "B=150,G=200,R=100", ""]),
        (Style::Label { explode: false }, [".", ".blue", ".blue,black,brown", ".B,150,G,200,R,100", "."]),
        (Style::Label { explode: true }, [".", ".blue", ".blue.black.brown", ".B=150.G=200.R=100", "."]),
        (
            Style::Matrix { explode: false },
            [";color", ";color=blue", ";color=blue,black,brown", ";color=B,150,G,200,R,100", ";color"],
        ),
        (
            Style::Matrix { explode: true },
            [";color", ";color=blue", ";color=blue;color=black;color=brown", ";B=150;G=200;R=100", ";color"],
        ),
    ];
    for (style, row) in table {
        for (value, expected) in columns(row) {
            let sent = record(|client| client.request(&OPERATION).path_styled("color", style, &value)).await;
            let expected = expected.unwrap_or_default();
            assert_eq!(sent.line, format!("GET /p/x{expected}/end HTTP/1.1"), "{style:?} {value}");
        }
    }
}

#[tokio::test]
async fn a_segment_that_a_style_leaves_empty_is_refused() {
    let empty = "atPath: the path parameter `color` is empty, which would address another resource; \
                 `CallOptions::with_empty_path` allows it";
    let dot =
        "atPath: the path parameter `color` makes a path segment `.` or `..`, which would address another resource";
    for explode in [false, true] {
        for (style, text) in [(Style::Simple { explode }, empty), (Style::Label { explode }, dot)] {
            let error = refused(|client| client.request(&AT_PATH).path_styled("color", style, "")).await;
            assert_eq!(error, text, "{style:?}");
        }
        for style in [Style::Simple { explode }, Style::Label { explode }, Style::Matrix { explode }] {
            for value in [json!([]), json!({}), json!(null), json!([null])] {
                let error = refused(|client| client.request(&AT_PATH).path_styled("color", style, &value)).await;
                assert_eq!(error, empty, "{style:?} {value}");
            }
        }
    }
}

#[tokio::test]
async fn query_styles() {
    let exploded: Row =
        ["?color=", "?color=blue", "?color=blue&color=black&color=brown", "?B=150&G=200&R=100", "?color="];
    let commas: Row = ["?color=", "?color=blue", "?color=blue,black,brown", "?color=B,150,G,200,R,100", "?color="];
    let spaces: Row =
        ["?color=", "?color=blue", "?color=blue%20black%20brown", "?color=B%20150%20G%20200%20R%20100", "?color="];
    let pipes: Row =
        ["?color=", "?color=blue", "?color=blue%7Cblack%7Cbrown", "?color=B%7C150%7CG%7C200%7CR%7C100", "?color="];
    let deep: Row = [
        "?color=",
        "?color=blue",
        "?color%5B0%5D=blue&color%5B1%5D=black&color%5B2%5D=brown",
        "?color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
        "?color%5B0%5D=",
    ];
    let table: [(Style, Row); 10] = [
        (Style::Form { explode: true }, exploded),
        (Style::AllowReserved { explode: true }, exploded),
        (Style::Form { explode: false }, commas),
        (Style::AllowReserved { explode: false }, commas),
        (Style::SpaceDelimited, spaces),
        (Style::SpaceDelimitedReserved, spaces),
        (Style::PipeDelimited, pipes),
        (Style::PipeDelimitedReserved, pipes),
        (Style::DeepObject, deep),
        (Style::DeepObjectReserved, deep),
    ];
    for (style, row) in table {
        for (value, expected) in columns(row) {
            let build = |client: Client| client.request(&AT_QUERY).query_styled("color", style, &value);
            let pairs = [
                Style::Form { explode: true },
                Style::AllowReserved { explode: true },
                Style::DeepObject,
                Style::DeepObjectReserved,
            ];
            if value == json!([]) && !pairs.contains(&style) {
                assert_eq!(
                    refused(build).await,
                    "atQuery: the query parameter `color` is an empty array, which its style cannot express"
                );
                continue;
            }
            let sent = record(build).await;
            assert_eq!(sent.target(), format!("/q{}", expected.unwrap_or_default()), "{style:?} {value}");
        }
    }
}

#[tokio::test]
async fn header_and_cookie_styles() {
    let headers: [(bool, Row); 2] = [
        (false, ["", "blue", "blue,black,brown", "B,150,G,200,R,100", ""]),
        (true, ["", "blue", "blue,black,brown", "B=150,G=200,R=100", ""]),
    ];
    for (explode, row) in headers {
        for (value, expected) in columns(row) {
            let style = Style::Simple { explode };
            let build = |client: Client| client.request(&AT_QUERY).header_styled("X-Color", style, &value);
            if value == json!([]) {
                refused(build).await;
                continue;
            }
            let sent = record(build).await;
            assert_eq!(sent.header("x-color"), expected, "{explode} {value}");
        }
    }
    let cookies: [(bool, Row); 2] = [
        (false, ["color=", "color=blue", "color=blue,black,brown", "color=B,150,G,200,R,100", "color="]),
        (true, ["color=", "color=blue", "color=blue; color=black; color=brown", "B=150; G=200; R=100", "color="]),
    ];
    for (explode, row) in cookies {
        for (value, expected) in columns(row) {
            let style = Style::Form { explode };
            let build = |client: Client| client.request(&AT_QUERY).cookie_styled("color", style, &value);
            if value == json!([]) && !explode {
                refused(build).await;
                continue;
            }
            let sent = record(build).await;
            assert_eq!(sent.header("cookie"), expected, "{explode} {value}");
        }
    }
}

#[tokio::test]
async fn cookies_of_their_own_style_are_not_encoded() {
    for (explode, value, expected) in [
        (true, json!("a=b%20c"), "color=a=b%20c"),
        (true, json!(["blue", "black"]), "color=blue; color=black"),
        (true, json!({"B": 150, "R": "x%"}), "B=150; R=x%"),
        (false, json!(["blue", "black"]), "color=blue,black"),
        (false, json!({"B": 150, "R": 100}), "color=B,150,R,100"),
    ] {
        let style = Style::Cookie { explode };
        let sent = record(|client| client.request(&AT_QUERY).cookie_styled("color", style, &value)).await;
        assert_eq!(sent.header("cookie"), Some(expected));
    }
    for value in ["a; b=1", "a b", "\r\n", "ü", "\""] {
        refused(|client| client.request(&AT_QUERY).cookie_styled("a", Style::Cookie { explode: true }, value)).await;
    }
    refused(|client| client.request(&AT_QUERY).query_styled("a", Style::Cookie { explode: true }, "x")).await;
}

#[tokio::test]
async fn a_parameter_may_be_the_whole_query() {
    for (style, value, expected) in [
        (
            Style::QueryForm,
            json!({"B": [1, 2], "R": "a&b", "S": {"x": 1}, "T": null}),
            "/q?B=1&B=2&R=a%26b&S=%7B%22x%22%3A1%7D",
        ),
        (Style::QueryForm, json!(null), "/q"),
        (Style::QueryJson, json!({"R": "a&b"}), "/q?%7B%22R%22%3A%22a%26b%22%7D"),
        (Style::QueryJson, json!(null), "/q"),
        (Style::QueryText, json!("$.a[1:2]#"), "/q?%24.a%5B1%3A2%5D%23"),
    ] {
        let sent = record(|client| client.request(&AT_QUERY).query_styled("q", style, &value)).await;
        assert_eq!(sent.target(), expected);
    }
    refused(|client| client.request(&AT_QUERY).query_styled("q", Style::QueryForm, &[1][..])).await;
}

/// In values and keys, separators and characters outside of RFC 3986 are percent-encoded.
#[tokio::test]
async fn separators_within_values_are_encoded() {
    let list = json!(["a,b", "c.d;e=f", "g h|i", "ü/%"]);
    let object = json!({"k,l": "a&b", "m=n": "ü"});
    let items = "a%2Cb SEP c.d%3Be%3Df SEP g%20h%7Ci SEP %C3%BC%2F%25";
    let path = [
        (Style::Simple { explode: false }, &list, items.replace(" SEP ", ",")),
        (Style::Label { explode: false }, &list, format!(".{}", items.replace(" SEP ", ","))),
        (Style::Matrix { explode: true }, &list, format!(";color={}", items.replace(" SEP ", ";color="))),
        (Style::Simple { explode: true }, &object, "k%2Cl=a%26b,m%3Dn=%C3%BC".to_owned()),
        (Style::Matrix { explode: false }, &object, ";color=k%2Cl,a%26b,m%3Dn,%C3%BC".to_owned()),
    ];
    for (style, value, expected) in path {
        let sent = record(|client| client.request(&AT_PATH).path_styled("color", style, value)).await;
        assert_eq!(sent.target(), format!("/p/{expected}/end"), "{style:?}");
    }
    let query = [
        (Style::Form { explode: false }, &list, format!("color={}", items.replace(" SEP ", ","))),
        (Style::SpaceDelimited, &json!(["a,b", "g|i"]), "color=a%2Cb%20g%7Ci".to_owned()),
        (Style::PipeDelimited, &json!(["a,b", "g h"]), "color=a%2Cb%7Cg%20h".to_owned()),
        (Style::Form { explode: true }, &object, "k%2Cl=a%26b&m%3Dn=%C3%BC".to_owned()),
        (Style::DeepObject, &object, "color%5Bk%2Cl%5D=a%26b&color%5Bm%3Dn%5D=%C3%BC".to_owned()),
    ];
    for (style, value, expected) in query {
        let sent = record(|client| client.request(&AT_QUERY).query_styled("color", style, value)).await;
        assert_eq!(sent.target(), format!("/q?{expected}"), "{style:?}");
    }
    let style = Style::Form { explode: false };
    let sent = record(|client| client.request(&AT_QUERY).cookie_styled("color", style, &list)).await;
    assert_eq!(sent.header("cookie"), Some("color=a%2Cb,c.d%3Be=f,g%20h|i,%C3%BC/%25"));
}

/// A value must not contain a separator that its style does not encode.
#[tokio::test]
async fn values_that_a_style_cannot_separate_are_refused() {
    let at_query =
        |style, value: JsonValue| refused(move |client| client.request(&AT_QUERY).query_styled("q", style, &value));
    for style in [Style::SpaceDelimited, Style::SpaceDelimitedReserved] {
        assert!(at_query(style, json!(["a b", "c"])).await.contains("the separator of its style"));
        at_query(style, json!({"a b": 1})).await;
    }
    for style in [Style::PipeDelimited, Style::PipeDelimitedReserved] {
        at_query(style, json!(["a|b"])).await;
    }
    at_query(Style::SpaceDelimitedReserved, json!(["a%20b"])).await;
    at_query(Style::PipeDelimitedReserved, json!(["a%7cb"])).await;
    let label = Style::Label { explode: true };
    refused(|client| client.request(&AT_PATH).path_styled("color", label, &json!(["1.5", "2"]))).await;
    for (explode, value) in [(false, json!(["a,b"])), (false, json!({"k": "a,b"})), (true, json!({"k=l": "a"}))] {
        let style = Style::Simple { explode };
        refused(|client| client.request(&AT_QUERY).header_styled("X-Color", style, &value)).await;
    }
    // A single value has no separator.
    let sent = record(|client| client.request(&AT_QUERY).header("X-Color", "a,b")).await;
    assert_eq!(sent.header("x-color"), Some("a,b"));
}

#[tokio::test]
async fn a_style_that_a_place_does_not_have_is_refused() {
    let form = Style::Form { explode: true };
    assert_eq!(
        refused(|client| client.request(&AT_PATH).path_styled("color", form, "x")).await,
        "atPath: the path parameter `color` has a style that is not allowed in this location"
    );
    for style in [Style::Simple { explode: false }, Style::Label { explode: true }, Style::Matrix { explode: true }] {
        refused(|client| client.request(&AT_QUERY).query_styled("color", style, "x")).await;
        refused(|client| client.request(&AT_QUERY).cookie_styled("color", style, "x")).await;
    }
    refused(|client| client.request(&AT_QUERY).header_styled("X-Color", form, "x")).await;
}

#[tokio::test]
async fn every_type_is_a_parameter() {
    for (value, expected) in [
        (json!(true), "?v=true"),
        (json!(-5), "?v=-5"),
        (json!(u64::MAX), "?v=18446744073709551615"),
        (json!(1.5), "?v=1.5"),
        (json!(null), ""),
        (json!([1, null, 3]), "?v=1&v=3"),
        (json!([null]), ""),
        (json!({"a": null, "b": [1, "x"], "c": {"d": 1}}), "?b=1&b=x&c=%7B%22d%22%3A1%7D"),
        (json!([[1, 2], {}]), "?v=%5B1%2C2%5D&v=%7B%7D"),
    ] {
        let sent = record(|client| client.request(&AT_QUERY).query("v", &value)).await;
        assert_eq!(sent.target(), format!("/q{expected}"), "{value}");
    }
    let deep = json!({"a": {"b": [1, 2], "c": null}, "d e": "&"});
    let sent = record(|client| client.request(&AT_QUERY).query_styled("f", Style::DeepObject, &deep)).await;
    assert_eq!(sent.target(), "/q?f%5Ba%5D%5Bb%5D%5B0%5D=1&f%5Ba%5D%5Bb%5D%5B1%5D=2&f%5Bd%20e%5D=%26");
    let none: Option<String> = None;
    let sent =
        record(|client| client.request(&AT_QUERY).query("a", &none).header("X-A", &none).cookie("a", &none)).await;
    assert_eq!((sent.target(), sent.header("x-a"), sent.header("cookie")), ("/q", None, None));
    let error = refused(|client| client.request(&AT_PATH).path("color", &none)).await;
    assert!(error.contains("`color` is empty"), "{error}");
    let nested = (0..200).fold(json!(1), |value, _| json!({ "a": value }));
    let error = refused(|client| client.request(&AT_QUERY).query_styled("f", Style::DeepObject, &nested)).await;
    assert_eq!(error, "atQuery: the query parameter `f` has a value that is nested too deeply");
}

#[tokio::test]
async fn awkward_characters_stay_in_their_place() {
    for (value, encoded) in [
        (" ", "%20"),
        ("/", "%2F"),
        ("%", "%25"),
        ("%2F", "%252F"),
        ("%2e%2e", "%252e%252e"),
        ("&", "%26"),
        ("+", "%2B"),
        ("ü", "%C3%BC"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("\"", "%22"),
        ("#", "%23"),
        ("?", "%3F"),
        (";", "%3B"),
        ("=", "%3D"),
        ("'", "%27"),
        ("\\", "%5C"),
        ("a,b", "a%2Cb"),
        (":@!$()*|", "%3A%40%21%24%28%29%2A%7C"),
        ("\r\n\0\t", "%0D%0A%00%09"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("..\\admin", "..%5Cadmin"),
        ("...", "..."),
        (".a", ".a"),
        ("a-b_c.d~e", "a-b_c.d~e"),
    ] {
        let sent = record(|client| client.request(&AT_PATH).path("color", value).query("q", value)).await;
        assert_eq!(sent.target(), format!("/p/{encoded}/end?q={encoded}"), "{value:?}");
    }
    let sent = record(|client| client.request(&AT_QUERY).query("a&b=c d[]", "1")).await;
    assert_eq!(sent.target(), "/q?a%26b%3Dc%20d%5B%5D=1");
    let keys = json!({"a&b": "c", "ü": ["x,y"]});
    let sent = record(|client| client.request(&AT_QUERY).query("o", &keys)).await;
    assert_eq!(sent.target(), "/q?a%26b=c&%C3%BC=x%2Cy");
}

#[tokio::test]
async fn allowed_reserved_characters_cannot_end_the_value() {
    let style = Style::AllowReserved { explode: true };
    let sent =
        record(|client| client.request(&AT_QUERY).query_styled("u", style, "http://h:1/a?b=c;d,e@!$()*&f#g+h[i]%2F ü"))
            .await;
    assert_eq!(sent.target(), "/q?u=http://h:1/a?b=c;d,e@!$()*%26f%23g%2Bh%5Bi%5D%2F%20%C3%BC");
    for (text, expected) in
        [("%2f%C3%BC%26", "%2f%C3%BC%26"), ("%", "%25"), ("5%2", "5%252"), ("%%41%zz%ü", "%25%41%25zz%25%C3%BC")]
    {
        let sent = record(|client| client.request(&AT_QUERY).query_styled("u", style, text)).await;
        assert_eq!(sent.target(), format!("/q?u={expected}"));
        let sent = record(|client| {
            client.request(&AT_QUERY).query_styled("u", Style::DeepObjectReserved, &json!({"k": text}))
        })
        .await;
        assert_eq!(sent.target(), format!("/q?u%5Bk%5D={expected}"));
        let sent =
            record(|client| client.request(&AT_QUERY).query_styled("u", Style::Form { explode: true }, text)).await;
        assert_eq!(sent.target(), format!("/q?u={}", text.replace('%', "%25").replace('ü', "%C3%BC")));
    }
    let list = json!(["a,b", "c/d"]);
    let sent =
        record(|client| client.request(&AT_QUERY).query_styled("u", Style::AllowReserved { explode: false }, &list))
            .await;
    assert_eq!(sent.target(), "/q?u=a%2Cb,c/d");
    for (style, list, expected) in [
        (Style::SpaceDelimitedReserved, json!(["a/b,c", "d|f&g"]), "u=a/b,c%20d%7Cf%26g"),
        (Style::PipeDelimitedReserved, json!(["a/b,c", "d f&g"]), "u=a/b,c%7Cd%20f%26g"),
        (Style::DeepObjectReserved, json!(["a/b,c", "d e|f&g"]), "u%5B0%5D=a/b,c&u%5B1%5D=d%20e%7Cf%26g"),
    ] {
        let sent = record(|client| client.request(&AT_QUERY).query_styled("u", style, &list)).await;
        assert_eq!(sent.target(), format!("/q?{expected}"), "{style:?}");
    }
}

#[tokio::test]
async fn a_path_parameter_cannot_address_another_resource() {
    for value in ["", ".", ".."] {
        let error = refused(|client| client.request(&AT_PATH).path("color", value)).await;
        assert!(error.starts_with("atPath: the path parameter `color` "), "{error}");
    }
    for (template, value) in [("/a/{x}{y}/b", "."), ("/a/.{x}/b", "."), ("/a/%2e{x}", "."), ("/a/%2E{x}", ".")] {
        let operation = Operation::get("op", template);
        let request = |client: clientwright_runtime::Client| {
            let request = client.request(leaked(operation)).path("x", value);
            if template.contains("{y}") { request.path("y", value) } else { request }
        };
        let error = refused(request).await;
        assert!(error.contains("another resource"), "{template}: {error}");
    }
    let error = refused(|client| client.request(leaked(Operation::get("op", "/a/../b")))).await;
    assert!(error.contains("`.` or `..`"), "{error}");
    let error = refused(|client| client.request(leaked(Operation::get("op", "/a/%2e%2E/b")))).await;
    assert!(error.contains("`.` or `..`"), "{error}");
}

/// If a server gives them a meaning, as in `/contents/`, the caller allows empty values.
#[tokio::test]
async fn an_empty_path_parameter_is_sent_only_if_the_caller_says_so() {
    const GET: Operation = Operation::get("op", "/contents/{path}");
    let recorder = Recorder::start();
    let call = |path: &str| -> Call<()> {
        Call::new(recorder.client(&[]).request(&GET).path("path", path), decode::empty, decode::undocumented)
    };
    assert!(call("").await.unwrap_err().is_request());
    let options = || CallOptions::new().with_empty_path();
    call("").with_options(options().with_query("ref", "a b")).await.unwrap();
    assert_eq!(recorder.only().target(), "/contents/?ref=a%20b");
    assert!(call("..").with_options(options()).await.unwrap_err().is_request());
    let nan = CallOptions::new().with_query("limit", &f64::NAN);
    let error = call("a").with_options(nan).await.unwrap_err();
    assert!(error.to_string().contains("the query parameter `limit`"), "{error}");
    let shown = format!("{:?}", CallOptions::new().with_query("key", "secret"));
    assert!(shown.contains("key") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn templates() {
    for (template, expected) in [
        ("/v1/{a}:{b}.json", "/v1/1:x%20y.json"),
        ("/{a}/{b}", "/1/x%20y"),
        ("{a}/{b}/", "/1/x%20y/"),
        ("/w/{a}/{b}/a b/ü", "/w/1/x%20y/a%20b/%C3%BC"),
        ("/{b}{a}//", "/x%20y1//"),
        ("/{a}/{b}?c=d", "/1/x%20y?c=d&q=1"),
        ("/{a}?c={b}&e", "/1?c=x%20y&e&q=1"),
        ("/%7E{a}({b})@;,", "/%7E1(x%20y)@;,"),
        // A fragment distinguishes operations in a document and is never sent.
        ("/{a}/{b}#c", "/1/x%20y"),
    ] {
        let operation = Operation::get("op", template);
        let sent = record(|client| {
            let request = client.request(leaked(operation)).path("a", &1).path("b", "x y");
            if template.contains('?') { request.query("q", &1) } else { request }
        });
        assert_eq!(sent.await.target(), expected, "{template}");
    }
    for (template, expected) in [
        ("/{a}/{b}", "op: the path parameter `b` is not set"),
        ("/x", "op: the path has no parameter `a`"),
        ("/{a}/{b", "op: the path template has a `{` without `}`"),
    ] {
        let operation = Operation::get("op", template);
        assert_eq!(refused(|client| client.request(leaked(operation)).path("a", &1)).await, expected);
    }
}

#[tokio::test]
async fn the_base_path_comes_first() {
    for (base, path, expected) in [
        ("", "/a", "/a"),
        ("/", "/a", "/a"),
        ("/api/v1", "/a", "/api/v1/a"),
        ("/api/v1/", "/a", "/api/v1/a"),
        ("/api/v1", "/", "/api/v1/"),
        ("/api/v1", "", "/api/v1"),
        ("", "", "/"),
    ] {
        let recorder = Recorder::start();
        let client = crate::support::client(&format!("{}{base}", recorder.url), &[]);
        client.request(leaked(Operation::get("op", path))).send().await.unwrap();
        assert_eq!(recorder.only().target(), expected, "{base} {path}");
    }
}

#[tokio::test]
async fn headers_cannot_be_injected() {
    for value in ["a\r\nX-Evil: 1", "a\nb", "a\rb", "\0", "a\u{7f}", "a\tb", "\u{85}"] {
        let error = refused(|client| client.request(&AT_QUERY).header("X-Name", value)).await;
        assert_eq!(error, "atQuery: the header parameter `X-Name` has a value with a control character");
    }
    for name in ["", "X Name", "X:Name", "X-Näme", "a\r\nb"] {
        let error = refused(|client| client.request(&AT_QUERY).header(name, "v")).await;
        assert!(error.ends_with("has an invalid name"), "{error}");
        assert!(!error.contains('\n'));
    }
    for name in ["Content-Length", "transfer-encoding"] {
        refused(|client| client.request(&AT_QUERY).header(name, "1")).await;
    }
    let error = refused(|client| client.request(&AT_QUERY).text("text/plain\r\nX: 1", "x")).await;
    assert_eq!(error, "atQuery: the media type of the body has a value with a control character");
    let sent = record(|client| client.request(&AT_QUERY).header("X-Name", "größe 100% \"a\"; b=c, d")).await;
    assert_eq!(sent.header("x-name"), Some("größe 100% \"a\"; b=c, d"));
}

#[tokio::test]
async fn cookies_cannot_be_injected() {
    let sent =
        record(|client| client.request(&AT_QUERY).cookie("a", "1; b=2").cookie("c d", "x,y \"z\" 100% ü\r\n\\")).await;
    assert_eq!(sent.header("cookie"), Some("a=1%3B%20b=2; c%20d=x%2Cy%20%22z%22%20100%25%20%C3%BC%0D%0A%5C"));
}

#[tokio::test]
async fn the_last_value_of_a_parameter_counts() {
    let operation = Operation::get("op", "/{p}");
    let sent = record(|client| {
        let request = client
            .request(leaked(operation))
            .path("p", "1")
            .query("q", &["1", "2"][..])
            .header("X-H", "1")
            .cookie("c", "1")
            .json(&1);
        request.path("p", "2").query("q", "3").header("x-h", "2").cookie("c", "2").json(&2)
    });
    let sent = sent.await;
    assert_eq!(
        (sent.target(), sent.header("x-h"), sent.header("cookie"), sent.body.as_str()),
        ("/2?q=3", Some("2"), Some("c=2"), "2")
    );
    let none: Option<i64> = None;
    let sent = record(|client| {
        client.request(&AT_QUERY).query("q", &1).query("q", &none).header("X-H", "1").header("X-H", &none)
    })
    .await;
    assert_eq!((sent.target(), sent.header("x-h")), ("/q", None));
}

#[tokio::test]
async fn the_first_problem_is_reported() {
    let error = refused(|client| {
        client.request(&AT_PATH).header("X-A", "\n").query_styled("b", Style::Matrix { explode: true }, "x")
    })
    .await;
    assert_eq!(error, "atPath: the header parameter `X-A` has a value with a control character");
}

#[tokio::test]
async fn bodies() {
    const POST: Operation = Operation::post("op", "/b").accept("application/json");
    let sent = record(|client| client.request(&POST).json(&json!({"a": "ü"}))).await;
    assert_eq!((sent.line.as_str(), sent.body.as_str()), ("POST /b HTTP/1.1", r#"{"a":"ü"}"#));
    assert_eq!(
        (sent.header("content-type"), sent.header("accept")),
        (Some("application/json"), Some("application/json"))
    );
    assert_eq!(sent.header("content-length"), Some("10"));

    let sent = record(|client| client.request(&POST).json_as("application/merge-patch+json", &json!(null))).await;
    assert_eq!((sent.header("content-type"), sent.body.as_str()), (Some("application/merge-patch+json"), "null"));

    let sent = record(|client| client.request(&POST).text("text/plain; charset=utf-8", "ü")).await;
    assert_eq!((sent.header("content-type"), sent.body.as_str()), (Some("text/plain; charset=utf-8"), "ü"));

    let sent =
        record(|client| client.request(&POST).bytes("application/octet-stream", Bytes::from_static(b"\x00\x01"))).await;
    assert_eq!((sent.header("content-type"), sent.body.as_str()), (Some("application/octet-stream"), "\0\u{1}"));

    let form = json!({"a b": "x&y=z", "l": [1, null, 2], "n": null, "o": {"k": "v"}});
    let sent = record(|client| client.request(&POST).form(&form)).await;
    assert_eq!(sent.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(sent.body, "a%20b=x%26y%3Dz&l=1&l=2&o=%7B%22k%22%3A%22v%22%7D");
    assert_eq!(
        refused(|client| client.request(&POST).form(&1)).await,
        "op: the body is not an object, so it cannot be sent as a form"
    );

    let sent = record(|client| client.request(&POST)).await;
    assert_eq!((sent.header("content-type"), sent.body.as_str()), (None, ""));
}

#[tokio::test]
async fn every_method() {
    let operations = [
        ("GET", Operation::get("op", "/")),
        ("PUT", Operation::put("op", "/")),
        ("POST", Operation::post("op", "/")),
        ("DELETE", Operation::delete("op", "/")),
        ("OPTIONS", Operation::options("op", "/")),
        ("HEAD", Operation::head("op", "/")),
        ("PATCH", Operation::patch("op", "/")),
        ("TRACE", Operation::trace("op", "/")),
        ("QUERY", Operation::method("QUERY", "op", "/")),
    ];
    for (method, operation) in operations {
        let sent = record(|client| client.request(leaked(operation))).await;
        assert_eq!(sent.method(), method);
        // RFC 9110 §8.6: if content is usual, a request without content declares that.
        let length = matches!(method, "PUT" | "POST" | "PATCH").then_some("0");
        assert_eq!(sent.header("content-length"), length, "{method}");
    }
    refused(|client| client.request(leaked(Operation::method("NO METHOD", "op", "/")))).await;
}

#[tokio::test]
async fn a_call_forwards_to_its_request() {
    let recorder = Recorder::start();
    const POST: Operation = Operation::post("op", "/{p}");
    let mut call = clientwright_runtime::Call::new(
        recorder.client(&[]).request(&POST).path("p", &1),
        decode::empty,
        decode::empty,
    );
    call.query("a", "1");
    call.query_styled("b", Style::Form { explode: false }, &["1", "2"][..]);
    call.header_parameter("X-C", &true);
    call.header_parameter_styled("X-D", Style::Simple { explode: true }, &json!({"k": 1}));
    call.cookie("e", "1");
    call.cookie_styled("f", Style::Form { explode: false }, &["1", "2"][..]);
    // An optional empty value is not sent.
    call.query("g", &json!([]));
    call.header_parameter("X-H", &json!([]));
    call.text("text/plain", "replaced");
    call.form(&json!({"replaced": 1}));
    call.multipart(&json!({"replaced": 1}));
    call.bytes("text/plain", "replaced".into());
    call.json(&json!([1]));
    call.await.unwrap();
    let sent = recorder.only();
    assert_eq!(sent.target(), "/1?a=1&b=1,2");
    assert_eq!(
        (sent.header("x-c"), sent.header("x-d"), sent.header("cookie")),
        (Some("true"), Some("k=1"), Some("e=1; f=1,2"))
    );
    assert_eq!((sent.header("content-type"), sent.body.as_str()), (Some("application/json"), "[1]"));
}

#[tokio::test]
async fn a_decimal_in_a_string_is_that_string_wherever_it_stands() {
    let (price, half) = (Decimal::from_text("1,000.00"), Decimal::from_text("0.5"));
    let halves = vec![half.clone(), half.clone()];
    let sent = record(|client| {
        let request = client.request(&AT_PATH).path("color", &with::<Quoted, _>(&price));
        let request = request.query("q", &with::<Quoted, _>(&price)).query("l", &with::<Vec<Quoted>, _>(&halves));
        let request = request.query_styled("j", Style::Json, &with::<Quoted, _>(&half));
        let request = request.query_styled("k", Style::Json, &with::<Vec<Quoted>, _>(&halves));
        request.header("x-h", &with::<Quoted, _>(&price)).cookie("c", &with::<Quoted, _>(&half))
    })
    .await;
    let (path, query) = sent.target().split_once('?').unwrap();
    assert_eq!(decoded(path), "/p/1,000.00/end");
    assert_eq!(decoded(query), r#"q=1,000.00&l=0.5&l=0.5&j="0.5"&k=["0.5","0.5"]"#);
    assert_eq!((sent.header("x-h"), sent.header("cookie")), (Some("1,000.00"), Some("c=0.5")));
    // A number is sent as a number, and any other string as a string.
    let error = refused(|client| client.request(&AT_QUERY).query("q", &price)).await;
    assert!(error.contains("`q`"), "{error}");
}

/// Undoes percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn any_text_arrives_in_its_place_as_it_was() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let recorder = Recorder::start();
    let client = recorder.client(&[]);
    let text = prop_oneof![any::<String>(), "[./%?#;&=+ \\\\2eEfF,]{0,8}"];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&text, |text| {
        let request = client.request(&AT_PATH).path("color", &text).query("q", &text).cookie("c", &text);
        let result = runtime.block_on(request.send());
        if ["", ".", ".."].contains(&text.as_str()) {
            prop_assert!(result.unwrap_err().is_request());
            return Ok(());
        }
        prop_assert!(result.is_ok(), "{result:?}");
        let sent = recorder.sent().pop().unwrap();
        let (path, query) = sent.target().split_once('?').unwrap();
        let segments: Vec<&str> = path.split('/').collect();
        prop_assert_eq!(segments.len(), 4);
        prop_assert_eq!(decoded(segments[2]), text.clone());
        prop_assert_eq!(decoded(query.strip_prefix("q=").unwrap()), text.clone());
        prop_assert!(!query.contains(['&', '#', '+']));
        let cookie = sent.header("cookie").unwrap();
        prop_assert!(!cookie.contains(';'));
        prop_assert_eq!(decoded(cookie.strip_prefix("c=").unwrap()), text);
        Ok(())
    });
    outcome.unwrap();
}
