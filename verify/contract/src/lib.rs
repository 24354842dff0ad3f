//! The base of generated contract programs.
//!
//! In: calls through the public API of a generated client. Out: one verdict per call, as a line of JSON. The server is Stoplight Prism,
//! which knows only the document: it validates each request and generates documented responses. A proxy between the two records the
//! exchanges. Invariant: a verdict depends only on the recorded exchange and on the client's outcome, not on what the program intended to
//! send.
//!
//! ```no_run
//! # use clientwright_runtime::Call;
//! # use clientwright_runtime::codegen::{Operation, decode};
//! use clientwright_contract::{Contract, Form};
//!
//! # async fn program() -> std::process::ExitCode {
//! let mut contract = Contract::start().await;
//! let client = clientwright_runtime::Client::builder(contract.base_url());
//! let client = client.transport(Contract::transport).retries(Contract::retries());
//! # let client = client.build().unwrap();
//! # const LIST: Operation = Operation::get("list", "/things");
//! # let list = || Call::<(), ()>::new(client.request(&LIST), decode::empty, decode::empty);
//! contract.call("list", Form::Required, list()).await;
//! contract.call("list", Form::Response { status: 404, body: true }, list().with_header("Prefer", "code=404")).await;
//! contract.finish()
//! # }
//! ```

mod contract;
mod exchange;
mod judge;
mod proxy;
mod report;

pub use contract::Contract;
pub use exchange::{Exchange, Message, Problem};
pub use judge::{Form, Made, Verdict};
pub use report::{Call, Line};
