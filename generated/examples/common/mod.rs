//! The shared code of the examples: exit codes with error messages, and an upload.
//!
//! The code is independent of any API; copy what you need along with the example. Invariant: no secret is printed, nor a secret URL.

#![allow(dead_code, reason = "each example is a separate program and uses a part of this")]
#![allow(clippy::print_stderr, reason = "a message for the person at the terminal")]

use std::error::Error;
use std::process::ExitCode;

use data_platform_clients::runtime::Secret;

/// The result of a program, with any error of a client or its own.
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

/// Uploads bytes to a presigned URL, outside of any API and without credentials: the URL is the credential, so it must not
/// be printed.
pub(crate) async fn upload(url: &Secret<String>, content: Vec<u8>) -> Outcome {
    let sent =
        reqwest::Client::new().put(url.expose()).body(content).send().await.map_err(reqwest::Error::without_url)?;
    sent.error_for_status().map_err(reqwest::Error::without_url)?;
    Ok(())
}
