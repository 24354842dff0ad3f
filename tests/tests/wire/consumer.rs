//! The test of a program that calls an API, as in docs/guide/testing.md.

use data_platform_clients::lakefs_import::{Client, types};
use data_platform_clients::runtime::Error;
use data_platform_clients::runtime::testing::{Mock, Reply};
use serde_json::json;

/// What a program does: how many objects an import has brought in, or `None` if the import is unknown.
async fn imported(lakefs: &Client, id: &str) -> Result<Option<i64>, Error<types::Error>> {
    match lakefs.import().get_status("lake", "main", id).await {
        Ok(status) => Ok(Some(status.ingested_objects.unwrap_or(0))),
        Err(error) if error.status().is_some_and(|status| status == 404) => Ok(None),
        Err(error) => Err(error),
    }
}

#[tokio::test]
async fn an_import_is_counted() {
    let status = json!({"completed": false, "update_time": "2026-05-04T03:02:01Z", "ingested_objects": 7});
    let mock = Mock::new()
        .reply("importStatus", Reply::empty(503))
        .reply("importStatus", Reply::json(200, &status))
        .reply("importStatus", Reply::json(404, &json!({"message": "no such import"})))
        .reply("importStatus", Reply::no_connection());
    let lakefs = Client::builder("http://lakefs.test").mock(&mock).build().unwrap();

    assert_eq!(imported(&lakefs, "i1").await.unwrap(), Some(7));
    assert_eq!(imported(&lakefs, "i2").await.unwrap(), None);
    assert!(imported(&lakefs, "i3").await.unwrap_err().is_connect());

    // The 503 was sent again, and then the failure as often as the policy says.
    let ids: Vec<_> = mock.requests_of("importStatus").iter().filter_map(|sent| sent.query("id")).collect();
    assert_eq!(ids, ["i1", "i1", "i2", "i3", "i3", "i3"]);
}

/// Something else that the program does: what an import has left in the repository.
fn describe(status: &types::ImportStatus) -> String {
    let commit = status.commit.as_ref().map_or("nothing", |commit| commit.id.as_str());
    format!("{} objects, {commit}", status.ingested_objects.unwrap_or(0))
}

#[tokio::test]
async fn an_import_is_described() {
    use data_platform_clients::runtime::testing::placeholder;

    // Only received, so it has no constructor; unset fields have placeholder values.
    let mut commit: types::Commit = placeholder().unwrap();
    commit.id = "c0ffee".to_owned();
    let mut status: types::ImportStatus = placeholder().unwrap();
    status.ingested_objects = Some(7);
    status.commit = Some(commit);
    assert_eq!(describe(&status), "7 objects, c0ffee");

    let mock = Mock::new().reply("importStatus", Reply::json(200, &status));
    let lakefs = Client::builder("http://lakefs.test").mock(&mock).build().unwrap();
    let answer = lakefs.import().get_status("lake", "main", "i1").await.unwrap();
    assert_eq!(answer.body(), &status);
}

#[test]
fn the_page_shows_this_file() {
    let page = std::fs::read_to_string(workspace_tests::root().join("docs/guide/testing.md")).unwrap();
    let mut blocks = page.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next());
    let shown = blocks.find(|block| block.contains("an_import_is_counted")).expect("a block");
    assert!(include_str!("consumer.rs").contains(shown), "docs/guide/testing.md shows another test:\n{shown}");
}
