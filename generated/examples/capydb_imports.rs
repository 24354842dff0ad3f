//! Checks whether a Postgres database can be imported into a CapyDB project, and starts the import.
//!
//! ```sh
//! export CAPYDB_API_KEY=capy_live_... CAPYDB_SOURCE_URL=postgres://user:password@db.example.com/shop
//! capydb_imports --project prj_123
//! ```
//!
//! The import continues after this program ends: the API has no operation for the state of a job.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod common;

use std::process::ExitCode;

use clap::Parser;
use data_platform_clients::capydb_imports::types::{CreateImportRequest, RunImportPreflightRequest};
use data_platform_clients::capydb_imports::{Auth, Client, SERVER};
use data_platform_clients::runtime::Secret;

use crate::common::{Outcome, exit};

/// Checks whether a Postgres database can be imported into a CapyDB project, and starts the import.
#[derive(Parser)]
struct Cli {
    /// Base URL of the API
    #[arg(long, env = "CAPYDB_SERVER", value_name = "URL", default_value = SERVER)]
    server: String,
    /// API key or session token; better set in the environment
    #[arg(long, env = "CAPYDB_API_KEY", hide_env_values = true)]
    token: Secret<String>,
    /// Connection string of the database, which holds its password; better set in the environment
    #[arg(long, env = "CAPYDB_SOURCE_URL", hide_env_values = true)]
    source_url: Secret<String>,
    /// Id of the project to import into
    #[arg(long)]
    project: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run(Cli::parse()).await)
}

async fn run(cli: Cli) -> Outcome {
    let capydb = Client::builder(&cli.server).auth(Auth::bearer_auth(cli.token.into_inner())).build()?;
    let checked = RunImportPreflightRequest::new(cli.source_url.clone());
    let found = capydb.imports().run_preflight(&cli.project, checked).await?.into_inner().preflight;
    for check in &found.checks {
        println!("{:4}  {}  {}", check.status.as_str(), check.name, check.detail.as_deref().unwrap_or_default());
    }
    if !found.ok {
        return Err("the database cannot be imported".into());
    }
    let import = CreateImportRequest::new().source_url(cli.source_url);
    let job = capydb.imports().create(&cli.project, import).await?.into_inner().job;
    println!("job {}: {}", job.id, job.state);
    Ok(())
}
