//! Part of `repair`: paths with a query or a fragment (`/answers?beta=true`, `/answers#latest`).
//!
//! In: the map of paths. Out: paths without queries and fragments, where every operation still has a unique method and path. A query
//! becomes parameters with one value, a fragment is never sent. OpenAPI identifies operations by method and path only (3.0.3 §4.7.8), but
//! some authors distinguish them by query: those paths keep their key, and the generator sends the query. Parameters that would send the
//! same value again are removed. Invariant: no operation is lost, and none gets the parameters or servers of another path.

use std::collections::BTreeSet;
use std::mem::take;

use foldhash::{HashMap, HashSet};
use serde_json::{Value, json};

use super::Repairer;
use crate::json::{Members, array_entry, has_any, items, keys, object, object_mut, only, unquoted};
use crate::normalize::pass::Interpreted;
use crate::structure::grammar::METHODS;

/// The maximum number of compared paths with the same plain form.
const MAX_GROUP: usize = 1000;

impl Repairer<'_> {
    pub(super) fn queries(&mut self, paths: &mut Members) {
        if !paths.keys().any(|path| has_more(path)) {
            return;
        }
        let order: Vec<String> = paths.keys().cloned().collect();
        // The paths grouped by plain form.
        let mut groups: HashMap<String, Members> = HashMap::default();
        for (path, item) in take(paths) {
            groups.entry(split(&path).0.to_owned()).or_default().insert(path, item);
        }
        let mut shortened = HashSet::default();
        for path in order.iter().filter(|path| has_more(path)) {
            let (plain, query) = split(path);
            let Some(group) = groups.get_mut(plain).filter(|group| group.len() <= MAX_GROUP) else { continue };
            if is_told_apart(group, path, plain) {
                continue;
            }
            let parameters = parameters(query);
            let text = format!("shortened `{path}` to the path `{plain}`{}", words(&parameters));
            if self.rename(group, (path, plain), ("path-query", Interpreted), text) {
                add_parameters(group.get_mut(plain), &parameters);
                shortened.insert(path.clone());
            } else {
                self.join(group, plain, path, &parameters);
            }
        }
        for path in order {
            let plain = split(&path).0.to_owned();
            let key = if shortened.contains(&path) { plain.clone() } else { path };
            let item = groups.get_mut(&plain).and_then(|group| group.swap_remove(&key));
            paths.extend(item.map(|item| (key, item)));
        }
    }

    /// Removes parameters whose only value is in the query of their path: they would be sent twice.
    pub(super) fn queried_parameters(&mut self, document: &mut Value) {
        let paths = keys(document.get("paths")).filter(|path| has_more(path));
        let sent = |path: &String| (path.clone(), pairs(split(path).1).collect());
        let queries: HashMap<String, HashSet<(String, String)>> = paths.map(sent).collect();
        if queries.is_empty() {
            return;
        }
        self.leave_out_parameters(document, |at, parameter| {
            let path = at.segments().nth(1).filter(|_| parameter["in"] == "query")?;
            let value = unquoted(only(items(parameter["schema"].get("enum")))?);
            let name = parameter["name"].as_str()?;
            let is_sent = queries.get(&path)?.contains(&(name.to_owned(), value));
            let text = || format!("removed the parameter `{name}`: its only value is in the query of `{path}`");
            is_sent.then(|| (("path-query", Interpreted), text()))
        });
    }

    /// Moves the operations of a path to the plain path.
    fn join(&mut self, paths: &mut Members, plain: &str, queried: &str, parameters: &[Value]) {
        if object(paths, plain).is_none() {
            return;
        }
        let Some(Value::Object(item)) = paths.shift_remove(queried) else { return };
        let Some(target) = object_mut(paths, plain) else { return };
        // The rest are parameters that both paths have.
        for (method, mut operation) in item.into_iter().filter(|(key, _)| is_method(key)) {
            let from = self.path.key(queried).key(&method);
            let to = self.path.key(plain).key(&method);
            let verb = method.to_uppercase();
            let id = operation.get("operationId").and_then(Value::as_str);
            let name = id.map(|id| format!(" ({id})")).unwrap_or_default();
            add_parameters(Some(&mut operation), parameters);
            self.moved(to.clone(), &from);
            target.insert(method, operation);
            let text = format!("moved `{verb} {queried}`{name} to the path `{plain}`{}", words(parameters));
            self.record.note(("path-query", Interpreted), to, text);
        }
    }
}

/// Returns `true` if a path has to keep its key: another path in its group has one of its methods, or the plain path item has other
/// members.
fn is_told_apart(paths: &Members, path: &str, plain: &str) -> bool {
    let item = paths.get(path);
    let own = methods(item);
    let mut others = paths.iter().filter(|(other, _)| *other != path);
    others.any(|(other, value)| !own.is_disjoint(&methods(Some(value))) || (other == plain && !can_join(item, value)))
}

/// Returns `true` if operations can move between the path items: both have no other members except the same parameters.
fn can_join(item: Option<&Value>, plain: &Value) -> bool {
    let (Some(Value::Object(item)), Value::Object(plain)) = (item, plain) else { return false };
    let is_shared = |key: &String| !is_method(key) && key != "parameters";
    let says_more = item.keys().any(is_shared) || has_any(plain, &["servers", "$ref"]);
    !says_more && item.get("parameters") == plain.get("parameters")
}

/// Returns the methods of a path item.
fn methods(item: Option<&Value>) -> BTreeSet<&str> {
    keys(item).map(String::as_str).filter(|key| is_method(key)).collect()
}

fn is_method(key: &str) -> bool {
    METHODS.contains(&key)
}

/// Returns `true` if a path has a query or a fragment that can be removed.
pub(super) fn has_more(path: &str) -> bool {
    let (plain, query) = split(path);
    // A parameter in the query has no fixed value.
    path.starts_with('/') && plain.len() < path.len() && !query.contains('{')
}

/// Returns the path without its query, and the query.
pub(super) fn split(path: &str) -> (&str, &str) {
    let sent = path.split('#').next().unwrap_or_default();
    sent.split_once('?').unwrap_or((sent, ""))
}

fn words(parameters: &[Value]) -> &'static str {
    if parameters.is_empty() { ": a fragment is never sent" } else { " with parameters that take one value" }
}

/// Returns `beta=true&v=2` as required parameters, each with one value.
fn parameters(query: &str) -> Vec<Value> {
    let parameter = |(name, value)| {
        let schema = json!({"enum": [value], "type": "string"});
        json!({"name": name, "in": "query", "required": true, "schema": schema})
    };
    pairs(query).map(parameter).collect()
}

/// Returns the names and values of `beta=true&v=2`.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let decoded =
        |text: &str| percent_encoding::percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// Adds the parameters that the path item or operation lacks.
fn add_parameters(holder: Option<&mut Value>, parameters: &[Value]) {
    let Some(Value::Object(holder)) = holder.filter(|_| !parameters.is_empty()) else { return };
    if let Some(list) = array_entry(holder, "parameters") {
        for parameter in parameters {
            let is_same = |other: &Value| ["name", "in"].iter().all(|key| other.get(key) == parameter.get(key));
            if !list.iter().any(is_same) {
                list.push(parameter.clone());
            }
        }
    }
}
