//! Prism, the independent server, and all that is due to its faults.
//!
//! In: documents. Out: servers. `faults` is the table of what Prism gets wrong, with what it is served instead; `exclusions` is the list
//! of single calls in which it is wrong; `verify/contract/prism/patch.js`, which is loaded before it, changes what it does itself: it
//! makes up large and deep values, and does not end on a list in a path. Invariant: nothing else in this
//! package knows of its faults.

mod exclusions;
mod faults;
mod server;

pub(crate) use exclusions::Exclusions;
pub(crate) use faults::served;
use serde_json::Value;
pub(crate) use server::Prism;

/// Whether a value tells where it comes from: it is not one that Prism makes up for any document.
pub(crate) fn is_telling(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "string",
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}
