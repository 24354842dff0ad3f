//! Stage `lower`: the document becomes the IR.
//!
//! In: a decoded, canonical OpenAPI 3.0.3 document. Out: an [`Api`], and what could not be expressed in it.
//!
//! First the document is read: `schema`, `merge`, `branches`, `enumeration` and `scalar` (schemas), `parameters`, `media`,
//! `encodings`, `responses`, `security`, `operations`, `incoming`, `tags`, `components`. Types get ids before contents, `allOf`
//! is merged, references are followed. Then passes change the types, in this order:
//! 1. `aliases::break_cycles`: references that only refer to themselves;
//! 2. `unions`: how the branches of each union are told apart; with that, the draft becomes the IR's types;
//! 3. `nullability`: `null` and secrecy become facts of each use;
//! 4. `aliases::collapse`: aliases that are not components;
//! 5. `same`: equal inline bodies of one operation;
//! 6. `check_defaults`: defaults that do not match their schema;
//! 7. `prune`: types that nothing uses;
//! 8. `files`: strings that are files, because they are only used as parts of `multipart` bodies;
//! 9. `dedup`: equal inline types of several places, and `prune` again;
//! 10. `direction`: which types are read and which are sent;
//! 11. `input_types`: types that have other properties when they are sent, then `prune` and `direction` again;
//! 12. `boxing`: types that contain themselves;
//! 13. `defaults`: what is read where a property is absent.
//!
//! Invariant: the last stage that sees `openapiv3`. Total: every node of the document becomes part of the IR or a
//! diagnostic. No recursion follows the document's nesting.

mod aliases;
mod boxing;
mod branches;
mod check_defaults;
mod components;
mod context;
mod dedup;
mod defaults;
mod direction;
mod draft;
mod encodings;
mod enumeration;
mod files;
mod incoming;
mod input_types;
mod media;
mod merge;
mod notes;
mod nullability;
mod operations;
mod parameters;
mod prune;
mod responses;
mod same;
mod scalar;
mod schema;
mod security;
mod tags;
mod template;
mod unions;
mod uses;

#[cfg(test)]
mod tests;

use openapiv3::{Info, OpenAPI};

use crate::decode::Webhook;
use crate::ir::{Accounting, Api, ClientHeader, Incoming, Operation, Server, Types, Untyped};
use clientwright_normalizer::diagnostic::{Diagnostic, any_error};
use context::Context;
pub use defaults::fill_in as fill_in_defaults;
pub use direction::both_ways;
use draft::Draft;
use operations::{Operations, Tables};
use security::Schemes;
use tags::Tags;
use uses::TypeUsers;

/// A lowered document.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    /// The API; `None` if the document has an error.
    pub api: Option<Api>,
    /// What was noticed, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lowers a document without webhooks, with [`InputTypes::Separate`].
#[cfg(test)]
fn lower(module: &str, file: &str, document: &OpenAPI) -> Lowered {
    lower_all(module, file, document, &[], InputTypes::Separate)
}

/// How many types a schema becomes that has properties in one direction only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputTypes {
    /// Two: one is read, the other is sent.
    Separate,
    /// One, which requires what both directions do.
    Merged,
}

/// Lowers a document and its webhooks, which are in `x-webhooks`.
///
/// `module` is the name of the generated module, `file` what diagnostics call the document. All errors are reported at
/// once; with one among them there is no API.
#[must_use]
pub(crate) fn lower_all(
    module: &str,
    file: &str,
    document: &OpenAPI,
    webhooks: &[Webhook],
    input_types: InputTypes,
) -> Lowered {
    let mut context = Context::new(document, file);
    context.declare_schemas();
    context.drain();
    let mut tables = Tables::new(Schemes::of(&mut context), Tags::of_document(document));
    context.webhooks(webhooks);
    let operations = context.operations(&mut tables);
    context.check_components();
    context.drain();
    let servers = context.servers();
    let incoming = std::mem::take(&mut context.incoming);
    let (draft, diagnostics) = context.finish();
    let mut report = Report { file, diagnostics };
    let parts = Parts { draft, operations, incoming, tables, servers };
    let api = assemble(module, document, parts, input_types, &mut report);
    let api = (!any_error(&report.diagnostics)).then_some(api);
    Lowered { api, diagnostics: report.diagnostics }
}

/// What reading the document gave, before the passes over types.
struct Parts {
    draft: Draft,
    operations: Operations,
    incoming: Vec<Incoming>,
    tables: Tables,
    servers: Vec<Server>,
}

fn assemble(module: &str, document: &OpenAPI, parts: Parts, input_types: InputTypes, report: &mut Report<'_>) -> Api {
    let Parts { draft, operations, incoming, tables, servers } = parts;
    let OpenAPI {
        openapi: _, // always 3.0.3 here
        info,
        servers: _,    // `Context::servers`
        paths: _,      // `operations`
        components: _, // `declare_schemas`, `check_components`
        security: _,   // with each operation
        tags: _,       // `Tags`
        external_docs,
        extensions: _,
    } = document;
    let Info { title, description, terms_of_service: _, contact: _, license: _, version, extensions } = info;
    let accounting = Accounting {
        operations: operations.total,
        schemas: document.components.as_ref().map_or(0, |components| components.schemas.len()),
        unsupported_operations: operations.unsupported,
        unsupported_schemas: 0, // a schema that cannot be typed is generated as any JSON value
    };
    let (mut operations, client_headers) = number_tables(document, operations, &tables);
    let tags = tables.tags.assign(&mut operations);
    let mut users = TypeUsers { operations, incoming, client_headers };
    let (types, untyped) = passes(draft, &mut users, input_types, report);
    let TypeUsers { operations, incoming, client_headers } = users;
    let external = external_docs.as_ref();
    Api {
        module: module.to_owned(),
        file: report.file.to_owned(),
        title: title.clone(),
        version: version.clone(),
        docs: notes::docs(None, description.as_ref(), external, false, notes::inferred(extensions)),
        servers,
        tags,
        security_schemes: tables.schemes.used(),
        client_headers,
        operations,
        incoming,
        types,
        untyped,
        accounting,
    }
}

/// Gives operations the final ids of schemes and client-wide headers.
fn number_tables(document: &OpenAPI, operations: Operations, tables: &Tables) -> (Vec<Operation>, Vec<ClientHeader>) {
    let Operations { lowered: mut operations, shared, .. } = operations;
    let used = shared.iter().flatten().flatten().map(String::as_str).collect();
    let (client_headers, ids) = tables.headers.number(document, &used);
    for (operation, shared) in operations.iter_mut().zip(&shared) {
        tables.schemes.renumber(&mut operation.security);
        for (parameter, shared) in operation.parameters.iter_mut().zip(shared) {
            parameter.client_header = shared.as_ref().and_then(|name| ids.get(name)).copied();
        }
    }
    (operations, client_headers)
}

/// What the passes over types notice.
struct Report<'f> {
    file: &'f str,
    diagnostics: Vec<Diagnostic>,
}

/// The passes over types, in order.
fn passes(
    mut draft: Draft,
    users: &mut TypeUsers,
    input_types: InputTypes,
    report: &mut Report<'_>,
) -> (Types, Vec<Untyped>) {
    report.diagnostics.extend(aliases::break_cycles(&mut draft, report.file));
    report.diagnostics.extend(unions::decide(&mut draft, report.file));
    let untyped = draft.untyped();
    let (mut types, nullable) = nullability::lift(draft, users);
    aliases::collapse(&mut types, users);
    same::unify(&types, users);
    report.diagnostics.extend(check_defaults::check(&mut types, users, &nullable, report.file));
    let mut types = prune::prune(types, users);
    files::mark(&mut types, users);
    dedup::merge(&mut types, users);
    let mut types = prune::prune(types, users);
    direction::mark(&mut types, users);
    if input_types == InputTypes::Separate {
        input_types::separate(&mut types, users);
        // A property that one form leaves out may have been all that led to a type.
        types = prune::prune(types, users);
        direction::mark(&mut types, users);
    }
    direction::mark_unused(&mut types);
    boxing::mark(&mut types);
    defaults::fill_in(&mut types);
    (types, untyped)
}
