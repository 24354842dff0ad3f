//! Imports the objects below a prefix into a branch, and waits for the commit.
//! Server: `LAKECTL_SERVER_ENDPOINT_URL`; credentials: `LAKECTL_CREDENTIALS_ACCESS_KEY_ID`, `LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY`.

use std::env;
use std::error::Error;
use std::time::Duration;

use clients::lakefs::types::{CommitCreation, ImportCreation, ImportLocation, ImportLocationType};
use clients::lakefs::{Auth, Client};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Auth::basic_auth(
        env::var("LAKECTL_CREDENTIALS_ACCESS_KEY_ID")?,
        env::var("LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY")?,
    );
    let server = format!("{}/api/v1", env::var("LAKECTL_SERVER_ENDPOINT_URL")?);
    let client = Client::builder(&server).auth(credentials).build()?;
    let orders = ImportLocation::new(
        ImportLocationType::CommonPrefix,
        "s3://bucket/orders/",
        "orders/",
    );
    let import = ImportCreation::new(vec![orders], CommitCreation::new("Import orders"));
    let started = client.import().import_start("shop", "main", import).await?;
    let status = loop {
        let status = client
            .import()
            .import_status("shop", "main", &started.id)
            .await?
            .into_inner();
        if status.completed {
            break status;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    if let Some(error) = status.error {
        return Err(error.message.into());
    }
    let commit = status.commit.ok_or("there is no commit")?;
    println!(
        "{} objects in commit {}",
        status.ingested_objects.unwrap_or_default(),
        commit.id
    );
    Ok(())
}
