//! The speed of the codec, as a ratio to `serde_json` with derived types. More than 1 is faster.
//!
//! ```text
//! cargo run -p clientwright-runtime --release --example throughput
//! ```
//!
//! Each document is a list of about 2 MB. The result is the best of many rounds, taken in turns under the same
//! conditions.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use clientwright_runtime::{codegen, wire};

const ROUNDS: usize = 80;
const SIZE: usize = 2_000_000;

macro_rules! twice {
    ($($(#[$meta:meta])* struct $name:ident { $($key:literal => $field:ident: $type:ty $(, $optional:tt)?;)* })*) => {
        mod ours {
            use super::*;
            $($(#[$meta])* pub(super) struct $name { $(pub(super) $field: $type,)* }
            codegen::object!($name { $($key => $field $($optional)?,)* });)*
        }
        mod theirs {
            use super::*;
            $($(#[$meta])* #[derive(serde::Serialize, serde::Deserialize)]
            pub(super) struct $name { $(#[serde(rename = $key)] pub(super) $field: $type,)* })*
        }
    };
}

twice! {
    #[derive(Clone, PartialEq)]
    struct User {
        "id" => id: u64;
        "login" => login: String;
        "site_admin" => site_admin: bool;
    }
    #[derive(Clone, PartialEq)]
    struct Issue {
        "id" => id: u64;
        "node_id" => node_id: String;
        "title" => title: String;
        "body" => body: Option<String>;
        "state" => state: String;
        "comments" => comments: i64;
        "locked" => locked: bool;
        "score" => score: f64;
        "user" => user: User;
        "assignees" => assignees: Vec<User>;
        "labels" => labels: Vec<String>;
        "reactions" => reactions: BTreeMap<String, i32>;
        "created_at" => created_at: String;
    }
    #[derive(Clone, PartialEq)]
    struct Point {
        "x" => x: f64;
        "y" => y: f64;
        "time" => time: i64;
    }
}

fn issue(number: usize) -> String {
    let user = |id: usize| format!(r#"{{"id":{id},"login":"user-{id}","site_admin":false}}"#);
    format!(
        r#"{{"id":{number},"node_id":"MDU6SXNzdWU{number:012}","title":"Cannot open the {number}th file","body":"First line\nand \"second\" one, with a fair amount of ordinary text as people write it, ä included.","state":"open","comments":{},"locked":false,"score":{}.5,"user":{},"assignees":[{},{}],"labels":["bug","help wanted"],"reactions":{{"+1":3,"-1":0,"heart":12}},"created_at":"2024-05-01T12:00:00Z"}}"#,
        number % 50,
        number % 1000,
        user(number % 7000),
        user(number % 11),
        user(number % 13),
    )
}

/// The same with the properties in another order than in the type, and some unknown ones.
fn shuffled_issue(number: usize) -> String {
    let issue = issue(number);
    let Some((first, rest)) = issue.split_once(r#","state""#) else { return issue };
    let (first, rest) = (first.trim_start_matches('{'), rest.trim_end_matches('}'));
    format!(
        r#"{{"url":"https://example.com/{number}","state"{rest},"pull_request":{{"url":null,"files":[1,2,3]}},{first}}}"#
    )
}

/// No whole numbers: the two write them differently.
fn point(number: usize) -> String {
    let (time, number) = (1_700_000_000_000 + number, number as f64 + 0.5);
    format!(r#"{{"x":{},"y":{},"time":{time}}}"#, number.sqrt(), number.sin())
}

fn document(element: fn(usize) -> String) -> Vec<u8> {
    let mut text = String::from("[");
    let mut number = 0;
    while text.len() < SIZE {
        if number > 0 {
            text.push(',');
        }
        text.push_str(&element(number));
        number += 1;
    }
    text.push(']');
    text.into_bytes()
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let value = black_box(work());
    let time = start.elapsed();
    drop(value);
    time
}

fn compare<Ours, Theirs>(name: &str, element: fn(usize) -> String) -> Result<(), Box<dyn Error>>
where
    Ours: wire::Encode + wire::Decode,
    Theirs: serde::Serialize + serde::de::DeserializeOwned,
{
    let text = document(element);
    let our_values: Vec<Ours> = wire::from_slice(&text)?;
    let their_values: Vec<Theirs> = serde_json::from_slice(&text)?;
    if wire::to_vec(&our_values) != serde_json::to_vec(&their_values)? {
        return Err(format!("{name}: the two write different texts").into());
    }
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        let round = [
            time(|| wire::from_slice::<Vec<Ours>>(&text)),
            time(|| serde_json::from_slice::<Vec<Theirs>>(&text)),
            time(|| wire::to_vec(&our_values)),
            time(|| serde_json::to_vec(&their_values)),
        ];
        for (best, time) in best.iter_mut().zip(round) {
            *best = time.min(*best);
        }
    }
    let [decode, their_decode, encode, their_encode] = best.map(|time| time.as_secs_f64());
    let rate = |seconds: f64| text.len() as f64 / seconds / 1e6;
    println!(
        "| {name} | {:.0} | {:.2} | {:.0} | {:.2} |",
        rate(decode),
        their_decode / decode,
        rate(encode),
        their_encode / encode
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "| document | decode MB/s | ratio to serde_json | encode MB/s | ratio to serde_json |\n|---|---|---|---|---|"
    );
    compare::<ours::Issue, theirs::Issue>("issues", issue)?;
    compare::<ours::Issue, theirs::Issue>("issues, other order, unknown properties", shuffled_issue)?;
    compare::<ours::Point, theirs::Point>("points", point)?;
    Ok(())
}
