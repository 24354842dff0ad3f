//! What the examples share: how a failure is reported, and an upload.
//!
//! Nothing here belongs to one API; copy what you need along with the example. Invariant: no secret is printed, nor a URL that is one.

#![allow(dead_code, reason = "each example is a program of its own and uses a part of this")]
#![allow(clippy::print_stderr, reason = "telling the person at the terminal is what this is for")]

use std::error::Error;
use std::process::ExitCode;

use data_platform_clients::runtime::Secret;

/// What a program has come to: any error of a client, or one of its own.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// The exit code of a program. An error is printed with its causes; an error of a client never repeats its cause.
pub(crate) fn exit(outcome: Outcome) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    eprint!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprint!(": {error}");
        cause = error.source();
    }
    eprintln!();
    ExitCode::FAILURE
}

/// Puts bytes where a presigned URL leads. It is no call of an API and carries no credentials: the URL is the credential, so it must
/// not appear in what is printed.
pub(crate) async fn upload(url: &Secret<String>, content: Vec<u8>) -> Outcome {
    let sent =
        reqwest::Client::new().put(url.expose()).body(content).send().await.map_err(reqwest::Error::without_url)?;
    sent.error_for_status().map_err(reqwest::Error::without_url)?;
    Ok(())
}
