//! Part of `repetition`: parses `x-polling`.

use serde_json::Value;

use super::keys::{Faults, Keys, Path};
use crate::pointer::Pointer;

/// The polling of an operation that returns the state of a job (`x-polling`). A state is a string, or the JSON text of a boolean or an
/// integer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polling {
    /// The path to the state in the body.
    pub property: Path,
    /// The states of a successful job. Never empty.
    pub success: Vec<String>,
    /// The states of a failed job.
    pub failure: Vec<String>,
    /// The known states of a running job.
    pub progress: Vec<String>,
    /// The path to a value that is present if and only if the job has failed.
    pub error: Option<Path>,
    /// The pointer to the extension.
    pub origin: Pointer,
}

/// Parses the key. Returns `None` if it is invalid, and adds the reason to `faults`.
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
            // As the runtime compares them.
            let state = state.to_ascii_lowercase();
            if seen.contains(&state) {
                keys.fault(key, &format!("lists the state `{state}` twice"));
            }
            seen.push(state);
        }
    }
    Some(Polling { property: property?, success, failure, progress, error, origin: at.clone() })
}
