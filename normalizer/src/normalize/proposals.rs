//! Part of `normalize`: paginated lists, where the names of parameters and properties make pagination evident.
//!
//! In: the normalized document. Out: at most one `x-pagination` for each operation, for review. Invariant: a proposal refers only to
//! existing names, and is never applied automatically: a name is not a proof.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::evidence::query;
use super::extensions::MS_PAGEABLE;
use super::names::words;
use super::reference;
use crate::json::{Members, count_nodes, items, keys, members, only, put, set};
use crate::limits::Budget;
use crate::pointer::Pointer;
use crate::spelling::{is_among, squashed};
use crate::structure::extensions::PAGINATION;
use crate::structure::grammar::path_items;
use crate::structure::media::is_json;

// Names without case and separators.
const TOKEN_PARAMETERS: &str = "after continuationtoken cursor marker nextcursor nextpagetoken nexttoken pagecursor pagetoken pagingtoken \
     startcursor starttoken token";
const TOKEN_PROPERTIES: &str = "after continuationtoken cursornext endcursor next nextcontinuationtoken nextcursor nextmarker nextoffset nextpage \
     nextpagecursor nextpagetoken nexttoken";
/// Unambiguous names of token parameters, of [`TOKEN_PARAMETERS`] and others: an operation with one is not paginated by number.
const SURE_TOKEN_PARAMETERS: &str = "continuationtoken cursor nextcursor nextpagetoken nexttoken pagecursor pagetoken pagingtoken \
     skiptoken startcursor starttoken";
const NEXT_URLS: &str = "nexthref nextlink nextpagelink nextpageuri nextpageurl nexturi nexturl odatanextlink";
/// Names of tokens or URLs.
const NEXT: &str = "next nextpage";
const LAST_ITEM_PARAMETERS: &str = "startingafter";
const MORE_PROPERTIES: &str = "hasmore hasnext hasnextpage";
const PAGE_PARAMETERS: &str = "page pageindex pageno pagenum pagenumber";
const TOTAL_PAGES: &str = "numberofpages numpages pagecount pages pagestotal totalpagecount totalpages";
const TOTAL_ITEMS: &str =
    "total totalcount totalelements totalentries totalhits totalitemcount totalitems totalrecords totalresults";
const OFFSET_PARAMETERS: &str = "offset skip startat";
/// Objects with metadata about a page.
const ABOUT: &str = "cursor cursors links meta metadata next page pageinfo pagination paging responsemetadata";
/// The maximum nesting of such objects.
const ABOUT_DEPTH: usize = 2;
/// Arrays other than the items.
const FAULTS: &str = "errors warnings";
/// Objects that contain the page, if they have no sibling that is a list.
const ENVELOPES: &str = "data meta payload response result";
/// Words in names of operations that only read, whatever their method.
const READS: &str = "browse export fetch filter find get list lookup query read scroll search";
/// Words in names of operations that change something.
const WRITES: &str = "add clone copy create delete generate import insert make remove update upload";
/// Names of the items array, if there are several arrays.
const ITEMS: &str = "content data elements entries items list objects records resources results rows values";

/// The types of lists, of numbers and of tokens.
const ARRAY: &str = "array";
const NUMBERS: &str = "integer number";
const TOKENS: &str = "string integer number";

/// The maximum number of schemas to examine, for each node of the document.
const LOOKS_PER_NODE: usize = 16;

/// A proposed `x-pagination` of an operation.
pub(super) struct Proposal {
    /// The pointer to the operation.
    pub(super) operation: Pointer,
    pagination: Value,
}

impl Proposal {
    /// Returns the overlay actions that apply the proposal. The operation is at `at` in `document`, which overlays apply to. An existing
    /// `x-pagination` is replaced, because it does not match.
    pub(super) fn actions(&self, document: &Value, at: &Pointer) -> Vec<Value> {
        let replaced = at.key(PAGINATION);
        let is_replaced = replaced.get(document).is_some();
        let description = format!("`{PAGINATION}` does not match its operation.");
        let remove = json!({"target": query(&replaced), "description": description, "remove": true});
        let description = "The names of parameters and properties suggest pagination.";
        let update = json!({PAGINATION: self.pagination});
        let update = json!({"target": query(at), "description": description, "update": update});
        Some(remove).filter(|_| is_replaced).into_iter().chain([update]).collect()
    }

    /// Returns the text for the ledger: the action in one line, as YAML.
    pub(super) fn text(&self, at: &Pointer) -> String {
        let action = json!({"target": query(at), "update": {PAGINATION: self.pagination}});
        format!("looks paginated; an overlay can say so with the action {action}")
    }
}

/// Returns the proposals for each operation, in the order of the paths.
pub(super) fn proposals(document: &Value) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    let search = ListSearch { document, budget: Budget::of(count_nodes(document).saturating_mul(LOOKS_PER_NODE)) };
    for (path, at, item) in path_items(document) {
        for method in ["get", "post"] {
            // `x-ms-pageable` already states whether pages have links.
            let is_open = |operation: &&Value| [PAGINATION, MS_PAGEABLE].iter().all(|key| operation.get(key).is_none());
            let operation = item.get(method).filter(is_open);
            let operation = operation.filter(|operation| method == "get" || only_reads(path, operation));
            let is_one = method == "get" && path.ends_with('}');
            let pagination = operation.and_then(|operation| search.pagination(item, operation, is_one));
            let operation = at.key(method);
            proposals.extend(pagination.map(|pagination| Proposal { operation, pagination }));
        }
    }
    proposals
}

struct ListSearch<'d> {
    document: &'d Value,
    /// The number of schemas that may still be examined. Nested parts multiply.
    budget: Budget,
}

/// A property and the names on the path to it.
type Property<'d> = (Vec<&'d str>, &'d Value);

impl<'d> ListSearch<'d> {
    /// Returns the pagination of an operation. `is_one`: its path ends with a key. A single thing may have an array, and a link to the next
    /// thing.
    fn pagination(&self, item: &'d Value, operation: &'d Value, is_one: bool) -> Option<Value> {
        let lists = [&operation["parameters"], &item["parameters"]];
        let parameters = lists.into_iter().flat_map(items).filter_map(|parameter| self.parameter(parameter));
        let parameters: Vec<Parameter<'_>> = parameters.chain(self.sent(operation)).collect();
        let successes = members(&operation["responses"]).filter(|(status, _)| status.starts_with('2'));
        let response = reference::resolved(self.document, only(successes)?.1)?;
        let schema = self.schema(&json_of(response)?["schema"])?;
        let mut properties = self.properties(schema);
        let is_list = |(path, schema): &Property<'_>| is_of(schema, ARRAY) && !is_called(path, FAULTS);
        if !is_of(schema, ARRAY) && !properties.iter().any(is_list) {
            properties.extend(self.inside(&properties, ENVELOPES));
        }
        if properties.iter().any(is_list) {
            properties.retain(|(path, _)| !is_called(path, FAULTS));
        }
        let list = self.list(schema, &properties)?;
        let mut found = self.step(&parameters, response, &properties, &list)?;
        let is_link = ["link", "next"].iter().any(|key| found.contains_key(*key));
        if is_one && is_link && !list.0.is_empty() && (list.0.len() > 1 || !is_called(&list.0, ITEMS)) {
            return None;
        }
        if !list.0.is_empty() {
            set(&mut found, "items", written(&list.0));
        }
        // An exhausted search may have missed a second list.
        Some(Value::Object(found)).filter(|_| self.budget.spend(0))
    }

    /// Returns how the next page is requested: the most reliable way comes first.
    fn step(
        &self,
        parameters: &[Parameter<'d>],
        response: &Value,
        properties: &[Property<'d>],
        list: &Property<'d>,
    ) -> Option<Members> {
        let parameter = |names: &str, types: &str| only_parameter(parameters, names, types);
        let about = self.about(properties);
        let property = |names: &str, types: &str| {
            about
                .iter()
                .filter(|property| !is_url(property))
                // Next to the items, `after` repeats the request.
                .filter(|(path, _)| path != &["after"])
                .find(|(path, schema)| is_called(path, names) && is_of(schema, types))
        };
        let more = property(MORE_PROPERTIES, "boolean").map(|(path, _)| written(path));
        let total = |key: &str, names: &str| property(names, NUMBERS).map(|(path, _)| (key.to_owned(), written(path)));
        let (total_pages, total_items) = (total("totalPages", TOTAL_PAGES), total("totalItems", TOTAL_ITEMS));
        let mut found = Map::new();
        if let (Some(parameter), Some((path, _))) =
            (parameter(TOKEN_PARAMETERS, TOKENS), property(TOKEN_PROPERTIES, TOKENS))
        {
            let mut token = json!({parameter.key: parameter.place, "property": written(path)});
            if let Some(first) = parameter.first() {
                put(&mut token, &Pointer::top("first"), first.into());
            }
            set(&mut found, "token", token);
            found.extend(more.map(|more| ("more".to_owned(), more)));
        } else if let (Some(parameter), Some(more), true) =
            (parameter(LAST_ITEM_PARAMETERS, "string"), more, self.has_id(list))
        {
            set(&mut found, "token", json!({parameter.key: parameter.place, "item": "id"}));
            set(&mut found, "more", more);
        } else if keys(&response["headers"]).any(|name| name.eq_ignore_ascii_case("link")) {
            set(&mut found, "link", true);
        } else if let Some((path, _)) = about.iter().find(|property| is_next_url(property)) {
            set(&mut found, "next", written(path));
        } else if parameters.iter().any(|one| is_one_of(SURE_TOKEN_PARAMETERS, one.name) && is_of(one.schema, TOKENS)) {
            // Servers often reject or ignore any other way.
            return None;
        } else if let Some(parameter) = parameter(PAGE_PARAMETERS, NUMBERS) {
            let number = |key| parameter.schema.get(key)?.as_i64();
            let first = number("default").or_else(|| parameter.first_page()).or_else(|| number("minimum"));
            let page = match first {
                Some(0) => json!({parameter.key: parameter.place, "first": 0}),
                _ => json!({parameter.key: parameter.place}),
            };
            set(&mut found, "page", page);
            found.extend(total_pages.or(total_items));
        } else {
            let parameter = parameter(OFFSET_PARAMETERS, NUMBERS)?;
            set(&mut found, "offset", json!({parameter.key: parameter.place}));
            found.extend(total_items);
        }
        Some(found)
    }

    /// Returns a query parameter in the usual style.
    fn parameter(&self, parameter: &'d Value) -> Option<Parameter<'d>> {
        let parameter = reference::resolved(self.document, parameter)?;
        let style = parameter["style"].as_str();
        let is_usual = parameter["in"] == "query" && style.is_none_or(|style| style == "form");
        let (name, schema) = (parameter["name"].as_str()?, self.schema(parameter.get("schema")?)?);
        let description = parameter["description"].as_str().unwrap_or_default();
        is_usual.then(|| Parameter { key: "parameter", place: name.into(), name, schema, description })
    }

    /// Returns the properties of the JSON request body.
    fn sent(&self, operation: &'d Value) -> Vec<Parameter<'d>> {
        let body = reference::resolved(self.document, &operation["requestBody"]);
        let schema = body.and_then(|body| self.schema(&json_of(body)?["schema"]));
        let properties = schema.map(|schema| self.about(&self.properties(schema))).unwrap_or_default();
        let sent = |(path, schema): Property<'d>| {
            let description = schema["description"].as_str().unwrap_or_default();
            Some(Parameter { key: "body", place: written(&path), name: path.last()?, schema, description })
        };
        properties.into_iter().filter_map(sent).collect()
    }

    fn schema(&self, schema: &'d Value) -> Option<&'d Value> {
        reference::resolved(self.document, schema)
    }

    /// Returns the properties of an object and of its `allOf`, each with its schema. Properties inside a choice are not included.
    fn properties(&self, schema: &'d Value) -> Vec<Property<'d>> {
        let parts = reference::all_of(self.document, schema, &self.budget);
        if parts.iter().any(|part| part.get("oneOf").or_else(|| part.get("anyOf")).is_some()) {
            return Vec::new();
        }
        let own = parts.into_iter().flat_map(|part| members(&part["properties"])).filter(|_| self.budget.spend(1));
        own.filter_map(|(name, property)| Some((vec![name.as_str()], self.schema(property)?))).collect()
    }

    /// Returns the properties, and those of the objects among them that have metadata about the page.
    fn about(&self, properties: &[Property<'d>]) -> Vec<Property<'d>> {
        let mut all = properties.to_vec();
        let mut level = properties.to_vec();
        for _ in 0..ABOUT_DEPTH {
            level = self.inside(&level, ABOUT);
            all.extend(level.iter().cloned());
        }
        all
    }

    /// Returns the properties of the objects that have one of these names.
    fn inside(&self, objects: &[Property<'d>], names: &str) -> Vec<Property<'d>> {
        let named = objects.iter().filter(|(path, _)| is_called(path, names));
        let inner = named.flat_map(|(outer, schema)| {
            let inner = self.properties(schema).into_iter();
            inner.map(|(path, schema)| ([outer.as_slice(), path.as_slice()].concat(), schema))
        });
        inner.collect()
    }

    /// Returns the array of the items: the body (with an empty path), its only array, or the only one with a usual name. Several schemas
    /// may describe it. A choice between an array and something else may be the items, so another array does not take precedence.
    fn list(&self, body: &'d Value, properties: &[Property<'d>]) -> Option<Property<'d>> {
        let is_array = |schema: &&Value| is_of(schema, ARRAY);
        if is_array(&body) {
            return Some((Vec::new(), body));
        }
        let mut arrays: BTreeMap<&[&str], Option<&Value>> = BTreeMap::new();
        for (path, schema) in properties {
            let parts = reference::all_of(self.document, schema, &self.budget);
            let array = parts.iter().copied().find(is_array);
            let branches = || parts.iter().flat_map(|part| items(&part["oneOf"]).chain(items(&part["anyOf"])));
            if array.is_some() || branches().filter_map(|branch| self.schema(branch)).any(|branch| is_array(&branch)) {
                let known = arrays.entry(path).or_default();
                *known = known.or(array);
            }
        }
        let usual = arrays.iter().filter(|(path, _)| is_called(path, ITEMS));
        let (path, array) = only(arrays.iter()).or_else(|| only(usual))?;
        Some((path.to_vec(), (*array)?))
    }

    /// Returns `true` if each item has an `id` that is a string.
    fn has_id(&self, (_, array): &Property<'d>) -> bool {
        let item = array.get("items").and_then(|item| self.schema(item));
        let properties = item.map(|item| self.properties(item)).unwrap_or_default();
        properties.iter().any(|(path, schema)| path == &["id"] && is_of(schema, "string"))
    }
}

/// Returns the JSON media type of a body; `*/*` counts as JSON.
fn json_of(body: &Value) -> Option<&Value> {
    members(&body["content"]).find(|(name, _)| is_json(name) || *name == "*/*").map(|(_, media_type)| media_type)
}

/// Returns the only parameter with one of these names and types. Next to another one, `token` is a credential.
fn only_parameter<'p, 'd>(parameters: &'p [Parameter<'d>], names: &str, types: &str) -> Option<&'p Parameter<'d>> {
    let all = || parameters.iter().filter(|one| is_one_of(names, one.name) && is_of(one.schema, types));
    only(all()).or_else(|| only(all().filter(|one| !one.name.eq_ignore_ascii_case("token"))))
}

/// A parameter or body property that may control the page.
struct Parameter<'d> {
    /// The key in `x-pagination`: `parameter` or `body`.
    key: &'static str,
    /// The name of the parameter, or the path to the property.
    place: Value,
    /// The name without the path.
    name: &'d str,
    schema: &'d Value,
    description: &'d str,
}

impl Parameter<'_> {
    /// Returns the number of the first page, if the description states one.
    fn first_page(&self) -> Option<i64> {
        let words = words(self.description);
        let has = |known: &str| words.iter().any(|word| is_among(known, word));
        let begins = has("based begin begins default defaults indexed start starting starts");
        match (has("0 zero"), has("1 one")) {
            (true, false) if begins => Some(0),
            (false, true) if begins || has("first") => Some(1),
            _ => None,
        }
    }

    /// Returns the token of the first page, if the description states one.
    fn first(&self) -> Option<&'static str> {
        let description = self.description.to_ascii_lowercase();
        let has = |texts: &[&str]| texts.iter().any(|text| description.contains(text));
        if !has(&["first", "initial", "begin", "start"]) {
            return None;
        }
        let is_star = has(&["\"*\"", "'*'", "`*`"]);
        if has(&["empty string", "\"\"", "''"]) { Some("") } else { is_star.then_some("*") }
    }
}

/// Returns `true` if an operation with a body only reads, judging by its success and the words of its name or path.
fn only_reads(path: &str, operation: &Value) -> bool {
    let is_made = members(&operation["responses"]).any(|(status, _)| matches!(status.as_str(), "201" | "202"));
    let mut text = operation["operationId"].as_str().unwrap_or_default().to_owned();
    text += "/";
    text += path.rsplit('/').next().unwrap_or_default();
    let words = words(&text);
    let has = |known: &str| words.iter().any(|word| is_among(known, word));
    !is_made && has(READS) && !has(WRITES)
}

/// Returns `true` if a property is the URL of the next page.
fn is_next_url(property @ (path, schema): &Property<'_>) -> bool {
    match path.last() {
        Some(name) if is_one_of(NEXT, name) => is_url(property),
        Some(&"href") => path.iter().rev().nth(1) == Some(&"next") && is_of(schema, "string"),
        Some(name) => is_one_of(NEXT_URLS, name) && is_of(schema, "string"),
        None => false,
    }
}

/// Returns `true` if a property's schema or its parent, `links` (JSON:API), declares a URL. A description may refer to another property.
fn is_url((path, schema): &Property<'_>) -> bool {
    let words = |key: &str| schema[key].as_str().unwrap_or_default().to_ascii_lowercase();
    let is_word = |word: &str| is_among("url uri link hyperlink", word);
    let is_link = || path.iter().rev().nth(1).is_some_and(|name| is_one_of("links", name));
    let is_described = || words("description").split(|c: char| !c.is_alphanumeric()).any(is_word);
    let format = words("format");
    let is_said = format.starts_with("uri") || format == "url" || words("example").starts_with("http");
    is_of(schema, "string") && (is_said || is_called(path, NEXT) && (is_link() || is_described()))
}

fn is_of(schema: &Value, types: &str) -> bool {
    schema["type"].as_str().is_some_and(|kind| is_among(types, kind))
}

/// Returns `true` if the property at the end of a path has one of these names.
fn is_called(path: &[&str], names: &str) -> bool {
    path.last().is_some_and(|name| is_one_of(names, name))
}

/// Returns `true` if a name is among others, regardless of spelling.
fn is_one_of(names: &str, name: &str) -> bool {
    is_among(names, &squashed(name))
}

/// Returns a path as the value of a key: names joined by dots, or a JSON pointer if a name has a dot or begins with a
/// slash.
fn written(path: &[&str]) -> Value {
    if path.iter().any(|name| name.contains('.') || name.starts_with('/')) {
        let pointer = path.iter().fold(Pointer::root(), |pointer, name| pointer.key(name));
        return pointer.as_str().into();
    }
    path.join(".").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the proposal for an operation with these query parameters, each with its type, and a body.
    fn proposed(parameters: &[(&str, &str)], body: &Value) -> Option<Value> {
        let parameter = |(name, kind): &(&str, &str)| json!({"name": name, "in": "query", "schema": {"type": kind}});
        let parameters: Vec<Value> = parameters.iter().map(parameter).collect();
        let response = json!({"description": "d", "content": {"application/json": {"schema": body}}});
        let get = json!({"parameters": parameters, "responses": {"200": response, "404": {"description": "d"}}});
        let mut found = proposals(&json!({"paths": {"/a": {"get": get}}}));
        assert!(found.len() <= 1);
        found.pop().map(|found| found.pagination)
    }

    fn object(properties: &Value) -> Value {
        json!({"type": "object", "properties": properties})
    }

    #[test]
    fn usual_names_are_evident() {
        let list = json!({"type": "array", "items": {"type": "object", "properties": {"id": {"type": "string"}}}});
        let string = json!({"type": "string"});
        let things = object(&json!({"things": list, "next_page_token": string}));
        let token = json!({"token": {"parameter": "pageToken", "property": "next_page_token"}, "items": "things"});
        assert_eq!(proposed(&[("pageToken", "string"), ("page", "integer")], &things), Some(token));
        let about = object(&json!({"nextCursor": string, "has_more": {"type": "boolean"}}));
        let nested =
            json!({"allOf": [object(&json!({"data": list})), object(&json!({"meta": about, "errors": list}))]});
        let token = json!({"token": {"parameter": "cursor", "property": "meta.nextCursor"}, "more": "meta.has_more", "items": "data"});
        assert_eq!(proposed(&[("cursor", "string")], &nested), Some(token));
        let last = object(&json!({"data": list, "has_more": {"type": "boolean"}}));
        let token =
            json!({"token": {"parameter": "starting_after", "item": "id"}, "more": "has_more", "items": "data"});
        assert_eq!(proposed(&[("starting_after", "string"), ("ending_before", "string")], &last), Some(token));
        assert_eq!(proposed(&[("page", "integer")], &list.clone()), Some(json!({"page": {"parameter": "page"}})));
        assert_eq!(proposed(&[("skip", "integer")], &list), Some(json!({"offset": {"parameter": "skip"}})));
    }

    #[test]
    fn a_page_in_an_envelope_is_found() {
        let (number, list) = (json!({"type": "number"}), json!({"type": "array", "items": {}}));
        let page = object(&json!({"things": list, "cursor": object(&json!({"after": number}))}));
        let token = json!({"token": {"parameter": "after", "property": "meta.cursor.after"}, "items": "meta.things"});
        assert_eq!(proposed(&[("after", "number")], &object(&json!({"meta": page}))), Some(token.clone()));
        let body = object(&json!({"meta": page, "errors": list}));
        assert_eq!(proposed(&[("after", "number")], &body), Some(token));
        // An object next to another list is not an envelope.
        assert_eq!(
            proposed(&[("page", "integer")], &object(&json!({"meta": page, "tags": list, "users": list}))),
            None
        );
    }

    #[test]
    fn what_is_described_as_a_url_is_no_token() {
        let list = json!({"type": "array", "items": {}});
        let next = |description: &str| json!({"type": "string", "description": description});
        let page = |description: &str| object(&json!({"things": list, "next_page": next(description)}));
        let link = json!({"next": "next_page", "items": "things"});
        assert_eq!(proposed(&[("cursor", "string")], &page("A URL that calls the next page.")), Some(link));
        let token = json!({"token": {"parameter": "cursor", "property": "next_page"}, "items": "things"});
        assert_eq!(proposed(&[("cursor", "string")], &page("Where to go on.")), Some(token));
        // JSON:API has URLs in `links`.
        let body = object(&json!({"data": list, "links": object(&json!({"next": {"type": "string"}}))}));
        let link = json!({"next": "links.next", "items": "data"});
        assert_eq!(proposed(&[("page[cursor]", "string")], &body), Some(link));
    }

    #[test]
    fn a_search_has_them_in_its_body() {
        let string = json!({"type": "string"});
        let page = object(&json!({"results": {"type": "array", "items": {}}, "next_cursor": string}));
        let request = object(&json!({"query": string, "paging": object(&json!({"cursor": string}))}));
        let content = |schema: &Value| json!({"description": "d", "content": {"application/json": {"schema": schema}}});
        let post = json!({"requestBody": content(&request), "responses": {"200": content(&page)}});
        let found = proposals(&json!({"paths": {"/a/search": {"post": post}}})).pop();
        let token = json!({"token": {"body": "paging.cursor", "property": "next_cursor"}, "items": "results"});
        assert_eq!(found.map(|found| found.pagination), Some(token));
    }

    #[test]
    fn the_url_of_the_next_page_comes_before_numbers() {
        let list = json!({"type": "array", "items": {}});
        let string = json!({"type": "string"});
        let page = ("Page", "integer");
        assert_eq!(proposed(&[page, ("PageToken", "string")], &list), None);
        assert!(proposed(&[page, ("token", "string")], &list).is_some(), "it may be a credential");
        let uri = json!({"type": "string", "format": "uri"});
        for (name, next, place) in [
            ("@odata.nextLink", string.clone(), "/@odata.nextLink"),
            ("next_page_uri", string.clone(), "next_page_uri"),
            ("meta", object(&json!({"next_page_url": string})), "meta.next_page_url"),
            ("links", object(&json!({"next": uri})), "links.next"),
            ("next", uri.clone(), "next"),
            ("next", json!({"type": "string", "description": "Link to the next page."}), "next"),
            ("next", json!({"type": "string", "example": "https://a.example/?page=2"}), "next"),
        ] {
            let body = object(&json!({"things": list, name: next}));
            let expected = Some(json!({"next": place, "items": "things"}));
            assert_eq!(proposed(&[page], &body), expected, "{body}");
            assert_eq!(proposed(&[("$skip", "integer")], &body), expected, "{body}");
        }
        assert!(proposed(&[page], &object(&json!({"things": list, "next": string}))).is_some());
        let cursor = object(&json!({"things": list, "next": uri}));
        let next = Some(json!({"next": "next", "items": "things"}));
        assert_eq!(proposed(&[("cursor", "string")], &cursor), next, "a URL is no token");
    }

    #[test]
    fn the_first_page_and_the_total_are_described() {
        let list = json!({"type": "array", "items": {}});
        let parameter = |name: &str, kind: &str, description: &str| json!({"name": name, "in": "query", "description": description, "schema": {"type": kind}});
        let found = |parameter: Value, body: &Value| {
            let response = json!({"description": "d", "content": {"application/json": {"schema": body}}});
            let get = json!({"parameters": [parameter, {"name": "token", "in": "query", "schema": {"type": "string"}}], "responses": {"200": response}});
            proposals(&json!({"paths": {"/a": {"get": get}}})).pop().map(|found| found.pagination)
        };
        let page = object(&json!({"things": list, "next_cursor": {"type": "string"}}));
        let cursor =
            |description: &str| found(parameter("cursor", "string", description), &page).unwrap()["token"].clone();
        let token = json!({"parameter": "cursor", "property": "next_cursor"});
        assert_eq!(cursor("From the previous page."), token, "`token` is a credential");
        let first = |first: &str| json!({"parameter": "cursor", "property": "next_cursor", "first": first});
        assert_eq!(cursor("An empty string for the first page."), first(""));
        assert_eq!(cursor("Start with `*`."), first("*"));

        let number = json!({"type": "integer"});
        let meta = object(&json!({"total": number, "total_pages": number}));
        let of_meta = object(&json!({"things": list, "meta": meta}));
        let by_page = json!({"page": {"parameter": "page"}, "totalPages": "meta.total_pages", "items": "things"});
        assert_eq!(found(parameter("page", "integer", ""), &of_meta), Some(by_page));
        let by_offset = json!({"offset": {"parameter": "offset"}, "totalItems": "meta.total", "items": "things"});
        assert_eq!(found(parameter("offset", "integer", ""), &of_meta), Some(by_offset));

        let after = object(&json!({"after": {"type": "string"}}));
        let nested = object(&json!({"results": list, "paging": object(&json!({"next": after}))}));
        let token = json!({"token": {"parameter": "after", "property": "paging.next.after"}, "items": "results"});
        assert_eq!(found(parameter("after", "string", ""), &nested), Some(token));
        let echo = object(&json!({"results": list, "after": {"type": "string"}}));
        assert_eq!(found(parameter("after", "string", ""), &echo), None, "it is what was requested");
        let link = object(&json!({"next": object(&json!({"href": {"type": "string"}}))}));
        let hal = object(&json!({"things": list, "_links": link}));
        assert_eq!(
            found(parameter("page", "integer", ""), &hal),
            Some(json!({"next": "_links.next.href", "items": "things"}))
        );
    }

    #[test]
    fn the_first_page_has_its_described_number() {
        let page = |description: &str, schema: Value| {
            let page = json!({"name": "page", "in": "query", "description": description, "schema": schema});
            let content = json!({"application/json": {"schema": {"type": "array", "items": {}}}});
            let get = json!({"parameters": [page], "responses": {"200": {"content": content}}});
            proposals(&json!({"paths": {"/a": {"get": get}}})).pop().unwrap().pagination["page"].get("first").cloned()
        };
        let from_zero = json!({"type": "integer", "minimum": 0});
        assert_eq!(page("The number of the page.", from_zero.clone()), Some(json!(0)));
        assert_eq!(page("Zero-based page number", json!({"type": "integer"})), Some(json!(0)));
        let all = "Which page is displayed first; 0 for all results.";
        assert_eq!(page(all, json!({"type": "integer"})), None);
        assert_eq!(page("Increments starting at page `1`.", from_zero.clone()), None);
        assert_eq!(page("Starts at 0; 1 is the second page.", from_zero), Some(json!(0)));
        assert_eq!(page("", json!({"type": "integer", "minimum": 0, "default": 1})), None);
    }

    #[test]
    fn items_are_not_sought_elsewhere_if_they_are_behind_a_choice() {
        let list = json!({"type": "array", "items": {}});
        let choice = json!({"oneOf": [{"type": "object"}, list]});
        let body = |data: &Value| {
            let next = json!({"type": "string", "format": "uri"});
            let base = object(&json!({"data": choice, "included": list, "links": object(&json!({"next": next}))}));
            json!({"allOf": [base, object(&json!({"data": data}))]})
        };
        let many = body(&json!({"allOf": [choice, list]}));
        let found = Some(json!({"next": "links.next", "items": "data"}));
        assert_eq!(proposed(&[], &many), found);
        assert_eq!(proposed(&[], &body(&json!({"type": "object"}))), None);
    }

    #[test]
    fn what_the_author_says_of_pages_counts() {
        let body = object(&json!({"value": {"type": "array", "items": {}}, "nextLink": {"type": "string"}}));
        let found = |key: &str| {
            let get = json!({key: {"nextLinkName": null}, "responses": {"200": {"content": {"application/json": {"schema": body}}}}});
            proposals(&json!({"paths": {"/a": {"get": get}}})).len()
        };
        assert_eq!((found("x-ms-pageable"), found("x-ms-other")), (0, 1));
    }

    #[test]
    fn a_single_thing_with_a_link_is_no_page() {
        let next = json!({"type": "string", "format": "uri"});
        let found = |name: &str| {
            let body = object(&json!({name: {"type": "array", "items": {}}, "next": next}));
            let get = json!({"responses": {"200": {"content": {"application/json": {"schema": body}}}}});
            proposals(&json!({"paths": {"/users/{id}": {"get": get}}})).len()
        };
        assert_eq!((found("roles"), found("items")), (0, 1));
    }

    #[test]
    fn what_creates_is_no_list() {
        let list = json!({"type": "array", "items": {}});
        let content = json!({"description": "d", "content": {"application/json": {"schema": list}}});
        let of = |id: &str, status: &str| {
            let page = json!({"name": "page", "in": "query", "schema": {"type": "integer"}});
            let post = json!({"operationId": id, "parameters": [page], "responses": {status: content}});
            proposals(&json!({"paths": {"/targets": {"post": post}}})).len()
        };
        assert_eq!((of("createTargets", "200"), of("listTargets", "201"), of("queryTargets", "200")), (0, 0, 1));
    }

    #[test]
    fn what_is_not_evident_is_not_proposed() {
        let list = json!({"type": "array", "items": {}});
        let two = object(&json!({"cats": list, "dogs": list}));
        assert_eq!(proposed(&[("page", "integer")], &two), None, "either could be the list");
        let things = object(&json!({"things": list}));
        let choice = json!({"allOf": [things, {"oneOf": [object(&json!({"a": {}})), object(&json!({"b": {}}))]}]});
        assert_eq!(proposed(&[("page", "integer")], &choice), None, "no property leads through a choice");
        assert_eq!(proposed(&[("page", "string")], &list.clone()), None, "it may be the name of a page");
        assert_eq!(proposed(&[("limit", "integer")], &list.clone()), None);
        assert_eq!(proposed(&[("cursor", "string")], &list), None, "nothing says where the next one is");
    }
}
