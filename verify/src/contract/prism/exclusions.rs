//! The calls in which Prism itself is at fault: `verify/contract/prism/exclusions.yaml`.
//!
//! In: the list and the results of calls. Out: errors of the list. Invariant: an unneeded exclusion is an error.

use clientwright_contract::Verdict;
use serde::Deserialize;

use crate::contract::results::{ApiResult, Excuse};
use crate::files::Reason;

/// The list.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exclusions {
    exclusions: Vec<Exclusion>,
}

/// One excused call, with the reason.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Exclusion {
    api: String,
    operation: String,
    form: String,
    #[serde(rename = "reason")]
    _reason: Reason,
}

impl Exclusions {
    /// Excuses the listed calls. Returns errors of the list; entries of APIs that did not run are skipped.
    pub(crate) fn apply(&self, outcomes: &mut [ApiResult]) -> Vec<String> {
        let mut faults = Vec::new();
        for entry in &self.exclusions {
            let Some(outcome) = outcomes.iter_mut().find(|outcome| outcome.name == entry.api) else { continue };
            let mut matching: Vec<_> = outcome
                .calls
                .iter_mut()
                .filter(|call| call.operation == entry.operation && call.form == entry.form)
                .collect();
            let name = format!("{} {} ({})", entry.api, entry.operation, entry.form);
            if matching.is_empty() {
                faults.push(format!("the exclusion of {name} names no call"));
            } else if matching.iter().all(|call| call.verdict == Verdict::Passed) {
                faults.push(format!("the exclusion of {name} is no longer needed: the call passes"));
            }
            for call in matching.iter_mut().filter(|call| call.verdict != Verdict::Passed) {
                call.excuse = Some(Excuse::Excluded);
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::results::Call;
    use crate::files::data;

    fn list() -> serde_json::Value {
        serde_json::json!({ "exclusions": [{ "api": "a", "operation": "list", "form": "full", "reason": "its fault" }] })
    }

    fn parsed(list: serde_json::Value) -> Exclusions {
        serde_json::from_value(list).unwrap()
    }

    fn outcome(name: &str, verdict: Verdict) -> ApiResult {
        let call = Call::example("list", "full", verdict);
        ApiResult { name: name.to_owned(), calls: vec![call], ..ApiResult::default() }
    }

    #[test]
    fn what_is_listed_is_excused() {
        let mut outcomes = [outcome("a", Call::violation())];
        assert!(parsed(list()).apply(&mut outcomes).is_empty());
        assert_eq!(outcomes[0].calls[0].excuse, Some(Excuse::Excluded));
    }

    #[test]
    fn what_nothing_needs_is_a_fault_unless_its_api_did_not_run() {
        let list = parsed(list());
        assert_eq!(list.apply(&mut [outcome("a", Verdict::Passed)]).len(), 1);
        let mut another = outcome("a", Call::violation());
        another.calls[0].made().form = "required".to_owned();
        assert_eq!(list.apply(&mut [another]).len(), 1);
        assert!(list.apply(&mut [outcome("b", Verdict::Passed)]).is_empty());
    }

    #[test]
    fn an_exclusion_has_a_reason_and_nothing_unknown() {
        let mut list = list();
        list["exclusions"][0]["because"] = "its fault".into();
        assert!(serde_json::from_value::<Exclusions>(list.clone()).is_err());
        list["exclusions"][0].as_object_mut().unwrap().shift_remove("because");
        list["exclusions"][0]["reason"] = " ".into();
        assert!(serde_json::from_value::<Exclusions>(list.clone()).is_err());
        list["exclusions"][0].as_object_mut().unwrap().shift_remove("reason");
        assert!(serde_json::from_value::<Exclusions>(list).is_err());
    }

    #[test]
    fn the_list_of_this_repository_can_be_read() {
        data::<Exclusions>(&crate::root().join("verify/contract/prism/exclusions.yaml")).unwrap();
    }
}
