//! CapyDB imports over the wire: optional parts of bodies, statuses, errors and secrets.

use crate::support::{answering, assert_hidden, failure, json, only, raw};
use data_platform_clients::capydb_imports::types::{
    CreateImportRequest, JobState, PreflightCheckStatus, RunImportPreflightRequest,
};
use data_platform_clients::capydb_imports::{Auth, Client};
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

fn client(server: &MockServer) -> Client {
    Client::builder(&server.uri()).auth(Auth::bearer_auth("capy_live_1")).build().unwrap()
}

fn job(state: &str) -> Value {
    json!({"job": {
        "attempts": 1, "created_at": "2024-05-01T12:00:00Z", "id": "j", "max_attempts": 3, "organization_id": "o",
        "state": state, "type": "an undocumented kind", "updated_at": "2024-05-01T12:00:01Z",
    }})
}

#[tokio::test]
async fn an_import_is_accepted() {
    for (state, wanted) in [
        ("pending", JobState::Pending),
        ("running", JobState::Running),
        ("completed", JobState::Completed),
        ("failed", JobState::Failed),
    ] {
        let server = answering(json(202, &job(state))).await;
        let answer = client(&server).imports().create("p", CreateImportRequest::new()).await.unwrap();
        assert_eq!(answer.status().as_u16(), 202);
        assert_eq!((&answer.body().job.state, answer.body().job.claimed_at.as_ref()), (&wanted, None));
        assert_eq!(answer.body().job.type_, "an undocumented kind");
    }
}

/// Every property is optional, and an omitted property is not null.
#[tokio::test]
async fn each_property_of_an_import_is_sent_alone() {
    let bodies = [
        (CreateImportRequest::new(), "{}"),
        (CreateImportRequest::new().source_url("s"), r#"{"source_url":"s"}"#),
        (CreateImportRequest::new().upload_key("u"), r#"{"upload_key":"u"}"#),
        (CreateImportRequest::new().recreate(true), r#"{"recreate":true}"#),
        (CreateImportRequest::new().confirm(false), r#"{"confirm":false}"#),
    ];
    for (body, wanted) in bodies {
        let server = answering(json(202, &job("pending"))).await;
        client(&server).imports().create("p", body).await.unwrap();
        let requests = server.received_requests().await.unwrap();
        assert_eq!(String::from_utf8_lossy(&requests[0].body), wanted);
    }
}

#[tokio::test]
async fn an_upload_is_asked_for_without_a_body() {
    let upload =
        json!({"upload": {"object_key": "k", "upload_url": "https://s/?sig=s3cret", "expires_at": "2024-05-01 12:00"}});
    let server = answering(json(200, &upload)).await;
    let answer = client(&server).imports().create_upload("p").await.unwrap();
    let sent = only(&server).await;
    assert_eq!((sent.body.clone(), sent.value("content-type")), (Value::Null, None));
    assert_hidden(&["s3cret"], &[format!("{answer:?}"), format!("{:#?}", answer.body())]);
    assert_eq!(answer.body().upload.expires_at.as_str(), "2024-05-01 12:00");
    assert_eq!(serde_json::to_value(answer.into_inner()).unwrap(), upload);
}

#[tokio::test]
async fn the_default_error_is_typed() {
    for status in [400, 401, 402, 404, 409, 422, 429, 500] {
        let server = answering(json(status, &json!({"error": "project is locked"}))).await;
        let client = client(&server);
        let error = failure(client.imports().create("p", CreateImportRequest::new())).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.documented().map(|body| body.error.as_str()), Some("project is locked"));
        assert!(error.to_string().starts_with(&format!("imports().create (createImport): {status}")), "{error}");
        assert!(error.to_string().ends_with(": project is locked"), "{error}");
        let error = failure(client.imports().create_upload("p")).await;
        assert_eq!(error.documented().map(|body| body.error.as_str()), Some("project is locked"));
    }
    let server = answering(raw(503, "text/plain", "maintenance until noon")).await;
    let error = failure(client(&server).imports().create_upload("p")).await;
    assert_eq!((error.documented(), error.message()), (None, Some("maintenance until noon")));
    assert_eq!(
        error.to_string(),
        "imports().create_upload (createImportUpload): 503 Service Unavailable: maintenance until noon"
    );
}

#[tokio::test]
async fn a_preflight_keeps_undocumented_values() {
    let outcome = json!({"preflight": {
        "checks": [
            {"name": "a", "status": "pass"}, {"name": "b", "status": "warn"}, {"name": "c", "status": "fail"},
            {"name": "d", "status": "SKIPPED", "detail": null, "since": 2},
        ],
        "ok": false,
        "source": {"database_size_bytes": 1, "extensions": [], "server_version": "16"},
        "storage_limit_bytes": 2, "target_version": "17",
    }});
    let server = answering(json(200, &outcome)).await;
    let body = RunImportPreflightRequest::new("postgres://u:s3cret@db/shop");
    let client = client(&server);
    let call = client.imports().run_preflight("p", body.clone());
    assert_hidden(&["s3cret"], &[format!("{call:?}"), format!("{body:?}")]);
    let answer = call.await.unwrap().into_inner();
    assert_eq!(only(&server).await.body, json!({"source_url": "postgres://u:s3cret@db/shop"}));
    let statuses: Vec<_> = answer.preflight.checks.iter().map(|check| check.status.clone()).collect();
    assert_eq!(statuses[..3], [PreflightCheckStatus::Pass, PreflightCheckStatus::Warn, PreflightCheckStatus::Fail]);
    assert!(matches!(&statuses[3], PreflightCheckStatus::Unknown(text) if text.as_str() == "SKIPPED"));
    assert_eq!(answer.preflight.checks[3].detail, None);
}

#[tokio::test]
async fn without_a_token_the_error_names_it() {
    let server = answering(ResponseTemplate::new(401)).await;
    let client = Client::builder(&server.uri()).build().unwrap();
    let error = failure(client.imports().create_upload("p")).await;
    assert!(error.is_credentials());
    assert!(error.to_string().contains("`bearerAuth`"), "{error}");
}

#[tokio::test]
async fn a_token_never_shows() {
    let server = answering(ResponseTemplate::new(401)).await;
    let client = client(&server);
    let error = failure(client.imports().create_upload("p")).await;
    let call = client.imports().create_upload("p");
    let texts = [format!("{client:?}"), format!("{call:?}"), format!("{error:?}"), error.to_string()];
    assert_hidden(&["capy_live_1"], &texts);
    assert_eq!(only(&server).await.value("authorization"), Some("Bearer capy_live_1"));
}
