//! HTTP Digest of both TiDB Cloud APIs, against a server that checks it.

use std::sync::Arc;

use crate::support::gate::{Algorithm, Gate, PRIVATE_KEY, PUBLIC_KEY};
use crate::support::{AWKWARD, ENCODED, answering, arrived, assert_hidden, failure, json, only};
use data_platform_clients::tidb_cloud_data_service as service;
use data_platform_clients::tidb_cloud_data_service::types::CreateDataAppRequest;
use data_platform_clients::tidb_cloud_import as import;
use data_platform_clients::tidb_cloud_import::types::GenerateUploadUrlBody;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Starts a server behind a guard.
async fn guarded(gate: &Arc<Gate>, body: serde_json::Value) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(gate.before(json(200, &body))).mount(&server).await;
    server
}

fn service_client(server: &MockServer, private_key: &str) -> service::Client {
    let auth = service::Auth::digest_auth(PUBLIC_KEY, private_key);
    service::Client::builder(&server.uri()).auth(auth).build().unwrap()
}

fn import_client(server: &MockServer, private_key: &str) -> import::Client {
    let auth = import::Auth::digest_auth(PUBLIC_KEY, private_key);
    import::Client::builder(&server.uri()).auth(auth).build().unwrap()
}

#[tokio::test]
async fn a_nonce_is_used_again_with_a_rising_count() {
    for (algorithm, name) in [(Algorithm::Md5, "MD5"), (Algorithm::Sha256, "SHA-256")] {
        let gate = Gate::new(&[algorithm]);
        let server = guarded(&gate, json!({})).await;
        let client = service_client(&server, PRIVATE_KEY);
        client.data_apps().list().page_token(AWKWARD).await.unwrap();
        // Clones share the challenge.
        client.clone().data_apps().get(AWKWARD).await.unwrap();
        client.data_apps().list().await.unwrap();

        let accepted = gate.accepted();
        let uris = [format!("/dataApps?pageToken={ENCODED}"), format!("/dataApps/{ENCODED}"), "/dataApps".to_owned()];
        assert_eq!(accepted.iter().map(|request| request.uri.clone()).collect::<Vec<_>>(), uris);
        assert_eq!(accepted.iter().map(|request| request.count).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(accepted.iter().all(|request| request.nonce == "nonce-1" && request.algorithm == name));
        // One challenge in total: four requests for three calls.
        assert_eq!((gate.challenges(), arrived(&server).await.len()), (1, 4));
        gate.assert_no_fault();
    }
}

#[tokio::test]
async fn of_several_challenges_the_strongest_is_answered() {
    for offers in [[Algorithm::Md5, Algorithm::Sha256], [Algorithm::Sha256, Algorithm::Md5]] {
        let gate = Gate::new(&offers);
        let server = guarded(&gate, json!({"imports": [], "total": "0"})).await;
        import_client(&server, PRIVATE_KEY).import().list(1, 2).page(3).await.unwrap();
        assert_eq!(gate.accepted().first().map(|request| request.algorithm.clone()).as_deref(), Some("SHA-256"));
        gate.assert_no_fault();
    }
}

#[tokio::test]
async fn the_body_is_sent_again_after_the_challenge() {
    let gate = Gate::new(&[Algorithm::Md5]);
    let server = guarded(&gate, json!({"new_file_name": "n", "upload_url": "u"})).await;
    let body = GenerateUploadUrlBody::new(3, AWKWARD);
    import_client(&server, PRIVATE_KEY).import().generate_upload_url(1, 2, body).await.unwrap();
    let sent = arrived(&server).await;
    assert_eq!(sent.len(), 2);
    for request in &sent {
        assert_eq!(request.body, json!({"content_length": "3", "file_name": AWKWARD}));
        assert_eq!(request.value("content-type"), Some("application/json"));
    }
    // No credentials are sent before a challenge, and the password itself is never sent.
    assert_eq!((sent[0].value("authorization"), sent[1].value("authorization")), (None, Some("Digest")));
}

#[tokio::test]
async fn a_stale_nonce_is_replaced_without_bothering_the_caller() {
    let gate = Gate::with_uses(&[Algorithm::Sha256], 1);
    let server = guarded(&gate, json!({})).await;
    let client = service_client(&server, PRIVATE_KEY);
    for _ in 0..3 {
        client.data_apps().create(CreateDataAppRequest::new("a")).await.unwrap();
    }
    let accepted: Vec<(String, u32)> =
        gate.accepted().into_iter().map(|request| (request.nonce, request.count)).collect();
    let wanted = [("nonce-1", 1), ("nonce-2", 1), ("nonce-3", 1)];
    assert_eq!(accepted, wanted.map(|(nonce, count)| (nonce.to_owned(), count)));
    // Each call except the first tries the old nonce once and gets a new one.
    assert_eq!(arrived(&server).await.len(), 6);
    gate.assert_no_fault();
}

#[tokio::test]
async fn a_wrong_key_is_one_clear_error() {
    let gate = Gate::new(&[Algorithm::Md5]);
    let server = guarded(&gate, json!({})).await;
    let client = service_client(&server, "wr0ng-key");
    let error = failure(client.data_apps().list()).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(401));
    assert_eq!(error.to_string(), "data_apps().list (listDataApps): 401 Unauthorized: unknown API key");
    let documented = error.documented().unwrap();
    assert_eq!((documented.code, documented.status.as_deref()), (Some(401), Some("UNAUTHENTICATED")));
    // One challenge, one attempt.
    assert_eq!(arrived(&server).await.len(), 2);
    assert_hidden(&["wr0ng-key"], &[format!("{error:?}"), error.to_string(), format!("{client:?}")]);

    let error = failure(import_client(&server, "wr0ng-key").import().list(1, 2)).await;
    assert_eq!(error.to_string(), "import().list (ListImports): 401 Unauthorized: unknown API key");
    assert_eq!(error.documented().and_then(|status| status.code), Some(401));
}

#[tokio::test]
async fn without_credentials_the_error_names_them() {
    let server = answering(ResponseTemplate::new(401)).await;
    let client = service::Client::builder(&server.uri()).build().unwrap();
    let error = failure(client.data_apps().delete("a")).await;
    assert!(error.is_credentials());
    assert!(error.to_string().contains("`digestAuth`"), "{error}");
    let client = import::Client::builder(&server.uri()).build().unwrap();
    assert!(failure(client.import().cancel(1, 2, 3)).await.is_credentials());
}

#[tokio::test]
async fn a_challenge_that_cannot_be_met_is_named() {
    let basic = json(401, &json!({"message": "log in"})).insert_header("WWW-Authenticate", "Basic realm=\"x\"");
    let server = answering(basic).await;
    let error = failure(service_client(&server, PRIVATE_KEY).data_apps().list()).await;
    let text = error.to_string();
    assert!(text.starts_with("data_apps().list (listDataApps): 401 Unauthorized: log in ("), "{text}");
    assert!(text.contains("Digest") || text.contains("digest"), "{text}");
    // If digest is impossible, the key is not sent in another way.
    assert_eq!(only(&server).await.value("authorization"), None);
}

#[tokio::test]
async fn a_server_that_never_asks_is_served_without_a_digest() {
    let server = answering(json(200, &json!({}))).await;
    service_client(&server, PRIVATE_KEY).data_apps().list().await.unwrap();
    assert_eq!(only(&server).await.value("authorization"), None);
}

/// Makes many concurrent calls through clones of one client; returns the number of failures.
async fn at_once(client: &service::Client, calls: usize) -> usize {
    let mut running = tokio::task::JoinSet::new();
    for call in 0..calls {
        let client = client.clone();
        running.spawn(async move { client.data_apps().get(&format!("app-{call}")).await.is_err() });
    }
    running.join_all().await.into_iter().filter(|failed| *failed).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_once_never_share_a_count() {
    let gate = Gate::new(&[Algorithm::Sha256]);
    let server = guarded(&gate, json!({})).await;
    let client = service_client(&server, PRIVATE_KEY);
    assert_eq!(at_once(&client, 40).await, 0);
    // The guard records a repeated count as a fault.
    gate.assert_no_fault();
    assert_eq!(gate.accepted().len(), 40);
    // All calls may have been sent before the first challenge, but none is challenged twice.
    assert!(gate.challenges() <= 40, "{}", gate.challenges());
    let before = gate.challenges();
    assert_eq!(at_once(&client, 40).await, 0);
    assert_eq!((gate.challenges(), gate.accepted().len()), (before, 80));
    gate.assert_no_fault();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_at_once_with_a_wrong_key_all_come_to_an_end() {
    let gate = Gate::new(&[Algorithm::Md5]);
    let server = guarded(&gate, json!({})).await;
    let client = service_client(&server, "wrong");
    assert_eq!(at_once(&client, 20).await, 20);
    assert_eq!(gate.accepted().len(), 0);
    gate.assert_no_fault();
    // For each call, one initial request and at most three attempts.
    assert!(arrived(&server).await.len() <= 80);
}

#[test]
fn no_key_shows() {
    let secrets = ["prïvate", "pub lic"];
    let auth = service::Auth::digest_auth(PUBLIC_KEY, PRIVATE_KEY);
    let builder = service::Client::builder(service::SERVER).auth(auth.clone());
    let mut texts = vec![format!("{auth:?}"), format!("{builder:?}")];
    let client = builder.build().unwrap();
    texts.extend([format!("{client:?}"), format!("{:?}", client.data_apps().list())]);
    let auth = import::Auth::digest_auth(PUBLIC_KEY, PRIVATE_KEY);
    let client = import::Client::builder(import::SERVER).auth(auth.clone()).build().unwrap();
    texts.extend([format!("{auth:?}"), format!("{client:?}"), format!("{:?}", client.import())]);
    assert_hidden(&secrets, &texts);
}
