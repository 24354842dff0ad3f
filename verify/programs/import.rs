//! Imports the objects below a prefix into a branch, and waits for the commit.
//! Server: `LAKECTL_SERVER_ENDPOINT_URL`; credentials: `LAKECTL_CREDENTIALS_ACCESS_KEY_ID`, `LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY`.

use std::env;
use std::error::Error;

use clients::lakefs::{Auth, Client, types};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let credentials = Auth::basic_auth(
        env::var("LAKECTL_CREDENTIALS_ACCESS_KEY_ID")?,
        env::var("LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY")?,
    );
    let server = format!("{}/api/v1", env::var("LAKECTL_SERVER_ENDPOINT_URL")?);
    let client = Client::builder(&server).auth(credentials).build()?;
    let orders = types::ImportLocation::new("common_prefix", "s3://bucket/orders/", "orders/");
    let commit = types::CommitCreation::new("Import orders");
    let import = types::ImportCreation::new([orders], commit);
    let started = client.import().start("shop", "main", import).await?;
    let status = client.import().status("shop", "main", &started.id);
    let status = status.wait().await?;
    let commit = status.commit.as_ref().ok_or("there is no commit")?;
    println!(
        "{} objects in commit {}",
        status.ingested_objects.unwrap_or_default(),
        commit.id
    );
    Ok(())
}
