//! Imports a local file, or files in Amazon S3, into a TiDB Cloud cluster, and waits for the import to finish.
//!
//! ```sh
//! export TIDB_CLOUD_PUBLIC_KEY=... TIDB_CLOUD_PRIVATE_KEY=...
//! tidb_cloud_import --project 1369847559692509642 --cluster 1369847559691367867 upload orders.csv shop orders
//! tidb_cloud_import --project 1369847559692509642 --cluster 1369847559691367867 s3 s3://bucket/dumps/ arn:aws:iam::123456789012:role/import
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use data_platform_clients::runtime::Secret;
use data_platform_clients::tidb_cloud_import::types::{
    CreateImportBody, CreateImportReqImportType, DataFormat, GenerateUploadUrlBody, Table,
};
use data_platform_clients::tidb_cloud_import::{Auth, Client, SERVER};

use crate::common::{Outcome, exit, upload};

/// Imports a local file, or files in Amazon S3, into a TiDB Cloud cluster, and waits for the import to finish.
#[derive(Parser)]
struct Cli {
    /// Base URL of the API
    #[arg(long, env = "TIDB_CLOUD_SERVER", value_name = "URL", default_value = SERVER)]
    server: String,
    /// Public part of an API key
    #[arg(long, env = "TIDB_CLOUD_PUBLIC_KEY")]
    public_key: String,
    /// Private part of the API key; better set in the environment
    #[arg(long, env = "TIDB_CLOUD_PRIVATE_KEY", hide_env_values = true)]
    private_key: Secret<String>,
    /// Id of the project that the cluster belongs to
    #[arg(long, env = "TIDB_CLOUD_PROJECT", value_name = "ID")]
    project: u64,
    /// Id of the cluster to import into
    #[arg(long, env = "TIDB_CLOUD_CLUSTER", value_name = "ID")]
    cluster: u64,
    #[command(subcommand)]
    source: Source,
}

#[derive(Subcommand)]
enum Source {
    /// Upload a local CSV file and import it into a table
    Upload {
        /// Path of the file, which is read into memory
        file: PathBuf,
        /// Database to import into
        schema: String,
        /// Table to import into
        table: String,
    },
    /// Import SQL files from Amazon S3
    S3 {
        /// URL of the files, for example s3://bucket/dumps/
        url: String,
        /// ARN of the IAM role with which TiDB Cloud reads the files
        role_arn: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run(Cli::parse()).await)
}

async fn run(cli: Cli) -> Outcome {
    let auth = Auth::digest_auth(cli.public_key, cli.private_key.into_inner());
    let tidb = Client::builder(&cli.server).auth(auth).build()?;
    let imports = tidb.import();
    let import = match cli.source {
        Source::S3 { url, role_arn } => CreateImportBody::new(DataFormat::SqlFile, CreateImportReqImportType::S3)
            .source_url(url)
            .aws_role_arn(role_arn),
        Source::Upload { file, schema, table } => {
            let content = std::fs::read(&file)?;
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let wanted = GenerateUploadUrlBody::new(i64::try_from(content.len())?, name);
            let place = imports.generate_upload_url(cli.project, cli.cluster, wanted).await?.into_inner();
            upload(&place.upload_url, content).await?;
            CreateImportBody::new(DataFormat::Csv, CreateImportReqImportType::Local)
                .file_name(place.new_file_name)
                .target_table(Table::new().schema(schema).table(table))
        }
    };
    let started = imports.create(cli.project, cli.cluster, import).await?;
    let wait = imports.get(cli.project, cli.cluster, started.id).wait();
    let done = wait.on_progress(|job| eprintln!("{}: {} %", job.status, job.completed_percent)).await?;
    println!("imported in {} s", done.elapsed_time_seconds);
    Ok(())
}
