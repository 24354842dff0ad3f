//! Part of `lower`: `x-pagination`, how a list comes in pages.
//!
//! In: the key of an operation, and the operation. Out: its [`Pagination`]. Reading the key comes first; whether it is true of the
//! operation is checked when all types are known.
//!
//! Invariant: what remains in the IR leads from the body to the parts that it names.

use serde_json::Value;

use super::keys::{Faults, Keys, OperationKey, body, named, path_text, scalar};
use crate::ir::{Location, Operation, PageStep, Pagination, Path, Shape, Style, TypeRef, Types};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;

/// The key.
pub(super) const KEY: OperationKey = ("x-pagination", codes::PAGINATION);

/// The ways in which pages come, of which a document names one.
const STEPS: [&str; 4] = ["token", "page", "offset", "link"];

/// Reads the key; `None` if it says nothing that is understood, which is among the faults.
pub(super) fn read(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Pagination> {
    let mut keys = Keys::new(value, at, faults, &["token", "page", "offset", "link", "items", "more"])?;
    let named: Vec<&str> = STEPS.into_iter().filter(|step| keys.has(step)).collect();
    let [step] = named.as_slice() else {
        keys.fault("", "names one of `token`, `page`, `offset` and `link`");
        return None;
    };
    let step = match *step {
        "token" => token(&mut keys),
        "page" => keys.object("page", &["parameter", "first"]).and_then(|mut page| {
            let first = page.integer("first").unwrap_or(1);
            Some(PageStep::Page { parameter: page.string("parameter")?, first })
        }),
        "offset" => keys
            .object("offset", &["parameter"])
            .and_then(|mut offset| Some(PageStep::Offset { parameter: offset.string("parameter")? })),
        _ => keys.is_true("link").then_some(PageStep::Link),
    };
    let items = if keys.has("items") { keys.path("items")? } else { Path::new() };
    let more = if keys.has("more") { Some(keys.path("more")?) } else { None };
    Some(Pagination { step: step?, items, more, origin: at.clone() })
}

fn token(keys: &mut Keys<'_, '_>) -> Option<PageStep> {
    let mut token = keys.object("token", &["parameter", "property", "item"])?;
    let parameter = token.string("parameter")?;
    match (token.has("property"), token.has("item")) {
        (true, false) => Some(PageStep::Token { parameter, property: token.path("property")? }),
        (false, true) => Some(PageStep::LastItem { parameter, item: token.path("item")? }),
        _ => {
            token.fault("", "names either a `property` of the page or one of its last `item`");
            None
        }
    }
}

/// Checks that the pagination is true of its operation.
pub(super) fn check(types: &Types, operation: &Operation, pagination: &Pagination, faults: &mut Faults) {
    Check { types, operation, faults }.pagination(pagination);
}

/// An operation whose pagination is checked.
struct Check<'a> {
    types: &'a Types,
    operation: &'a Operation,
    faults: &'a mut Faults,
}

impl Check<'_> {
    fn pagination(&mut self, Pagination { step, items, more, origin }: &Pagination) {
        let Some(page) = body(self.operation, origin, self.faults) else { return };
        let list = self.items(page, items, &origin.key("items"));
        if let Some(more) = more {
            self.scalar(page, more, &origin.key("more"));
        }
        let at = |key: &str, inner: &str| origin.key(key).key(inner);
        match step {
            PageStep::Token { parameter, property } => {
                self.parameter(parameter, false, &at("token", "parameter"));
                self.scalar(page, property, &at("token", "property"));
            }
            PageStep::LastItem { parameter, item: path } => {
                self.parameter(parameter, false, &at("token", "parameter"));
                if let Some(item) = list {
                    self.scalar(item, path, &at("token", "item"));
                }
            }
            PageStep::Page { parameter, .. } => self.parameter(parameter, true, &at("page", "parameter")),
            PageStep::Offset { parameter } => self.parameter(parameter, true, &at("offset", "parameter")),
            PageStep::Link => {}
        }
    }

    /// The type of an item.
    fn items(&mut self, page: TypeRef, path: &Path, at: &Pointer) -> Option<TypeRef> {
        let is_whole = path.is_empty();
        let found = named(self.types, page, path, at, self.faults)?;
        let list = found.used.filter(|list| !list.boxed && !list.secret);
        match list.and_then(|list| self.types.resolved(list.ty)).map(|ty| &ty.shape) {
            Some(Shape::Array(item)) => Some(*item),
            _ if is_whole => {
                // The key is not there to point at.
                let at = at.parent().unwrap_or_default();
                self.faults.add(at, "the body is no array: `items` has to name the property that is one");
                None
            }
            _ => {
                self.faults.add(at.clone(), format!("`{}` is no array", path_text(path)));
                None
            }
        }
    }

    fn scalar(&mut self, from: TypeRef, path: &Path, at: &Pointer) {
        scalar(self.types, from, path, at, self.faults);
    }

    /// The parameter has to be one of the query, which takes a value as it is.
    fn parameter(&mut self, name: &str, is_number: bool, at: &Pointer) {
        let mut parameters = self.operation.parameters.iter();
        let Some(found) = parameters.find(|one| one.wire_name == name && one.location == Location::Query) else {
            let id = &self.operation.id;
            return self.faults.add(at.clone(), format!("the operation `{id}` has no query parameter `{name}`"));
        };
        let shape = self.types.resolved(found.ty.ty).map(|ty| &ty.shape);
        let fits = shape.is_some_and(|shape| match shape {
            Shape::Any | Shape::Integer(_) | Shape::Number(_) => true,
            other => !is_number && other.is_scalar(),
        });
        if found.style != Style::Form || !fits {
            let expected = if is_number { "a number" } else { "a string or a number" };
            self.faults.add(at.clone(), format!("the query parameter `{name}` does not take {expected}"));
        }
    }
}
