//! Part of `emit`: the Cargo features of tags (`x-tag-features`), and the features that each module belongs to.
//!
//! Invariant: a module is compiled with every feature that compiles a module which imports it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::call_variants::{CallVariants, ResponsePayload};
use crate::ir::{Body, Operation, Response, TagId, TypeId};

/// The maximum number of features that a module lists. A module of more tags is always compiled.
const LISTED: usize = 4;

/// The features of an API, and their modules.
pub(super) struct Features {
    api: String,
    /// The features of each module below `types`.
    types: BTreeMap<String, BTreeSet<String>>,
    /// The features of the module of shared errors.
    errors: BTreeSet<String>,
}

impl Features {
    /// Determines the features of an API.
    pub(super) fn of(context: &Context<'_>) -> Self {
        let graph = Graph::of(context);
        let mut features = Self { api: context.api.module.clone(), types: BTreeMap::new(), errors: BTreeSet::new() };
        let operations = context.api.operations.iter().zip(context.calls);
        let shared: Vec<TypeId> = operations.clone().flat_map(|(_, calls)| shared_failures(calls)).collect();
        for (index, tag) in context.names.tags.iter().enumerate() {
            let own = operations.clone().filter(|(operation, _)| operation.tag == TagId(index));
            let mut used: Vec<TypeId> = own.clone().flat_map(|(operation, _)| used_by(operation)).collect();
            let feature = features.feature(&tag.module);
            if own.clone().any(|(_, calls)| calls.shared_failure.is_some()) {
                used.extend(&shared);
                features.errors.insert(feature.clone());
            }
            features.add(&feature, graph.reachable(used));
        }
        let incoming = context.api.incoming.iter();
        let used = incoming.flat_map(|incoming| in_messages(&incoming.body, &incoming.responses)).collect();
        features.add(&features.feature(&context.names.webhooks), graph.reachable(used));
        features
    }

    fn add(&mut self, feature: &str, modules: BTreeSet<&str>) {
        for module in modules {
            self.types.entry(module.to_owned()).or_default().insert(feature.to_owned());
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

    /// Returns the condition for the module of shared errors, or `None` if it is always compiled.
    pub(super) fn errors(&self) -> Option<TokenStream> {
        self.any(&self.errors)
    }

    /// Returns the condition for a module below `types`, or `None` if it is always compiled.
    pub(super) fn types(&self, module: &str) -> Option<TokenStream> {
        self.types.get(module).map_or_else(|| Some(self.module("all")), |features| self.any(features))
    }

    fn any(&self, features: &BTreeSet<String>) -> Option<TokenStream> {
        match features.len() {
            1 => Some(quote!(#(feature = #features)*)),
            count => (count <= LISTED).then(|| quote!(any(#(feature = #features),*))),
        }
    }
}

/// Returns the features of an API's tags and webhooks, sorted; none if the API does not have them.
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
        graph
    }

    fn parts(&self, id: TypeId) -> impl Iterator<Item = TypeId> + use<> {
        self.context.api.types[id].shape.type_refs().into_iter().map(|used| used.ty)
    }

    /// Returns the modules of types; a type without a module has those of its parts.
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

    /// Returns the modules of types, and all that these import.
    fn reachable(&self, used: Vec<TypeId>) -> BTreeSet<&'a str> {
        let mut waiting: Vec<&str> = self.modules_of(used).into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(module) = waiting.pop() {
            if reached.insert(module) {
                waiting.extend(self.imports.get(module).into_iter().flatten());
            }
        }
        reached
    }
}

/// Returns the types in an operation's parameters and messages.
fn used_by(operation: &Operation) -> impl Iterator<Item = TypeId> {
    let parameters = operation.parameters.iter().map(|parameter| parameter.ty.ty);
    parameters.chain(in_messages(&operation.body, &operation.responses))
}

/// Returns the types in a body and in the responses to it.
fn in_messages<'m>(body: &'m Option<Body>, responses: &'m [Response]) -> impl Iterator<Item = TypeId> + 'm {
    let responses = responses.iter().flat_map(|response| &response.media_types);
    body.iter().flat_map(|body| &body.media_types).chain(responses).map(|media_type| media_type.ty.ty)
}

/// Returns the types in the failures of an operation, if they are in the module of shared errors.
fn shared_failures(calls: &CallVariants) -> Vec<TypeId> {
    match &calls.failure {
        ResponsePayload::ByStatus(statuses) if calls.shared_failure.is_some() => {
            statuses.iter().filter_map(|one| Some(one.payload?.used?.ty)).collect()
        }
        _ => Vec::new(),
    }
}
