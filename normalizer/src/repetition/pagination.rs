//! Part of `repetition`: what `x-pagination` says.

use serde_json::Value;

use super::keys::{Faults, Keys, Path};
use crate::pointer::Pointer;
use crate::structure::grammar::is_token;
use PageParameter::*;
use PageStep::*;
use PageValue::*;

/// How a list comes in pages (`x-pagination`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// How the next page is asked for.
    pub step: PageStep,
    /// Where a page has its items, an array.
    pub items: Path,
    /// What tells that there is a further page, if anything does.
    pub more: Option<Path>,
    /// The token of the first page, if it needs one.
    pub first: Option<String>,
    /// The total number of pages, if a page has it.
    pub total_pages: Option<Path>,
    /// The total number of items, if a page has it.
    pub total_items: Option<Path>,
    /// Where it is written.
    pub origin: Pointer,
}

/// The part of a request that says which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageParameter {
    /// A query parameter.
    Query(String),
    /// A property of the JSON body.
    Body(Path),
    /// A header parameter.
    Header(String),
}

/// The value that says which page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageValue {
    /// What the page before has there.
    Token(Path),
    /// What the last item of the page before has there.
    LastItem(Path),
    /// The header of this name in the response with the page before.
    ResponseHeader(String),
    /// The number of the page, where that of the first one is this.
    Page(i64),
    /// The number of items before the page.
    Offset,
}

/// How the next page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageStep {
    /// By the same request with another value in this part of it.
    Parameter(PageParameter, PageValue),
    /// By the link `next` of the header `Link` (RFC 8288).
    Link,
    /// By the URL that the page has there.
    Next(Path),
}

/// The ways in which pages come, of which a document names one.
const STEPS: [&str; 5] = ["token", "page", "offset", "link", "next"];

/// The other keys.
const KEYS: [&str; 4] = ["items", "more", "totalPages", "totalItems"];

/// The parts of a request that a step may name, of which it names one.
const PARAMETERS: [&str; 3] = ["parameter", "body", "header"];

/// The places of a token, of which a document names one.
const TOKENS: [&str; 3] = ["property", "item", "responseHeader"];

/// Reads the key. Returns `None` if it is invalid; `faults` then says why.
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
    let value = match &step {
        Parameter(_, value) => Some(value),
        Link | Next(_) => None,
    };
    if total_pages.is_some() && !matches!(value, Some(Page(_))) {
        keys.fault("totalPages", "requires `page`");
    }
    if total_items.is_some() && !matches!(value, Some(Page(_) | Offset)) {
        keys.fault("totalItems", "requires `page` or `offset`");
    }
    Some(Pagination { step, items, more, first, total_pages, total_items, origin: at.clone() })
}

/// A step by another value in a part of the request, and the token of the first page.
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

/// What takes the token, the number or the offset.
fn parameter(keys: &mut Keys<'_, '_>) -> Option<PageParameter> {
    let fault = "must have one of `parameter`, `body` and `header`";
    match keys.only(&PARAMETERS, fault)? {
        "parameter" => keys.string("parameter").map(Query),
        "body" => keys.path("body").map(Body),
        _ => keys.string("header").map(Header),
    }
}
