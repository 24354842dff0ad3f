//! Requests and responses of a [`Client`](clientwright_runtime::Client), against servers that record what arrives.
#![cfg(test)]

mod auth;
#[cfg(feature = "blocking")]
mod blocking;
mod bodies;
mod calls;
mod compression;
mod credentials;
mod dates;
mod echoes;
mod error_messages;
mod errors;
mod http2;
mod lenient;
mod limits;
mod oauth2;
mod observe;
mod outgoing;
mod paging;
mod parameters;
mod placeholder;
mod polling;
mod redirects;
mod refused;
mod retries;
mod save;
mod secrets;
mod segments;
mod servers;
mod streams;
mod support;
mod testing;
mod transport;
mod uploads;
#[cfg(feature = "xml")]
mod xml;
