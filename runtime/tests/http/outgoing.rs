//! Functions that change requests before they are sent.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::support::{Recorder, builder};
use clientwright_runtime::codegen::{self, Operation};
use clientwright_runtime::{Credential, OutgoingRequest, RetryPolicy};
use http::{HeaderValue, Method};
use sha2::{Digest, Sha256};

const PUT: Operation = Operation::put("putThing", "/things").security(&[&["token"]]);

#[tokio::test]
async fn each_request_to_the_server_is_changed() {
    let elsewhere = Recorder::start();
    let away = format!("303 x\nLocation: {}/", elsewhere.url);
    let recorder = Recorder::answering(&["503 x", "307 x\nLocation: /moved?a=1", &away]);
    let count = AtomicU32::new(0);
    let retries = RetryPolicy::new().with_backoff(Duration::ZERO, Duration::ZERO);
    let client = builder(&recorder.url).auth(Credential::bearer("token", "t".into())).retries(retries);
    let client = client.before_send(move |request| {
        assert_eq!((request.operation(), request.method()), (Some("putThing"), &Method::PUT));
        assert_eq!(request.body().as_deref(), Some(&b"{}"[..]));
        assert_eq!(request.headers()["authorization"], "Bearer t");
        let number = count.fetch_add(1, Ordering::SeqCst);
        let path = request.url().rsplit('/').next().unwrap_or_default().to_owned();
        request.headers_mut().insert("x-trace", HeaderValue::from_str(&format!("{number} {path}")).unwrap());
        Ok(())
    });
    let request = client.build().unwrap().request(&PUT).json(&serde_json::json!({}));
    request.send().await.unwrap();
    let traces: Vec<_> = recorder.sent().iter().map(|sent| sent.header("x-trace").unwrap().to_owned()).collect();
    assert_eq!(traces, ["0 things", "1 things", "2 moved?a=1"]);
    assert_eq!(elsewhere.only().header("x-trace"), None);
}

#[tokio::test]
async fn its_secrets_are_not_shown_and_its_errors_end_the_call() {
    let recorder = Recorder::answering(&["401 x\n\n{\"message\": \"s1gnature-1 is wrong\"}"]);
    let client = builder(&recorder.url).before_send(|request| {
        request.headers_mut().insert("x-signature", HeaderValue::from_static("s1gnature-1"));
        Ok(())
    });
    let error = client.build().unwrap().request(&PUT).send().await.unwrap_err();
    assert!(error.to_string().contains("[redacted] is wrong"), "{error}");
    assert!(!format!("{error:?}").contains("s1gnature"), "{error:?}");

    let refusing = builder(&recorder.url).before_send(|_| Err("has no key for a signature".to_owned()));
    let error = refusing.build().unwrap().request(&PUT).send().await.unwrap_err();
    assert!(error.is_request() && error.to_string().ends_with("has no key for a signature"), "{error}");
}

#[tokio::test]
async fn a_request_for_a_token_is_not_changed() {
    let (recorder, tokens) = (Recorder::start(), Recorder::answering(&["200 OK\n\n{\"access_token\": \"t\"}"]));
    let flow = codegen::Flow::new("/token");
    let client = builder(&recorder.url).server("/token", &tokens.url).before_send(|request| {
        request.headers_mut().insert("x-mine", HeaderValue::from_static("1"));
        Ok(())
    });
    let auth = Credential::client_credentials("token", &flow, "id".to_owned(), "s3cr3t".to_owned());
    client.auth(auth).build().unwrap().request(&PUT).send().await.unwrap();
    assert_eq!((recorder.only().header("x-mine"), tokens.only().header("x-mine")), (Some("1"), None));
}

/// HMAC (RFC 2104).
fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36)).chain_update(text).finalize();
    Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Signs a request without a query with AWS Signature Version 4.
fn sign(request: &mut OutgoingRequest<'_>, time: &'static str) -> Result<(), String> {
    let body = request.body().ok_or("has a body that cannot be signed")?;
    let (host, path) = request.url().trim_start_matches("http://").split_once('/').ok_or("has no path")?;
    let signed = format!("host:{host}\nx-amz-date:{time}\n\nhost;x-amz-date");
    let canonical = format!("{}\n/{path}\n\n{signed}\n{}", request.method(), hex(&Sha256::digest(&body)));
    let (date, scope) = (&time[..8], "us-east-1/service/aws4_request");
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{date}/{scope}\n{}", hex(&Sha256::digest(canonical)));
    let secret = b"AWS4wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    let key = scope.split('/').fold(hmac(secret, date), |key, part| hmac(&key, part));
    let credential = format!("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{date}/{scope}, SignedHeaders=host;x-amz-date");
    let header = format!("{credential}, Signature={}", hex(&hmac(&key, &text)));
    request.headers_mut().insert("x-amz-date", HeaderValue::from_static(time));
    request.headers_mut().insert("authorization", HeaderValue::from_str(&header).map_err(|error| error.to_string())?);
    Ok(())
}

/// The signature is that of `get-vanilla` in the test suite of AWS.
#[tokio::test]
async fn a_request_can_be_signed() {
    let recorder = Recorder::start();
    let client = builder("http://example.amazonaws.com").proxy(&recorder.url);
    let client = client.before_send(|request| sign(request, "20150830T123600Z")).build().unwrap();
    client.request_raw(Method::GET, "/").send().await.unwrap();
    let header = recorder.only().header("authorization").unwrap().to_owned();
    let signature = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    assert!(header.ends_with(&format!("Signature={signature}")), "{header}");
}
