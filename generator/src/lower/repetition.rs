//! Pass of `lower`: pagination and polling that the types cannot express.
//!
//! In: operations with the keys that [`clientwright_normalizer::repetition`] has verified in the document. Out: the same without
//! pagination and polling whose paths do not exist in the generated types. For example, a union of several objects has no properties,
//! and a schema that is too complex is any JSON. Invariant: remaining paths lead from the body to existing parts.

use clientwright_normalizer::diagnostic::{Code, Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

use crate::ir::{
    Api, Body, MediaKind, Operation, PageParameter, PageStep, PageValue, Pagination, Path, Polling, Shape, TypeRef,
    Types, successes,
};

/// Drops and reports pagination and polling with broken paths.
pub(super) fn drop_broken(api: &mut Api) -> Vec<Diagnostic> {
    let Api { file, types, operations, .. } = api;
    let file: &str = file;
    let mut found = Vec::new();
    let mut unfit = |code: Code, key: &str, at: &Pointer, operation: &Operation| {
        let message = format!("`{key}` of `{}` is not generated: a path does not match its type", operation.id);
        found.push(Diagnostic::unsupported(code, file, at.clone(), message));
    };
    for operation in operations {
        let body = body(operation);
        if let Some(pagination) = operation
            .pagination
            .take_if(|pagination| !body.is_some_and(|body| fits(types, operation.body.as_ref(), body, pagination)))
        {
            unfit(codes::PAGINATION, "x-pagination", &pagination.origin, operation);
        }
        let is_fit = |body: TypeRef, Polling { property, error, .. }: &Polling| {
            is_scalar(types, body, property) && error.as_ref().is_none_or(|error| types.part(body, error).is_some())
        };
        if let Some(polling) = operation.polling.take_if(|polling| !body.is_some_and(|body| is_fit(body, polling))) {
            unfit(codes::POLLING, "x-polling", &polling.origin, operation);
        }
    }
    found
}

/// Returns the JSON type that all successes share.
fn body(operation: &Operation) -> Option<TypeRef> {
    let json = successes(&operation.responses).into_iter().map(|success| success.json().map(|json| json.ty));
    let types: Vec<TypeRef> = json.collect::<Option<_>>()?;
    let (first, rest) = types.split_first()?;
    rest.iter().all(|other| other == first).then_some(*first)
}

fn fits(types: &Types, sent: Option<&Body>, body: TypeRef, pagination: &Pagination) -> bool {
    let Pagination { step, items, more, total_pages, total_items, first: _, origin: _ } = pagination;
    let list = types.part(body, items).and_then(|list| list.used).filter(|list| !list.boxed && !list.secret);
    let Some(Shape::Array(item)) = list.map(|list| types.shape(list)) else { return false };
    let is_more = [more, total_pages, total_items].into_iter().flatten().all(|path| is_scalar(types, body, path));
    let is_step = match step {
        PageStep::Link => true,
        PageStep::Next(path) => is_scalar(types, body, path),
        PageStep::Parameter(parameter, value) => {
            let in_body = if let PageParameter::Body(path) = parameter { Some(path) } else { None };
            let mut media_types = sent.into_iter().flat_map(|body| &body.media_types);
            let json = media_types.find(|one| one.kind == MediaKind::Json);
            let is_sent = |path: &Path| json.is_some_and(|json| types.part(json.ty, path).is_some());
            let is_there = |from: TypeRef, path: &Path| match in_body {
                Some(_) => types.part(from, path).is_some(),
                None => is_scalar(types, from, path),
            };
            in_body.is_none_or(is_sent)
                && match value {
                    PageValue::Token(path) => is_there(body, path),
                    PageValue::LastItem(path) => is_there(*item, path),
                    PageValue::ResponseHeader(_) | PageValue::Page(_) | PageValue::Offset => true,
                }
        }
    };
    is_more && is_step
}

/// Returns `true` if a path leads to a string, a number or a boolean, or into untyped JSON.
fn is_scalar(types: &Types, from: TypeRef, path: &Path) -> bool {
    types.part(from, path).is_some_and(|part| part.used.is_none_or(|used| types.shape(used).is_scalar()))
}
