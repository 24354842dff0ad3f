//! Undocumented values from servers, through a whole call: enum values, properties, null, dates.

use crate::support::{answering, failure, json, only, raw};
use clientwright_normalizer::structure::media::is_json;
use data_platform_clients::bytehouse;
use data_platform_clients::bytehouse::types::{
    ApiKeyStatus, CreateConnectionRequest, ImportSourceType, SetApiKeyStatusRequest,
};
use data_platform_clients::lakefs_import;
use data_platform_clients::lakefs_import::types::ImportStatus;
use data_platform_clients::runtime::codegen::decode::{self, RawResponse};
use data_platform_clients::runtime::http::header::CONTENT_TYPE;
use data_platform_clients::runtime::http::{HeaderMap, StatusCode};
use data_platform_clients::runtime::{DateTime, Error, JsonObject};
use data_platform_clients::tidb_cloud_data_service as service;
use data_platform_clients::tidb_cloud_data_service::types::DeploymentStatus;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

fn bytehouse_client(server: &MockServer) -> bytehouse::Client {
    bytehouse::Client::builder(&server.uri()).auth(bytehouse::Auth::bearer_auth("t")).build().unwrap()
}

/// Returns the result of `importStatus` for a response.
async fn status(answer: ResponseTemplate) -> Result<ImportStatus, Error<lakefs_import::types::Error>> {
    let server = answering(answer).await;
    let auth = lakefs_import::Auth::jwt_token("t");
    let client = lakefs_import::Client::builder(&server.uri()).auth(auth).build().unwrap();
    Ok(client.import().get_status("repo", "main", "i").await?.into_inner())
}

#[tokio::test]
async fn an_unlisted_enum_value_is_read_and_sent_on() {
    let server = answering(json(200, &json!({"status": "SUCCEEDED_PARTLY"}))).await;
    let auth = service::Auth::digest_auth("public", "private");
    let client = service::Client::builder(&server.uri()).auth(auth).build().unwrap();
    let read = client.deployments().create("a").await.unwrap().into_inner();
    let status = read.status.unwrap();
    assert!(matches!(&status, DeploymentStatus::Unknown(text) if text.as_str() == "SUCCEEDED_PARTLY"));
    assert_eq!((status.as_str(), status.to_string().as_str()), ("SUCCEEDED_PARTLY", "SUCCEEDED_PARTLY"));

    // A listed value is never `Unknown`, however it was created.
    assert_eq!(ApiKeyStatus::from("ENABLED"), ApiKeyStatus::Enabled);
    assert_eq!("DISABLED".parse(), Ok(ApiKeyStatus::Disabled));
    let server = answering(json(200, &json!({}))).await;
    let request = SetApiKeyStatusRequest::new().status("SUSPENDED");
    bytehouse_client(&server).iam().set_api_key_status("k", request).await.unwrap();
    assert_eq!(only(&server).await.body, json!({"status": "SUSPENDED"}));
    let server = answering(json(200, &json!({}))).await;
    let request = CreateConnectionRequest::new("c", ImportSourceType::from("ÜBER \"S3\""), JsonObject::new());
    bytehouse_client(&server).data_loading().create_connection(request).await.unwrap();
    assert_eq!(only(&server).await.body["type"], "ÜBER \"S3\"");
}

#[tokio::test]
async fn unknown_properties_are_passed_over() {
    let body = r#"{
        "before": {"deep": [[[{"completed": "no"}]]]}, "completed": true, "COMPLETED": false, "complete": 1, "": null,
        "update_time": "2024-05-01T12:00:00Z", "after": [1e400, 123456789012345678901234567890, "\u0000"]
    }"#;
    let read = status(raw(200, "application/json", body)).await.unwrap();
    assert_eq!((read.completed, read.commit), (true, None));
}

#[tokio::test]
async fn null_is_the_same_as_absent_where_a_value_is_optional() {
    let body = json!({
        "completed": false, "update_time": "2024-05-01T12:00:00Z", "ingested_objects": null, "metarange_id": null,
        "commit": null, "error": null,
    });
    let read = status(json(200, &body)).await.unwrap();
    assert_eq!(
        read,
        status(json(200, &json!({"completed": false, "update_time": "2024-05-01T12:00:00Z"}))).await.unwrap()
    );
    assert_eq!((read.ingested_objects, read.metarange_id, read.error), (None, None, None));
}

#[tokio::test]
async fn dates_are_read_leniently_and_kept_as_text() {
    let times = [
        "2024-05-01T12:00:00Z",
        "2024-05-01T12:00:00",
        "2024-05-01 12:00:00",
        "2024-05-01T12:00:00.123456789123Z",
        "2024-05-01T14:00:00+02:00",
        "2024-05-01T14:00:00+0200",
        "2024-05-01t12:00:00z",
        "2024-02-29T23:59:60Z",
    ];
    for time in times {
        let read = status(json(200, &json!({"completed": true, "update_time": time}))).await.unwrap();
        assert_eq!(read.update_time.as_str(), time);
        assert_eq!(serde_json::to_value(&read).unwrap()["update_time"], time);
    }
    let noon = |text: &str| text.parse::<DateTime>().unwrap().to_system_time();
    assert_eq!(noon(times[0]), noon(times[1]));
    assert_eq!(noon(times[0]), noon(times[4]));
    assert_eq!(noon(times[4]), noon(times[5]));
}

#[tokio::test]
async fn what_is_no_date_is_kept_and_no_string_is_an_error_that_says_where() {
    for time in ["", "yesterday", "2024-02-30T12:00:00Z", "2024-05-01", "1714564800", "2024-05-01T25:00:00Z"] {
        let read = status(json(200, &json!({"completed": true, "update_time": time}))).await.unwrap();
        assert_eq!((read.update_time.as_str(), read.update_time.to_system_time()), (time, None));
    }
    let error = status(json(200, &json!({"completed": true, "update_time": 1_714_564_800}))).await.unwrap_err();
    assert!(error.is_decode());
    assert!(error.to_string().contains("could not be decoded: update_time: "), "{error}");
}

#[tokio::test]
async fn a_body_that_cannot_be_decoded_is_kept() {
    let commit = r#"{"completed": true, "update_time": "2024-05-01T12:00:00Z", "commit": {"parents": ["p", null]}}"#;
    let cases = [
        (commit, "commit.parents[1]: expected string, found null at line 1 column "),
        (r#"{"completed": "yes"}"#, "completed: expected boolean, found string at line 1 column "),
        ("[1]", "expected object, found array at line 1 column "),
        ("[]", "expected object, found an empty array at line 1 column "),
        ("{\"completed\": true,\n \"update_time\"", ""),
        (r#"{"completed": true, "update_time": "2024-05-01T12:00:00Z"} x"#, ""),
    ];
    let twice = r#"{"completed": false, "completed": true, "update_time": "2024-05-01T12:00:00Z"}"#;
    assert!(status(raw(200, "application/json", twice)).await.unwrap().completed, "the last value holds");
    for (body, place) in cases {
        let error = status(raw(200, "application/json", body)).await.unwrap_err();
        assert!(error.is_decode(), "{body}");
        let text = error.to_string();
        assert!(
            text.starts_with(&format!(
                "import().get_status (importStatus): 200 OK, but the body could not be decoded: {place}"
            )),
            "{text}"
        );
        assert!(text.contains("; if the server is correct, fix the API document with an overlay"), "{text}");
        assert_eq!(error.raw_body().map(|kept| &kept[..]), Some(body.as_bytes()));
    }
    let page = status(raw(200, "text/html", "<html>")).await.unwrap_err();
    assert!(
        page.to_string().contains("(the response is text/html, not JSON; use `.stream()` for its bytes); "),
        "{page}"
    );
    let empty = status(raw(200, "application/json", "")).await.unwrap_err();
    assert!(empty.to_string().ends_with(": the call succeeded, but without the documented body"), "{empty}");
}

#[tokio::test]
async fn a_byte_order_mark_and_white_space_do_no_harm() {
    let text = "\u{feff} \r\n\t{\"completed\" : true , \"update_time\":\"2024-05-01T12:00:00Z\" }\n";
    assert!(status(raw(200, "application/json;charset=UTF-8", text)).await.unwrap().completed);
}

#[tokio::test]
async fn depth_is_limited_and_the_stack_survives() {
    let deep = |levels: usize| format!("{{\"data\":{{\"a\":{}1{}}}}}", "[".repeat(levels), "]".repeat(levels));
    let server = answering(raw(200, "application/json", &deep(100))).await;
    let mut value =
        bytehouse_client(&server).databases().get("d").await.unwrap().into_inner().data.unwrap()["a"].take();
    for _ in 0..100 {
        value = value[0].take();
    }
    assert_eq!(value, Value::from(1));
    let server = answering(raw(200, "application/json", &deep(100_000))).await;
    assert!(failure(bytehouse_client(&server).databases().get("d")).await.is_decode());
}

/// The runtime and the generator agree on JSON media types, although the runtime cannot depend on the generator's
/// crate.
#[test]
fn the_runtime_takes_for_json_what_the_generator_does() {
    let json = "application/json text/json text/x-json Application/HAL+JSON;v=1 application/problem+json";
    let others =
        "application/jsonl application/json+sarif application/x-ndjson application/json-seq application/xml image/png";
    for name in json.split(' ').chain(others.split(' ')) {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, name.parse().unwrap())]);
        let response = RawResponse::new(StatusCode::OK, headers, "\"a\"".into());
        // A JSON string is decoded without its quotes.
        let is_read_as_json = decode::text(&response).unwrap() == "a";
        assert_eq!(is_read_as_json, is_json(name), "{name}");
        assert_eq!(is_json(name), json.contains(name), "{name}");
    }
}
