//! Works with a ByteHouse account: lists databases, runs SQL, changes a virtual warehouse.
//!
//! ```sh
//! export BYTEHOUSE_TOKEN=...
//! bytehouse --server gateway.example.com --role AccountAdmin databases
//! bytehouse --server gateway.example.com query 'SELECT 1'
//! bytehouse --server gateway.example.com query --background 'SELECT * FROM sales.orders'
//! bytehouse --server gateway.example.com warehouse reports --auto-suspend 5 --no-description --as-role SystemAdmin
//! ```
//!
//! Ctrl-C kills the query. Exit code: 0 done, 1 failed, 2 wrong arguments, 130 killed.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use data_platform_clients::bytehouse::types::{
    QueryMode, SubmitAsyncQueryRequest, SubmitSyncQueryRequest, UpdateVirtualWarehouseRequest,
};
use data_platform_clients::bytehouse::{Auth, Client, server};
use data_platform_clients::runtime::{JsonObject, JsonValue, Maybe, Secret};

use crate::common::{Failure, Interrupt, Pace};

/// Works with a ByteHouse account: lists databases, runs SQL, changes a virtual warehouse.
#[derive(Parser)]
struct Cli {
    /// Host name of the API, or its base URL
    #[arg(long, env = "BYTEHOUSE_SERVER", value_name = "HOST")]
    server: String,
    /// Bearer token; better set in the environment
    #[arg(long, env = "BYTEHOUSE_TOKEN", hide_env_values = true)]
    token: Secret<String>,
    /// Role to act in, in every call
    #[arg(long, env = "BYTEHOUSE_ROLE")]
    role: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List all databases
    Databases,
    /// Run a query and print its rows, each as JSON
    Query(Query),
    /// Change a virtual warehouse. What is not mentioned is left alone
    Warehouse(Changes),
}

#[derive(Args)]
struct Query {
    /// The query
    sql: String,
    /// SQL dialect
    #[arg(long, default_value = "ansi_sql", value_parser = mode())]
    mode: QueryMode,
    /// Id of the virtual warehouse that runs it
    #[arg(long, value_name = "ID")]
    warehouse: Option<String>,
    /// How many rows to ask for; 0 asks for all
    #[arg(long, value_name = "ROWS", default_value_t = 0)]
    max_rows: i64,
    /// Have it run in the background, and look at its status until it has ended
    #[arg(long)]
    background: bool,
}

#[derive(Args)]
struct Changes {
    /// Name of the virtual warehouse
    name: String,
    /// Describe it
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Take its description away
    #[arg(long, conflicts_with = "description")]
    no_description: bool,
    /// Have it suspend itself after so many minutes without work
    #[arg(long, value_name = "MINUTES")]
    auto_suspend: Option<i64>,
    /// Let the server decide when it suspends itself
    #[arg(long, conflicts_with = "auto_suspend")]
    no_auto_suspend: bool,
    /// Resume or suspend it
    #[arg(long, value_parser = ["up", "down"])]
    status: Option<String>,
    /// Role to act in, in this call alone
    #[arg(long, value_name = "ROLE")]
    as_role: Option<String>,
}

/// The dialects that the API knows. The enum itself is open: it would take, and send, any other text as well.
fn mode() -> impl TypedValueParser<Value = QueryMode> {
    PossibleValuesParser::new(["ansi_sql", "clickhouse_sql"]).map(QueryMode::from)
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let base = if cli.server.contains("://") { cli.server } else { server(&cli.server) };
    // A query is silent for as long as it runs, so silence must not be taken for a broken connection.
    let patience = Duration::from_secs(24 * 60 * 60);
    let mut builder = Client::builder(&base).auth(Auth::bearer_auth(cli.token.into_inner())).idle_timeout(patience);
    if let Some(role) = &cli.role {
        // For every operation that takes it, unless a call sets its own.
        builder = builder.x_user_active_role(role);
    }
    let bytehouse = builder.build()?;
    match cli.command {
        Command::Databases => databases(&bytehouse).await?,
        Command::Warehouse(changes) => update(&bytehouse, changes).await?,
        Command::Query(query) => return run_query(&bytehouse, query).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists all databases, page by page.
async fn databases(bytehouse: &Client) -> Result<(), Failure> {
    const PAGE: usize = 100;
    let mut offset = 0;
    loop {
        let page = bytehouse.databases().list_databases().offset(offset).limit(PAGE as i64).await?.into_inner();
        let rows = page.data.unwrap_or_default();
        print_rows(&rows);
        if rows.len() < PAGE {
            return Ok(());
        }
        offset += PAGE as i64;
    }
}

/// The document does not say what a row looks like, so it is JSON of any shape.
fn print_rows(rows: &[JsonValue]) {
    for row in rows {
        println!("{row}");
    }
}

/// Changes a virtual warehouse: what is absent stays, what is null is taken away, what has a value is set.
async fn update(bytehouse: &Client, changes: Changes) -> Result<(), Failure> {
    let mut body = UpdateVirtualWarehouseRequest::new();
    if let Some(text) = changes.description {
        body = body.description(text);
    }
    if changes.no_description {
        body = body.description(Maybe::Null);
    }
    if let Some(minutes) = changes.auto_suspend {
        body = body.auto_suspend(minutes);
    }
    if changes.no_auto_suspend {
        body = body.auto_suspend(Maybe::Null);
    }
    if let Some(status) = changes.status {
        body = body.status(status);
    }
    let mut request = bytehouse.virtual_warehouse().update_virtual_warehouse(&changes.name, body);
    if let Some(role) = &changes.as_role {
        // Instead of the role that the client was built with.
        request = request.x_user_active_role(role);
    }
    let answer = request.await?.into_inner();
    // The server may answer 200 and yet tell of an error.
    if let Some(error) = answer.error.filter(|error| !error.is_empty()) {
        return Err(Failure::new(format!("the virtual warehouse was not changed: {}", JsonValue::Object(error))));
    }
    println!("{}", answer.message.as_deref().unwrap_or("changed"));
    Ok(())
}

/// Runs a query under an id of our own making, by which it can be killed.
async fn run_query(bytehouse: &Client, query: Query) -> Result<ExitCode, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let id = format!("example-{}-{}", now.as_nanos(), std::process::id());
    eprintln!("running query {id}; Ctrl-C kills it");
    let mut interrupt = Interrupt::listen();
    let background = query.background;
    let rows = tokio::select! {
        rows = rows(bytehouse, query, &id) => rows?,
        () = interrupt.asked() => {
            eprintln!("killing query {id}");
            if background {
                bytehouse.queries().kill_async_query(&id).await?;
            } else {
                bytehouse.queries().kill_sync_query(&id).await?;
            }
            eprintln!("killed");
            return Ok(Interrupt::exit_code());
        }
    };
    print_rows(&rows);
    Ok(ExitCode::SUCCESS)
}

/// The rows of a query, once it has ended.
async fn rows(bytehouse: &Client, query: Query, id: &str) -> Result<Vec<JsonValue>, Failure> {
    if !query.background {
        let mut body = SubmitSyncQueryRequest::new(query.sql, query.mode).query_id(id).max_rows_return(query.max_rows);
        body.vw_id = query.warehouse;
        let answer = bytehouse.queries().submit_sync_query(body).await?;
        return Ok(answer.into_inner().data.unwrap_or_default());
    }
    let mut body = SubmitAsyncQueryRequest::new(query.sql, query.mode).query_id(id);
    body.vw_id = query.warehouse;
    bytehouse.queries().submit_async_query(body).await?;
    follow(bytehouse, id).await?;
    let answer = bytehouse.queries().get_async_query_results(id).max_rows_return(query.max_rows).await?;
    Ok(answer.into_inner().data.unwrap_or_default())
}

/// Looks at a query in the background until it has ended.
async fn follow(bytehouse: &Client, id: &str) -> Result<(), Failure> {
    let mut pace = Pace::new();
    let mut shown = JsonObject::new();
    loop {
        let look = bytehouse.queries().get_async_query_status(id).await;
        if let Some(answer) = pace.forgive(look)? {
            let state = answer.into_inner().data.unwrap_or_default();
            match end(&state) {
                Some(End::Good) => return Ok(()),
                Some(End::Bad) => {
                    return Err(Failure::new(format!("the query failed: {}", JsonValue::Object(state))));
                }
                None if state != shown => eprintln!("{}", JsonValue::Object(state.clone())),
                None => {}
            }
            shown = state;
        }
        pace.pause().await;
    }
}

enum End {
    Good,
    Bad,
}

/// How a query ended, if it has. The document lists neither the properties of a status nor its words, so this looks for
/// the usual ones, and takes any other for a query that goes on.
fn end(state: &JsonObject) -> Option<End> {
    let status = state.get("status").or_else(|| state.get("state"))?.as_str()?;
    match status.to_ascii_lowercase().as_str() {
        "finished" | "completed" | "succeeded" | "success" | "done" => Some(End::Good),
        "failed" | "error" | "killed" | "canceled" | "cancelled" | "aborted" => Some(End::Bad),
        _ => None,
    }
}
