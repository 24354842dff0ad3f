//! Lists the databases of a ByteHouse account, or runs a query in the background and prints its rows.
//!
//! ```sh
//! export BYTEHOUSE_SERVER=gateway.example.com BYTEHOUSE_TOKEN=...
//! bytehouse databases
//! bytehouse query 'select 1'
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, Subcommand};
use data_platform_clients::bytehouse::types::{QueryMode, SubmitAsyncQueryRequest};
use data_platform_clients::bytehouse::{Auth, Client, server};
use data_platform_clients::runtime::Secret;

use crate::common::{Outcome, exit};

/// Lists the databases of a ByteHouse account, or runs a query.
#[derive(Parser)]
struct Cli {
    /// Host name of the API, or its base URL
    #[arg(long, env = "BYTEHOUSE_SERVER", value_name = "HOST")]
    server: String,
    /// Bearer token; better set in the environment
    #[arg(long, env = "BYTEHOUSE_TOKEN", hide_env_values = true)]
    token: Secret<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List all databases, each as JSON
    Databases,
    /// Run a query and print its rows, each as JSON
    Query {
        /// The query
        sql: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run(Cli::parse()).await)
}

async fn run(cli: Cli) -> Outcome {
    let base = if cli.server.contains("://") { cli.server } else { server(&cli.server) };
    let bytehouse = Client::builder(&base).auth(Auth::bearer_auth(cli.token.into_inner())).build()?;
    match cli.command {
        Command::Databases => databases(&bytehouse).await,
        Command::Query { sql } => query(&bytehouse, sql).await,
    }
}

/// Lists all databases, across all pages.
async fn databases(bytehouse: &Client) -> Outcome {
    let mut databases = bytehouse.databases().list().limit(100).items();
    while let Some(database) = databases.next().await {
        println!("{}", database?);
    }
    Ok(())
}

/// Runs a query with a generated ID, and waits for it to finish.
async fn query(bytehouse: &Client, sql: String) -> Outcome {
    let id = format!("example-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos());
    let query = SubmitAsyncQueryRequest::new(sql, QueryMode::AnsiSql).query_id(&id);
    bytehouse.queries().submit_async_query(query).await?;
    bytehouse.queries().get_async_status(&id).wait().await?;
    let results = bytehouse.queries().list_async_results(&id).await?;
    results.data.iter().flatten().for_each(|row| println!("{row}"));
    Ok(())
}
