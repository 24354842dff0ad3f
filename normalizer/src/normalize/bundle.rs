//! Part of `normalize`: many files → one document.
//!
//! In: the input and the files that its references lead to. Out: one document, and which node comes from which file.
//! Invariant: no reference to another file is left, nothing is fetched, and a document without such references is not
//! touched. References within the input are left to the pass for its version.

mod emit;
mod plan;

use super::files::Files;
use super::pass::{Passed, Record};
use crate::structure::slots::Slot;
use emit::Emission;
use plan::{Fault, Plan};

/// Brings together what the input refers to.
pub(super) fn bundle(files: &mut Files) -> Result<Passed, Vec<Fault>> {
    let is_swagger = files.get(0).value.get("swagger").is_some();
    let mut plan = Plan::new(files, is_swagger);
    if !plan.faults.is_empty() {
        return Err(plan.faults);
    }
    let written = if plan.is_changed {
        Emission::new(&mut plan).document()
    } else {
        Record::default().finish(plan.files.take_input())
    };
    written.map_err(|faults| faults.into_iter().map(|fault| (fault, Slot::Data)).collect())
}
