//! Part of `swagger2`: `host`, `basePath` and `schemes` (§Swagger Object) become servers.
//!
//! In: the three keys and Azure's host with variables, in the document, or `schemes` in an operation. Out: lists of servers (OpenAPI 3.0.3
//! §4.7.5), only one server if it has variables. Invariant: without a host the URL is relative, because 2.0 then means the host that serves
//! the document.

use std::collections::BTreeSet;

use foldhash::HashMap;
use serde_json::{Value, json};

use super::convert::{Convert, MovedNode};
use super::targets::list;
use crate::json::{Members, items, members, object, only, scalars, set, single, text};
use crate::normalize::pass::{Equivalent, Interpreted};
use crate::pointer::Pointer;
use crate::structure::grammar::METHODS;
use crate::structure::template;

/// Azure's extension: a host with variables, which replaces `host`.
const MS_HOST: &str = "x-ms-parameterized-host";

/// The address of the API.
#[derive(Default)]
pub(super) struct Address {
    /// The host; never empty.
    host: Option<String>,
    /// Whether the scheme is part of the host.
    has_scheme: bool,
    /// The variables of the host.
    variables: Members,
    /// The base path: empty, or a path without a trailing slash.
    base: String,
    /// The schemes of the document, in the order of servers.
    schemes: Vec<String>,
    /// The keys of the document that were converted.
    pub(super) keys: Vec<&'static str>,
}

/// Returns a key of the document, and the server URL that contains it now.
fn place(key: &str) -> MovedNode {
    MovedNode { before: Pointer::top(key), after: first_server().key("url") }
}

fn first_server() -> Pointer {
    Pointer::top("servers").index(0)
}

impl Address {
    /// Reads the document's address.
    pub(super) fn of<'d>(document: &'d Members, convert: &mut Convert<'d>) -> Self {
        let mut address = Self::default();
        if let Some(template) = object(document, MS_HOST) {
            address.read_template(template, convert);
        }
        if let Some(host) = text(document, "host") {
            address.keys.push("host");
            if address.host.is_none() {
                address.read_host(host, convert);
            }
        }
        if let Some(base) = text(document, "basePath") {
            address.keys.push("basePath");
            let trimmed = base.trim().trim_end_matches('/');
            let slash = if trimmed.is_empty() || trimmed.starts_with('/') { "" } else { "/" };
            if !slash.is_empty() {
                let text = format!("read `basePath` as `/{trimmed}`: it must start with a slash");
                convert.note(("base-path-slash", Interpreted), &place("basePath"), text);
            }
            address.base = format!("{}{slash}{trimmed}", address.base);
        }
        if let Some(schemes) = list(document.get("schemes")) {
            address.keys.push("schemes");
            address.schemes.extend(schemes);
        }
        if address.schemes.is_empty()
            && let Some((before, schemes)) = common_schemes(document)
        {
            let text = "moved the `schemes` of all operations to the server";
            convert.note(("common-schemes", Equivalent), &MovedNode::new(&before, &place("schemes").after), text);
            address.schemes = schemes;
        }
        address.choose_schemes(document, convert);
        if let Some((url, first)) = address.urls(&address.schemes).first().zip(address.keys.first()) {
            let host = if *first == MS_HOST { MS_HOST } else { "host" };
            let first = place(first);
            // The first key is the origin of the URL.
            for key in address.keys.iter().rev() {
                convert.moved(&place(key));
            }
            convert.copied(&first.before, first_server());
            convert.copied(&first.before, Pointer::top("servers"));
            let why = if address.host.is_some() { "" } else { ", relative to where the document is served" };
            let text = format!("combined `{host}`, `basePath` and `schemes` into the server `{url}`{why}");
            convert.note(("server", Equivalent), &first, text);
        }
        address
    }

    /// Reads a host (§Swagger Object), which must have neither scheme nor path; some documents have both.
    fn read_host(&mut self, host: &str, convert: &mut Convert<'_>) {
        let mut rest = host.trim();
        if let Some((scheme, after)) = rest.split_once("://") {
            self.schemes.push(scheme.to_ascii_lowercase());
            rest = after;
        }
        let rest = rest.trim_start_matches('/');
        let (name, path) = rest.split_once('/').map_or((rest, ""), |(name, path)| (name, path.trim_end_matches('/')));
        if !path.is_empty() {
            self.base = format!("/{path}");
        }
        self.host = Some(name.to_owned()).filter(|name| !name.is_empty());
        if name != host {
            let text = format!("split `{host}`: a host has neither a scheme nor a path");
            convert.note(("host", Interpreted), &place("host"), text);
        }
    }

    /// Reads a host with variables, unless it is malformed. Callers have to set a variable without a parameter or default.
    fn read_template<'d>(&mut self, said: &'d Members, convert: &mut Convert<'d>) {
        let host = text(said, "hostTemplate").map(|host| host.trim().trim_end_matches('/'));
        let Some(host) = host.filter(|host| !host.is_empty()) else { return };
        let Ok(names) = template::names(host) else { return };
        let listed = Pointer::top(MS_HOST).key("parameters");
        let parameters = items(said.get("parameters")).enumerate();
        let parameters = parameters.filter_map(|(index, written)| convert.follow(written, &listed.index(index)));
        let parameters: HashMap<_, _> =
            parameters.filter_map(|(parameter, at)| Some((text(parameter, "name")?, (parameter, at)))).collect();
        for name in names {
            let mut new = json!({"default": ""});
            if let Some((parameter, origin)) = parameters.get(name) {
                convert.copied(origin, first_server().key("variables").key(name));
                new = variable(parameter);
            }
            set(&mut self.variables, name, new);
        }
        self.keys.push(MS_HOST);
        self.has_scheme = said.get("useSchemePrefix") == Some(&Value::Bool(false)) || host.contains("://");
        self.host = Some(host.to_owned());
    }

    fn choose_schemes(&mut self, document: &Members, convert: &mut Convert<'_>) {
        if self.has_scheme {
            return;
        }
        let mut seen = BTreeSet::new();
        self.schemes.retain(|scheme| seen.insert(scheme.clone()));
        let is_written = document.contains_key("schemes");
        if self.host.is_none() {
            if !self.schemes.is_empty() && is_written {
                let text = "kept `schemes` as `x-schemes`: a relative URL has no scheme";
                let place = place("schemes").to(first_server().key("x-schemes"));
                convert.note(("schemes-without-host", Interpreted), &place, text);
            }
            return;
        }
        if self.schemes.is_empty() {
            let text = "assumed `https`: without `schemes`, the scheme of the document's own URL applies";
            let key = self.keys.first().copied().unwrap_or("host");
            convert.note(("missing-schemes", Interpreted), &place(key), text);
            self.schemes.push("https".to_owned());
        }
        let written = self.schemes.clone();
        safest_first(&mut self.schemes);
        if written != self.schemes && is_written {
            let text = "moved the `https` server to the front; the order of `schemes` has no meaning";
            convert.note(("scheme-order", Equivalent), &place("schemes"), text);
        }
    }

    /// Returns `true` if anything about the address is known.
    pub(super) fn is_known(&self) -> bool {
        !self.keys.is_empty() || !self.schemes.is_empty()
    }

    /// Returns the servers with these schemes.
    fn list(&self, schemes: &[String]) -> Value {
        self.urls(schemes).iter().map(|url| json!({ "url": url })).collect()
    }

    fn urls(&self, schemes: &[String]) -> Vec<String> {
        match &self.host {
            Some(host) if self.has_scheme => vec![format!("{host}{}", self.base)],
            Some(host) => schemes.iter().map(|scheme| format!("{scheme}://{host}{}", self.base)).collect(),
            None if self.base.is_empty() => vec!["/".to_owned()],
            None => vec![self.base.clone()],
        }
    }

    /// Returns the document's `servers`.
    pub(super) fn servers(&self) -> Value {
        let schemes = self.schemes.get(..1).filter(|_| !self.variables.is_empty()).unwrap_or(&self.schemes);
        let mut servers = self.list(schemes);
        if let Some(Value::Object(server)) = servers.get_mut(0) {
            if !self.variables.is_empty() {
                set(server, "variables", self.variables.clone());
            } else if self.host.is_none() && !self.schemes.is_empty() {
                set(server, "x-schemes", json!(self.schemes));
            }
        }
        servers
    }

    /// Returns `true` if these are the document's own schemes.
    pub(super) fn has_schemes(&self, schemes: &[String]) -> bool {
        BTreeSet::from_iter(schemes) == BTreeSet::from_iter(&self.schemes)
    }

    /// Returns the servers of an operation with its own schemes (§Operation Object); `None` if there is no host without variables.
    pub(super) fn servers_by(&self, mut schemes: Vec<String>) -> Option<Value> {
        self.host.as_ref().filter(|_| self.variables.is_empty())?;
        safest_first(&mut schemes);
        Some(self.list(&schemes))
    }
}

/// Converts a parameter to a variable of a server (OpenAPI 3.0.3 §4.7.6).
fn variable(parameter: &Members) -> Value {
    let values = parameter.get("enum").and_then(scalars).filter(|values| !values.is_empty());
    let default = parameter.get("default").and_then(|default| only(scalars(&json!([default]))?.into_iter()));
    let default = default.or_else(|| only(values.iter().flatten().cloned())).unwrap_or_default();
    let mut new = single("default", default);
    if let Some(values) = values {
        set(&mut new, "enum", values);
    }
    if let Some(text) = text(parameter, "description") {
        set(&mut new, "description", text);
    }
    new.into()
}

/// Returns the `schemes` that all operations have in common, and the pointer to the first of them.
fn common_schemes(document: &Members) -> Option<(Pointer, Vec<String>)> {
    let mut common = None;
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(item).filter(|(key, _)| METHODS.contains(&key.as_str())) {
            let schemes = list(operation.get("schemes")).filter(|schemes| !schemes.is_empty())?;
            let at = || Pointer::top("paths").key(path).key(method).key("schemes");
            let (_, first) = common.get_or_insert_with(|| (at(), schemes.clone()));
            if *first != schemes {
                return None;
            }
        }
    }
    common
}

/// Sorts the safest scheme first: a client uses the first server by default.
fn safest_first(schemes: &mut [String]) {
    let rank = |scheme: &str| ["https", "http", "wss", "ws"].iter().position(|known| *known == scheme);
    schemes.sort_by_key(|scheme| rank(scheme).unwrap_or(usize::MAX));
}
