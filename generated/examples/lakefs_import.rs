//! Imports objects of an object store into a lakeFS branch, and waits for the import to finish.
//!
//! ```sh
//! export LAKECTL_CREDENTIALS_ACCESS_KEY_ID=... LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY=...
//! lakefs_import --server https://lakefs.example.com/api/v1 --repository shop \
//!     s3://bucket/production/collections/ collections/
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::process::ExitCode;

use clap::Parser;
use data_platform_clients::lakefs_import::types::{CommitCreation, ImportCreation, ImportLocation, ImportLocationType};
use data_platform_clients::lakefs_import::{Auth, Client};
use data_platform_clients::runtime::Secret;

use crate::common::{Outcome, exit};

/// Imports all objects with a URI prefix into a lakeFS branch, and waits for the import to finish.
#[derive(Parser)]
struct Cli {
    /// Base URL of lakeFS's API, for example https://lakefs.example.com/api/v1
    #[arg(long, env = "LAKEFS_SERVER", value_name = "URL")]
    server: String,
    /// Access key ID
    #[arg(long, env = "LAKECTL_CREDENTIALS_ACCESS_KEY_ID")]
    access_key_id: String,
    /// Secret access key; better set in the environment
    #[arg(long, env = "LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY", hide_env_values = true)]
    secret_access_key: Secret<String>,
    /// Repository to import into
    #[arg(long)]
    repository: String,
    /// Branch to import into
    #[arg(long, default_value = "main")]
    branch: String,
    /// Prefix of the objects' URIs
    prefix: String,
    /// Destination of the objects on the branch
    destination: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run(Cli::parse()).await)
}

async fn run(cli: Cli) -> Outcome {
    let auth = Auth::basic_auth(cli.access_key_id, cli.secret_access_key.into_inner());
    let lakefs = Client::builder(&cli.server).auth(auth).build()?;
    let location = ImportLocation::new(ImportLocationType::CommonPrefix, cli.prefix, cli.destination);
    let import = ImportCreation::new([location], CommitCreation::new("Import objects"));

    let started = lakefs.import().start(&cli.repository, &cli.branch, import).await?;
    let wait = lakefs.import().get_status(&cli.repository, &cli.branch, &started.id).wait();
    let done = wait.on_progress(|status| eprintln!("{} objects", status.ingested_objects.unwrap_or(0))).await?;
    println!("commit {}", done.commit.as_ref().map_or("unknown", |commit| &commit.id));
    Ok(())
}
