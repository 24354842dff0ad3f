//! Part of `lower`: `x-polling`, how an operation says that a job has ended.
//!
//! In: the key of an operation, and the operation. Out: its [`Polling`]. As with `x-pagination`, reading the key comes first.
//!
//! Invariant: what remains in the IR leads from the body to the parts that it names, and repeating the operation changes nothing on the
//! server.

use serde_json::Value;

use super::keys::{Check, Faults, Keys, OperationKey, path_text};
use crate::ir::{Method, Polling, Shape, text_of};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::POLLING;

/// The key.
pub(super) const KEY: OperationKey = (POLLING, codes::POLLING);

/// Reads the key. Returns `None` if it is invalid; `faults` then says why.
pub(super) fn read(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Polling> {
    let mut keys = Keys::new(value, at, faults, &["property", "success", "failure", "progress", "error"])?;
    let (property, success) = (keys.path("property"), keys.states("success"));
    let (failure, progress) = (keys.states("failure"), keys.states("progress"));
    let error = if keys.has("error") { Some(keys.path("error")?) } else { None };
    if success.is_empty() {
        keys.fault("", "lists the states of a job that has succeeded under `success`");
        return None;
    }
    let mut seen = Vec::new();
    for (key, states) in [("success", &success), ("failure", &failure), ("progress", &progress)] {
        for state in states {
            // The runtime compares them like this.
            let state = state.to_ascii_lowercase();
            if seen.contains(&state) {
                keys.fault(key, &format!("lists the state `{state}`, which is listed before"));
            }
            seen.push(state);
        }
    }
    Some(Polling { property: property?, success, failure, progress, error, origin: at.clone() })
}

impl Check<'_> {
    /// Checks that the polling is true of its operation.
    pub(super) fn polling(&mut self, polling: &Polling) {
        let Polling { property, success, failure, progress, error, origin } = polling;
        // RFC 9110 §9.2.1: a method that is safe.
        let is_safe = match &self.operation.method {
            Method::Get => true,
            Method::Other(method) => method == "QUERY",
            _ => false,
        };
        if !is_safe {
            let fault = format!("the operation is a `{}`, which must not be repeated to wait", self.operation.method);
            return self.faults.add(origin.clone(), fault);
        }
        let Some(body) = self.body(origin) else { return };
        if let Some(error) = error {
            self.named(body, error, &origin.key("error"));
        }
        let known = match self.scalar(body, property, &origin.key("property")) {
            Some(Shape::Boolean) => vec![true.into(), false.into()],
            Some(shape) if shape.is_enumeration() => shape.listed(),
            _ => return,
        };
        let known: Vec<String> = known.iter().map(text_of).collect();
        for (key, states) in [("success", success), ("failure", failure), ("progress", progress)] {
            for (index, state) in states.iter().enumerate().filter(|(_, state)| !known.contains(state)) {
                let at = origin.key(key).index(index);
                self.faults.add(at, format!("`{}` has no value `{state}`", path_text(property)));
            }
        }
    }
}
