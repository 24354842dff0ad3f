//! Part of `lower`: requests that the server makes, which are webhooks and callbacks of operations.
//!
//! In: path items of `x-webhooks` and `callbacks` (OpenAPI 3.0.3 §4.7.18). Out: operations whose bodies are read.
//!
//! Invariant: none of them is an operation of the API: it is neither counted nor called. What is not generated is named.

use indexmap::IndexMap;
use openapiv3::{Callback, Operation as Declared, Parameter, ParameterData, PathItem, ReferenceOr};

use super::context::Context;
use super::notes;
use super::operations::{described_operation, methods};
use super::parameters::wire;
use super::uses::Direction;
use crate::decode::Webhook;
use crate::ir::{Body, Incoming, IncomingParameter, Method, Operation};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

impl<'d> Context<'d> {
    /// Lowers the webhooks of the document.
    pub(super) fn webhooks(&mut self, webhooks: &'d [Webhook]) {
        for Webhook { name, at, document } in webhooks {
            for place in document.paths.paths.values() {
                if let Some(found) = self.reported(self.resolver.path_item(place, at)) {
                    self.incoming(name, None, found.item, &found.at);
                }
            }
        }
    }

    /// Lowers the callbacks of an operation.
    pub(super) fn callbacks(&mut self, operation: &str, callbacks: &'d IndexMap<String, Callback>, at: &Pointer) {
        for (name, callback) in callbacks {
            for (expression, item) in callback {
                self.incoming(name, Some((operation, expression)), item, &at.key(name).key(expression));
            }
        }
    }

    /// Lowers the requests under a path item; `callback` is the operation whose callbacks they are, and where they are sent.
    fn incoming(&mut self, name: &str, callback: Option<(&str, &str)>, item: &'d PathItem, item_at: &Pointer) {
        let (label, shown) = match callback {
            Some((operation, _)) => (format!("{operation} {name}"), format!("the callback `{name}` of `{operation}`")),
            None => (format!("{name} webhook"), format!("the webhook `{name}`")),
        };
        for (method, key, declared) in methods(item) {
            let at = item_at.key(key);
            if !declared.callbacks.is_empty() {
                let message = format!("callbacks of {shown} are not generated");
                self.unsupported(codes::UNSUPPORTED_CALLBACKS, &at.key("callbacks"), message);
            }
            let mut parameters = self.incoming_parameters(&item.parameters, item_at);
            parameters.extend(self.incoming_parameters(&declared.parameters, &at));
            let operation = self.incoming_operation(&label, method, declared, at);
            self.api.incoming.push(Incoming {
                name: name.to_owned(),
                callback_of: callback.map(|(operation, _)| operation.to_owned()),
                expression: callback.map(|(_, expression)| expression.to_owned()),
                parameters,
                operation,
            });
        }
    }

    /// The request as an operation without tag and security. Its inline types are named after the label.
    fn incoming_operation(&mut self, label: &str, method: Method, declared: &'d Declared, at: Pointer) -> Operation {
        // What comes in is read, so it is subject to the rules of responses.
        let body = declared.request_body.as_ref().and_then(|place| {
            let body = self.request_body(label, place, &at.key("requestBody"), Direction::Read)?;
            Some(Body { name: None, ..body })
        });
        let responses = &declared.responses;
        let responses = if responses.responses.is_empty() && responses.default.is_none() {
            Vec::new()
        } else {
            self.responses(label, responses, &at.key("responses"), false)
        };
        Operation { body, responses, ..described_operation(label.to_owned(), method, declared, at) }
    }

    /// The parameters below `at`: only words are generated for them.
    fn incoming_parameters(
        &mut self,
        parameters: &'d [ReferenceOr<Parameter>],
        at: &Pointer,
    ) -> Vec<IncomingParameter> {
        let at = at.key("parameters");
        let mut lowered = Vec::new();
        for (index, place) in parameters.iter().enumerate() {
            let Some(found) = self.reported(self.resolver.resolve(place, &at.index(index))) else { continue };
            let (location, _, _, data) = wire(found.item);
            let ParameterData { name, description, deprecated, .. } = data;
            let docs = notes::docs(None, description.as_ref(), None, deprecated.unwrap_or(false), &IndexMap::new());
            lowered.push(IncomingParameter { wire_name: name.clone(), location, docs });
        }
        lowered
    }
}
