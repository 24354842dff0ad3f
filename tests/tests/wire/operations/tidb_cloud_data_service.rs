//! The operations of TiDB Cloud Data Service, behind a server that checks the digest of each request.

use data_platform_clients::tidb_cloud_data_service::types::{
    CreateDataAppApiKeyRequest, CreateDataAppRequest, CreateDataSourceRequest, CreateEndpointRequest,
    DataAppApiKeyRole, EndpointMethod, EndpointParameter, EndpointParameterType, EndpointSettings,
    UpdateDataAppRequest,
};
use data_platform_clients::tidb_cloud_data_service::{Auth, Client};
use serde_json::{Value, json};

use crate::support::gate::{Algorithm, Gate, PRIVATE_KEY, PUBLIC_KEY};
use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED, Sent};

/// Returns a request to a part of a Data App with an awkward identifier.
fn sent(method: &str, rest: &str) -> Sent {
    whole(method, &format!("/dataApps/{ENCODED}{rest}"))
}

fn whole(method: &str, path: &str) -> Sent {
    Sent::new(method, format!("/v1beta1{path}")).header("authorization", "Digest")
}

#[tokio::test]
async fn every_operation() {
    let mut table = Table::gated(Gate::new(&[Algorithm::Sha256])).await;
    let url = format!("{}/v1beta1", table.url());
    let client = Client::builder(&url).auth(Auth::digest_auth(PUBLIC_KEY, PRIVATE_KEY)).build().unwrap();
    data_apps(&mut table, &client).await;
    one_data_app(&mut table, &client).await;
    api_spec(&mut table, &client).await;
    data_sources(&mut table, &client).await;
    endpoints(&mut table, &client).await;
    api_keys(&mut table, &client).await;
    deployments(&mut table, &client).await;
    table.close("tidb_cloud_data_service");
}

fn app() -> Value {
    json!({
        "dataAppId": "a", "displayName": "App", "description": "d", "region": "eu",
        "createTime": "2024-05-01T12:00:00Z", "updateTime": "2024-05-01T12:00:01.5+02:00",
    })
}

async fn data_apps(table: &mut Table, client: &Client) {
    let apps = client.data_apps();
    let page = json!({"dataApps": [app(), {}], "nextPageToken": AWKWARD});
    let call = apps.list();
    let answer = table.call("listDataApps", whole("GET", "/dataApps"), Reply::json(200, page), call).await;
    // The token of one page leads to the next, whatever it contains.
    let call = apps.list().page_size(100).page_token(answer.next_page_token.as_deref().unwrap());
    let wanted = whole("GET", "/dataApps").query(format!("pageSize=100&pageToken={ENCODED}"));
    table.call("listDataApps", wanted, Reply::json(200, json!({})), call).await;

    let call = apps.create(CreateDataAppRequest::new("App").description("d").cluster_id("c"));
    let wanted = whole("POST", "/dataApps").body(json!({"displayName": "App", "description": "d", "clusterId": "c"}));
    let answer = table.call("createDataApp", wanted, Reply::json(200, app()), call).await;
    assert_eq!((answer.data_app_id.as_deref(), answer.region.as_deref()), (Some("a"), Some("eu")));
    let call = apps.create(CreateDataAppRequest::new(""));
    let wanted = whole("POST", "/dataApps").body(json!({"displayName": ""}));
    table.call("createDataApp", wanted, Reply::json(200, json!({})), call).await;
}

async fn one_data_app(table: &mut Table, client: &Client) {
    let apps = client.data_apps();
    table.call("getDataApp", sent("GET", ""), Reply::json(200, app()), apps.get(AWKWARD)).await;
    table.refuses("getDataApp", [apps.get("..")]).await;

    table.call("deleteDataApp", sent("DELETE", ""), Reply::empty(200), apps.delete(AWKWARD)).await;
    table.refuses("deleteDataApp", [apps.delete("")]).await;

    let call = apps.update(AWKWARD, UpdateDataAppRequest::new());
    table.call("updateDataApp", sent("PATCH", "").body(json!({})), Reply::json(200, app()), call).await;
    let call = apps.update(AWKWARD, UpdateDataAppRequest::new().display_name("n").description(""));
    let wanted = sent("PATCH", "").body(json!({"displayName": "n", "description": ""}));
    table.call("updateDataApp", wanted, Reply::json(200, app()), call).await;
    table.refuses("updateDataApp", [apps.update("..", UpdateDataAppRequest::new())]).await;
}

async fn api_spec(table: &mut Table, client: &Client) {
    let apps = client.data_apps();
    let spec = json!({"openapi": "3.0.3", "paths": {"/users/{id}": {"get": {}}}, "x": null});
    let call = apps.get_api_spec(AWKWARD);
    let answer = table.call("getDataAppApiSpec", sent("GET", "/apiSpec"), Reply::json(200, spec), call).await;
    assert_eq!(answer["openapi"], "3.0.3");

    let yaml = "openapi: 3.0.3\npaths: {}\n# ü\n";
    let call = apps.get_api_spec_as_yaml(AWKWARD);
    let wanted = sent("GET", "/apiSpec").header("accept", "application/yaml");
    let answer: String =
        table.call("getDataAppApiSpec", wanted, Reply::text(200, "application/yaml", yaml), call).await;
    assert_eq!(answer, yaml);
    table.refuses("getDataAppApiSpec", [apps.get_api_spec("..")]).await;
    table.refuses("getDataAppApiSpec", [apps.get_api_spec_as_yaml("..")]).await;
}

async fn data_sources(table: &mut Table, client: &Client) {
    let sources = client.data_sources();
    let source = || json!({"clusterId": "c", "clusterName": "n", "clusterType": "SERVERLESS"});
    let call = sources.list(AWKWARD);
    let reply = Reply::json(200, json!({"dataSources": [source(), {}]}));
    table.call("listDataSources", sent("GET", "/dataSources"), reply, call).await;
    table.refuses("listDataSources", [sources.list("..")]).await;

    let call = sources.create(AWKWARD, CreateDataSourceRequest::new("c"));
    let wanted = sent("POST", "/dataSources").body(json!({"clusterId": "c"}));
    table.call("createDataSource", wanted, Reply::json(200, source()), call).await;
    table.refuses("createDataSource", [sources.create("..", CreateDataSourceRequest::new("c"))]).await;

    let one = |method| sent(method, &format!("/dataSources/{ENCODED}"));
    let call = sources.get(AWKWARD, AWKWARD);
    let answer = table.call("getDataSource", one("GET"), Reply::json(200, source()), call).await;
    assert_eq!(answer.cluster_type.as_deref(), Some("SERVERLESS"));
    table.refuses("getDataSource", [sources.get("..", "c"), sources.get("a", "..")]).await;

    let call = sources.delete(AWKWARD, AWKWARD);
    table.call("deleteDataSource", one("DELETE"), Reply::empty(200), call).await;
    let calls = [sources.delete("..", "c"), sources.delete("a", "..")];
    table.refuses("deleteDataSource", calls).await;
}

async fn endpoints(table: &mut Table, client: &Client) {
    let endpoints = client.endpoints();
    let endpoint = json!({
        "name": "e", "displayName": "E", "description": "d", "path": "/users/{id}", "method": "DELETE", "clusterId": "c",
        "sqlTemplate": "select ${id}", "tag": "t", "settings": {
            "timeout": 30_000, "rowLimit": 1000, "cacheEnabled": true, "cacheTtl": 60, "paginationEnabled": false,
        },
        "params": [{"name": "id", "type": "INTEGER", "required": true, "defaultValue": "1"}, {}],
    });
    let call = endpoints.list(AWKWARD);
    let reply = Reply::json(200, json!({"endpoints": [endpoint], "nextPageToken": "n"}));
    table.call("listEndpoints", sent("GET", "/endpoints"), reply, call).await;
    let call = endpoints.list(AWKWARD).page_token(AWKWARD).page_size(1);
    let wanted = sent("GET", "/endpoints").query(format!("pageToken={ENCODED}&pageSize=1"));
    table.call("listEndpoints", wanted, Reply::json(200, json!({})), call).await;
    table.refuses("listEndpoints", [endpoints.list("..")]).await;

    let request = || CreateEndpointRequest::new("E", "/users", EndpointMethod::Put, "c", "select 1");
    let mut body = json!({
        "displayName": "E", "path": "/users", "method": "PUT", "clusterId": "c", "sqlTemplate": "select 1",
    });
    let call = endpoints.create(AWKWARD, request());
    let wanted = sent("POST", "/endpoints").body(body.clone());
    table.call("createEndpoint", wanted, Reply::json(200, endpoint.clone()), call).await;
    body.as_object_mut().unwrap().extend([
        ("description".to_owned(), json!("d")),
        ("tag".to_owned(), json!("t")),
        ("settings".to_owned(), endpoint["settings"].clone()),
        ("params".to_owned(), endpoint["params"].clone()),
    ]);
    let settings = EndpointSettings::new();
    let settings = settings.timeout(30_000).row_limit(1000).cache_enabled(true).cache_ttl(60).pagination_enabled(false);
    let id = EndpointParameter::new().name("id").type_(EndpointParameterType::Integer).required(true);
    let params = vec![id.default_value("1"), EndpointParameter::new()];
    let request_with_all = request().description("d").tag("t").settings(settings).params(params);
    let call = endpoints.create(AWKWARD, request_with_all);
    table.call("createEndpoint", sent("POST", "/endpoints").body(body), Reply::json(200, endpoint), call).await;
    table.refuses("createEndpoint", [endpoints.create("..", request())]).await;
}

async fn api_keys(table: &mut Table, client: &Client) {
    let keys = client.data_app_api_keys();
    let key = json!({
        "apiKeyId": "k", "publicKey": "p", "privateKey": "s3cret", "description": "d", "role": "READ_ONLY",
        "rateLimitRpm": 1000,
    });
    let call = keys.list(AWKWARD);
    let reply = Reply::json(200, json!({"apiKeys": [{}, key], "nextPageToken": ""}));
    table.call("listDataAppApiKeys", sent("GET", "/apiKeys"), reply, call).await;
    let call = keys.list(AWKWARD).page_size(2).page_token("t");
    let wanted = sent("GET", "/apiKeys").query("pageSize=2&pageToken=t");
    table.call("listDataAppApiKeys", wanted, Reply::json(200, json!({})), call).await;
    table.refuses("listDataAppApiKeys", [keys.list("..")]).await;

    let request = || CreateDataAppApiKeyRequest::new(DataAppApiKeyRole::ReadAndWrite);
    let call = keys.create(AWKWARD, request());
    let wanted = sent("POST", "/apiKeys").body(json!({"role": "READ_AND_WRITE"}));
    let answer = table.call("createDataAppApiKey", wanted, Reply::json(200, key.clone()), call).await;
    assert_eq!(answer.private_key.unwrap().expose(), "s3cret");
    let call = keys.create(AWKWARD, request().description("d").rate_limit_rpm(1));
    let body = json!({"description": "d", "role": "READ_AND_WRITE", "rateLimitRpm": 1});
    table.call("createDataAppApiKey", sent("POST", "/apiKeys").body(body), Reply::json(200, key), call).await;
    table.refuses("createDataAppApiKey", [keys.create("..", request())]).await;
}

async fn deployments(table: &mut Table, client: &Client) {
    let deployments = client.deployments();
    let deployment = json!({
        "deploymentId": "d", "dataAppId": "a", "status": "SUCCEEDED", "createTime": "2024-05-01T12:00:00Z",
    });
    let call = deployments.list(AWKWARD);
    let reply = Reply::json(200, json!({"deployments": [deployment], "nextPageToken": "n"}));
    table.call("listDeployments", sent("GET", "/deployments"), reply, call).await;
    let call = deployments.list(AWKWARD).page_size(3).page_token("n");
    let wanted = sent("GET", "/deployments").query("pageSize=3&pageToken=n");
    table.call("listDeployments", wanted, Reply::json(200, json!({})), call).await;
    table.refuses("listDeployments", [deployments.list("..")]).await;

    let call = deployments.create(AWKWARD);
    table.call("createDeployment", sent("POST", "/deployments"), Reply::json(200, deployment), call).await;
    table.refuses("createDeployment", [deployments.create("..")]).await;
}
