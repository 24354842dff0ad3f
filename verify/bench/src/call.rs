//! The cost of a call, compared with the same call written by hand with `reqwest` and `serde_json`.
//!
//! A call encodes a small object, sends it to a server on the same thread, and decodes a small response. With a separate thread,
//! the system would sometimes wake the server on another core, which takes longer than the call.

use std::error::Error;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clientwright_runtime::codegen::{self, Operation, decode};
use clientwright_runtime::{Call, Client, Credential, RetryPolicy};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// The kinds of calls: written by hand, by the runtime alone, and by the runtime with limits and an observer.
pub(crate) const KINDS: [&str; 3] = ["by-hand", "alone", "limited"];

/// The runtime's `User-Agent`.
const USER_AGENT: &str = concat!("clientwright-runtime/", env!("CARGO_PKG_VERSION"));
const ANSWER: &str = r#"{"id":"7d0e","state":"running","progress":0.25,"tags":["a","b"]}"#;

/// The request, encoded by the codec.
#[derive(Clone)]
struct Order {
    name: String,
    size: i64,
    note: Option<String>,
}
codegen::sent_object!(Order { "name" => name, "size" => size, "note" => note? });

/// The request, serialized by serde.
#[derive(serde::Serialize)]
struct PlainOrder {
    name: String,
    size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// The response, decoded by the codec.
#[derive(Clone)]
struct Job {
    id: String,
    state: String,
    progress: f64,
    tags: Vec<String>,
}
codegen::object!(Job { "id" => id, "state" => state, "progress" => progress, "tags" => tags });

/// The response, deserialized by serde.
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

/// Starts a server that answers every request with the same response, and returns its URL.
fn serve(runtime: &Runtime) -> std::io::Result<String> {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let url = format!("http://{}", listener.local_addr()?);
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    Ok(url)
}

async fn answer(stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
    let answer = format!("{head}: {}\r\n\r\n{ANSWER}", ANSWER.len());
    loop {
        let mut length = 0;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 2 {
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or(0);
            }
            line.clear();
        }
        if line.is_empty() {
            return Ok(());
        }
        stream.read_exact(&mut vec![0; length]).await?;
        stream.write_all(answer.as_bytes()).await?;
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

/// A server and its clients.
pub(crate) struct Calls {
    url: String,
    by_hand: reqwest::Client,
    alone: Client,
    limited: Client,
    runtime: Runtime,
}

impl Calls {
    /// Starts the server.
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let url = serve(&runtime)?;
        let builder = || Client::builder(&url).auth(Credential::bearer("token", "secret".to_owned()));
        let minute = Duration::from_secs(60);
        let told = AtomicUsize::new(0);
        let limited = builder().timeout(minute).attempt_timeout(minute).idle_timeout(minute);
        let limited = limited.observe(move |_| {
            told.fetch_add(1, Ordering::Relaxed);
        });
        Ok(Self {
            by_hand: reqwest::Client::builder().user_agent(USER_AGENT).build()?,
            alone: builder().retries(RetryPolicy::never()).idle_timeout(Duration::MAX).build()?,
            limited: limited.build()?,
            runtime,
            url,
        })
    }

    /// Makes calls of one of the [`KINDS`], one after the other.
    pub(crate) fn run(&self, kind: &str, count: usize) -> Result<(), Box<dyn Error>> {
        self.runtime.block_on(async {
            for number in 0..i64::try_from(count)? {
                black_box(match kind {
                    "by-hand" => by_hand(&self.by_hand, &self.url, number).await?,
                    "alone" => by_runtime(&self.alone, number).await?,
                    "limited" => by_runtime(&self.limited, number).await?,
                    _ => return Err(format!("{kind} is not one of {}", KINDS.join(", ")).into()),
                });
            }
            Ok(())
        })
    }
}
