//! The operations of TiDB Cloud import, behind a server that checks the digest of each request.

use data_platform_clients::tidb_cloud_import::types::{
    CreateImportBody, CreateImportReqImportType, CustomCsvFormat, DataFormat, GenerateUploadUrlBody,
    GetImportRespStatus, Table as TableToImport,
};
use data_platform_clients::tidb_cloud_import::{Auth, Client};
use serde_json::{Value, json};

use crate::support::gate::{Algorithm, Gate, PRIVATE_KEY, PUBLIC_KEY};
use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, Sent};

const PROJECT: u64 = u64::MAX;
const CLUSTER: u64 = 9_007_199_254_740_993;

fn sent(method: &str, rest: &str) -> Sent {
    let path = format!("/api/internal/projects/18446744073709551615/clusters/9007199254740993{rest}");
    Sent::new(method, path).header("authorization", "Digest")
}

/// Returns a job, with or without all optional parts.
fn job(whole: bool) -> Value {
    let mut job = json!({
        "cluster_id": "18446744073709551615", "completed_percent": 40, "completed_tables": 1,
        "created_at": "2024-05-01T12:00:00Z", "current_tables": [{"completed_percent": 7, "name": "t", "size": "8"}],
        "data_format": "CSV", "elapsed_time_seconds": 61, "message": "", "pending_tables": 2, "status": "IMPORTING",
        "total_files": 3, "total_size": "9007199254740993",
    });
    if whole {
        let more = json!({
            "all_completed_tables": [
                {"message": "m", "result": "WARNING", "table_name": "t"}, {"result": "ERROR", "table_name": "u"},
            ],
            "creation_details": {
                "aws_role_arn": "arn", "cluster_id": "1", "csv_format": {"backslash_escape": true, "null": "\\N"},
                "data_format": "Parquet", "file_name": "f", "project_id": "2", "source_url": "s3://b", "type": "S3",
                "target_table": {"schema": "s", "table": "t"},
            },
            "id": "12", "post_import_completed_percent": 0, "processed_source_data_size": "13", "source_url": "s3://b",
            "total_tables_count": 4,
        });
        job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    }
    job
}

#[tokio::test]
async fn every_operation() {
    let mut table = Table::gated(Gate::new(&[Algorithm::Md5])).await;
    let client = Client::builder(&table.url()).auth(Auth::digest_auth(PUBLIC_KEY, PRIVATE_KEY)).build().unwrap();
    single(&mut table, &client).await;
    list(&mut table, &client).await;
    create(&mut table, &client).await;

    let call = client.import().generate_upload_url(PROJECT, CLUSTER, GenerateUploadUrlBody::new(i64::MAX, AWKWARD));
    let wanted =
        sent("POST", "/upload_url").body(json!({"content_length": "9223372036854775807", "file_name": AWKWARD}));
    let reply = Reply::json(200, json!({"new_file_name": "n", "upload_url": "https://s3.example/?sig=1"}));
    let answer = table.call("GenerateUploadURL", wanted, reply, call).await;
    assert_eq!(answer.upload_url.expose(), "https://s3.example/?sig=1");
    table.close("tidb_cloud_import");
}

async fn single(table: &mut Table, client: &Client) {
    let service = client.import();
    let call = service.get(PROJECT, CLUSTER, 0);
    let answer = table.call("GetImport", sent("GET", "/imports/0"), Reply::json(200, job(true)), call).await;
    assert_eq!((answer.cluster_id, answer.id, answer.total_size), (u64::MAX, Some(12), 9_007_199_254_740_993));
    assert_eq!(answer.status, GetImportRespStatus::Importing);
    assert_eq!(answer.creation_details.unwrap().type_, CreateImportReqImportType::S3);
    let call = service.get(PROJECT, CLUSTER, 0);
    table.call("GetImport", sent("GET", "/imports/0"), Reply::json(200, job(false)), call).await;

    for body in [json!({}), json!(null), json!([1, "two"]), json!({"any": {"thing": 1.5}})] {
        let call = service.cancel(PROJECT, CLUSTER, 7);
        table.call("CancelImport", sent("DELETE", "/imports/7"), Reply::json(200, body), call).await;
    }
}

async fn list(table: &mut Table, client: &Client) {
    let page = json!({"imports": [job(false), job(true)], "total": "-1"});
    let call = client.import().list(PROJECT, CLUSTER);
    let answer = table.call("ListImports", sent("GET", "/imports"), Reply::json(200, page), call).await;
    assert_eq!((answer.imports.len(), answer.total), (2, -1));

    let call = client.import().list(PROJECT, CLUSTER).page_size(100).page(2);
    let wanted = sent("GET", "/imports").query("page_size=100&page=2");
    table.call("ListImports", wanted, Reply::json(200, json!({"imports": [], "total": "0"})), call).await;
}

async fn create(table: &mut Table, client: &Client) {
    let body = CreateImportBody::new(DataFormat::AuroraSnapshot, CreateImportReqImportType::Local);
    let wanted = sent("POST", "/imports").body(json!({"data_format": "AuroraSnapshot", "type": "LOCAL"}));
    let call = client.import().create(PROJECT, CLUSTER, body);
    let reply = || Reply::json(200, json!({"id": "18446744073709551615"}));
    let answer = table.call("CreateImport", wanted, reply(), call).await;
    assert_eq!(answer.id, u64::MAX);

    let format = CustomCsvFormat::new()
        .backslash_escape(true)
        .delimiter("\"")
        .header(false)
        .not_null(true)
        .null("\\N")
        .separator("\t")
        .trim_last_separator(false);
    let body = CreateImportBody::new(DataFormat::SqlFile, CreateImportReqImportType::S3)
        .aws_role_arn("arn:aws:iam::1:role/r")
        .csv_format(format)
        .file_name(AWKWARD)
        .source_url("s3://b/p")
        .target_table(TableToImport::new().schema("s").table("t"));
    let wanted = sent("POST", "/imports").body(json!({
        "aws_role_arn": "arn:aws:iam::1:role/r",
        "csv_format": {
            "backslash_escape": true, "delimiter": "\"", "header": false, "not_null": true, "null": "\\N",
            "separator": "\t", "trim_last_separator": false,
        },
        "data_format": "SqlFile", "file_name": AWKWARD, "source_url": "s3://b/p",
        "target_table": {"schema": "s", "table": "t"}, "type": "S3",
    }));
    let call = client.import().create(PROJECT, CLUSTER, body);
    table.call("CreateImport", wanted, reply(), call).await;
}
