//! Lists all Data Apps of TiDB Cloud, or the endpoints of one of them.
//!
//! ```sh
//! export TIDB_CLOUD_PUBLIC_KEY=... TIDB_CLOUD_PRIVATE_KEY=...
//! tidb_cloud_data_service apps
//! tidb_cloud_data_service endpoints dataapp-AbCdEfGh
//! ```

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

mod common;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use data_platform_clients::runtime::Secret;
use data_platform_clients::tidb_cloud_data_service::{Auth, Client, SERVER};

use crate::common::{Outcome, exit};

/// Lists all Data Apps of TiDB Cloud, or the endpoints of one of them.
#[derive(Parser)]
struct Cli {
    /// Base URL of the API
    #[arg(long, env = "TIDB_CLOUD_DATA_SERVICE_SERVER", value_name = "URL", default_value = SERVER)]
    server: String,
    /// Public part of an API key
    #[arg(long, env = "TIDB_CLOUD_PUBLIC_KEY")]
    public_key: String,
    /// Private part of the API key; better set in the environment
    #[arg(long, env = "TIDB_CLOUD_PRIVATE_KEY", hide_env_values = true)]
    private_key: Secret<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List all Data Apps
    Apps,
    /// List all endpoints of a Data App
    Endpoints {
        /// Id of the Data App
        app: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    exit(run(Cli::parse()).await)
}

async fn run(cli: Cli) -> Outcome {
    let auth = Auth::digest_auth(cli.public_key, cli.private_key.into_inner());
    let tidb = Client::builder(&cli.server).auth(auth).build()?;
    match cli.command {
        Command::Apps => {
            let mut apps = tidb.data_apps().list().items();
            while let Some(app) = apps.next().await.transpose()? {
                println!("{}  {}", app.data_app_id.unwrap_or_default(), app.display_name.unwrap_or_default());
            }
        }
        Command::Endpoints { app } => {
            let mut endpoints = tidb.endpoints().list(&app).items();
            while let Some(endpoint) = endpoints.next().await.transpose()? {
                println!("{}  {}", endpoint.name.unwrap_or_default(), endpoint.path.unwrap_or_default());
            }
        }
    }
    Ok(())
}
