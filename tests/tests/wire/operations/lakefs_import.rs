//! The operations of lakeFS import.

use std::collections::BTreeMap;

use data_platform_clients::lakefs_import::types::{CommitCreation, ImportCreation, ImportLocation, ImportLocationType};
use data_platform_clients::lakefs_import::{Auth, Client};
use serde_json::json;

use crate::support::table::{Reply, Table};
use crate::support::{AWKWARD, ENCODED, Sent};

fn sent(method: &str) -> Sent {
    let path = format!("/api/v1/repositories/{ENCODED}/branches/{ENCODED}/import");
    Sent::new(method, path).header("authorization", "Bearer a.b.c")
}

#[tokio::test]
async fn every_operation() {
    let mut table = Table::open().await;
    let client = Client::builder(&format!("{}/api/v1/", table.url())).auth(Auth::jwt_token("a.b.c")).build().unwrap();
    start(&mut table, &client).await;
    status(&mut table, &client).await;

    let call = client.import().cancel(AWKWARD, AWKWARD, AWKWARD);
    table.call("importCancel", sent("DELETE").query(format!("id={ENCODED}")), Reply::empty(204), call).await;
    let calls = [client.import().cancel("..", "main", "i"), client.import().cancel("repo", ".", "i")];
    table.refuses("importCancel", calls).await;
    table.close("lakefs_import");
}

async fn start(table: &mut Table, client: &Client) {
    let paths = vec![
        ImportLocation::new(ImportLocationType::CommonPrefix, "s3://bucket/a/", "a/"),
        ImportLocation::new(ImportLocationType::Object, AWKWARD, ""),
    ];
    let metadata = BTreeMap::from([("quo\"te".to_owned(), "ü\n".to_owned())]);
    let commit = CommitCreation::new("Import").metadata(metadata).date(1_700_000_000);
    let call = client.import().start(AWKWARD, AWKWARD, ImportCreation::new(paths, commit));
    let body = json!({
        "paths": [
            {"type": "common_prefix", "path": "s3://bucket/a/", "destination": "a/"},
            {"type": "object", "path": AWKWARD, "destination": ""},
        ],
        "commit": {"message": "Import", "metadata": {"quo\"te": "ü\n"}, "date": 1_700_000_000},
    });
    let answer = table.call("importStart", sent("POST").body(body), Reply::json(202, json!({"id": "i-1"})), call).await;
    assert_eq!(answer.id, "i-1");

    // Optional values are omitted instead of null.
    let creation = || ImportCreation::new(Vec::new(), CommitCreation::new(""));
    let body = json!({"paths": [], "commit": {"message": ""}});
    let call = client.import().start(AWKWARD, AWKWARD, creation());
    table.call("importStart", sent("POST").body(body), Reply::json(202, json!({"id": ""})), call).await;

    let import = client.import();
    let calls = [import.start("..", "main", creation()), import.start("repo", "", creation())];
    table.refuses("importStart", calls).await;
}

async fn status(table: &mut Table, client: &Client) {
    let call = client.import().get_status(AWKWARD, AWKWARD, AWKWARD);
    let state = json!({
        "completed": true,
        "update_time": "2024-05-01T12:00:00.25Z",
        "ingested_objects": 9_007_199_254_740_993_i64,
        "metarange_id": "m",
        "commit": {
            "id": "c", "parents": ["p", "q"], "committer": "me", "message": "Import", "creation_date": 1_714_564_800,
            "meta_range_id": "m", "metadata": {"k": "v"},
        },
        "error": {"message": "none"},
    });
    let wanted = sent("GET").query(format!("id={ENCODED}"));
    let answer = table.call("importStatus", wanted, Reply::json(200, state), call).await;
    assert_eq!(answer.update_time.as_str(), "2024-05-01T12:00:00.25Z");
    assert_eq!(answer.ingested_objects, Some(9_007_199_254_740_993));
    assert_eq!(answer.commit.map(|commit| (commit.parents, commit.creation_date)), {
        Some((vec!["p".to_owned(), "q".to_owned()], 1_714_564_800))
    });
    assert_eq!(answer.error.map(|error| error.message).as_deref(), Some("none"));
    let calls = [client.import().get_status("", "main", "i"), client.import().get_status("repo", "..", "i")];
    table.refuses("importStatus", calls).await;
}
