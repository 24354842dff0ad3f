//! Part of `name`: the enums of failures that operations share.
//!
//! In: the calls of all operations, and the names of types. Out: an identifier for each enum.
//!
//! Invariant: the name consists of the enum's contents, and does not include an operation.

use std::collections::BTreeMap;

use indexmap::IndexSet;

use super::ident::{Scope, with_word};
use super::{Names, ResponseEnumName};
use crate::call_variants::{CallVariants, ResponsePayload, StatusPayload};
use crate::ir::StatusMatch;

/// Names the failure enums that operations share, by the index of the first operation.
pub(super) fn shared_failures(calls: &[CallVariants], names: &Names) -> BTreeMap<usize, ResponseEnumName> {
    let mut idents = Scope::default();
    let mut known: BTreeMap<String, &[StatusPayload]> = BTreeMap::new();
    let mut shared = BTreeMap::new();
    for (index, (call, operation)) in calls.iter().zip(&names.operations).enumerate() {
        if let (Some(first), ResponsePayload::ByStatus(statuses), Some(own)) =
            (call.shared_failure, &call.failure, &operation.failure)
            && first == index
        {
            let wanted = name_of(statuses);
            let plain = *known.entry(wanted.clone()).or_insert(statuses);
            let ident = idents.take_or(&wanted, &with_word(&wanted, &differences(statuses, plain, names)));
            shared.insert(index, ResponseEnumName { ident, is_shared: true, ..own.clone() });
        }
    }
    shared
}

/// Returns the name from the statuses: `Error404_422Or5xx`.
fn name_of(statuses: &[StatusPayload]) -> String {
    let statuses: IndexSet<StatusMatch> = statuses.iter().map(|one| one.status).collect();
    statuses.iter().enumerate().fold("Error".to_owned(), |name, (index, status)| {
        let (separator, word) = match status {
            StatusMatch::Code(code) => ("_", code.to_string()),
            StatusMatch::Range(hundred) => ("Or", format!("{hundred}xx")),
            StatusMatch::Default => ("Or", "Default".to_owned()),
        };
        name + if index == 0 { "" } else { separator } + &word
    })
}

/// Returns `WithToy`: the types of bodies that are not in the enum with the plain name.
fn differences(statuses: &[StatusPayload], plain: &[StatusPayload], names: &Names) -> String {
    let others = statuses.iter().filter(|one| plain.iter().all(|other| other.payload != one.payload));
    let types = others.filter_map(|one| names.ty(one.payload?.used?.ty)).map(|name| name.ident.as_str());
    let words: IndexSet<&str> = types.collect();
    let first = if words.is_empty() { "" } else { "With" };
    std::iter::once(first).chain(words).collect()
}
