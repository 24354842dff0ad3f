//! Pagination and polling over the wire: all operations of the five APIs that have them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{Sent, arrived};
use data_platform_clients::runtime::{BlockOn as _, WaitError};
use data_platform_clients::{
    bytehouse, lakefs_import as lakefs, tidb_cloud_data_service as service, tidb_cloud_import as import,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// Sends these responses in turn, and then repeats the last one.
struct InTurn(Vec<Value>, AtomicUsize);

impl Respond for InTurn {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let answer = self.0.get(self.1.fetch_add(1, Ordering::Relaxed)).or(self.0.last());
        ResponseTemplate::new(200).set_body_json(answer.expect("an answer"))
    }
}

async fn answering(answers: &[Value]) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(InTurn(answers.to_vec(), AtomicUsize::new(0))).mount(&server).await;
    server
}

/// Returns path and query of all requests.
async fn targets(server: &MockServer) -> Vec<String> {
    let target = |sent: Sent| if sent.query.is_empty() { sent.path } else { format!("{}?{}", sent.path, sent.query) };
    arrived(server).await.into_iter().map(target).collect()
}

fn service_client(server: &MockServer) -> service::Client {
    service::Client::builder(&server.uri()).auth(service::Auth::digest_auth("public", "private")).build().unwrap()
}

fn import_client(server: &MockServer) -> import::Client {
    import::Client::builder(&server.uri()).auth(import::Auth::digest_auth("public", "private")).build().unwrap()
}

fn bytehouse_client(server: &MockServer) -> bytehouse::Client {
    bytehouse::Client::builder(&server.uri()).auth(bytehouse::Auth::bearer_auth("token")).build().unwrap()
}

#[tokio::test]
async fn the_data_service_hands_out_tokens() {
    macro_rules! lists {
        ($($tag:ident.$list:ident($($app:literal)?) $items:literal at $path:literal;)*) => {$(
            let answers = [json!({$items: [{}, {}], "nextPageToken": "t/2"}), json!({$items: [{}], "nextPageToken": ""})];
            let server = answering(&answers).await;
            let client = service_client(&server);
            assert_eq!(client.$tag().$list($($app)?).page_size(2).items().up_to(10).await.unwrap().len(), 3, $items);
            let expected = ["?pageSize=2", "?pageSize=2&pageToken=t%2F2"].map(|query| format!("{}{query}", $path));
            assert_eq!(targets(&server).await, expected);
        )*};
    }
    lists! {
        data_apps.list() "dataApps" at "/dataApps";
        endpoints.list("a") "endpoints" at "/dataApps/a/endpoints";
        data_app_api_keys.list("a") "apiKeys" at "/dataApps/a/apiKeys";
        deployments.list("a") "deployments" at "/dataApps/a/deployments";
    }
}

#[tokio::test]
async fn bytehouse_counts_items() {
    macro_rules! lists {
        ($($tag:ident.$list:ident($($argument:literal),*) at $path:literal;)*) => {$(
            let server = answering(&[json!({"data": [1, 2]}), json!({"data": [3]}), json!({"meta": {}})]).await;
            let client = bytehouse_client(&server);
            assert_eq!(client.$tag().$list($($argument),*).items().up_to(10).await.unwrap(), [1, 2, 3], $path);
            assert_eq!(targets(&server).await, ["", "?offset=2", "?offset=3"].map(|query| format!("{}{query}", $path)));
        )*};
    }
    lists! {
        databases.list() at "/v1/databases";
        databases.list_tables("d") at "/v1/databases/d/tables";
        databases.list_tables_and_views("d") at "/v1/databases/d/tables-and-views";
        databases.list_partitions("d", "t") at "/v1/databases/d/tables/t/partitions";
        databases.list_materialized_views("d") at "/v1/databases/d/materialized-views";
        virtual_warehouse.list() at "/v1/virtual-warehouses";
        virtual_warehouse.list_configs() at "/v1/virtual-warehouse-configs";
    }
}

/// Returns an import job of TiDB Cloud.
fn job(status: &str) -> Value {
    json!({
        "cluster_id": "2", "completed_percent": 50, "completed_tables": 0, "created_at": "2024-05-01T12:00:00Z", "current_tables": [],
        "data_format": "CSV", "elapsed_time_seconds": 9, "message": "m", "pending_tables": 1, "status": status, "total_files": 1, "total_size": "5",
    })
}

#[tokio::test]
async fn tidb_cloud_counts_pages() {
    let page = |imports: Vec<Value>| json!({"imports": imports, "total": "3"});
    let answers = [page(vec![job("FAILED"), job("COMPLETED")]), page(vec![job("IMPORTING")]), page(Vec::new())];
    let server = answering(&answers).await;
    let imports = import_client(&server).import().list(1, 2).page_size(2).items().up_to(10).await.unwrap();
    let states: Vec<&str> = imports.iter().map(|import| import.status.as_str()).collect();
    assert_eq!(states, ["FAILED", "COMPLETED", "IMPORTING"]);
    let path = "/api/internal/projects/1/clusters/2/imports?page_size=2";
    assert_eq!(targets(&server).await, ["", "&page=2", "&page=3"].map(|query| format!("{path}{query}")));
}

#[tokio::test]
async fn an_import_of_tidb_cloud_ends() {
    let answers = ["PREPARING", "IMPORTING", "PAUSED", "COMPLETED"].map(job);
    let server = answering(&answers).await;
    let client = import_client(&server);
    let mut seen = Vec::new();
    let wait = client.import().get(1, 2, 3).wait().every(Duration::from_millis(10));
    let done = wait.on_progress(|job| seen.push(job.status.as_str().to_owned())).await.unwrap();
    assert_eq!((seen.join(" ").as_str(), done.status.as_str()), ("PREPARING IMPORTING PAUSED", "COMPLETED"));
    for end in ["FAILED", "CANCELED"] {
        let server = answering(&[job("CANCELING"), job(end)]).await;
        let client = import_client(&server);
        let error = client.import().get(1, 2, 3).wait().every(Duration::from_millis(10)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("import().get (GetImport): the job failed: m; its state is `{end}`"));
        assert_eq!(error.last().unwrap().message, "m");
    }
}

#[test]
fn imports_of_tidb_cloud_are_listed_and_awaited_without_async() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let page = |imports: &[Value]| json!({"imports": imports, "total": "2"});
    let pages = [page(&[job("FAILED")]), page(&[job("COMPLETED")]), page(&[])];
    let server = runtime.block_on(answering(&[&pages[..], &[job("PREPARING"), job("COMPLETED")]].concat()));
    let client = import_client(&server);
    let mut states = Vec::new();
    for import in client.import().list(1, 2).items() {
        states.push(import.unwrap().status.as_str().to_owned());
    }
    assert_eq!(states, ["FAILED", "COMPLETED"]);
    let done = client.import().get(1, 2, 3).wait().every(Duration::from_millis(10)).block_on().unwrap();
    assert_eq!(done.status.as_str(), "COMPLETED");
}

#[tokio::test]
async fn an_import_of_lakefs_ends() {
    let status = |completed: bool, error: Option<&str>| {
        let error = error.map(|message| json!({"message": message}));
        json!({"completed": completed, "update_time": "2024-05-01T12:00:00Z", "error": error})
    };
    let wait = async |answers: &[Value]| {
        let server = answering(answers).await;
        let client = lakefs::Client::builder(&server.uri()).auth(lakefs::Auth::jwt_token("t")).build().unwrap();
        let wait = client.import().get_status("r", "main", "i/1").wait().every(Duration::from_millis(10)).await;
        assert!(targets(&server).await.iter().all(|sent| sent == "/repositories/r/branches/main/import?id=i%2F1"));
        wait
    };
    assert!(wait(&[status(false, None), status(true, None)]).await.is_ok());
    for completed in [false, true] {
        let error = wait(&[status(false, None), status(completed, Some("no such bucket"))]).await.unwrap_err();
        assert_eq!(error.last().unwrap().error.as_ref().unwrap().message, "no such bucket");
    }
}

#[tokio::test]
async fn a_query_of_bytehouse_ends() {
    let status = |status: &str| json!({"data": {"status": status}});
    let server = answering(&[json!({"data": {}}), status("RUNNING"), status("Finished")]).await;
    let client = bytehouse_client(&server);
    assert!(client.queries().get_async_status("q").wait().every(Duration::from_millis(10)).await.is_ok());
    assert_eq!(targets(&server).await, vec!["/v1/sql/async/q/status"; 3]);
    let server = answering(&[status("KILLED")]).await;
    let client = bytehouse_client(&server);
    let error = client.queries().get_async_status("q").wait().await.unwrap_err();
    assert!(matches!(error, WaitError::Failed { .. }), "{error}");
}
