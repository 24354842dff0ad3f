//! Calls as generated code makes them, under the lints that generated code is compiled with.

#![deny(warnings, missing_docs)]
#![allow(unreachable_pub, reason = "a generated module is public in its crate, a test has no public")]

use std::time::Duration;

use crate::support::{Recorder, builder, client, leaked};
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{BuildError, Bytes, Error, JsonValue, Response};
use http::{Method, StatusCode};
use wiremock::matchers::{body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// An API as the generator writes it.
mod things {
    use clientwright_runtime::codegen::{self, Operation, decode};
    use clientwright_runtime::{Call, Client as RuntimeClient, Credential, Error};

    codegen::client!(Client, ClientBuilder, Auth);

    impl Auth {
        /// The token of an account.
        #[inline]
        pub fn token(token: impl Into<String>) -> Self {
            Self(Credential::bearer("token", token.into()))
        }
    }

    impl ClientBuilder {
        /// The role of all calls.
        #[inline]
        pub fn x_role(mut self, value: &str) -> Self {
            self.core = self.core.default_header("X-Role", value);
            self
        }

        /// The key of all calls.
        #[inline]
        pub fn key(mut self, value: &str) -> Self {
            self.core = self.core.default_query("my key", value);
            self
        }
    }

    impl Client {
        /// Things.
        #[inline]
        pub fn things(&self) -> Things<'_> {
            Things { client: self.raw() }
        }
    }

    /// Things.
    #[derive(Debug)]
    pub struct Things<'c> {
        client: &'c RuntimeClient,
    }

    const CREATE: Operation =
        Operation::post("createThing", "/things").accept("application/json").security(&[&["token"]]);
    const LIST: Operation = Operation::get("listThings", "/things")
        .accept("application/json")
        .security(&[&["token"]])
        .default_headers(&["X-Role"])
        .default_query(&["my key"]);

    impl Things<'_> {
        /// Creates a thing.
        #[inline]
        pub fn create(&self, name: &str) -> Call<i64, Failure> {
            Call::new(self.client.request(&CREATE).json(name), decode::json, Failure::decode)
        }

        /// Lists things.
        #[inline]
        pub fn list(&self) -> ListThings {
            ListThings { call: Call::new(self.client.request(&LIST), decode::json, Failure::decode) }
        }
    }

    /// A request of [`Things::list`].
    #[derive(Debug)]
    #[must_use = "a request does nothing until it is awaited"]
    pub struct ListThings {
        call: Call<Vec<String>, Failure>,
    }
    codegen::call!(ListThings => Vec<String>, Failure);

    impl ListThings {
        /// How many.
        #[inline]
        pub fn page_size(mut self, page_size: i64) -> Self {
            self.call.query("pageSize", &page_size);
            self
        }

        /// The role of this call.
        #[inline]
        pub fn x_role(mut self, x_role: &str) -> Self {
            self.call.header_parameter("X-Role", x_role);
            self
        }

        /// The key of this call.
        #[inline]
        pub fn key(mut self, key: &str) -> Self {
            self.call.query("my key", key);
            self
        }
    }

    /// Why a call failed.
    #[derive(Debug, Clone, PartialEq)]
    #[non_exhaustive]
    pub enum Failure {
        /// 404
        NotFound(String),
        /// Any other status
        Other(String),
    }
    codegen::responses!(Failure { 404 => NotFound(json), _ => Other(text) });

    /// An API without authentication.
    pub mod open {
        clientwright_runtime::codegen::client!(Client, ClientBuilder);
    }

    /// Must be callable with `?`.
    #[allow(dead_code)]
    pub async fn question_mark(client: &Client) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        client.things().create("a").await?;
        let failed: Result<_, Error<Failure>> = client.things().list().send().await;
        failed?;
        Ok(())
    }
}

#[tokio::test]
async fn a_generated_client() {
    let server = MockServer::start().await;
    let create = Mock::given(method("POST"))
        .and(path("/api/things"))
        .and(header("Authorization", "Bearer t"))
        .and(body_json("a"));
    create
        .respond_with(ResponseTemplate::new(201).insert_header("X-Id", "5").set_body_string("7"))
        .mount(&server)
        .await;
    let list = Mock::given(method("GET"))
        .and(path("/api/things"))
        .and(query_param("pageSize", "2"))
        .and(header("Accept", "application/json"));
    list.respond_with(ResponseTemplate::new(200).set_body_string("[\"x\"]")).mount(&server).await;

    let client =
        things::Client::builder(&format!("{}/api/", server.uri())).auth(things::Auth::token("t")).build().unwrap();
    let created = client.things().create("a").await.unwrap();
    assert_eq!(
        (created.status(), created.headers()["x-id"].as_bytes(), *created.body()),
        (StatusCode::CREATED, &b"5"[..], 7)
    );
    assert_eq!(format!("{created:?}").matches("x-id").count(), 1);
    let (status, headers, body) = client.things().list().page_size(2).send().await.unwrap().into_parts();
    assert_eq!((status, headers.is_empty(), body), (StatusCode::OK, false, vec!["x".to_owned()]));
    let error = client.things().list().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_FOUND));
    assert!(things::open::Client::builder(&server.uri()).timeout(Duration::from_secs(9)).build().is_ok());
    assert!(!format!("{:?} {:?}", client, things::Auth::token("s3cr3t")).contains("s3cr3t"));
}

#[tokio::test]
async fn a_default_header_is_sent_where_it_is_declared() {
    let recorder = Recorder::answering(&["200 OK\n\n[]", "200 OK\n\n1", "200 OK\n\n[]", "200 OK\n\n[]"]);
    let builder =
        things::Client::builder(&recorder.url).auth(things::Auth::token("t")).x_role("first").x_role("reader");
    let client = builder.timeout(Duration::from_secs(60)).build().unwrap();
    client.things().list().await.unwrap();
    client.things().create("a").await.unwrap();
    client.things().list().x_role("writer").await.unwrap();
    client
        .things()
        .list()
        .x_role("writer")
        .with_header("x-role", "owner")
        .with_timeout(Duration::from_secs(5))
        .await
        .unwrap();
    let roles: Vec<_> = recorder.sent().iter().map(|sent| sent.header("x-role").map(str::to_owned)).collect();
    assert_eq!(roles, [Some("reader".to_owned()), None, Some("writer".to_owned()), Some("owner".to_owned())]);
}

#[tokio::test]
async fn a_default_of_the_query_is_sent_where_it_is_declared() {
    let recorder = Recorder::answering(&["200 OK\n\n[]", "200 OK\n\n1", "200 OK\n\n[]"]);
    let client = things::Client::builder(&recorder.url).key("first").key("a&b").build().unwrap();
    client.things().list().await.unwrap();
    client.things().create("a").await.unwrap();
    client.things().list().key("c").await.unwrap();
    let targets: Vec<_> = recorder.sent().iter().map(|sent| sent.target().to_owned()).collect();
    assert_eq!(targets, ["/things?my%20key=a%26b", "/things", "/things?my%20key=c"]);
    assert!(!format!("{client:?}").contains("a&b"));
}

#[tokio::test]
async fn a_header_of_a_call_replaces() {
    let recorder = Recorder::answering(&["200 OK\n\n1"]);
    let client = things::Client::builder(&recorder.url).auth(things::Auth::token("t")).build().unwrap();
    let call =
        client.things().create("a").with_header("accept", "text/plain").with_header("Accept", "application/yaml");
    call.with_header("content-type", "application/x")
        .with_header("Authorization", "mine")
        .with_header("X-New", "1")
        .with_header("User-Agent", "me")
        .await
        .unwrap();
    let sent = recorder.only();
    assert_eq!((sent.header("accept"), sent.header("content-type")), (Some("application/yaml"), Some("application/x")));
    assert_eq!(
        (sent.header("authorization"), sent.header("x-new"), sent.header("user-agent")),
        (Some("mine"), Some("1"), Some("me"))
    );
    let error = client.things().create("a").with_header("X-Bad", "s3cr3t\r\n").await.unwrap_err();
    assert_eq!(error.to_string(), "createThing: the header parameter `X-Bad` has a value with a control character");
    assert_eq!(recorder.sent().len(), 1);
}

#[tokio::test]
async fn who_is_calling() {
    let recorder = Recorder::start();
    recorder.client(&[]).request_raw(Method::GET, "/").send().await.unwrap();
    assert_eq!(recorder.only().header("user-agent"), Some(concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"))));
}

#[tokio::test]
async fn raw_requests_are_sent_as_they_are() {
    let recorder = Recorder::answering(&["200 OK\n\n\0raw"]);
    let client = recorder.client(&[]);
    let request =
        client.request_raw(Method::PATCH, "/a/{b}/%7Ec d?e={f}&g=%2f+h").header("Accept", "x/y").query("i", "j");
    let response: Response<Bytes> = request.json(&serde_json::json!([1])).send().await.unwrap();
    assert_eq!(response.into_inner().as_ref(), b"\0raw");
    let sent = recorder.only();
    assert_eq!((sent.method(), sent.target()), ("PATCH", "/a/%7Bb%7D/%7Ec%20d?e={f}&g=%2f+h&i=j"));
    assert_eq!(
        (sent.header("accept"), sent.header("content-type"), sent.body.as_str()),
        (Some("x/y"), Some("application/json"), "[1]")
    );
    client.request_raw(Method::from_bytes(b"PURGE").unwrap(), "/x").text("text/plain", "t").send().await.unwrap();
    assert_eq!(recorder.sent()[1].line, "PURGE /x HTTP/1.1");

    let recorder = Recorder::answering(&["422 Unprocessable Entity\n\n{\"message\": \"no\"}"]);
    let error = recorder.client(&[]).request_raw(Method::POST, "/x?key=s3cr3t").send().await.unwrap_err();
    assert_eq!(error.to_string(), "POST /x: 422 Unprocessable Entity: no");
    assert!(
        !format!("{error:?} {:?}", recorder.client(&[]).request_raw(Method::POST, "/x?key=s3cr3t")).contains("s3cr3t")
    );
    for refused in ["/a/../b", "/./a", "/a/%2E%2e", "/a#b"] {
        assert!(
            recorder.client(&[]).request_raw(Method::GET, refused).send().await.unwrap_err().is_request(),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn a_path_that_looks_like_another_host_stays_on_its_server() {
    let recorder = Recorder::start();
    for (written, sent) in [
        ("//other.example/x", "//other.example/x"),
        ("///x?y", "///x?y"),
        ("/\\other.example/x", "/%5Cother.example/x"),
        ("\\\\other.example", "/%5C%5Cother.example"),
        ("https://other.example/x", "/https://other.example/x"),
        ("@other.example/x", "/@other.example/x"),
        ("?a=//other.example/../x", "/?a=//other.example/../x"),
        ("", "/"),
    ] {
        let before = recorder.sent().len();
        recorder.client(&[]).request_raw(Method::GET, written).send().await.unwrap();
        assert_eq!(recorder.sent().get(before).unwrap().target(), sent, "{written}");
    }
}

#[tokio::test]
async fn decoders() {
    async fn answer<T>(answer: &str, decoder: decode::Decoder<T>) -> Result<T, Error> {
        let recorder = Recorder::answering(&[answer]);
        let request = recorder.client(&[]).request(leaked(Operation::get("op", "/")));
        clientwright_runtime::Call::new(request, decoder, decode::empty).await.map(Response::into_inner)
    }
    for body in ["7", "\u{feff}7", " 7\n"] {
        for head in [
            "200 OK",
            "201 Created",
            "299 X",
            "200 OK\nContent-Type: text/plain",
            "200 OK\nContent-Type: application/problem+json; a=b",
        ] {
            assert_eq!(answer(&format!("{head}\n\n{body}"), decode::json::<i64>).await.unwrap(), 7, "{head}");
        }
    }
    assert_eq!(answer("200 OK\n\n\u{feff}ü", decode::text).await.unwrap(), "ü");
    assert_eq!(answer("200 OK\n\n\u{feff}ü", decode::bytes).await.unwrap().as_ref(), "\u{feff}ü".as_bytes());
    answer("200 OK\n\nignored", decode::empty).await.unwrap();
    answer("204 No Content", decode::empty).await.unwrap();
    assert_eq!(answer("204 No Content", decode::text).await.unwrap(), "");
    assert_eq!(answer("205 Reset Content\n\nnot here", decode::bytes).await.unwrap(), Bytes::new());
    assert_eq!(
        answer("200 OK\n\n{\"a\": [null]}", decode::json::<JsonValue>).await.unwrap(),
        serde_json::json!({"a": [null]})
    );

    let broken = decode::RawResponse::new(StatusCode::OK, http::HeaderMap::new(), Bytes::from_static(b"ab\xffc"));
    assert_eq!(
        decode::text(&broken).unwrap_err().to_string(),
        "expected text, found bytes that are not UTF-8 at offset 2; use `.stream()` for its bytes"
    );
}

#[tokio::test]
async fn a_head_request_has_no_body() {
    let server = MockServer::start().await;
    let head = ResponseTemplate::new(200).insert_header("X-Size", "9").insert_header("Content-Length", "9");
    Mock::given(method("HEAD")).respond_with(head).mount(&server).await;
    let response = client(&server.uri(), &[]).request(leaked(Operation::head("op", "/"))).send().await.unwrap();
    assert_eq!((response.headers()["x-size"].as_bytes(), response.body().len()), (&b"9"[..], 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clones_share_a_client_across_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    fn sendable<T: Send>(value: T) -> T {
        value
    }
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_string("[\"a\"]"))
        .expect(2000)
        .mount(&server)
        .await;
    let client = things::Client::builder(&server.uri()).auth(things::Auth::token("t")).build().unwrap();
    shared(&client);
    let mut tasks = Vec::new();
    for task in 0..20 {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            for call in 0..100 {
                let listed =
                    sendable(client.clone().things().list().page_size(task * 100 + call).send()).await.unwrap();
                assert_eq!(listed.into_inner(), ["a"]);
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

/// `reqwest` may have the operating system's TLS, which another crate of a program enables: `--features reqwest/native-tls`.
#[cfg(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))]
#[tokio::test]
async fn tls_is_what_the_features_of_this_crate_say() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Without TLS, each library reports another error.
            let _ = std::io::Write::write_all(&mut stream.unwrap(), b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let client = builder(&url).retries(clientwright_runtime::RetryPolicy::new()).build().unwrap();
    let error = client.request_raw(Method::GET, "/").send().await.unwrap_err();
    let is_rustls = format!("{error:?}").contains("InvalidContentType");
    assert_eq!(is_rustls, !cfg!(feature = "native-tls"), "{error:?}");
    // The next attempt would fail, too.
    assert_eq!((error.attempts(), error.is_transient()), if is_rustls { (1, false) } else { (3, true) });
    assert_eq!(error.to_string().contains("certificate or part of TLS is invalid"), is_rustls, "{error}");
}

#[tokio::test]
async fn a_proxy_gets_all_requests() {
    let recorder = Recorder::answering(&["302 Found\nLocation: http://b.example/b", "200 OK"]);
    let url = recorder.url.replace("http://", "http://user:secret@");
    let client = builder("http://a.example").proxy(&url).build().unwrap();
    client.request_raw(Method::GET, "/a").send().await.unwrap();
    let sent = recorder.sent();
    assert_eq!([sent[0].target(), sent[1].target()], ["http://a.example/a", "http://b.example/b"]);
    assert!(sent[1].header("proxy-authorization").is_some_and(|header| header.starts_with("Basic ")));
}

#[test]
fn an_invalid_proxy_or_certificate_is_an_error_without_secrets() {
    let no_proxy = || builder("http://a.example").proxy("http://user:s3cr3t@:x");
    let error = no_proxy().build().unwrap_err();
    assert!(matches!(error, BuildError::Transport(_)));
    assert!(![format!("{error:?}"), format!("{:?}", no_proxy())].concat().contains("s3cr3t"), "{error:?}");
    if cfg!(any(feature = "rustls", feature = "native-tls")) {
        let no_certificate = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(builder("http://a.example").certificate_authority(*no_certificate).build().is_err());
    }
}
