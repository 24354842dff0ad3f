//! lakeFS import over the wire: the five ways to authenticate, and the errors of responses.

use std::process::Command;

use crate::support::{answering, assert_hidden, failure, json, only, raw};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_platform_clients::lakefs_import::types::{CommitCreation, Error, ImportCreation};
use data_platform_clients::lakefs_import::{Auth, Client, ClientBuilder};
use data_platform_clients::runtime;
use serde_json::json;
use wiremock::ResponseTemplate;

/// The schemes in document order: a credential for each, and the only header that it sends.
fn schemes() -> [(Auth, &'static str, String); 5] {
    let basic = format!("Basic {}", STANDARD.encode("AKIÄ:sec:ret"));
    [
        (Auth::basic_auth("AKIÄ", "sec:ret"), "authorization", basic),
        (Auth::cookie_auth("in-1"), "cookie", "internal_auth_session=in-1".to_owned()),
        (Auth::jwt_token("ey.J.h"), "authorization", "Bearer ey.J.h".to_owned()),
        (Auth::oidc_auth("oi-1"), "cookie", "oidc_auth_session=oi-1".to_owned()),
        (Auth::saml_auth("sa-1"), "cookie", "saml_auth_session=sa-1".to_owned()),
    ]
}

/// Returns the `Authorization` and `Cookie` that a client with these credentials sends.
async fn credentials_of(auths: Vec<Auth>) -> Vec<(String, String)> {
    let server = answering(ResponseTemplate::new(204)).await;
    let client = auths.into_iter().fold(Client::builder(&server.uri()), ClientBuilder::auth);
    client.build().unwrap().import().cancel("repo", "main", "i").await.unwrap();
    let sent = only(&server).await;
    let names = ["authorization", "cookie"];
    sent.headers.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
}

#[tokio::test]
async fn each_scheme_alone_suffices() {
    for (auth, name, value) in schemes() {
        assert_eq!(credentials_of(vec![auth]).await, [(name.to_owned(), value)]);
    }
}

#[tokio::test]
async fn of_several_the_first_in_the_document_is_sent_alone() {
    for first in 0..5 {
        for second in first + 1..5 {
            let (wanted, other) = (&schemes()[first], &schemes()[second]);
            let only = [(wanted.1.to_owned(), wanted.2.clone())];
            assert_eq!(credentials_of(vec![wanted.0.clone(), other.0.clone()]).await, only, "{first}, {second}");
            assert_eq!(credentials_of(vec![other.0.clone(), wanted.0.clone()]).await, only, "{second}, {first}");
        }
    }
    let all = schemes().map(|(auth, _, _)| auth);
    let basic = schemes()[0].2.clone();
    assert_eq!(credentials_of(all.into_iter().rev().collect()).await, [("authorization".to_owned(), basic)]);
}

#[tokio::test]
async fn the_later_of_two_credentials_for_one_scheme_is_sent() {
    let sent = credentials_of(vec![Auth::jwt_token("old"), Auth::jwt_token("new")]).await;
    assert_eq!(sent, [("authorization".to_owned(), "Bearer new".to_owned())]);
}

/// Runs in a separate program, whose environment belongs to this test.
#[tokio::test]
async fn a_client_takes_server_and_credentials_from_its_environment() {
    if std::env::var_os("LAKEFS_IMPORT_BASE_URL").is_some() {
        let client = ClientBuilder::from_env().unwrap().build().unwrap();
        client.import().cancel("repo", "main", "i").await.unwrap();
        return;
    }
    let server = answering(ResponseTemplate::new(204)).await;
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["--exact", "lakefs_import::a_client_takes_server_and_credentials_from_its_environment"]);
    program.env("LAKEFS_IMPORT_BASE_URL", server.uri()).env("LAKEFS_IMPORT_BASIC_AUTH_USERNAME", "AKIÄ");
    assert!(!program.output().unwrap().status.success(), "a password is missing");
    assert!(program.env("LAKEFS_IMPORT_BASIC_AUTH_PASSWORD", "sec:ret").output().unwrap().status.success());
    assert_eq!(only(&server).await.headers["authorization"], schemes()[0].2);
}

/// A cookie value cannot contain spaces, quotes, commas, semicolons, backslashes, and characters beyond ASCII (RFC 6265
/// §4.1.1).
#[tokio::test]
async fn a_cookie_carries_any_key() {
    let sent = credentials_of(vec![Auth::saml_auth("a b;c,\"d\"\\=ü%41")]).await;
    let value = "saml_auth_session=a%20b%3Bc%2C%22d%22%5C=%C3%BC%41";
    assert_eq!(sent, [("cookie".to_owned(), value.to_owned())]);
}

#[tokio::test]
async fn without_credentials_the_error_names_them() {
    let server = answering(ResponseTemplate::new(401)).await;
    let client = Client::builder(&server.uri()).build().unwrap();
    let error = failure(client.import().cancel("repo", "main", "i")).await;
    assert!(error.is_credentials());
    let text = error.to_string();
    assert!(text.starts_with("import().cancel (importCancel): "), "{text}");
    for scheme in ["basic_auth", "cookie_auth", "jwt_token", "oidc_auth", "saml_auth"] {
        assert!(text.contains(&format!("`{scheme}`")), "{text}");
    }
}

#[test]
fn what_cannot_be_sent_is_refused_when_the_client_is_built() {
    let faulty = [Auth::basic_auth("with:colon", "s3cret"), Auth::jwt_token("s3cret\n"), Auth::jwt_token("")];
    for auth in faulty {
        let error = Client::builder("http://localhost").auth(auth).build().unwrap_err();
        assert_hidden(&["s3cret"], &[error.to_string(), format!("{error:?}")]);
    }
    // The document's server is only a path, because there is no public installation.
    assert!(Client::builder(data_platform_clients::lakefs_import::SERVER).build().is_err());
}

#[tokio::test]
async fn no_credential_shows_anywhere() {
    let server = answering(json(401, &json!({"message": "who are you?"}))).await;
    let secrets = ["AKI-1", "s3cret", "QUtJLTE6czNjcmV0", "in-1", "ey.J.h", "oi-1", "sa-1"];
    let auths = [
        Auth::basic_auth("AKI-1", "s3cret"),
        Auth::cookie_auth("in-1"),
        Auth::jwt_token("ey.J.h"),
        Auth::oidc_auth("oi-1"),
        Auth::saml_auth("sa-1"),
    ];
    let mut texts: Vec<String> = auths.iter().map(|auth| format!("{auth:?}")).collect();
    let builder = auths.into_iter().fold(Client::builder(&server.uri()), ClientBuilder::auth);
    texts.push(format!("{builder:?}"));
    let client = builder.build().unwrap();
    let call = client.import().get_status("repo", "main", "i");
    texts.extend([format!("{client:?}"), format!("{:?}", client.import()), format!("{call:?}")]);
    let error = failure(call).await;
    texts.extend([error.to_string(), format!("{error:?}")]);
    assert_hidden(&secrets, &texts);
}

/// Returns the error of `importStart` for a response.
async fn start(answer: ResponseTemplate) -> runtime::Error<Error> {
    let server = answering(answer).await;
    let client = Client::builder(&server.uri()).auth(Auth::jwt_token("t")).build().unwrap();
    let body = ImportCreation::new(Vec::new(), CommitCreation::new("m"));
    failure(client.import().start("repo", "main", body)).await
}

#[tokio::test]
async fn an_error_answer_is_typed() {
    let statuses = [
        (400, "400 Bad Request"),
        (401, "401 Unauthorized"),
        (403, "403 Forbidden"),
        (404, "404 Not Found"),
        (409, "409 Conflict"),
        (418, "418 I'm a teapot"),
        (500, "500 Internal Server Error"),
        (599, "599"),
    ];
    for (status, name) in statuses {
        let error = start(json(status, &json!({"message": "branch `main` is locked", "more": 1}))).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.documented().map(|body| body.message.as_str()), Some("branch `main` is locked"));
        assert_eq!(error.message(), Some("branch `main` is locked"));
        assert_eq!(error.to_string(), format!("import().start (importStart): {name}: branch `main` is locked"));
        assert!(std::error::Error::source(&error).is_none());
        assert!(!error.is_timeout() && !error.is_connect() && !error.is_decode());
        assert_eq!(error.is_credentials(), status == 401);
    }
}

#[tokio::test]
async fn too_many_requests_come_without_a_body() {
    let error = start(ResponseTemplate::new(420).insert_header("Retry-After", "3")).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(420));
    assert_eq!(error.headers().map(|headers| headers["retry-after"].as_bytes()), Some(b"3".as_slice()));
    assert!(error.raw_body().is_some_and(runtime::Bytes::is_empty));
    assert_eq!((error.documented(), error.message()), (None, None));
    assert_eq!(error.to_string(), "import().start (importStart): 420");
}

#[tokio::test]
async fn an_undocumented_error_body_is_kept() {
    let page = "<html><h1>Bad gateway</h1></html>";
    let error = start(raw(502, "text/html", page)).await;
    assert_eq!(error.documented(), None);
    assert_eq!(error.raw_body().map(|body| &body[..]), Some(page.as_bytes()));
    assert!(error.to_string().starts_with("import().start (importStart): 502 Bad Gateway"), "{error}");

    let error = start(json(500, &json!({"error": {"message": "from elsewhere"}}))).await;
    assert_eq!(error.documented(), None);
    assert_eq!(error.to_string(), "import().start (importStart): 500 Internal Server Error: from elsewhere");
    assert_eq!(error.raw_body().map(|body| &body[..]), Some(br#"{"error":{"message":"from elsewhere"}}"#.as_slice()));
}

#[tokio::test]
async fn any_2xx_is_a_success() {
    for status in [200, 201, 202, 203, 299] {
        let server = answering(json(status, &json!({"id": "i"})).insert_header("X-Request-Id", "r")).await;
        let client = Client::builder(&server.uri()).auth(Auth::jwt_token("t")).build().unwrap();
        let body = ImportCreation::new(Vec::new(), CommitCreation::new("m"));
        let answer = client.import().start("repo", "main", body).await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.body().id.as_str()), (status, "i"));
        assert_eq!(answer.headers()["x-request-id"], "r");
    }
}

#[tokio::test]
async fn a_base_path_is_kept_with_or_without_a_slash() {
    for base in ["", "/", "/api/v1", "/api/v1/"] {
        let server = answering(ResponseTemplate::new(204)).await;
        let client = Client::builder(&format!("{}{base}", server.uri())).auth(Auth::jwt_token("t")).build().unwrap();
        client.import().cancel("repo", "feature/x", "i").await.unwrap();
        let path = format!("{}/repositories/repo/branches/feature%2Fx/import", base.trim_end_matches('/'));
        assert_eq!(only(&server).await.path, path);
    }
}

/// A segment that resembles a dot segment, or contains one after an encoded slash, stays unchanged.
#[tokio::test]
async fn a_branch_of_dots_stays_one_segment() {
    for (branch, segment) in [
        ("...", "..."),
        ("%2e%2e", "%252e%252e"),
        ("a/..", "a%2F.."),
        ("../..", "..%2F.."),
        ("..\\x", "..%5Cx"),
        ("~", "~"),
    ] {
        let server = answering(ResponseTemplate::new(204)).await;
        let client = Client::builder(&server.uri()).auth(Auth::jwt_token("t")).build().unwrap();
        client.import().cancel("repo", branch, "..").await.unwrap();
        let sent = only(&server).await;
        assert_eq!(sent.path, format!("/repositories/repo/branches/{segment}/import"));
        assert_eq!(sent.query, "id=..");
    }
}

/// A 204 has no content, and the body of a 200 is ignored.
#[tokio::test]
async fn a_success_without_a_documented_body_is_nothing() {
    for answer in [ResponseTemplate::new(204), raw(200, "text/plain", "gone"), json(200, &json!([1]))] {
        let server = answering(answer).await;
        let client = Client::builder(&server.uri()).auth(Auth::jwt_token("t")).build().unwrap();
        let (): () = client.import().cancel("repo", "main", "i").await.unwrap().into_inner();
    }
}
