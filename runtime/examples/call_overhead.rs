//! The cost of a call, compared with the same call written by hand with `reqwest` and `serde_json`, as a ratio of
//! times. Less than 1 is faster.
//!
//! ```text
//! cargo run -p clientwright-runtime --release --example call_overhead
//! ```
//!
//! A call builds a request, encodes a small object, sends both to a server in the same program, and decodes a small
//! object. The calls take turns in a changing order, since the first position matters; the result is the median.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, Client, Credential, RetryPolicy};

const ROUNDS: usize = 1_800;
/// Calls of each kind in a round.
const CALLS: usize = 20;
/// The round of the runtime.
const USER_AGENT: &str = concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"));
const ANSWER: &str = r#"{"id":"7d0e","state":"running","progress":0.25,"tags":["a","b"]}"#;

/// The request, written by the codec.
#[derive(Clone)]
struct Order {
    name: String,
    size: i64,
    note: Option<String>,
}
codegen::sent_object!(Order { "name" => name, "size" => size, "note" => note? });

/// The same, written by serde.
#[derive(serde::Serialize)]
struct PlainOrder {
    name: String,
    size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// The response, read by the codec.
#[derive(Clone)]
struct Job {
    id: String,
    state: String,
    progress: f64,
    tags: Vec<String>,
}
codegen::object!(Job { "id" => id, "state" => state, "progress" => progress, "tags" => tags });

/// The same, read by serde.
#[derive(serde::Deserialize)]
struct PlainJob {
    id: String,
    #[allow(dead_code, reason = "it is decoded")]
    state: String,
    #[allow(dead_code, reason = "it is decoded")]
    progress: f64,
    #[allow(dead_code, reason = "it is decoded")]
    tags: Vec<String>,
}

const CREATE: Operation =
    Operation::put("createJob", "/projects/{project}/jobs").accept("application/json").security(&[&["token"]]);

/// A server that reads requests and writes the same answer.
fn serve() -> std::io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    Ok(url)
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
    let answer = format!("{head}: {}\r\n\r\n{ANSWER}", ANSWER.len());
    loop {
        let mut length = 0;
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
        reader.read_exact(&mut vec![0; length])?;
        stream.write_all(answer.as_bytes())?;
    }
}

async fn by_runtime(client: &Client, query: i64) -> Result<usize, Box<dyn Error>> {
    let order = Order { name: "import of a table".to_owned(), size: 12_345, note: None };
    let request = client.request(&CREATE).path("project", "p-1").query("limit", &query).json(&order);
    let call: Call<Job> = Call::new(request, decode::json, decode::empty);
    Ok(call.await?.into_inner().id.len())
}

async fn by_hand(client: &reqwest::Client, base: &str, query: i64) -> Result<usize, Box<dyn Error>> {
    let order = PlainOrder { name: "import of a table".to_owned(), size: 12_345, note: None };
    let request = client.put(format!("{base}/projects/p-1/jobs?limit={query}")).bearer_auth("secret");
    let request = request.header("accept", "application/json").header("content-type", "application/json");
    let response = request.body(serde_json::to_vec(&order)?).send().await?.error_for_status()?;
    Ok(serde_json::from_slice::<PlainJob>(&response.bytes().await?)?.id.len())
}

/// The time of a round of calls, and the CPU time of the client.
async fn time(mut call: impl AsyncFnMut(i64) -> Result<usize, Box<dyn Error>>) -> Result<[f64; 2], Box<dyn Error>> {
    let (start, worked) = (Instant::now(), processor()?);
    for number in 0..CALLS {
        call(i64::try_from(number)?).await?;
    }
    Ok([start.elapsed().as_secs_f64(), processor()? - worked])
}

/// The CPU time of this thread, in seconds (`/proc/thread-self/schedstat` of Linux).
fn processor() -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(text.split(' ').next().unwrap_or_default().parse::<f64>()? / 1e9)
}

fn median(mut costs: Vec<f64>) -> f64 {
    costs.sort_by(f64::total_cmp);
    costs.get(costs.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let url = serve()?;
    let builder = || Client::builder(&url).auth(Credential::bearer("token", "secret".to_owned()));
    let plain = builder().retries(RetryPolicy::never()).idle_timeout(Duration::MAX).build()?;
    let minute = Duration::from_secs(60);
    let told = AtomicUsize::new(0);
    let limited = builder().timeout(minute).attempt_timeout(minute).idle_timeout(minute);
    let limited = limited
        .observe(move |_| {
            told.fetch_add(1, Ordering::Relaxed);
        })
        .build()?;
    // Compression is enabled only by tests of this crate; without it, both send the same bytes.
    let client = reqwest::Client::builder().user_agent(USER_AGENT).no_gzip().no_deflate().build()?;
    // By kind of call, then by measurement.
    let mut costs: [[Vec<f64>; 2]; 3] = Default::default();
    for round in 0..=ROUNDS {
        for turn in 0..3 {
            let kind = (round + turn) % 3;
            let cost = match kind {
                0 => time(async |number| by_hand(&client, &url, number).await).await?,
                1 => time(async |number| by_runtime(&plain, number).await).await?,
                _ => time(async |number| by_runtime(&limited, number).await).await?,
            };
            // The first round connects.
            if let Some(costs) = costs.get_mut(kind).filter(|_| round > 0) {
                costs.iter_mut().zip(cost).for_each(|(costs, cost)| costs.push(cost));
            }
        }
    }
    let [hand, ours, all] = costs.map(|costs| costs.map(median));
    println!("as a ratio to a call by hand                time   work of the processor");
    for (name, cost) in [("alone", ours), ("with retries, limits and an observer", all)] {
        let [time, work] = [cost[0] / hand[0], cost[1] / hand[1]];
        println!("a call, {name:36} {time:.3}  {work:.3}");
    }
    Ok(())
}
