//! Manages Data Apps of TiDB Cloud: lists and creates them, adds endpoints, deploys, fetches a description, makes keys.
//!
//! ```sh
//! export TIDB_CLOUD_PUBLIC_KEY=... TIDB_CLOUD_PRIVATE_KEY=...
//! tidb_cloud_data_service create shop --cluster 1369847559691367867
//! tidb_cloud_data_service endpoint dataapp-1 --name orders --path /orders --cluster 1369847559691367867 \
//!     --sql 'SELECT * FROM shop.orders WHERE day = ${day}' --parameter day:STRING
//! tidb_cloud_data_service deploy dataapp-1
//! tidb_cloud_data_service spec dataapp-1 --yaml > shop.yaml
//! tidb_cloud_data_service key dataapp-1 --private-key-file shop.key
//! ```
//!
//! Exit code: 0 done, 1 failed, 2 wrong arguments.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use data_platform_clients::runtime::{Error, JsonValue, Secret};
use data_platform_clients::tidb_cloud_data_service::types::{
    CreateDataAppApiKeyRequest, CreateDataAppRequest, CreateEndpointRequest, DataApp, DataAppApiKeyRole, Deployment,
    DeploymentStatus, EndpointMethod, EndpointParameter, EndpointParameterType, EndpointSettings, ErrorResponse,
};
use data_platform_clients::tidb_cloud_data_service::{Auth, Client, SERVER};

use crate::common::{Failure, Pace};

/// Manages Data Apps of TiDB Cloud.
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
    List {
        /// How many Data Apps to ask for at once
        #[arg(long, default_value_t = 100)]
        page_size: i64,
    },
    /// Create a Data App
    Create {
        /// Its name
        name: String,
        /// What it is for
        #[arg(long)]
        description: Option<String>,
        /// Cluster to link
        #[arg(long, value_name = "ID")]
        cluster: Option<String>,
    },
    /// Add an endpoint to a Data App
    Endpoint(NewEndpoint),
    /// Deploy a Data App and follow the deployment until it ends
    Deploy {
        /// Id of the Data App
        app: String,
    },
    /// Print the OpenAPI document of a Data App
    Spec {
        /// Id of the Data App
        app: String,
        /// As YAML
        #[arg(long, conflicts_with = "json")]
        yaml: bool,
        /// As JSON, which is also the default
        #[arg(long)]
        json: bool,
    },
    /// Make an API key for the endpoints of a Data App
    Key {
        /// Id of the Data App
        app: String,
        /// File for the private key, which only its owner may read. It must not exist yet. The key is written nowhere
        /// else and cannot be had again
        #[arg(long, value_name = "FILE")]
        private_key_file: PathBuf,
        /// What the key is for
        #[arg(long)]
        description: Option<String>,
        /// What the key allows
        #[arg(long, default_value = "READ_ONLY", value_parser = role())]
        role: DataAppApiKeyRole,
        /// How many requests per minute the key allows
        #[arg(long, value_name = "REQUESTS")]
        rate_limit: Option<i64>,
    },
}

#[derive(Args)]
struct NewEndpoint {
    /// Id of the Data App
    app: String,
    /// Name of the endpoint
    #[arg(long)]
    name: String,
    /// Path that it answers at, for instance /orders
    #[arg(long)]
    path: String,
    /// Method that it answers to
    #[arg(long, default_value = "GET", value_parser = method())]
    method: EndpointMethod,
    /// Cluster that it queries, which must be linked to the Data App
    #[arg(long, value_name = "ID")]
    cluster: String,
    /// The query
    #[arg(long)]
    sql: String,
    /// A required parameter of the query; may be given several times
    #[arg(long, value_name = "NAME:TYPE", value_parser = parameter)]
    parameter: Vec<EndpointParameter>,
    /// How many rows it answers at most
    #[arg(long, value_name = "ROWS")]
    row_limit: Option<i64>,
}

// The values that the API knows. The enums themselves are open: they would take, and send, any other text as well.

fn role() -> impl TypedValueParser<Value = DataAppApiKeyRole> {
    PossibleValuesParser::new(["READ_ONLY", "READ_AND_WRITE"]).map(DataAppApiKeyRole::from)
}

fn method() -> impl TypedValueParser<Value = EndpointMethod> {
    PossibleValuesParser::new(["GET", "POST", "PUT", "DELETE"]).map(EndpointMethod::from)
}

fn parameter(text: &str) -> Result<EndpointParameter, String> {
    let (name, kind) = text.split_once(':').ok_or("there is no `:` in it")?;
    match EndpointParameterType::from(kind) {
        EndpointParameterType::Unknown(_) => Err("the type is none of STRING, INTEGER, NUMBER, BOOLEAN, ARRAY".into()),
        kind => Ok(EndpointParameter::new().name(name).type_(kind).required(true)),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let auth = Auth::digest_auth(cli.public_key, cli.private_key.into_inner());
    let tidb = Client::builder(&cli.server).auth(auth).build()?;
    match cli.command {
        Command::List { page_size } => list(&tidb, page_size).await,
        Command::Create { name, description, cluster } => {
            let mut body = CreateDataAppRequest::new(name);
            body.description = description;
            body.cluster_id = cluster;
            print(&tidb.data_apps().create_data_app(body).await?.into_inner());
            Ok(())
        }
        Command::Endpoint(endpoint) => create_endpoint(&tidb, endpoint).await,
        Command::Deploy { app } => deploy(&tidb, &app).await,
        Command::Spec { app, yaml: true, .. } => {
            print!("{}", tidb.data_apps().get_data_app_api_spec_as_yaml(&app).await?.body());
            Ok(())
        }
        Command::Spec { app, .. } => {
            let document = tidb.data_apps().get_data_app_api_spec(&app).await?.into_inner();
            println!("{:#}", JsonValue::Object(document));
            Ok(())
        }
        Command::Key { app, private_key_file, description, role, rate_limit } => {
            let mut body = CreateDataAppApiKeyRequest::new(role);
            body.description = description;
            body.rate_limit_rpm = rate_limit;
            create_key(&tidb, &app, body, &private_key_file).await
        }
    }
}

/// Lists all Data Apps, page by page: each page but the last says how to ask for the next one.
async fn list(tidb: &Client, page_size: i64) -> Result<(), Failure> {
    let mut request = tidb.data_apps().list_data_apps().page_size(page_size);
    loop {
        let page = request.await?.into_inner();
        page.data_apps.iter().flatten().for_each(print);
        match page.next_page_token {
            Some(token) if !token.is_empty() => {
                request = tidb.data_apps().list_data_apps().page_size(page_size).page_token(&token);
            }
            _ => return Ok(()),
        }
    }
}

fn print(app: &DataApp) {
    println!("{}  {}  {}", text(&app.data_app_id), text(&app.display_name), text(&app.region));
}

/// What the server may have left out.
fn text(value: &Option<impl Display>) -> String {
    value.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string)
}

async fn create_endpoint(tidb: &Client, new: NewEndpoint) -> Result<(), Failure> {
    let mut body = CreateEndpointRequest::new(new.name, new.path, new.method, new.cluster, new.sql);
    if !new.parameter.is_empty() {
        body = body.params(new.parameter);
    }
    if let Some(rows) = new.row_limit {
        body = body.settings(EndpointSettings::new().row_limit(rows));
    }
    let endpoint = tidb.endpoints().create_endpoint(&new.app, body).await?.into_inner();
    println!("{}  {} {}", text(&endpoint.name), text(&endpoint.method), text(&endpoint.path));
    eprintln!("it can be called once the Data App has been deployed");
    Ok(())
}

/// Deploys and follows the deployment until it has ended. Ctrl-C ends the program; the deployment goes on.
async fn deploy(tidb: &Client, app: &str) -> Result<(), Failure> {
    let mut deployment = tidb.deployments().create_deployment(app).await?.into_inner();
    let id = deployment.deployment_id.clone();
    let mut shown = None;
    let mut pace = Pace::new();
    loop {
        if shown.as_ref() != Some(&deployment.status) {
            println!("{}  {}", text(&id), text(&deployment.status));
        }
        match &deployment.status {
            Some(DeploymentStatus::Succeeded) => return Ok(()),
            Some(DeploymentStatus::Failed) => return Err(Failure::new("the deployment failed")),
            _ => shown = Some(deployment.status.clone()),
        }
        pace.pause().await;
        let look = find(tidb, app, &id).await;
        match pace.forgive(look)? {
            Some(Some(found)) => deployment = found,
            Some(None) => return Err(Failure::new(format!("deployment {} is not listed", text(&id)))),
            None => {}
        }
    }
}

/// Looks a deployment up in the list, page by page: there is no operation for a single one.
async fn find(tidb: &Client, app: &str, id: &Option<String>) -> Result<Option<Deployment>, Error<ErrorResponse>> {
    let mut request = tidb.deployments().list_deployments(app);
    loop {
        let page = request.await?.into_inner();
        let found = page.deployments.into_iter().flatten().find(|deployment| deployment.deployment_id == *id);
        match page.next_page_token {
            Some(token) if found.is_none() && !token.is_empty() => {
                request = tidb.deployments().list_deployments(app).page_token(&token);
            }
            _ => return Ok(found),
        }
    }
}

/// Makes an API key. Its private part is in this one answer and nowhere else, so there must be a place for it first.
async fn create_key(tidb: &Client, app: &str, body: CreateDataAppApiKeyRequest, path: &Path) -> Result<(), Failure> {
    let unwritable = |error: io::Error| Failure::new(format!("{}: {error}", path.display()));
    let mut file = private_file(path).map_err(unwritable)?;
    let made = match tidb.data_app_api_keys().create_data_app_api_key(app, body).await {
        Ok(answer) => answer.into_inner(),
        Err(error) => {
            drop(file);
            std::fs::remove_file(path).map_err(unwritable)?;
            return Err(error.into());
        }
    };
    if let Some(private) = &made.private_key {
        writeln!(file, "{}", private.expose()).and_then(|()| file.sync_all()).map_err(unwritable)?;
    }
    // What is printed shows that there is a private key, but not the key.
    println!("{made:#?}");
    eprintln!("private key: {}", path.display());
    Ok(())
}

/// Creates a file that nobody but its owner can read (on Unix; elsewhere the folder decides).
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
