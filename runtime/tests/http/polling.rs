//! Polling.

use std::time::{Duration, Instant};

use crate::support::{Recorder, hostile};
use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, JsonObject, Wait, WaitError};

/// The state of a job.
#[derive(Clone, PartialEq)]
struct Job {
    state: Option<String>,
    done: Option<bool>,
    error: Option<String>,
    data: Option<JsonObject>,
}
codegen::object!(Job { "state" => state?, "done" => done?, "error" => error?, "data" => data? });

const GET: Operation = Operation::get("getJob", "/job").accept("application/json");

macro_rules! jobs {
    ($($name:ident { $($polling:tt)* })*) => {$(
        struct $name {
            call: Call<Job>,
        }
        codegen::wait!($name => Job, () { $($polling)* });
        impl $name {
            fn at(url: &str) -> Wait<'static, Job> {
                let call = Call::new(crate::support::client(url, &[]).request(&GET), decode::json, decode::empty);
                Self { call }.wait().every(Duration::ZERO)
            }
        }
    )*};
}

jobs! {
    ByState { state(|job| Some(job.state.as_ref()?)), success(&["COMPLETED"]), failure(&["FAILED", "CANCELED"]) }
    ByFlag { state(|job| Some(job.done.as_ref()?)), success(&["true"]), error(|job| Some(job.error.as_ref()?)) }
    ByData { state(|job| Some(job.data.as_ref()?.get("status")?)), success(&["done", "7"]) }
}

fn server(answers: &[&str]) -> Recorder {
    let answers: Vec<String> = answers.iter().map(|answer| format!("200 OK\n\n{answer}")).collect();
    Recorder::answering(&answers.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_wait_ends_with_success_whatever_comes_before() {
    let server = server(&["{}", r#"{"state": "IMPORTING"}"#, r#"{"state": "A_NEW_ONE"}"#, r#"{"state": "Completed"}"#]);
    let mut seen = Vec::new();
    let done =
        ByState::at(&server.url).on_progress(|job| seen.push(job.state.clone().unwrap_or_default())).await.unwrap();
    assert_eq!(done.state.as_deref(), Some("Completed"));
    assert_eq!(seen, ["", "IMPORTING", "A_NEW_ONE"]);
    assert_eq!(server.sent().len(), 4);
}

#[tokio::test]
async fn a_failed_job_is_an_error_with_its_last_answer() {
    let server = server(&[r#"{"state": "IMPORTING"}"#, r#"{"state": "CANCELED", "error": "asked to"}"#]);
    let error = ByState::at(&server.url).await.unwrap_err();
    assert_eq!(error.to_string(), "getJob: the job failed: asked to; its state is `CANCELED`");
    assert_eq!(error.last().unwrap().error.as_deref(), Some("asked to"));
    assert!(matches!(error, WaitError::Failed { .. }));
}

#[tokio::test]
async fn a_flag_may_be_the_state_and_an_error_a_failure() {
    let good = server(&[r#"{"done": false}"#, r#"{"done": true}"#]);
    assert!(ByFlag::at(&good.url).await.is_ok());
    for bad in [r#"{"done": true, "error": "e"}"#, r#"{"done": false, "error": "e"}"#] {
        let error = ByFlag::at(&server(&[bad]).url).await.unwrap_err();
        assert!(matches!(error, WaitError::Failed { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_state_may_be_in_any_json() {
    for done in [r#"{"data": {"status": "done"}}"#, r#"{"data": {"status": 7}}"#] {
        let server = server(&[r#"{"data": {"status": null}}"#, r#"{"data": {"status": {"done": 1}}}"#, done]);
        assert!(ByData::at(&server.url).await.is_ok());
        assert_eq!(server.sent().len(), 3);
    }
}

#[tokio::test]
async fn a_wait_has_a_deadline() {
    let server = server(&[r#"{"state": "IMPORTING"}"#]);
    let wait = ByState::at(&server.url).every(Duration::from_secs(60)).deadline(Duration::from_millis(100));
    let error = wait.await.unwrap_err();
    assert_eq!(error.to_string(), "getJob: the job had not ended after 100ms; its state is `IMPORTING`");
    assert_eq!(error.last().unwrap().state.as_deref(), Some("IMPORTING"));
    assert_eq!(server.sent().len(), 2, "at once, and a last time at the deadline");
}

#[tokio::test]
async fn pauses_grow_up_to_the_longest() {
    let mut states = [r#"{"state": "IMPORTING"}"#; 9];
    states[8] = r#"{"state": "COMPLETED"}"#;
    let server = server(&states);
    let start = Instant::now();
    assert!(ByState::at(&server.url).pauses(Duration::from_millis(50), Duration::from_millis(100)).await.is_ok());
    // Without the longest, the pauses would last 50 ms · (2⁸ - 1).
    let (least, elapsed) = (Duration::from_millis(50 + 7 * 100), start.elapsed());
    assert!(elapsed >= least && elapsed < Duration::from_secs(10), "{elapsed:?}");
}

#[tokio::test]
async fn a_job_that_ends_just_before_the_deadline_is_seen() {
    let server = server(&[r#"{"state": "IMPORTING"}"#, r#"{"state": "COMPLETED"}"#]);
    let wait = ByState::at(&server.url).every(Duration::from_secs(60)).deadline(Duration::from_millis(50));
    assert!(wait.await.is_ok());
}

#[tokio::test]
async fn the_server_says_when_to_ask_again() {
    let later = "200 OK\nRetry-After: 1\n\n{\"state\": \"IMPORTING\"}";
    let server = Recorder::answering(&[later, "200 OK\n\n{\"state\": \"COMPLETED\"}"]);
    let start = Instant::now();
    assert!(ByState::at(&server.url).await.is_ok());
    assert!(start.elapsed() >= Duration::from_secs(1));
    // The deadline applies regardless of the pause.
    let server = Recorder::answering(&["200 OK\nRetry-After: 100000\n\n{\"state\": \"IMPORTING\"}"]);
    assert!(matches!(
        ByState::at(&server.url).deadline(Duration::from_millis(20)).await,
        Err(WaitError::Deadline { .. })
    ));
}

#[tokio::test]
async fn a_failed_call_ends_the_wait() {
    let server = Recorder::answering(&["200 OK\n\n{\"state\": \"IMPORTING\"}", "403 Forbidden\n\n"]);
    match ByState::at(&server.url).await {
        Err(WaitError::Call(error)) => assert_eq!(error.status().unwrap(), 403),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_failure_that_may_pass_does_not_end_the_wait_at_once() {
    let done = "200 OK\n\n{\"state\": \"COMPLETED\"}";
    let server = Recorder::answering(&["503 x", "503 x", "503 x", done]);
    assert!(ByState::at(&server.url).await.is_ok());
    let server = Recorder::answering(&["503 x"]);
    assert!(matches!(ByState::at(&server.url).await, Err(WaitError::Call(_))));
    assert_eq!(server.sent().len(), 6, "the first look and five more");
}

#[tokio::test]
async fn a_server_cannot_shorten_the_pauses_of_the_caller() {
    let asking = |when: &str| format!("200 OK\nRetry-After: {when}\n\n{{\"state\": \"IMPORTING\"}}");
    let past = asking("Wed, 21 Oct 2015 07:28:00 GMT");
    let server = Recorder::answering(&[&asking("0"), &past, "200 OK\n\n{\"state\": \"COMPLETED\"}"]);
    let begin = Instant::now();
    assert!(ByState::at(&server.url).every(Duration::from_millis(200)).await.is_ok());
    assert!(begin.elapsed() >= Duration::from_millis(400), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_server_that_says_nothing_does_not_stop_the_clock() {
    let url = hostile(|_, _, _| std::thread::sleep(Duration::from_secs(600)));
    let start = Instant::now();
    let error = ByState::at(&url).deadline(Duration::ZERO).await.unwrap_err();
    assert!(matches!(error, WaitError::Deadline { last: None, .. }), "{error:?}");
    assert!(start.elapsed() < Duration::from_secs(9), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_wait_can_be_given_to_another_task() {
    let server = server(&[r#"{"state": "COMPLETED"}"#]);
    let wait = ByState::at(&server.url);
    assert!(tokio::spawn(async move { wait.await }).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_failed_job_says_why_if_its_answer_does() {
    for (answer, expected) in [
        (r#"{"state": "CANCELED"}"#, ""),
        (r#"{"state": "CANCELED", "status": "failed"}"#, ""),
        (r#"{"state": "CANCELED", "message": "s3cr3t"}"#, ": s3cr3t"),
        (r#"{"state": "CANCELED", "error": {"code": 7, "description": "disk full"}}"#, ": disk full"),
    ] {
        let error = ByState::at(&server(&[answer]).url).await.unwrap_err();
        assert_eq!(error.to_string(), format!("getJob: the job failed{expected}; its state is `CANCELED`"), "{answer}");
    }
}
