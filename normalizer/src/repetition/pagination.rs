//! Part of `repetition`: parses `x-pagination`.

use serde_json::Value;

use super::keys::{Faults, Keys, Path};
use crate::pointer::Pointer;
use crate::structure::grammar::is_token;
use PageParameter::*;
use PageStep::*;
use PageValue::*;

/// The pagination of a list (`x-pagination`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The way to request the next page.
    pub step: PageStep,
    /// The path to the array of items in a page.
    pub items: Path,
    /// The path to the indicator of a further page, if there is one.
    pub more: Option<Path>,
    /// The token of the first page, if it needs one.
    pub first: Option<String>,
    /// The path to the total number of pages, if a page has it.
    pub total_pages: Option<Path>,
    /// The path to the total number of items, if a page has it.
    pub total_items: Option<Path>,
    /// The pointer to the extension.
    pub origin: Pointer,
}

/// The part of a request that selects the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageParameter {
    /// A query parameter.
    Query(String),
    /// A property of the JSON body.
    Body(Path),
    /// A header parameter.
    Header(String),
}

/// The value that selects the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageValue {
    /// A token at this path in the previous page.
    Token(Path),
    /// A value at this path in the last item of the previous page.
    LastItem(Path),
    /// The response header of this name with the previous page.
    ResponseHeader(String),
    /// The number of the page, counted from this number.
    Page(i64),
    /// The number of items before the page.
    Offset,
}

/// The way to request the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStep {
    /// The same request with another value in this part.
    Parameter(PageParameter, PageValue),
    /// The link `next` of the header `Link` (RFC 8288).
    Link,
    /// The URL at this path in the page.
    Next(Path),
}

/// The kinds of pagination, exactly one of which must be present.
const STEPS: [&str; 5] = ["token", "page", "offset", "link", "next"];

/// The other keys.
const KEYS: [&str; 4] = ["items", "more", "totalPages", "totalItems"];

/// The parts of a request for a step, exactly one of which must be present.
const PARAMETERS: [&str; 3] = ["parameter", "body", "header"];

/// The sources of a token, exactly one of which must be present.
const TOKENS: [&str; 3] = ["property", "item", "responseHeader"];

/// Parses the key. Returns `None` if it is invalid, and adds the reason to `faults`.
pub(super) fn read(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Pagination> {
    let mut keys = Keys::new(value, at, faults, &[&STEPS[..], &KEYS].concat())?;
    let step = match keys.only(&STEPS, "must have one of `token`, `page`, `offset`, `link` and `next`")? {
        "link" => keys.is_true("link").then_some((Link, None)),
        "next" => keys.path("next").map(|path| (Next(path), None)),
        step => by_parameter(&mut keys, step),
    };
    let items = if keys.has("items") { keys.path("items")? } else { Path::new() };
    let mut optional = |key: &str| if keys.has(key) { keys.path(key).map(Some) } else { Some(None) };
    let (more, total_pages, total_items) = (optional("more")?, optional("totalPages")?, optional("totalItems")?);
    let (step, first) = step?;
    if total_pages.is_some() && !matches!(step, Parameter(_, Page(_))) {
        keys.fault("totalPages", "requires `page`");
    }
    if total_items.is_some() && !matches!(step, Parameter(_, Page(_) | Offset)) {
        keys.fault("totalItems", "requires `page` or `offset`");
    }
    Some(Pagination { step, items, more, first, total_pages, total_items, origin: at.clone() })
}

/// Parses a step that changes a part of the request, and the token of the first page.
fn by_parameter(keys: &mut Keys<'_, '_>, step: &str) -> Option<(PageStep, Option<String>)> {
    let of_step = match step {
        "token" => [&TOKENS[..], &["first"]].concat(),
        "page" => vec!["first"],
        _ => Vec::new(),
    };
    let mut keys = keys.object(step, &[&PARAMETERS[..], &of_step].concat())?;
    let (value, first) = match step {
        "token" => {
            let first = keys.optional("first", |value| value.as_str().map(str::to_owned), "must be a string");
            (token(&mut keys), first)
        }
        "page" => (Some(Page(keys.optional("first", Value::as_i64, "must be an integer").unwrap_or(1))), None),
        _ => (Some(Offset), None),
    };
    Some((Parameter(parameter(&mut keys)?, value?), first))
}

fn token(keys: &mut Keys<'_, '_>) -> Option<PageValue> {
    let fault = "must have one of `property`, `item` and `responseHeader`";
    match keys.only(&TOKENS, fault)? {
        "property" => keys.path("property").map(Token),
        "item" => keys.path("item").map(LastItem),
        _ => {
            let header = keys.string("responseHeader")?;
            if !is_token(&header) {
                keys.fault("responseHeader", "is not a header name");
                return None;
            }
            Some(ResponseHeader(header))
        }
    }
}

/// Parses the part of the request for the token, the number or the offset.
fn parameter(keys: &mut Keys<'_, '_>) -> Option<PageParameter> {
    let fault = "must have one of `parameter`, `body` and `header`";
    match keys.only(&PARAMETERS, fault)? {
        "parameter" => keys.string("parameter").map(Query),
        "body" => keys.path("body").map(Body),
        _ => keys.string("header").map(Header),
    }
}
