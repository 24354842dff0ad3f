//! Test clients that reply without a network, and placeholder values. Feature `test`.
//!
//! In: a [`Reply`] for each operation, or a function of the request. Out: a client that receives the replies, and the
//! requests that it sent. Everything else is the same as with a server: parameters and bodies are encoded, credentials
//! chosen, redirects followed, requests retried, responses decoded. [`placeholder`] creates values of the API's types, for
//! replies and for functions that take one.
//!
//! A function that calls an API, and its test:
//!
//! ```
//! use clientwright_runtime::testing::{Mock, Reply};
//! use clientwright_runtime::{Call, codegen};
//! # use clientwright_runtime::Error;
//! # mod shop {
//! #     use super::*;
//! #     use codegen::{Operation, decode};
//! #     codegen::client!(Client, ClientBuilder);
//! #     impl Client {
//! #         pub fn get_price(&self, article: &str) -> Call<f64> {
//! #             const OPERATION: Operation = Operation::get("getPrice", "/articles/{article}/price");
//! #             Call::new(self.raw().request(&OPERATION).path("article", article), decode::json, decode::empty)
//! #         }
//! #     }
//! # }
//!
//! /// The price of an article, or `None` if the shop does not have it.
//! async fn price(shop: &shop::Client, article: &str) -> Result<Option<f64>, Error> {
//!     match shop.get_price(article).await {
//!         Ok(price) => Ok(Some(price.into_inner())),
//!         Err(error) if error.status().is_some_and(|status| status == 404) => Ok(None),
//!         Err(error) => Err(error),
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mock = Mock::new()
//!     .reply("getPrice", Reply::json(200, &9.5))
//!     .reply("getPrice", Reply::json(404, "no such article"));
//! let shop = shop::Client::builder("http://shop.test").mock(&mock).build()?;
//!
//! assert_eq!(price(&shop, "tea pot").await?, Some(9.5));
//! assert_eq!(price(&shop, "tea pot").await?, None);
//! assert_eq!(mock.requests()[0].path(), "/articles/tea%20pot/price");
//! # Ok(())
//! # }
//! ```

mod placeholder;
mod reply;
mod sent;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::client::ClientBuilder;
use crate::failure::{Simulation, TransportFailure};
use crate::lock::lock;
use crate::platform;
use crate::transport::{Executed, Transport};

#[doc(hidden)]
pub use placeholder::{Maker, PlaceholderField};
pub use placeholder::{Placeholder, placeholder};
pub use reply::Reply;
pub use sent::SentRequest;

type Function = Arc<dyn Fn(&SentRequest) -> Reply + Send + Sync>;

/// A mock that replies to the requests of a client in a test, and records them. Clones share their state.
///
/// Operations are named by their `operationId`; a request outside of the API document is named by method and path, as
/// in `GET /status`. A request without a reply fails, and the error's `source()` names the operation.
#[derive(Clone, Default)]
#[must_use = "a mock does nothing until it is passed to a client"]
pub struct Mock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// The replies, by operation.
    replies: BTreeMap<String, Replies>,
    /// The function for all other operations.
    others: Option<Function>,
    sent: Vec<SentRequest>,
}

enum Replies {
    /// Replies in order, the last one repeatedly. The `usize` is the index of the next one.
    InTurn(Vec<Reply>, usize),
    By(Function),
}

impl Mock {
    /// Creates a mock without replies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reply for an operation. Requests receive the replies in the order in which they were added; the last one
    /// is repeated.
    pub fn reply(self, operation: &str, reply: Reply) -> Self {
        let mut state = lock(&self.state);
        match state.replies.get_mut(operation) {
            Some(Replies::InTurn(replies, _)) => replies.push(reply),
            _ => {
                state.replies.insert(operation.to_owned(), Replies::InTurn(vec![reply], 0));
            }
        }
        drop(state);
        self
    }

    /// Sets the function that returns the replies of an operation, instead of all its other replies.
    pub fn on(self, operation: &str, reply: impl Fn(&SentRequest) -> Reply + Send + Sync + 'static) -> Self {
        lock(&self.state).replies.insert(operation.to_owned(), Replies::By(Arc::new(reply)));
        self
    }

    /// Sets the function that returns the replies of all operations without replies.
    pub fn otherwise(self, reply: impl Fn(&SentRequest) -> Reply + Send + Sync + 'static) -> Self {
        lock(&self.state).others = Some(Arc::new(reply));
        self
    }

    /// Returns all requests that were sent, in order, including redirects and retries.
    #[must_use]
    pub fn requests(&self) -> Vec<SentRequest> {
        lock(&self.state).sent.clone()
    }

    /// Returns the requests of an operation that were sent, in order.
    #[must_use]
    pub fn requests_of(&self, operation: &str) -> Vec<SentRequest> {
        lock(&self.state).sent.iter().filter(|sent| sent.operation() == operation).cloned().collect()
    }

    async fn answer(self, operation: String, request: platform::Request) -> Executed {
        let sent = SentRequest::of(&operation, request).await?;
        let answer = self.next(&sent);
        lock(&self.state).sent.push(sent.clone());
        // Without the lock: a function may access the mock.
        match answer {
            Ok(function) => function(&sent).answer(),
            Err(known) => Err(TransportFailure::Simulated(Simulation::Mistake(format!(
                "the mock has no reply for the operation `{operation}`; it has replies for: {}",
                if known.is_empty() { "none" } else { &known }
            )))),
        }
    }

    /// Returns the function that replies to a request, or the operations that have replies.
    fn next(&self, sent: &SentRequest) -> Result<Function, String> {
        let mut state = lock(&self.state);
        match state.replies.get_mut(sent.operation()) {
            Some(Replies::By(function)) => return Ok(Arc::clone(function)),
            Some(Replies::InTurn(replies, next)) => {
                let reply = replies.get(*next).or(replies.last()).cloned().ok_or_else(String::new)?;
                *next += 1;
                return Ok(Arc::new(move |_| reply.clone()));
            }
            None => {}
        }
        state.others.clone().ok_or_else(|| state.replies.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
    }
}

debug!(Mock: self { replies: lock(&self.state).replies.keys().collect::<Vec<_>>(), sent: lock(&self.state).sent, .. });

impl ClientBuilder {
    /// Sends all requests to a mock instead of a server, for tests. Retries have no pauses.
    pub fn mock(mut self, mock: &Mock) -> Self {
        let mock = mock.clone();
        self.transport = Transport::Mock(Arc::new(move |_, operation, request| {
            Box::pin(mock.clone().answer(operation.to_owned(), request))
        }));
        self
    }
}

// The feature belongs to the runtime. It is tested in `client/macros.rs`, because in the expansion it would be a
// feature of the caller's crate.
#[macro_export]
#[doc(hidden)]
macro_rules! __client_mock {
    ($builder:ident) => {
        $crate::__forward! { $builder.core:
            /// Sends all requests to a mock instead of a server, for tests. Retries have no pauses.
            mock(mock: &$crate::testing::Mock);
        }
    };
}
