//! The operations of ByteHouse on databases, tables, partitions, views and dictionaries.

use data_platform_clients::bytehouse::Client;
use data_platform_clients::bytehouse::types::{
    Column, CreateDatabaseRequest, CreateTableRequest, DeletePartitionsRequest, PartitionKey, UpdateTableRequest,
};
use data_platform_clients::runtime::Maybe;
use serde_json::json;

use super::bytehouse::{data_object, data_page, in_both_roles, object, sent};
use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED, Sent};

/// Returns a request to a part of a database with an awkward name.
fn database(method: &str, rest: &str) -> Sent {
    sent(method, format!("/v1/databases/{ENCODED}{rest}"))
}

/// Returns a request to a part of a table with an awkward name.
fn table_of(method: &str, rest: &str) -> Sent {
    database(method, &format!("/tables/{ENCODED}{rest}"))
}

/// Returns an envelope without known keys.
fn anything() -> Reply {
    Reply::json(200, json!({"what": ["ever", {"n": 1}]}))
}

pub(crate) async fn operations(table: &mut Table, client: &Client) {
    databases(table, client).await;
    lists(table, client).await;
    views_and_dictionaries(table, client).await;
    create_table(table, client).await;
    one_table(table, client).await;
    partitions(table, client).await;
}

async fn databases(table: &mut Table, client: &Client) {
    let databases = client.databases();
    let wanted = sent("GET", "/v1/databases");
    let call = || databases.list();
    in_both_roles!(table, "listDatabases", wanted.clone(), data_page(), call());
    let wanted = wanted.query(format!("filter={ENCODED}&offset=200&limit=-1"));
    let answer =
        in_both_roles!(table, "listDatabases", wanted, data_page(), call().filter(AWKWARD).offset(200).limit(-1));
    assert_eq!((answer.data.unwrap()[0]["name"].as_str(), &answer.meta.unwrap()["total"]), (Some("x"), &json!(1)));

    let request = || CreateDatabaseRequest::new(AWKWARD);
    let wanted = sent("POST", "/v1/databases").body(json!({"name": AWKWARD}));
    in_both_roles!(table, "createDatabase", wanted, data_object(), databases.create(request()));
    let call = || databases.create(request().description("don't delete"));
    let wanted = sent("POST", "/v1/databases").body(json!({"name": AWKWARD, "description": "don't delete"}));
    in_both_roles!(table, "createDatabase", wanted, data_object(), call());

    in_both_roles!(table, "getDatabase", database("GET", ""), data_object(), databases.get(AWKWARD));
    table.refuses("getDatabase", [databases.get("..")]).await;
    in_both_roles!(table, "deleteDatabase", database("DELETE", ""), anything(), databases.delete(AWKWARD));
    table.refuses("deleteDatabase", [databases.delete("..")]).await;
}

async fn lists(table: &mut Table, client: &Client) {
    let databases = client.databases();
    let whole = format!("filter={ENCODED}&offset=0&limit=100");

    let wanted = database("GET", "/tables");
    let call = || databases.list_tables(AWKWARD);
    in_both_roles!(table, "listTables", wanted.clone(), data_page(), call());
    let wanted = wanted.query(whole.as_str());
    in_both_roles!(table, "listTables", wanted, data_page(), call().filter(AWKWARD).offset(0).limit(100));
    table.refuses("listTables", [databases.list_tables("..")]).await;

    let wanted = database("GET", "/tables-and-views");
    let call = || databases.list_tables_and_views(AWKWARD);
    in_both_roles!(table, "listTablesAndViews", wanted.clone(), data_page(), call());
    let wanted = wanted.query(whole.as_str());
    in_both_roles!(table, "listTablesAndViews", wanted, data_page(), call().filter(AWKWARD).offset(0).limit(100));
    table.refuses("listTablesAndViews", [databases.list_tables_and_views("..")]).await;

    let wanted = database("GET", "/materialized-views");
    let call = || databases.list_materialized_views(AWKWARD);
    in_both_roles!(table, "listMaterializedViews", wanted.clone(), data_page(), call());
    let wanted = wanted.query(whole.as_str());
    in_both_roles!(table, "listMaterializedViews", wanted, data_page(), call().filter(AWKWARD).offset(0).limit(100));
    table.refuses("listMaterializedViews", [databases.list_materialized_views("..")]).await;
}

async fn views_and_dictionaries(table: &mut Table, client: &Client) {
    let databases = client.databases();
    let wanted = database("GET", "/sync-status");
    let call = || databases.get_materialized_my_sql_sync_status(AWKWARD);
    in_both_roles!(table, "getMaterializedMySqlSyncStatus", wanted, data_object(), call());
    table.refuses("getMaterializedMySqlSyncStatus", [databases.get_materialized_my_sql_sync_status("..")]).await;

    let wanted = database("GET", &format!("/materialized-views/{ENCODED}"));
    let call = |database, view| databases.get_materialized_view(database, view);
    in_both_roles!(table, "getMaterializedView", wanted, data_object(), call(AWKWARD, AWKWARD));
    table.refuses("getMaterializedView", [call("..", "v"), call("d", "..")]).await;

    let wanted = database("DELETE", &format!("/dictionaries/{ENCODED}"));
    let call = |database, dictionary| databases.delete_dictionary(database, dictionary);
    in_both_roles!(table, "deleteDictionary", wanted, anything(), call(AWKWARD, AWKWARD));
    table.refuses("deleteDictionary", [call("..", "v"), call("d", "..")]).await;
}

async fn create_table(table: &mut Table, client: &Client) {
    let databases = client.databases();
    let request = || {
        let id = Column::new("ColumnID", "String").nullable(false).default_value("").comment("hello");
        CreateTableRequest::new("t", vec![id, Column::new("n", "int")], vec!["ColumnID".to_owned()])
    };
    let mut body = json!({
        "name": "t",
        "columns": [
            {"name": "ColumnID", "type": "String", "nullable": false, "defaultValue": "", "comment": "hello"},
            {"name": "n", "type": "int"},
        ],
        "orderByKeys": ["ColumnID"],
    });
    let wanted = database("POST", "/tables");
    let call = || databases.create_table(AWKWARD, request());
    in_both_roles!(table, "createTable", wanted.clone().body(body.clone()), data_object(), call());

    // `granularity` may be null, which differs from absent.
    let keys = || {
        let day = PartitionKey::new().column("d").granularity("day").expression("toStartOfDay(`d`)");
        vec![day, PartitionKey::new().granularity(Maybe::Null), PartitionKey::new()]
    };
    let (ttl, unique, cluster) = (json!({"ttl": 1}), json!({"unique": ["a"]}), json!({"cluster": {"n": 2}}));
    body.as_object_mut().unwrap().extend(object(&json!({
        "description": "d", "samplingKey": "ColumnID", "primaryKeys": [], "ttl": ttl, "uniqueKey": unique,
        "clusterKey": cluster,
        "partitionKeys": [
            {"column": "d", "granularity": "day", "expression": "toStartOfDay(`d`)"}, {"granularity": null}, {},
        ],
    })));
    let whole = || {
        let request = request().description("d").sampling_key("ColumnID").partition_keys(keys());
        request
            .primary_keys(Vec::<String>::new())
            .ttl(object(&ttl))
            .unique_key(object(&unique))
            .cluster_key(object(&cluster))
    };
    let call = || databases.create_table(AWKWARD, whole());
    in_both_roles!(table, "createTable", wanted.body(body), data_object(), call());
    table.refuses("createTable", [databases.create_table("..", request())]).await;
}

async fn one_table(table: &mut Table, client: &Client) {
    let databases = client.databases();
    let get = |database, name| databases.get_table(database, name);
    in_both_roles!(table, "getTable", table_of("GET", ""), data_object(), get(AWKWARD, AWKWARD));
    table.refuses("getTable", [get("..", "t"), get("d", "..")]).await;

    let delete = |database, name| databases.delete_table(database, name);
    in_both_roles!(table, "deleteTable", table_of("DELETE", ""), anything(), delete(AWKWARD, AWKWARD));
    table.refuses("deleteTable", [delete("..", "t"), delete("d", "..")]).await;

    let update = |database, name| databases.update_table(database, name, UpdateTableRequest::new());
    in_both_roles!(table, "updateTable", table_of("PATCH", "").body(json!({})), anything(), update(AWKWARD, AWKWARD));
    table.refuses("updateTable", [update("..", "t"), update("d", "..")]).await;

    let (rename, ttl) = (json!({"from": "a", "to": "b"}), json!({}));
    let whole = || {
        let request = UpdateTableRequest::new().add_columns(vec![Column::new("a", "Date")]).is_remove_ttl(true);
        let request = request.drop_columns(vec!["dropColumn1".to_owned()]).rename_columns(vec![object(&rename)]);
        request.modify_columns(vec![Column::new("m", "Int").comment("c")]).ttl(object(&ttl))
    };
    let wanted = table_of("PATCH", "").body(json!({
        "addColumns": [{"name": "a", "type": "Date"}], "dropColumns": ["dropColumn1"],
        "modifyColumns": [{"name": "m", "type": "Int", "comment": "c"}], "renameColumns": [rename], "ttl": ttl,
        "isRemoveTTL": true,
    }));
    in_both_roles!(table, "updateTable", wanted, anything(), databases.update_table(AWKWARD, AWKWARD, whole()));
}

async fn partitions(table: &mut Table, client: &Client) {
    let databases = client.databases();
    let list = |database, name| databases.list_partitions(database, name);
    let wanted = table_of("GET", "/partitions");
    in_both_roles!(table, "listPartitions", wanted.clone(), data_page(), list(AWKWARD, AWKWARD));
    let wanted = wanted.query(format!("limit=1&offset=2&filter={ENCODED}"));
    let call = || list(AWKWARD, AWKWARD).limit(1).offset(2).filter(AWKWARD);
    in_both_roles!(table, "listPartitions", wanted, data_page(), call());
    table.refuses("listPartitions", [list("..", "t"), list("d", "..")]).await;

    let range = |database, name| databases.get_partition_range(database, name);
    let wanted = table_of("GET", "/partitions/min-max");
    in_both_roles!(table, "getPartitionRange", wanted, data_object(), range(AWKWARD, AWKWARD));
    table.refuses("getPartitionRange", [range("..", "t"), range("d", "..")]).await;

    let delete = |database, name| databases.delete_partitions(database, name, DeletePartitionsRequest::new());
    let wanted = table_of("POST", "/partitions/delete");
    let reply = || Reply::json(200, json!({"data": "Success"}));
    in_both_roles!(table, "deletePartitions", wanted.clone().body(json!({})), reply(), delete(AWKWARD, AWKWARD));
    let request = || DeletePartitionsRequest::new().partition_names(vec!["a".to_owned(), AWKWARD.to_owned()]);
    let wanted = wanted.body(json!({"partitionNames": ["a", AWKWARD]}));
    let call = || databases.delete_partitions(AWKWARD, AWKWARD, request());
    let answer = in_both_roles!(table, "deletePartitions", wanted, reply(), call());
    assert_eq!(answer.data.as_deref(), Some("Success"));
    table.refuses("deletePartitions", [delete("..", "t"), delete("d", "..")]).await;
}
