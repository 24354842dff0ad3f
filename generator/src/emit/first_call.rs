//! Part of `emit`: the example on the front page of an API: a client and a first call.
//!
//! In: the operations. Out: the code of an example.
//!
//! Invariant: the call depends only on the operations and their order, and compiles.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::example::Example;
use super::file::FileEmitter;
use super::operation::Call;
use super::tag::{calls, operations};
use crate::ir::{Location, Method, Requirement, SchemeId, SchemeKind, Shape, TypeRef};
use clientwright_normalizer::words::singular;

/// The maximum number of objects around a list: a page, and the envelope that some servers add.
const WRAPPED: usize = 2;

/// The number of operations below each path that precedes a variable, such as `/pets` in `/pets/{id}/toys`.
type Collections<'a> = BTreeMap<&'a str, usize>;

/// How unrepresentative a call is of its API, most important criterion first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    modifies: bool,
    /// The path has a query, which distinguishes operations.
    has_query: bool,
    is_administrative: bool,
    arguments: usize,
    lists_no_collection: bool,
    lists_nothing: bool,
    /// The depth of the collection.
    depth: usize,
    /// The number of operations on the collection.
    below: Reverse<usize>,
    is_sub_resource: bool,
}

impl FileEmitter<'_> {
    /// Returns a client with its base URL and credentials, and a first call. `None` if there is no operation.
    pub fn first_call(&self) -> Option<Vec<String>> {
        let context = self.context;
        let mut collections = Collections::new();
        for operation in &context.api.operations {
            for (end, _) in operation.path.match_indices("/{") {
                *collections.entry(operation.path.split_at(end).0).or_default() += 1;
            }
        }
        let calls = operations(context).filter_map(|whole| calls(whole).next());
        let mut calls: Vec<Call<'_>> = calls.filter(|call| !call.operation.docs.deprecated).collect();
        calls.sort_by_cached_key(|call| self.rank(call, &collections));
        let mut examples = calls.iter().map(|call| (call, self.example(call)));
        let found = examples.find(|(_, example)| !example.has_gaps);
        // If no call is short enough for an example, only the client is shown.
        let (call, example) = found.or_else(|| Some((calls.first()?, Example::default())))?;
        let module = &context.api.module;
        let mut lines = vec![format!("let client = {module}::Client::builder({})", self.base_url())];
        lines
            .extend(self.credential_samples(call).into_iter().map(|auth| format!("    .auth({module}::Auth::{auth})")));
        lines.push("    .build()?;".to_owned());
        lines.extend(example.lines.into_iter().map(|line| line.replace("types::", &format!("{module}::types::"))));
        Some(lines)
    }

    fn rank(&self, call: &Call<'_>, collections: &Collections<'_>) -> Rank {
        let method = &call.variant_name.method;
        let reads = call.operation.method == Method::Get || method.starts_with("get") || method.starts_with("list");
        let path = call.operation.path.trim_end_matches('/');
        let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
        // `/jobs` for `/job/{id}`, and `/containers/json` for `/containers/{id}`.
        let is_item = last.contains('{');
        let beside = if is_item { String::new() } else { format!("{parent}/{}", singular(last)) };
        let places = [(path, WRAPPED), (&beside, WRAPPED), (parent, 1)];
        let found = places.into_iter().find_map(|(place, levels)| Some((place, collections.get(place)?, levels)));
        let found = found.filter(|(.., levels)| !is_item && self.lists(call, *levels));
        let (collection, below, _) = found.unwrap_or((path, &0, 0));
        Rank {
            modifies: !reads,
            has_query: path.contains('?'),
            is_administrative: path.to_ascii_lowercase().contains("admin"),
            arguments: call.required().len() + self.body_arguments(call),
            lists_no_collection: found.is_none(),
            lists_nothing: is_item || found.is_none() && !self.lists(call, 1),
            depth: collection.matches('/').count(),
            below: Reverse(*below),
            is_sub_resource: collection == parent,
        }
    }

    /// Returns the number of constructor arguments of a required body; 1 if the body has no constructor.
    fn body_arguments(&self, call: &Call<'_>) -> usize {
        let Some(media_type) = call.required_media_type() else { return 0 };
        let ty = self.types.resolved(media_type.ty);
        match &ty.shape {
            Shape::Object(object) => object.fields.iter().filter(|field| ty.is_argument(field)).count(),
            _ => 1,
        }
    }

    /// Returns `true` if a call returns an array of non-scalars, directly or within `levels` nested objects.
    fn lists(&self, call: &Call<'_>, levels: usize) -> bool {
        let used = call.variant.success.payloads().into_iter().find_map(|payload| payload.used);
        used.is_some_and(|used| self.has_list(used, levels))
    }

    fn has_list(&self, used: TypeRef, levels: usize) -> bool {
        match self.resolved(used) {
            Shape::Array(item) => !self.resolved(*item).is_scalar(),
            shape => levels > 0 && shape.fields().iter().any(|field| self.has_list(field.ty, levels - 1)),
        }
    }

    /// Returns the base URL of the first server.
    fn base_url(&self) -> String {
        let (api, module) = (self.api, &self.api.module);
        if let Some((server, name)) = self.context.base_url() {
            if server.variables.is_empty() {
                return format!("{module}::{}", name.constant);
            }
            let values: Vec<String> =
                server.variables.iter().map(|variable| format!("{:?}", variable.default)).collect();
            return format!("&{module}::{}({})", name.function, values.join(", "));
        }
        let path = api.servers.first().map(|server| server.url.as_str()).filter(|url| url.starts_with('/'));
        format!("{:?}", format!("https://example.com{}", path.unwrap_or_default()))
    }

    /// Returns the credentials of the first security requirement of a call, preferably without cookies, which are for
    /// browsers.
    fn credential_samples(&self, call: &Call<'_>) -> Vec<String> {
        let (api, names) = (self.api, self.names);
        let has_cookie = |requirement: &&Requirement| {
            api.schemes(requirement).any(|scheme| matches!(scheme.kind, SchemeKind::Key(Location::Cookie, _)))
        };
        let requirements = call.operation.security.iter().filter(|requirement| !requirement.schemes.is_empty());
        let required = requirements.min_by_key(has_cookie);
        let sample = |id: &SchemeId| {
            let (scheme, name) = api.security_schemes.get(id.0).zip(names.schemes.get(id.0))?;
            let arguments: Vec<String> = scheme.kind.arguments().iter().map(|name| format!("\"{name}\"")).collect();
            Some(format!("{name}({})", arguments.join(", ")))
        };
        required.iter().flat_map(|requirement| &requirement.schemes).filter_map(sample).collect()
    }
}
