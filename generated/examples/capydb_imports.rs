//! Copies a Postgres database from elsewhere into a CapyDB project: from a running server, after a check of whether
//! that can work, or from a dump.
//!
//! ```sh
//! export CAPYDB_API_KEY=capy_live_... CAPYDB_SOURCE_URL=postgres://user:password@db.example.com/shop
//! capydb_imports --project shop check
//! capydb_imports --project shop copy
//! capydb_imports --project shop restore shop.dump
//! ```
//!
//! Exit code: 0 all right, 1 failed or refused, 2 wrong arguments.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use data_platform_clients::capydb_imports::types::{
    CreateImportRequest, JobState, Preflight, PreflightCheckStatus, RunImportPreflightRequest,
};
use data_platform_clients::capydb_imports::{Auth, Client, SERVER};
use data_platform_clients::runtime::Secret;

use crate::common::{Failure, upload};

/// Copies a Postgres database from elsewhere into a CapyDB project.
#[derive(Parser)]
struct Cli {
    /// Base URL of the API
    #[arg(long, env = "CAPYDB_SERVER", value_name = "URL", default_value = SERVER)]
    server: String,
    /// API key (`capy_live_...`) or session token; better set in the environment
    #[arg(long, env = "CAPYDB_API_KEY", hide_env_values = true)]
    api_key: Secret<String>,
    /// Project to import into
    #[arg(long, env = "CAPYDB_PROJECT", value_name = "ID")]
    project: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check whether a database can be imported, and copy nothing
    Check(Source),
    /// Check a database and, unless a check fails, import it
    Copy {
        #[command(flatten)]
        source: Source,
        #[command(flatten)]
        target: Target,
    },
    /// Upload a dump and import it
    Restore {
        /// The dump, which is read into memory as a whole
        dump: PathBuf,
        #[command(flatten)]
        target: Target,
    },
}

#[derive(Args)]
struct Source {
    /// Connection string of the database; it has a password in it, so better set it in the environment
    #[arg(long, env = "CAPYDB_SOURCE_URL", hide_env_values = true, value_name = "URL")]
    source_url: Secret<String>,
}

#[derive(Args)]
struct Target {
    /// Create the target database anew before the import, which destroys what is in it; needs --confirm
    #[arg(long, requires = "confirm")]
    recreate: bool,
    /// Confirm that data may be destroyed
    #[arg(long)]
    confirm: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let capydb = Client::builder(&cli.server).auth(Auth::bearer_auth(cli.api_key.into_inner())).build()?;
    match cli.command {
        Command::Check(source) => check(&capydb, &cli.project, &source).await,
        Command::Copy { source, target } => {
            check(&capydb, &cli.project, &source).await?;
            let body = CreateImportRequest::new().source_url(source.source_url);
            import(&capydb, &cli.project, target.describe(body)).await
        }
        Command::Restore { dump, target } => {
            let key = store(&capydb, &cli.project, &dump).await?;
            let body = CreateImportRequest::new().upload_key(key);
            import(&capydb, &cli.project, target.describe(body)).await
        }
    }
}

impl Target {
    /// Says in `body` what may be done to the target. What was not asked for is left out, not sent as false.
    fn describe(&self, mut body: CreateImportRequest) -> CreateImportRequest {
        if self.recreate {
            body = body.recreate(true);
        }
        if self.confirm {
            body = body.confirm(true);
        }
        body
    }
}

/// Has the server check the source, prints what it found, and fails if the source cannot be imported.
async fn check(capydb: &Client, project: &str, source: &Source) -> Result<(), Failure> {
    let body = RunImportPreflightRequest::new(source.source_url.clone());
    let found = capydb.imports().run_import_preflight(project, body).await?.into_inner().preflight;
    print(&found);
    let failed = found.checks.iter().filter(|check| check.status == PreflightCheckStatus::Fail).count();
    if found.ok && failed == 0 {
        return Ok(());
    }
    let failure =
        Failure::new(format!("the database cannot be imported: {failed} of {} checks failed", found.checks.len()));
    Err(failure.hint("fix what the failed checks say; nothing has been copied"))
}

fn print(found: &Preflight) {
    let source = &found.source;
    println!("Postgres {} → {}", source.server_version, found.target_version);
    println!("{} bytes of {} allowed", source.database_size_bytes, found.storage_limit_bytes);
    for extension in &source.extensions {
        println!("extension {} {}", extension.name, extension.version);
    }
    for check in &found.checks {
        println!("{:4}  {}  {}", check.status.as_str(), check.name, check.detail.as_deref().unwrap_or_default());
    }
}

/// Uploads a dump and gives the key by which an import finds it.
async fn store(capydb: &Client, project: &str, dump: &Path) -> Result<String, Failure> {
    let unreadable = |error| Failure::new(format!("{}: {error}", dump.display()));
    let content = std::fs::read(dump).map_err(unreadable)?;
    let place = capydb.imports().create_import_upload(project).await?.into_inner().upload;
    eprintln!("uploading {} bytes as {}, before {}", content.len(), place.object_key, place.expires_at);
    upload(&place.upload_url, content).await?;
    Ok(place.object_key)
}

/// Queues the import and prints its job. That is as far as a client can see: the API has no operation that tells how a
/// job gets on.
async fn import(capydb: &Client, project: &str, body: CreateImportRequest) -> Result<(), Failure> {
    let job = capydb.imports().create_import(project, body).await?.into_inner().job;
    println!("job {} ({}), created {}: {}", job.id, job.type_, job.created_at, job.state);
    match job.state {
        JobState::Completed => Ok(()),
        JobState::Failed => Err(Failure::new(format!("the import failed: {}", job.error.unwrap_or_default()))),
        _ => {
            eprintln!("the job goes on without this program; the API has no operation to follow it with");
            Ok(())
        }
    }
}
