//! Many calls: concurrent and sequential. The server is another process, so that each has its own open files.

#![cfg(test)]
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Call, Client};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const GET: Operation = Operation::get("getThing", "/thing");
/// Marks this program as the server.
const SERVER: &str = "CLIENTWRIGHT_LOAD_SERVER";

/// A server, as long as it is used.
struct Server {
    process: Child,
    /// The further output of the server, which would fail without a reader.
    _output: BufReader<ChildStdout>,
    url: String,
}

impl Server {
    fn start() -> Self {
        let program = std::env::current_exe().unwrap();
        let mut command = Command::new(program);
        command.args(["serve", "--exact", "--nocapture"]).env(SERVER, "1").stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let lines = output.by_ref().lines().map_while(Result::ok);
        let url = lines.filter_map(|line| Some(line.split_once("at http:")?.1.to_owned())).next();
        Self { process, _output: output, url: format!("http:{}", url.unwrap()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The server, if requested; otherwise this test does nothing.
#[tokio::test]
async fn serve() {
    if std::env::var_os(SERVER).is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("at http://{}", listener.local_addr().unwrap());
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream));
        }
    }
}

/// Responds to requests without a body, each after a moment, in which others arrive.
async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut head = Vec::new();
    loop {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
        if head.ends_with(b"\r\n\r\n") {
            if head.windows(9).any(|bytes| bytes == b"x-slow: 1") {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            head.clear();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n42").await?;
        }
    }
}

fn call(client: &Client) -> Call<i64> {
    Call::new(client.request(&GET), decode::json, decode::empty)
}

/// The memory of this program, in KiB.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The maximum number of open files of this program.
fn open_files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap_or(usize::MAX)
}

async fn at_once(client: &Client, count: usize) -> usize {
    let client = Arc::new(client.clone());
    let calls: Vec<_> = (0..count)
        .map(|_| {
            let client = Arc::clone(&client);
            tokio::spawn(async move { call(&client).with_header("x-slow", "1").await })
        })
        .collect();
    let mut answered = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(response) => answered += usize::from(*response.body() == 42),
            Err(error) => assert!(error.is_transient() && open_files() < 2 * count, "{error:?}"),
        }
    }
    answered
}

/// One test after the other, so that each has the memory for itself.
#[tokio::test]
#[ignore = "second tier: cargo test --workspace --tests -- --include-ignored"]
async fn many_calls() {
    if std::env::var_os(SERVER).is_some() {
        return;
    }
    let server = Server::start();
    let client = Client::builder(&server.url).connect_timeout(Duration::from_secs(60)).build().unwrap();
    for count in [5_000, 10_000] {
        let answered = at_once(&client, count).await;
        println!("{answered} of {count} calls at once were answered");
        // If fewer files may be open, as many calls succeed as there can be connections.
        assert!(answered == count || open_files() < 2 * count, "{answered} of {count}");
        assert!(answered > 0);
    }
    let client = Client::builder(&server.url).build().unwrap();
    let row = async |count: usize| {
        for _ in 0..count {
            assert_eq!(call(&client).await.unwrap().into_inner(), 42);
        }
        memory()
    };
    let before = row(5_000).await;
    let after = row(50_000).await;
    println!("50,000 calls in a row: {before} KiB before, {after} KiB after");
    assert!(after < before + 4096, "{before} KiB before, {after} KiB after");
}
