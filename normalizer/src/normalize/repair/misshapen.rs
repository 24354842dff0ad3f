//! Part of `repair`: what is still not OpenAPI 3.0.3 after the repair of a node is left out.
//!
//! In: a node whose parts are settled. Out: the node without what makes it misshapen, or what is wrong with it as a whole. Invariant: every
//! step removes a part, and says so as lossy.

use serde_json::Value;

use super::Repairer;
use crate::diagnostic::{Diagnostic, codes};
use crate::json;
use crate::normalize::pass::nearest;
use crate::pointer::Pointer;
use crate::structure::grammar::{Form, Kind, Object};
use crate::structure::{examine_node, examine_part};

/// Parts of a node that have to go, each with its key and what is wrong with it.
pub(super) type Faults = Vec<(Pointer, Diagnostic)>;

impl Repairer<'_> {
    /// Leaves out the misshapen parts of a node. Returns the fault of a part without which the node would have another meaning.
    pub(super) fn leave_out_parts(
        &mut self,
        value: &mut Value,
        object: Option<&'static Object>,
        mut faults: Faults,
    ) -> Option<Diagnostic> {
        // An object without such a part would not be less, but something else: a parameter that is sent elsewhere, a security requirement that
        // asks for fewer credentials.
        let is_essential = |key: &Pointer| match object.map(|object| object.kind) {
            Some(Kind::Parameter | Kind::SecurityScheme) => key.as_str() == "/in" && value["name"].is_string(),
            kind => kind == Some(Kind::SecurityRequirement),
        };
        if let Some(index) = faults.iter().position(|(key, _)| is_essential(key)) {
            return Some(faults.swap_remove(index).1);
        }
        let keys: Vec<String> = faults.iter().filter_map(|(key, _)| key.last()).collect();
        for (key, fault) in faults {
            let before = self.record.provenance.origin(&self.path.join(&key));
            self.losses += 1;
            self.record.lost(fault, before, self.path.clone());
        }
        self.record.provenance.remove_parts(value, &self.path, &keys);
        None
    }

    /// Leaves out what makes a node misshapen. `name` is the key that it is under. Returns what is wrong with the node as a whole.
    pub(super) fn settle(&mut self, value: &mut Value, form: &'static Form, name: &str) -> Option<Diagnostic> {
        loop {
            let faults = if form.is_reference(value) {
                examine_part("", value, form, &self.path)
            } else {
                examine_node(value, form, &self.path, name)
            };
            // Names of components are settled with the references to them.
            let mut errors = faults.into_iter().filter(|fault| fault.is_error() && fault.code != codes::BAD_NAME);
            let fault = errors.next()?;
            let Some(below) = fault.pointer.below(&self.path) else { return Some(fault) };
            let at = nearest(value, below);
            if at == Pointer::root() {
                return Some(fault);
            }
            self.losses += 1;
            self.record.left_out_below(value, &self.path, &at, fault);
            self.repair_again(value, form);
        }
    }
}

pub(super) fn has_requirements(holder: &Value) -> bool {
    json::items(holder.get("security")).len() > 0
}
