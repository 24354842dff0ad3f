//! Stage `lower`: the document → the IR.
//!
//! In: a canonical OpenAPI 3.0.3 document that `structure` has checked. Out: an [`Api`], and diagnostics.
//!
//! First the document is read: `schema`, `merge`, `branches`, `enumeration` and `scalar` (schemas), `parameters`, `media`, `encodings`,
//! `streams`, `responses`, `security`, `operations`, `incoming`, `tags`, `components`. Types get ids before contents, `allOf` is merged,
//! references are followed. Unused tags and headers are dropped (`prune`, `parameters`). Then the passes over types run, in the order of
//! [`passes`], with one module per pass. Finally, `x-pagination` and `x-polling` are resolved in the resulting types (`repetition`).
//!
//! Invariant: no later stage sees the document. Total: every node of the document becomes part of the IR or a diagnostic. No recursion
//! follows the document's nesting.

mod aliases;
mod boxing;
mod branches;
mod client_parameters;
mod components;
mod constants;
mod context;
mod dedup;
mod defaults;
mod directions;
mod draft;
mod encodings;
mod enumeration;
mod failures;
mod files;
mod forms;
mod groups;
mod incoming;
mod input_types;
mod media;
mod merge;
mod merged_schema;
mod notes;
mod nullability;
mod operations;
mod parameters;
mod prune;
mod received;
mod repetition;
mod responses;
mod scalar;
mod schema;
mod security;
mod streams;
mod switches;
mod tags;
mod unions;
mod uses;
mod values;
mod xml;

#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::ir::{Api, Docs};
use clientwright_normalizer::diagnostic::Diagnostic;
use clientwright_normalizer::json::items;
use context::Context;
use draft::Draft;

/// The number of types for a schema whose properties differ by direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputTypes {
    /// Two: one for responses, one for requests.
    Separate,
    /// One type for both directions, with the properties that both require as required.
    Merged,
}

/// Lowers a document. `module` is the generated module's name, `file` the name of the document in diagnostics. Reports all errors at once;
/// if there are any, the API is incomplete. The diagnostics are in no particular order.
pub(crate) fn lower_all(module: &str, file: &str, document: &Value, input_types: InputTypes) -> (Api, Vec<Diagnostic>) {
    let Context { mut api, draft, scopes, mut diagnostics, .. } = read(module, file, document);
    groups::group_untagged(&mut api);
    client_parameters::collect(&mut api);
    security::keep_required_scopes(&mut api, &scopes);
    prune::tags(&mut api);
    passes(draft, &mut api, input_types, &mut diagnostics);
    diagnostics.extend(repetition::drop_broken(&mut api));
    (api, diagnostics)
}

/// Reads all parts of a document.
fn read<'d>(module: &str, file: &'d str, document: &'d Value) -> Context<'d> {
    let mut context = Context::new(document, file, api(module, file, document));
    context.declare_schemas();
    context.drain();
    context.declare_schemes();
    context.declare_tags();
    context.webhooks();
    context.operations();
    context.check_components();
    context.drain();
    context.type_contents();
    context.drain();
    context
}

/// Creates the API with only its description.
fn api(module: &str, file: &str, document: &Value) -> Api {
    let info = &document["info"];
    Api {
        module: module.to_owned(),
        file: file.to_owned(),
        title: notes::required(info, "title").to_owned(),
        version: notes::required(info, "version").to_owned(),
        servers: items(&document["servers"]).map(tags::server).collect(),
        docs: Docs { summary: None, url: notes::string(&document["externalDocs"], "url"), ..notes::docs(info) },
        null_anywhere: document["x-null-anywhere"] == true,
        tag_features: document["x-tag-features"] == true,
        ..Api::default()
    }
}

/// Runs the passes over types, in order.
fn passes(mut draft: Draft, api: &mut Api, input_types: InputTypes, diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.extend(aliases::break_cycles(&mut draft, &api.file));
    diagnostics.extend(unions::decide(&mut draft, &api.file));
    draft.keep_unknown();
    api.untyped = draft.untyped();
    let default_places = std::mem::take(&mut draft.default_places);
    let nullable = nullability::lift(draft, api);
    diagnostics.extend(defaults::check(api, &nullable, &default_places));
    nullability::remove_unsent(api);
    aliases::collapse(api);
    xml::drop_unused(api);
    dedup::unify(api);
    failures::share(api);
    constants::mark_parameters(api);
    received::separate(api);
    prune::types(api);
    files::mark(api);
    dedup::merge(api);
    prune::types(api);
    if input_types == InputTypes::Separate {
        directions::mark(api);
        input_types::separate(api);
        nullability::read_null_anywhere(api);
        // A dropped property may have been the only reference to a type.
        prune::types(api);
    }
    directions::mark(api);
    directions::mark_unused(&mut api.types);
    aliases::shorten(&mut api.types);
    boxing::mark(&mut api.types);
    defaults::fill_in(&mut api.types, api.null_anywhere);
    constants::mark(&mut api.types);
    constants::mark_distinguishing(&mut api.types);
    switches::mark(api);
}
