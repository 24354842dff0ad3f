//! Imports objects that already lie in an object store into a lakeFS branch, and follows the import until it ends.
//!
//! ```sh
//! export LAKECTL_CREDENTIALS_ACCESS_KEY_ID=... LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY=...
//! lakefs_import --server https://lakefs.example.com/api/v1 --repository shop --branch main \
//!     --prefix s3://bucket/production/collections/ collections/ --message 'Import collections'
//! ```
//!
//! Ctrl-C cancels the import. Exit code: 0 imported, 1 failed, 2 wrong arguments, 130 canceled.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod common;

use std::process::ExitCode;

use clap::{Args, Parser};
use data_platform_clients::lakefs_import::types::{
    CommitCreation, ImportCreation, ImportLocation, ImportLocationType, ImportStatus,
};
use data_platform_clients::lakefs_import::{Auth, Client};
use data_platform_clients::runtime::Secret;
use data_platform_clients::runtime::http::StatusCode;

use crate::common::{Failure, Interrupt, Pace};

/// Imports objects that already lie in an object store into a lakeFS branch, and follows the import until it ends.
/// Ctrl-C cancels it.
#[derive(Parser)]
struct Cli {
    /// Base URL of lakeFS's API, for instance https://lakefs.example.com/api/v1
    #[arg(long, env = "LAKEFS_SERVER", value_name = "URL")]
    server: String,
    #[command(flatten)]
    credentials: Credentials,
    /// Repository to import into
    #[arg(long)]
    repository: String,
    /// Branch to import into
    #[arg(long, default_value = "main")]
    branch: String,
    #[command(flatten)]
    sources: Sources,
    /// Message of the commit that the import makes
    #[arg(long)]
    message: String,
    /// Something to attach to the commit; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = key_value)]
    metadata: Vec<(String, String)>,
}

/// Any of them will do. Of several, the client takes the first in the order of the API's document.
#[derive(Args)]
#[group(required = true, multiple = true)]
struct Credentials {
    /// Access key ID, for HTTP Basic
    #[arg(long, env = "LAKECTL_CREDENTIALS_ACCESS_KEY_ID", requires = "secret_access_key")]
    access_key_id: Option<String>,
    /// Secret access key, for HTTP Basic; better set in the environment, as all secrets
    #[arg(long, env = "LAKECTL_CREDENTIALS_SECRET_ACCESS_KEY", hide_env_values = true, requires = "access_key_id")]
    secret_access_key: Option<Secret<String>>,
    /// JSON Web Token, sent as bearer token
    #[arg(long, env = "LAKEFS_JWT", hide_env_values = true)]
    jwt: Option<Secret<String>>,
    /// Session cookie of lakeFS's own login
    #[arg(long, env = "LAKEFS_SESSION", hide_env_values = true)]
    session: Option<Secret<String>>,
    /// Session cookie of a login through OpenID Connect
    #[arg(long, env = "LAKEFS_OIDC_SESSION", hide_env_values = true)]
    oidc_session: Option<Secret<String>>,
    /// Session cookie of a login through SAML
    #[arg(long, env = "LAKEFS_SAML_SESSION", hide_env_values = true)]
    saml_session: Option<Secret<String>>,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Sources {
    /// Import all objects whose URI begins like this, below a path of the branch; may be given several times
    #[arg(long, num_args = 2, value_names = ["URI", "DESTINATION"])]
    prefix: Vec<String>,
    /// Import one object, under a path of the branch; may be given several times
    #[arg(long, num_args = 2, value_names = ["URI", "DESTINATION"])]
    object: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let lakefs = client(&cli.server, cli.credentials)?;
    let commit = CommitCreation::new(cli.message).metadata(cli.metadata.into_iter().collect());
    let import = ImportCreation::new(locations(&cli.sources), commit);

    // From here on Ctrl-C means: cancel what has been started.
    let mut interrupt = Interrupt::listen();
    let started = lakefs.import().import_start(&cli.repository, &cli.branch, import).await?.into_inner();
    eprintln!("started import {}; Ctrl-C cancels it", started.id);

    let job = Job { lakefs, repository: cli.repository, branch: cli.branch, id: started.id };
    tokio::select! {
        ended = job.follow() => ended,
        () = interrupt.asked() => job.cancel().await,
    }
}

fn client(server: &str, credentials: Credentials) -> Result<Client, Failure> {
    let mut builder = Client::builder(server);
    if let (Some(id), Some(secret)) = (credentials.access_key_id, credentials.secret_access_key) {
        builder = builder.auth(Auth::basic_auth(id, secret.into_inner()));
    }
    if let Some(token) = credentials.jwt {
        builder = builder.auth(Auth::jwt_token(token.into_inner()));
    }
    if let Some(cookie) = credentials.session {
        builder = builder.auth(Auth::cookie_auth(cookie.into_inner()));
    }
    if let Some(cookie) = credentials.oidc_session {
        builder = builder.auth(Auth::oidc_auth(cookie.into_inner()));
    }
    if let Some(cookie) = credentials.saml_session {
        builder = builder.auth(Auth::saml_auth(cookie.into_inner()));
    }
    Ok(builder.build()?)
}

fn locations(sources: &Sources) -> Vec<ImportLocation> {
    // The parser has seen to it that each has two values.
    let (prefixes, _) = sources.prefix.as_chunks::<2>();
    let (objects, _) = sources.object.as_chunks::<2>();
    let prefixes = prefixes
        .iter()
        .map(|[uri, destination]| ImportLocation::new(ImportLocationType::CommonPrefix, uri, destination));
    let objects =
        objects.iter().map(|[uri, destination]| ImportLocation::new(ImportLocationType::Object, uri, destination));
    prefixes.chain(objects).collect()
}

/// An import that was started.
struct Job {
    lakefs: Client,
    repository: String,
    branch: String,
    id: String,
}

impl Job {
    /// Looks at the import until it has ended.
    async fn follow(&self) -> Result<ExitCode, Failure> {
        let mut pace = Pace::new();
        let mut shown = None;
        loop {
            let look = self.lakefs.import().import_status(&self.repository, &self.branch, &self.id).await;
            if let Some(answer) = pace.forgive(look)? {
                let status = answer.into_inner();
                if shown != Some(status.ingested_objects) {
                    eprintln!("{}: {} objects", status.update_time, status.ingested_objects.unwrap_or_default());
                    shown = Some(status.ingested_objects);
                }
                if let Some(outcome) = outcome(status) {
                    return outcome;
                }
            }
            pace.pause().await;
        }
    }

    /// Cancels the import, unless it has ended in the meantime.
    async fn cancel(&self) -> Result<ExitCode, Failure> {
        eprintln!("canceling import {}", self.id);
        match self.lakefs.import().import_cancel(&self.repository, &self.branch, &self.id).await {
            Ok(_) => {
                eprintln!("canceled");
                Ok(Interrupt::exit_code())
            }
            Err(error) if error.status() == Some(StatusCode::CONFLICT) => {
                eprintln!("{error}");
                self.follow().await
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// How an import ended, if it has. One that failed has an error, whether it counts as completed or not.
fn outcome(status: ImportStatus) -> Option<Result<ExitCode, Failure>> {
    if let Some(error) = status.error {
        return Some(Err(Failure::new(format!("the import failed: {}", error.message))));
    }
    if !status.completed {
        return None;
    }
    match status.commit {
        Some(commit) => println!("imported as commit {}: {}", commit.id, commit.message),
        None => println!("imported"),
    }
    Some(Ok(ExitCode::SUCCESS))
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("there is no `=` in it")?;
    Ok((key.to_owned(), value.to_owned()))
}
