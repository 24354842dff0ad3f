//! Clients for tests: they answer without a network; and values to begin with. Feature `test`.
//!
//! In: a [`Reply`] for each operation, or a function of the request. Out: a client that is given them, and the requests that it was asked
//! to send. Everything else is as it is with a server: parameters and bodies are written, credentials chosen, redirects followed,
//! attempts repeated, responses decoded. [`blank`] makes values of the API's types, for replies and for functions that take one.
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

mod blank;
mod reply;
mod sent;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::client::ClientBuilder;
use crate::failure::TransportFailure;
use crate::platform;
use crate::transport::{Responder, Transport};

pub use blank::{Blank, blank};
#[doc(hidden)]
pub use blank::{BlankField, Maker};
pub use reply::Reply;
pub use sent::SentRequest;

type Function = Arc<dyn Fn(&SentRequest) -> Reply + Send + Sync>;

/// Answers the requests of a client in a test, and remembers them. Clones are the same mock.
///
/// Operations are named by their `operationId`; a request that no operation describes is named by its method and path, as in
/// `GET /status`. A request for which there is no reply fails, and the error's `source()` says so.
#[derive(Clone, Default)]
#[must_use = "a mock does nothing until a client has it"]
pub struct Mock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By operation.
    replies: BTreeMap<String, Replies>,
    /// For all other operations.
    others: Option<Function>,
    sent: Vec<SentRequest>,
}

enum Replies {
    /// One after the other; the last one again and again. `usize` is the next.
    InTurn(Vec<Reply>, usize),
    By(Function),
}

impl Mock {
    /// Creates a mock that has no replies.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a reply for an operation. Requests get its replies in the order in which they were added, and then the last one again and
    /// again.
    pub fn reply(self, operation: &str, reply: Reply) -> Self {
        let mut state = self.state();
        match state.replies.get_mut(operation) {
            Some(Replies::InTurn(replies, _)) => replies.push(reply),
            _ => {
                state.replies.insert(operation.to_owned(), Replies::InTurn(vec![reply], 0));
            }
        }
        drop(state);
        self
    }

    /// Sets the function that gives the replies of an operation, instead of all others that it has.
    pub fn on(self, operation: &str, reply: impl Fn(&SentRequest) -> Reply + Send + Sync + 'static) -> Self {
        self.state().replies.insert(operation.to_owned(), Replies::By(Arc::new(reply)));
        self
    }

    /// Sets the function that gives the replies of all operations that have none.
    pub fn otherwise(self, reply: impl Fn(&SentRequest) -> Reply + Send + Sync + 'static) -> Self {
        self.state().others = Some(Arc::new(reply));
        self
    }

    /// All requests that have been sent, in their order, with those of redirects and further attempts.
    #[must_use]
    pub fn requests(&self) -> Vec<SentRequest> {
        self.state().sent.clone()
    }

    /// The requests of an operation that have been sent, in their order.
    #[must_use]
    pub fn requests_of(&self, operation: &str) -> Vec<SentRequest> {
        self.state().sent.iter().filter(|sent| sent.operation() == operation).cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(
        &self,
        operation: &str,
        request: platform::Request,
    ) -> Result<platform::Response, TransportFailure> {
        let sent = SentRequest::of(operation, request).await?;
        let answer = self.next(&sent);
        self.state().sent.push(sent.clone());
        // Without the lock: a function may look at the mock.
        match answer {
            Next::Reply(reply) => reply.answer(),
            Next::By(function) => function(&sent).answer(),
            Next::Nothing(known) => Err(TransportFailure::simulated(format!(
                "the mock has no reply for the operation `{operation}`; it has some for: {}",
                if known.is_empty() { "none" } else { &known }
            ))),
        }
    }

    fn next(&self, sent: &SentRequest) -> Next {
        let mut state = self.state();
        if let Some(replies) = state.replies.get_mut(sent.operation()) {
            return match replies {
                Replies::By(function) => Next::By(Arc::clone(function)),
                Replies::InTurn(replies, next) => {
                    let reply = replies.get(*next).or(replies.last()).cloned();
                    *next += 1;
                    reply.map_or(Next::Nothing(String::new()), Next::Reply)
                }
            };
        }
        match &state.others {
            Some(function) => Next::By(Arc::clone(function)),
            None => Next::Nothing(state.replies.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
        }
    }
}

/// What answers a request.
enum Next {
    Reply(Reply),
    By(Function),
    /// The operations that have replies.
    Nothing(String),
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("Mock")
            .field("replies", &state.replies.keys().collect::<Vec<_>>())
            .field("sent", &state.sent)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Answers all requests by a mock instead of sending them, for tests. Pauses before further attempts are left out.
    pub fn mock(mut self, mock: &Mock) -> Self {
        self.transport = Transport::Mock(Arc::new(mock.clone()));
        self
    }
}

impl Responder for Mock {
    fn respond<'r>(
        &'r self,
        operation: &'r str,
        request: platform::Request,
    ) -> Pin<Box<dyn Future<Output = Result<platform::Response, TransportFailure>> + Send + 'r>> {
        Box::pin(self.answer(operation, request))
    }
}

// The feature is the runtime's, so it is tested in `client/macros.rs` and not in the expansion, where it would be the caller's.
#[macro_export]
#[doc(hidden)]
macro_rules! __client_mock {
    ($builder:ident) => {
        $crate::__forward! { $builder.core:
            /// Answers all requests by a mock instead of sending them, for tests. Pauses before further attempts are left out.
            mock(mock: &$crate::testing::Mock);
        }
    };
}
