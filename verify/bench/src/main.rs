//! The speed of the codec and of calls.
//!
//! ```text
//! cargo run --release --package clientwright-bench
//! cargo run --release --package clientwright-bench -- decode issues 10
//! cargo run --release --package clientwright-bench -- call alone 100
//! ```
//!
//! Without arguments, prints ratios of times: the best of many rounds, taken in turns. With arguments, repeats one kind
//! of work, for a tool that counts instructions or allocations.
#![allow(clippy::print_stdout, reason = "it is a command")]

mod call;
mod codec;
mod documents;
mod models;

use std::env;
use std::error::Error;
use std::time::Instant;

use call::{Calls, KINDS};
use codec::{DOCUMENTS, document};

/// The number of rounds.
const ROUNDS: usize = 200;
/// The number of calls in a round.
const CALLS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => times(),
        ["call", kind, count] => Calls::new()?.run(kind, count.parse()?),
        [work, name, count] => {
            let document = document(name)?;
            (0..count.parse::<usize>()?).try_for_each(|_| document.work(work))
        }
        _ => Err("usage: clientwright-bench [call KIND COUNT | WORK DOCUMENT COUNT]".into()),
    }
}

fn times() -> Result<(), Box<dyn Error>> {
    println!("| document | decode MB/s | to serde_json | encode MB/s | to serde_json |\n|---|---:|---:|---:|---:|");
    for name in DOCUMENTS {
        let document = document(name)?;
        let [decode, their_decode] = best(["decode", "serde_json-decode"], |work| document.work(work))?;
        let [encode, their_encode] = best(["encode", "serde_json-encode"], |work| document.work(work))?;
        let rate = |seconds: f64| document.size() as f64 / seconds / 1e6;
        let (faster, faster_encode) = (their_decode / decode, their_encode / encode);
        println!("| {name} | {:.0} | {faster:.2} | {:.0} | {faster_encode:.2} |", rate(decode), rate(encode));
    }
    let calls = Calls::new()?;
    let [by_hand, alone, limited] = best(KINDS, |kind| calls.run(kind, CALLS))?;
    println!("\na call as a ratio to a call by hand: {:.3}", alone / by_hand);
    println!("the same with retries, limits and an observer: {:.3}", limited / by_hand);
    Ok(())
}

/// Returns the best time of each kind of work, in seconds. They take turns, because each one affects the memory of the
/// next.
fn best<const N: usize>(
    kinds: [&str; N],
    mut work: impl FnMut(&str) -> Result<(), Box<dyn Error>>,
) -> Result<[f64; N], Box<dyn Error>> {
    let mut best = [f64::MAX; N];
    for _ in 0..ROUNDS {
        for (best, kind) in best.iter_mut().zip(kinds) {
            let start = Instant::now();
            work(kind)?;
            *best = start.elapsed().as_secs_f64().min(*best);
        }
    }
    Ok(best)
}
