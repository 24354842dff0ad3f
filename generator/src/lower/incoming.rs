//! Part of `lower`: webhooks, and callbacks of operations.
//!
//! In: path items of `x-webhooks` and `callbacks` (OpenAPI 3.0.3 §4.7.18). Out: the requests, whose bodies are read.
//!
//! Invariant: webhooks and callbacks are not operations of the API: they are neither counted nor called. Unsupported
//! ones are reported.

use super::context::Context;
use super::media::Rules;
use super::notes;
use super::operations::methods;
use super::parameters::location;
use crate::ir::{Body, Callback, Docs, Incoming, IncomingParameter};
use crate::resolve::Node;
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::structure::extensions::WEBHOOKS;
use clientwright_normalizer::structure::rules::is_plain_callback;

/// Returns the supported callbacks of an operation or of `components`; `structure` reports the others.
pub(super) fn plain_callbacks<'d>(holder: &Node<'d>) -> impl Iterator<Item = (&'d String, Node<'d>)> + use<'d> {
    holder.key("callbacks").members().filter(|(_, callback)| is_plain_callback(callback.item))
}

impl<'d> Context<'d> {
    /// Lowers the webhooks of the document (`webhooks` of OpenAPI 3.1.1 §4.8.1).
    pub(super) fn webhooks(&mut self) {
        for (name, item) in self.document.key(WEBHOOKS).members() {
            if let Some(found) = self.reported(self.resolver.path_item(&item)) {
                self.incoming(name, None, &found);
            }
        }
    }

    /// Lowers the callbacks of an operation.
    pub(super) fn callbacks(&mut self, operation: &str, declared: &Node<'d>) {
        for (name, callback) in plain_callbacks(declared) {
            for (expression, item) in callback.members() {
                let callback = Callback { operation: operation.to_owned(), expression: expression.clone() };
                self.incoming(name, Some(&callback), &item);
            }
        }
    }

    /// Lowers the requests of a path item.
    fn incoming(&mut self, name: &str, callback: Option<&Callback>, item: &Node<'d>) {
        let (id, shown) = match callback {
            Some(Callback { operation, .. }) => {
                (format!("{operation} {name}"), format!("the callback `{name}` of `{operation}`"))
            }
            None => (format!("{name} webhook"), format!("the webhook `{name}`")),
        };
        for (method, declared) in methods(item) {
            if plain_callbacks(&declared).next().is_some() {
                let message = format!("callbacks of {shown} are not generated");
                self.unsupported(codes::UNSUPPORTED_CALLBACKS, &declared.at.key("callbacks"), message);
            }
            let mut parameters = self.incoming_parameters(item);
            parameters.extend(self.incoming_parameters(&declared));
            let body = declared.get("requestBody").and_then(|place| {
                let body = self.request_body(&id, &place, Rules::Response)?;
                Some(Body { name: None, ..body })
            });
            let responses = self.responses(&id, &declared.key("responses"), true);
            self.api.incoming.push(Incoming {
                name: name.to_owned(),
                callback: callback.cloned(),
                id: id.clone(),
                method,
                docs: notes::docs(declared.item),
                parameters,
                body,
                responses,
                origin: declared.at,
            });
        }
    }

    /// Returns the parameters of a path item or operation, which are only documented.
    fn incoming_parameters(&mut self, holder: &Node<'d>) -> Vec<IncomingParameter> {
        let places = holder.key("parameters").items();
        let found = places.filter_map(|place| Some(self.resolved(&place, "parameters")?.item));
        let lowered = found.map(|item| IncomingParameter {
            wire_name: notes::required(item, "name").to_owned(),
            location: location(item),
            docs: Docs { inferred: None, ..notes::docs(item) },
        });
        lowered.collect()
    }
}
