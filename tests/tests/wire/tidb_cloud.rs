//! Both TiDB Cloud APIs over the wire: quoted 64-bit integers, secrets, pages, descriptions as JSON and YAML, and their error bodies.
//!
//! The servers here never challenge; `wire_tidb_digest` tests authentication.

use std::error::Error as _;

use crate::support::{answering, assert_hidden, failure, json, only, raw};
use data_platform_clients::tidb_cloud_data_service as service;
use data_platform_clients::tidb_cloud_data_service::types::{CreateDataAppApiKeyRequest, DataAppApiKeyRole};
use data_platform_clients::tidb_cloud_import as import;
use data_platform_clients::tidb_cloud_import::types::{CreateImportResp, GenerateUploadUrlBody};
use serde_json::{Value, json};
use wiremock::matchers::{any, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn service_client(server: &MockServer) -> service::Client {
    service::Client::builder(&server.uri()).auth(service::Auth::digest_auth("public", "pr1vate")).build().unwrap()
}

fn import_client(server: &MockServer) -> import::Client {
    import::Client::builder(&server.uri()).auth(import::Auth::digest_auth("public", "pr1vate")).build().unwrap()
}

/// Returns the identifier from a response to `createImport`.
async fn identifier(body: &str) -> Result<u64, String> {
    let server = answering(raw(200, "application/json", body)).await;
    let body = import::types::CreateImportBody::new("CSV", "S3");
    match import_client(&server).import().create(1, 2, body).await {
        Ok(answer) => Ok(answer.body().id),
        Err(error) => Err(error.to_string()),
    }
}

#[tokio::test]
async fn a_quoted_integer_is_read_from_text_and_from_a_number() {
    assert_eq!(identifier(r#"{"id": "18446744073709551615"}"#).await, Ok(u64::MAX));
    assert_eq!(identifier(r#"{"id": 18446744073709551615}"#).await, Ok(u64::MAX));
    assert_eq!(identifier(r#"{"id": "0"}"#).await, Ok(0));
    for (body, place) in [
        (r#"{"id": "18446744073709551616"}"#, "id: "),
        (r#"{"id": -1}"#, "id: "),
        (r#"{"id": "-1"}"#, "id: "),
        (r#"{"id": 1.5}"#, "id: "),
        (r#"{"id": ""}"#, "id: "),
        (r#"{"id": true}"#, "id: "),
        (r#"{"id": null}"#, "id: "),
        ("{}", "\"id\""),
    ] {
        let error = identifier(body).await.unwrap_err();
        assert!(error.contains(place), "{body}: {error}");
    }
    // Serialized as a string, whatever form it was read from.
    let read: CreateImportResp = serde_json::from_value(json!({"id": 7})).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json!({"id": "7"}));
}

#[tokio::test]
async fn the_description_comes_as_json_or_as_yaml() {
    let spec = json!({"openapi": "3.0.3", "paths": {"/a": {}}});
    let server = answering(json(200, &spec)).await;
    let answer = service_client(&server).data_apps().get_api_spec("a").await.unwrap().into_inner();
    assert_eq!((Value::Object(answer), only(&server).await.value("accept")), (spec, Some("application/json")));

    let server = answering(raw(200, "application/yaml; charset=utf-8", "openapi: 3.0.3\n")).await;
    let client = service_client(&server);
    let answer: String = client.data_apps().get_api_spec_as_yaml("a").await.unwrap().into_inner();
    assert_eq!((answer.as_str(), only(&server).await.value("accept")), ("openapi: 3.0.3\n", Some("application/yaml")));

    // Errors are JSON in both cases.
    let server = answering(json(404, &json!({"code": 404, "message": "no such app"}))).await;
    let error = failure(service_client(&server).data_apps().get_api_spec_as_yaml("a")).await;
    assert_eq!(error.documented().and_then(|body| body.code), Some(404));
    assert_eq!(error.to_string(), "data_apps().get_api_spec_as_yaml (getDataAppApiSpec): 404 Not Found: no such app");

    // YAML in place of the requested JSON is reported as such.
    let server = answering(raw(200, "application/yaml", "openapi: 3.0.3\n")).await;
    let error = failure(service_client(&server).data_apps().get_api_spec("a")).await;
    assert!(error.is_decode());
    assert!(error.to_string().contains("the response is application/yaml, not JSON"), "{error:?}");
}

#[tokio::test]
async fn pages_are_walked_by_their_tokens() {
    let server = MockServer::start().await;
    let page = |names: &[&str], next: Option<&str>| {
        let apps: Vec<Value> = names.iter().map(|name| json!({"displayName": name})).collect();
        json(200, &json!({"dataApps": apps, "nextPageToken": next}))
    };
    let first = Mock::given(query_param_is_missing("pageToken")).and(query_param("pageSize", "2"));
    first.respond_with(page(&["a", "b"], Some("t/1+&="))).expect(1).mount(&server).await;
    let second = Mock::given(query_param("pageToken", "t/1+&=")).and(query_param("pageSize", "2"));
    second.respond_with(page(&["c"], None)).expect(1).mount(&server).await;

    let client = service_client(&server);
    let apps = client.data_apps().list().page_size(2).items().up_to(10).await.unwrap();
    let names: Vec<String> = apps.into_iter().filter_map(|app| app.display_name).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_private_key_never_shows() {
    let key = json!({"apiKeyId": "k", "publicKey": "p", "privateKey": "s3cret", "role": "READ_ONLY"});
    let server = answering(json(200, &key)).await;
    let client = service_client(&server);
    let request = CreateDataAppApiKeyRequest::new(DataAppApiKeyRole::ReadOnly);
    let answer = client.data_app_api_keys().create("a", request).await.unwrap();
    let mut texts = vec![format!("{answer:?}"), format!("{answer:#?}"), format!("{:?}", answer.body())];
    assert!(texts[0].contains("redacted") && texts[0].contains("READ_ONLY"), "{}", texts[0]);
    assert_eq!(answer.body().private_key.as_ref().map(|key| key.expose().as_str()), Some("s3cret"));

    let server = answering(json(200, &json!({"apiKeys": [key]}))).await;
    let page = service_client(&server).data_app_api_keys().list("a").await.unwrap();
    texts.push(format!("{page:?}"));

    // Secrets are hidden both in a decoding error and in an error response.
    let body = json!({"privateKey": "s3cret", "rateLimitRpm": "many"});
    for status in [200, 400] {
        let server = answering(json(status, &body)).await;
        let client = service_client(&server);
        let request = CreateDataAppApiKeyRequest::new(DataAppApiKeyRole::ReadOnly);
        let error = failure(client.data_app_api_keys().create("a", request)).await;
        texts.extend([error.to_string(), format!("{error:?}"), format!("{error:#?}")]);
        texts.extend(error.source().map(ToString::to_string));
        assert!(error.raw_body().is_some_and(|body| body.windows(6).any(|text| text == b"s3cret")));
    }
    assert_hidden(&["s3cret", "pr1vate"], &texts);
}

#[tokio::test]
async fn an_upload_url_never_shows() {
    let server = answering(json(200, &json!({"new_file_name": "n", "upload_url": "https://s3/?sig=s3cret"}))).await;
    let client = import_client(&server);
    let call = client.import().generate_upload_url(1, 2, GenerateUploadUrlBody::new(3, "f"));
    let mut texts = vec![format!("{call:?}")];
    let answer = call.await.unwrap();
    texts.extend([format!("{answer:?}"), format!("{:#?}", answer.body()), format!("{}", answer.body().upload_url)]);
    assert_hidden(&["s3cret"], &texts);
    assert_eq!(answer.into_inner().upload_url.into_inner(), "https://s3/?sig=s3cret");
}

#[tokio::test]
async fn the_default_error_keeps_its_details() {
    let details = json!([
        {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R", "metadata": {"n": "1"}},
        {"@type": "type.googleapis.com/google.rpc.Help", "links": [{"url": "u"}]},
        {},
    ]);
    let body = json!({"code": 9, "message": "cluster is paused", "details": details});
    for status in [400, 404, 500, 503] {
        let server = answering(json(status, &body)).await;
        let error = failure(import_client(&server).import().get(1, 2, 3)).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(error.to_string().contains(": cluster is paused"), "{error}");
        let documented = error.into_documented().unwrap();
        assert_eq!((documented.code, documented.message.as_deref()), (Some(9), Some("cluster is paused")));
        let kept = documented.details.as_deref().unwrap();
        assert_eq!(kept[0].at_type.as_deref(), Some("type.googleapis.com/google.rpc.ErrorInfo"));
        assert_eq!(kept[0].additional_properties["metadata"], json!({"n": "1"}));
        assert!(!kept[0].additional_properties.contains_key("@type"));
        assert_eq!((kept[2].at_type.as_deref(), kept[2].additional_properties.len()), (None, 0));
        assert_eq!(serde_json::to_value(&documented).unwrap(), body);
    }
}

/// The Data Service documents only 401 and 429 here, so only these bodies are typed.
#[tokio::test]
async fn the_error_body_of_the_data_service_is_typed() {
    let body = json!({"code": 429, "status": "RESOURCE_EXHAUSTED", "error": "RATE", "message": "slow down"});
    for status in [400, 401, 404, 429, 500] {
        let server = answering(json(status, &body)).await;
        let error = failure(service_client(&server).data_apps().list()).await;
        assert!(error.to_string().contains(": slow down"), "{error}");
        let documented = error.documented().map(|documented| (documented.code, documented.error.as_deref()));
        let expected = matches!(status, 401 | 429).then_some((Some(429), Some("RATE")));
        assert_eq!(documented, expected, "{status}");
        assert!(error.raw_body().is_some_and(|kept| !kept.is_empty()));
    }
    let server = answering(ResponseTemplate::new(503)).await;
    let error = failure(service_client(&server).data_apps().list()).await;
    let text = "data_apps().list (listDataApps): 503 Service Unavailable (after 3 attempts)";
    assert_eq!((error.documented(), error.to_string().as_str()), (None, text));
}

#[tokio::test]
async fn a_decode_error_says_where() {
    let job = json!({
        "cluster_id": "1", "completed_percent": 40, "completed_tables": 1, "created_at": "2024-05-01T12:00:00Z",
        "current_tables": [{"completed_percent": 7, "name": "t", "size": "8"}, {"completed_percent": 7, "name": null}],
        "data_format": "CSV", "elapsed_time_seconds": 61, "message": "", "pending_tables": 2, "status": "IMPORTING",
        "total_files": 3, "total_size": "9",
    });
    let server = answering(json(200, &json!({"imports": [job], "total": "1"}))).await;
    let error = failure(import_client(&server).import().list(1, 2)).await;
    assert!(error.is_decode());
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    let wanted = "import().list (ListImports): 200 OK, but the body could not be decoded: \
                  imports[0].current_tables[1].name: expected string, found null at line 1 column ";
    assert!(error.to_string().starts_with(wanted), "{error}");
}

#[tokio::test]
async fn a_call_can_have_its_own_header_and_time() {
    let slow = json(200, &json!({})).set_delay(std::time::Duration::from_secs(20));
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(slow).mount(&server).await;
    let call = service_client(&server).data_apps().list();
    let error = failure(call.with_timeout(std::time::Duration::from_millis(200))).await;
    assert!(error.is_timeout(), "{error:?}");

    let server = answering(json(200, &json!({}))).await;
    let call = service_client(&server).data_apps().list();
    call.with_header("X-Trace", "t-1").with_header("Accept", "application/json;v=2").await.unwrap();
    let sent = only(&server).await;
    assert_eq!((sent.value("x-trace"), sent.value("accept")), (Some("t-1"), Some("application/json;v=2")));
}
