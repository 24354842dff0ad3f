//! Part of `decode`: webhooks, which OpenAPI 3.0 has no place for.
//!
//! In: a document. Out: each entry of its `x-webhooks` (`webhooks` of OpenAPI 3.1.1 §4.8.1), decoded. Invariant: the
//! rules of paths apply, but an entry that breaks them is only left out and named: an extension may hold anything.

use openapiv3::OpenAPI;
use serde_json::{Value, json};

use super::decode;
use clientwright_normalizer::diagnostic::{Diagnostic, any_error, codes};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure;

/// The path that stands for a webhook while it is decoded.
const PATH: &str = "/webhook";

/// A webhook as the only path of a document of its own. What it refers to is in the document that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    /// Its key under `x-webhooks`.
    pub name: String,
    /// Where it is.
    pub at: Pointer,
    /// The document with its path item.
    pub document: OpenAPI,
}

/// Decodes the webhooks of a document. What cannot be decoded is named.
pub(crate) fn webhooks(source_name: &str, value: &Value) -> (Vec<Webhook>, Vec<Diagnostic>) {
    let (mut webhooks, mut found) = (Vec::new(), Vec::new());
    let at = Pointer::root().key("x-webhooks");
    for (name, item) in value.get("x-webhooks").and_then(Value::as_object).into_iter().flatten() {
        let at = at.key(name);
        let paths = json!({ "openapi": "3.0.3", "info": { "title": name, "version": "" }, "paths": { PATH: item } });
        let examined = structure::examine(source_name, &paths);
        let decoded = decode(source_name, &paths, &examined);
        let mut said = examined.found;
        match decoded {
            Ok(document) if !any_error(&said) => {
                webhooks.push(Webhook { name: name.clone(), at: at.clone(), document });
            }
            decoded => {
                let first = said.into_iter().chain(decoded.err().into_iter().flatten()).find(Diagnostic::is_error);
                let refused = first.map(|error| {
                    let message = format!("the webhook `{name}` is not generated: {}", error.message);
                    Diagnostic::unsupported(codes::UNSUPPORTED_WEBHOOK, source_name, error.pointer, message)
                });
                said = refused.into_iter().collect();
            }
        }
        found.extend(said.into_iter().map(|said| Diagnostic { pointer: moved(&said.pointer, &at), ..said }));
    }
    (webhooks, found)
}

/// A place in the document of a webhook, in the document that it comes from.
fn moved(pointer: &Pointer, at: &Pointer) -> Pointer {
    let own = Pointer::root().key("paths").key(PATH);
    let rest = pointer.as_str().strip_prefix(own.as_str()).unwrap_or_default();
    Pointer::parse(&format!("{}{rest}", at.as_str())).unwrap_or_else(|| at.clone())
}
