//! The operations of ByteHouse: the table as a whole, and operations on metadata, cluster status, queries, usage, statistics and virtual
//! warehouses.
//!
//! The client has a default role. Each operation with a role is called twice: with the default, and with another role. The four operations
//! without a role are called once, so that a role would be an unexpected header.

use data_platform_clients::bytehouse::types::{
    CheckQueryTablesRequest, CreateVirtualWarehouseRequest, QueryMode, SubmitAsyncQueryRequest, SubmitSyncQueryRequest,
    UpdateVirtualWarehouseRequest,
};
use data_platform_clients::bytehouse::{Auth, Client};
use serde_json::{Map, Value, json};

use super::{bytehouse_data_loading, bytehouse_databases, bytehouse_iam};
use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED, Sent};

/// Makes a call in the client's default role, and again in another role. Returns the second response.
macro_rules! in_both_roles {
    ($table:expr, $operation:literal, $sent:expr, $reply:expr, $call:expr $(,)?) => {{
        let (sent, reply): (crate::support::Sent, crate::support::table::Reply) = ($sent, $reply);
        let wanted = sent.clone().header("x-user-activerole", "AccountAdmin");
        $table.call($operation, wanted, reply.clone(), $call).await;
        let wanted = sent.header("x-user-activerole", "rôle, of its own");
        $table.call($operation, wanted, reply, $call.x_user_active_role("rôle, of its own")).await
    }};
}
pub(crate) use in_both_roles;

pub(crate) fn sent(method: &str, path: impl Into<String>) -> Sent {
    Sent::new(method, path).header("authorization", "Bearer t.o.k")
}

/// Returns an object with any content.
pub(crate) fn object(value: &Value) -> Map<String, Value> {
    value.as_object().expect("an object").clone()
}

/// Returns `{data: {…}}`.
pub(crate) fn data_object() -> Reply {
    Reply::json(200, json!({"data": {"a": {"b": [1, 2.5, null, "ü"]}}}))
}

/// Returns `{data: […]}`.
pub(crate) fn data_list() -> Reply {
    Reply::json(200, json!({"data": [{"n": 1}, [], "text", null, 18_446_744_073_709_551_615_u64]}))
}

/// Returns `{data: […], meta: {…}}`.
pub(crate) fn data_page() -> Reply {
    Reply::json(200, json!({"data": [{"name": "x"}], "meta": {"total": 1}}))
}

/// Returns `{message, error}`.
pub(crate) fn result() -> Reply {
    Reply::json(200, json!({"message": "Success", "error": {}}))
}

/// Returns `{message, error, data: {…}}`.
pub(crate) fn result_object() -> Reply {
    Reply::json(200, json!({"message": "Success", "error": {"code": 0}, "data": {"id": 1}}))
}

/// Returns `{message, error, data: […]}`.
pub(crate) fn result_list() -> Reply {
    Reply::json(200, json!({"message": "Success", "error": {}, "data": [1, {"a": null}]}))
}

/// Returns `{message, meta, error, data: […]}`.
pub(crate) fn result_page() -> Reply {
    Reply::json(200, json!({"message": "Success", "meta": {"cursor": "c"}, "error": {}, "data": []}))
}

#[tokio::test]
async fn every_operation() {
    let mut table = Table::open().await;
    let builder = Client::builder(&table.url()).auth(Auth::bearer_auth("t.o.k"));
    let client = builder.x_user_active_role("AccountAdmin").build().unwrap();
    metadata(&mut table, &client).await;
    cluster_status(&mut table, &client).await;
    sync_queries(&mut table, &client).await;
    async_queries(&mut table, &client).await;
    usage_and_statistics(&mut table, &client).await;
    warehouses(&mut table, &client).await;
    one_warehouse(&mut table, &client).await;
    bytehouse_databases::operations(&mut table, &client).await;
    bytehouse_iam::operations(&mut table, &client).await;
    bytehouse_data_loading::operations(&mut table, &client).await;
    table.close("bytehouse");
}

async fn metadata(table: &mut Table, client: &Client) {
    let metadata = client.metadata();
    // Headers are not percent-encoded (OpenAPI 3.0.3 §4.7.12): permitted characters are sent unchanged.
    let headers = |sent: Sent| {
        sent.header("x-account-id", "2100042608").header("x-user-id", AWKWARD).header("x-bytehouse-token", "eyJ.h%20")
    };
    let message = || Reply::json(200, json!({"message": "Success"}));
    let wanted = headers(sent("POST", "/v1/metadata/subscription"));
    let call = metadata.create_subscription("2100042608", AWKWARD, "eyJ.h%20");
    let answer = table.call("createMetadataSubscription", wanted, message(), call).await;
    assert_eq!(answer.message.as_deref(), Some("Success"));
    let wanted = headers(sent("POST", "/v1/metadata/unsubscription"));
    let call = metadata.delete_subscription("2100042608", AWKWARD, "eyJ.h%20");
    table.call("deleteMetadataSubscription", wanted, message(), call).await;
}

async fn cluster_status(table: &mut Table, client: &Client) {
    let status = client.cluster_status();
    let wanted = sent("GET", format!("/v1/databases/{ENCODED}/tables/{ENCODED}/cluster-status"));
    let call = status.get(AWKWARD, AWKWARD);
    table.call("getTableClusterStatus", wanted, result_object(), call).await;
    let calls = [status.get("..", "t"), status.get("d", "..")];
    table.refuses("getTableClusterStatus", calls).await;
}

async fn sync_queries(table: &mut Table, client: &Client) {
    let queries = client.queries();
    let request = || SubmitSyncQueryRequest::new(AWKWARD, QueryMode::AnsiSql);
    let wanted = sent("POST", "/v1/sql/sync").body(json!({"query": AWKWARD, "mode": "ansi_sql"}));
    in_both_roles!(table, "submitSyncQuery", wanted, data_list(), queries.submit_sync(request()));
    let whole = || request().vw_id("vw").query_id("q").async_mode_switch_after_in_sec(0).max_rows_return(2);
    let wanted = sent("POST", "/v1/sql/sync").header("x-querysession-id", AWKWARD).body(json!({
        "query": AWKWARD, "mode": "ansi_sql", "vwID": "vw", "queryID": "q", "asyncModeSwitchAfterInSec": 0,
        "maxRowsReturn": 2,
    }));
    let call = || queries.submit_sync(whole()).x_query_session_id(AWKWARD);
    let answer = in_both_roles!(table, "submitSyncQuery", wanted, data_list(), call());
    assert_eq!(answer.data.unwrap()[4], json!(u64::MAX));

    let wanted = sent("DELETE", "/v1/sql/sync");
    in_both_roles!(table, "abortSyncQuery", wanted.clone(), data_object(), queries.abort_sync());
    let call = || queries.abort_sync().x_query_session_id("s");
    in_both_roles!(table, "abortSyncQuery", wanted.header("x-querysession-id", "s"), data_object(), call());

    let wanted = sent("DELETE", format!("/v1/sql/sync/{ENCODED}"));
    in_both_roles!(table, "killSyncQuery", wanted, data_object(), queries.kill_sync(AWKWARD));
    table.refuses("killSyncQuery", [queries.kill_sync("..")]).await;

    let wanted = sent("POST", "/v1/sql/check-tables");
    let request = CheckQueryTablesRequest::new;
    let call = || queries.check_tables(request());
    in_both_roles!(table, "checkQueryTables", wanted.clone().body(json!({})), data_object(), call());
    let info = json!({"user": {"id": 1}});
    let request = || request().query("USE x;").user_info(object(&info));
    let wanted = wanted.body(json!({"query": "USE x;", "userInfo": info}));
    in_both_roles!(table, "checkQueryTables", wanted, data_object(), queries.check_tables(request()));

    let wanted = sent("GET", "/v1/sql/dialects");
    in_both_roles!(table, "listQueryDialects", wanted, data_list(), queries.list_dialects());
}

async fn async_queries(table: &mut Table, client: &Client) {
    let queries = client.queries();
    let request = || SubmitAsyncQueryRequest::new("select 1", QueryMode::ClickhouseSql);
    let wanted = sent("POST", "/v1/sql/async").body(json!({"query": "select 1", "mode": "clickhouse_sql"}));
    in_both_roles!(table, "submitAsyncQuery", wanted, data_list(), queries.submit_async_query(request()));
    let whole = || request().vw_id("vw").query_id("q");
    let body = json!({"query": "select 1", "mode": "clickhouse_sql", "vwID": "vw", "queryID": "q"});
    let wanted = sent("POST", "/v1/sql/async").body(body);
    in_both_roles!(table, "submitAsyncQuery", wanted, data_list(), queries.submit_async_query(whole()));

    let path = format!("/v1/sql/async/{ENCODED}");
    let wanted = sent("DELETE", path.clone());
    in_both_roles!(table, "killAsyncQuery", wanted, data_object(), queries.kill_async(AWKWARD));
    table.refuses("killAsyncQuery", [queries.kill_async("..")]).await;

    let wanted = sent("GET", format!("{path}/status"));
    in_both_roles!(table, "getAsyncQueryStatus", wanted, data_object(), queries.get_async_status(AWKWARD));
    table.refuses("getAsyncQueryStatus", [queries.get_async_status("..")]).await;

    let wanted = sent("GET", format!("{path}/results"));
    let call = || queries.list_async_results(AWKWARD);
    in_both_roles!(table, "getAsyncQueryResults", wanted.clone(), data_list(), call());
    let wanted = wanted.query("maxRowsReturn=0");
    in_both_roles!(table, "getAsyncQueryResults", wanted, data_list(), call().max_rows_return(0));
    table.refuses("getAsyncQueryResults", [queries.list_async_results("..")]).await;
}

async fn usage_and_statistics(table: &mut Table, client: &Client) {
    let usage = client.usage();
    let (start, end) = ("2021-11-23T09:23:55.84+08:00", AWKWARD);
    let times = format!("startTime=2021-11-23T09%3A23%3A55.84%2B08%3A00&endTime={ENCODED}");
    let wanted = sent("GET", "/v1/usage/storage").query(times.as_str());
    let call = || usage.get_storage_usage(start, end);
    in_both_roles!(table, "getStorageUsage", wanted.clone(), result_object(), call());
    let wanted = wanted.query(format!("{times}&dbName={ENCODED}"));
    in_both_roles!(table, "getStorageUsage", wanted, result_object(), call().db_name(AWKWARD));

    let wanted = sent("GET", "/v1/usage/virtual-warehouses").query(times.as_str());
    let call = || usage.get_virtual_warehouse_usage(start, end);
    in_both_roles!(table, "getVirtualWarehouseUsage", wanted.clone(), result_object(), call());
    let wanted = wanted.query(format!("{times}&vwName={ENCODED}"));
    in_both_roles!(table, "getVirtualWarehouseUsage", wanted, result_object(), call().vw_name(AWKWARD));

    let statistics = client.statistics();
    let wanted = sent("GET", format!("/v1/statistics/queries/{ENCODED}"));
    in_both_roles!(table, "getQueryStatistic", wanted, result_object(), statistics.get_query(AWKWARD));
    table.refuses("getQueryStatistic", [statistics.get_query("..")]).await;
}

async fn warehouses(table: &mut Table, client: &Client) {
    let warehouses = client.virtual_warehouse();
    let wanted = sent("GET", "/v1/virtual-warehouses");
    let call = || warehouses.list();
    in_both_roles!(table, "listVirtualWarehouses", wanted.clone(), data_page(), call());
    let wanted = wanted.query("limit=9223372036854775807&offset=0");
    in_both_roles!(table, "listVirtualWarehouses", wanted, data_page(), call().limit(i64::MAX).offset(0));

    let wanted = sent("GET", "/v1/virtual-warehouse-configs");
    let call = || warehouses.list_configs();
    in_both_roles!(table, "listVirtualWarehouseConfigs", wanted.clone(), data_page(), call());
    let wanted = wanted.query("offset=7&limit=0");
    in_both_roles!(table, "listVirtualWarehouseConfigs", wanted, data_page(), call().offset(7).limit(0));

    let request = || CreateVirtualWarehouseRequest::new("depart1_name2", 123_456);
    let wanted = sent("POST", "/v1/virtual-warehouses").body(json!({"name": "depart1_name2", "configID": 123_456}));
    let reply = || Reply::json(200, json!({"name": "n", "vwID": "vw-1-n", "message": "Success", "error": {}}));
    let call = || warehouses.create(request());
    let answer = in_both_roles!(table, "createVirtualWarehouse", wanted, reply(), call());
    assert_eq!(answer.vw_id.as_deref(), Some("vw-1-n"));
    let whole = || request().status("down").auto_suspend(5).auto_resume(false).description("");
    let wanted = sent("POST", "/v1/virtual-warehouses").body(json!({
        "name": "depart1_name2", "status": "down", "autoSuspend": 5, "autoResume": false, "configID": 123_456,
        "description": "",
    }));
    in_both_roles!(table, "createVirtualWarehouse", wanted, reply(), warehouses.create(whole()));
}

async fn one_warehouse(table: &mut Table, client: &Client) {
    let warehouses = client.virtual_warehouse();
    let path = format!("/v1/virtual-warehouses/{ENCODED}");
    let reply = Reply::json(
        200,
        json!({
            "id": "vw-1-n", "name": "n", "description": "d", "configID": 1, "status": "up", "autoSuspend": 5,
            "autoResume": true, "createdAt": "2020-11-23T09:23:55.84Z", "lastModifiedAt": "x", "message": "Success",
            "error": {},
        }),
    );
    let wanted = sent("GET", path.clone());
    let call = || warehouses.get(AWKWARD);
    let answer = in_both_roles!(table, "getVirtualWarehouse", wanted, reply, call());
    assert_eq!((answer.config_id, answer.status.as_deref(), answer.auto_resume), (Some(1), Some("up"), Some(true)));
    table.refuses("getVirtualWarehouse", [warehouses.get("..")]).await;

    let wanted = sent("DELETE", path.clone());
    let call = || warehouses.delete(AWKWARD);
    in_both_roles!(table, "deleteVirtualWarehouse", wanted, result(), call());
    table.refuses("deleteVirtualWarehouse", [warehouses.delete("..")]).await;

    let request = UpdateVirtualWarehouseRequest::new;
    let wanted = sent("PATCH", path.clone()).body(json!({}));
    let call = || warehouses.update(AWKWARD, request());
    in_both_roles!(table, "updateVirtualWarehouse", wanted, result(), call());
    let wanted = sent("PATCH", path).body(json!({
        "description": "d", "configID": 1, "status": "up", "autoSuspend": 0, "autoResume": false,
    }));
    let whole = || {
        let description = request().description("d").config_id(1);
        description.status("up").auto_suspend(0).auto_resume(false)
    };
    let call = || warehouses.update(AWKWARD, whole());
    in_both_roles!(table, "updateVirtualWarehouse", wanted, result(), call());
    table.refuses("updateVirtualWarehouse", [warehouses.update("..", request())]).await;
}
