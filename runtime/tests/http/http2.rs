//! HTTP/2: it is optional, and servers that violate it lose nothing and gain nothing.

/// In these tests `reqwest` always has HTTP/2, as if another crate of the program had enabled it.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn it_is_offered_only_with_the_feature() {
    use std::io::Read as _;

    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let hello = std::thread::spawn(move || {
        let mut bytes = vec![0; 4096];
        let length = listener.accept().unwrap().0.read(&mut bytes).unwrap();
        bytes.truncate(length);
        bytes
    });
    let client = clientwright_runtime::Client::builder(&url).build().unwrap();
    client.request_raw(http::Method::GET, "/").send().await.unwrap_err();
    // The protocols of ALPN (RFC 7301), each after its length.
    let offers = hello.join().unwrap().windows(3).any(|bytes| bytes == b"\x02h2");
    assert_eq!(offers, cfg!(feature = "http2"));
}

#[cfg(all(feature = "http2", feature = "reqwest-013"))]
mod servers {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use clientwright_runtime::codegen::Operation;
    use clientwright_runtime::{Client, RetryPolicy};
    use http::StatusCode;

    use crate::support::hostile;

    const GET: Operation = Operation::get("getThing", "/things/1");
    const POST: Operation = Operation::post("addThing", "/things");

    // Kinds of frames (RFC 9113 §6).
    const DATA: u8 = 0;
    const HEADERS: u8 = 1;
    const RST_STREAM: u8 = 3;
    const SETTINGS: u8 = 4;
    const GOAWAY: u8 = 7;
    const CONTINUATION: u8 = 9;
    // Flags of frames.
    const END_STREAM: u8 = 1;
    const END_HEADERS: u8 = 4;
    /// `:status: 200` (RFC 7541 appendix A).
    const OK: &[u8] = &[0x88];
    // Codes of errors (RFC 9113 §7).
    const INTERNAL_ERROR: [u8; 4] = [0, 0, 0, 2];
    const REFUSED_STREAM: [u8; 4] = [0, 0, 0, 7];
    /// The last stream that the server has processed, none, and no error.
    const SHUTDOWN: [u8; 8] = [0; 8];

    /// A connection on the server side.
    struct Connection<'s>(&'s mut TcpStream);

    impl Connection<'_> {
        fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
            let _ = self.try_frame(kind, flags, stream, payload);
        }

        fn try_frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> std::io::Result<()> {
            let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
            let mut frame = length.get(1..).unwrap().to_vec();
            frame.extend([kind, flags]);
            frame.extend(stream.to_be_bytes());
            frame.extend(payload);
            self.0.write_all(&frame)
        }

        /// The stream of the next complete request. `None` at the end of the connection.
        fn request(&mut self) -> Option<u32> {
            loop {
                let mut head = [0; 9];
                self.0.read_exact(&mut head).ok()?;
                let [a, b, c, kind, flags, stream @ ..] = head;
                let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
                self.0.read_exact(&mut payload).ok()?;
                if matches!(kind, HEADERS | DATA) && flags & END_STREAM != 0 {
                    return Some(u32::from_be_bytes(stream));
                }
            }
        }

        fn answer(&mut self, stream: u32) {
            self.frame(HEADERS, END_HEADERS, stream, OK);
            self.frame(DATA, END_STREAM, stream, b"ok");
        }
    }

    /// The reaction of a server to a request, of which the first is 0.
    type Fault = fn(&mut Connection<'_>, u32, usize);

    /// A server, its connections and its requests.
    struct Server {
        url: String,
        connections: Arc<AtomicUsize>,
        requests: Arc<AtomicUsize>,
    }

    impl Server {
        fn new(fault: Fault) -> Self {
            let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let (connected, requested) = (Arc::clone(&connections), Arc::clone(&requests));
            let url = hostile(move |_, head, stream| {
                assert!(head.starts_with("PRI * HTTP/2.0"), "{head}");
                connected.fetch_add(1, Ordering::SeqCst);
                // The rest of the preface (RFC 9113 §3.4).
                stream.read_exact(&mut [0; 6]).unwrap();
                let mut connection = Connection(stream);
                connection.frame(SETTINGS, 0, 0, &[]);
                while let Some(stream) = connection.request() {
                    fault(&mut connection, stream, requested.fetch_add(1, Ordering::SeqCst));
                }
            });
            Self { url, connections, requests }
        }

        fn client(&self) -> Client {
            let quick = RetryPolicy::new().with_backoff(Duration::from_millis(2), Duration::from_millis(5));
            let builder = Client::builder(&self.url).retries(quick).idle_timeout(Duration::from_secs(2));
            builder.transport(clientwright_runtime::reqwest::ClientBuilder::http2_prior_knowledge).build().unwrap()
        }

        /// The result of a call, and its number of requests.
        async fn call(&self, operation: &'static Operation) -> (Result<String, String>, usize) {
            let before = self.requests.load(Ordering::SeqCst);
            let result = self.client().request(operation).text("text/plain", "a").send().await;
            let result = result.map(|response| String::from_utf8_lossy(response.body()).into_owned());
            (result.map_err(|error| error.to_string()), self.requests.load(Ordering::SeqCst) - before)
        }
    }

    fn ok(requests: usize) -> (Result<String, String>, usize) {
        (Ok("ok".to_owned()), requests)
    }

    fn failed(message: &str, requests: usize) -> (Result<String, String>, usize) {
        (Err(message.to_owned()), requests)
    }

    #[tokio::test]
    async fn what_a_server_has_not_done_is_sent_again_whatever_the_method() {
        let faults: [Fault; 2] = [
            |connection, stream, number| match number % 2 {
                0 => connection.frame(RST_STREAM, 0, stream, &REFUSED_STREAM),
                _ => connection.answer(stream),
            },
            |connection, stream, number| match number % 2 {
                0 => connection.frame(GOAWAY, 0, 0, &SHUTDOWN),
                _ => connection.answer(stream),
            },
        ];
        for fault in faults {
            let server = Server::new(fault);
            assert_eq!(server.call(&GET).await, ok(2));
            assert_eq!(server.call(&POST).await, ok(2));
        }
        // There are never more attempts than the policy allows.
        let refusing = Server::new(|connection, stream, _| connection.frame(RST_STREAM, 0, stream, &REFUSED_STREAM));
        let message = "addThing: no response could be received (after 3 attempts)";
        assert_eq!(refusing.call(&POST).await, failed(message, 3));
    }

    #[tokio::test]
    async fn what_a_server_still_does_before_it_ends_the_connection_is_not_sent_again() {
        let server = Server::new(|connection, stream, _| {
            connection.frame(GOAWAY, 0, 0, &[&stream.to_be_bytes()[..], &[0; 4]].concat());
            connection.answer(stream);
        });
        let client = server.client();
        for requests in 1..=3 {
            assert_eq!(client.request(&POST).send().await.unwrap().into_inner(), "ok");
            let counts = (server.connections.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst));
            assert_eq!(counts, (requests, requests));
        }
    }

    #[tokio::test]
    async fn what_a_server_may_have_done_is_sent_again_only_if_that_does_nothing_twice() {
        let server = Server::new(|connection, stream, number| match number % 3 {
            2 => connection.answer(stream),
            _ => connection.frame(RST_STREAM, 0, stream, &INTERNAL_ERROR),
        });
        assert_eq!(server.call(&GET).await, ok(3));
        assert_eq!(server.call(&POST).await, failed("addThing: no response could be received", 1));

        let breaking = Server::new(|connection, stream, number| {
            connection.frame(HEADERS, END_HEADERS, stream, OK);
            connection.frame(DATA, 0, stream, b"o");
            match number % 2 {
                0 => connection.frame(RST_STREAM, 0, stream, &INTERNAL_ERROR),
                _ => connection.frame(DATA, END_STREAM, stream, b"k"),
            };
        });
        assert_eq!(breaking.call(&GET).await, ok(2));
        let error = breaking.client().request(&POST).send().await.unwrap_err();
        assert_eq!(error.to_string(), "addThing: the body of the response could not be received");
        assert_eq!(error.status(), Some(StatusCode::OK));
    }

    #[tokio::test]
    async fn silence_and_headers_without_end_are_limited() {
        let silent = Server::new(|_, _, _| {});
        assert_eq!(silent.call(&POST).await, failed("addThing: time limit exceeded", 1));
        let endless = Server::new(|connection, stream, _| {
            connection.frame(HEADERS, 0, stream, OK);
            // `a: a…`, not indexed (RFC 7541 §6.2.2).
            let header = [&[0, 1, b'a', 0x7f, 0x81, 0x5e][..], &[b'a'; 12_256]].concat();
            while connection.try_frame(CONTINUATION, 0, stream, &header).is_ok() {}
        });
        assert_eq!(endless.call(&POST).await, failed("addThing: no response could be received", 1));
    }

    #[tokio::test]
    async fn calls_at_once_share_a_connection() {
        let server = Server::new(|connection, stream, _| connection.answer(stream));
        let client = server.client();
        client.request(&GET).send().await.unwrap();
        let calls: Vec<_> = (0..200).map(|_| tokio::spawn(client.request(&GET).send())).collect();
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap().into_inner(), "ok");
        }
        let counts = (server.connections.load(Ordering::SeqCst), server.requests.load(Ordering::SeqCst));
        assert_eq!(counts, (1, 201));
    }
}
