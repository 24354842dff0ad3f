//! Part of `lower`: `x-pagination`, how a list comes in pages.
//!
//! In: the key of an operation, and the operation. Out: its [`Pagination`]. Reading the key comes first; whether it is true of the
//! operation is checked when all types are known.
//!
//! Invariant: what remains in the IR leads from the body to the parts that it names.

use serde_json::Value;

use super::keys::{Check, Faults, Keys, OperationKey, path_text};
use crate::ir::{Location, MediaKind, PageParameter, PageStep, PageValue, Pagination, Path, Shape, Style, TypeRef};
use clientwright_normalizer::diagnostic::codes;
use clientwright_normalizer::pointer::Pointer;
use clientwright_normalizer::structure::extensions::PAGINATION;
use clientwright_normalizer::structure::grammar::is_token;

/// The key.
pub(super) const KEY: OperationKey = (PAGINATION, codes::PAGINATION);

/// The ways in which pages come, of which a document names one.
const STEPS: [&str; 5] = ["token", "page", "offset", "link", "next"];

/// The parts of a request that a step may name, of which it names one.
const PARAMETERS: [&str; 3] = ["parameter", "body", "header"];

/// The places of a token, of which a document names one.
const TOKENS: [&str; 3] = ["property", "item", "responseHeader"];

/// Reads the key. Returns `None` if it is invalid; `faults` then says why.
pub(super) fn read(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Pagination> {
    let mut keys = Keys::new(value, at, faults, &[&STEPS[..], &["items", "more"]].concat())?;
    let step = match keys.only(&STEPS, "names one of `token`, `page`, `offset`, `link` and `next`")? {
        "link" => keys.is_true("link").then_some(PageStep::Link),
        "next" => keys.path("next").map(PageStep::Next),
        step => by_parameter(&mut keys, step),
    };
    let items = if keys.has("items") { keys.path("items")? } else { Path::new() };
    let more = if keys.has("more") { Some(keys.path("more")?) } else { None };
    Some(Pagination { step: step?, items, more, origin: at.clone() })
}

/// A step by another value in a part of the request.
fn by_parameter(keys: &mut Keys<'_, '_>, step: &str) -> Option<PageStep> {
    let of_step: &[&str] = match step {
        "token" => &TOKENS,
        "page" => &["first"],
        _ => &[],
    };
    let mut keys = keys.object(step, &[&PARAMETERS, of_step].concat())?;
    let value = match step {
        "token" => token(&mut keys),
        "page" => Some(PageValue::Page(keys.integer("first").unwrap_or(1))),
        _ => Some(PageValue::Offset),
    };
    Some(PageStep::Parameter(parameter(&mut keys)?, value?))
}

fn token(keys: &mut Keys<'_, '_>) -> Option<PageValue> {
    let fault = "names one of a `property` of the page, one of its last `item` and a `responseHeader`";
    match keys.only(&TOKENS, fault)? {
        "property" => keys.path("property").map(PageValue::Token),
        "item" => keys.path("item").map(PageValue::LastItem),
        _ => {
            let header = keys.string("responseHeader")?;
            if !is_token(&header) {
                keys.fault("responseHeader", "is not a header name");
                return None;
            }
            Some(PageValue::ResponseHeader(header))
        }
    }
}

/// What takes the token, the number or the offset.
fn parameter(keys: &mut Keys<'_, '_>) -> Option<PageParameter> {
    let fault = "names one of a query `parameter`, a property of the request's `body` and a `header` parameter";
    match keys.only(&PARAMETERS, fault)? {
        "parameter" => keys.string("parameter").map(PageParameter::Query),
        "body" => keys.path("body").map(PageParameter::Body),
        _ => keys.string("header").map(PageParameter::Header),
    }
}

impl Check<'_> {
    /// Checks that the pagination is true of its operation.
    pub(super) fn pagination(&mut self, Pagination { step, items, more, origin }: &Pagination) {
        let Some(page) = self.body(origin) else { return };
        let list = self.items(page, items, &origin.key("items"));
        if let Some(more) = more {
            self.scalar(page, more, &origin.key("more"));
        }
        let (parameter, value) = match step {
            PageStep::Parameter(parameter, value) => (parameter, value),
            PageStep::Next(path) => {
                self.scalar(page, path, &origin.key("next"));
                return;
            }
            PageStep::Link => return,
        };
        let at = origin.key(match value {
            PageValue::Token(_) | PageValue::LastItem(_) | PageValue::ResponseHeader(_) => "token",
            PageValue::Page(_) => "page",
            PageValue::Offset => "offset",
        });
        self.parameter(parameter, value, &at);
        match (value, list) {
            (PageValue::Token(path), _) => self.token(parameter, page, path, &at.key("property")),
            (PageValue::LastItem(path), Some(item)) => self.token(parameter, item, path, &at.key("item")),
            _ => {}
        }
    }

    /// The type of an item.
    fn items(&mut self, page: TypeRef, path: &Path, at: &Pointer) -> Option<TypeRef> {
        let is_whole = path.is_empty();
        let found = self.named(page, path, at)?;
        let list = found.used.filter(|list| !list.boxed && !list.secret);
        match list.map(|list| self.types.shape(list.ty)) {
            Some(Shape::Array(item)) => Some(*item),
            _ if is_whole => {
                // The key is not there to point at.
                let at = at.parent().unwrap_or_default();
                self.faults.add(at, "the body is not an array: `items` has to name the property that is one");
                None
            }
            _ => {
                self.faults.add(at.clone(), format!("`{}` is not an array", path_text(path)));
                None
            }
        }
    }

    /// What says which page is next. In a body it may be anything.
    fn token(&mut self, parameter: &PageParameter, from: TypeRef, path: &Path, at: &Pointer) {
        match parameter {
            PageParameter::Query(_) | PageParameter::Header(_) => drop(self.scalar(from, path, at)),
            PageParameter::Body(_) => drop(self.named(from, path, at)),
        }
    }

    /// Checks that the page's parameter exists and accepts its value unchanged.
    fn parameter(&mut self, parameter: &PageParameter, value: &PageValue, step: &Pointer) {
        match parameter {
            PageParameter::Query(name) => self.own_parameter(Location::Query, name, value, step.key("parameter")),
            PageParameter::Header(name) => self.own_parameter(Location::Header, name, value, step.key("header")),
            PageParameter::Body(path) => self.body_property(path, value, step.key("body")),
        }
    }

    fn own_parameter(&mut self, location: Location, name: &str, value: &PageValue, at: Pointer) {
        // Names of headers have no case (RFC 9110 §5.1).
        let is_named = |known: &str| match location {
            Location::Header => known.eq_ignore_ascii_case(name),
            _ => known == name,
        };
        let kind = location.key();
        let mut parameters = self.operation.parameters.iter();
        let Some(found) = parameters.find(|one| one.location == location && is_named(&one.wire_name)) else {
            let id = &self.operation.id;
            return self.faults.add(at, format!("the operation `{id}` has no {kind} parameter `{name}`"));
        };
        let shape = self.types.shape(found.ty.ty);
        let has_style = matches!(found.style, Style::Form | Style::Simple);
        if !has_style || !takes(shape, value) {
            let expected = if is_number(value) { "a number" } else { "a string or a number" };
            self.faults.add(at, format!("the {kind} parameter `{name}` does not take {expected}"));
        }
    }

    fn body_property(&mut self, path: &Path, value: &PageValue, at: Pointer) {
        let mut media_types = self.operation.body.iter().flat_map(|body| &body.media_types);
        let Some(json) = media_types.find(|one| one.kind == MediaKind::Json) else {
            let id = &self.operation.id;
            return self.faults.add(at, format!("the operation `{id}` sends no JSON body"));
        };
        let Some(found) = self.named(json.ty, path, &at) else { return };
        if is_number(value) && found.used.is_some_and(|used| !takes(self.types.shape(used.ty), value)) {
            self.faults.add(at, format!("the property `{}` of the body does not take a number", path_text(path)));
        }
    }
}

fn is_number(value: &PageValue) -> bool {
    matches!(value, PageValue::Page(_) | PageValue::Offset)
}

/// Whether what says which page is meant can be of that shape.
fn takes(shape: &Shape, value: &PageValue) -> bool {
    match shape {
        Shape::Any | Shape::Integer(_) | Shape::Number(_) => true,
        other => !is_number(value) && other.is_scalar(),
    }
}
