//! Loads a local file, or files in Amazon S3, into a TiDB Cloud cluster, and follows the import until it ends.
//!
//! ```sh
//! export TIDB_CLOUD_PUBLIC_KEY=... TIDB_CLOUD_PRIVATE_KEY=...
//! tidb_cloud_import --project 1369847559692509642 --cluster 1369847559691367867 \
//!     upload orders.csv --schema shop --table orders --header
//! tidb_cloud_import --project 1369847559692509642 --cluster 1369847559691367867 \
//!     s3 s3://bucket/dumps/ --role-arn arn:aws:iam::123456789012:role/import --format SqlFile
//! ```
//!
//! Ctrl-C cancels the import. Exit code: 0 imported, 1 failed, 2 wrong arguments, 130 canceled.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use data_platform_clients::runtime::Secret;
use data_platform_clients::tidb_cloud_import::types::{
    CreateImportBody, CreateImportReqImportType, GenerateUploadUrlBody, OpenapiCustomCsvFormat, OpenapiDataFormat,
    OpenapiGetImportResp, OpenapiGetImportRespStatus, OpenapiTable,
};
use data_platform_clients::tidb_cloud_import::{Auth, Client, SERVER};

use crate::common::{Failure, Interrupt, Pace, upload};

/// Loads a local file, or files in Amazon S3, into a TiDB Cloud cluster, and follows the import until it ends. Ctrl-C
/// cancels it.
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
    /// Upload a local file and import it
    Upload {
        /// The file, which is read into memory as a whole
        file: PathBuf,
        #[command(flatten)]
        content: Content,
    },
    /// Import what lies in Amazon S3
    S3 {
        /// Where it lies, for instance s3://bucket/dumps/
        url: String,
        /// ARN of the IAM role that lets TiDB Cloud read it
        #[arg(long, value_name = "ARN")]
        role_arn: Option<String>,
        #[command(flatten)]
        content: Content,
    },
}

/// What there is to import, and where it goes.
#[derive(Args)]
struct Content {
    /// Database to import into
    #[arg(long, requires = "table")]
    schema: Option<String>,
    /// Table to import into
    #[arg(long, requires = "schema")]
    table: Option<String>,
    /// Format of the files
    #[arg(long, default_value = "CSV", value_parser = data_format())]
    format: OpenapiDataFormat,
    /// CSV: the first line holds the names of the columns
    #[arg(long)]
    header: bool,
    /// CSV: what stands between two fields
    #[arg(long, default_value = ",")]
    separator: String,
    /// CSV: what encloses a field; empty if nothing does
    #[arg(long, default_value = "\"")]
    delimiter: String,
    /// CSV: a backslash begins an escape sequence
    #[arg(long)]
    backslash_escape: bool,
    /// CSV: drop a separator at the end of a line
    #[arg(long)]
    trim_last_separator: bool,
    /// CSV: what stands for NULL; without it no field is read as NULL
    #[arg(long, value_name = "TEXT")]
    null: Option<String>,
}

/// The formats that the API knows. The enum itself is open: it would take, and send, any other text as well.
fn data_format() -> impl TypedValueParser<Value = OpenapiDataFormat> {
    PossibleValuesParser::new(["CSV", "SqlFile", "Parquet", "AuroraSnapshot"]).map(OpenapiDataFormat::from)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let auth = Auth::digest_auth(cli.public_key, cli.private_key.into_inner());
    let tidb = Client::builder(&cli.server).auth(auth).build()?;
    let cluster = Cluster { tidb, project: cli.project, id: cli.cluster };
    let body = match cli.source {
        Source::Upload { file, content } => {
            let name = cluster.upload(&file).await?;
            content.describe(CreateImportReqImportType::Local).file_name(name)
        }
        Source::S3 { url, role_arn, content } => {
            let body = content.describe(CreateImportReqImportType::S3).source_url(url);
            match role_arn {
                Some(arn) => body.aws_role_arn(arn),
                None => body,
            }
        }
    };

    // From here on Ctrl-C means: cancel what has been started.
    let mut interrupt = Interrupt::listen();
    let imports = cluster.tidb.import_service();
    let started = imports.create_import(cluster.project, cluster.id, body).await?.into_inner();
    eprintln!("started import {}; Ctrl-C cancels it", started.id);
    tokio::select! {
        ended = cluster.follow(started.id) => return ended,
        () = interrupt.asked() => {}
    }
    eprintln!("canceling import {}", started.id);
    imports.cancel_import(cluster.project, cluster.id, started.id).await?;
    // Canceling takes a while; and the import may have ended before it was heard of.
    cluster.follow(started.id).await
}

impl Content {
    /// The import of this from a source of the given kind.
    fn describe(self, source: CreateImportReqImportType) -> CreateImportBody {
        let csv = self.format == OpenapiDataFormat::Csv;
        let mut body = CreateImportBody::new(self.format, source);
        if let (Some(schema), Some(table)) = (self.schema, self.table) {
            body = body.target_table(OpenapiTable::new().schema(schema).table(table));
        }
        if csv {
            let format = OpenapiCustomCsvFormat::new()
                .header(self.header)
                .separator(self.separator)
                .delimiter(self.delimiter)
                .backslash_escape(self.backslash_escape)
                .trim_last_separator(self.trim_last_separator)
                .not_null(self.null.is_none());
            body = body.csv_format(match self.null {
                Some(null) => format.null(null),
                None => format,
            });
        }
        body
    }
}

/// The cluster that receives the data.
struct Cluster {
    tidb: Client,
    project: u64,
    id: u64,
}

impl Cluster {
    /// Uploads a file and gives the name by which an import finds it.
    async fn upload(&self, file: &Path) -> Result<String, Failure> {
        let unreadable = |error| Failure::new(format!("{}: {error}", file.display()));
        let content = std::fs::read(file).map_err(unreadable)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let size = content.len();
        let wanted = GenerateUploadUrlBody::new(i64::try_from(size).unwrap_or(i64::MAX), name);
        let place = self.tidb.import_service().generate_upload_url(self.project, self.id, wanted).await?.into_inner();
        eprintln!("uploading {size} bytes as {}", place.new_file_name);
        upload(&place.upload_url, content).await?;
        Ok(place.new_file_name)
    }

    /// Looks at an import until it has ended.
    async fn follow(&self, import: u64) -> Result<ExitCode, Failure> {
        let mut pace = Pace::new();
        let mut shown = String::new();
        loop {
            let look = self.tidb.import_service().get_import(self.project, self.id, import).await;
            if let Some(answer) = pace.forgive(look)? {
                let state = answer.into_inner();
                let progress = progress(&state);
                if progress != shown {
                    eprintln!("{progress}");
                    shown = progress;
                }
                if let Some(outcome) = outcome(&state) {
                    return outcome;
                }
            }
            pace.pause().await;
        }
    }
}

fn progress(state: &OpenapiGetImportResp) -> String {
    let mut text = format!("{}: {} % of {} bytes", state.status, state.completed_percent, state.total_size);
    for table in &state.current_tables {
        text.push_str(&format!(", {} {} %", table.name, table.completed_percent));
    }
    text
}

/// How an import ended, if it has.
fn outcome(state: &OpenapiGetImportResp) -> Option<Result<ExitCode, Failure>> {
    match &state.status {
        OpenapiGetImportRespStatus::Completed => {
            for table in state.all_completed_tables.iter().flatten() {
                println!("{}: {} {}", table.table_name, table.result, table.message.as_deref().unwrap_or_default());
            }
            println!("imported in {} s", state.elapsed_time_seconds);
            Some(Ok(ExitCode::SUCCESS))
        }
        OpenapiGetImportRespStatus::Failed => Some(Err(Failure::new(format!("the import failed: {}", state.message)))),
        OpenapiGetImportRespStatus::Canceled => {
            eprintln!("canceled");
            Some(Ok(Interrupt::exit_code()))
        }
        // It goes on, in a state that may have been unknown when this was written.
        _ => None,
    }
}
