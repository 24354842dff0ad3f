//! Servers that repeat other secrets of a request: values of `Secret`, and values with secret names. No error shows
//! them, in any notation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Recorder, builder};
use clientwright_runtime::codegen::{self, Operation, Polling, decode};
use clientwright_runtime::{
    Call, CallOptions, Client, Credential, Error, File, JsonObject, JsonValue, Request, Secret, Wait,
};

const SECRET: &str = "s3cr3t/v4lue+1";
const POST: Operation = Operation::post("op", "/r/{id}");
const GET: Operation = Operation::get("op", "/r");
const BY_TOKEN: Operation = Operation::get("op", "/r").security(&[&["token"]]);

/// A request with a secret.
#[derive(Clone, PartialEq)]
struct Login {
    user: String,
    password: Secret<String>,
}
codegen::object!(Login { "user" => user, "password" => password });

/// The same, with further secrets, of which one is JSON in a string.
#[derive(Clone, PartialEq)]
struct Logins {
    all: Vec<Login>,
    data: Option<Secret<JsonObject>>,
    contained: Login,
}
codegen::object!(Logins { "all" => all, "data" => data?, "contained" => contained as codegen::Contained<()> });

fn login(password: &str) -> Login {
    Login { user: "ada".to_owned(), password: password.into() }
}

/// The error of a request whose server returns 422 with this message, as JSON and as text.
async fn errors(message: &str, request: impl Fn(&Client) -> Request) -> [Error<JsonValue>; 2] {
    let json = format!("422 x\nContent-Type: application/json\n\n{{\"message\": {}}}", JsonValue::from(message));
    let recorder = Recorder::answering(&[&json, &format!("422 x\n\n{message}")]);
    let client = recorder.client(&[]);
    let error = async || {
        let call: Call<JsonValue, JsonValue> = Call::new(request(&client), decode::json, decode::json);
        call.await.unwrap_err()
    };
    [error().await, error().await]
}

/// Whether no error shows the secret that a server repeats.
async fn assert_hidden(request: impl Fn(&Client) -> Request) {
    for error in errors(&format!("`{SECRET}` is wrong"), request).await {
        assert_eq!(error.message(), Some("`[redacted]` is wrong"), "{error:?}");
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("s3cr3t") && shown.contains("[redacted]"), "{shown}");
    }
}

#[tokio::test]
async fn a_secret_of_any_part_of_a_request_is_redacted() {
    let secret: Secret<String> = Secret::from(SECRET);
    assert_hidden(|client| client.request(&POST).path("id", &secret)).await;
    assert_hidden(|client| client.request(&GET).query("pin", &secret)).await;
    assert_hidden(|client| client.request(&GET).query("pins", &vec![secret.clone(), "second".into()])).await;
    assert_hidden(|client| client.request(&GET).header("X-Pin", &secret)).await;
    assert_hidden(|client| client.request(&GET).cookie("pin", &secret)).await;
    assert_hidden(|client| client.request(&GET).options(CallOptions::new().with_query("pin", &secret))).await;
    let post = |client: &Client| client.request(&POST).path("id", "1");
    assert_hidden(|client| post(client).json(&secret)).await;
    assert_hidden(|client| post(client).json(&login(SECRET))).await;
    assert_hidden(|client| post(client).form(&login(SECRET))).await;
    assert_hidden(|client| post(client).multipart(&login(SECRET))).await;
    assert_hidden(|client| post(client).secret_text("text/plain", &secret)).await;
    let key: BTreeMap<String, Secret<File>> = BTreeMap::from([("key".to_owned(), Secret::from(File::text(SECRET)))]);
    assert_hidden(|client| post(client).multipart(&key)).await;
}

#[tokio::test]
async fn a_text_body_has_its_charset_and_stays_secret_in_a_call_too() {
    let recorder = Recorder::start();
    let client = recorder.client(&[]);
    let call = || Call::<(), ()>::new(client.request(&POST).path("id", "1"), decode::empty, decode::empty);
    let mut latin = call();
    latin.text("text/plain; charset=iso-8859-1", "ten €");
    let error = latin.await.unwrap_err().to_string();
    assert!(error.contains("the charset of its media type"), "{error}");
    let mut secret = call();
    secret.secret_text("text/plain; charset=iso-8859-1", &Secret::from("my €".to_owned()));
    let shown = format!("{secret:?}{:?}", secret.clone().await.unwrap_err());
    assert!(shown.contains("the charset of its media type") && !shown.contains("my €"), "{shown}");
}

#[tokio::test]
async fn a_secret_in_other_values_is_redacted() {
    let data = JsonObject::from_iter([
        ("hosts".into(), JsonValue::from(vec!["db-1.internal"])),
        ("port".into(), 54_321.into()),
    ]);
    let logins = Logins { all: vec![login("first-one")], data: Some(data.into()), contained: login("second-one") };
    let message = "first-one, second-one, db-1.internal and 54321 of ada";
    let shown = format!("{logins:?}");
    assert!(!message.split([',', ' ']).any(|part| part.len() > 5 && shown.contains(part)), "{shown}");
    for error in errors(message, |client| client.request(&POST).path("id", "1").json(&logins)).await {
        assert_eq!(error.message(), Some("[redacted], [redacted], [redacted] and [redacted] of ada"));
    }
}

#[tokio::test]
async fn the_password_of_a_url_is_secret_by_itself() {
    let url: Secret<String> = Secret::from("postgres://user:passw0rd%21@db.example.com/shop");
    let message = "no postgres://user:passw0rd%21@db.example.com/shop: passw0rd! or passw0rd%21 is not of user";
    for error in errors(message, |client| client.request(&POST).path("id", "1").json(&url)).await {
        assert_eq!(error.message(), Some("no [redacted]: [redacted] or [redacted] is not of user"));
    }
}

#[tokio::test]
async fn what_is_called_a_secret_is_redacted() {
    assert_hidden(|client| client.request(&GET).options(CallOptions::new().with_query("api_key", SECRET))).await;
    assert_hidden(|client| client.request(&GET).query("access_token", SECRET)).await;
    assert_hidden(|client| client.request(&GET).cookie("session", SECRET)).await;
    assert_hidden(|client| client.request_raw(http::Method::GET, &format!("/r?page=1&token={SECRET}"))).await;
    for name in ["X-Auth", "X-Passwd", "PRIVATE-KEY", "X-Signature"] {
        assert_hidden(|client| client.request(&GET).header(name, SECRET)).await;
        let recorder = Recorder::answering(&[&format!("400 x\n\nno {SECRET}")]);
        let client = builder(&recorder.url).header(name, SECRET).build().unwrap();
        let error = client.request(&GET).send().await.unwrap_err();
        assert_eq!(error.message(), Some("no [redacted]"), "{name}");
    }
}

/// The error of a call with a bearer token, for a response of its server.
async fn answered(token: &str, answer: &str) -> Error<JsonValue> {
    let recorder = Recorder::answering(&[answer]);
    let client = recorder.client(&[Credential::bearer("token", token.to_owned())]);
    let call: Call<JsonValue, JsonValue> = Call::new(client.request(&BY_TOKEN), decode::json, decode::json);
    call.await.unwrap_err()
}

#[tokio::test]
async fn a_secret_is_redacted_however_it_is_written() {
    let token = "sk-Abc/def+ghi&mno\"pqr";
    for form in [
        "sk-Abc%2fdef%2bghi%26mno%22pqr",
        "sk-Abc%2Fdef+ghi&mno%22pqr",
        r#"sk-Abc\/def+ghi&mno\"pqr"#,
        r#"sk-Abc/def+ghi\u0026mno\"pqr"#,
        r"\u0073k-Abc\u002Fdef\u002bghi\u0026mno\u0022pqr",
    ] {
        let text = answered(token, &format!("400 x\n\nbad {form} here")).await;
        assert_eq!(text.message(), Some("bad [redacted] here"), "{form}");
        let inner = JsonValue::from(format!("upstream: {{\"t\":\"{form}\"}}"));
        let json = answered(token, &format!("400 x\n\n{{\"message\": {inner}}}")).await;
        assert_eq!(json.message(), Some(r#"upstream: {"t":"[redacted]"}"#), "{form}");
        for error in [text, json] {
            let shown = format!("{error} {error:?} {error:#?}");
            assert!(!shown.contains("mno"), "{shown}");
        }
    }
}

#[tokio::test]
async fn the_beginning_of_a_text_ends_before_a_secret_that_is_cut() {
    let token = "sk-verysecrettoken-0123456789";
    let body = format!("{}{token} tail {}", "x ".repeat(((64 << 10) - 20) / 2), "y".repeat(5000));
    let error = answered(token, &format!("400 x\nContent-Type: text/plain\n\n{body}")).await;
    assert!(error.message().unwrap().ends_with("x x "), "{:?}", error.message().unwrap().rsplit_once("x "));
    // A body without events is shown up to 8 KiB.
    let token = token.repeat(20);
    let answer = format!("200 x\nContent-Type: text/event-stream\n\n{}", token.repeat(15));
    let recorder = Recorder::answering(&[&answer]);
    let client = recorder.client(&[Credential::bearer("token", token)]);
    let stream = client.request(&BY_TOKEN).stream().await.unwrap().into_inner();
    let error = stream.text_events().next().await.unwrap().unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("[redacted]`") && !shown.contains("sk-"), "{shown}");
}

#[tokio::test]
async fn the_state_of_a_job_is_shown_without_secrets() {
    let answer =
        format!("200 x\nContent-Type: application/json\n\n{{\"user\": \"FAILED {SECRET}\", \"password\": \"\"}}");
    let recorder = Recorder::answering(&[&answer]);
    let client = recorder.client(&[Credential::bearer("token", SECRET.to_owned())]);
    let polling = Polling::<Login>::state(|login| Some(&login.user));
    let wait = || Wait::new(Call::<Login>::new(client.request(&BY_TOKEN), decode::json, decode::empty), polling);
    let failed = Wait::new(
        Call::<Login>::new(client.request(&BY_TOKEN), decode::json, decode::empty),
        polling.failure(&["FAILED s3cr3t/v4lue+1"]),
    );
    let late = wait().every(Duration::from_millis(10)).deadline(Duration::from_millis(30));
    for error in [failed.await.unwrap_err(), late.await.unwrap_err()] {
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("s3cr3t") && shown.matches("`FAILED [redacted]`").count() == 1, "{shown}");
        assert_eq!(shown.matches("[redacted]").count(), 5 + 2, "the state twice in `Debug`, and the password: {shown}");
        assert_eq!(error.last().unwrap().user, format!("FAILED {SECRET}"));
    }
}

#[tokio::test]
async fn an_observer_does_not_see_a_secret_in_the_host_of_a_redirect() {
    let recorder = Recorder::answering(&["302 Found\nLocation: http://s3cr3t-v4lue.invalid/"]);
    let origins = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&origins);
    let client = builder(&recorder.url)
        .auth(Credential::bearer("token", "s3cr3t-v4lue".to_owned()))
        .observe(move |event| seen.lock().unwrap().push(event.origin.to_owned()))
        .build()
        .unwrap();
    assert!(client.request(&BY_TOKEN).send().await.is_err());
    let origins = origins.lock().unwrap();
    assert_eq!((origins.first(), origins.last()), (Some(&recorder.url), Some(&"http://[redacted].invalid".to_owned())));
}
