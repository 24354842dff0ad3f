//! Part of `lower`: paths and operations.
//!
//! In: `paths`. Out: the operations of the IR, and how many the document holds.
//!
//! Invariant: every operation of the document is lowered, or counted as unsupported and named in a diagnostic.

use std::collections::BTreeMap;

use openapiv3::{Operation as Declared, PathItem, ReferenceOr, RequestBody};

use super::context::Context;
use super::parameters::{ClientHeaders, Lowered};
use super::security::Schemes;
use super::tags::Tags;
use super::{notes, template};
use crate::ir::{Body, Method, Operation, Owner, Requirement};
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

/// What the operations of a document gave.
#[derive(Debug, Default)]
pub(super) struct Operations {
    pub(super) lowered: Vec<Operation>,
    /// For each operation, the shared components of its parameters.
    pub(super) shared: Vec<Vec<Option<String>>>,
    /// How many the document holds.
    pub(super) total: usize,
    /// How many of them are named in a diagnostic instead of being generated.
    pub(super) unsupported: usize,
}

/// What lowering the operations builds up besides them.
pub(super) struct Tables {
    pub(super) schemes: Schemes,
    pub(super) headers: ClientHeaders,
    pub(super) tags: Tags,
    /// Where each `operationId` was first seen.
    ids: BTreeMap<String, Pointer>,
    /// Where each method and outline of a path was first seen.
    routes: BTreeMap<(Method, String), Pointer>,
}

impl Tables {
    pub(super) fn new(schemes: Schemes, tags: Tags) -> Self {
        Self { schemes, headers: ClientHeaders::default(), tags, ids: BTreeMap::new(), routes: BTreeMap::new() }
    }
}

/// One operation where it is declared.
struct Site<'d> {
    path: &'d str,
    method: Method,
    item: &'d PathItem,
    item_at: Pointer,
    operation: &'d Declared,
    at: Pointer,
}

impl<'d> Context<'d> {
    /// Lowers every operation under `paths`.
    pub(super) fn operations(&mut self, tables: &mut Tables) -> Operations {
        let mut operations = Operations::default();
        for (path, place) in &self.document.paths.paths {
            let at = Pointer::root().key("paths").key(path);
            let Some(found) = self.reported(self.resolver.path_item(place, &at)) else { continue };
            for (method, operation) in methods(found.item) {
                let at = found.at.key(method.key());
                operations.total += 1;
                let site = Site { path, method, item: found.item, item_at: found.at.clone(), operation, at };
                match self.operation(&site, tables) {
                    Some((operation, shared)) => {
                        operations.lowered.push(operation);
                        operations.shared.push(shared);
                    }
                    None => operations.unsupported += 1,
                }
            }
        }
        operations
    }

    /// `None` if the operation cannot be generated, which is reported.
    fn operation(&mut self, site: &Site<'d>, tables: &mut Tables) -> Option<(Operation, Vec<Option<String>>)> {
        let Declared {
            tags,
            summary,
            description,
            external_docs,
            operation_id,
            parameters,
            request_body,
            responses,
            callbacks,
            deprecated,
            security,
            servers,
            extensions,
        } = site.operation;
        let id = self.operation_id(site, operation_id.as_deref(), &mut tables.ids);
        self.check_route(site, &mut tables.routes);
        let server = self.own_server([(servers, &site.at), (&site.item.servers, &site.item_at)]);
        self.callbacks(&id, callbacks, &site.at.key("callbacks"));
        let lists = [
            (site.item.parameters.as_slice(), site.item_at.key("parameters")),
            (parameters.as_slice(), site.at.key("parameters")),
        ];
        // All parts are lowered before any of them ends it, so that every problem is reported at once.
        let parameters = self.parameters(&id, site.path, lists, &mut tables.headers);
        let body = self.body(&id, site, request_body.as_ref());
        let responses = self.responses(&id, responses, &site.at.key("responses"));
        let security = self.security(&id, security.as_deref(), &site.at, &tables.schemes);
        let (parameters, body, security) = (parameters?, body?, security?);
        tables.schemes.mark(&security);
        let (parameters, shared) =
            parameters.into_iter().map(|Lowered { parameter, shared }| (parameter, shared)).unzip();
        let operation = Operation {
            id,
            method: site.method,
            path: site.path.to_owned(),
            server,
            tag: tables.tags.of(tags.first().map(String::as_str)),
            docs: notes::docs(
                summary.as_ref(),
                description.as_ref(),
                external_docs.as_ref(),
                *deprecated,
                notes::inferred(extensions),
            ),
            parameters,
            body,
            responses,
            security,
            origin: site.at.clone(),
        };
        Some((operation, shared))
    }

    fn operation_id(&mut self, site: &Site<'d>, id: Option<&str>, ids: &mut BTreeMap<String, Pointer>) -> String {
        let Some(id) = id else {
            let suggested = suggest(site.method, site.path);
            let message = format!(
                "the operation `{} {}` has no `operationId`, from which it takes its name",
                site.method, site.path
            );
            let diagnostic = Diagnostic::invalid(codes::MISSING_OPERATION_ID, self.file, site.at.clone(), message);
            self.report(diagnostic.at_key().with_help(format!("add `operationId: {suggested}`")));
            return suggested;
        };
        let at = site.at.key("operationId");
        if id.trim().is_empty() {
            let message = format!("the `operationId` of `{} {}` is empty", site.method, site.path);
            let help = format!("write `operationId: {}`", suggest(site.method, site.path));
            self.report(
                Diagnostic::invalid(codes::MISSING_OPERATION_ID, self.file, at.clone(), message).with_help(help),
            );
        }
        if let Some(first) = ids.get(id) {
            let message = format!("the `operationId` `{id}` is used twice");
            let diagnostic = Diagnostic::invalid(codes::DUPLICATE_OPERATION_ID, self.file, at, message);
            self.report(diagnostic.with_note(first.clone(), "first used here"));
        } else {
            ids.insert(id.to_owned(), at);
        }
        id.to_owned()
    }

    /// Two paths that differ in nothing but the names of their parameters are the same to a server (OpenAPI 3.0.3 §4.7.8).
    /// Both can be called all the same.
    fn check_route(&mut self, site: &Site<'d>, routes: &mut BTreeMap<(Method, String), Pointer>) {
        let key = (site.method, template::outline(site.path));
        let at = Pointer::root().key("paths").key(site.path).key(site.method.key());
        if let Some(first) = routes.get(&key) {
            let message = format!(
                "`{} {}` differs from another operation only in the names of its path parameters",
                site.method, site.path
            );
            let diagnostic = Diagnostic::unsupported(codes::DUPLICATE_ROUTE, self.file, at, message).at_key();
            self.report(diagnostic.with_note(first.clone(), "first here"));
        } else {
            routes.insert(key, at);
        }
    }

    fn security(
        &mut self,
        id: &str,
        own: Option<&'d [openapiv3::SecurityRequirement]>,
        at: &Pointer,
        schemes: &Schemes,
    ) -> Option<Vec<Requirement>> {
        match own {
            Some(own) => schemes.requirements(self, id, own, &at.key("security")),
            None => {
                let global = self.document.security.as_deref().unwrap_or_default();
                schemes.requirements(self, id, global, &Pointer::root().key("security"))
            }
        }
    }

    /// `None` if a body is needed that cannot be sent, which is reported.
    fn body(&mut self, id: &str, site: &Site<'d>, place: Option<&'d ReferenceOr<RequestBody>>) -> Option<Option<Body>> {
        let Some(place) = place else { return Some(None) };
        let at = site.at.key("requestBody");
        let found = self.reported(self.resolver.resolve(place, &at))?;
        if matches!(site.method, Method::Head | Method::Trace) {
            // RFC 9110 §9.3.8 forbids it for TRACE, §9.3.2 gives it no meaning for HEAD.
            let message = format!("`{}` takes no request body: that of `{id}` is not sent", site.method);
            self.unsupported(codes::IGNORED_REQUEST_BODY, &at, message);
            return Some(None);
        }
        let RequestBody { description, content, required, extensions } = found.item;
        let media_types = self.request_media(content, &found.at.key("content"), |media_type| match &found.component {
            Some(component) => Owner::SharedRequestBody(component.clone()),
            None => Owner::RequestBody { operation: id.to_owned(), media_type },
        });
        if content.is_empty() {
            let message = format!("the request body of `{id}` lists no media type and is not sent");
            self.unsupported(codes::IGNORED_REQUEST_BODY, &found.at.key("content"), message);
        }
        let docs = notes::described(description.as_ref(), extensions);
        let name = notes::body_name(extensions);
        let body = Body { name, required: *required, media_types, docs, origin: found.at };
        Some((!body.media_types.is_empty()).then_some(body))
    }
}

/// The operations of a path item, in OpenAPI's order.
pub(super) fn methods(item: &PathItem) -> impl Iterator<Item = (Method, &Declared)> {
    let PathItem {
        summary: _,     // words about the path as a whole, which nothing is generated for
        description: _, // likewise
        get,
        put,
        post,
        delete,
        options,
        head,
        patch,
        trace,
        servers: _,    // with each operation
        parameters: _, // likewise
        extensions: _,
    } = item;
    let all = [get, put, post, delete, options, head, patch, trace];
    Method::ALL.into_iter().zip(all).filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

/// A readable `operationId`: the method's verb and the path's words.
fn suggest(method: Method, path: &str) -> String {
    let mut id = method.key().to_owned();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let (by, words) = match segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
            Some(name) => ("By", name),
            None => ("", segment),
        };
        id.push_str(by);
        for word in words.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let mut characters = word.chars();
            id.extend(characters.next().into_iter().flat_map(char::to_uppercase));
            id.push_str(characters.as_str());
        }
    }
    id
}
