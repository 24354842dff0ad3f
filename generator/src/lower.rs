//! Stage `lower`: the document becomes the IR.
//!
//! In: a decoded, canonical OpenAPI 3.0.3 document. Out: an [`Api`], and what could not be expressed in it.
//!
//! The passes, in order:
//! 1. `merge`, `schema`, `branches`, `enumeration`, `scalar` (schemas), `parameters`, `media`, `responses`, `security`,
//!    `operations`, `incoming`, `tags`, `components`: from the document to the IR; ids before contents, `allOf` merged, references followed;
//! 2. `aliases`: references that lead to nothing but themselves;
//! 3. `unions`: how the branches of a union are told apart;
//! 4. `nullability`: `null` and secrecy become facts of each use;
//! 5. `aliases`: names that only other names need;
//! 6. `same`: inline bodies of one operation that are alike;
//! 7. `defaults`: defaults that contradict their schema;
//! 8. `prune`: types that nothing leads to;
//! 9. `files`: texts that are files, because they are only ever parts of `multipart` bodies;
//! 10. `shared`: inline types that several places write out alike, and `prune` again;
//! 11. `direction`: what is read and what is sent;
//! 12. `twins`: types that are read in one form and sent in another;
//! 13. `boxing`: types that contain themselves;
//! 14. `fillers`: what is read where a property is absent.
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
use context::{Context, Draft};
pub use defaults::fill_in as fill_in_defaults;
pub use direction::both_ways;
use operations::{Operations, Tables};
use security::Schemes;
use tags::Tags;

/// What lowering a document gave.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// The API; `None` if the document has an error.
    pub api: Option<Api>,
    /// Everything worth saying, in no particular order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lowers a document.
///
/// `module` is the name of the generated module, `file` what diagnostics call the document. All errors are reported at
/// once; with one among them there is no API.
#[must_use]
pub fn lower(module: &str, file: &str, document: &OpenAPI) -> Lowered {
    lower_all(module, file, document, &[], InputTypes::Separate)
}

/// In how many forms a type is lowered that requires something in one direction alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputTypes {
    /// In two: one is read, the other is sent.
    Separate,
    /// In one, which requires what both directions do.
    Merged,
}

/// Lowers a document with its webhooks, which are in `x-webhooks`.
#[must_use]
pub fn lower_all(
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
    let (draft, mut diagnostics) = context.finish();
    let lowered = Parts { draft, operations, incoming, tables, servers, input_types };
    let api = assemble(module, file, document, lowered, &mut diagnostics);
    let api = (!any_error(&diagnostics)).then_some(api);
    Lowered { api, diagnostics }
}

/// What the reading of the document gave, before the passes over types.
struct Parts {
    draft: Draft,
    operations: Operations,
    incoming: Vec<Incoming>,
    tables: Tables,
    servers: Vec<Server>,
    input_types: InputTypes,
}

fn assemble(module: &str, file: &str, document: &OpenAPI, parts: Parts, diagnostics: &mut Vec<Diagnostic>) -> Api {
    let Parts { draft, operations, mut incoming, tables, servers, input_types } = parts;
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
    let (mut operations, mut client_headers) = number_tables(document, operations, &tables);
    let tags = tables.tags.assign(&mut operations);
    let own = operations.len();
    // The passes change uses of types, wherever they are.
    operations.extend(incoming.iter().map(|incoming| incoming.operation.clone()));
    let all = Uses { operations: &mut operations, own, headers: &mut client_headers };
    let (types, untyped) = passes(draft, all, input_types, file, diagnostics);
    let settled = operations.split_off(own);
    incoming.iter_mut().zip(settled).for_each(|(incoming, settled)| incoming.operation = settled);
    let external = external_docs.as_ref();
    Api {
        module: module.to_owned(),
        file: file.to_owned(),
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

/// Where types are used, besides in one another. The first `own` of the operations are the API's; the others are requests
/// that the server makes.
struct Uses<'u> {
    operations: &'u mut [Operation],
    own: usize,
    headers: &'u mut [ClientHeader],
}

/// The passes over types, in order.
fn passes(
    mut draft: Draft,
    all: Uses<'_>,
    input_types: InputTypes,
    file: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Types, Vec<Untyped>) {
    let Uses { operations, own, headers } = all;
    let own = own.min(operations.len());
    diagnostics.extend(aliases::break_cycles(&mut draft, file));
    diagnostics.extend(unions::decide(&mut draft, file));
    let untyped = draft.untyped();
    nullability::lift(&mut draft, operations, headers);
    let Draft { mut types, nullable, secret: _, unions: _, untyped: _ } = draft;
    aliases::collapse(&mut types, operations, headers);
    same::unify(&types, operations);
    diagnostics.extend(check_defaults::check(&mut types, operations, |id| nullable.contains(&id), file));
    let mut types = prune::prune(types, operations, headers);
    files::mark(&mut types, operations.get(..own).unwrap_or_default(), headers);
    dedup::merge(&mut types, operations, headers);
    let mut types = prune::prune(types, operations, headers);
    let (calls, incoming) = operations.split_at(own);
    direction::mark(&mut types, calls, incoming, headers);
    if input_types == InputTypes::Separate {
        input_types::part(&mut types, operations, own, headers);
        // A property that one form leaves out may have been all that led to a type.
        types = prune::prune(types, operations, headers);
        let (calls, incoming) = operations.split_at(own);
        direction::mark(&mut types, calls, incoming, headers);
    }
    direction::mark_rest(&mut types);
    boxing::mark(&mut types);
    defaults::fill_in(&mut types);
    (types, untyped)
}
