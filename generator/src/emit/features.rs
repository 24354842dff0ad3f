//! Part of `emit`: the Cargo features of tags (`x-tag-features`), and the features of each module.
//!
//! Invariant: a feature that enables a module also enables the modules that it imports.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::ir::{Body, Response, TagId, TypeId};

/// The maximum number of features in a module's condition. A module with more is always compiled.
const LISTED: usize = 4;

/// The key of the module of shared errors among the modules below `types`.
pub(super) const ERRORS: &str = "";

/// The features of an API, and their modules.
pub(super) struct Features {
    api: String,
    /// The features of each module below `types`, and of shared errors; more than [`LISTED`] if it is always compiled.
    modules: BTreeMap<String, BTreeSet<String>>,
}

impl Features {
    /// Determines the features of an API.
    pub(super) fn of(context: &Context<'_>) -> Self {
        let graph = Graph::of(context);
        let mut used: BTreeMap<TagId, BTreeSet<&str>> = BTreeMap::new();
        for (operation, calls) in context.api.operations.iter().zip(context.calls) {
            let used = used.entry(operation.tag).or_default();
            let parameters = operation.parameters.iter().map(|parameter| parameter.ty.ty);
            let of_messages = in_messages(&operation.body, &operation.responses);
            used.extend(graph.modules_of(parameters.chain(of_messages).collect()));
            used.extend(calls.shared_failure.map(|_| ERRORS));
        }
        let mut features = Self { api: context.api.module.clone(), modules: BTreeMap::new() };
        for (TagId(index), used) in used {
            if let Some(tag) = context.names.tags.get(index) {
                features.add(&tag.module, used, &graph);
            }
        }
        let incoming = context.api.incoming.iter();
        let used = incoming.flat_map(|incoming| in_messages(&incoming.body, &incoming.responses)).collect();
        features.add(&context.names.webhooks, graph.modules_of(used), &graph);
        features
    }

    /// Adds a module's feature to the modules that it uses and to their transitive imports.
    fn add(&mut self, module: &str, used: BTreeSet<&str>, graph: &Graph<'_>) {
        let feature = self.feature(module);
        let mut waiting: Vec<&str> = used.into_iter().collect();
        while let Some(module) = waiting.pop() {
            let known = self.modules.entry(module.to_owned()).or_default();
            // A module that is always compiled has already passed this on to its imports.
            if known.len() <= LISTED && known.insert(feature.clone()) {
                waiting.extend(graph.imports.get(module).into_iter().flatten());
            }
        }
    }

    fn feature(&self, module: &str) -> String {
        format!("{}-{module}", self.api)
    }

    /// Returns the condition for the module of a tag or of webhooks.
    pub(super) fn module(&self, module: &str) -> TokenStream {
        let feature = self.feature(module);
        quote!(feature = #feature)
    }

    /// Returns the condition for a module below `types`; `None` if it is always compiled. A module that no tag uses has the feature of
    /// all tags.
    pub(super) fn types(&self, module: &str) -> Option<TokenStream> {
        let Some(features) = self.modules.get(module) else { return Some(self.module("all")) };
        match features.len() {
            1 => Some(quote!(#(feature = #features)*)),
            count => (count <= LISTED).then(|| quote!(any(#(feature = #features),*))),
        }
    }
}

/// Returns the features of an API's tags and webhooks, sorted; empty if the API does not use tag features.
pub(crate) fn tag_features(context: &Context<'_>) -> Vec<String> {
    let webhooks = (!context.api.incoming.is_empty()).then_some(&context.names.webhooks);
    let modules = context.names.tags.iter().map(|tag| &tag.module).chain(webhooks);
    let Some(features) = &context.features else { return Vec::new() };
    BTreeSet::from_iter(modules.map(|module| features.feature(module))).into_iter().collect()
}

/// The imports among the modules below `types`.
struct Graph<'a> {
    context: &'a Context<'a>,
    modules: BTreeMap<TypeId, &'a str>,
    imports: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Graph<'a> {
    fn of(context: &'a Context<'_>) -> Self {
        let mut graph = Graph { context, modules: BTreeMap::new(), imports: BTreeMap::new() };
        for (file, ids) in &context.type_files {
            let module = super::types::module(file);
            graph.modules.extend(ids.iter().map(|id| (*id, module)));
        }
        for (id, module) in &graph.modules {
            let read_forms = [&context.constructor_types, &context.convertible];
            let read_forms = read_forms.into_iter().filter_map(|forms| forms.get(id).copied());
            let imported = graph.modules_of(graph.parts(*id).chain(read_forms).collect());
            graph.imports.entry(*module).or_default().extend(imported);
        }
        // The types of shared failures.
        let shared = context.calls.iter().filter(|calls| calls.shared_failure.is_some());
        let payloads = shared.flat_map(|calls| calls.failure.payloads());
        let shared = graph.modules_of(payloads.filter_map(|payload| Some(payload.used?.ty)).collect());
        graph.imports.insert(ERRORS, shared);
        graph
    }

    fn parts(&self, id: TypeId) -> impl Iterator<Item = TypeId> + use<> {
        self.context.api.types[id].shape.type_refs().into_iter().map(|used| used.ty)
    }

    /// Returns the modules of types; for a type without a module, the modules of its parts.
    fn modules_of(&self, mut waiting: Vec<TypeId>) -> BTreeSet<&'a str> {
        let (mut modules, mut seen) = (BTreeSet::new(), BTreeSet::new());
        while let Some(id) = waiting.pop() {
            match self.modules.get(&id) {
                Some(module) => _ = modules.insert(*module),
                None if seen.insert(id) => waiting.extend(self.parts(id)),
                None => {}
            }
        }
        modules
    }
}

/// Returns the types in a body and in its responses.
fn in_messages<'m>(body: &'m Option<Body>, responses: &'m [Response]) -> impl Iterator<Item = TypeId> + 'm {
    let responses = responses.iter().flat_map(|response| &response.media_types);
    body.iter().flat_map(|body| &body.media_types).chain(responses).map(|media_type| media_type.ty.ty)
}
