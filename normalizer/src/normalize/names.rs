//! Part of `normalize`: names of the document that are made from other parts of it.
//!
//! In: a method and a path, or words. Out: a name in the document's own words. Invariant: the name depends on nothing else,
//! so that it stays when the document around it changes; only [`Names`] adds numbers, to names that are in use.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::spelling::squashed;
use crate::structure::grammar::{is_component_character, is_component_name};
use crate::structure::template::{Piece, pieces};

/// How many segments a path with a plain name has, at most.
const MAX_SEGMENTS: usize = 64;

/// The names of a section of components that are in use.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    /// The last number that a name got.
    numbers: HashMap<String, usize>,
}

impl FromIterator<String> for Names {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        Self { taken: names.into_iter().collect(), numbers: HashMap::new() }
    }
}

impl Names {
    /// Takes the first of the wanted names that is free, or else the last one with a number from 2 on behind it.
    pub(super) fn free(&mut self, wanted: &[String], separator: &str) -> String {
        if let Some(name) = wanted.iter().find(|name| self.taken.insert((*name).clone())) {
            return name.clone();
        }
        let base = wanted.last().cloned().unwrap_or_default();
        let number = self.numbers.entry(base.clone()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{base}{separator}{number}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// A name in the alphabet of components (OpenAPI 3.0.3 §4.7.7): `Page«User»` → `Page_User`. A legal name stays.
pub(super) fn legal(name: &str) -> String {
    if is_component_name(name) {
        return name.to_owned();
    }
    let ascii = deunicode::deunicode(&without_assemblies(name));
    let words: Vec<_> = ascii.split(|c| !is_component_character(c)).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { String::from("Component") } else { words.join("_") }
}

/// What .NET calls a generic type, without assemblies, and without the namespaces of its arguments:
/// ``Acme.Page`1[[Acme.User, Acme, Version=1.0.0.0]]`` → `Acme.Page_User`. Any other name stays.
fn without_assemblies(name: &str) -> Cow<'_, str> {
    let is_generic = |(_, rest): (&str, &str)| rest.starts_with(|next: char| next.is_ascii_digit());
    if !name.split_once('`').is_some_and(is_generic) {
        return Cow::Borrowed(name);
    }
    let types = name.split(['[', ']']).filter_map(|part| part.split(',').next());
    let mut types = types.map(without_arity).filter(|name| !name.is_empty());
    let mut short = types.next().unwrap_or_default();
    for argument in types {
        short.push('_');
        short.push_str(argument.rsplit(['.', '+']).next().unwrap_or_default());
    }
    Cow::Owned(short)
}

/// ``Page`1`` → `Page`.
fn without_arity(name: &str) -> String {
    let mut parts = name.trim().split('`');
    let first = parts.next().unwrap_or_default();
    let others = parts.map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit()));
    [first].into_iter().chain(others).collect()
}

/// The name of an operation that has none: `GET /pets/{id}/toys` → `getPetsByIdToys`.
///
/// Parameters are introduced by `By`, those that follow each other joined by `And`; a path without a letter is `Root`.
#[must_use]
pub fn operation_id(method: &str, path: &str) -> String {
    let mut name = method.to_ascii_lowercase();
    let start = name.len();
    let mut after_parameter = false;
    for piece in pieces(path) {
        match piece {
            Piece::Text(text) => {
                let word = pascal(text);
                // What separates two parameters (`/`, `.`) is no word.
                after_parameter &= word.is_empty();
                name.push_str(&word);
            }
            Piece::Parameter(text) => {
                name.push_str(if after_parameter { "And" } else { "By" });
                name.push_str(&pascal(text));
                after_parameter = true;
            }
        }
    }
    if name.len() == start {
        name.push_str("Root");
    }
    name
}

/// The name of an operation whose path shows plainly that it is about a collection or one of its items: `GET /api/v3/tag` →
/// `listTags`, `DELETE /users/{id}/keys/{key}` → `deleteUserKey`. Parameters in a row are one key: `GET /repos/{owner}/{name}` →
/// `getRepo`, `GET /repos/{owner}` → `listReposByOwner`. Parameters in front are left out: `GET /{tenant}/rooms/{id}` → `getRoom`. `None`
/// for any other.
pub(super) fn plain_operation_id(method: &str, path: &str, routes: &Routes<'_>) -> Option<String> {
    let path = trimmed(path)?;
    let parts = routes.parts(path).filter(|parts| parts.iter().all(|part| is_word(part.word)))?;
    let (last, before) = parts.split_last()?;
    let parents: String = before.iter().map(Resource::spoken).collect();
    if routes.is_part_of_key(path) {
        let by = last.key.iter().map(|name| pascal(name)).collect::<Vec<_>>().join("And");
        return match method {
            "get" => Some(format!("list{parents}{}By{by}", pascal(&plural(&singular(last.word))))),
            "post" => Some(format!("create{parents}{}By{by}", last.spoken())),
            _ => None,
        };
    }
    let has_items = routes.has_items(path);
    let (verb, last) = match (method, !last.key.is_empty()) {
        ("get", true) => ("get", last.spoken()),
        ("put", true) => ("update", last.spoken()),
        ("patch" | "delete", true) => (method, last.spoken()),
        ("get", false) if has_items => ("list", pascal(&plural(last.word))),
        ("post", false) if has_items => ("create", pascal(&singular(last.word))),
        ("put", false) if has_items => ("update", pascal(&plural(last.word))),
        ("patch" | "delete", false) if has_items => (method, pascal(&plural(last.word))),
        _ => return None,
    };
    Some(format!("{verb}{parents}{last}"))
}

/// What a path names: a fixed segment, and the parameters that follow it.
pub(super) struct Resource<'p> {
    pub(super) word: &'p str,
    /// The names of the parameters, which are one key together.
    pub(super) key: Vec<&'p str>,
    /// The path as far as the last of them.
    pub(super) to: &'p str,
}

impl Resource<'_> {
    /// `User` of `/users/{id}`, `Users` of `/users`.
    pub(super) fn spoken(&self) -> String {
        if self.key.is_empty() { pascal(self.word) } else { pascal(&singular(self.word)) }
    }
}

/// Whether a segment is letters, digits and what stands between words.
pub(super) fn is_word(segment: &str) -> bool {
    segment.chars().all(|one| one.is_ascii_alphanumeric() || one == '-' || one == '_')
}

/// What the paths of a document say of each other; each path without a slash at its end.
#[derive(Debug, Default)]
pub(super) struct Routes<'p> {
    all: HashSet<&'p str>,
    /// The paths behind which there is a path for one item.
    collections: HashSet<&'p str>,
    /// The paths that can be changed or deleted.
    changed: HashSet<&'p str>,
    /// The paths that end in the middle of a key: what is behind the next parameter can be changed, or has paths of its own.
    parts: HashSet<&'p str>,
}

impl<'p> Routes<'p> {
    /// Of the paths, each with whether it can be changed or deleted.
    pub(super) fn of(paths: impl Iterator<Item = (&'p str, bool)>) -> Self {
        let mut routes = Self::default();
        for (path, is_changed) in paths.filter_map(|(path, is_changed)| Some((trimmed(path)?, is_changed))) {
            routes.all.insert(path);
            if is_changed {
                routes.changed.insert(path);
            }
            let mut rest = path;
            while let Some((of, _)) = rest.rsplit_once('/').filter(|(_, last)| parameter(last).is_some()) {
                routes.collections.insert(of);
                rest = of;
            }
            for ((one, to), (next, whole)) in segments(path).zip(segments(path).skip(1)) {
                let is_followed = whole.len() < path.len() || is_changed;
                if is_followed && parameter(one).is_some() && parameter(next).is_some() {
                    routes.parts.insert(to);
                }
            }
        }
        routes
    }

    /// The parts of a path, but for segments in front that say nothing, and parameters there. `None` if what is behind an item of its own
    /// would be a part of its key.
    pub(super) fn parts<'a>(&self, path: &'a str) -> Option<Vec<Resource<'a>>> {
        let mut parts: Vec<Resource<'a>> = Vec::new();
        let is_front = |segment: &str| is_prefix(segment) || parameter(segment).is_some();
        let segments = segments(path).filter(|(one, _)| !one.is_empty()).skip_while(|(one, _)| is_front(one));
        for (segment, to) in segments {
            let Some(name) = parameter(segment) else {
                parts.push(Resource { word: segment, key: Vec::new(), to });
                continue;
            };
            let part = parts.last_mut()?;
            if !part.key.is_empty() && self.all.contains(part.to) && !self.is_part_of_key(part.to) {
                return None;
            }
            part.key.push(name);
            part.to = to;
        }
        Some(parts)
    }

    /// Whether there is a path for one item behind this one.
    pub(super) fn has_items(&self, path: &str) -> bool {
        self.collections.contains(path)
    }

    /// Whether a path has the first parameters of a key only, so that it is about all that is behind them.
    pub(super) fn is_part_of_key(&self, path: &str) -> bool {
        self.parts.contains(path) && !self.changed.contains(path)
    }
}

/// A path without a slash or the ending of a file behind it. `None` unless it is one that people write: looking at it takes as long as it
/// has segments, each time.
pub(super) fn trimmed(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix(".json").unwrap_or(path);
    path.split('/').nth(MAX_SEGMENTS).is_none().then_some(path)
}

/// Whether a path has a parameter in front of what it is about.
pub(super) fn begins_with_parameter(path: &str) -> bool {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.find(|segment| !is_prefix(segment)).is_some_and(|first| parameter(first).is_some())
}

/// The segments of a path, each with the path as far as its end.
pub(super) fn segments(path: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut end = 0;
    path.split('/').map(move |segment| {
        end += segment.len();
        let to = path.get(..end).unwrap_or_default();
        end += 1;
        (segment, to)
    })
}

/// The name of a segment that is one parameter.
pub(super) fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.contains(['{', '}']))
}

/// A path without the segments in front that say nothing: `/me` of `/api/v3/me`. A path of nothing else stays.
pub(super) fn without_prefix(path: &str) -> &str {
    let mut rest = path;
    while let Some((segment, _)) = rest.strip_prefix('/').and_then(|rest| rest.split_once('/'))
        && is_prefix(segment)
    {
        (_, rest) = rest.split_at(segment.len() + 1);
    }
    if rest == "/" { path } else { rest }
}

/// Whether a segment in front of a path says nothing about an operation: `api`, `v3`, `v{version}`, `public-api`.
#[must_use]
pub fn is_prefix(segment: &str) -> bool {
    let version = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    let is_version = version.starts_with(|first: char| first.is_ascii_digit()) || parameter(version).is_some();
    let kind = segment.split_once(['-', '_']).and_then(|(one, other)| match (one, other) {
        ("api", kind) | (kind, "api") => Some(kind),
        _ => None,
    });
    let is_kind = |kind| matches!(kind, "external" | "internal" | "private" | "public" | "rest" | "web");
    segment.eq_ignore_ascii_case("api") || is_version || kind.is_some_and(is_kind)
}

/// The singular of an English noun: `pet` of `pets`.
#[must_use]
pub fn singular(word: &str) -> String {
    // Nobody says `metadatum`.
    if word.ends_with("data") { word.to_owned() } else { pluralizer::pluralize(word, 1, false) }
}

/// The plural of an English noun: `pets` of `pet`.
#[must_use]
pub fn plural(word: &str) -> String {
    pluralizer::pluralize(word, 2, false)
}

/// Words joined, each with an upper case letter at its beginning: `list-pets` → `ListPets`.
pub(super) fn pascal(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).map(upper).collect()
}

/// The name with an upper case letter at its beginning.
pub(super) fn upper(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// The extension in which a field is kept: `uniqueKeys` → `x-unique-keys`.
pub(super) fn extension(key: &str) -> String {
    let mut out = String::from("x-");
    let mut after_lower = false;
    for c in key.trim_start_matches('$').chars() {
        if c.is_uppercase() && after_lower {
            out.push('-');
        }
        after_lower = c.is_lowercase() || c.is_ascii_digit();
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else {
            out.push('-');
        }
    }
    out
}

/// Whether two names differ in case and separators only.
pub(super) fn alike(one: &str, other: &str) -> bool {
    squashed(one) == squashed(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_by_method_and_path() {
        for (method, path, expected) in [
            ("get", "/pets/{id}/toys", "getPetsByIdToys"),
            ("POST", "/pets", "postPets"),
            ("delete", "/repos/{owner}/{repo}", "deleteReposByOwnerAndRepo"),
            ("get", "/", "getRoot"),
            ("get", "/v1/user-groups/{group_id}.json", "getV1UserGroupsByGroupIdJson"),
            ("put", "/{a}:{b}", "putByAAndB"),
            ("get", "/größe", "getGröße"),
            ("get", "/a{", "getA"),
        ] {
            assert_eq!(operation_id(method, path), expected);
        }
    }

    #[test]
    fn collections_and_their_items_have_plain_names() {
        for (method, path, expected) in [
            ("get", "/api/v3/tag", Some("listTags")),
            ("post", "/v1/categories", Some("createCategory")),
            ("get", "/series/{id}", Some("getSeries")),
            ("put", "/api/v3/tag/{id}", Some("updateTag")),
            ("patch", "/users/{id}", Some("patchUser")),
            ("delete", "/users/{id}/access-keys/{key}", Some("deleteUserAccessKey")),
            ("get", "/metadata/{id}", Some("getMetadata")),
            ("get", "/admin/users/{id}/keys", Some("listAdminUserKeys")),
            ("delete", "/api/v1/chart/", Some("deleteCharts")),
            ("put", "/users", Some("updateUsers")),
            ("get", "/api-public/v{version}/users/{id}.json", Some("getUser")),
            ("get", "/{tenant}/rooms/{id}", Some("getRoom")),
            ("post", "/users/{id}", None),
            ("get", "/a:b/{id}", None),
            ("get", "/{a}/{b}", None),
            ("get", "/a/{b}{c}", None),
            ("get", "/", None),
            ("get", "/health", None),
        ] {
            let of = path.trim_end_matches('/');
            let item = format!("{of}/{{id}}");
            let has_items = !of.ends_with('}') && path != "/health";
            let found = plain_operation_id(
                method,
                path,
                &Routes::of([(path, false), (&item, false)].into_iter().take(1 + usize::from(has_items))),
            );
            assert_eq!(found.as_deref(), expected, "{method} {path}");
        }
        assert_eq!(
            plain_operation_id("get", "/books", &Routes::of([("/books/{id}/", false)].into_iter())).as_deref(),
            Some("listBooks")
        );
    }

    #[test]
    fn parameters_in_a_row_are_one_key() {
        let paths = [
            ("/repos", false),
            ("/repos/{owner}", false),
            ("/repos/{owner}/{name}", true),
            ("/repos/{owner}/{name}/issues", false),
            ("/repos/{owner}/{name}/issues/{id}", false),
            ("/pods/{id}", true),
            ("/pods/{id}/{action}", false),
            ("/pods/{id}/{action}/logs/{log}", false),
            ("/jobs/{id}", false),
            ("/jobs/{id}/{key}", false),
            ("/carts/{shop}/{id}", false),
        ];
        let routes = Routes::of(paths.into_iter());
        for (method, path, expected) in [
            ("get", "/repos", Some("listRepos")),
            ("get", "/repos/{owner}", Some("listReposByOwner")),
            ("post", "/repos/{owner}", Some("createRepoByOwner")),
            ("get", "/repos/{owner}/{name}", Some("getRepo")),
            ("delete", "/repos/{owner}/{name}/", Some("deleteRepo")),
            ("post", "/repos/{owner}/{name}", None),
            ("get", "/repos/{owner}/{name}/issues", Some("listRepoIssues")),
            ("put", "/repos/{owner}/{name}/issues/{id}", Some("updateRepoIssue")),
            ("get", "/pods/{id}", Some("getPod")),
            ("get", "/pods/{id}/{action}", None),
            ("get", "/pods/{id}/{action}/logs/{log}", None),
            ("get", "/jobs/{id}", Some("getJob")),
            ("get", "/jobs/{id}/{key}", None),
            ("get", "/carts", Some("listCarts")),
            ("get", "/carts/{shop}/{id}", Some("getCart")),
        ] {
            assert_eq!(plain_operation_id(method, path, &routes).as_deref(), expected, "{method} {path}");
        }
    }

    #[test]
    fn segments_that_say_nothing_are_left_out() {
        let paths = ["/api/v3/me", "/api/me/", "/v1/", "/api", "/apis/x", "/{a}/b", "me", "", "//"];
        let found = paths.map(without_prefix);
        assert_eq!(found, ["/me", "/me/", "/v1/", "/api", "/apis/x", "/{a}/b", "me", "", "//"]);
        assert!(["api", "V2", "v1beta1", "v{version}", "api-public", "rest_api"].iter().all(|one| is_prefix(one)));
        assert!(["api-keys", "v", "vat", "{version}", "rest", "v{a}b"].iter().all(|one| !is_prefix(one)));
    }

    #[test]
    fn names_become_legal() {
        for (name, expected) in [
            ("Pet", "Pet"),
            ("Page«User»", "Page_User"),
            ("Acme.Page`1[[Acme.User, Acme, Version=1.0.0.0, Culture=neutral]]", "Acme.Page_User"),
            (
                "Acme.Map`2[[System.String, Core],[Acme.List`1[[Acme.V+User2, Acme]], Acme]]",
                "Acme.Map_String_List_User2",
            ),
            ("Acme.Page`1+Next[Acme.User]", "Acme.Page_Next_User"),
            ("`1", "Component"),
            ("a`b", "a_b"),
            ("Map<string, List<int>>", "Map_string_List_int"),
            ("a/b~c", "a_b_c"),
            ("Größe", "Grosse"),
            ("«»", "Component"),
            ("", "Component"),
            ("_x", "_x"),
        ] {
            assert_eq!(legal(name), expected, "{name}");
        }
    }
}
