//! Every model that is read, through serde: what it keeps, ignores and rejects.
//!
//! In: for each type a whole sample and the names of its required properties, written by hand from the documents. Out: assertions on
//! `Serialize` and `Deserialize`. Invariant: a generated type that is read and has no sample here fails.

use std::any::type_name;
use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::fs;
use std::mem::discriminant;

use data_platform_clients::bytehouse::types as bytehouse;
use data_platform_clients::capydb_imports::types as capydb;
use data_platform_clients::lakefs_import::types as lakefs;
use data_platform_clients::tidb_cloud_data_service::types as service;
use data_platform_clients::tidb_cloud_import::types as import;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The checked types, as `module::Type`.
#[derive(Default)]
struct Seen(BTreeSet<String>);

impl Seen {
    fn note<T>(&mut self) {
        let segments: Vec<&str> = type_name::<T>().split("::").collect();
        let name = format!("{}::{}", segments[1], segments.last().unwrap());
        assert!(self.0.insert(name.clone()), "{name} twice");
    }

    /// Checks an object; `whole` has all of its properties, each with a value.
    fn object<T>(&mut self, required: &[&str], whole: &Value)
    where
        T: Serialize + DeserializeOwned + Clone + PartialEq + Debug,
    {
        self.note::<T>();
        let name = type_name::<T>();
        let read: T = serde_json::from_value(whole.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(&read).unwrap(), *whole, "{name}");
        let text = serde_json::to_string(&read).unwrap();
        assert!(serde_json::from_str::<T>(&text).unwrap() == read.clone(), "{name}: {text}");
        assert!(serde_json::from_slice::<T>(text.as_bytes()).unwrap() == read, "{name}: {text}");
        let debug = format!("{read:?}");
        assert!(debug.starts_with(name.rsplit("::").next().unwrap()), "{debug}");
        for key in whole.as_object().unwrap().keys() {
            let (mut null, mut absent) = (whole.clone(), whole.clone());
            null[key] = Value::Null;
            absent.as_object_mut().unwrap().remove(key);
            let (null, absent) = (serde_json::from_value::<T>(null), serde_json::from_value::<T>(absent));
            if required.contains(&key.as_str()) {
                assert!(null.unwrap_err().to_string().contains(key.as_str()), "{name}: {key} is null");
                assert!(absent.unwrap_err().to_string().contains(key.as_str()), "{name}: {key} is absent");
            } else {
                let (null, absent) = (null.unwrap(), absent.unwrap());
                assert!(null == absent && absent != read, "{name}: {key}");
                assert!(serde_json::to_value(&absent).unwrap().get(key).is_none(), "{name}: {key}");
            }
        }
        for other in [json!(null), json!([]), json!("text"), json!(1)] {
            assert!(serde_json::from_value::<T>(other.clone()).is_err(), "{name} from {other}");
        }
    }

    /// Checks an object that ignores unknown properties.
    fn closed<T>(&mut self, required: &[&str], whole: &Value)
    where
        T: Serialize + DeserializeOwned + Clone + PartialEq + Debug,
    {
        self.object::<T>(required, whole);
        let mut more = whole.clone();
        more["x-unknown"] = json!({"deep": [1, {"n": null}], "": "ü"});
        let read: T = serde_json::from_value(more).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), *whole);
    }

    /// Checks an enum with exactly these values in the document.
    fn listed<T>(&mut self, values: &[&'static str])
    where
        T: Serialize + DeserializeOwned + Clone + PartialEq + Debug + Display + From<&'static str>,
    {
        self.note::<T>();
        let unknown = T::from("not listed: \"ü\"");
        for value in values {
            let read: T = serde_json::from_value(json!(value)).unwrap();
            assert!(read == T::from(value) && discriminant(&read) != discriminant(&unknown), "{value}");
            assert_eq!((serde_json::to_value(&read).unwrap(), read.to_string()), (json!(value), (*value).to_owned()));
            // Values in another case are different values.
            let swapped: String = value.chars().map(|c| if c.is_ascii_lowercase() { 'Z' } else { 'z' }).collect();
            let other: T = serde_json::from_value(json!(swapped)).unwrap();
            assert_eq!((discriminant(&other), other.to_string()), (discriminant(&unknown), swapped));
        }
        let distinct: BTreeSet<String> = values.iter().map(|value| format!("{:?}", T::from(value))).collect();
        assert_eq!(distinct.len(), values.len());
        let text = serde_json::to_string(&unknown).unwrap();
        assert_eq!(text, r#""not listed: \"ü\"""#);
        assert!(serde_json::from_str::<T>(&text).unwrap() == unknown);
        for other in [json!(null), json!([]), json!({}), json!(1)] {
            assert!(serde_json::from_value::<T>(other.clone()).is_err(), "{other}");
        }
    }
}

/// Returns the types that the generated crate can decode, found in its text.
fn generated() -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    let source = workspace_tests::root().join("generated/src");
    for module in fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let name = module.file_name().unwrap().to_string_lossy().into_owned();
        for file in fs::read_dir(module.join("types")).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            let codecs = text.lines().filter_map(|line| line.strip_prefix("codegen::")?.split_once("!("));
            for (_, rest) in codecs.filter(|(codec, _)| !codec.starts_with("sent_")) {
                let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
                types.insert(format!("{name}::{}", &rest[..end]));
            }
        }
    }
    types
}

#[test]
fn every_type_that_is_read() {
    let mut seen = Seen::default();
    lakefs_import(&mut seen);
    capydb_imports(&mut seen);
    tidb_cloud_import(&mut seen);
    tidb_cloud_import_jobs(&mut seen);
    tidb_cloud_data_service(&mut seen);
    tidb_cloud_data_service_pages(&mut seen);
    bytehouse_envelopes(&mut seen);
    bytehouse_others(&mut seen);
    assert_eq!(seen.0, generated());
}

fn commit() -> Value {
    json!({
        "id": "c", "parents": ["p"], "committer": "me", "message": "", "creation_date": -1, "meta_range_id": "m",
        "metadata": {"k": "v", "": ""},
    })
}

fn lakefs_import(seen: &mut Seen) {
    let required = ["id", "parents", "committer", "message", "creation_date", "meta_range_id"];
    seen.closed::<lakefs::Commit>(&required, &commit());
    seen.closed::<lakefs::Error>(&["message"], &json!({"message": "m"}));
    seen.closed::<lakefs::ImportCreationResponse>(&["id"], &json!({"id": "i"}));
    let status = json!({
        "completed": false, "update_time": "2024-05-01T12:00:00Z", "ingested_objects": i64::MAX, "metarange_id": "m",
        "commit": commit(), "error": {"message": "m"},
    });
    seen.closed::<lakefs::ImportStatus>(&["completed", "update_time"], &status);
    seen.listed::<lakefs::ImportLocationType>(&["common_prefix", "object"]);
}

fn capydb_imports(seen: &mut Seen) {
    let required = ["attempts", "created_at", "id", "max_attempts", "organization_id", "state", "type", "updated_at"];
    let job = json!({
        "attempts": 2, "claimed_at": "2024-05-01T12:00:00Z", "claimed_by": "w", "cluster_id": "c",
        "completed_at": "2024-05-01T12:00:02Z", "created_at": "2024-05-01T12:00:00Z", "error": "e", "id": "j",
        "last_exit_code": 1, "last_stderr": "err", "last_stdout": "out", "locked_resource": "l", "max_attempts": 3,
        "organization_id": "o", "preview_database_id": "p", "project_id": "pr", "retry_classification": "transient",
        "started_at": "2024-05-01T12:00:01Z", "state": "running", "type": "t", "updated_at": "2024-05-01T12:00:03Z",
    });
    seen.closed::<capydb::Job>(&required, &job);
    seen.closed::<capydb::CreateImportResponse>(&["job"], &json!({"job": job}));
    seen.listed::<capydb::JobState>(&["pending", "running", "completed", "failed"]);
    let upload = json!({"object_key": "k", "upload_url": "u", "expires_at": "2024-05-01T12:00:00.123456789+23:59"});
    seen.closed::<capydb::Upload>(&["object_key", "upload_url", "expires_at"], &upload);
    seen.closed::<capydb::CreateImportUploadResponse>(&["upload"], &json!({"upload": upload}));
    seen.closed::<capydb::ErrorResponse>(&["error"], &json!({"error": "e"}));

    let check = json!({"detail": "d", "name": "n", "status": "pass"});
    seen.closed::<capydb::PreflightCheck>(&["name", "status"], &check);
    seen.listed::<capydb::PreflightCheckStatus>(&["pass", "warn", "fail"]);
    let extension = json!({"name": "n", "version": "v"});
    seen.closed::<capydb::PreflightExtension>(&["name", "version"], &extension);
    let source = json!({"database_size_bytes": i64::MIN, "extensions": [extension], "server_version": "16"});
    seen.closed::<capydb::PreflightSource>(&["database_size_bytes", "extensions", "server_version"], &source);
    let preflight =
        json!({"checks": [check], "ok": true, "source": source, "storage_limit_bytes": 0, "target_version": ""});
    let required = ["checks", "ok", "source", "storage_limit_bytes", "target_version"];
    seen.closed::<capydb::Preflight>(&required, &preflight);
    seen.closed::<capydb::RunImportPreflightResponse>(&["preflight"], &json!({"preflight": preflight}));
}

fn tidb_cloud_import(seen: &mut Seen) {
    seen.listed::<import::CreateImportReqImportType>(&["S3", "LOCAL"]);
    seen.listed::<import::ImportTableCompletionInfoResult>(&["SUCCESS", "WARNING", "ERROR"]);
    seen.listed::<import::DataFormat>(&["SqlFile", "AuroraSnapshot", "CSV", "Parquet"]);
    let stages = ["PREPARING", "IMPORTING", "COMPLETED", "FAILED", "CANCELING", "CANCELED"];
    seen.listed::<import::GetImportRespStatus>(&stages);
    seen.closed::<import::CreateImportResp>(&["id"], &json!({"id": "18446744073709551615"}));
    let upload = json!({"new_file_name": "n", "upload_url": "u"});
    seen.closed::<import::GenerateUploadUrlResq>(&["new_file_name", "upload_url"], &upload);
    // `@type` is declared; all other properties are additional.
    let any = json!({"@type": "t", "n": {"deep": [1, null]}, "type": 2});
    let read: import::Any = serde_json::from_value(any.clone()).unwrap();
    assert_eq!((read.at_type.as_deref(), serde_json::to_value(&read).unwrap()), (Some("t"), any.clone()));
    seen.object::<import::Any>(&[], &json!({"@type": "t"}));
    let status = json!({"code": -2_147_483_648, "details": [any, {}], "message": "m"});
    seen.closed::<import::Status>(&[], &status);
    assert!(serde_json::from_value::<import::Status>(json!({"code": 2_147_483_648_i64})).is_err());
}

fn tidb_cloud_import_jobs(seen: &mut Seen) {
    let format = json!({
        "backslash_escape": true, "delimiter": "\"", "header": false, "not_null": true, "null": "\\N", "separator": ",",
        "trim_last_separator": false,
    });
    seen.closed::<import::CustomCsvFormat>(&[], &format);
    let table = json!({"schema": "s", "table": "t"});
    seen.closed::<import::Table>(&[], &table);
    let request = json!({
        "aws_role_arn": "a", "cluster_id": "1", "csv_format": format, "data_format": "CSV", "file_name": "f",
        "project_id": "2", "source_url": "s", "target_table": table, "type": "LOCAL",
    });
    let required = ["cluster_id", "data_format", "project_id", "type"];
    seen.closed::<import::CreateImportReq>(&required, &request);
    let current = json!({"completed_percent": 7, "name": "t", "size": "9007199254740993"});
    seen.closed::<import::CurrentTable>(&["completed_percent", "name", "size"], &current);
    let done = json!({"message": "m", "result": "SUCCESS", "table_name": "t"});
    seen.closed::<import::ImportTableCompletionInfo>(&["result", "table_name"], &done);
    let job = json!({
        "all_completed_tables": [done], "cluster_id": "1", "completed_percent": 40, "completed_tables": 1,
        "created_at": "2024-05-01T12:00:00Z", "creation_details": request, "current_tables": [current],
        "data_format": "CSV", "elapsed_time_seconds": 61, "id": "3", "message": "", "pending_tables": 2,
        "post_import_completed_percent": 5, "processed_source_data_size": "6", "source_url": "s", "status": "FAILED",
        "total_files": 3, "total_size": "7", "total_tables_count": 8,
    });
    let required = [
        "cluster_id", "completed_percent", "completed_tables", "created_at", "current_tables", "data_format",
        "elapsed_time_seconds", "message", "pending_tables", "status", "total_files", "total_size",
    ];
    seen.closed::<import::GetImportResp>(&required, &job);
    seen.closed::<import::ListImportsResp>(&["imports", "total"], &json!({"imports": [job], "total": "-1"}));
}

fn tidb_cloud_data_service(seen: &mut Seen) {
    seen.listed::<service::DataAppApiKeyRole>(&["READ_ONLY", "READ_AND_WRITE"]);
    seen.listed::<service::EndpointMethod>(&["GET", "POST", "PUT", "DELETE"]);
    seen.listed::<service::EndpointParameterType>(&["STRING", "INTEGER", "NUMBER", "BOOLEAN", "ARRAY"]);
    seen.listed::<service::DeploymentStatus>(&["PENDING", "RUNNING", "SUCCEEDED", "FAILED"]);
    let error = json!({"code": 404, "status": "NOT_FOUND", "error": "E", "message": "m"});
    seen.closed::<service::ErrorResponse>(&[], &error);
    let parameter = json!({"name": "n", "type": "NUMBER", "required": true, "defaultValue": ""});
    seen.closed::<service::EndpointParameter>(&[], &parameter);
    let settings =
        json!({"timeout": 1, "rowLimit": 2, "cacheEnabled": true, "cacheTtl": 3, "paginationEnabled": false});
    seen.closed::<service::EndpointSettings>(&[], &settings);
    let endpoint = json!({
        "name": "e", "displayName": "E", "description": "d", "path": "/u", "method": "PUT", "clusterId": "c",
        "sqlTemplate": "s", "tag": "t", "settings": settings, "params": [parameter],
    });
    seen.closed::<service::Endpoint>(&[], &endpoint);
    seen.closed::<service::ListEndpointsResponse>(&[], &json!({"endpoints": [endpoint], "nextPageToken": "n"}));
}

fn tidb_cloud_data_service_pages(seen: &mut Seen) {
    let app = json!({
        "dataAppId": "a", "displayName": "App", "description": "d", "region": "eu",
        "createTime": "2024-05-01T12:00:00Z", "updateTime": "2024-05-01T12:00:01Z",
    });
    seen.closed::<service::DataApp>(&[], &app);
    seen.closed::<service::ListDataAppsResponse>(&[], &json!({"dataApps": [app, {}], "nextPageToken": "n"}));
    let key = json!({
        "apiKeyId": "k", "publicKey": "p", "privateKey": "s", "description": "d", "role": "READ_ONLY",
        "rateLimitRpm": 1000,
    });
    seen.closed::<service::DataAppApiKey>(&[], &key);
    seen.closed::<service::ListDataAppApiKeysResponse>(&[], &json!({"apiKeys": [key], "nextPageToken": ""}));
    let source = json!({"clusterId": "c", "clusterName": "n", "clusterType": "t"});
    seen.closed::<service::DataSource>(&[], &source);
    seen.closed::<service::ListDataSourcesResponse>(&[], &json!({"dataSources": [source]}));
    let deployment =
        json!({"deploymentId": "d", "dataAppId": "a", "status": "PENDING", "createTime": "2024-05-01T12:00:00Z"});
    seen.closed::<service::Deployment>(&[], &deployment);
    seen.closed::<service::ListDeploymentsResponse>(&[], &json!({"deployments": [deployment], "nextPageToken": "n"}));
}

fn bytehouse_envelopes(seen: &mut Seen) {
    let (object, list) = (json!({"a": {"b": [1.5, null]}, "": ""}), json!([1, "two", null, {"n": []}]));
    seen.closed::<bytehouse::MessageEnvelope>(&[], &json!({"message": "m"}));
    seen.closed::<bytehouse::DataStringEnvelope>(&[], &json!({"data": "d"}));
    seen.closed::<bytehouse::DataObjectEnvelope>(&[], &json!({"data": object}));
    seen.closed::<bytehouse::DataListEnvelope>(&[], &json!({"data": list}));
    seen.closed::<bytehouse::DataPageEnvelope>(&[], &json!({"data": list, "meta": object}));
    seen.closed::<bytehouse::ResultEnvelope>(&[], &json!({"message": "m", "error": object}));
    seen.closed::<bytehouse::ResultListEnvelope>(&[], &json!({"message": "m", "error": object, "data": list}));
    seen.closed::<bytehouse::ResultObjectEnvelope>(&[], &json!({"message": "m", "error": {}, "data": object}));
    seen.closed::<bytehouse::CreatedApiKeyEnvelope>(&[], &json!({"message": "m", "error": {}, "data": object}));
    let page = json!({"message": "m", "meta": object, "error": object, "data": list});
    seen.closed::<bytehouse::ResultPageEnvelope>(&[], &page);
    let page = json!({"message": "m", "meta": object, "error": object, "data": object});
    seen.closed::<bytehouse::ResultObjectPageEnvelope>(&[], &page);

    let more = json!({"error": {"code": 1}, "logs": ["l"], "n": null});
    let read: bytehouse::ErrorEnvelope = serde_json::from_value(more.clone()).unwrap();
    assert_eq!((read.additional_properties.len(), serde_json::to_value(&read).unwrap()), (2, more));
    seen.object::<bytehouse::ErrorEnvelope>(&[], &json!({"error": object}));
}

fn bytehouse_others(seen: &mut Seen) {
    let created = json!({"name": "n", "vwID": "v", "message": "m", "error": {}});
    seen.closed::<bytehouse::CreatedVirtualWarehouse>(&[], &created);
    let warehouse = json!({
        "id": "i", "name": "n", "description": "d", "configID": 1, "status": "up", "autoSuspend": 5, "autoResume": true,
        "createdAt": "c", "lastModifiedAt": "l", "message": "m", "error": {},
    });
    seen.closed::<bytehouse::VirtualWarehouse>(&[], &warehouse);
    seen.listed::<bytehouse::ApiKeyStatus>(&["ENABLED", "DISABLED"]);
    seen.listed::<bytehouse::ImportJobState>(&["PUBLISHED", "DRAFT"]);
    seen.listed::<bytehouse::QueryMode>(&["ansi_sql", "clickhouse_sql"]);
    let sources =
        ["LOCAL", "S3", "TOS", "HIVE", "KAFKA", "KINESIS", "ALI_OSS", "MINIO", "CFS", "LASFS", "MYSQL", "BYTEHOUSE"];
    seen.listed::<bytehouse::ImportSourceType>(&sources);
}

/// Sent types can be serialized, too, and show no secret.
#[test]
fn types_that_are_sent_serialize() {
    let request = bytehouse::UpdateVirtualWarehouseRequest::new().description(None).auto_suspend(5);
    assert_eq!(serde_json::to_string(&request).unwrap(), r#"{"description":null,"autoSuspend":5}"#);
    let request = import::GenerateUploadUrlBody::new(i64::MIN, "f");
    let wanted = r#"{"content_length":"-9223372036854775808","file_name":"f"}"#;
    assert_eq!(serde_json::to_string(&request).unwrap(), wanted);
    let request = capydb::RunImportPreflightRequest::new("s3cret");
    assert_eq!(serde_json::to_value(&request).unwrap(), json!({"source_url": "s3cret"}));
    assert!(!format!("{request:?}").contains("s3cret"));
}
