//! Part of `lower`: requests that the server makes, which are webhooks and callbacks of operations.
//!
//! In: the path items of `x-webhooks` and of `callbacks` (OpenAPI 3.0.3 §4.7.18). Out: those of the IR, each as an operation
//! whose body is read and whose responses are sent.
//!
//! Invariant: none of them is an operation of the API: it is neither counted nor called. What is not generated is named.

use openapiv3::{Callback, Operation as Declared, Parameter as DeclaredParameter, ReferenceOr, RequestBody};

use super::context::Context;
use super::notes;
use super::operations::methods;
use crate::decode::Webhook;
use crate::ir::{Body, Incoming, IncomingParameter, Location, Method, Operation, Owner, TagId};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

/// What is known about a request before it is read.
struct Site<'a> {
    name: &'a str,
    callback: Option<(&'a str, &'a str)>,
    method: Method,
    at: Pointer,
}

impl Site<'_> {
    /// What its inline types are named after.
    fn label(&self) -> String {
        match self.callback {
            Some((operation, _)) => format!("{operation} {}", self.name),
            None => format!("{} webhook", self.name),
        }
    }

    /// What it is called in a message.
    fn shown(&self) -> String {
        match self.callback {
            Some((operation, _)) => format!("the callback `{}` of `{operation}`", self.name),
            None => format!("the webhook `{}`", self.name),
        }
    }
}

impl<'d> Context<'d> {
    /// Lowers the webhooks of the document.
    pub(super) fn webhooks(&mut self, webhooks: &'d [Webhook]) {
        for Webhook { name, at, document } in webhooks {
            for place in document.paths.paths.values() {
                let Some(found) = self.reported(self.resolver.path_item(place, at)) else { continue };
                let shared = (found.item.parameters.as_slice(), found.at.key("parameters"));
                for (method, declared) in methods(found.item) {
                    let at = found.at.key(method.key());
                    self.incoming(&Site { name, callback: None, method, at }, declared, &shared);
                }
            }
        }
    }

    /// Lowers the callbacks of an operation.
    pub(super) fn callbacks(
        &mut self,
        operation: &str,
        callbacks: impl IntoIterator<Item = (&'d String, &'d Callback)>,
        at: &Pointer,
    ) {
        for (name, callback) in callbacks {
            for (expression, item) in callback {
                let at = at.key(name).key(expression);
                for (method, declared) in methods(item) {
                    let site = Site { name, callback: Some((operation, expression)), method, at: at.key(method.key()) };
                    self.incoming(&site, declared, &(item.parameters.as_slice(), at.key("parameters")));
                }
            }
        }
    }

    fn incoming(
        &mut self,
        site: &Site<'_>,
        declared: &'d Declared,
        shared: &(&'d [ReferenceOr<DeclaredParameter>], Pointer),
    ) {
        let Declared {
            tags: _, // it belongs to no client
            summary,
            description,
            external_docs,
            operation_id: _, // its key names it
            parameters,
            request_body,
            responses,
            callbacks,
            deprecated,
            security: _, // how the server proves itself is up to whoever is called
            servers: _,  // likewise where that is
            extensions,
        } = declared;
        if !callbacks.is_empty() {
            let message = format!("callbacks of {} are not generated", site.shown());
            self.unsupported(codes::UNSUPPORTED_CALLBACKS, &site.at.key("callbacks"), message);
        }
        let mut sent_along = self.incoming_parameters(shared.0, &shared.1);
        sent_along.extend(self.incoming_parameters(parameters, &site.at.key("parameters")));
        let body = request_body.as_ref().and_then(|place| self.incoming_body(site, place));
        let responses = if responses.responses.is_empty() && responses.default.is_none() {
            Vec::new()
        } else {
            self.responses(&site.label(), responses, &site.at.key("responses"))
        };
        let inferred = notes::inferred(extensions);
        let operation = Operation {
            id: site.label(),
            method: site.method,
            path: String::new(),
            server: None,
            tag: TagId(0),
            docs: notes::docs(summary.as_ref(), description.as_ref(), external_docs.as_ref(), *deprecated, inferred),
            parameters: Vec::new(),
            body,
            responses,
            security: Vec::new(),
            origin: site.at.clone(),
        };
        self.incoming.push(Incoming {
            name: site.name.to_owned(),
            callback_of: site.callback.map(|(operation, _)| operation.to_owned()),
            expression: site.callback.map(|(_, expression)| expression.to_owned()),
            parameters: sent_along,
            operation,
        });
    }

    fn incoming_body(&mut self, site: &Site<'_>, place: &'d ReferenceOr<RequestBody>) -> Option<Body> {
        let found = self.reported(self.resolver.resolve(place, &site.at.key("requestBody")))?;
        let RequestBody { description, content, required, extensions } = found.item;
        let label = site.label();
        // What comes in is read, so it is subject to the rules of responses.
        let media_types = self.response_media(content, &found.at.key("content"), |media_type| match &found.component {
            Some(component) => Owner::SharedRequestBody(component.clone()),
            None => Owner::RequestBody { operation: label.clone(), media_type },
        });
        let docs = notes::described(description.as_ref(), extensions);
        Some(Body { name: None, required: *required, media_types, docs, origin: found.at })
    }

    /// What comes with the request besides its body: only words are generated for it.
    fn incoming_parameters(
        &mut self,
        parameters: &'d [ReferenceOr<DeclaredParameter>],
        at: &Pointer,
    ) -> Vec<IncomingParameter> {
        let mut lowered = Vec::new();
        for (index, place) in parameters.iter().enumerate() {
            let Some(found) = self.reported(self.resolver.resolve(place, &at.index(index))) else { continue };
            let location = match found.item {
                DeclaredParameter::Query { .. } => Location::Query,
                DeclaredParameter::Header { .. } => Location::Header,
                DeclaredParameter::Path { .. } => Location::Path,
                DeclaredParameter::Cookie { .. } => Location::Cookie,
            };
            let data = found.item.parameter_data_ref();
            let docs = notes::docs(None, data.description.as_ref(), None, data.deprecated.unwrap_or(false), None);
            lowered.push(IncomingParameter { wire_name: data.name.clone(), location, docs });
        }
        lowered
    }
}
