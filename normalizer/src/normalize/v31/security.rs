//! Part of `v31`: security that 3.0 cannot say.
//!
//! Invariant: an operation that needs a client certificate is never one that does without. The scheme stays, as an HTTP
//! scheme that nobody knows, so that every requirement that names it still asks for it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Convert;
use super::node::Node;
use crate::normalize::pass::Weight;

/// Which schemes ask for a client certificate, and what operations need that say nothing of their own.
#[derive(Default)]
pub(super) struct Needs {
    certificates: BTreeSet<String>,
    /// Whether the document's own requirement cannot be met without one.
    by_default: bool,
}

impl Needs {
    pub(super) fn of(document: &Value) -> Self {
        let schemes = document.get("components").and_then(|all| all.get("securitySchemes")).and_then(Value::as_object);
        let is_mutual = |scheme: &Value| scheme.get("type").is_some_and(|kind| kind == "mutualTLS");
        let schemes = schemes.into_iter().flatten().filter(|(_, scheme)| is_mutual(scheme));
        let mut needs = Self { certificates: schemes.map(|(name, _)| name.clone()).collect(), by_default: false };
        needs.by_default = document.get("security").is_some_and(|security| needs.certificate(security));
        needs
    }

    /// Whether every alternative asks for a certificate.
    fn certificate(&self, security: &Value) -> bool {
        let asks = |alternative: &Value| {
            let names = alternative.as_object();
            names.is_some_and(|names| names.keys().any(|name| self.certificates.contains(name)))
        };
        let alternatives = security.as_array();
        alternatives.is_some_and(|alternatives| !alternatives.is_empty() && alternatives.iter().all(asks))
    }
}

/// Says of an operation that only a client certificate opens it.
pub(super) fn operation(convert: &mut Convert, node: &mut Node, called: &str) {
    let needed = node.get("security").map_or(convert.needs.by_default, |own| convert.needs.certificate(own));
    if needed && !node.has("x-unsupported") {
        node.set("x-unsupported", "mutualTLS");
        let text =
            format!("{called} needs a client certificate (mutualTLS), which 3.0 cannot say: it is not supported");
        convert.note("mutual-tls", Weight::Lossy, "", text);
    }
}

/// `type: mutualTLS` (3.1 §4.8.27).
pub(super) fn scheme(convert: &mut Convert, node: &mut Node) {
    if node.text("type") != Some("mutualTLS") {
        return;
    }
    node.set("type", "http");
    node.set("scheme", "mutualTLS");
    node.set("x-unsupported", json!("mutualTLS"));
    let text = "`mutualTLS` is written as an HTTP scheme that no client knows: it stays required, and is not supported";
    convert.note("mutual-tls", Weight::Lossy, "type", text);
}
