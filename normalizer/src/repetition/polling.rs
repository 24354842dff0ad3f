//! Part of `repetition`: what `x-polling` says.

use serde_json::Value;

use super::keys::{Faults, Keys, Path};
use crate::pointer::Pointer;

/// How an operation says that a job has ended (`x-polling`). A state is a string, or a boolean or an integer as JSON writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polling {
    /// Where the body has the state.
    pub property: Path,
    /// The states of a job that has succeeded. Never empty.
    pub success: Vec<String>,
    /// The states of a job that has failed.
    pub failure: Vec<String>,
    /// The known states of a job that goes on.
    pub progress: Vec<String>,
    /// What is there if, and only if, the job has failed.
    pub error: Option<Path>,
    /// Where it is written.
    pub origin: Pointer,
}

/// Reads the key. Returns `None` if it is invalid; `faults` then says why.
pub(super) fn read(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Polling> {
    let mut keys = Keys::new(value, at, faults, &["property", "success", "failure", "progress", "error"])?;
    let (property, success) = (keys.path("property"), keys.states("success"));
    let (failure, progress) = (keys.states("failure"), keys.states("progress"));
    let error = if keys.has("error") { Some(keys.path("error")?) } else { None };
    if success.is_empty() {
        keys.fault("", "must list the states of a successful job under `success`");
        return None;
    }
    let mut seen = Vec::new();
    for (key, states) in [("success", &success), ("failure", &failure), ("progress", &progress)] {
        for state in states {
            // The runtime compares them like this.
            let state = state.to_ascii_lowercase();
            if seen.contains(&state) {
                keys.fault(key, &format!("lists the state `{state}` twice"));
            }
            seen.push(state);
        }
    }
    Some(Polling { property: property?, success, failure, progress, error, origin: at.clone() })
}
