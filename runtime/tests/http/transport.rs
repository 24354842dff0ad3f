//! HTTP clients with settings of the caller. Feature `reqwest-013`.
#![cfg(feature = "reqwest-013")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Recorder, builder};
use clientwright_runtime::reqwest::{self, redirect::Policy};
use clientwright_runtime::{Credential, codegen};
use http::{HeaderMap, HeaderValue, Method};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

mod api {
    use super::{Credential, codegen};

    codegen::client!(ApiClient, ApiClientBuilder, Auth);

    impl Auth {
        pub(crate) fn token(token: &str) -> Self {
            Self(Credential::bearer("token", token.to_owned()))
        }
    }
}

#[tokio::test]
async fn all_settings_hold_but_the_redirect_policy() {
    let recorder = Recorder::answering(&["302 Found\nLocation: /b", "200 OK"]);
    let transport = |defaults: reqwest::ClientBuilder| defaults.user_agent("mine/1").redirect(Policy::limited(3));
    let client = builder(&recorder.url).transport(transport).build().unwrap();
    client.request_raw(Method::GET, "/a").send().await.unwrap();
    let sent: Vec<_> = recorder.sent().iter().map(|sent| sent.header("user-agent").map(str::to_owned)).collect();
    assert_eq!(sent, [Some("mine/1".to_owned()), Some("mine/1".to_owned())]);

    let recorder = Recorder::start();
    let builder = api::ApiClient::builder(&recorder.url).auth(api::Auth::token("t"));
    let client = builder.transport(transport).build().unwrap();
    client.raw().request_raw(Method::GET, "/").send().await.unwrap();
    assert_eq!(recorder.only().header("user-agent"), Some("mine/1"));
}

#[tokio::test]
async fn its_headers_do_not_go_to_another_origin() {
    let secret = |name: &'static str| (http::HeaderName::from_static(name), HeaderValue::from_static("s3cr3t"));
    let headers: HeaderMap = ["authorization", "cookie", "x-api-key"].into_iter().map(secret).collect();
    let other = Recorder::answering(&["200 OK"]);
    let recorder = Recorder::answering(&["302 Found\nLocation: /b", &format!("302 Found\nLocation: {}/c", other.url)]);
    let transport = |defaults: reqwest::ClientBuilder| defaults.default_headers(headers);
    let client = builder(&recorder.url).transport(transport).build().unwrap();
    client.request_raw(Method::GET, "/a").send().await.unwrap();
    let own = recorder.sent();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|sent| sent.header("x-api-key") == Some("s3cr3t")));
    assert_eq!(other.only().target(), "/c");
    assert!(!format!("{:?}", other.only()).contains("s3cr3t"), "{:?}", other.only());
}

#[tokio::test]
async fn its_headers_go_along_to_a_server_for_tokens() {
    let given = "200 OK\n\n{\"access_token\": \"t0k3n\"}";
    let (recorder, tokens) = (Recorder::start(), Recorder::answering(&[given]));
    let flow = codegen::Flow::new("/token");
    let auth = || Credential::client_credentials("token", &flow, "id".to_owned(), "s3cr3t".to_owned());
    let headers = || HeaderMap::from_iter([(http::HeaderName::from_static("x-mine"), HeaderValue::from_static("1"))]);
    let ready = reqwest::Client::builder().default_headers(headers()).redirect(Policy::none()).build().unwrap();
    let builders = [
        builder(&recorder.url).transport(|defaults| defaults.default_headers(headers())),
        builder(&recorder.url).http_client(ready),
    ];
    for builder in builders {
        let client = builder.server("/token", &tokens.url).header("X-Api", "1").auth(auth()).build().unwrap();
        client.request_raw(Method::GET, "/a").security(&[&["token"]]).send().await.unwrap();
    }
    assert_eq!(tokens.sent().len(), 2);
    let (mine, api) = (|sent: &crate::support::Sent| sent.header("x-mine").is_some(), recorder.sent());
    assert!(tokens.sent().iter().all(|sent| mine(sent) && sent.header("x-api").is_none()));
    assert!(api.iter().all(|sent| mine(sent) && sent.header("x-api").is_some()));
}

#[tokio::test]
async fn its_time_limits_hold_too() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let idle = |defaults: reqwest::ClientBuilder| defaults.read_timeout(Duration::from_millis(50));
    let client = builder(&server.uri()).transport(idle).timeout(Duration::MAX).build().unwrap();
    assert!(client.request_raw(Method::GET, "/").send().await.unwrap_err().is_timeout());
    let patient = builder(&server.uri()).transport(|defaults| defaults.read_timeout(Duration::from_secs(90)));
    let client = patient.idle_timeout(Duration::from_millis(50)).build().unwrap();
    assert!(client.request_raw(Method::GET, "/").send().await.unwrap_err().is_timeout());
    let request = client.request_raw(Method::GET, "/").timeout(Duration::from_millis(20));
    assert!(request.send().await.unwrap_err().is_timeout());
}

/// The values of a header of all requests.
fn sent(recorder: &Recorder, name: &str) -> Vec<Option<String>> {
    recorder.sent().iter().map(|sent| sent.header(name).map(str::to_owned)).collect()
}

#[tokio::test]
async fn what_is_not_changed_stays() {
    let recorder = Recorder::start();
    let client = builder(&recorder.url).transport(reqwest::ClientBuilder::no_proxy).build().unwrap();
    client.request_raw(Method::GET, "/").send().await.unwrap();
    assert!(recorder.only().header("user-agent").unwrap().starts_with("clientwright-runtime/"));

    // This address is for documentation (RFC 5737) and unreachable.
    let client = builder("http://192.0.2.1").transport(|defaults| defaults.user_agent("x"));
    let client = client.connect_timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.request_raw(Method::GET, "/").send().await.unwrap_err();
    assert!(error.is_timeout() || error.is_connect(), "{error:?}");
}

#[tokio::test]
async fn changes_add_up() {
    let recorder = Recorder::start();
    let mut headers = HeaderMap::new();
    headers.insert("x-mine", HeaderValue::from_static("1"));
    let client = builder(&recorder.url).transport(|defaults| defaults.default_headers(headers));
    let client = client.transport(|changed| changed.user_agent("mine/2")).build().unwrap();
    client.request_raw(Method::GET, "/").send().await.unwrap();
    assert_eq!(recorder.only().header("x-mine"), Some("1"));
    assert_eq!(recorder.only().header("user-agent"), Some("mine/2"));
}

#[tokio::test]
async fn a_ready_client_sends_and_only_to_its_server() {
    let other = Recorder::answering(&["200 OK"]);
    let recorder = Recorder::answering(&["302 Found\nLocation: /b", &format!("302 Found\nLocation: {}/c", other.url)]);
    let ready = reqwest::Client::builder().user_agent("ready/1").redirect(Policy::none()).build().unwrap();
    let api = api::ApiClient::builder(&recorder.url).auth(api::Auth::token("t")).http_client(ready).build().unwrap();
    api.raw().request_raw(Method::GET, "/a").security(&[&["token"]]).send().await.unwrap();
    assert_eq!(sent(&recorder, "user-agent"), [Some("ready/1".to_owned()), Some("ready/1".to_owned())]);
    assert_eq!(sent(&recorder, "authorization"), [Some("Bearer t".to_owned()), Some("Bearer t".to_owned())]);
    assert_eq!(sent(&other, "authorization"), [None]);
    assert!(other.only().header("user-agent").unwrap().starts_with("clientwright-runtime/"));
}

#[test]
fn a_ready_client_that_follows_redirects_is_refused() {
    let disguise = || {
        let value = HeaderValue::from_static(r#", redirect_policy: "Policy(None)","#);
        let name = http::HeaderName::from_static("x-disguise");
        reqwest::Client::builder()
            .user_agent(r#" redirect_policy: "Policy(None)","#)
            .default_headers(HeaderMap::from_iter([(name, value)]))
    };
    let following = [
        disguise(),
        disguise().redirect(Policy::limited(0)),
        disguise().redirect(Policy::custom(redirect_never)),
        disguise().referer(false),
    ];
    for following in following {
        let error = builder("http://localhost").http_client(following.build().unwrap()).build().unwrap_err();
        assert!(error.to_string().contains("follows redirects, which would forward credentials"), "{error}");
    }
    let ready = disguise().redirect(Policy::none()).build().unwrap();
    builder("http://localhost").http_client(ready).build().unwrap();
}

/// Equivalent to no policy, but indistinguishable from any other.
fn redirect_never(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    attempt.stop()
}

#[tokio::test]
async fn an_interceptor_answers_from_its_cache() {
    type Stored = Arc<Mutex<Option<(HeaderValue, bytes::Bytes)>>>;

    async fn cached(
        http: reqwest::Client,
        mut request: reqwest::Request,
        stored: Stored,
    ) -> reqwest::Result<reqwest::Response> {
        let known = stored.lock().unwrap().clone();
        if let Some((tag, _)) = &known {
            request.headers_mut().insert("if-none-match", tag.clone());
        }
        let response = http.execute(request).await?;
        if let Some((_, body)) = known.filter(|_| response.status() == 304) {
            return Ok(http::Response::new(body).into());
        }
        let Some(tag) = response.headers().get("etag").cloned() else { return Ok(response) };
        let body = response.bytes().await?;
        *stored.lock().unwrap() = Some((tag, body.clone()));
        Ok(http::Response::new(body).into())
    }

    let stored = Stored::default();
    let recorder = Recorder::answering(&["200 OK\nETag: \"1\"\n\ncontent", "304 Not Modified"]);
    let client = api::ApiClient::builder(&recorder.url)
        .auth(api::Auth::token("t"))
        .intercept(move |http, request| cached(http, request, stored.clone()))
        .build()
        .unwrap();
    for _ in 0..2 {
        let request = client.raw().request_raw(Method::GET, "/a").security(&[&["token"]]);
        assert_eq!(request.send().await.unwrap().body(), "content");
    }
    assert_eq!(sent(&recorder, "if-none-match"), [None, Some("\"1\"".to_owned())]);
    assert_eq!(sent(&recorder, "authorization"), [Some("Bearer t".to_owned()), Some("Bearer t".to_owned())]);
}

#[tokio::test]
async fn an_interceptor_decides_what_follows_from_a_response() {
    let other = Recorder::answering(&["202 Accepted"]);
    let away = format!("302 Found\nLocation: {}/c", other.url);
    let recorder = Recorder::answering(&["202 Accepted", "200 OK", &away, "204 x"]);
    let client = builder(&recorder.url)
        .intercept(|http, request| async move {
            let again = request.try_clone();
            let response = http.execute(request).await?;
            match again {
                Some(again) if response.status() == 202 => http.execute(again).await,
                _ => Ok(response),
            }
        })
        .build()
        .unwrap();
    let status = || async { client.request_raw(Method::GET, "/a").send().await.unwrap().status().as_u16() };
    assert_eq!((status().await, recorder.sent().len()), (200, 2));
    // Another origin does not see it.
    assert_eq!((status().await, recorder.sent().len(), other.sent().len()), (202, 3, 1));
}
