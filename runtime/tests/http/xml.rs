//! Bodies in XML.

use crate::support::Recorder;
use clientwright_runtime::codegen::xml::{Root, Type};
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, Client, DateTime, Request};

const GET: Operation = Operation::get("getOrder", "/order").accept("application/xml");
const PUT: Operation = Operation::put("putOrder", "/order");

static ORDER: Root = Root(
    "order{urn:orders}",
    Type::Object(
        &[
            ("id", "@id", &Type::Literal),
            ("placed", "placed", &Type::Literal),
            ("items", "items/", &Type::Array("item", &Type::Text)),
        ],
        &Type::Any,
    ),
);
static FAULT: Root = Root("fault", Type::Object(&[("code", "code", &Type::Text)], &Type::Any));

#[derive(Clone, PartialEq)]
struct Order {
    id: i64,
    placed: Option<DateTime>,
    items: Option<Vec<String>>,
}
codegen::object!(Order { "id" => id, "placed" => placed?, "items" => items? });

#[derive(Clone, PartialEq)]
struct Fault {
    code: String,
}
codegen::object!(Fault { "code" => code });

#[derive(Clone, Debug, PartialEq)]
enum Failure {
    NotFound(Box<Fault>),
    Default(i64),
}
codegen::responses!(Failure {
    404 => NotFound(xml[&FAULT]),
    _ => Default(xml[const { &Root("quoted", Type::Text) }] as codegen::Quoted),
});

fn call(request: Request) -> Call<Order, Failure> {
    Call::new(request, |response| decode::xml::<_, ()>(response, &ORDER), Failure::decode)
}

fn get(client: &Client) -> Call<Order, Failure> {
    call(client.request(&GET))
}

#[tokio::test]
async fn bodies_are_sent_and_read() {
    let answer = "200 OK\nContent-Type: application/xml\n\n<o:order xmlns:o='urn:orders' id='7'><o:placed/>\
        <o:items><o:item>a</o:item><o:item>b &amp; c</o:item></o:items></o:order>";
    let server = Recorder::answering(&[answer, answer]);
    let client = server.client(&[]);
    let order = get(&client).await.unwrap().into_inner();
    assert_eq!(format!("{order:?}"), r#"Order {"id":7,"items":["a","b & c"]}"#);

    call(client.request(&PUT).xml("application/xml", &ORDER, &order)).await.unwrap();
    let [read, sent] = &*server.sent() else { panic!("two requests") };
    assert_eq!(read.header("accept"), Some("application/xml"));
    assert_eq!(sent.header("content-type"), Some("application/xml"));
    let expected = "<order id=\"7\" xmlns=\"urn:orders\"><items><item>a</item><item>b &amp; c</item></items></order>";
    assert!(sent.body.ends_with(expected), "{}", sent.body);
}

#[tokio::test]
async fn failures_are_read_by_status() {
    let server = Recorder::answering(&[
        "404 Not Found\n\n<?xml version='1.0'?><fault><code>gone</code></fault>",
        "500 Internal Server Error\n\n<quoted>9007199254740993</quoted>",
        "404 Not Found\n\n{\"code\": \"json\"}",
        "200 OK\n\n<html><p>Sign in</p></html>",
    ]);
    let client = server.client(&[]);
    let documented = async |client| get(client).await.unwrap_err().documented().cloned();
    assert_eq!(documented(&client).await, Some(Failure::NotFound(Box::new(Fault { code: "gone".to_owned() }))));
    assert_eq!(documented(&client).await, Some(Failure::Default(9_007_199_254_740_993)));
    assert_eq!(documented(&client).await, Some(Failure::NotFound(Box::new(Fault { code: "json".to_owned() }))));
    let error = get(&client).await.unwrap_err().to_string();
    assert!(error.contains("invalid XML: unknown root element `html`"), "{error}");
}

#[tokio::test]
async fn a_failure_in_xml_has_a_message() {
    let s3 = "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message><Key>a b</Key></Error>";
    for (body, expected) in [
        (s3, Some("The key does not exist.")),
        ("<fault>It is gone.</fault>", Some("It is gone.")),
        ("<html><body><h1>Bad gateway</h1></body></html>", None),
        ("<fault>It is gone.", None),
    ] {
        let server = Recorder::answering(&[&format!("404 Not Found\n\n{body}")]);
        let error = get(&server.client(&[])).await.unwrap_err();
        assert_eq!(error.message(), expected, "{body}");
    }
}
