//! Pagination: requests, results, and that no server keeps a client busy forever.

use std::future::poll_fn;
use std::pin::pin;

use crate::support::{Recorder, builder};
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, Client, Credential, PageError, json};
use futures_core::Stream;

/// One page.
#[derive(Clone, PartialEq)]
struct Things {
    things: Option<Vec<String>>,
    next: Option<String>,
    more: Option<bool>,
    total: Option<i64>,
}
codegen::object!(Things { "things" => things?, "next" => next?, "more" => more?, "total" => total? });

const LIST: Operation = Operation::get("listThings", "/things").accept("application/json").security(&[&["token"]]);

macro_rules! lists {
    ($($name:ident { $($paging:tt)* })*) => {$(
        struct $name {
            call: Call<Things>,
        }
        codegen::pages!($name => Things, String, () { items(|page| page.things.as_mut()), $($paging)* });
        impl $name {
            fn of(client: &Client) -> Self {
                Self { call: Call::new(client.request(&LIST), decode::json, decode::empty) }
            }

            #[allow(dead_code, reason = "not every list is narrowed down")]
            fn set(mut self, parameter: &str, value: impl Into<String>) -> Self {
                self.call.query(parameter, &value.into());
                self
            }
        }
    )*};
}

lists! {
    ByToken { token("token", |page| Some(page.next.as_ref()?)) }
    ByMore { token("token", |page| Some(page.next.as_ref()?)), more(|page| Some(page.more.as_ref()?)) }
    ByLastItem { last_item("after", |item| Some(item)) }
    ByTokenFromTheBeginning { token("token", |page| Some(page.next.as_ref()?)), first("*") }
    ByPage { page("page", 1) }
    ByPageOfSeveral { page("page", 0), total_pages(|page| Some(page.total.as_ref()?)) }
    ByPageOfItems { page("page", 1), total_items(|page| Some(page.total.as_ref()?)) }
    ByOffsetOfItems { offset("offset"), total_items(|page| Some(page.total.as_ref()?)) }
    ByOffset { offset("offset") }
    ByLink { link() }
    ByUrl { next(|page| Some(page.next.as_ref()?)) }
    ByTokenInBody { token(&["page", "after"], |page| Some(page.next.as_ref()?)) }
    ByOffsetInBody { offset(&["from"]) }
    ByHeader { response_header(codegen::PageParameter::Header("X-Continuation"), "x-continuation") }
    ByHeaderInQuery { response_header("page", "x-next-page") }
    ByPageInHeader { page(codegen::PageParameter::Header("X-Page"), 1) }
}

fn page(things: &str, rest: &str) -> String {
    let things: Vec<String> = things.split_whitespace().map(|thing| format!("{thing:?}")).collect();
    format!("200 OK\n\n{{\"things\": [{}]{rest}}}", things.join(", "))
}

/// A server that sends these pages, the last one repeatedly.
fn server(pages: &[String]) -> (Recorder, Client) {
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    let recorder = Recorder::answering(&pages);
    let client = recorder.client(&[Credential::bearer("token", "secret".into())]);
    (recorder, client)
}

fn targets(recorder: &Recorder) -> Vec<String> {
    recorder.sent().iter().map(|sent| sent.target().to_owned()).collect()
}

#[tokio::test]
async fn a_token_leads_to_the_next_page() {
    for last in ["", ", \"next\": null", ", \"next\": \"\""] {
        let pages = [page("a b", ", \"next\": \"1&2\""), page("", ", \"next\": \"3\""), page("c", last)];
        let (recorder, client) = server(&pages);
        assert_eq!(ByToken::of(&client).set("q", "x").items().up_to(10).await.unwrap(), ["a", "b", "c"]);
        assert_eq!(targets(&recorder), ["/things?q=x", "/things?q=x&token=1%262", "/things?q=x&token=3"]);
        assert!(recorder.sent().iter().all(|sent| sent.header("authorization") == Some("Bearer secret")));
    }
}

#[tokio::test]
async fn a_header_leads_to_the_next_page() {
    let with = |header: &str, things: &str| page(things, "").replacen("200 OK", &format!("200 OK{header}"), 1);
    for last in ["", "\nX-Continuation: "] {
        let pages = [with("\nX-Continuation: a/1", "a"), with("\nx-continuation: 2", ""), with(last, "b")];
        let (recorder, client) = server(&pages);
        assert_eq!(ByHeader::of(&client).items().up_to(10).await.unwrap(), ["a", "b"]);
        let sent = recorder.sent();
        let tokens: Vec<_> = sent.iter().map(|sent| sent.header("x-continuation")).collect();
        assert_eq!(tokens, [None, Some("a/1"), Some("2")]);
    }
    let (recorder, client) = server(&[with("\nX-Next-Page: 2", "a"), with("\nX-Next-Page:", "b")]);
    assert_eq!(ByHeaderInQuery::of(&client).items().up_to(10).await.unwrap(), ["a", "b"]);
    assert_eq!(targets(&recorder), ["/things", "/things?page=2"]);

    let (recorder, client) = server(&[page("a", ""), page("b", ""), page("", "")]);
    let mut list = ByPageInHeader::of(&client);
    list.call.header_parameter("X-Page", &5);
    assert_eq!(list.items().up_to(10).await.unwrap(), ["a", "b"]);
    let sent = recorder.sent();
    assert_eq!(sent.iter().map(|sent| sent.header("x-page").unwrap()).collect::<Vec<_>>(), ["5", "6", "7"]);

    // A server whose pages form a cycle.
    let (_, client) = server(&[with("\nX-Continuation: 1", "a")]);
    let error = ByHeader::of(&client).items().up_to(10).await.unwrap_err();
    assert!(matches!(error, PageError::Endless { .. }), "{error}");
}

#[tokio::test]
async fn pages_have_what_is_not_an_item_and_end_for_good() {
    let (recorder, client) = server(&[page("a", ", \"next\": \"t\""), page("b", "")]);
    let mut pages = ByToken::of(&client).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.status().as_u16(), first.next.as_deref()), (200, Some("t")));
    assert_eq!(recorder.sent().len(), 1, "a page is fetched when it is asked for");
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.is_none());
    assert!(pages.next().await.is_none());
    assert_eq!(recorder.sent().len(), 2);
}

#[tokio::test]
async fn a_server_may_say_that_there_is_no_more() {
    let (recorder, client) =
        server(&[page("a", ", \"next\": \"t\", \"more\": true"), page("b", ", \"next\": \"u\", \"more\": false")]);
    assert_eq!(ByMore::of(&client).items().up_to(10).await.unwrap(), ["a", "b"]);
    assert_eq!(recorder.sent().len(), 2);
}

#[tokio::test]
async fn the_last_item_leads_to_the_next_page() {
    let (recorder, client) = server(&[page("a b", ""), page("c", ""), page("", "")]);
    assert_eq!(ByLastItem::of(&client).items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(targets(&recorder), ["/things", "/things?after=b", "/things?after=c"]);
}

#[tokio::test]
async fn pages_and_offsets_go_on_from_where_the_caller_begins() {
    let pages = [page("a b", ""), page("c", ""), page("", "")];
    let (recorder, client) = server(&pages);
    let mut found = ByPage::of(&client).pages();
    assert_eq!(found.next().await.unwrap().unwrap().things.as_ref().unwrap().len(), 2);
    assert!(found.next().await.unwrap().is_ok());
    assert!(found.next().await.is_none(), "there is no page after the last");
    assert_eq!(targets(&recorder), ["/things", "/things?page=2", "/things?page=3"]);

    let (recorder, client) = server(&pages);
    assert_eq!(ByPage::of(&client).set("page", "4").items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(targets(&recorder), ["/things?page=4", "/things?page=5", "/things?page=6"]);

    let (recorder, client) = server(&pages);
    assert_eq!(ByOffset::of(&client).set("offset", "5").items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(targets(&recorder), ["/things?offset=5", "/things?offset=7", "/things?offset=8"]);
}

fn bodies(recorder: &Recorder) -> Vec<String> {
    recorder.sent().iter().map(|sent| sent.body.clone()).collect()
}

#[tokio::test]
async fn the_status_404_is_the_end_of_numbered_pages_but_not_a_page_itself() {
    let absent = "404 Not Found\n\n{\"detail\": \"Invalid page.\"}".to_owned();
    let (recorder, client) = server(&[page("a b", ""), page("c", ""), absent.clone()]);
    assert_eq!(ByPage::of(&client).items().up_to(9).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(targets(&recorder), ["/things", "/things?page=2", "/things?page=3"]);

    let (_, client) = server(std::slice::from_ref(&absent));
    assert!(ByPage::of(&client).items().up_to(9).await.unwrap_err().to_string().contains("404"));
    let (_, client) = server(&[page("a", ""), absent]);
    assert!(ByOffset::of(&client).items().up_to(9).await.unwrap_err().to_string().contains("404"));
    let (_, client) = server(&[page("a", ""), "403 Forbidden\n\n".to_owned()]);
    assert!(ByPage::of(&client).items().up_to(9).await.unwrap_err().to_string().contains("403"));
}

#[tokio::test]
async fn a_token_may_be_a_property_of_the_body() {
    let pages = [page("a b", ", \"next\": \"1&2\""), page("c", "")];
    let (recorder, client) = server(&pages);
    let mut list = ByTokenInBody::of(&client);
    list.call.json(&json!({"page": {"size": 2}, "query": "x"}));
    assert_eq!(list.items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    let first = r#"{"page":{"size":2},"query":"x"}"#;
    assert_eq!(bodies(&recorder), [first, r#"{"page":{"after":"1&2","size":2},"query":"x"}"#]);
    assert!(recorder.sent().iter().all(|sent| sent.header("content-type") == Some("application/json")));

    let (recorder, client) = server(&pages);
    assert_eq!(ByTokenInBody::of(&client).items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(bodies(&recorder), ["", r#"{"page":{"after":"1&2"}}"#], "without a body there is one for the token");
}

#[tokio::test]
async fn an_offset_in_the_body_goes_on_from_where_the_caller_begins() {
    let (recorder, client) = server(&[page("a b", ""), page("c", ""), page("", "")]);
    let mut list = ByOffsetInBody::of(&client);
    list.call.json(&json!({"from": 5}));
    assert_eq!(list.items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(bodies(&recorder), [r#"{"from":5}"#, r#"{"from":7}"#, r#"{"from":8}"#]);
}

#[tokio::test]
async fn a_body_that_cannot_take_a_token_is_an_error() {
    let (recorder, client) = server(&[page("a b", ", \"next\": \"t\"")]);
    let mut list = ByTokenInBody::of(&client);
    list.call.json(&json!([1]));
    let error = list.items().up_to(10).await.unwrap_err().to_string();
    assert!(error.ends_with("the body must be a JSON object to have the property `page.after`"), "{error}");
    assert_eq!(recorder.sent().len(), 1);
}

#[tokio::test]
async fn an_empty_list_has_one_page() {
    let (recorder, client) = server(&[page("", "")]);
    assert!(ByOffset::of(&client).items().next().await.is_none());
    assert!(ByOffset::of(&client).pages().next().await.is_some());
    assert_eq!(recorder.sent().len(), 2);
}

/// A page with an item and the URL of the next page.
fn linked(thing: &str, next: &str) -> String {
    page(thing, &format!(", \"next\": {next:?}"))
}

fn header(next: &str) -> String {
    format!("200 OK\nLink: <{next}>; rel=\"next\"\n\n{{\"things\": [\"a\"]}}")
}

#[tokio::test]
async fn a_link_to_the_same_path_gives_the_query_and_nothing_else() {
    let (thief, _) = server(&[page("stolen", "")]);
    for link in ["/things", "/behind/a/proxy/things/", "http://user:password@[::1]/%74hings"] {
        let link = if link.starts_with('/') { format!("{}{link}", thief.url) } else { link.to_owned() };
        let query = format!("{link}?page=2&q=a%20b");
        let (recorder, client) = server(&[header(&query), page("b", "")]);
        assert_eq!(ByLink::of(&client).set("q", "x").items().up_to(10).await.unwrap(), ["a", "b"]);
        assert_eq!(targets(&recorder), ["/things?q=x", "/things?page=2&q=a%20b"]);
    }
    for last in ["", ", \"next\": null", ", \"next\": \"\""] {
        let first = linked("a", &format!("{}/things?$skiptoken=a%20b#x", thief.url));
        let (recorder, client) = server(&[first, linked("b", "/things?page=3"), page("c", last)]);
        assert_eq!(ByUrl::of(&client).set("q", "x").items().up_to(10).await.unwrap(), ["a", "b", "c"]);
        assert_eq!(targets(&recorder), ["/things?q=x", "/things?$skiptoken=a%20b", "/things?page=3"]);
    }
    assert!(thief.sent().is_empty(), "credentials never follow a link to another origin");
}

#[tokio::test]
async fn a_server_need_not_know_the_beginning_of_its_path() {
    for (base, link) in [
        ("/shop/api", "/things?page=2"),
        ("/shop/api", "https://inside.example/v2/things?page=2"),
        ("/shop/api", "inside.example:80/things?page=2"),
        ("/shop/api", "?page=2"),
        ("", "https://inside.example/shop/api/things?page=2"),
    ] {
        let (recorder, _) = server(&[linked("a", link), page("b", "")]);
        let client = builder(&(recorder.url.clone() + base)).auth(Credential::bearer("token", "secret".into()));
        let items = ByUrl::of(&client.build().unwrap()).items().up_to(10).await.unwrap();
        assert_eq!(items, ["a", "b"], "{base} {link}");
        assert_eq!(targets(&recorder), [format!("{base}/things"), format!("{base}/things?page=2")], "{link}");
    }
    const LIST: Operation = Operation::get("listThings", "/api/of/{user}/things").security(&[&["token"]]);
    for link in ["http://inside.example/of/a@b,c/things?page=2", "http://inside.example/v1/api/of/a@b,c/things?page=2"]
    {
        let (recorder, client) = server(&[linked("a", link), page("b", "")]);
        let request = client.request(&LIST).path("user", "a@b,c");
        let list = ByUrl { call: Call::new(request, decode::json, decode::empty) };
        assert_eq!(list.items().up_to(10).await.unwrap(), ["a", "b"]);
        assert_eq!(targets(&recorder)[1], "/api/of/a%40b%2Cc/things?page=2");
    }
}

#[tokio::test]
async fn another_path_is_followed_on_the_same_host() {
    const LIST: Operation = Operation::get("listThings", "/lists/{number}/things").security(&[&["token"]]);
    for (link, expected) in [
        ("/api/lists/2/things?$skiptoken=bar", "/api/lists/2/things?$skiptoken=bar"),
        ("next", "/api/lists/1/next"),
        ("../../elsewhere/things?a=b c", "/api/elsewhere/things?a=b%20c"),
        ("//{host}/api/lists/1?x=1#y", "/api/lists/1?x=1"),
        ("/v2//things?", "/v2//things"),
        // A proxy adds TLS.
        ("https://{host}/outside/things", "/outside/things"),
    ] {
        let (recorder, _) =
            server(&[linked("a", link), linked("b", "/else/2/things"), linked("c", "?p=4"), page("d", "")]);
        let client = builder(&format!("{}/api", recorder.url)).auth(Credential::bearer("token", "secret".into()));
        let request = client.build().unwrap().request(&LIST).path("number", &1).query("q", "x");
        let mut pages = ByUrl { call: Call::new(request, decode::json, decode::empty) }.pages();
        assert!(pages.next().await.unwrap().is_ok());
        assert_eq!(pages.position().map(|position| position.trim_end_matches('?')), Some(expected));
        assert_eq!(pages.items().up_to(10).await.unwrap(), ["b", "c", "d"]);
        let last = ["/api/lists/1/things?q=x", expected, "/else/2/things", "/else/2/things?p=4"];
        assert_eq!(targets(&recorder), last);
        assert!(recorder.sent().iter().all(|sent| sent.header("authorization") == Some("Bearer secret")));
    }
    let (recorder, client) = server(&[header("/things/2/next"), header("/things/3/next?q=x"), page("b", "")]);
    assert_eq!(ByLink::of(&client).items().up_to(10).await.unwrap(), ["a", "a", "b"]);
    assert_eq!(targets(&recorder), ["/things", "/things/2/next", "/things/3/next?q=x"]);
}

#[tokio::test]
async fn another_path_on_another_host_is_an_error() {
    let (thief, _) = server(&[page("stolen", "")]);
    let elsewhere = format!("{}/elsewhere?token=hidden", thief.url);
    let others = [&elsewhere, "http://user@{host}/elsewhere", "mailto:a@b", "https://inside.example/things/2?page=2"];
    for link in others {
        let (recorder, client) = server(&[linked("a", link), page("b", "")]);
        let mut items = ByUrl::of(&client).items();
        assert_eq!(items.next().await.unwrap().unwrap(), "a");
        let expected = "listThings: the URL of the next page has another path on another host";
        assert_eq!(items.next().await.unwrap().unwrap_err().to_string(), expected, "{link}");
        assert!(items.next().await.is_none());
        assert_eq!(recorder.sent().len(), 1);
    }
    assert!(thief.sent().is_empty(), "credentials never follow a URL to another origin");
    let (_, client) = server(&[linked("a", "http://:80/things?page=2")]);
    let expected = "listThings: the URL of the next page is invalid";
    assert_eq!(ByUrl::of(&client).items().up_to(10).await.unwrap_err().to_string(), expected);
}

#[tokio::test]
async fn a_foreign_server_does_not_choose_a_path() {
    for (link, is_followed) in [("/elsewhere?page=2", false), ("/things?page=2", true)] {
        let (other, _) = server(&[linked("a", link), page("b", "")]);
        let moved = format!("302 Found\nLocation: {}/things\n\n", other.url);
        let (recorder, client) = server(&[moved, page("c", "")]);
        assert_eq!(ByUrl::of(&client).items().up_to(10).await.is_ok(), is_followed);
        let expected = if is_followed { &["/things", "/things?page=2"][..] } else { &["/things"] };
        assert_eq!(targets(&recorder), expected);
    }
}

#[tokio::test]
async fn a_next_page_with_neither_a_query_nor_another_path_is_an_error() {
    let expected = "listThings: the URL of the next page has no query";
    let (_, client) = server(&[linked("a", "/things")]);
    let mut items = ByUrl::of(&client).items();
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    assert_eq!(items.next().await.unwrap().unwrap_err().to_string(), expected);
    assert!(items.next().await.is_none());
    let (_, client) = server(&[header("http://inside.example/v2/things")]);
    assert_eq!(ByLink::of(&client).items().up_to(10).await.unwrap_err().to_string(), expected);
    // A page at another path that links to itself.
    let (recorder, client) = server(&[linked("a", "/things/2")]);
    let expected = "listThings: the server repeatedly returns the same page";
    assert_eq!(ByUrl::of(&client).items().up_to(10).await.unwrap_err().to_string(), expected);
    assert_eq!(recorder.sent().len(), 2);
}

#[tokio::test]
async fn a_key_that_a_link_repeats_is_that_of_the_client() {
    const LIST: Operation = Operation::get("listThings", "/things").accept("application/json").security(&[&["key"]]);
    let linked = "200 OK\nLink: <?api_key=old&page=2>; rel=next\n\n{\"things\": [\"a\"]}".to_owned();
    for (own, targets_after) in [(None, "/things?page=2&api_key=new"), (Some("mine"), "/things?api_key=old&page=2")] {
        let (recorder, _) = server(&[linked.clone(), page("b", "")]);
        let client = recorder.client(&[Credential::query("key", "api_key", "new".into())]);
        let mut list = ByLink { call: Call::new(client.request(&LIST), decode::json, decode::empty) };
        if let Some(own) = own {
            list = list.set("api_key", own);
        }
        assert_eq!(list.items().up_to(10).await.unwrap(), ["a", "b"]);
        assert_eq!(targets(&recorder)[1], targets_after);
    }
}

#[tokio::test]
async fn a_position_has_no_secrets() {
    let linked = "200 OK\nLink: <?api_key=mine&token=1>; rel=next\n\n{\"things\": [\"a\"]}".to_owned();
    let (recorder, client) = server(&[linked.clone(), linked]);
    let by_default = builder(&recorder.url).auth(Credential::bearer("token", "secret".into()));
    let by_default = by_default.default_query("api_key", "mine").build().unwrap();
    for list in [ByLink::of(&client).set("api_key", "mine"), ByLink::of(&by_default)] {
        let mut pages = list.pages();
        assert!(pages.next().await.unwrap().is_ok());
        assert_eq!(pages.position(), Some("token=1"));
    }
    let (_, client) = server(&[header("/of/secret/things/2?token=1"), page("b", "")]);
    let mut pages = ByLink::of(&client).pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pages.position(), Some("/of/[redacted]/things/2?token=1"));
}

#[tokio::test]
async fn what_a_link_cannot_contain_is_encoded() {
    let linked = "200 OK\nLink: <?q=a b\"<x>; rel=next\n\n{\"things\": [\"a\"]}".to_owned();
    let (recorder, client) = server(&[linked, page("b", "")]);
    assert_eq!(ByLink::of(&client).items().up_to(10).await.unwrap(), ["a", "b"]);
    assert_eq!(targets(&recorder)[1], "/things?q=a%20b%22%3Cx");
}

#[tokio::test]
async fn the_same_page_again_and_again_is_an_error() {
    let expected = "listThings: the server repeatedly returns the same page";
    // The same token on each page, and two that alternate.
    let (recorder, client) = server(&[page("a", ", \"next\": \"t\"")]);
    let error = ByToken::of(&client).items().up_to(1000).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(recorder.sent().len(), 2);
    // A server that ignores `page` and `offset`.
    let (recorder, client) = server(&[page("a", "")]);
    let mut pages = ByPage::of(&client).pages();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(matches!(error, PageError::Endless { .. }), "{error:?}");
    assert!(pages.next().await.is_none());
    assert!(ByOffset::of(&client).items().up_to(1000).await.is_err());
    assert_eq!(recorder.sent().len(), 4);
    // A link to the page itself.
    let (_, client) = server(&["200 OK\nLink: <?page=2>; rel=next\n\n{\"things\": [\"a\"]}".to_owned()]);
    assert_eq!(ByLink::of(&client).items().up_to(1000).await.unwrap_err().to_string(), expected);
}

#[tokio::test]
async fn an_error_ends_the_pages() {
    let (recorder, client) = server(&[page("a", ", \"next\": \"t\""), "404 Not Found\n\n".to_owned()]);
    let mut items = ByToken::of(&client).items();
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    match items.next().await.unwrap() {
        Err(PageError::Call(error)) => assert_eq!(error.status().unwrap(), 404),
        other => panic!("{other:?}"),
    }
    assert!(items.next().await.is_none());
    assert_eq!(recorder.sent().len(), 2);
}

#[tokio::test]
async fn no_more_is_fetched_than_is_asked_for() {
    let (recorder, client) = server(&[page("a b", ", \"next\": \"t\""), page("c", "")]);
    assert_eq!(ByToken::of(&client).items().up_to(2).await.unwrap(), ["a", "b"]);
    assert!(ByToken::of(&client).items().up_to(0).await.unwrap().is_empty());
    assert_eq!(recorder.sent().len(), 1);
}

#[tokio::test]
async fn pages_and_items_are_streams() {
    let (_, client) = server(&[page("a b", ", \"next\": \"t\""), page("c", "")]);
    let mut items = pin!(ByToken::of(&client).items());
    let mut found = Vec::new();
    while let Some(item) = poll_fn(|context| items.as_mut().poll_next(context)).await {
        found.push(item.unwrap());
    }
    assert_eq!(found, ["a", "b", "c"]);
    let mut pages = pin!(ByToken::of(&client).pages());
    assert!(poll_fn(|context| pages.as_mut().poll_next(context)).await.is_some());
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let (_, client) = server(&[page("a", "")]);
    let list = || ByToken::of(&client).set("token", "hidden");
    let shown = format!("{:?} {:?}", list().pages(), list().items());
    assert!(!shown.contains("hidden") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn the_first_page_may_need_a_value() {
    let pages = [page("a", ", \"next\": \"1\""), page("b", "")];
    let (recorder, client) = server(&pages);
    assert_eq!(ByTokenFromTheBeginning::of(&client).items().up_to(10).await.unwrap(), ["a", "b"]);
    assert_eq!(targets(&recorder), ["/things?token=%2A", "/things?token=1"]);
    let (recorder, client) = server(&pages);
    assert_eq!(ByTokenFromTheBeginning::of(&client).set("token", "7").items().up_to(10).await.unwrap(), ["a", "b"]);
    assert_eq!(targets(&recorder), ["/things?token=7", "/things?token=1"]);
}

#[tokio::test]
async fn a_total_ends_the_list() {
    let refused = "400 Bad Request\n\nno such page".to_owned();
    let of = |things: &str, total: &str| page(things, &format!(", \"total\": {total}"));

    let (recorder, client) = server(&[of("a b", "2"), of("c", "2"), refused.clone()]);
    assert_eq!(ByPageOfSeveral::of(&client).items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    assert_eq!(targets(&recorder).len(), 2);
    let (_, client) = server(&[of("c", "2"), refused.clone()]);
    assert_eq!(ByPageOfSeveral::of(&client).set("page", "1").items().up_to(10).await.unwrap(), ["c"]);

    let pages = [of("a b", "3"), of("c", "\"3\""), refused.clone()];
    let (_, client) = server(&pages);
    assert_eq!(ByPageOfItems::of(&client).items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    let (_, client) = server(&pages);
    assert_eq!(ByOffsetOfItems::of(&client).items().up_to(10).await.unwrap(), ["a", "b", "c"]);
    let (_, client) = server(&[of("c", "3"), refused.clone()]);
    assert_eq!(ByOffsetOfItems::of(&client).set("offset", "2").items().up_to(10).await.unwrap(), ["c"]);

    // The items of earlier pages are unknown.
    let (_, client) = server(&[of("c", "3"), page("", "")]);
    assert_eq!(ByPageOfItems::of(&client).set("page", "2").items().up_to(10).await.unwrap(), ["c"]);
    // Without a total the list ends as usual.
    let (_, client) = server(&[of("a", "null"), page("", "")]);
    assert_eq!(ByPageOfItems::of(&client).items().up_to(10).await.unwrap(), ["a"]);
    // Equal pages are valid if others follow.
    let (_, client) = server(&[of("a", "3"), of("a", "3"), of("a", "3"), refused]);
    assert_eq!(ByPageOfItems::of(&client).items().up_to(10).await.unwrap(), ["a", "a", "a"]);
}

#[tokio::test]
async fn a_list_continues_after_a_failed_call() {
    let pages = [page("a", ", \"next\": \"1\""), "400 Bad Request\n\n".to_owned(), page("b", "")];
    let (recorder, client) = server(&pages);
    let mut items = ByToken::of(&client).items();
    assert_eq!(items.position(), None);
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    assert!(items.next().await.unwrap().is_err() && items.next().await.is_none());
    assert_eq!(items.position(), Some("1"));
    items.resume();
    assert_eq!(items.next().await.unwrap().unwrap(), "b");
    assert!(items.next().await.is_none());
    items.resume();
    assert!(items.next().await.is_none() && items.position().is_none());
    assert_eq!(targets(&recorder), ["/things", "/things?token=1", "/things?token=1"]);
}
