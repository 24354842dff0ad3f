//! The calls in which Prism itself is at fault: `verify/contract/exclusions.toml`.
//!
//! In come the list and what came of the calls, out goes what is wrong with the list. Invariant: an exclusion that nothing needs is a fault.

use std::path::Path;

use toml_edit::Table;

use super::results::{ApiResult, Verdict};
use crate::exceptions;
use crate::files::{at, read};

/// The list.
#[derive(Default)]
pub(crate) struct Exclusions {
    entries: Vec<Exclusion>,
}

/// One call that is excused, and why.
struct Exclusion {
    api: String,
    operation: String,
    form: String,
}

impl Exclusions {
    /// Reads the list.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = read(path)?;
        Self::parse(&text).map_err(at(path))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let entries = exceptions::entries(text, "exclusion", &["api", "operation", "form", "reason"])?;
        Ok(Self { entries: entries.iter().map(Exclusion::of).collect::<Result<_, _>>()? })
    }

    /// Excuses the calls that are listed. What comes back is what is wrong with the list; entries of APIs that did not run are not judged.
    pub(crate) fn apply(&self, outcomes: &mut [ApiResult]) -> Vec<String> {
        let mut faults = Vec::new();
        for entry in &self.entries {
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
                call.verdict = Verdict::Excluded;
            }
        }
        faults
    }
}

impl Exclusion {
    fn of(entry: &Table) -> Result<Self, String> {
        let text = |key: &str| exceptions::text_of(entry, key);
        Ok(Self { api: text("api")?, operation: text("operation")?, form: text("form")? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::Call;
    use super::*;

    const LIST: &str = "[[exclusion]]\napi = \"a\"\noperation = \"list\"\nform = \"full\"\nreason = \"its fault\"\n";

    fn outcome(name: &str, verdict: Verdict) -> ApiResult {
        let call = Call::example("list", "full", verdict);
        ApiResult { name: name.to_owned(), calls: vec![call], ..ApiResult::default() }
    }

    #[test]
    fn what_is_listed_is_excused() {
        let mut outcomes = [outcome("a", Verdict::Violation)];
        assert!(Exclusions::parse(LIST).unwrap().apply(&mut outcomes).is_empty());
        assert_eq!(outcomes[0].calls[0].verdict, Verdict::Excluded);
    }

    #[test]
    fn what_nothing_needs_is_a_fault_unless_its_api_did_not_run() {
        let list = Exclusions::parse(LIST).unwrap();
        assert_eq!(list.apply(&mut [outcome("a", Verdict::Passed)]).len(), 1);
        let mut another = outcome("a", Verdict::Violation);
        another.calls[0].form = "required".to_owned();
        assert_eq!(list.apply(&mut [another]).len(), 1);
        assert!(list.apply(&mut [outcome("b", Verdict::Passed)]).is_empty());
    }

    #[test]
    fn an_exclusion_has_a_reason_and_nothing_unknown() {
        assert!(Exclusions::parse(&LIST.replace("reason", "because")).is_err());
        assert!(Exclusions::parse(&LIST.replace("its fault", "")).is_err());
        assert!(Exclusions::parse("[[exclusions]]\n").is_err());
        assert!(Exclusions::parse("# nothing\n").unwrap().entries.is_empty());
    }

    #[test]
    fn the_list_of_this_repository_can_be_read() {
        Exclusions::read(&crate::root().join("verify/contract/exclusions.toml")).unwrap();
    }
}
