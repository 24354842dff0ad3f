//! Tests of the calls of operations and of the headers of their responses.

use super::*;
use crate::generate::{Document, read_api};
use crate::ir::{StatusMatch, TypeId};
use clientwright_normalizer::Source;
use clientwright_normalizer::pointer::Pointer;

/// Returns the `Accept` media types of each call, given the media types of the responses.
fn accepted(responses: &[(&str, &[&str])]) -> Vec<Vec<String>> {
    calls(responses).into_iter().map(|variant| variant.accept).collect()
}

fn calls(responses: &[(&str, &[&str])]) -> Vec<CallVariant> {
    let mut text =
        "{openapi: 3.0.3, info: {title: t, version: v}, paths: {/x: {get: {operationId: x, responses: {".to_owned();
    for (status, media_types) in responses {
        let content: Vec<String> =
            media_types.iter().map(|name| format!("'{name}': {{schema: {{type: string}}}}")).collect();
        text += &format!("'{status}': {{description: d, content: {{{}}}}},", content.join(","));
    }
    text += "}}}}}";
    let source = Source { name: "t.yaml".to_owned(), text };
    let (api, _) = read_api(&Document::new("t", source)).unwrap();
    call_variants(&api).remove(0).variants
}

#[test]
fn media_types_without_a_call_are_listed() {
    let further = |names: &[&str]| -> Vec<Vec<String>> {
        calls(&[("200", names)]).into_iter().map(|variant| variant.further).collect()
    };
    assert_eq!(
        further(&["application/json", "text/csv", "text/html", "text/*"]),
        [vec![], vec!["text/html".to_owned()]]
    );
    assert_eq!(further(&["text/csv", "text/html"]), [["text/html"]]);
    assert_eq!(further(&["application/json", "application/vnd.x+json"]), [[""; 0]]);
}

#[test]
fn accept_lists_failures_after_successes() {
    assert_eq!(
        accepted(&[("200", &["text/html"]), ("404", &["application/json"])]),
        [["text/html", "application/json"]]
    );
    assert_eq!(accepted(&[("200", &["application/json"]), ("404", &["application/json"])]), [["application/json"]]);
    assert_eq!(accepted(&[("204", &[]), ("404", &["application/json"])]), [["application/json"]]);
}

#[test]
fn accept_lists_a_limited_number_of_media_types() {
    let names: Vec<String> = (0..30).map(|number| format!("text/x-{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let listed = |count: usize| accepted(&[("200", &names[..count])]).remove(0);
    assert_eq!(listed(20), names[..20]);
    assert_eq!(listed(30), [&names[..20], &["*/*"]].concat());
}

/// Returns the media types that distinguish the JSON bodies of a failure, each of another type; `None` matches all
/// others.
fn distinguishing_names(names: &[&str]) -> Vec<Option<String>> {
    let media_type = |(index, name): (usize, &&str)| MediaType {
        name: (*name).to_owned(),
        kind: MediaKind::Json,
        named_by_caller: false,
        ty: TypeRef::of(TypeId(index)),
        encodings: Vec::new(),
        origin: Pointer::root(),
    };
    let failure = Response {
        status: StatusMatch::Code(400),
        media_types: names.iter().enumerate().map(media_type).collect(),
        headers: Vec::new(),
        docs: Docs::default(),
    };
    match failure_payload(&Types::default(), &[&failure]) {
        ResponsePayload::ByStatus(statuses) => statuses.into_iter().map(|status| status.media_type).collect(),
        payload => panic!("{payload:?}"),
    }
}

#[test]
fn parameters_distinguish_failures_as_a_last_resort() {
    let some = |name: &str| Some(name.to_owned());
    let (plain, charset) = ("application/json", "application/json; charset=utf-8");
    assert_eq!(distinguishing_names(&[plain, charset]), [some(charset), None]);
    assert_eq!(distinguishing_names(&[charset, plain]), [some(charset), None]);
    let (one, two, other) = ("a/b+json; v=1", "a/b+json; v=2", "a/c+json; v=1");
    assert_eq!(distinguishing_names(&[one, two, other]), [some(two), some("a/c+json"), None]);
    assert_eq!(distinguishing_names(&[plain, one, two]), [some(two), some("a/b+json"), None]);
}

#[test]
fn charsets_are_ignored() {
    let (plain, charset) = ("application/json", "application/json; charset=utf-8");
    assert_eq!(accepted(&[("200", &[plain, charset])]), [[plain]]);
    assert_eq!(accepted(&[("200", &[charset, plain])]), [[plain]]);
    assert_eq!(accepted(&[("200", &[charset]), ("404", &[plain])]), [[plain]]);
    assert_eq!(accepted(&[("200", &[charset])]), [[charset]]);
}

#[test]
fn every_media_type_of_a_body_can_be_sent() {
    let body = |names: &[&str]| {
        let content: Vec<String> = names.iter().map(|name| format!("'{name}': {{}}")).collect();
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: t, version: v}}, paths: {{/x: {{post: {{operationId: x, requestBody: \
            {{content: {{{}}}}}, responses: {{'204': {{description: d}}}}}}}}}}}}",
            content.join(",")
        );
        let source = Source { name: "t.yaml".to_owned(), text };
        let (api, _) = read_api(&Document::new("t", source)).unwrap();
        let calls = call_variants(&api).remove(0);
        calls.variants.into_iter().filter_map(|call| call.sends).map(|sent| sent.media_type.name).collect::<Vec<_>>()
    };
    let images: Vec<String> = (0..9).map(|number| format!("image/x-{number}")).collect();
    let mut many: Vec<&str> = images.iter().map(String::as_str).collect();
    assert_eq!(body(&many), ["image/x-0"]);
    many.insert(3, "application/json");
    assert_eq!(body(&many), ["application/json", "image/x-0"]);
    assert_eq!(body(&many[6..]), many[6..]);
    let patches = ["application/json-patch+json", "application/merge-patch+json"];
    assert_eq!(body(&patches), patches);
    assert_eq!(body(&["application/hal+json", "application/json", "application/scim+json"]), ["application/json"]);
    assert_eq!(body(&["application/x-ndjson", "application/json", "text/csv"])[0], "application/json");
    assert_eq!(body(&["application/json", "application/json; charset=utf-8"]), ["application/json"]);
    assert_eq!(
        body(&["application/json", "application/json;version=2"]),
        ["application/json", "application/json;version=2"]
    );
}

#[test]
fn media_types_of_other_successes_are_not_accepted() {
    let both = [("200", &["application/json", "text/csv"][..]), ("404", &["application/json"])];
    assert_eq!(accepted(&both), [["application/json"], ["text/csv"]]);
}

fn response(status: StatusMatch, headers: &[(&str, Option<&str>)]) -> Response {
    let header = |(name, description): &(&str, Option<&str>)| ResponseHeader {
        wire_name: (*name).to_owned(),
        value: description.map(|_| "integer"),
        docs: Docs { description: description.map(str::to_owned), ..Docs::default() },
    };
    Response { status, media_types: Vec::new(), headers: headers.iter().map(header).collect(), docs: Docs::default() }
}

fn told(responses: &[Response]) -> Vec<(String, Option<String>, Vec<StatusMatch>)> {
    let headers = response_headers(responses).into_iter();
    headers.map(|header| (header.header.wire_name, header.header.docs.description, header.statuses)).collect()
}

#[test]
fn headers_are_listed_once_with_their_statuses() {
    let (ok, created, slow) = (StatusMatch::Code(200), StatusMatch::Code(201), StatusMatch::Code(429));
    let responses = [
        response(ok, &[("ETag", None), ("Location", None)]),
        response(created, &[("etag", Some("Its version."))]),
        response(slow, &[("Retry-After", Some("When."))]),
    ];
    let expected = [
        ("ETag".to_owned(), Some("Its version.".to_owned()), vec![]),
        ("Location".to_owned(), None, vec![ok]),
        ("Retry-After".to_owned(), Some("When.".to_owned()), vec![slow]),
    ];
    assert_eq!(told(&responses), expected);
}

#[test]
fn a_default_response_is_a_success_if_there_is_no_other() {
    assert_eq!(told(&[response(StatusMatch::Default, &[("A", None)])]), [("A".to_owned(), None, vec![])]);
    let failure = StatusMatch::Range(4);
    let responses = [response(StatusMatch::Code(204), &[]), response(failure, &[("A", None)])];
    assert_eq!(told(&responses), [("A".to_owned(), None, vec![failure])]);
}
