//! Support for all flows: calls are counted, checked and reported, one line per call.
//!
//! In: a call by name, and its check. Out: lines for `cargo xtask frameworks`. Invariant: a call that succeeds despite a known fault is
//! reported as wrong, so that no exception outlives its fault.

#![allow(dead_code, reason = "not every flow needs all of it")]

use std::fmt::{Debug, Display};

/// The cause of a known fault.
#[derive(Clone, Copy)]
pub enum Fault {
    Ours,
    Document,
    Server,
}

/// The reason why a call is wrong. Any error converts into it.
pub struct Wrong(String);

impl<E: Display> From<E> for Wrong {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// The result of a check.
pub type Checked<T = ()> = Result<T, Wrong>;

/// Returns the URL of the server: the program's only argument.
pub fn server() -> String {
    std::env::args().nth(1).unwrap_or_default()
}

/// Makes a call that must succeed, and returns its result.
pub async fn call<T>(name: &str, work: impl Future<Output = Checked<T>>) -> Option<T> {
    match work.await {
        Ok(value) => {
            println!("right\t{name}");
            Some(value)
        }
        Err(Wrong(reason)) => {
            println!("wrong\t{name}\t{}", one_line(&reason));
            None
        }
    }
}

/// Makes a call that is known to fail.
pub async fn known<T>(name: &str, fault: Fault, reason: &str, work: impl Future<Output = Checked<T>>) {
    let whose = match fault {
        Fault::Ours => "ours",
        Fault::Document => "document",
        Fault::Server => "server",
    };
    match work.await {
        Ok(_) => println!("wrong\t{name}\tis right, but is listed as known: {reason}"),
        Err(Wrong(found)) => println!("known\t{whose}\t{name}\t{reason} ({})", one_line(&found)),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks that both are equal.
pub fn same<A: Debug + PartialEq<B>, B: Debug>(what: &str, found: A, wanted: B) -> Checked {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found:?}, not {wanted:?}").into()) }
}

/// Returns an error with the unexpected value.
pub fn differs<T>(what: &str, found: impl Debug) -> Checked<T> {
    Err(format!("{what}: {found:?}").into())
}

/// Checks a condition.
pub fn holds(what: &str, condition: bool) -> Checked {
    if condition { Ok(()) } else { Err(what.into()) }
}

/// Returns the error of a call that must fail with a status.
pub fn refused<T, E>(
    outcome: Result<client::runtime::Response<T>, client::runtime::Error<E>>,
    status: u16,
) -> Checked<client::runtime::Error<E>> {
    match outcome {
        Ok(response) => Err(format!("{}, not {status}", response.status()).into()),
        Err(error) if error.status().is_some_and(|found| found.as_u16() == status) => Ok(error),
        Err(error) => Err(format!("{error}, not {status}").into()),
    }
}

/// Checks that the text of an error contains a string.
pub fn says<E>(error: &client::runtime::Error<E>, text: &str) -> Checked {
    let shown = error.to_string();
    if shown.contains(text) { Ok(()) } else { Err(format!("the error reads `{shown}`, without `{text}`").into()) }
}
