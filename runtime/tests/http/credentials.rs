//! Credentials that change: tokens from providers, and clients that share connections.

use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{Recorder, Sent, builder, client, leaked};
use clientwright_runtime::codegen::{Operation, decode};
use clientwright_runtime::{Body, Bytes, Call, Client, Credential, Error, JsonValue, Response, RetryPolicy, Token};
use http::StatusCode;
use tokio::task::JoinHandle;
use tokio::time::Instant;

const GET: Operation = Operation::get("getThing", "/thing").security(&[&["token"]]);
const POST: Operation = Operation::post("addThing", "/things").security(&[&["token"]]);
const REFUSED: &str = "401 Unauthorized\n\n{\"message\": \"who are you?\"}";
const HOUR: Duration = Duration::from_secs(3600);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The number of calls of a provider.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicUsize>);

impl Asked {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// The number of this call, starting with 1.
    fn again(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

fn bearer(token: String) -> Credential {
    Credential::bearer("token", token)
}

/// Returns `t0k3n-1`, `t0k3n-2` and so on, each with the lifetime `life`.
fn numbered(life: Option<Duration>) -> (Credential, Asked) {
    let asked = Asked::default();
    let counted = asked.clone();
    let credential = Credential::provider(bearer, move || {
        let token = Token::new(format!("t0k3n-{}", counted.again()));
        let token = match life {
            Some(life) => token.expires_in(life),
            None => token,
        };
        async { Ok(token) }
    });
    (credential, asked)
}

/// Returns the result of `answer`.
fn answering<T>(answer: impl Fn(usize) -> T + Send + Sync + 'static) -> (Credential, Asked)
where
    T: Future<Output = Result<Token, BoxError>> + Send + 'static,
{
    let asked = Asked::default();
    let counted = asked.clone();
    (Credential::provider(bearer, move || answer(counted.again())), asked)
}

async fn get(client: &Client) -> Result<Response<Bytes>, Error> {
    client.request(&GET).send().await
}

/// Concurrent calls.
fn at_once(client: &Client, count: usize) -> Vec<JoinHandle<Result<Response<Bytes>, Error>>> {
    let call = |_| {
        let client = client.clone();
        tokio::spawn(async move { get(&client).await })
    };
    (0..count).map(call).collect()
}

fn tokens(sent: &[Sent]) -> Vec<&str> {
    let value = |sent: &'_ Sent| sent.all("authorization").first().copied().unwrap_or("none").to_owned();
    sent.iter().map(|sent| value(sent).leak().trim_start_matches("Bearer t0k3n-")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_calls_ask_once() {
    let recorder = Recorder::start();
    let (credential, asked) = answering(|number| async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok(Token::new(format!("t0k3n-{number}")).expires_in(HOUR))
    });
    let client = recorder.client(&[credential]);
    for call in at_once(&client, 100) {
        call.await.unwrap().unwrap();
    }
    assert_eq!(asked.count(), 1);
    assert!(recorder.sent().iter().all(|sent| sent.header("authorization") == Some("Bearer t0k3n-1")));
    assert_eq!(recorder.sent().len(), 100);
}

#[tokio::test]
async fn a_token_is_kept_until_it_expires() {
    let recorder = Recorder::start();
    for (life, expected) in [(None, ["1", "1", "1"]), (Some(HOUR), ["1"; 3]), (Some(Duration::ZERO), ["1", "2", "3"])] {
        let (credential, asked) = numbered(life);
        let client = recorder.client(&[credential]);
        let before = recorder.sent().len();
        assert_eq!(asked.count(), 0, "no call needs one yet");
        for _ in 0..3 {
            get(&client).await.unwrap();
        }
        assert_eq!(tokens(&recorder.sent()[before..]), expected);
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_whatever_the_method() {
    for operation in [GET, POST] {
        let recorder = Recorder::answering(&[REFUSED, "200 OK\n\nyes"]);
        let (credential, asked) = numbered(Some(HOUR));
        let client = recorder.client(&[credential]);
        let response = client.request(leaked(operation)).json(&7).send().await.unwrap();
        assert_eq!(response.body().as_ref(), b"yes");
        let sent = recorder.sent();
        assert_eq!((tokens(&sent), asked.count()), (vec!["1", "2"], 2));
        assert!(sent.iter().all(|sent| sent.body == "7"));
        get(&client).await.unwrap();
        assert_eq!(asked.count(), 2, "the new one is kept");
    }
}

#[tokio::test]
async fn a_body_that_can_be_read_once_is_sent_once() {
    let recorder = Recorder::answering(&[REFUSED, "204 No Content"]);
    let (credential, asked) = numbered(Some(HOUR));
    let client = recorder.client(&[credential]);
    let body = Body::reader(std::io::Cursor::new("seven"), 5);
    let error = client.request(&POST).bytes("text/plain", body).send().await.unwrap_err();
    assert!(error.to_string().contains("not retried"), "{error}");
    assert_eq!((recorder.sent().len(), asked.count()), (1, 2));
    get(&client).await.unwrap();
    assert_eq!((tokens(&recorder.sent()), asked.count()), (vec!["1", "2"], 2));
}

#[tokio::test]
async fn endless_refusals_end() {
    let recorder = Recorder::answering(&[REFUSED]);
    let (credential, asked) = numbered(Some(HOUR));
    let client = Client::builder(&recorder.url).auth(credential).build().unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.to_string(), "getThing: 401 Unauthorized: who are you?");
    assert_eq!((recorder.sent().len(), asked.count(), error.attempts()), (2, 2, 1));

    let recorder = Recorder::answering(&[REFUSED]);
    let (credential, asked) = answering(|_| async { Ok(Token::new("always the same")) });
    assert!(get(&recorder.client(&[credential])).await.unwrap_err().is_credentials());
    assert_eq!((recorder.sent().len(), asked.count()), (1, 2));
}

#[tokio::test]
async fn refusals_and_attempts_do_not_multiply() {
    let unavailable = "503 Service Unavailable";
    let recorder = Recorder::answering(&[REFUSED, unavailable, REFUSED, unavailable, REFUSED]);
    let (credential, asked) = numbered(Some(HOUR));
    let quick = RetryPolicy::new().with_backoff(Duration::from_millis(1), Duration::from_millis(2));
    let client = Client::builder(&recorder.url).retries(quick).auth(credential).build().unwrap();
    assert_eq!(get(&client).await.unwrap_err().status(), Some(StatusCode::UNAUTHORIZED));
    assert_eq!((recorder.sent().len(), asked.count()), (3, 2));
}

#[tokio::test]
async fn calls_with_one_refused_token_get_one_other() {
    let recorder = Recorder::answering(&[REFUSED, REFUSED, REFUSED, "204 No Content"]);
    let (credential, asked) = numbered(Some(HOUR));
    let client = recorder.client(&[credential]);
    let results = tokio::join!(get(&client), get(&client), get(&client));
    assert!(results.0.is_ok() && results.1.is_ok() && results.2.is_ok(), "{results:?}");
    assert_eq!((asked.count(), recorder.sent().len()), (2, 6));
}

#[tokio::test]
async fn another_origin_gets_no_token_and_cannot_ask_for_one() {
    const ALL: Operation = Operation::get("op", "/start").security(&[&["token", "key"]]);
    let other = Recorder::answering(&[REFUSED]);
    let recorder = Recorder::answering(&[&format!("302 Found\nLocation: {}/end?key=t0k3n-1&q=1", other.url)]);
    let (header, asked) = numbered(Some(HOUR));
    let key = Credential::provider(|key| Credential::query("key", "key", key), || async { Ok(Token::new("t0k3n-1")) });
    let error = recorder.client(&[header, key]).request(&ALL).send().await.unwrap_err();
    assert_eq!((error.status(), asked.count()), (Some(StatusCode::UNAUTHORIZED), 1));
    assert_eq!(recorder.only().target(), "/start?key=t0k3n-1");
    assert_eq!(other.only().target(), "/end?q=1");
    assert!(!format!("{:?}", other.only()).contains("t0k3n"));
}

#[tokio::test]
async fn what_was_done_before_a_refusal_is_not_done_again() {
    let recorder = Recorder::answering(&["303 See Other\nLocation: /done", REFUSED, "204 No Content"]);
    let (credential, _) = numbered(None);
    recorder.client(&[credential]).request(&POST).json(&7).send().await.unwrap();
    let sent = recorder.sent();
    let lines: Vec<(&str, &str)> = sent.iter().map(|sent| (sent.method(), sent.target())).collect();
    assert_eq!(lines, [("POST", "/things"), ("GET", "/done"), ("GET", "/done")]);
    assert_eq!(tokens(&sent), ["1", "1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_that_of_all_who_waited() {
    let recorder = Recorder::start();
    let (credential, asked) = answering(|number| async move {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if number > 1 { Ok(Token::new("t0k3n")) } else { Err(std::io::Error::other("the vault is closed").into()) }
    });
    let client = recorder.client(&[credential]);
    for call in at_once(&client, 50) {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "getThing: no token for `token`: the vault is closed");
        assert!(error.is_credentials() && error.attempts() == 0 && error.operation() == "getThing");
        let source = error.source().unwrap();
        assert_eq!(source.to_string(), "the vault is closed");
        assert!(source.downcast_ref::<std::io::Error>().is_some());
        assert!(format!("{error:?}").contains("the vault is closed"));
    }
    assert_eq!((asked.count(), recorder.sent().len()), (1, 0));
    tokio::time::sleep(Duration::from_millis(150)).await;
    tokio::time::resume();
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_fails_after_a_refusal() {
    let recorder = Recorder::answering(&[REFUSED]);
    let (credential, _) = answering(|number| async move {
        if number == 1 { Ok(Token::new("t0k3n-secret")) } else { Err("t0k3n-secret cannot be renewed".into()) }
    });
    let error = get(&recorder.client(&[credential])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "getThing: 401 Unauthorized: who are you? (no new token for `token`: [redacted] cannot be renewed)"
    );
    assert!(error.status() == Some(StatusCode::UNAUTHORIZED) && error.is_credentials() && error.attempts() == 1);
    assert!(!format!("{error:?} {error:#?}").contains("t0k3n"), "{error:?}");
}

#[tokio::test]
async fn a_provider_that_panics_costs_one_call() {
    let recorder = Recorder::start();
    let (credential, _) = answering(|number| async move {
        assert!(number > 1, "the provider's own mistake");
        Ok(Token::new("t0k3n-2"))
    });
    let client = recorder.client(&[credential]);
    for call in at_once(&client, 2) {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_credentials() && error.source().is_none(), "{error:?}");
    }
    get(&client).await.unwrap();
    assert_eq!(tokens(&recorder.sent()), ["2"]);
}

#[tokio::test]
async fn what_another_runtime_began_and_did_not_end_begins_again() {
    let recorder = Recorder::start();
    let (credential, asked) = answering(|number| async move {
        if number == 1 {
            std::future::pending::<()>().await;
        }
        Ok(Token::new(format!("t0k3n-{number}")))
    });
    let client = recorder.client(&[credential]);
    let other = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let first = other.spawn({
        let client = client.clone();
        async move { get(&client).await }
    });
    while asked.count() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let calls = at_once(&client, 10);
    tokio::time::sleep(Duration::from_millis(20)).await;
    other.shutdown_background();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(first.await.unwrap_err().is_cancelled());
    assert_eq!((asked.count(), tokens(&recorder.sent())), (2, vec!["2"; 10]));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_provider_counts_in_the_time_of_the_call() {
    let recorder = Recorder::start();
    let (credential, asked) = answering(|_| async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        Ok(Token::new("t0k3n-1"))
    });
    let client = recorder.client(&[credential]);
    let (start, limit) = (Instant::now(), Duration::from_millis(50));
    let error = client.request(&GET).timeout(limit).send().await.unwrap_err();
    assert!(error.is_timeout() && start.elapsed() == limit, "{error:?}");
    assert_eq!(error.to_string(), "getThing: time limit exceeded");
    assert_eq!(error.source().unwrap().to_string(), "the provider of a credential returned no token in time");
    assert_eq!((recorder.sent().len(), error.attempts()), (0, 0));
    // The requested token arrives for the next call. Only real time waits for a server.
    tokio::time::resume();
    get(&client).await.unwrap();
    assert_eq!((asked.count(), recorder.sent().len()), (1, 1));
}

#[tokio::test]
async fn a_dropped_call_leaves_no_call_waiting() {
    let recorder = Recorder::start();
    let (credential, asked) = answering(|_| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok(Token::new("t0k3n-1"))
    });
    let client = recorder.client(&[credential]);
    let other = tokio::spawn({
        let client = client.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            get(&client).await
        }
    });
    assert!(tokio::time::timeout(Duration::from_millis(20), get(&client)).await.is_err());
    other.await.unwrap().unwrap();
    assert_eq!(asked.count(), 1);
}

#[tokio::test]
async fn what_a_server_repeats_of_a_token_is_redacted() {
    let first = "401 Unauthorized\n\nt0k3n-1 is too old";
    let second = "400 Bad Request\nX-Seen: t0k3n-1 t0k3n-2\n\n{\"message\": \"t0k3n-1, t0k3n-2 and `Bearer t0k3n-2`\"}";
    let recorder = Recorder::answering(&[first, second]);
    let (credential, _) = numbered(Some(HOUR));
    let client = recorder.client(std::slice::from_ref(&credential));
    let call: Call<JsonValue, JsonValue> = Call::new(client.request(&GET), decode::json, decode::json);
    let error = call.await.unwrap_err();
    assert_eq!(error.message(), Some("[redacted], [redacted] and `Bearer [redacted]`"));
    let shown = format!("{error} {error:?} {error:#?} {client:?} {credential:?}");
    assert!(!shown.contains("t0k3n"), "{shown}");
}

#[tokio::test]
async fn a_token_goes_where_its_credential_goes() {
    for (place, expected) in [
        (
            Credential::provider(|key| Credential::header("token", "X-Key", key), || async { Ok(Token::new("k")) }),
            "x-key",
        ),
        (
            Credential::provider(|key| Credential::cookie("token", "sid", key), || async { Ok(Token::new("k")) }),
            "cookie",
        ),
        (Credential::provider(|key| Credential::query("token", "key", key), || async { Ok(Token::new("k")) }), "query"),
    ] {
        let recorder = Recorder::start();
        get(&recorder.client(&[place])).await.unwrap();
        let sent = recorder.only();
        match expected {
            "query" => assert_eq!(sent.target(), "/thing?key=k"),
            "cookie" => assert_eq!(sent.header("cookie"), Some("sid=k")),
            header => assert_eq!(sent.header(header), Some("k")),
        }
    }
}

#[tokio::test]
async fn what_cannot_be_a_token_is_refused() {
    let recorder = Recorder::start();
    for (token, problem) in [("", "is empty"), ("s3cr3t\n", "has a value with a control character")] {
        let (credential, _) = answering(move |_| async move { Ok(Token::new(token)) });
        let error = get(&recorder.client(&[credential])).await.unwrap_err();
        assert_eq!(error.to_string(), format!("getThing: the token from the provider of `token` {problem}"));
        assert!(error.is_credentials() && !format!("{error:?}").contains("s3cr3t"));
    }
    assert!(recorder.sent().is_empty());
    let provider = |place: fn(String) -> Credential| Credential::provider(place, || async { Ok(Token::new("t")) });
    for credential in [
        provider(|key| Credential::header("token", "no header", key)),
        provider(|password| Credential::digest("token", "u".to_owned(), password)),
        provider(|token| {
            Credential::provider(bearer, move || {
                let token = token.clone();
                async { Ok(Token::new(token)) }
            })
        }),
    ] {
        let error = builder("http://localhost").auth(credential).build().unwrap_err();
        assert!(error.to_string().starts_with("the credential for `token` "), "{error}");
    }
}

#[tokio::test]
async fn no_provider_is_called_for_a_token_that_is_not_sent() {
    const OPEN: Operation = Operation::get("open", "/open");
    let recorder = Recorder::answering(&[REFUSED]);
    let (credential, asked) = numbered(None);
    let client = recorder.client(&[credential]);
    assert!(client.request(&OPEN).send().await.is_err());
    assert!(client.request(&GET).header("Authorization", "Bearer mine").send().await.is_err());
    let sent = recorder.sent();
    assert_eq!((sent.len(), sent[1].header("authorization"), asked.count()), (2, Some("Bearer mine"), 0));
}

#[tokio::test]
async fn a_client_with_another_credential_shares_the_rest() {
    let recorder = Recorder::start();
    let first = builder(&recorder.url).header("X-Tenant", "t").auth(bearer("t0k3n-1".to_owned())).build().unwrap();
    let second = first.with_auth(bearer("t0k3n-2".to_owned())).unwrap();
    let (provided, _) = numbered(None);
    let third =
        second.with_auth(provided).unwrap().with_auth(Credential::header("key", "X-Key", "k".to_owned())).unwrap();
    for client in [&first, &second, &third, &first] {
        get(client).await.unwrap();
    }
    let sent = recorder.sent();
    assert_eq!(tokens(&sent), ["1", "2", "1", "1"]);
    assert!(sent.iter().all(|sent| sent.header("x-tenant") == Some("t") && sent.header("x-key").is_none()));

    let everywhere = builder(&recorder.url).auth_everywhere(bearer("t0k3n-1".to_owned())).build().unwrap();
    let other = everywhere.with_auth(bearer("t0k3n-2".to_owned())).unwrap();
    other.request_raw(http::Method::GET, "/raw").send().await.unwrap();
    assert_eq!(tokens(&recorder.sent()[4..]), ["2"]);
    let error = first.with_auth(bearer("s3cr3t\n".to_owned())).unwrap_err();
    assert_eq!(error.to_string(), "the credential for `token` has a value with a control character");
}

#[tokio::test]
async fn connections_are_shared_by_clients_with_different_credentials() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Asked::default();
    let counted = connections.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.again();
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
                    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
                }
            });
        }
    });
    let first = client(&url, &[bearer("t0k3n-1".to_owned())]);
    get(&first).await.unwrap();
    get(&first.with_auth(bearer("t0k3n-2".to_owned())).unwrap()).await.unwrap();
    assert_eq!(connections.count(), 1);
}
