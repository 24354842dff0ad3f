//! Servers with every known fault, and the outcome for a client. Every fault is tried with a GET and with a POST.
//!
//! The outcomes are those of `docs/FAULTS.md`, which `UPDATE_FAULTS=1` updates. The last line of the run has their number.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "what a test does when it fails is to panic"
)]

mod faults;
#[path = "../http/support.rs"]
mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, Client, Credential, JsonValue, RetryPolicy};
use faults::{FAULTS, Fault};
use libtest_mimic::{Arguments, Failed, Trial};
use support::hostile;

const GET: Operation = Operation::get("getThing", "/thing").security(&[&["token"], &["digest"]]);
const POST: Operation = Operation::post("addThing", "/thing").security(&[&["token"], &["digest"]]);
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/FAULTS.md");
/// Longer than the limits of any call.
const END: Duration = Duration::from_secs(120);
/// The maximum memory for all faults together, in KiB.
const MEMORY: usize = 400 << 10;

/// How often a row that is not on the page is tried again, one such row at a time.
const RETRIES: usize = 3;
static ALONE: Mutex<()> = Mutex::new(());

/// What a call returns, and how many requests it sends.
type Outcome = (String, usize);
/// The outcomes, by group and fault, of GET and of POST.
type Outcomes = Mutex<BTreeMap<usize, [Outcome; 2]>>;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // The tests wait most of the time.
    arguments.test_threads.get_or_insert(FAULTS.len());
    let page = std::fs::read_to_string(PAGE).unwrap_or_default();
    let is_update = std::env::var_os("UPDATE_FAULTS").is_some();
    let outcomes: Arc<Outcomes> = Arc::default();
    let trials = FAULTS.iter().enumerate().map(|(number, fault)| {
        let (outcomes, page) = (Arc::clone(&outcomes), page.clone());
        Trial::test(fault.name.to_owned(), move || {
            let is_known = |found: &[Outcome; 2]| is_update || page.contains(&row(fault, found));
            let mut found = both(fault)?;
            for _ in 0..RETRIES {
                if !is_known(&found) {
                    // All faults at once keep the processors busy, and a time limit may expire before the outcome.
                    let _alone = ALONE.lock();
                    found = both(fault)?;
                }
            }
            let is_known = is_known(&found);
            let failed = format!("docs/FAULTS.md does not have this row:\n{}", row(fault, &found));
            outcomes.lock().unwrap().insert(number, found);
            if is_known { Ok(()) } else { Err(Failed::from(failed)) }
        })
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    let outcomes = outcomes.lock().unwrap();
    if is_update && outcomes.len() == FAULTS.len() {
        std::fs::write(PAGE, written(&page, &outcomes)).unwrap();
    }
    if peak().is_some_and(|peak| peak > MEMORY) {
        eprintln!("all faults together use {:?} KiB, more than {MEMORY}", peak());
        return ExitCode::FAILURE;
    }
    println!("{} faults, each with a GET and a POST", FAULTS.len());
    conclusion.exit_code()
}

/// The peak memory of this program in KiB, if the system reports it.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The outcomes of a GET and of a POST at once.
fn both(fault: &'static Fault) -> Result<[Outcome; 2], Failed> {
    let post = thread::spawn(move || outcome(fault, &POST));
    Ok([outcome(fault, &GET)?, post.join().map_err(|_| "POST panicked")??])
}

/// The result of a call, and the number of requests that the server received.
fn outcome(fault: &'static Fault, operation: &'static Operation) -> Result<Outcome, Failed> {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let url = hostile(move |_, head, stream| (fault.server)(counted.fetch_add(1, Ordering::SeqCst), head, stream));
    let client = client(&url, fault.has_digest);
    let call: Call<JsonValue, JsonValue> = Call::new(client.request(operation), decode::json, decode::json);
    // One thread may be kept busy by a server that sends as fast as it can.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let result = runtime.block_on(async { tokio::time::timeout(END, call.send()).await })?;
    runtime.shutdown_background();
    let found = match result {
        Ok(response) => format!("`{}`", response.body()),
        Err(error) => {
            let text = error.to_string();
            let text = text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason);
            // A path of 127 levels is shortened.
            text.replace(&url, "…").replace('|', "\\|").replace(&"[0]".repeat(127), "[0]…[0]")
        }
    };
    Ok((found, requests.load(Ordering::SeqCst)))
}

fn client(url: &str, has_digest: bool) -> Client {
    let credential = if has_digest {
        Credential::digest("digest", "user".to_owned(), "password".to_owned())
    } else {
        Credential::bearer("token", "s3cr3t-token".to_owned())
    };
    Client::builder(url)
        .auth(credential)
        .retries(RetryPolicy::new().with_backoff(Duration::from_millis(1), Duration::from_millis(2)))
        .idle_timeout(Duration::from_secs(1))
        .timeout(Duration::from_secs(8))
        .body_limit(Some(1 << 20))
        .build()
        .unwrap()
}

/// A row of the page. The number of attempts, which a message ends with, is shown in the column of the requests.
fn row(fault: &Fault, found: &[Outcome; 2]) -> String {
    let [(get, get_requests), (post, post_requests)] = found.each_ref().map(|(text, requests)| {
        let suffix = format!(" (after {requests} attempts)");
        let message = text.strip_suffix(&suffix);
        (message.unwrap_or(text), format!("{requests}{}", if message.is_some() { " attempts" } else { "" }))
    });
    let text = if get == post { get.to_owned() } else { format!("{get}; POST: {post}") };
    format!("| {} | {text} | {get_requests} | {post_requests} |\n", fault.name)
}

/// The page with updated tables; the text before them is kept.
fn written(page: &str, outcomes: &BTreeMap<usize, [Outcome; 2]>) -> String {
    let mut text = page.split("\n## ").next().unwrap_or_default().to_owned();
    let mut group = "";
    for (fault, found) in FAULTS.iter().zip(outcomes.values()) {
        if fault.group != group {
            group = fault.group;
            let _ = write!(text, "\n## {group}\n\n| the server | outcome | GET | POST |\n|---|---|---|---|\n");
        }
        text.push_str(&row(fault, found));
    }
    text
}
