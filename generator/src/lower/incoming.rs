//! Part of `lower`: webhooks, and callbacks of operations.
//!
//! In: path items of `x-webhooks` and `callbacks` (OpenAPI 3.0.3 §4.7.18). Out: the requests, whose bodies are read.
//!
//! Invariant: they are not operations of the API: they are neither counted nor called. Unsupported ones are reported.

use serde_json::Value;

use super::context::Context;
use super::media::Rules;
use super::notes;
use super::operations::methods;
use super::parameters::location;
use crate::ir::{Body, Callback, Docs, Incoming, IncomingParameter};
use crate::resolve::Found;
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::json::{items, members};
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::WEBHOOKS;
use clientwright_normalizer::structure::grammar::is_extension;
use clientwright_normalizer::structure::rules::is_plain_callback;

/// Returns the supported callbacks of an operation or of `components`; `structure` reports the others.
pub(super) fn plain_callbacks(holder: &Value) -> impl Iterator<Item = (&String, &Value)> {
    members(&holder["callbacks"]).filter(|(_, callback)| is_plain_callback(callback))
}

impl<'d> Context<'d> {
    /// Lowers the webhooks of the document (`webhooks` of OpenAPI 3.1.1 §4.8.1).
    pub(super) fn webhooks(&mut self) {
        for (name, item) in members(&self.document[WEBHOOKS]) {
            let at = Pointer::root().key(WEBHOOKS).key(name);
            if let Some(found) = self.reported(self.resolver.path_item(item, &at)) {
                self.incoming(name, None, found.item, &found.at);
            }
        }
    }

    /// Lowers the callbacks of the operation at `at`.
    pub(super) fn callbacks(&mut self, operation: &str, declared: &'d Value, at: &Pointer) {
        for (name, callback) in plain_callbacks(declared) {
            for (expression, item) in members(callback) {
                let at = at.key("callbacks").key(name).key(expression);
                let callback = Callback { operation: operation.to_owned(), expression: expression.clone() };
                self.incoming(name, Some(&callback), item, &at);
            }
        }
    }

    /// Lowers the requests of a path item.
    fn incoming(&mut self, name: &str, callback: Option<&Callback>, item: &'d Value, item_at: &Pointer) {
        let (id, shown) = match callback {
            Some(Callback { operation, .. }) => {
                (format!("{operation} {name}"), format!("the callback `{name}` of `{operation}`"))
            }
            None => (format!("{name} webhook"), format!("the webhook `{name}`")),
        };
        for (method, below, declared) in methods(item) {
            let at = item_at.join(&below);
            if plain_callbacks(declared).next().is_some() {
                let message = format!("callbacks of {shown} are not generated");
                self.unsupported(codes::UNSUPPORTED_CALLBACKS, &at.key("callbacks"), message);
            }
            let mut parameters = self.incoming_parameters(item, item_at);
            parameters.extend(self.incoming_parameters(declared, &at));
            // Incoming bodies are read.
            let body = declared.get("requestBody").and_then(|place| {
                let body = self.request_body(&id, place, &at.key("requestBody"), Rules::Response)?;
                Some(Body { name: None, ..body })
            });
            let responses = &declared["responses"];
            let responses = if members(responses).all(|(key, _)| is_extension(key)) {
                Vec::new()
            } else {
                self.responses(&id, responses, &at.key("responses"), false)
            };
            self.api.incoming.push(Incoming {
                name: name.to_owned(),
                callback: callback.cloned(),
                id: id.clone(),
                method,
                docs: notes::docs(declared),
                parameters,
                body,
                responses,
                origin: at,
            });
        }
    }

    /// Returns the parameters of the path item or operation at `at`: only documentation is generated for them.
    fn incoming_parameters(&mut self, holder: &'d Value, at: &Pointer) -> Vec<IncomingParameter> {
        let at = at.key("parameters");
        let mut lowered = Vec::new();
        for (index, place) in items(&holder["parameters"]).enumerate() {
            let Some(Found { item, .. }) = self.resolved(place, &at.index(index), "parameters") else { continue };
            let wire_name = notes::required(item, "name").to_owned();
            let docs = Docs { inferred: None, ..notes::docs(item) };
            lowered.push(IncomingParameter { wire_name, location: location(item), docs });
        }
        lowered
    }
}
