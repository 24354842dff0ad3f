//! Part of `repair`: path templates of frameworks (Express, Flask, ASP.NET), of Postman, and of RFC 6570.
//!
//! In: the whole document. Out: paths with each parameter's name in braces (OpenAPI 3.0.3 §4.8.1). Invariant: a name is only recognized if
//! a path parameter of that name is declared; no path replaces another one. If a template allows slashes in a value, the parameter gets the
//! corresponding style.

use std::collections::BTreeSet;

use foldhash::HashMap;
use serde_json::Value;

use super::Repairer;
use super::operations::{declared, shared_parameters};
use super::parameters::keep_slashes;
use crate::certain::Certain;
use crate::json::{Members, object_at};
use crate::normalize::pass::Interpreted;
use crate::pointer::Pointer;
use crate::structure::grammar::{is_extension, operations};

/// The maximum length of a parameter's template, in characters, except in braces.
const MAX_SPELLING: usize = 256;

impl Repairer<'_> {
    /// Converts path templates. Returns `true` if any path was changed.
    pub(super) fn path_spellings(&mut self, document: &mut Value) -> bool {
        let components = shared_parameters(document);
        let Some(Value::Object(paths)) = document.get_mut("paths") else { return false };
        let odd: Vec<String> = paths.keys().filter(|path| is_odd(path)).cloned().collect();
        let has_slashes = has_slashes(paths);
        let meant = |path: String| {
            let names = paths.get(&path).map(|item| declared_names(item, &components)).unwrap_or_default();
            let path_only = without_address(path.trim());
            let mut spelling = read(path_only, &names);
            if has_slashes {
                spelling.give_slash(&names);
            }
            let words = Spelling { path: with_words(path_only), segments: BTreeSet::new() };
            let mut wanted = [spelling, words].into_iter();
            Some((path, wanted.find(|spelling| !paths.contains_key(&spelling.path))?))
        };
        let meant: HashMap<String, Spelling> = odd.into_iter().filter_map(meant).collect();
        if !meant.is_empty() {
            self.inside("paths", |repairer| repairer.respelled(paths, &meant, &components));
        }
        !meant.is_empty()
    }

    /// Renames paths, all at once: renaming a single one takes time proportional to the number of paths.
    fn respelled(&mut self, paths: &mut Members, meant: &HashMap<String, Spelling>, components: &Value) {
        for (path, mut item) in std::mem::take(paths) {
            let Some(Spelling { path: new, segments }) =
                meant.get(&path).filter(|spelling| !paths.contains_key(&spelling.path))
            else {
                paths.insert(path, item);
                continue;
            };
            self.moved(self.path.key(new), &self.path.key(&path));
            self.note(("path-spelling", Interpreted), new, format!("respelled the path `{path}` as `{new}`"));
            if !segments.is_empty() {
                self.inside(new, |repairer| repairer.segments(&mut item, segments, &path, components));
            }
            paths.insert(new.clone(), item);
        }
    }

    /// Sets the style for values of several segments on parameters of a path item.
    fn segments(&mut self, item: &mut Value, names: &BTreeSet<String>, path: &str, components: &Value) {
        let places: Vec<Pointer> = operations(item).map(|(_, below, _)| below).chain([Pointer::root()]).collect();
        for below in places {
            let Some(holder) = object_at(item, &below) else { continue };
            let parameters = declared(holder, components, &self.path.join(&below));
            for parameter in parameters.iter().filter(|parameter| names.contains(&parameter.name)) {
                let Some(members) = self.own_parameter(holder, parameter, components) else { continue };
                // The operator of RFC 6570 §3.2.3.
                let is_reserved = path.contains(&format!("{{+{}}}", parameter.name));
                if keep_slashes(members, if is_reserved { "reserved" } else { "segments" }) {
                    let text =
                        format!("kept slashes in the value of `{}`, which may be several segments", parameter.name);
                    self.record.note(("path-segments", Interpreted), parameter.at.clone(), text);
                }
            }
        }
    }
}

/// A path template in OpenAPI.
struct Spelling {
    path: String,
    /// The parameters whose values may have several segments.
    segments: BTreeSet<String>,
}

impl Spelling {
    /// Adds a slash to `{pulp_href}versions/`: the value is another path of the server and has its own.
    fn give_slash(&mut self, names: &BTreeSet<String>) {
        let first = self.path.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let Some(name) = first.map(|(name, _)| name.to_owned()).filter(|name| names.contains(name)) else { return };
        self.path.insert(0, '/');
        self.segments.insert(name);
    }
}

/// Returns `true` if paths begin with a slash, except those that begin with a parameter.
fn has_slashes(paths: &Members) -> bool {
    let mut paths = paths.keys().map(|path| path.trim_start()).filter(|path| !is_extension(path));
    let mut has_some = false;
    paths.all(|path| {
        has_some |= path.starts_with('/');
        path.starts_with(['/', '{'])
    }) && has_some
}

/// Returns `true` if a path may contain a template of another syntax.
fn is_odd(path: &str) -> bool {
    !is_extension(path) && (path.trim() != path || path.contains(['{', '<']) || path.contains("/:"))
}

/// Returns the names of path parameters that a path item and its operations declare.
fn declared_names(item: &Value, components: &Value) -> BTreeSet<String> {
    let holders = operations(item).map(|(.., operation)| operation).chain([item]);
    let all = holders.filter_map(Value::as_object).flat_map(|holder| declared(holder, components, &Pointer::root()));
    all.map(|declared| declared.name).collect()
}

/// Returns a path with its parameters in braces, and the parameters whose values may have several segments.
fn read(path: &str, names: &BTreeSet<String>) -> Spelling {
    let (mut rest, mut out) = (path, String::with_capacity(path.len()));
    let mut segments = BTreeSet::new();
    if !is_balanced(rest) {
        return Spelling { path: rest.to_owned(), segments };
    }
    while let Some(next) = rest.chars().next() {
        let (length, text) = match next {
            '{' => braces(rest, names),
            '<' => angles(rest, names),
            ':' if out.ends_with(['/', '-', '.']) => colon(rest, names),
            _ => None,
        }
        .unwrap_or_else(|| (next.len_utf8(), String::from(next)));
        let name = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        if let Some(name) = name.filter(|name| names.contains(*name) && is_greedy(rest.get(..length), name)) {
            segments.insert(name.to_owned());
        }
        out.push_str(&text);
        rest = rest.get(length..).certain("a spelling ends at a character");
    }
    Spelling { path: out, segments }
}

/// Returns `true` if a template allows values of several segments: `{+id}`, `{**id}`, `{id=shelves/*}`, `<path:id>`, `:id(.*)`.
fn is_greedy(spelling: Option<&str>, name: &str) -> bool {
    // The name may also be the name of a converter: `<path:path>`.
    let spelling = spelling.unwrap_or_default();
    let split = if spelling.starts_with('<') { spelling.rsplit_once(name) } else { spelling.split_once(name) };
    let Some((before, behind)) = split else { return false };
    let pattern = behind.trim_end_matches(['}', '>']).trim();
    let is_open = match pattern.chars().next() {
        Some('=') => pattern.contains("**") || pattern.contains('/'),
        Some(':' | '(') => matches!(pattern.trim_matches([':', ' ', '(', ')', '^', '$']), "path" | ".*" | ".+"),
        _ => pattern.starts_with(['*', '+']) || pattern.starts_with(".."),
    };
    is_open || before.ends_with(['+', '*']) || before == "<path:"
}

/// Returns a path without a leading Postman variable for the server's address: `{{baseUrl}}/orders`.
fn without_address(path: &str) -> &str {
    let behind = path.strip_prefix("{{").and_then(|rest| rest.split_once("}}"));
    behind.map_or(path, |(name, rest)| if rest.starts_with('/') && is_name(name) { rest } else { path })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
}

/// Returns `true` if all braces are balanced.
fn is_balanced(path: &str) -> bool {
    path.chars().try_fold(0, depth_behind) == Some(0)
}

/// Returns the number of open braces after a character. `None` if it closes a brace that is not open.
fn depth_behind(depth: usize, c: char) -> Option<usize> {
    match c {
        '{' => Some(depth + 1),
        '}' => depth.checked_sub(1),
        _ => Some(depth),
    }
}

/// Parses a template in braces; returns its length and its replacement.
fn braces(rest: &str, names: &BTreeSet<String>) -> Option<(usize, String)> {
    let mut depth = 0;
    let end = rest.find(|c| {
        depth = depth_behind(depth, c).unwrap_or_default();
        depth == 0
    })?;
    let inner = rest.get(1..end)?;
    let length = end + 1;
    if names.contains(inner) {
        return Some((length, rest.get(..length)?.to_owned()));
    }
    if let Some(query) = inner.strip_prefix(['?', '&'])
        && query.split(',').all(|name| is_name(name.trim_end_matches('*')))
    {
        return Some((length, String::new()));
    }
    let name = inner.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
    let name = name.map(str::trim).filter(|name| is_name(name));
    let meant = name.or_else(|| bare(inner, names)).unwrap_or(inner);
    Some((length, format!("{{{meant}}}")))
}

/// Returns a path that must keep its constraints to stay unique: they become part of the names, `{id:int}` is
/// `{id_int}`.
fn with_words(path: &str) -> String {
    let mut depth = 0;
    let word = |c: char| {
        depth = depth_behind(depth, c).unwrap_or_default();
        let is_plain = depth == 0 || c == '{' && depth == 1 || c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        if is_plain { c } else { '_' }
    };
    if is_balanced(path) { path.chars().map(word).collect() } else { path.to_owned() }
}

/// Returns the declared name in `id?`, `id:int`, `+id`, `**id` or `id=**`.
fn bare<'n>(inner: &'n str, names: &BTreeSet<String>) -> Option<&'n str> {
    let end = inner.find([':', '=']).unwrap_or(inner.len());
    let name = inner.get(..end)?.trim().trim_start_matches(['+', '*']).trim_end_matches(['?', '+', '*', '.']);
    Some(name).filter(|name| names.contains(*name))
}

/// Parses `<int:id>`, `<id:int>` and `<id>`.
fn angles(rest: &str, names: &BTreeSet<String>) -> Option<(usize, String)> {
    let end = found(rest, '>')?;
    let inner = rest.get(1..end)?;
    let name = inner.rsplit(':').map(|name| name.trim_end_matches('.')).find(|name| names.contains(*name))?;
    Some((end + 1, format!("{{{name}}}")))
}

/// Returns the position of a character in the current segment of a path, up to the maximum length.
fn found(rest: &str, wanted: char) -> Option<usize> {
    let mut near = rest.char_indices().take(MAX_SPELLING).take_while(|(_, c)| *c != '/');
    near.find(|(_, c)| *c == wanted).map(|(at, _)| at)
}

/// Parses `:id`, followed by `?` or an expression in parentheses.
fn colon(rest: &str, names: &BTreeSet<String>) -> Option<(usize, String)> {
    let word = rest.get(1..)?;
    let word = word.get(..word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len()))?;
    let behind = rest.get(word.len() + 1..)?;
    let extra = match behind.chars().next() {
        Some('?' | '*' | '+') => 1,
        Some('(') => found(behind, ')')? + 1,
        _ => 0,
    };
    names.contains(word).then(|| (word.len() + 1 + extra, format!("{{{word}}}")))
}

/// Returns a server's address with Postman's variables in single braces.
pub(super) fn single_braces(url: &str) -> String {
    if url.contains("{{") { read(url, &BTreeSet::new()).path } else { url.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_frameworks_are_templates() {
        let names = BTreeSet::from(["id", "rest", "x:y"].map(str::to_owned));
        for (path, expected) in [
            ("/a/:id/b", "/a/{id}/b"),
            ("/a/:id?", "/a/{id}"),
            ("/a/:id(\\d+)/b", "/a/{id}/b"),
            ("/a/:other", "/a/:other"),
            ("/a/{id}:cancel", "/a/{id}:cancel"),
            ("/a:id", "/a:id"),
            ("/a/<int:id>/<rest>", "/a/{id}/{rest}"),
            ("/a/<id:int>", "/a/{id}"),
            ("/a/<other>", "/a/<other>"),
            ("/a/{id?}", "/a/{id}"),
            ("/a/{id:int}/{**rest}", "/a/{id}/{rest}"),
            ("/a/{id:[0-9]{3}}/b", "/a/{id}/b"),
            ("/a/{id=**}/{+rest}", "/a/{id}/{rest}"),
            ("/a/{rest+}", "/a/{rest}"),
            ("/a/{rest...}/<id..>", "/a/{rest}/{id}"),
            ("/a/{other:int}", "/a/{other:int}"),
            ("/a/{x:y}", "/a/{x:y}"),
            ("/a{?page,limit}", "/a"),
            ("/a/{{id}}/{{new}}", "/a/{id}/{new}"),
            ("/a/{id", "/a/{id"),
            ("/a/}{id:int}", "/a/}{id:int}"),
        ] {
            assert_eq!(read(path, &names).path, expected, "{path}");
        }
        assert_eq!(with_words("/a/{id:[0-9]{3}}/b:c/{**x-y}"), "/a/{id__0-9__3_}/b:c/{__x-y}");
        assert_eq!(with_words("/a}/{id:int}"), "/a}/{id:int}");
        assert_eq!(without_address("{{baseUrl}}/a"), "/a");
        assert_eq!(single_braces("{{base}}/a"), "{base}/a");
    }

    #[test]
    fn spellings_of_several_segments_are_told_apart() {
        let names = BTreeSet::from(["id", "rest"].map(str::to_owned));
        for path in [
            "/a/{+id}", "/a/{id+}", "/a/{id*}", "/a/{*id}", "/a/{**id}", "/a/{id=**}", "/a/{id=shelves/*}",
            "/a/{id:path}", "/a/{id: .*}", "/a/{id:.+}/b", "/a/{id...}", "/a/<path:id>", "/a/<id:path>", "/a/<id..>",
            "/a/:id*", "/a/:id(.*)", "/a/{*id:regex(^x$)}",
        ] {
            assert_eq!(read(path, &names).segments, BTreeSet::from(["id".to_owned()]), "{path}");
        }
        for path in [
            "/a/{id}", "/a/{id?}", "/a/{id:int}", "/a/{id:[^/]+}", "/a/{id=*}", "/a/<int:id>", "/a/<id>", "/a/:id",
            "/a/:id?", "/a/:id(\\d+)", "/a/{id}*", "/a/{{id}}", "/a/{other:path}", "/a/{id=me}",
        ] {
            assert_eq!(read(path, &names).segments, BTreeSet::new(), "{path}");
        }
    }

    #[test]
    fn long_paths_take_linear_time() {
        let names = BTreeSet::from(["id".to_owned()]);
        for text in ["{", "<", "/:", "{{", "{id:", ":id(", "{}", "{{}}"] {
            let path = format!("/{}", text.repeat(20_000));
            assert!(read(&path, &names).path.len() <= path.len() * 2);
        }
    }
}
