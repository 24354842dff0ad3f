//! ByteHouse over the wire: the role header, absent versus null, free-form bodies, responses of any 2xx, undocumented errors and
//! secrets.

use crate::support::{answering, arrived, assert_hidden, failure, json, only, raw};
use data_platform_clients::bytehouse::types::{
    CreateApiKeyRequest, CreateConnectionRequest, ImportSourceType, StartImportJobRequest, UpdateConnectionRequest,
    UpdateVirtualWarehouseRequest,
};
use data_platform_clients::bytehouse::{Auth, Client, server};
use data_platform_clients::runtime::{JsonObject, Maybe, Uuid};
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

fn client(server: &MockServer) -> Client {
    Client::builder(&server.uri()).auth(Auth::bearer_auth("t0ken")).build().unwrap()
}

async fn success() -> MockServer {
    answering(json(200, &json!({}))).await
}

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_role_is_the_calls_own_or_the_clients_or_none() {
    let server = success().await;
    let plain = client(&server);
    let auth = Auth::bearer_auth("t0ken");
    let acting = Client::builder(&server.uri()).auth(auth).x_user_active_role("AccountAdmin").build().unwrap();
    plain.databases().list().await.unwrap();
    plain.databases().list().x_user_active_role("own").await.unwrap();
    acting.databases().list().await.unwrap();
    acting.databases().list().x_user_active_role("own").await.unwrap();
    // The last value counts.
    acting.databases().list().x_user_active_role("first").x_user_active_role("last").await.unwrap();
    acting.clone().databases().list().await.unwrap();
    let roles: Vec<Option<String>> = arrived(&server).await.iter().map(role).collect();
    let wanted = [None, Some("own"), Some("AccountAdmin"), Some("own"), Some("last"), Some("AccountAdmin")];
    assert_eq!(roles, wanted.map(|role| role.map(str::to_owned)));
}

fn role(sent: &crate::support::Sent) -> Option<String> {
    sent.value("x-user-activerole").map(str::to_owned)
}

#[tokio::test]
async fn four_operations_take_no_role() {
    let server = success().await;
    let auth = Auth::bearer_auth("t0ken");
    let client = Client::builder(&server.uri()).auth(auth).x_user_active_role("AccountAdmin").build().unwrap();
    client.metadata().create_subscription("a", "u", "t").await.unwrap();
    client.metadata().delete_subscription("a", "u", "t").await.unwrap();
    client.cluster_status().get("d", "t").await.unwrap();
    client.iam().get_account_status().await.unwrap();
    let sent = arrived(&server).await;
    assert_eq!(sent.iter().filter_map(role).count(), 0);
    assert_eq!(sent.len(), 4);
}

#[tokio::test]
async fn the_session_can_be_the_clients_too() {
    let server = success().await;
    let auth = Auth::bearer_auth("t0ken");
    let client = Client::builder(&server.uri()).auth(auth).x_query_session_id("s-1").build().unwrap();
    client.queries().abort_sync().await.unwrap();
    client.queries().abort_sync().x_query_session_id("s-2").await.unwrap();
    client.queries().list_dialects().await.unwrap();
    let sessions: Vec<Option<String>> =
        arrived(&server).await.iter().map(|sent| sent.value("x-querysession-id").map(str::to_owned)).collect();
    assert_eq!(sessions, [Some("s-1".to_owned()), Some("s-2".to_owned()), None]);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_an_error() {
    let server = success().await;
    let builder = Client::builder(&server.uri()).x_user_active_role("two\r\nX-Injected: 1");
    let error = builder.build().unwrap_err().to_string();
    assert!(error.to_lowercase().contains("x-user-activerole"), "{error}");
    let call = client(&server).databases().list().x_user_active_role("two\nlines-s3cret");
    let error = failure(call).await;
    assert!(error.is_request() && error.to_string().to_lowercase().contains("x-user-activerole"), "{error}");
    assert_hidden(&["s3cret"], &[error.to_string(), format!("{error:?}")]);
    assert!(arrived(&server).await.is_empty());
}

/// Returns the exact body of `updateVirtualWarehouse`.
async fn changes(request: UpdateVirtualWarehouseRequest) -> String {
    let server = success().await;
    client(&server).virtual_warehouse().update("w", request).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].headers["content-type"], "application/json");
    String::from_utf8(requests[0].body.clone()).unwrap()
}

#[tokio::test]
async fn absent_null_and_a_value_are_three_things() {
    let new = UpdateVirtualWarehouseRequest::new;
    assert_eq!(changes(new()).await, "{}");
    assert_eq!(changes(new().auto_suspend(5)).await, r#"{"autoSuspend":5}"#);
    assert_eq!(changes(new().description(Maybe::Null)).await, r#"{"description":null}"#);
    assert_eq!(changes(new().description(None)).await, r#"{"description":null}"#);
    assert_eq!(changes(new().description(Some("d".to_owned()))).await, r#"{"description":"d"}"#);
    assert_eq!(changes(new().description(Maybe::Absent)).await, "{}");
    assert_eq!(changes(new().auto_resume(true).auto_resume(Maybe::Absent)).await, "{}");
    let nulls = new().description(Maybe::Null).config_id(None).status(None).auto_suspend(None).auto_resume(Maybe::Null);
    let wanted = r#"{"description":null,"configID":null,"status":null,"autoSuspend":null,"autoResume":null}"#;
    assert_eq!(changes(nulls).await, wanted);
    let values = new().description("").config_id(1).status("up").auto_suspend(0).auto_resume(false);
    let wanted = r#"{"description":"","configID":1,"status":"up","autoSuspend":0,"autoResume":false}"#;
    assert_eq!(changes(values).await, wanted);
}

#[tokio::test]
async fn a_free_form_body_goes_as_it_is() {
    let server = success().await;
    let data = json!({
        "z": 1, "a": {"deep": [1.5, -0.0, 1e300, true, null, "ü\u{1F980}\"\\/\n\u{7f}"]}, "": {}, "n": 18_446_744_073_709_551_615_u64,
    });
    let request = CreateConnectionRequest::new("c", ImportSourceType::Kafka, object(data.clone()));
    client(&server).data_loading().create_connection(request).await.unwrap();
    assert_eq!(only(&server).await.body, json!({"name": "c", "type": "KAFKA", "data": data}));
}

#[tokio::test]
async fn a_start_body_is_optional() {
    let server = success().await;
    let client = client(&server);
    let loading = client.data_loading();
    loading.start_import_job(1).await.unwrap();
    loading.start_import_job(1).body(StartImportJobRequest::new()).await.unwrap();
    let mut body = StartImportJobRequest::new().source_properties_file_names("a.csv");
    body.additional_properties = object(json!({"source.properties.more": [1], "x": null}));
    loading.start_import_job(1).body(StartImportJobRequest::new()).body(body).await.unwrap();
    let sent = arrived(&server).await;
    assert_eq!((&sent[0].body, sent[0].value("content-type")), (&Value::Null, None));
    assert_eq!((&sent[1].body, sent[1].value("content-type")), (&json!({}), Some("application/json")));
    let wanted = json!({"source.properties.fileNames": "a.csv", "source.properties.more": [1], "x": null});
    assert_eq!(sent[2].body, wanted);
}

#[tokio::test]
async fn an_execution_is_named_by_its_uuid() {
    let server = success().await;
    let id: Uuid = "B36FA16E-A0CE-4274-A744-621357180928".parse().unwrap();
    client(&server).data_loading().get_execution(id).await.unwrap();
    assert_eq!(only(&server).await.path, "/v1/data-loading/executions/b36fa16e-a0ce-4274-a744-621357180928");
}

#[tokio::test]
async fn any_2xx_is_a_success() {
    for status in [200, 201, 202, 206, 226] {
        let server = answering(json(status, &json!({"data": {"name": "d"}}))).await;
        let answer = client(&server).databases().get("d").await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.body().data.as_ref().unwrap()["name"]), (status, &json!("d")));
    }
}

#[tokio::test]
async fn an_undocumented_error_keeps_its_body_and_message() {
    let cases = [
        (json!({"message": "no such database", "error": {"code": 81}}), Some("no such database")),
        (json!({"error": {"message": "no such database"}}), Some("no such database")),
        (json!({"data": null}), None),
        (json!(["odd"]), Some("odd")),
    ];
    for (body, message) in cases {
        let server = answering(json(404, &body)).await;
        let error = failure(client(&server).databases().get("d")).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
        assert_eq!(error.message(), message, "{body}");
        let raw: Value = serde_json::from_slice(error.raw_body().unwrap()).unwrap();
        assert_eq!(raw, body);
        let wanted = match message {
            Some(message) => format!("databases().get (getDatabase): 404 Not Found: {message}"),
            None => "databases().get (getDatabase): 404 Not Found".to_owned(),
        };
        assert_eq!(error.to_string(), wanted);
    }
    let server = answering(raw(500, "text/plain", "Code: 81. DB::Exception")).await;
    let error = failure(client(&server).iam().get_account_status()).await;
    assert_eq!(
        error.to_string(),
        "iam().get_account_status (getAccountStatus): 500 Internal Server Error: Code: 81. DB::Exception (after 3 attempts)"
    );
}

#[tokio::test]
async fn no_secret_shows() {
    let key = json!({"message": "Success", "data": {"apiKey": "s3cret"}});
    let server = answering(json(200, &key)).await;
    let client = client(&server);
    let answer = client.iam().create_api_key(CreateApiKeyRequest::new()).await.unwrap();
    let mut texts = vec![format!("{answer:?}"), format!("{:#?}", answer.body())];
    assert_eq!(serde_json::to_value(answer.body()).unwrap(), key);

    let data = || object(json!({"accessKeySecret": "s3cret"}));
    let create = CreateConnectionRequest::new("c", ImportSourceType::S3, data());
    let update = UpdateConnectionRequest::new("c", data());
    texts.extend([format!("{create:?}"), format!("{update:?}"), format!("{client:?}")]);
    texts.push(format!("{:?}", client.data_loading().create_connection(create)));
    texts.push(format!("{:?}", client.data_loading().update_connection(1, update)));
    // The token is a secret header of this call.
    texts.push(format!("{:?}", client.metadata().create_subscription("a", "u", "s3cret")));
    let error = failure(client.metadata().create_subscription("a", "u", "s3cret\n")).await;
    texts.extend([format!("{error:?}"), error.to_string()]);
    assert_hidden(&["s3cret", "t0ken"], &texts);
}

#[tokio::test]
async fn without_a_token_the_error_names_it() {
    let server = answering(ResponseTemplate::new(401)).await;
    let error = failure(Client::builder(&server.uri()).build().unwrap().databases().list()).await;
    assert!(error.is_credentials() && error.to_string().contains("`BearerAuth`"), "{error}");
}

#[test]
fn the_host_is_part_of_the_server() {
    assert_eq!(server("gateway.example.com"), "https://gateway.example.com");
    assert!(Client::builder(&server("gateway.example.com")).build().is_ok());
    assert!(Client::builder(&server("")).build().is_err());
    assert!(Client::builder("https://{host}").build().is_err());
}
