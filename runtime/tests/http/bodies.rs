//! Forms and `multipart` bodies on the wire: every style, files, unusual names, and values that try to leave their
//! part.

use std::collections::BTreeMap;

use crate::support::{Recorder, Sent, record, refused};
use clientwright_runtime::codegen::{self, Operation};
use clientwright_runtime::{CallOptions, File, JsonValue, Part, Style, wire};
use serde_json::json;

const POST: Operation = Operation::post("post", "/");

/// A form, and the body that arrives.
async fn form(styles: &[(&str, Style)], value: &JsonValue) -> String {
    let media_type = "application/x-www-form-urlencoded";
    let sent = record(|client| client.request(&POST).form_as(media_type, styles, value)).await;
    assert_eq!(sent.header("content-type"), Some(media_type));
    sent.body
}

#[tokio::test]
async fn a_form_without_styles() {
    for (value, expected) in [
        (json!({}), ""),
        (json!({"a": "x y", "b": 1, "c": true, "d": null, "e": ""}), "a=x%20y&b=1&c=true&e="),
        (json!({"list": ["a", null, "b&c"], "none": []}), "list=a&list=b%26c"),
        (json!({"o": {"k": [1, "ü"]}}), "o=%7B%22k%22%3A%5B1%2C%22%C3%BC%22%5D%7D"),
        (json!({"os": [{"k": 1}, [2]]}), "os=%7B%22k%22%3A1%7D&os=%5B2%5D"),
        (json!({"a=b&c": "+"}), "a%3Db%26c=%2B"),
    ] {
        assert_eq!(form(&[], &value).await, expected, "{value}");
    }
}

#[tokio::test]
async fn a_form_with_styles() {
    let list = json!(["a b", "c"]);
    let object = json!({"k": 1, "l": "m"});
    for (style, value, expected) in [
        (Style::Form { explode: false }, &list, "v=a%20b,c"),
        (Style::Form { explode: true }, &object, "k=1&l=m"),
        (Style::AllowReserved { explode: true }, &json!("a/b&c"), "v=a/b%26c"),
        (Style::SpaceDelimited, &json!(["a|b", "c"]), "v=a%7Cb%20c"),
        (Style::PipeDelimited, &list, "v=a%20b%7Cc"),
        (Style::Json, &list, "v=%5B%22a%20b%22%2C%22c%22%5D"),
        (Style::Json, &json!("t"), "v=%22t%22"),
        (Style::DeepObject, &list, "v%5B0%5D=a%20b&v%5B1%5D=c"),
        (Style::DeepObject, &json!("t"), "v=t"),
        (Style::DeepObject, &json!([null, {"k": [{"x": 1}, {}]}]), "v%5B0%5D%5Bk%5D%5B0%5D%5Bx%5D=1"),
    ] {
        let body = json!({"a": 1, "v": value, "z": 2});
        assert_eq!(
            form(&[("other", Style::Json), ("v", style)], &body).await,
            format!("a=1&{expected}&z=2"),
            "{style:?} {value}"
        );
    }
    for (value, reason) in [
        (json!([1]), "post: the body is not an object, so it cannot be sent as a form"),
        (
            json!({"v": (0..200).fold(json!(1), |value, _| json!({"a": value}))}),
            "post: the body has a value that is nested too deeply",
        ),
    ] {
        let styles = [("v", Style::DeepObject)];
        let error = refused(|client| client.request(&POST).form_as("a/b", &styles, &value)).await;
        assert_eq!(error, reason);
    }
}

/// A body of a type with files, as the generator writes it.
#[derive(Clone, PartialEq)]
struct Upload {
    title: String,
    cover: Option<File>,
    pages: Vec<File>,
    about: JsonValue,
}

codegen::sent_object!(Upload { "title" => title, "cover" => cover?, "pages" => pages, "about" => about });

/// The parts of a body, each with its header lines and its content.
fn parts(sent: &Sent) -> (String, Vec<(String, String)>) {
    let (media_type, boundary) = sent.header("content-type").unwrap().split_once("; boundary=").unwrap();
    let body = sent.body.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    let delimiter = format!("--{boundary}\r\n");
    let parts = body.split(&delimiter).skip(1).map(|part| {
        let (header, content) = part.split_once("\r\n\r\n").unwrap();
        (header.to_owned(), content.strip_suffix("\r\n").unwrap().to_owned())
    });
    (media_type.to_owned(), parts.collect())
}

async fn sent_parts(media_type: &str, said: &[Part], value: &dyn wire::Encode) -> Vec<(String, String)> {
    let sent = record(|client| client.request(&POST).multipart_as(media_type, said, &value)).await;
    let (sent_as, parts) = parts(&sent);
    assert_eq!(sent_as, media_type);
    parts
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(header, content)| ((*header).to_owned(), (*content).to_owned())).collect()
}

#[tokio::test]
async fn files_texts_and_objects_are_parts() {
    let upload = Upload {
        title: "Ü \"1\"\r\n--x".to_owned(),
        cover: Some(File::from("png").name("a \"b\"\r\nX: ü.png").content_type("image/png")),
        pages: vec![File::from(vec![b'1']), File::from(&b"2"[..]).name("two.txt")],
        about: json!({"list": [1], "null": null}),
    };
    let expected = pairs(&[
        ("Content-Disposition: form-data; name=\"title\"", "Ü \"1\"\r\n--x"),
        (
            "Content-Disposition: form-data; name=\"cover\"; filename=\"a %22b%22%0D%0AX: ü.png\"\r\nContent-Type: image/png",
            "png",
        ),
        (
            "Content-Disposition: form-data; name=\"pages\"; filename=\"pages\"\r\nContent-Type: application/octet-stream",
            "1",
        ),
        (
            "Content-Disposition: form-data; name=\"pages\"; filename=\"two.txt\"\r\nContent-Type: application/octet-stream",
            "2",
        ),
        (
            "Content-Disposition: form-data; name=\"about\"\r\nContent-Type: application/json",
            r#"{"list":[1],"null":null}"#,
        ),
    ]);
    assert_eq!(sent_parts("multipart/form-data", &[], &upload).await, expected);
    // The same value has the same body, so that it can be retried.
    let sent = |_| record(|client| client.request(&POST).multipart(&upload));
    assert_eq!(sent(1).await.body, sent(2).await.body);
    // A file is not shown, and JSON has no form for it.
    let shown = format!("{upload:?}");
    assert!(shown.contains(r#""cover":"[3 bytes]","pages":["[1 bytes]","[1 bytes]"]"#), "{shown}");
    assert!(wire::to_string(&upload).contains(r#""cover":null,"pages":[null,null]"#));
}

#[tokio::test]
async fn what_a_document_says_of_parts() {
    let upload = Upload {
        title: "t".to_owned(),
        cover: Some(File::from("x")),
        pages: vec![File::from("1").content_type("text/own")],
        about: json!([{"a": 1}, 2]),
    };
    let said = [
        Part::new("title").content_type("application/json; v=2"),
        Part::new("cover").content_type("image/*, image/gif, image/png").headers(&[("X-Kind", "cover")]),
        Part::new("pages").content_type("text/plain"),
    ];
    let header = |name: &str, rest: &str| format!("Content-Disposition: form-data; name=\"{name}\"{rest}");
    assert_eq!(
        sent_parts("multipart/form-data", &said, &upload).await,
        [
            (header("title", "\r\nContent-Type: application/json; v=2"), "\"t\"".to_owned()),
            (header("cover", "; filename=\"cover\"\r\nContent-Type: image/gif\r\nX-Kind: cover"), "x".to_owned()),
            (header("pages", "; filename=\"pages\"\r\nContent-Type: text/own"), "1".to_owned()),
            (header("about", "\r\nContent-Type: application/json"), "{\"a\":1}".to_owned()),
            (header("about", ""), "2".to_owned()),
        ]
    );
    let whole = [Part::new("about").content_type("application/json")];
    let deep = [Part::new("about").deep_object()];
    let about = json!({"about": [{"a": 1}, 2]});
    assert_eq!(
        sent_parts("multipart/mixed", &whole, &about).await,
        pairs(&[("Content-Disposition: inline; name=\"about\"\r\nContent-Type: application/json", "[{\"a\":1},2]")])
    );
    assert_eq!(
        sent_parts("multipart/form-data", &deep, &about).await,
        [(header("about[0][a]", ""), "1".to_owned()), (header("about[1]", ""), "2".to_owned())]
    );
}

#[tokio::test]
async fn nulls_and_nothing_are_no_parts() {
    assert_eq!(sent_parts("multipart/form-data", &[], &json!({"a": null, "b": [null], "c": []})).await, []);
    assert_eq!(sent_parts("multipart/form-data", &[], &json!({})).await, []);
}

#[tokio::test]
async fn a_part_cannot_have_another_header() {
    let with = |media_type: &str| json_free(File::from("x").content_type(media_type));
    for media_type in ["", "text/plain\r\nX-Injected: 1", "text/plain\n"] {
        let error = refused(|client| client.request(&POST).multipart(&with(media_type))).await;
        assert_eq!(error, "post: the body has a file with a media type that a header cannot contain", "{media_type:?}");
    }
    let error = refused(|client| client.request(&POST).multipart(&json!("x"))).await;
    assert_eq!(error, "post: the body is not an object, so it cannot be sent in parts");
}

fn json_free(file: File) -> Upload {
    Upload { title: String::new(), cover: Some(file), pages: Vec::new(), about: JsonValue::Null }
}

#[tokio::test]
async fn a_multipart_body_follows_redirects_and_answers_challenges_unchanged() {
    let answers = ["307 Temporary Redirect\nLocation: /again", "204 No Content"];
    let recorder = Recorder::answering(&answers);
    let upload = json_free(File::from(&b"a\0b"[..]));
    recorder.client(&[]).request(&POST).multipart(&upload).send().await.unwrap();
    let sent = recorder.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!((sent[0].header("content-type"), &sent[0].body), (sent[1].header("content-type"), &sent[1].body));
    assert!(sent[1].body.contains("\r\n\r\na\0b\r\n"));
}

#[tokio::test]
async fn a_control_character_in_a_name_of_a_part_is_refused() {
    for name in ["a\0b", "a\tb", "\u{7f}", "\u{85}"] {
        let error = refused(|client| client.request(&POST).multipart(&json!({name: "x"}))).await;
        assert_eq!(error, "post: the body has a part with a control character in its name or file name");
    }
}

#[derive(Clone, PartialEq)]
struct Labelled {
    id: Option<i64>,
    rest: BTreeMap<String, i64>,
}
codegen::object!(Labelled { "id" => id?, .. => rest });

#[tokio::test]
async fn an_additional_property_with_a_declared_name_is_refused() {
    for id in [None, Some(1)] {
        let value = Labelled { id, rest: [("id".to_owned(), 2)].into() };
        let message = refused(|client| client.request(&POST).json(&value)).await;
        assert!(message.ends_with("has an additional property with the name of a declared one"), "{message}");
    }
}

#[tokio::test]
async fn a_call_can_set_a_property_of_its_body() {
    const PATCH: Operation = Operation::patch("op", "/r");
    const MERGE: &str = "application/merge-patch+json";
    let sent = async |options: CallOptions, body: Option<JsonValue>| {
        let recorder = Recorder::start();
        let request = recorder.client(&[]).request(&PATCH).options(options);
        let request = if let Some(body) = body { request.json_as(MERGE, &body) } else { request };
        request.send().await.map(|_| recorder.only().body)
    };
    let removed = || CallOptions::new().with_body_property(&["owner", "phone"], &json!(null));
    let body = Some(json!({"name": "a", "owner": {"phone": 1, "mail": "b"}}));
    assert_eq!(sent(removed(), body).await.unwrap(), r#"{"name":"a","owner":{"mail":"b","phone":null}}"#);
    let both = removed().with_body_property(&["name"], "c").with_body_property(&["name"], "d");
    assert_eq!(sent(both, None).await.unwrap(), r#"{"name":"d","owner":{"phone":null}}"#);
    let no_object = sent(removed(), Some(json!([]))).await.unwrap_err();
    assert!(no_object.is_request() && no_object.to_string().contains("property `owner.phone`"), "{no_object}");
    let nan = sent(CallOptions::new().with_body_property(&["a"], &f64::NAN), None).await.unwrap_err();
    assert!(nan.to_string().contains("the property `a` of the body"), "{nan}");
}

/// A body whose entries are files, or lists of files.
#[derive(Clone, PartialEq)]
struct Folder {
    files: BTreeMap<String, File>,
    lists: BTreeMap<String, Vec<File>>,
    maps: Vec<BTreeMap<String, File>>,
}

codegen::sent_object!(Folder { "files" => files, "lists" => lists, "maps" => maps });

#[tokio::test]
async fn files_in_a_map_are_parts_with_its_keys() {
    let entry = |content: &str| [("a".to_owned(), File::text(content))].into();
    let folder = Folder {
        files: [("a.txt".to_owned(), File::from("1")), ("b".to_owned(), File::text("2").name("c"))].into(),
        lists: [("x".to_owned(), vec![File::text("3"), File::text("4")]), ("y".to_owned(), Vec::new())].into(),
        maps: vec![entry("5"), entry("6")],
    };
    let header = |name: &str, rest: &str| format!("Content-Disposition: form-data; name=\"{name}\"{rest}");
    let bytes = |file: &str| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream");
    let expected = [
        (header("files[a.txt]", &bytes("files[a.txt]")), "1".to_owned()),
        (header("files[b]", "; filename=\"c\""), "2".to_owned()),
        (header("lists[x][0]", ""), "3".to_owned()),
        (header("lists[x][1]", ""), "4".to_owned()),
        (header("maps[0][a]", ""), "5".to_owned()),
        (header("maps[1][a]", ""), "6".to_owned()),
    ];
    let deep = ["files", "lists", "maps"].map(|name| Part::new(name).deep_object());
    assert_eq!(sent_parts("multipart/form-data", &deep, &folder).await, expected);
    // A file is never lost in JSON.
    assert_eq!(sent_parts("multipart/form-data", &[], &folder).await, expected);
    assert_eq!(sent_parts("multipart/form-data", &deep, &no_files()).await, []);
}

fn no_files() -> Folder {
    Folder { files: BTreeMap::new(), lists: BTreeMap::new(), maps: Vec::new() }
}

#[tokio::test]
async fn a_text_in_place_of_a_file_has_no_file_name() {
    let documented = [Part::new("cover").content_type("application/xml")];
    for (parts, file, rest) in [
        (&[][..], File::text("<a/>"), ""),
        (&documented, File::text("<a/>"), "\r\nContent-Type: application/xml"),
        (&documented, File::text("<a/>").content_type("text/xml"), "\r\nContent-Type: text/xml"),
        (&documented, File::from("<a/>"), "; filename=\"cover\"\r\nContent-Type: application/xml"),
    ] {
        let sent = sent_parts("multipart/form-data", parts, &json_free(file)).await;
        let header = format!("Content-Disposition: form-data; name=\"cover\"{rest}");
        assert_eq!(sent[1], (header, "<a/>".to_owned()));
    }
    let sent = sent_parts("multipart/mixed", &[], &json_free(File::text("a"))).await;
    assert_eq!(sent[1].0, "Content-Disposition: inline; name=\"cover\"");
}

#[tokio::test]
async fn a_file_sets_headers_of_its_part() {
    let said = [Part::new("cover").headers(&[("X-Kind", "documented"), ("X-Other", "o")])];
    let file = |name: &str, value: &str| json_free(File::text("x").header("x-kind", "first").header(name, value));
    let sent = sent_parts("multipart/form-data", &said, &file("X-KIND", " own ")).await;
    assert_eq!(sent[1].0, "Content-Disposition: form-data; name=\"cover\"\r\nX-Other: o\r\nX-KIND: own");
    for (name, value, reason) in [
        ("X-A", "1\r\nX-B: 2", "has a value with a control character"),
        ("X A", "1", "has an invalid name"),
        ("X-A\r\n", "1", "has an invalid name"),
        ("", "1", "has an invalid name"),
        ("Content-Type", "a/b", "cannot be set: it is derived from the media type and the names"),
        ("content-disposition", "inline", "cannot be set: it is derived from the media type and the names"),
    ] {
        let error = refused(|client| client.request(&POST).multipart(&file(name, value))).await;
        let shown = name.escape_default();
        assert_eq!(error, format!("post: the body has a part `cover` whose header `{shown}` {reason}"));
    }
}

#[tokio::test]
async fn related_parts_name_the_media_type_of_the_first() {
    let said = [Part::new("title").content_type("application/json; v=2")];
    for (media_type, said, expected) in [
        ("multipart/related", &said[..], "multipart/related; type=\"application/json\""),
        ("Multipart/Related; start=a", &[], "Multipart/Related; start=a; type=\"text/plain\""),
        ("multipart/related; Type=\"a/b\"", &[], "multipart/related; Type=\"a/b\""),
        ("multipart/mixed", &said, "multipart/mixed"),
    ] {
        let upload = json_free(File::from("x"));
        let sent = record(|client| client.request(&POST).multipart_as(media_type, said, &upload)).await;
        assert_eq!(parts(&sent).0, expected);
    }
    let sent = record(|client| client.request(&POST).multipart_as("multipart/related", &[], &json!({}))).await;
    assert_eq!(parts(&sent).0, "multipart/related");
    let quoted = Folder { files: [("a".to_owned(), File::from("x").content_type("a/\"b"))].into(), ..no_files() };
    let error = refused(|client| client.request(&POST).multipart_as("multipart/related", &[], &quoted)).await;
    assert_eq!(error, "post: the body has a file with a media type that a header cannot contain");
}
