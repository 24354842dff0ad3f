//! The operations of ByteHouse on connections, import jobs and executions.

use data_platform_clients::bytehouse::Client;
use data_platform_clients::bytehouse::types::{
    CreateConnectionRequest, CreateImportJobRequest, ImportJobState, ImportSourceType, RenameImportJobRequest,
    StartImportJobRequest, UpdateConnectionRequest, UpdateImportJobDescriptionRequest, UpdateImportJobRequest,
};
use data_platform_clients::runtime::Uuid;
use serde_json::{Value, json};

use super::bytehouse::{in_both_roles, object, result, result_list, result_object, result_page, sent};
use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED};

const JOBS: &str = "/v1/data-loading/jobs";
const EXECUTIONS: &str = "/v1/data-loading/executions";
const ID: &str = "b36fa16e-a0ce-4274-a744-621357180928";

pub(crate) async fn operations(table: &mut Table, client: &Client) {
    connections(table, client).await;
    one_connection(table, client).await;
    import_jobs(table, client).await;
    one_import_job(table, client).await;
    import_job_parts(table, client).await;
    runs(table, client).await;
    executions(table, client).await;
    kafka(table, client).await;
}

async fn connections(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let wanted = sent("GET", "/v1/data-loading/connections");
    let call = || loading.list_connections();
    in_both_roles!(table, "listConnections", wanted.clone(), result_page(), call());
    let wanted = wanted.query(format!("cursor={ENCODED}&limit=100"));
    in_both_roles!(table, "listConnections", wanted, result_page(), call().cursor(AWKWARD).limit(100));

    let data = json!({"secretKey": "s3cret", "nested": {"n": [1]}});
    let request = || CreateConnectionRequest::new("c", ImportSourceType::AliOss, object(&data));
    let wanted =
        sent("POST", "/v1/data-loading/connections").body(json!({"name": "c", "type": "ALI_OSS", "data": data}));
    in_both_roles!(table, "createConnection", wanted, result_object(), loading.create_connection(request()));
}

async fn one_connection(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let path = "/v1/data-loading/connections/-9223372036854775808";
    let call = || loading.get_masked_connection(i64::MIN);
    in_both_roles!(table, "getMaskedConnection", sent("GET", path), result_object(), call());
    let data = json!({"accessKey": "s3cret"});
    let request = || UpdateConnectionRequest::new("c", object(&data));
    let wanted = sent("PUT", path).body(json!({"name": "c", "data": data}));
    in_both_roles!(table, "updateConnection", wanted, result(), loading.update_connection(i64::MIN, request()));
    let call = || loading.delete_connection(i64::MIN);
    in_both_roles!(table, "deleteConnection", sent("DELETE", path), result(), call());
}

/// Returns the body of a new or changed import job, with or without all optional parts.
fn job(whole: bool) -> Value {
    let mut job = json!({"name": "j", "configuration": {"a": 1}, "sourceSchema": {"b": []}, "state": "DRAFT"});
    if whole {
        job.as_object_mut().unwrap().extend(object(&json!({"description": "d", "connectionID": 7, "schemaFile": "f"})));
    }
    job
}

async fn import_jobs(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let wanted = sent("GET", JOBS);
    let call = || loading.list_import_jobs();
    in_both_roles!(table, "listImportJobs", wanted.clone(), result_page(), call());
    let wanted = wanted.query("limit=1&cursor=c");
    in_both_roles!(table, "listImportJobs", wanted, result_page(), call().limit(1).cursor("c"));

    let (configuration, schema) = (json!({"a": 1}), json!({"b": []}));
    let request = || CreateImportJobRequest::new("j", object(&configuration), object(&schema), ImportJobState::Draft);
    let wanted = sent("POST", JOBS).body(job(false));
    in_both_roles!(table, "createImportJob", wanted, result_object(), loading.create_import_job(request()));
    let whole = || request().description("d").connection_id(7).schema_file("f");
    let wanted = sent("POST", JOBS).body(job(true));
    in_both_roles!(table, "createImportJob", wanted, result_object(), loading.create_import_job(whole()));
}

async fn one_import_job(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let path = format!("{JOBS}/42");
    let wanted = sent("GET", path.clone());
    in_both_roles!(table, "getImportJob", wanted, result_object(), loading.get_import_job(42));
    let (configuration, schema) = (json!({"a": 1}), json!({"b": []}));
    let request = || UpdateImportJobRequest::new("j", object(&configuration), object(&schema), ImportJobState::Draft);
    let wanted = sent("PUT", path.clone()).body(job(false));
    in_both_roles!(table, "updateImportJob", wanted, result(), loading.update_import_job(42, request()));
    let whole = || request().description("d").connection_id(7).schema_file("f");
    let wanted = sent("PUT", path.clone()).body(job(true));
    in_both_roles!(table, "updateImportJob", wanted, result(), loading.update_import_job(42, whole()));
    in_both_roles!(table, "deleteImportJob", sent("DELETE", path), result(), loading.delete_import_job(42));
}

async fn import_job_parts(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let wanted = sent("PATCH", format!("{JOBS}/42/name"));
    let call = || loading.rename_import_job(42, RenameImportJobRequest::new());
    in_both_roles!(table, "renameImportJob", wanted.clone().body(json!({})), result(), call());
    let call = || loading.rename_import_job(42, RenameImportJobRequest::new().name("n"));
    in_both_roles!(table, "renameImportJob", wanted.body(json!({"name": "n"})), result(), call());

    let wanted = sent("PATCH", format!("{JOBS}/42/description"));
    let request = UpdateImportJobDescriptionRequest::new;
    let call = || loading.update_import_job_description(42, request());
    in_both_roles!(table, "updateImportJobDescription", wanted.clone().body(json!({})), result(), call());
    let call = || loading.update_import_job_description(42, request().description(""));
    in_both_roles!(table, "updateImportJobDescription", wanted.body(json!({"description": ""})), result(), call());
}

async fn runs(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let path = format!("{JOBS}/42/start");
    let wanted = sent("GET", path.clone());
    let call = || loading.list_import_job_start_arguments(42);
    in_both_roles!(table, "getImportJobStartArguments", wanted, result_object(), call());

    let wanted = sent("POST", path);
    let call = || loading.start_import_job(42);
    in_both_roles!(table, "startImportJob", wanted.clone(), result_object(), call());
    let wanted_empty = wanted.clone().body(json!({}));
    let body = StartImportJobRequest::new;
    in_both_roles!(table, "startImportJob", wanted_empty, result_object(), call().body(body()));
    let body = || StartImportJobRequest::new().source_properties_file_names("a.csv");
    let wanted = wanted.body(json!({"source.properties.fileNames": "a.csv"}));
    in_both_roles!(table, "startImportJob", wanted, result_object(), call().body(body()));

    let wanted = sent("POST", format!("{JOBS}/42/stop"));
    in_both_roles!(table, "stopImportJob", wanted, result(), loading.stop_import_job(42));
}

async fn executions(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let wanted = sent("GET", format!("{JOBS}/42/executions"));
    let call = || loading.list_import_job_executions(42);
    in_both_roles!(table, "listImportJobExecutions", wanted.clone(), result_page(), call());
    let wanted = wanted.query("cursor=c&limit=1");
    in_both_roles!(table, "listImportJobExecutions", wanted, result_page(), call().cursor("c").limit(1));

    let wanted = sent("GET", EXECUTIONS);
    let call = || loading.list_executions();
    in_both_roles!(table, "listExecutions", wanted.clone(), result_page(), call());
    let wanted = wanted.query("cursor=c&limit=1");
    in_both_roles!(table, "listExecutions", wanted, result_page(), call().cursor("c").limit(1));

    let id: Uuid = ID.parse().unwrap();
    let wanted = sent("GET", format!("{EXECUTIONS}/{ID}"));
    in_both_roles!(table, "getExecution", wanted, result_object(), loading.get_execution(id));

    let wanted = sent("GET", format!("{EXECUTIONS}/{ID}/logs"));
    let reply = || Reply::json(200, json!({"error": {"code": 1}, "logs": ["line"], "n": null}));
    let call = || loading.list_execution_logs(id);
    let answer = in_both_roles!(table, "getExecutionLogs", wanted.clone(), reply(), call());
    assert_eq!(answer.additional_properties["logs"], json!(["line"]));
    in_both_roles!(table, "getExecutionLogs", wanted.query("limit=3"), reply(), call().limit(3));
}

async fn kafka(table: &mut Table, client: &Client) {
    let loading = client.data_loading();
    let wanted = sent("GET", format!("{EXECUTIONS}/{ENCODED}/kafka-consuming-history"));
    let wanted = wanted.query(format!("partition=0&period=1h&granularity={ENCODED}"));
    let call = |id| loading.get_kafka_consuming_history(id, 0, "1h", AWKWARD);
    in_both_roles!(table, "getKafkaConsumingHistory", wanted, result_list(), call(AWKWARD));
    table.refuses("getKafkaConsumingHistory", [call("..")]).await;
}
