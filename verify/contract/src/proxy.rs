//! The recording proxy, which copies bytes between a client and the server.
//!
//! In: connections on a free port of the loopback interface. Out: a list of exchanges. Invariant: bytes are recorded before they are passed
//! on, so a response that has been received is recorded.

use std::io;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::exchange::Exchange;

/// The recording of one connection. It is one exchange, because the client keeps no connection.
type Recording = Arc<Mutex<Exchange>>;

/// The recordings, in the order of their start.
type Log = Arc<Mutex<Vec<Recording>>>;

/// A proxy that runs as long as the async runtime on which it was started.
pub(crate) struct Proxy {
    address: String,
    log: Log,
}

impl Proxy {
    /// Starts a proxy in front of `upstream`, a host with a port.
    pub(crate) async fn start(upstream: String) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let log = Log::default();
        tokio::spawn(accept(listener, upstream, Arc::clone(&log)));
        Ok(Self { address, log })
    }

    /// Returns the base URL for the client.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Returns the exchanges since the last call of this function, in the order of their start.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        let recordings = mem::take(&mut *lock(&self.log));
        recordings.iter().map(|recording| lock(recording).clone()).collect()
    }
}

/// Locks a mutex, ignoring poisoning: no panic can leave the contents inconsistent.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, upstream: String, log: Log) {
    while let Ok((client, _)) = listener.accept().await {
        let recording = Recording::default();
        lock(&log).push(Arc::clone(&recording));
        tokio::spawn(connection(client, upstream.clone(), recording));
    }
}

/// Serves one connection. If the server is unreachable, the client's connection is closed, as it would be without a proxy.
async fn connection(client: TcpStream, upstream: String, recording: Recording) {
    let Ok(server) = TcpStream::connect(&upstream).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    // When one side closes, the exchange is complete: all of its bytes have been passed on.
    tokio::select! {
        () = copy(from_client, to_server, &recording, |exchange| &mut exchange.request) => {}
        () = copy(from_server, to_client, &recording, |exchange| &mut exchange.answer) => {}
    }
}

async fn copy(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    recording: &Recording,
    side: fn(&mut Exchange) -> &mut Vec<u8>,
) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let Some(bytes) = buffer.get(..length) else { return };
        side(&mut lock(recording)).extend_from_slice(bytes);
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use clientwright_runtime::reqwest;
    use wiremock::matchers::{body_string, method};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use crate::Contract;

    #[tokio::test]
    async fn what_goes_over_the_wire_is_recorded_and_not_changed() {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(201).set_body_string("made");
        Mock::given(method("POST")).and(body_string("ü&%")).respond_with(answer).mount(&server).await;
        let proxy = Proxy::start(server.address().to_string()).await.unwrap();
        let client = Contract::transport(reqwest::Client::builder()).build().unwrap();
        let url = format!("{}/a%2Fb?c=%20", proxy.address());
        for _ in 0..2 {
            let answer = client.post(&url).body("ü&%").send().await.unwrap();
            assert_eq!(answer.text().await.unwrap(), "made");
            let [exchange] = &proxy.take()[..] else { panic!("one connection is one exchange") };
            let request = String::from_utf8(exchange.request.clone()).unwrap();
            assert!(
                request.starts_with("POST /a%2Fb?c=%20 HTTP/1.1\r\n") && request.ends_with("\r\n\r\nü&%"),
                "{request}"
            );
            assert_eq!(exchange.status(), Some(201));
        }
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_a_failed_connection() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let proxy = Proxy::start(free.to_string()).await.unwrap();
        let answer: Result<_, reqwest::Error> =
            Contract::transport(reqwest::Client::builder()).build().unwrap().get(proxy.address()).send().await;
        assert!(answer.is_err());
        assert!(proxy.take().iter().all(|exchange| exchange.answer.is_empty()));
    }
}
