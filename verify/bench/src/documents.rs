//! The documents: JSON lists of about the same size, each with many elements of one kind.

use std::fmt::Write as _;

/// The size of a document, in bytes.
const SIZE: usize = 500_000;

/// Returns a list with the elements numbered from 0.
pub(crate) fn list(element: fn(usize) -> String) -> Vec<u8> {
    let mut text = String::from("[");
    let mut number = 0;
    while text.len() < SIZE {
        if number > 0 {
            text.push(',');
        }
        text.push_str(&element(number));
        number += 1;
    }
    text.push(']');
    text.into_bytes()
}

pub(crate) fn issue(number: usize) -> String {
    let user = |id: usize| format!(r#"{{"id":{id},"login":"user-{id}","site_admin":false}}"#);
    format!(
        r#"{{"id":{number},"node_id":"MDU6SXNzdWU{number:012}","title":"Cannot open the {number}th file","body":"First line\nand \"second\" one, with a fair amount of ordinary text as people write it, ä included.","state":"open","comments":{},"locked":false,"score":{}.5,"user":{},"assignees":[{},{}],"labels":["bug","help wanted"],"reactions":{{"+1":3,"-1":0,"heart":12}},"created_at":"2024-05-01T12:00:00Z"}}"#,
        number % 50,
        number % 1000,
        user(number % 7000),
        user(number % 11),
        user(number % 13),
    )
}

/// An issue whose properties are in another order than in the type, with some unknown ones.
pub(crate) fn shuffled_issue(number: usize) -> String {
    let issue = issue(number);
    let Some((first, rest)) = issue.split_once(r#","state""#) else { return issue };
    let (first, rest) = (first.trim_start_matches('{'), rest.trim_end_matches('}'));
    format!(
        r#"{{"url":"https://example.com/{number}","state"{rest},"pull_request":{{"url":null,"files":[1,2,3]}},{first}}}"#
    )
}

/// Fractions only, because the two libraries write whole numbers differently.
pub(crate) fn point(number: usize) -> String {
    let (time, number) = (1_700_000_000_000 + number, number as f64 + 0.5);
    format!(r#"{{"x":{},"y":{},"time":{time}}}"#, number.sqrt(), number.sin())
}

/// Many small strings.
pub(crate) fn tags(number: usize) -> String {
    format!(
        r#"{{"key":"k{number}","env":"prod","team":"core","values":["a","bb","ccc","eu-west-{}"],"labels":{{"app":"web","tier":"front","zone":"z{}"}}}}"#,
        number % 4,
        number % 9,
    )
}

/// Deep nesting: chains of ten objects, each with a branch.
pub(crate) fn node(number: usize) -> String {
    let mut text = String::new();
    let depth = 10;
    for level in 0..depth {
        let _ = write!(
            text,
            r#"{{"name":"node {level}","kind":"folder","children":[{{"name":"leaf {number}","children":[]}},"#
        );
    }
    text.push_str(r#"{"name":"last","children":[]}"#);
    text.push_str(&"]}".repeat(depth));
    text
}

/// Large integers and dates.
pub(crate) fn measurement(number: usize) -> String {
    let number = number + 1;
    let large = 9_007_199_254_740_993_u64 + number as u64 * 7_919;
    format!(
        r#"{{"id":-{large},"account":{},"at":"2024-05-{:02}T12:00:00.123Z","until":"2026-11-{:02}T01:02:03+01:00","counts":[{number},{large},-{number},17,1234567890123]}}"#,
        u64::MAX - number as u64,
        number % 28 + 1,
        number % 30 + 1,
    )
}

/// A union whose discriminator comes first.
pub(crate) fn event(number: usize) -> String {
    match number % 3 {
        0 => format!(r#"{{"type":"opened","id":{number},"title":"The {number}th"}}"#),
        1 => format!(r#"{{"type":"moved","id":{number},"from":"backlog","to":"in progress"}}"#),
        _ => format!(r#"{{"type":"closed","id":{number},"by":{{"id":7,"login":"user-7","site_admin":true}}}}"#),
    }
}
