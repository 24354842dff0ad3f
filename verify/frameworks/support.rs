//! What all flows share: calls are counted, checked and reported, a line for each.
//!
//! In: a call by its name, and what it has to give. Out: lines for `cargo xtask frameworks`. Invariant: a call that is known not to be right, but is,
//! is reported as wrong, so that nothing is excused longer than needed.

#![allow(dead_code, reason = "not every flow needs all of it")]

use std::fmt::{Debug, Display};

/// Whose fault it is that a call is not right.
#[derive(Clone, Copy)]
pub enum Fault {
    Ours,
    Document,
    Server,
}

/// Why a call is not right. Any error becomes one.
pub struct Wrong(String);

impl<E: Display> From<E> for Wrong {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// What a check gives.
pub type Checked<T = ()> = Result<T, Wrong>;

/// The URL of the server: the program's only argument.
pub fn server() -> String {
    std::env::args().nth(1).unwrap_or_default()
}

/// A call that has to be right. Gives what the call gives.
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

/// A call that is known not to be right.
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

/// Both are equal.
pub fn same<A: Debug + PartialEq<B>, B: Debug>(what: &str, found: A, wanted: B) -> Checked {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found:?}, not {wanted:?}").into()) }
}

/// It is something else than it should be.
pub fn differs<T>(what: &str, found: impl Debug) -> Checked<T> {
    Err(format!("{what}: {found:?}").into())
}

/// It holds.
pub fn holds(what: &str, condition: bool) -> Checked {
    if condition { Ok(()) } else { Err(what.into()) }
}

/// The error of a call that has to fail with a status.
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

/// What a person reads of an error contains a string.
pub fn says<E>(error: &client::runtime::Error<E>, text: &str) -> Checked {
    let shown = error.to_string();
    if shown.contains(text) { Ok(()) } else { Err(format!("the error reads `{shown}`, without `{text}`").into()) }
}
