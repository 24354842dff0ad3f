//! Part of `repair`: responses that have no body by their status.
//!
//! In: `responses`, and the whole document. Out: such responses without `content`: no server could send it, and without it every
//! answer would be an error. Invariant: a shared response keeps what it holds, for other statuses.

use serde_json::Value;

use super::repairer::Repairer;
use crate::certain::Certain;
use crate::json::{Members, count_nodes, members, object};
use crate::limits::MAX_COPIED;
use crate::normalize::pass::Interpreted;
use crate::normalize::reference::{self, resolved};
use crate::pointer::Pointer;
use crate::structure::grammar::{all_operations, has_no_body};

/// The entry's rule.
const RULE: &str = "content-without-body";

impl Repairer<'_> {
    /// Leaves out the `content` of responses that have no body.
    pub(super) fn bodiless(&mut self, responses: &mut Members) {
        for (status, response) in responses.iter_mut().filter(|(status, _)| has_no_body(status)) {
            let Value::Object(response) = response else { continue };
            if has_content(response) {
                response.shift_remove("content");
                self.count(RULE, status, Interpreted, text(status));
            }
        }
    }

    /// Replaces references to shared responses that have a body with copies that have none.
    pub(super) fn bodiless_references(&mut self, document: &mut Value) {
        let mut left = MAX_COPIED;
        for (at, response) in with_shared_content(document, &mut left) {
            let Some(node) = document.pointer_mut(at.as_str()) else { continue };
            *node = response.into();
            let text = text(&at.last().certain("a response has a status"));
            self.record.count(RULE, Interpreted, at, text);
        }
    }
}

/// The responses without a body that refer to one with a body, each with what is left of that. `left`: how many values may be copied.
fn with_shared_content(document: &Value, left: &mut usize) -> Vec<(Pointer, Members)> {
    let mut found = Vec::new();
    for (.., at, operation) in all_operations(document) {
        let responses = members(operation.get("responses")).filter(|(status, _)| has_no_body(status));
        for (status, response) in responses.filter(|(_, response)| reference::text(response).is_some()) {
            let Some(Value::Object(shared)) = resolved(document, response) else { continue };
            let rest = || shared.iter().filter(|(key, _)| *key != "content");
            let size: usize = rest().map(|(_, part)| count_nodes(part)).sum();
            if has_content(shared) && size < *left {
                *left -= size;
                let at = at.key("responses").key(status);
                found.push((at, rest().map(|(key, part)| (key.clone(), part.clone())).collect()));
            }
        }
    }
    found
}

fn has_content(response: &Members) -> bool {
    object(response, "content").is_some_and(|content| !content.is_empty())
}

fn text(status: &str) -> String {
    format!("removed `content` of the status {status}, which has no body in HTTP")
}
