//! Values that a server would misunderstand are not sent.

use crate::support::{record, refused};
use clientwright_runtime::codegen::{self, Operation};
use clientwright_runtime::{Decimal, UnknownJson};

const AT_PATH: Operation = Operation::get("atPath", "/p/{color}/end");
const AT_QUERY: Operation = Operation::get("atQuery", "/q");

#[tokio::test]
async fn values_that_cannot_be_sent_are_refused() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        refused(|client| client.request(&AT_PATH).path("color", &number)).await;
        refused(|client| client.request(&AT_QUERY).query("q", &number)).await;
        refused(|client| client.request(&AT_QUERY).json(&vec![1.5, number])).await;
    }
    for number in [Decimal::from(f64::NAN), Decimal::from_text("1,000.00")] {
        refused(|client| client.request(&AT_QUERY).query("q", &number)).await;
        refused(|client| client.request(&AT_QUERY).json(&vec![number.clone()])).await;
    }
    let of_another = Shape::Circle(Round { kind: "square".to_owned() });
    refused(|client| client.request(&AT_QUERY).json(&of_another)).await;
    refused(|client| client.request(&AT_QUERY).json(&vec![of_another.clone()])).await;
    let of_another = Level::Low(Height { level: 2 });
    refused(|client| client.request(&AT_QUERY).json(&of_another)).await;
    // A value that selects no variant is kept: some documents have a discriminator that no value of its property
    // matches.
    let of_none = Shape::Circle(Round { kind: "disc".to_owned() });
    assert_eq!(record(|client| client.request(&AT_QUERY).json(&of_none)).await.body, r#"{"kind":"disc"}"#);
}

/// The HTTP client would fail as if there were no connection, and the call would be retried.
#[tokio::test]
async fn a_url_that_is_too_long_is_refused() {
    let long = "x".repeat(65_534);
    let error = refused(|client| client.request(&AT_QUERY).query("q", &long)).await.to_string();
    assert!(error.contains("more than the limit of 65534"), "{error}");
    record(|client| client.request(&AT_QUERY).query("q", &long[..65_400].to_owned())).await;
}

#[derive(Clone, PartialEq)]
struct Round {
    kind: String,
}
codegen::object!(Round { "kind" => kind });

#[derive(Clone, PartialEq)]
enum Shape {
    Circle(Round),
    Square(Round),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Shape, "kind" { Circle => "circle", Square => "square" });

#[derive(Clone, PartialEq)]
struct Height {
    level: i64,
}
codegen::object!(Height { "level" => level });

#[derive(Clone, PartialEq)]
enum Level {
    Low(Height),
    High(Height),
    Unknown(UnknownJson),
}
codegen::tagged_union!(Level, unquoted "level" { Low => "1", High => "2" });
