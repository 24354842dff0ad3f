//! Prism, the independent server, and all workarounds for its faults.
//!
//! In: documents. Out: servers. `faults` is the table of Prism's faults and the resulting changes of documents; `exclusions` is the list
//! of single calls in which Prism is wrong. `verify/contract/prism/patch.js`, which is loaded first, changes Prism's own behavior: its
//! generation of large and deep values, and its endless loop on a list in a path. Invariant: only this module knows about Prism's
//! faults.

mod exclusions;
mod faults;
mod server;

pub(crate) use exclusions::Exclusions;
pub(crate) use faults::served;
use serde_json::Value;
pub(crate) use server::Prism;

/// Returns `true` if a value is specific to its source, and not one that Prism generates for any document.
pub(crate) fn is_telling(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty() && text != "string",
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}
