//! Part of `lower`: paths and operations.
//!
//! In: `paths`. Out: the operations of the IR, and the number of operations of the document.
//!
//! Invariant: every operation of the document is lowered, or counted as unsupported and reported.

use serde_json::Value;

use super::context::{Context, owner};
use super::media::Rules;
use super::notes;
use crate::ir::{Body, Docs, Location, Method, Operation, Parameter, Role, Section, Style};
use crate::resolve::Node;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::json::items;
use clientwright_normalizer::normalize::operation_id;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::repetition;
use clientwright_normalizer::structure::extensions::BODY_NAME;
use clientwright_normalizer::structure::grammar::{is_token, operations};
use clientwright_normalizer::structure::template;

/// The section of request bodies under `components`.
const BODIES: &str = "requestBodies";

impl<'d> Context<'d> {
    /// Lowers every operation under `paths`.
    pub(super) fn operations(&mut self) {
        for (path, place) in self.document.key("paths").members().filter(|(path, _)| path.starts_with('/')) {
            let Some(found) = self.reported(self.resolver.path_item(&place)) else { continue };
            for (method, node) in methods(&found) {
                match self.operation(path, method, &found, node) {
                    Some(operation) => self.api.operations.push(operation),
                    None => self.api.unsupported_operations += 1,
                }
            }
        }
    }

    /// Lowers an operation. Returns `None` if it cannot be generated, which is reported.
    fn operation(&mut self, path: &str, method: Method, place: &Node<'d>, node: Node<'d>) -> Option<Operation> {
        let declared = node.item;
        let id = self.operation_id(path, &method, declared["operationId"].as_str(), &node.at);
        let server = self.own_server([declared, place.item]);
        self.callbacks(&id, &node);
        // All parts are lowered before any failure is returned, so that every problem is reported at once.
        let parameters = self.parameters(&id, path, [place, &node]);
        self.check_route(path, &method, parameters.as_deref().unwrap_or_default(), &node.at);
        let body = self.body(&id, &method, node.get("requestBody"));
        let mut responses = self.responses(&id, &node.key("responses"), false);
        self.reject_mixed_streams(&id, &mut responses);
        if method == Method::Head {
            // Regardless of the document, there is no response body (RFC 9110 §9.3.2).
            responses.iter_mut().for_each(|response| response.media_types.clear());
        }
        let security = node.get("security").unwrap_or_else(|| self.document.key("security"));
        let (security, left_to_caller) = self.requirements(security);
        let mut docs = notes::docs(declared);
        if !left_to_caller.is_empty() {
            let text = format!("Requires {}, which the caller must apply.", left_to_caller.join(" or "));
            docs.description = Some(docs.description.map(|known| format!("{known}\n\n{text}")).unwrap_or(text));
        }
        let mut parameters = parameters?;
        // A vendor may use the same key with another meaning.
        let idempotency_key = notes::string(declared, "x-idempotency-key").filter(|name| is_token(name));
        if let Some(header) = &idempotency_key {
            // The client generates an idempotency key if the caller sets none.
            let is_key = |parameter: &&mut Parameter| {
                parameter.location == Location::Header && parameter.wire_name.eq_ignore_ascii_case(header)
            };
            parameters.iter_mut().filter(is_key).for_each(|parameter| parameter.required = false);
        }
        let tag = items(&declared["tags"]).next().and_then(Value::as_str);
        Some(Operation {
            id,
            method,
            path: path.to_owned(),
            server,
            parameters,
            body: body?,
            responses,
            security,
            pagination: repetition::pagination(declared, &node.at),
            polling: repetition::polling(declared, &node.at),
            tag: self.tag(tag, Docs::default),
            docs,
            idempotent: declared["x-idempotent"] == true,
            idempotency_key,
            origin: node.at,
        })
    }

    fn operation_id(&mut self, path: &str, method: &Method, id: Option<&str>, at: &Pointer) -> String {
        let suggested = operation_id(method.key(), path);
        let Some(id) = id else {
            let message =
                format!("the operation `{method} {path}` must have an `operationId`, which determines its name");
            let diagnostic = Diagnostic::invalid(codes::MISSING_OPERATION_ID, self.file, at.clone(), message);
            self.report(diagnostic.at_key().with_help(format!("add `operationId: {suggested}`")));
            return suggested;
        };
        let at = at.key("operationId");
        if id.trim().is_empty() {
            let message = format!("the `operationId` of `{method} {path}` must not be empty");
            let diagnostic = Diagnostic::invalid(codes::MISSING_OPERATION_ID, self.file, at.clone(), message);
            self.report(diagnostic.with_help(format!("write `operationId: {suggested}`")));
        }
        if let Some(first) = self.operation_ids.get(id) {
            let message = format!("duplicate `operationId` `{id}`");
            let diagnostic = Diagnostic::invalid(codes::DUPLICATE_OPERATION_ID, self.file, at, message);
            self.report(diagnostic.with_note(first.clone(), "first used here"));
        } else {
            self.operation_ids.insert(id.to_owned(), at);
        }
        id.to_owned()
    }

    /// Reports paths that differ only in the names of their parameters (OpenAPI 3.0.3 §4.7.8). Both can be called. A parameter of
    /// several segments is exempt, because its values are paths that the server distinguishes.
    fn check_route(&mut self, path: &str, method: &Method, parameters: &[Parameter], at: &Pointer) {
        if parameters.iter().any(|parameter| parameter.style == Style::Segments) {
            return;
        }
        let key = (method.clone(), template::outline(path));
        if let Some(first) = self.routes.get(&key) {
            let message =
                format!("`{method} {path}` differs from another operation only in the names of its path parameters");
            let diagnostic = Diagnostic::unsupported(codes::DUPLICATE_ROUTE, self.file, at.clone(), message).at_key();
            self.report(diagnostic.with_note(first.clone(), "first here"));
        } else {
            self.routes.insert(key, at.clone());
        }
    }

    /// Lowers the request body. Returns `None` if a required body cannot be sent, which is reported.
    fn body(&mut self, id: &str, method: &Method, place: Option<Node<'d>>) -> Option<Option<Body>> {
        let Some(place) = place else { return Some(None) };
        if matches!(method, Method::Head | Method::Trace) {
            self.resolved(&place, BODIES)?;
            // A body is forbidden for TRACE (RFC 9110 §9.3.8) and meaningless for HEAD (§9.3.2).
            let message = format!("`{method}` has no request body: the request body of `{id}` is not sent");
            self.unsupported(codes::IGNORED_REQUEST_BODY, &place.at, message);
            return Some(None);
        }
        let body = self.request_body(id, &place, Rules::Request)?;
        if body.media_types.is_empty() {
            let message = format!("the request body of `{id}` has no media type and is not sent");
            self.unsupported(codes::IGNORED_REQUEST_BODY, &body.origin.key("content"), message);
            return Some(None);
        }
        Some(Some(body))
    }

    /// Returns a request body; `None` if its reference is broken, which is reported.
    pub(super) fn request_body(&mut self, operation: &str, place: &Node<'d>, rules: Rules) -> Option<Body> {
        let found = self.resolved(place, BODIES)?;
        let owner = |index| owner(found.component(), Section::RequestBodies, operation, Role::RequestBody(index));
        Some(Body {
            name: notes::string(found.item, BODY_NAME),
            required: found.item["required"] == true,
            media_types: self.media_types(rules, &found, owner),
            docs: notes::docs(found.item),
            origin: found.at.clone(),
        })
    }
}

/// Returns the operations of a path item, in OpenAPI's order.
pub(super) fn methods<'d>(item: &Node<'d>) -> impl Iterator<Item = (Method, Node<'d>)> {
    operations(item.item)
        .map(|(name, below, operation)| (Method::of(name), Node { item: operation, at: item.at.join(&below) }))
}
