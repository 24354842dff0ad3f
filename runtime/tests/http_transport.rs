//! HTTP clients with settings of the caller. Feature `reqwest-013`.
#![cfg(test)]
#![cfg(feature = "reqwest-013")]

mod http_support;

use std::time::Duration;

use clientwright_runtime::reqwest::{self, redirect::Policy};
use clientwright_runtime::{Credential, codegen};
use http::{HeaderMap, HeaderValue, Method};
use http_support::{Recorder, builder};
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
    let transport = || reqwest::Client::builder().user_agent("mine/1").redirect(Policy::none());
    let client = builder(&recorder.url).transport(transport()).build().unwrap();
    client.request_raw(Method::GET, "/a").send().await.unwrap();
    let sent: Vec<_> = recorder.sent().iter().map(|sent| sent.header("user-agent").map(str::to_owned)).collect();
    assert_eq!(sent, [Some("mine/1".to_owned()), Some("mine/1".to_owned())]);

    let recorder = Recorder::start();
    let builder = api::ApiClient::builder(&recorder.url).auth(api::Auth::token("t"));
    let client = builder.transport(transport()).build().unwrap();
    client.raw().request_raw(Method::GET, "/").send().await.unwrap();
    assert_eq!(recorder.only().header("user-agent"), Some("mine/1"));
}

#[tokio::test]
async fn its_headers_do_not_go_to_another_origin() {
    let secret = |name: &'static str| (http::HeaderName::from_static(name), HeaderValue::from_static("s3cr3t"));
    let headers: HeaderMap = ["authorization", "cookie", "x-api-key"].into_iter().map(secret).collect();
    let other = Recorder::answering(&["200 OK"]);
    let recorder = Recorder::answering(&["302 Found\nLocation: /b", &format!("302 Found\nLocation: {}/c", other.url)]);
    let transport = reqwest::Client::builder().default_headers(headers);
    let client = builder(&recorder.url).transport(transport).idle_timeout(Duration::from_secs(9)).build().unwrap();
    client.request_raw(Method::GET, "/a").send().await.unwrap();
    let own = recorder.sent();
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|sent| sent.header("x-api-key") == Some("s3cr3t")));
    assert_eq!(other.only().target(), "/c");
    assert!(!format!("{:?}", other.only()).contains("s3cr3t"), "{:?}", other.only());
}

#[tokio::test]
async fn its_time_limits_hold_too() {
    let server = MockServer::start().await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let idle = reqwest::Client::builder().read_timeout(Duration::from_millis(50));
    let client = builder(&server.uri()).transport(idle).timeout(Duration::MAX).build().unwrap();
    assert!(client.request_raw(Method::GET, "/").send().await.unwrap_err().is_timeout());
    let unlimited = builder(&server.uri()).transport(reqwest::Client::builder()).build().unwrap();
    let request = unlimited.request_raw(Method::GET, "/").timeout(Duration::from_millis(50));
    assert!(request.send().await.unwrap_err().is_timeout());
}
