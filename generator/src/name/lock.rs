//! Part of `name`: the lock of names.
//!
//! In: the names of an API, and the names that it had. Out: names in which nothing is renamed, and the lock for the next time.
//!
//! Invariant: a locked name changes only if its line changes. A new name that equals a locked one gives way to it.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::mem;

use clientwright_normalizer::Source;
use clientwright_normalizer::diagnostic::{Diagnostic, codes};
use clientwright_normalizer::pointer::Pointer;

use super::entries::{Entry, Namespace};
use super::files::RESERVED_FILES;
use super::ident::{Scope, snake};
use super::{
    RESERVED_ACCESSORS, RESERVED_BUILDER, RESERVED_CREDENTIALS, RESERVED_EVERYWHERE, RESERVED_IN_TAG, RESERVED_METHODS,
    RESERVED_MODULES, RESERVED_SETTERS, RESERVED_TYPES, is_among,
};
use crate::never::never;

/// The first lines of a lock.
const HEADER: &str = "\
# The public names of the generated client: kind, name, place in the document. Edit a name to rename the item.
# A field, or a parameter in a path or query, with exactly its name in the document has no line.
";

/// The kind of an inline type or component.
const TYPE: &str = "type";

/// What can have a name, and the names that it cannot have.
const KINDS: [(&str, &[&str]); 17] = [
    ("accessor", &[RESERVED_ACCESSORS]),
    ("argument", &[]),
    ("constant", &[]),
    ("credential", &[RESERVED_CREDENTIALS]),
    ("default", &[RESERVED_BUILDER]),
    ("failure", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    ("field", &["new"]),
    ("function", &[]),
    ("message", &[RESERVED_EVERYWHERE, RESERVED_TYPES]),
    ("method", &[RESERVED_METHODS]),
    ("module", &[RESERVED_MODULES, RESERVED_FILES]),
    ("operations", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    ("parameter", &[RESERVED_SETTERS]),
    ("request", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    ("success", &[RESERVED_EVERYWHERE, RESERVED_IN_TAG]),
    (TYPE, &[RESERVED_EVERYWHERE, RESERVED_TYPES]),
    ("variant", &["Unknown"]),
];

/// A name's place, and what has the name.
type Key = (String, String);

/// The names of a document, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    names: BTreeMap<Key, String>,
    /// The places of the document so far.
    found: BTreeSet<Key>,
    /// The lines whose names other items have.
    removed: Vec<String>,
}

impl Lock {
    /// Reads a lock: lines of what has the name, the name, and the place.
    ///
    /// # Errors
    /// Returns an error for each line that is not an entry, or whose name is invalid.
    pub fn read(source: &Source) -> Result<Self, Vec<Diagnostic>> {
        let mut names = BTreeMap::new();
        let mut faults = Vec::new();
        let lines = source.text.lines().zip(1..).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        for (line, number) in lines {
            let added = entry(line).and_then(|((place, kind), name)| match names.insert((place, kind), name) {
                None => Ok(()),
                Some(_) => Err("this place has another name above".to_owned()),
            });
            faults.extend(added.err().map(|why| {
                let file = format!("{}:{number}", source.name);
                Diagnostic::invalid(codes::PROJECT, file, Pointer::root(), why)
                    .with_help("correct the line, or remove it to derive the name from the document")
            }));
        }
        if faults.is_empty() { Ok(Self { names, ..Self::default() }) } else { Err(faults) }
    }

    /// Gives all items their locked names, and locks the names of the others.
    pub(super) fn apply(&mut self, entries: Vec<Entry<'_>>) {
        let mut scopes: BTreeMap<Namespace, Scope> = BTreeMap::new();
        let mut renamed = BTreeMap::new();
        let mut new = Vec::new();
        for entry in entries {
            let key = self.key(&entry);
            let scope = scopes.entry(entry.scope).or_insert_with(|| Scope::with(entry.reserved));
            match self.names.get(&key) {
                Some(name) if scope.is_free(name) => {
                    let computed = mem::replace(entry.ident, scope.take(name));
                    if entry.kind == TYPE && computed != *entry.ident {
                        renamed.insert(entry.place, (computed, entry.ident.clone()));
                    }
                    continue;
                }
                // It was moved to where another item has this name.
                Some(name) => self.removed.push(line(&key, name)),
                None => {}
            }
            new.push((spelled(&key).map_or(u8::MAX, |(rank, _)| rank), key, entry));
        }
        new.sort_by_key(|(rank, ..)| *rank);
        for (_, key, entry) in new {
            let scope = scopes.entry(entry.scope).or_default();
            let spelled = spelled(&key).map(|(_, name)| name.to_owned()).filter(|name| scope.is_free(name));
            let wanted = spelled.or_else(|| below_renamed(&entry, &renamed));
            let free = scope.take(wanted.as_ref().unwrap_or(entry.ident));
            self.names.insert(key, free.clone());
            *entry.ident = free;
        }
    }

    /// Returns the key of an entry; with a number if it is not the first with this place.
    fn key(&mut self, entry: &Entry<'_>) -> Key {
        let place = entry.place.as_str().escape_debug().to_string();
        let numbered = (2_usize..).map(|number| format!("{place}#{number}"));
        let mut keys = iter::once(place.clone()).chain(numbered).map(|place| (place, entry.kind.to_owned()));
        let free = keys.find(|key| self.found.insert(key.clone()));
        free.unwrap_or_else(|| never!((place.clone(), String::new()), "all numbers of {place} are taken"))
    }

    /// Removes and returns the lines that no longer hold.
    pub(super) fn prune(&mut self) -> Vec<String> {
        let (found, mut removed) = (mem::take(&mut self.found), mem::take(&mut self.removed));
        self.names.retain(|key, name| {
            let is_found = found.contains(key);
            removed.extend((!is_found).then(|| line(key, name)));
            is_found
        });
        removed
    }

    /// Returns the text of the lock.
    pub fn text(&self) -> String {
        let mut text = HEADER.to_owned();
        for (key, name) in
            self.names.iter().filter(|(key, name)| spelled(key).is_none_or(|(_, spelled)| spelled != *name))
        {
            text.push_str(&line(key, name));
            text.push('\n');
        }
        text
    }
}

/// Returns the name of a field or parameter in the document, if it is a Rust name, and its rank: the lower one has the name. Such a name
/// needs no line, because nothing in a later version can have it: an object has one property of a name, and a path cannot get a parameter.
fn spelled((place, kind): &Key) -> Option<(u8, &str)> {
    let (holder, name) = place.rsplit_once('/')?;
    let rank = match (kind.as_str(), holder.rsplit('/').next()?) {
        ("argument", _) | ("field", "properties") | ("parameter", "path") => 0,
        ("parameter", "query") => 1,
        _ => return None,
    };
    (snake(name) == name).then_some((rank, name))
}

/// Returns the name of a new type in one whose name differs from the computed one: it begins with the owner's name.
fn below_renamed(entry: &Entry<'_>, renamed: &BTreeMap<Pointer, (String, String)>) -> Option<String> {
    let mut around = iter::successors(entry.place.parent(), Pointer::parent).filter(|_| entry.kind == TYPE);
    let (computed, name) = around.find_map(|place| renamed.get(&place))?;
    Some(name.clone() + entry.ident.strip_prefix(computed)?)
}

fn line((place, kind): &Key, name: &str) -> String {
    format!("{kind} {name} {place}")
}

/// Reads a line.
fn entry(line: &str) -> Result<(Key, String), String> {
    let mut parts = line.splitn(3, ' ');
    let (Some(kind), Some(name), Some(place)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("expected a kind, a name and a place".to_owned());
    };
    let Some((_, reserved)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        return Err(format!("unknown kind of item `{}`", kind.escape_debug()));
    };
    let begins_upper = ["type", "operations", "request", "success", "failure", "variant", "message", "constant"];
    let is_upper = name.starts_with(|first: char| first.is_ascii_uppercase());
    if !name.is_ascii() || syn::parse_str::<syn::Ident>(name).is_err() {
        return Err(format!("`{}` is not an ASCII identifier, or is a keyword", name.escape_debug()));
    }
    if is_among(name, reserved) {
        return Err(format!("`{name}` is reserved"));
    }
    if is_upper != begins_upper.contains(&kind) {
        let case = if is_upper { "a lower" } else { "an upper" };
        return Err(format!("the name of a {kind} must begin with {case} case letter, found `{name}`"));
    }
    Ok(((place.to_owned(), kind.to_owned()), name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call_variants::call_variants;
    use crate::generate::{Document, read_api};
    use crate::name::name_locked;

    /// The lines of the lock of a document that match, and the removed ones.
    fn relocked(document: &str, lock: &str, matching: &str) -> (Vec<String>, Vec<String>) {
        let source = |text: String| Source { name: "t".to_owned(), text };
        let text = format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\n{document}");
        let (api, _) = read_api(&Document::new("t", source(text))).unwrap();
        let mut lock = Lock::read(&source(lock.to_owned())).unwrap();
        let (_, removed) = name_locked(&api, &call_variants(&api), &mut lock);
        let lines = lock.text().lines().filter(|line| line.contains(matching)).map(str::to_owned).collect();
        (lines, removed)
    }

    #[test]
    fn a_new_type_begins_with_the_locked_name_of_its_owner() {
        let document = "paths: {}
components: {schemas: {Pet: {type: object, properties: {
  owner: {type: object, properties: {home: {type: object, properties: {a: {type: string}}}}}}}}}";
        let lock = "type Animal /components/schemas/Pet\ntype Home /components/schemas/Pet/properties/owner\n";
        let (types, removed) = relocked(document, lock, "type ");
        let expected = [
            "type Animal /components/schemas/Pet",
            "type Home /components/schemas/Pet/properties/owner",
            "type HomeHome /components/schemas/Pet/properties/owner/properties/home",
        ];
        assert_eq!((types, removed), (expected.map(str::to_owned).into(), Vec::new()));
    }

    #[test]
    fn an_operation_that_moves_to_a_taken_name_gets_another() {
        let operation = |path: &str| {
            format!(
                "  /{path}: {{get: {{operationId: {path}, tags: [pets], responses: {{'200': {{description: d}}}}}}}}"
            )
        };
        let document = format!("paths:\n{}\n{}", operation("a"), operation("b"));
        let lock = "method list /paths/~1a/get\nmethod list /paths/~1b/get\n";
        let (methods, removed) = relocked(&document, lock, "method ");
        assert_eq!(methods, ["method list /paths/~1a/get", "method b /paths/~1b/get"]);
        assert_eq!(removed, ["method list /paths/~1b/get"]);
    }

    #[test]
    fn names_spelled_in_the_document_have_no_line() {
        let document = "paths: {}
components: {schemas: {A: {type: object, properties: {userId: {}, user_id: {}, type: {}, new: {}, x: {}}}}}";
        let (fields, _) = relocked(document, "field y /components/schemas/A/properties/x\n", "field ");
        let expected = [
            "field new_ /components/schemas/A/properties/new",
            "field type_ /components/schemas/A/properties/type",
            "field user_id_2 /components/schemas/A/properties/userId",
            "field y /components/schemas/A/properties/x",
        ];
        assert_eq!(fields, expected);
    }
}
