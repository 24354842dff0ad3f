//! Imports the objects below a prefix into a branch, and waits for the commit.
//! Server: `LAKEFS_BASE_URL`; credentials: `LAKEFS_BASIC_AUTH_USERNAME`, `LAKEFS_BASIC_AUTH_PASSWORD`.

use clients::lakefs::{ClientBuilder, types};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lake = ClientBuilder::from_env()?.build()?;
    let orders = types::ImportLocation::new("common_prefix", "s3://bucket/orders/", "orders/");
    let import = types::ImportCreation::new([orders], types::CommitCreation::new("Import orders"));
    let job = lake.import().start("shop", "main", import).await?;
    let status = lake
        .import()
        .get_status("shop", "main", &job.id)
        .wait()
        .await?;
    let commit = status.commit.as_ref().ok_or("there is no commit")?;
    let imported = status.ingested_objects.unwrap_or_default();
    println!("{imported} objects in commit {}", commit.id);
    Ok(())
}
