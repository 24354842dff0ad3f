//! Calls from a WebAssembly program, with a generated client and the runtime.
//!
//! In: the name of a case, and the base URL of a server for it. Out: nothing, or a failure. The server's side judges what was sent
//! (`verify/wasm/prove.cjs`).

mod calls;
mod redirects;
mod streams;
mod time;

use std::error::Error;

use data_platform_clients::lakefs_import::{Auth, Client, ClientBuilder};
use wasm_bindgen::prelude::wasm_bindgen;

/// The result of a case: an error is a failure.
type Outcome = Result<(), Box<dyn Error>>;

/// Runs a case. Returns `None` on success.
#[wasm_bindgen]
pub async fn run(case: String, url: String) -> Option<String> {
    let outcome = match case.as_str() {
        "get" => calls::get(&url).await,
        "post" => calls::post(&url).await,
        "failure" => calls::failure(&url).await,
        "headers" => calls::headers(&url).await,
        "digest" => calls::digest(&url).await,
        "provider" => calls::provider(&url).await,
        "compressed" => calls::compressed(&url).await,
        "no-connection" => calls::no_connection().await,
        "mock" => calls::mock().await,
        "upload" => streams::upload(&url).await,
        "events" => streams::events(&url).await,
        "dropped" => streams::dropped(&url).await,
        "retry" => time::retry(&url).await,
        "time-limit" => time::time_limit(&url).await,
        "endless" => time::endless(&url).await,
        "silence" => time::silence(&url).await,
        "long-limits" => time::long_limits(&url).await,
        "wait" => time::wait(&url).await,
        "redirect" => redirects::here(&url).await,
        "redirect-away" => redirects::away(&url).await,
        "browser-redirect" => redirects::in_browser(&url).await,
        "browser-secret" => redirects::with_secret_in_browser(&url).await,
        "browser-cookie" => redirects::cookie_in_browser(&url).await,
        "cookie" => redirects::cookie(&url).await,
        _ => Err("there is no such case".into()),
    };
    outcome.err().map(|error| error.to_string())
}

/// Returns a builder of a client for the server, with a user's name and password.
fn builder(url: &str) -> ClientBuilder {
    Client::builder(url).auth(Auth::basic_auth("key", "secret"))
}

/// Checks a condition, and reports it if it does not hold.
macro_rules! check {
    ($condition:expr) => {
        if !$condition {
            return Err(concat!("not so: ", stringify!($condition)).into());
        }
    };
    ($condition:expr, $shown:expr) => {
        if !$condition {
            return Err(format!("not so: {}: {:?}", stringify!($condition), $shown).into());
        }
    };
}
use check;
