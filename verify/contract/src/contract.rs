//! One run of a contract program.
//!
//! In: the calls of every operation. Out: their verdicts, printed immediately. Invariant: a run ends: no call exceeds its time limit, and
//! no call waits for a server that is gone.

use std::env;
use std::future::IntoFuture;
use std::io::{self, Write};
use std::process::{self, ExitCode};
use std::time::Duration;

use clientwright_runtime::{Error, Response, reqwest};

use crate::exchange::Exchange;
use crate::judge::{Form, Made, Verdict, judge};
use crate::proxy::Proxy;
use crate::report::{self, Call, Line};

/// The time limit of a call. The server is on the same machine and does little work.
const LIMIT: Duration = Duration::from_secs(20);
/// The number of consecutive calls without a response after which the server counts as gone.
const PATIENCE: usize = 5;
/// The second argument of a program that may request a new server: it prints the request, and continues after reading a line.
const FRESH_SERVERS: &str = "--fresh-servers";

/// A run against one server, with the recording proxy and the results so far.
pub struct Contract {
    proxy: Proxy,
    calls: usize,
    wrong: usize,
    silent: usize,
    print: fn(&Line),
    /// Requests a new server in place of one that does not respond; returns `true` if there is one.
    renew: Option<fn() -> bool>,
}

impl Contract {
    /// Starts a run against the server in the program's first argument, such as `127.0.0.1:4010`. Without that argument, or without a free
    /// port for the proxy, the process ends with status 2.
    pub async fn start() -> Self {
        let Some(upstream) = env::args().nth(1) else { give_up("usage: <program> <host:port of the server>") };
        let renew = env::args().nth(2).filter(|argument| argument == FRESH_SERVERS).map(|_| ask as fn() -> bool);
        match Self::at(upstream).await {
            Ok(contract) => Self { renew, ..contract },
            Err(error) => give_up(&format!("the recording proxy did not start: {error}")),
        }
    }

    /// Starts a run against the server at `upstream`, a host with a port.
    ///
    /// # Errors
    /// Returns an error if there is no free port on the loopback interface.
    pub async fn at(upstream: String) -> io::Result<Self> {
        let proxy = Proxy::start(upstream).await?;
        Ok(Self { proxy, calls: 0, wrong: 0, silent: 0, print: report::print, renew: None })
    }

    /// Returns the base URL for the client, which is the proxy's.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.proxy.address()
    }

    /// Configures the client's transport: it keeps no connection, so that each connection is one exchange, ignores proxies from the
    /// environment, and limits each request to 20 seconds.
    pub fn transport(defaults: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        defaults.no_proxy().pool_max_idle_per_host(0).connect_timeout(LIMIT).timeout(LIMIT)
    }

    /// Returns the client's retry policy: no retries, so that each call is one exchange.
    pub fn retries() -> clientwright_runtime::RetryPolicy {
        clientwright_runtime::RetryPolicy::never()
    }

    /// Makes a call of `operation`, judges it and prints the verdict.
    pub async fn call<T, E>(
        &mut self,
        operation: &str,
        form: Form,
        call: impl IntoFuture<Output = Result<Response<T>, Error<E>>>,
    ) {
        if self.silent >= PATIENCE {
            let verdict = Verdict::Failed("not called: the server does not answer any more".to_owned());
            return self.say(Call::new(operation, &form.to_string(), verdict, None, None));
        }
        drop(self.proxy.take());
        let made = Made::of(&call.await);
        let exchanges = self.proxy.take();
        let answered = exchanges.iter().any(|exchange| exchange.status().is_some());
        self.silent = if answered || exchanges.is_empty() { 0 } else { self.silent + 1 };
        let verdict = judge(form, &made, &exchanges);
        self.say(Call::new(operation, &form.to_string(), verdict, Some(&made), exchanges.first()));
        if self.silent > 0 && self.renew.is_some_and(|renew| renew()) {
            self.silent = 0;
        }
    }

    /// Reports the end of all calls. Returns a failure unless every call passed.
    #[must_use]
    pub fn finish(self) -> ExitCode {
        (self.print)(&Line::End(self.calls));
        if self.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }

    /// Returns the exchanges that were recorded since the last call of this function.
    #[must_use]
    pub fn recorded(&self) -> Vec<Exchange> {
        self.proxy.take()
    }

    /// Counts and prints a call.
    fn say(&mut self, call: Call) {
        self.calls += 1;
        self.wrong += usize::from(call.verdict != Verdict::Passed);
        (self.print)(&Line::Call(Box::new(call)));
    }
}

/// Requests a new server from the parent process, and waits for it.
fn ask() -> bool {
    report::print(&Line::WantsServer);
    io::stdin().read_line(&mut String::new()).is_ok_and(|length| length > 0)
}

/// Ends the process before any call.
fn give_up(why: &str) -> ! {
    let _ = writeln!(io::stderr(), "error: {why}");
    process::exit(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    use clientwright_runtime::codegen::{Operation, decode};
    use clientwright_runtime::{Call as Started, Client};
    use wiremock::matchers::{header, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    const LIST: Operation = Operation::get("list", "/things/{id}");

    fn call(contract: &Contract, id: &str) -> Started<String, String> {
        let client = Client::builder(contract.base_url())
            .transport(Contract::transport)
            .retries(Contract::retries())
            .build()
            .unwrap();
        Started::new(client.request(&LIST).path("id", id), decode::json, decode::json)
    }

    /// Starts a run that prints nothing.
    async fn unheard(upstream: String) -> Contract {
        Contract { print: |_| {}, ..Contract::at(upstream).await.unwrap() }
    }

    async fn served(answer: ResponseTemplate) -> (MockServer, Contract) {
        let server = MockServer::start().await;
        Mock::given(path("/things/a%2Fb")).and(header("prefer", "code=404")).respond_with(answer).mount(&server).await;
        let good = ResponseTemplate::new(200).set_body_json("good");
        Mock::given(path("/things/a%2Fb")).respond_with(good).mount(&server).await;
        let contract = unheard(server.address().to_string()).await;
        (server, contract)
    }

    async fn wrong_after(answer: ResponseTemplate, body: bool) -> usize {
        let (_server, mut contract) = served(answer).await;
        contract.call("list", Form::Required, call(&contract, "a/b")).await;
        assert_eq!(contract.wrong, 0);
        let not_found = call(&contract, "a/b").with_header("Prefer", "code=404");
        contract.call("list", Form::Response { status: 404, body }, not_found).await;
        assert_eq!(contract.calls, 2);
        contract.wrong
    }

    #[tokio::test]
    async fn what_is_asked_for_comes_and_is_understood() {
        assert_eq!(wrong_after(ResponseTemplate::new(404).set_body_json("none"), true).await, 0);
        assert_eq!(wrong_after(ResponseTemplate::new(404), false).await, 0);
    }

    #[tokio::test]
    async fn what_is_not_understood_or_not_asked_for_is_wrong() {
        assert_eq!(wrong_after(ResponseTemplate::new(404).set_body_json(()), true).await, 1);
        assert_eq!(wrong_after(ResponseTemplate::new(410).set_body_json("gone"), true).await, 1);
        assert_eq!(wrong_after(ResponseTemplate::new(200).set_body_json(()), true).await, 1);
        let list = r#"[{"location":["request"],"severity":"Error","message":"no"}]"#;
        let objection = ResponseTemplate::new(404).insert_header("sl-violations", list).set_body_json("none");
        assert_eq!(wrong_after(objection, true).await, 1);
    }

    #[tokio::test]
    async fn a_request_that_cannot_be_sent_is_wrong_and_no_sign_of_a_server_that_is_gone() {
        let (_server, mut contract) = served(ResponseTemplate::new(404)).await;
        for _ in 0..=PATIENCE {
            contract.call("list", Form::Full, call(&contract, "..")).await;
        }
        assert_eq!((contract.wrong, contract.silent), (PATIENCE + 1, 0));
    }

    #[tokio::test]
    async fn a_fresh_server_is_asked_for_after_each_call_without_an_answer() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut contract = Contract { renew: Some(|| true), ..unheard(free.to_string()).await };
        for _ in 0..=PATIENCE {
            contract.call("list", Form::Full, call(&contract, "a")).await;
        }
        assert_eq!((contract.wrong, contract.silent), (PATIENCE + 1, 0));
        contract.renew = Some(|| false);
        contract.call("list", Form::Full, call(&contract, "a")).await;
        assert_eq!(contract.silent, 1);
    }

    #[tokio::test]
    async fn a_server_that_is_gone_is_not_asked_for_ever() {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut contract = unheard(free.to_string()).await;
        for _ in 0..PATIENCE {
            contract.call("list", Form::Full, call(&contract, "a")).await;
        }
        let never = std::future::pending::<Result<Response<()>, Error<()>>>();
        contract.call("list", Form::Full, never).await;
        assert_eq!(contract.wrong, PATIENCE + 1);
    }
}
