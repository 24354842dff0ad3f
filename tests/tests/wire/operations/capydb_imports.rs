//! The operations of CapyDB imports.

use data_platform_clients::capydb_imports::types::{CreateImportRequest, RunImportPreflightRequest};
use data_platform_clients::capydb_imports::{Auth, Client};
use serde_json::json;

use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED, Sent};

fn sent(rest: &str) -> Sent {
    let path = format!("/api/capydb/v1/projects/{ENCODED}/imports{rest}");
    Sent::new("POST", path).header("authorization", "Bearer capy_live_1")
}

#[tokio::test]
async fn every_operation() {
    let mut table = Table::open().await;
    let url = format!("{}/api/capydb", table.url());
    let client = Client::builder(&url).auth(Auth::bearer_auth("capy_live_1")).build().unwrap();
    import(&mut table, &client).await;
    preflight(&mut table, &client).await;

    let call = client.imports().create_upload(AWKWARD);
    let upload = json!({"upload": {
        "object_key": "dumps/1", "upload_url": "https://store.example/?sig=1", "expires_at": "2024-05-01T12:00:00+02:00",
    }});
    let answer = table.call("createImportUpload", sent("/uploads"), Reply::json(200, upload), call).await;
    assert_eq!(answer.upload.upload_url.expose(), "https://store.example/?sig=1");
    table.refuses("createImportUpload", [client.imports().create_upload("..")]).await;
    table.close("capydb_imports");
}

async fn import(table: &mut Table, client: &Client) {
    let required = json!({"job": {
        "attempts": 1, "created_at": "2024-05-01T12:00:00Z", "id": "j", "max_attempts": 3, "organization_id": "o",
        "state": "pending", "type": "import", "updated_at": "2024-05-01T12:00:01Z",
    }});
    let call = client.imports().create(AWKWARD, CreateImportRequest::new());
    table.call("createImport", sent("").body(json!({})), Reply::json(202, required), call).await;

    let all = json!({"job": {
        "attempts": 2, "claimed_at": "2024-05-01T12:00:00Z", "claimed_by": "w", "cluster_id": "c",
        "completed_at": "2024-05-01T12:00:02Z", "created_at": "2024-05-01T12:00:00Z", "error": "e", "id": "j",
        "last_exit_code": -1, "last_stderr": "err", "last_stdout": "out", "locked_resource": "l", "max_attempts": 3,
        "organization_id": "o", "preview_database_id": "p", "project_id": "pr", "retry_classification": "transient",
        "started_at": "2024-05-01T12:00:01Z", "state": "failed", "type": "import", "updated_at": "2024-05-01T12:00:03Z",
    }});
    let body = CreateImportRequest::new()
        .source_url("postgres://u:p@db/shop")
        .upload_key("dumps/1")
        .recreate(false)
        .confirm(true);
    let wanted = sent("").body(json!({
        "source_url": "postgres://u:p@db/shop", "upload_key": "dumps/1", "recreate": false, "confirm": true,
    }));
    let call = client.imports().create(AWKWARD, body);
    let job = table.call("createImport", wanted, Reply::json(202, all), call).await.job;
    assert_eq!((job.attempts, job.last_exit_code, job.type_.as_str()), (2, Some(-1), "import"));
    table.refuses("createImport", [client.imports().create("..", CreateImportRequest::new())]).await;
}

async fn preflight(table: &mut Table, client: &Client) {
    let body = || RunImportPreflightRequest::new("postgres://u:p@db/shop");
    let outcome = json!({"preflight": {
        "checks": [{"detail": "slow", "name": "latency", "status": "warn"}, {"name": "version", "status": "pass"}],
        "ok": true,
        "source": {
            "database_size_bytes": 9_223_372_036_854_775_807_i64,
            "extensions": [{"name": "postgis", "version": "3.4"}],
            "server_version": "16.2",
        },
        "storage_limit_bytes": 0,
        "target_version": "17",
    }});
    let wanted = sent("/preflight").body(json!({"source_url": "postgres://u:p@db/shop"}));
    let call = client.imports().run_preflight(AWKWARD, body());
    let answer = table.call("runImportPreflight", wanted, Reply::json(200, outcome), call).await;
    assert_eq!(answer.preflight.source.database_size_bytes, i64::MAX);
    assert_eq!(answer.preflight.checks.len(), 2);
    table.refuses("runImportPreflight", [client.imports().run_preflight("..", body())]).await;
}
